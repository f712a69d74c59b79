// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { MOST_ROWS, scrollTo, windowOf } from '../../src/lib/window';

describe('window of a long list', () => {
  it('never draws more than its limit and always covers what is seen', () => {
    for (const rows of [0, 1, 44, 45, 46, 1000, 10_000])
      for (let scroll = 0; scroll < rows * 36; scroll += 511) {
        const w = windowOf(rows, 36, scroll, 900);
        expect(w.to - w.from).toBeLessThanOrEqual(MOST_ROWS);
        expect(w.before + (w.to - w.from) * 36 + w.after).toBe(rows * 36);
        const first = Math.min(rows - 1, Math.floor(scroll / 36));
        expect(w.from).toBeLessThanOrEqual(first);
        expect(w.to).toBeGreaterThanOrEqual(Math.min(rows, first + 26));
      }
  });
  it('is empty for nothing', () => {
    expect(windowOf(0, 36, 0, 900)).toEqual({ from: 0, to: 0, before: 0, after: 0 });
  });
  it('scrolls only as far as a row needs', () => {
    expect(scrollTo(0, 36, 0, 360, 36)).toBeNull();
    expect(scrollTo(9, 36, 0, 360, 36)).toBe(36);
    expect(scrollTo(2, 36, 200, 360, 36)).toBe(72);
  });
});
