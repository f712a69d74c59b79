// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { enCount, ruCount, ruForm } from '../../src/i18n/plural';

describe('plurals', () => {
  it('gives Russian its three forms', () => {
    const forms = [1, 2, 5, 11, 21, 22, 25, 101, 111, 112].map((n) => ruForm(n, 'клиент', 'клиента', 'клиентов'));
    expect(forms).toEqual(['клиент', 'клиента', 'клиентов', 'клиентов', 'клиент', 'клиента', 'клиентов', 'клиент', 'клиентов', 'клиентов']);
  });
  it('writes the number as Russians do', () => {
    expect(ruCount(3218, 'клиент', 'клиента', 'клиентов').replace(/\s/g, ' ')).toBe('3 218 клиентов');
  });
  it('gives English two', () => {
    expect([enCount(1, 'client', 'clients'), enCount(0, 'client', 'clients'), enCount(1200, 'client', 'clients')]).toEqual(['1 client', '0 clients', '1,200 clients']);
  });
});
