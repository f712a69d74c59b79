// SPDX-License-Identifier: Apache-2.0
// Cuts a stream, newest first, into days.

export interface Day<T> {
  day: string;
  items: T[];
}

export function byDay<T>(items: readonly T[], dayOf: (item: T) => string): Day<T>[] {
  const out: Day<T>[] = [];
  for (const item of items) {
    const day = dayOf(item);
    const last = out[out.length - 1];
    if (last?.day === day) last.items.push(item);
    else out.push({ day, items: [item] });
  }
  return out;
}
