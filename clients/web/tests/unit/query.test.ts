// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readFilter, safeBack, sameFilter, writeFilter } from '../../src/lib/query';
import { match } from '../../src/routes';

describe('filter in the address', () => {
  it('takes known names only', () => {
    expect(readFilter('?q=%20ким%20&city=Уфа&evil=1&state=', ['q', 'city', 'state'])).toEqual({ q: 'ким', city: 'Уфа' });
  });
  it('cuts what is too long for the server', () => {
    expect(readFilter(`?q=${'x'.repeat(500)}`, ['q']).q).toHaveLength(100);
  });
  it('writes names in one order', () => {
    expect(writeFilter({ state: 'ACTIVE', city: 'Уфа' })).toBe('city=%D0%A3%D1%84%D0%B0&state=ACTIVE');
  });
  it('compares without order', () => {
    expect(sameFilter('a=1&b=2', 'b=2&a=1')).toBe(true);
    expect(sameFilter('a=1', 'a=2')).toBe(false);
  });
  it('never returns to another site', () => {
    expect(['/clients?q=1', '//evil.example', '/\\evil.example', 'https://evil.example', null].map(safeBack)).toEqual(['/clients?q=1', '/', '/', '/', '/']);
  });
});

describe('routes', () => {
  it('find the screen and its parameters', () => {
    expect(match('/clients/abc')?.row.name).toBe('record');
    expect(match('/clients/abc')?.params).toEqual({ id: 'abc' });
    expect(match('/clients/')?.row.name).toBe('clients');
    expect(match('/')?.row.name).toBe('home');
    expect(match('/nowhere')).toBeNull();
  });
});
