// SPDX-License-Identifier: Apache-2.0
// Words in two languages. ru/*.ts is the type, en/*.ts must match it. Only the chosen language is loaded, and only the
// areas a screen names; `t` is the area every screen needs. A change of language reloads the page.
import type core from './ru/core';
import type list from './ru/list';
import type people from './ru/people';
import type register from './ru/register';
import type campaigns from './ru/campaigns';
import type calls from './ru/calls';
import type audit from './ru/audit';
import type admin from './ru/admin';
import type routing from './ru/routing';
import type steward from './ru/steward';
import type privacy from './ru/privacy';
import type life from './ru/life';
import type sight from './ru/sight';
import type disputes from './ru/disputes';
import type family from './ru/family';
import type imports from './ru/imports';
import type transfer from './ru/transfer';
import type outages from './ru/outages';
import type how from './ru/how';

export type Lang = 'ru' | 'en';

export interface Areas {
  core: typeof core;
  list: typeof list;
  people: typeof people;
  register: typeof register;
  campaigns: typeof campaigns;
  calls: typeof calls;
  audit: typeof audit;
  admin: typeof admin;
  routing: typeof routing;
  steward: typeof steward;
  privacy: typeof privacy;
  life: typeof life;
  sight: typeof sight;
  disputes: typeof disputes;
  family: typeof family;
  imports: typeof imports;
  transfer: typeof transfer;
  outages: typeof outages;
  how: typeof how;
}
export type Area = keyof Areas;

type Loader<A extends Area> = () => Promise<{ default: Areas[A] }>;
/** What every day begins with; the other areas are rows of rare.ts, so that their addresses are not in everybody's first load. */
const sources: { [L in Lang]: { [A in 'core' | 'list' | 'people']: Loader<A> } } = {
  ru: {
    core: () => import('./ru/core'),
    list: () => import('./ru/list'),
    people: () => import('./ru/people'),
  },
  en: {
    core: () => import('./en/core'),
    list: () => import('./en/list'),
    people: () => import('./en/people'),
  },
};

const loaded: Partial<Areas> = {};
export let lang: Lang = 'ru';
export let t: Areas['core'];

/** Must end before anything is drawn. Another language forgets the areas of the first. */
export async function startWords(chosen: Lang): Promise<void> {
  if (chosen !== lang) for (const area of Object.keys(loaded) as Area[]) delete loaded[area];
  lang = chosen;
  await needWords('core');
  t = words('core');
}

export async function needWords<A extends Area>(area: A): Promise<void> {
  if (loaded[area]) return;
  const asked = lang;
  const own = (sources[asked] as Partial<Record<Area, Loader<A>>>)[area] ?? ((await import('./rare')).rare[asked] as Partial<Record<Area, Loader<A>>>)[area];
  const found = (await (own as Loader<A>)()).default;
  if (asked === lang) loaded[area] = found as never;
}

/** The words of an area the router has already loaded. */
export function words<A extends Area>(area: A): Areas[A] {
  const found = loaded[area];
  if (!found) throw new Error(`words ${area} not loaded`);
  return found as Areas[A];
}

/** A word for a code of the server; an unknown code shows itself, so nothing is ever blank. */
export function named(table: Record<string, string>, code: string | null | undefined): string {
  return code ? (table[code] ?? code) : '';
}
