// SPDX-License-Identifier: Apache-2.0
// Roubles as people type them, to kopecks without floating point: "1 234 567,5" -> 123456750. null when it is no sum.
export function rubles(text: string): number | null {
  const m = /^(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s\u00a0₽]/g, ''));
  if (!m) return null;
  return Number(m[1]) * 100 + Number((m[2] ?? '').padEnd(2, '0'));
}
