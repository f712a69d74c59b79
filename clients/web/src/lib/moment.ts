// SPDX-License-Identifier: Apache-2.0
// Between <input type=datetime-local> (the browser's zone, no offset) and the API (RFC 3339 UTC).

const pad = (n: number): string => String(n).padStart(2, '0');

export function localInput(ms: number): string {
  const d = new Date(ms);
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}T${pad(d.getHours())}:${pad(d.getMinutes())}`;
}

export const fromLocalInput = (text: string): string => new Date(text).toISOString();

export const dateInput = (ms: number): string => localInput(ms).slice(0, 10);

/** Same clock time n days on: "tomorrow 10:00". */
export function atHour(now: number, days: number, hour: number): number {
  const d = new Date(now);
  d.setDate(d.getDate() + days);
  d.setHours(hour, 0, 0, 0);
  return d.getTime();
}
