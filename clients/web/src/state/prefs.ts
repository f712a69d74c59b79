// SPDX-License-Identifier: Apache-2.0
// What is kept on the device: language, theme, density, single-letter keys on or off, open parts of the menu. Nothing about people, no token.
import type { Lang } from '../i18n';

export type Theme = 'auto' | 'light' | 'dark';
export type Density = 'normal' | 'dense';

const dark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : undefined;

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // a browser without storage keeps the choice until the page is closed
  }
}

export const isLangChosen = (): boolean => read('lang') !== null;

/** WCAG 2.1.4: keys of one letter can be switched off. */
export const hasLetterKeys = (): boolean => read('letters') !== 'off';
export const setLetterKeys = (isOn: boolean): void => write('letters', isOn ? 'on' : 'off');

/** The chosen language; else a stranger's is the browser's, and of a signed-in person Russian is the better guess until the
 *  session says it. */
export function storedLang(isStranger: boolean): Lang {
  const kept = read('lang');
  if (kept === 'ru' || kept === 'en') return kept;
  return !isStranger || /^(ru|be|kk|uk)/.test(navigator.language) ? 'ru' : 'en';
}

export const keepLang = (lang: Lang): void => write('lang', lang);

export function theme(): Theme {
  const kept = read('theme');
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

export const density = (): Density => (read('density') === 'dense' ? 'dense' : 'normal');

export function apply(): void {
  const root = document.documentElement;
  const chosen = theme();
  root.dataset.theme = chosen === 'auto' ? (dark?.matches ? 'dark' : 'light') : chosen;
  root.dataset.density = density();
  root.dispatchEvent(new Event('theme'));
}

/** Parts of a long menu that were opened. */
export const openParts = (): string[] => (read('menu') ?? '').split(',');
export const keepParts = (parts: string[]): void => write('menu', parts.join(','));

export function setTheme(value: Theme): void {
  write('theme', value);
  apply();
}

export function setDensity(value: Density): void {
  write('density', value);
  apply();
}

dark?.addEventListener('change', apply);
