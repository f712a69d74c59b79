// SPDX-License-Identifier: Apache-2.0
// What the palette offers for the typed words, best match first. Pure: people found come in as an argument.
export interface Offer {
  id: string;
  kind: 'person' | 'place' | 'action';
  title: string;
  hint?: string;
  icon: string;
  keys?: string;
  run: () => void;
}

/** 0 = no match; higher is better. Start of the title beats start of a word beats anywhere. */
export function score(title: string, typed: string): number {
  const text = title.toLocaleLowerCase();
  const words = typed.toLocaleLowerCase().trim();
  if (!words) return 1;
  if (text.startsWith(words)) return 4;
  if (text.split(/[\s·«"]+/).some((word) => word.startsWith(words))) return 3;
  return text.includes(words) ? 2 : 0;
}

/** People were matched by the server on names, phones, VINs: an exact identifier goes before any place. */
export function rank(typed: string, fixed: Offer[], people: Offer[]): Offer[] {
  const scored = fixed
    .map((offer) => ({ offer, value: score(offer.title, typed) }))
    .filter((item) => item.value > 0)
    .sort((a, b) => b.value - a.value);
  if (!typed.trim()) return scored.map((item) => item.offer);
  const best = scored.filter((item) => item.value >= 3).map((item) => item.offer);
  const rest = scored.filter((item) => item.value < 3).map((item) => item.offer);
  const firstPerson = people[0];
  const isPersonBetter = !!firstPerson && (score(firstPerson.title, typed) >= (best[0] ? score(best[0].title, typed) : 0) || /\d/.test(typed));
  return isPersonBetter ? [...people, ...best, ...rest] : [...best, ...people, ...rest];
}
