// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { date, dateTime, day, dayMonth, dayTime, duration, figure, figureSum, month, serverNow, setZone } from '../../src/i18n/format';

describe('figures that head office may not be told (R136)', () => {
  it('shows a hidden one as fewer than ten, an absent one as none', () => {
    expect([figure(null), figure(undefined), figure(12)]).toEqual(['< 10', '—', '12']);
  });
  it('sums them no closer than they are known', () => {
    expect([figureSum([3, 4]), figureSum([]), figureSum([undefined, 5])]).toEqual(['7', '0', '5']);
    expect([figureSum([null]), figureSum([null, null]), figureSum([14, null])]).toEqual(['< 10', '< 20', '≥ 14']);
  });
});

describe('dates', () => {
  const now = new Date(serverNow());
  const thisYear = `${now.getUTCFullYear()}-06-15T09:00:00Z`;
  const another = `${now.getUTCFullYear() - 1}-06-15T09:00:00Z`;
  it('say the year when it is another one', () => {
    setZone('Europe/Moscow');
    expect([day(thisYear), dayTime(thisYear)].map((s) => /20\d\d/.test(s))).toEqual([false, false]);
    expect([day(thisYear), day(another), dayTime(another), day(null)]).toEqual([dayMonth(thisYear), date(another), dateTime(another), '—']);
    expect(month('2025-11-01')).toContain('2025');
  });
  it('count months up to two years', () => {
    expect([duration(500 * 86_400), duration(800 * 86_400)].map((s) => parseInt(s, 10))).toEqual([16, 2]);
  });
});
