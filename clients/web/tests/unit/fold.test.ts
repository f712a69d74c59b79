// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/lib/fold';

const same = (item: string): string | null => (item.startsWith('stop') ? 'stop' : null);

describe('fold', () => {
  it('makes one line of neighbours that say the same, and tells how many and since when', () => {
    const lines = fold(['stop 9', 'stop 8', 'call', 'stop 3'], same);
    expect(lines.map((one) => [one.item, one.times, one.first])).toEqual([['stop 9', 2, 'stop 8'], ['call', 1, 'call'], ['stop 3', 1, 'stop 3']]);
  });

  it('keeps apart what has no key of its own', () => {
    expect(fold(['call', 'call'], same)).toHaveLength(2);
    expect(fold([], same)).toEqual([]);
  });
});
