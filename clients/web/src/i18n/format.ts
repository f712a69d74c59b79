// SPDX-License-Identifier: Apache-2.0
// Numbers, money and time for people. Times are shown in the dealer's zone, which the session names.
import { lang, t } from './index';

let zone: string | undefined;
let skewMs = 0;

export function setZone(name: string | undefined): void {
  zone = name;
}

export const zoneName = (): string | undefined => zone;

/** The server's clock rules: terms are counted against it, not against the visitor's watch. */
export function setServerTime(iso: string): void {
  const at = Date.parse(iso);
  if (!Number.isNaN(at)) skewMs = at - Date.now();
}

export const serverNow = (): number => Date.now() + skewMs;

const cache = new Map<string, unknown>();
function kept<T>(name: string, make: () => T): T {
  const key = `${lang}|${name}`;
  let found = cache.get(key) as T | undefined;
  if (found === undefined) {
    found = make();
    cache.set(key, found);
  }
  return found;
}

export function num(n: number | null | undefined, digits = 0): string {
  if (n === null || n === undefined) return '—';
  return kept(`n${digits}`, () => new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(n);
}

/** Makes the formatters that every screen uses, so that the first screen does not pay for them while it is drawn. */
export function warm(): void {
  num(0);
  for (const [name] of STEPS) unit(name, 1);
  dayTime(serverNow());
}

/** A count that head office may be told as null: fewer than 10 (R136). */
export function figure(n: number | null | undefined, isLeftOut = false): string {
  return isLeftOut ? '…' : n === null ? '< 10' : num(n);
}

/** The sum of such counts: exact, or as close as the hidden ones let it be. */
export function figureSum(counts: readonly (number | null | undefined)[]): string {
  const known = counts.reduce<number>((sum, n) => sum + (n ?? 0), 0);
  const hidden = counts.filter((n) => n === null).length;
  return hidden === 0 ? num(known) : known === 0 ? `< ${num(10 * hidden)}` : `≥ ${num(known)}`;
}

export function pct(share: number | null | undefined, digits = 0): string {
  if (share === null || share === undefined) return '—';
  return kept(`p${digits}`, () => new Intl.NumberFormat(lang, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits })).format(share);
}

/** Kopecks to roubles; whole roubles unless there are kopecks. */
export function money(kopecks: number | null | undefined, currency = 'RUB'): string {
  if (kopecks === null || kopecks === undefined) return '—';
  const digits = kopecks % 100 === 0 ? 0 : 2;
  return kept(`m${digits}${currency}`, () =>
    new Intl.NumberFormat(lang, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: digits, maximumFractionDigits: digits }),
  ).format(kopecks / 100);
}

export function km(n: number | null | undefined): string {
  return n === null || n === undefined ? '—' : `${num(n)} ${t.unit.km}`;
}

export function bytes(n: number): string {
  const units = t.unit.bytes;
  let value = n;
  let step = 0;
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${num(value, value < 10 && step > 0 ? 1 : 0)} ${units[step] ?? ''}`;
}

type Moment = string | number | null | undefined;
const isDateOnly = (v: Moment): boolean => typeof v === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(v);

function show(name: string, value: Moment, options: Intl.DateTimeFormatOptions): string {
  if (value === null || value === undefined || value === '') return '—';
  const timeZone = isDateOnly(value) ? 'UTC' : zone;
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return '—';
  return kept(`d${name}|${timeZone ?? ''}`, () => new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { ...options, timeZone })).format(date);
}

export const date = (v: Moment): string => show('date', v, { day: '2-digit', month: '2-digit', year: 'numeric' });
export const dayMonth = (v: Moment): string => show('dm', v, { day: 'numeric', month: 'short' });
const isThisYear = (v: Moment): boolean => new Date(v ?? NaN).getUTCFullYear() === new Date(serverNow()).getUTCFullYear();
/** A day as short as it may be: the year is said when it is another one. */
export const day = (v: Moment): string => (isThisYear(v) ? dayMonth(v) : date(v));
export const dayFull = (v: Moment): string => show('df', v, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
export const month = (v: Moment): string => show('mo', v, { month: 'short', year: 'numeric' });
export const time = (v: Moment): string => show('t', v, { hour: '2-digit', minute: '2-digit' });
export const dateTime = (v: Moment): string => show('dt', v, { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' });
/** A moment, the year said when it is another one. */
export const dayTime = (v: Moment): string => (!isThisYear(v) ? dateTime(v) : show('dmt', v, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }));
export const dateTimeSeconds = (v: Moment): string =>
  show('dts', v, { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** yyyy-mm-dd of a moment in the dealer's zone: the key by which the timeline is cut into days. */
export function dayKey(v: string | number): string {
  if (isDateOnly(v)) return v as string;
  return kept(`key|${zone ?? ''}`, () => new Intl.DateTimeFormat('sv', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone })).format(new Date(v));
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60],
];

function unit(name: string, n: number): string {
  return kept(`u${name}`, () => new Intl.NumberFormat(lang, { style: 'unit', unit: name, unitDisplay: 'short' })).format(n);
}

/** How much time lies between now and the moment: "2 мес.", "5 дн.", "40 мин"; below two years in months. No sign: the column says which way. */
export function span(v: Moment): string {
  if (v === null || v === undefined || v === '') return '—';
  return duration(Math.abs(new Date(v).getTime() - serverNow()) / 1000);
}

export function duration(seconds: number): string {
  for (const [name, size] of STEPS) if (seconds >= size * (name === 'year' ? 2 : 1)) return unit(name, Math.floor(seconds / size));
  return unit('minute', 0);
}

/** "1:04:09" or "12:40" left on a response clock. */
export function clock(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const pad = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(s / 3600);
  return hours > 0 ? `${hours}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}` : `${Math.floor(s / 60)}:${pad(s % 60)}`;
}

/** Minutes as a person says them: "12 мин", "3 ч". */
export function minutes(n: number | null | undefined): string {
  if (n === null || n === undefined) return '—';
  return n < 120 ? unit('minute', Math.round(n)) : `${num(n / 60, 1)} ${t.unit.hour}`;
}

/** A phone in the spacing people read: +7 903 123-45-60. Masked ones pass unchanged. */
export function phone(e164: string | null | undefined): string {
  if (!e164) return '';
  const m = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(e164);
  return m ? `+7 ${m[1]} ${m[2]}-${m[3]}-${m[4]}` : e164;
}
