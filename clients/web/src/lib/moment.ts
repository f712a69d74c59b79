// SPDX-License-Identifier: Apache-2.0
// Between <input type=datetime-local> (no offset) and the API (RFC 3339 UTC). What people type and read is the dealer's
// zone, not the browser's: a head office in Moscow plans for a dealer in Vladivostok.
import { zoneName } from '../i18n/format';

const pad = (n: number): string => String(n).padStart(2, '0');

/** How far the zone is ahead of UTC at that moment, ms. */
function offsetMs(ms: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(ms);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(ms / 1000) * 1000;
}

/** The wall clock of the zone as yyyy-mm-ddThh:mm. */
export function localInput(ms: number, zone = zoneName()): string {
  const d = new Date(ms + offsetMs(ms, zone));
  return `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}T${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}`;
}

/** The moment at which the zone's wall clock shows this; around a change of the clocks the later guess is taken. */
export function momentOf(text: string, zone = zoneName()): number {
  const wall = Date.parse(`${text}:00Z`);
  const first = wall - offsetMs(wall, zone);
  return wall - offsetMs(first, zone);
}

export const fromLocalInput = (text: string): string => new Date(momentOf(text)).toISOString();

export const dateInput = (ms: number): string => localInput(ms).slice(0, 10);

/** The instant at which a day of the zone begins, or so many days later; none for an empty or unreadable day. */
export function dayStart(day: string | undefined, later = 0, zone = zoneName()): string | undefined {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (!day || Number.isNaN(at)) return undefined;
  return new Date(momentOf(`${new Date(at + later * 86_400_000).toISOString().slice(0, 10)}T00:00`, zone)).toISOString();
}

/** So many days on at a full hour of the zone: "tomorrow 10:00". */
export function atHour(now: number, days: number, hour: number, zone = zoneName()): number {
  const day = localInput(now + days * 86_400_000, zone).slice(0, 10);
  return momentOf(`${day}T${pad(hour)}:00`, zone);
}
