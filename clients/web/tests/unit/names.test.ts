// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { shortName, zoneOffset } from '../../src/lib/names';

describe('short forms', () => {
  it('a person keeps the surname whole', () => {
    expect(shortName('Коротков Дмитрий Васильевич')).toBe('Коротков Д.\u00a0В.');
    expect(shortName('Мальцев Сергей')).toBe('Мальцев С.');
  });
  it('one word, a company and nothing stay as they are', () => {
    expect(shortName('Ванга')).toBe('Ванга');
    expect(shortName('ООО «Вектор Плюс»')).toBe('ООО «Вектор Плюс»');
    expect(shortName(null)).toBe('');
  });
  it('a zone is an offset; what is no zone stays', () => {
    expect(zoneOffset('Asia/Vladivostok')).toBe('UTC+10');
    expect(zoneOffset('Nowhere/Land')).toBe('Nowhere/Land');
  });
});
