// SPDX-License-Identifier: Apache-2.0
// Plural forms by Intl: Russian has one/few/many (1 клиент, 2 клиента, 5 клиентов), English one/other.
const ruRules = new Intl.PluralRules('ru');
const enRules = new Intl.PluralRules('en');
const ruNumber = new Intl.NumberFormat('ru');
const enNumber = new Intl.NumberFormat('en');

/** "3 218 клиентов": the number formatted and the form chosen. */
export function ruCount(n: number, one: string, few: string, many: string): string {
  return `${ruNumber.format(n)} ${ruForm(n, one, few, many)}`;
}

export function ruForm(n: number, one: string, few: string, many: string): string {
  const rule = ruRules.select(n);
  return rule === 'one' ? one : rule === 'few' ? few : many;
}

export function enCount(n: number, one: string, other: string): string {
  return `${enNumber.format(n)} ${enRules.select(n) === 'one' ? one : other}`;
}
