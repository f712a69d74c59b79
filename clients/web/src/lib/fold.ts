// SPDX-License-Identifier: Apache-2.0

export interface Folded<T> {
  item: T;
  /** how many entries this line stands for, and the oldest of them */
  times: number;
  first: T;
}

/** Neighbours that say the same become one line, the newest's; the rest stay as they are. In: newest first. */
export function fold<T>(items: readonly T[], same: (item: T) => string | null): Folded<T>[] {
  const out: (Folded<T> & { key: string | null })[] = [];
  for (const item of items) {
    const key = same(item);
    const last = out.at(-1);
    if (last && key !== null && last.key === key) {
      last.times += 1;
      last.first = item;
    } else out.push({ item, times: 1, first: item, key });
  }
  return out;
}
