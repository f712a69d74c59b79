// SPDX-License-Identifier: Apache-2.0
// Which rows of a long list are in the document. Pure arithmetic, so it can be tested without a browser.

export interface Window {
  from: number;
  to: number;
  /** heights of the empty rows that stand in place of what is not drawn, px */
  before: number;
  after: number;
}

export const MOST_ROWS = 45;

/**
 * rows: how many are known; rowPx: height of one; scrollPx: how far the list is scrolled past its first row;
 * viewPx: what is seen. At most `most` rows are drawn, with a margin above and below when there is room.
 */
export function windowOf(rows: number, rowPx: number, scrollPx: number, viewPx: number, most = MOST_ROWS): Window {
  if (rows <= 0 || rowPx <= 0) return { from: 0, to: 0, before: 0, after: 0 };
  const seen = Math.min(most, Math.ceil(viewPx / rowPx) + 1);
  const margin = Math.floor((most - seen) / 2);
  const first = Math.min(Math.max(0, Math.floor(scrollPx / rowPx)), Math.max(0, rows - 1));
  const from = Math.max(0, Math.min(first - margin, rows - most));
  const to = Math.min(rows, from + most);
  return { from, to, before: from * rowPx, after: (rows - to) * rowPx };
}

/** Where to scroll so that a row is seen whole; null when it already is. */
export function scrollTo(index: number, rowPx: number, scrollPx: number, viewPx: number, headPx: number): number | null {
  const top = index * rowPx;
  if (top < scrollPx) return top;
  const bottom = top + rowPx + headPx;
  return bottom > scrollPx + viewPx ? bottom - viewPx : null;
}
