// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { capsOf, comboOf, KEYS, rowsFor } from '../../src/kit/keys';

const press = (code: string, more: Partial<{ ctrlKey: boolean; shiftKey: boolean; metaKey: boolean; altKey: boolean }> = {}) => ({ code, ctrlKey: false, shiftKey: false, metaKey: false, altKey: false, ...more });

describe('keys', () => {
  it('are read by place, so the layout does not matter', () => {
    expect(comboOf(press('KeyJ'))).toBe('KeyJ');
    expect(comboOf(press('KeyK', { metaKey: true }))).toBe('Ctrl+KeyK');
    expect(comboOf(press('ShiftLeft', { shiftKey: true }))).toBe('');
    expect(comboOf(press('Numpad3'))).toBe('Digit3');
    expect(comboOf(press('NumpadEnter'))).toBe('Enter');
  });
  it('each row answers to its own combo', () => {
    for (const row of KEYS) {
      const parts = row.combo.split(' ');
      const [head, tail] = parts.length === 2 ? parts : ['', parts[0]];
      expect(rowsFor(tail ?? '', head ?? '').map((one) => one.id)).toContain(row.id);
    }
  });
  it('a sequence wins over a single key', () => {
    expect(rowsFor('KeyC', 'KeyG').map((row) => row.id)).toEqual(['go.clients']);
    expect(rowsFor('KeyC', '').map((row) => row.id)).toEqual(['create']);
  });
  it('have no two rows with one id', () => {
    expect(new Set(KEYS.map((row) => row.id)).size).toBe(KEYS.length);
  });
  it('are shown as caps', () => {
    expect(capsOf('Ctrl+KeyK')).toEqual(['Ctrl', 'K']);
    expect(capsOf('KeyG KeyC')).toEqual(['G', 'C']);
    expect(capsOf('Shift+Slash')).toEqual(['?']);
  });
});
