// SPDX-License-Identifier: Apache-2.0
// Plural forms by Intl: Russian has one/few/many (1 клиент, 2 клиента, 5 клиентов), English one/other. A language's tables
// are read at the first word that needs them: they cost a phone tens of milliseconds.
const made = new Map<string, { rules: Intl.PluralRules; number: Intl.NumberFormat }>();

function tablesOf(code: string): { rules: Intl.PluralRules; number: Intl.NumberFormat } {
  let found = made.get(code);
  if (!found) {
    found = { rules: new Intl.PluralRules(code), number: new Intl.NumberFormat(code) };
    made.set(code, found);
  }
  return found;
}

/** "3 218 клиентов": the number formatted and the form chosen. */
export function ruCount(n: number, one: string, few: string, many: string): string {
  return `${tablesOf('ru').number.format(n)} ${ruForm(n, one, few, many)}`;
}

export function ruForm(n: number, one: string, few: string, many: string): string {
  const rule = tablesOf('ru').rules.select(n);
  return rule === 'one' ? one : rule === 'few' ? few : many;
}

export function enCount(n: number, one: string, other: string): string {
  return `${tablesOf('en').number.format(n)} ${tablesOf('en').rules.select(n) === 'one' ? one : other}`;
}
