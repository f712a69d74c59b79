// SPDX-License-Identifier: Apache-2.0
// The letter as three invented people would get it: fills {{variables}}, reports the unknown ones. Pure.
export const VARIABLES = ['name', 'full_name', 'dealer', 'car', 'plate', 'city'] as const;
const BUILT_IN = new Set<string>([...VARIABLES, 'unsubscribe_url']);

export type Sample = Record<(typeof VARIABLES)[number], string>;

export function fill(text: string, sample: Sample): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => (name in sample ? sample[name as keyof Sample] : whole));
}

export function unknownVariables(text: string): string[] {
  const found = [...text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map((m) => m[1] ?? '');
  return [...new Set(found.filter((name) => !BUILT_IN.has(name)))];
}
