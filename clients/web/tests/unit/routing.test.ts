// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { BOX, project, unproject } from '../../src/lib/albers';
import { leftMs } from '../../src/screens/leads/clock';
import { OUTLINES } from '../../src/screens/routing/outlines';
import { colorsOf, pressed, shadeOf } from '../../src/screens/routing/territory';

describe('the map of Russia', () => {
  it('finds the way back from the plane to the globe', () => {
    for (const [lon, lat] of [[37.6, 55.8], [20.5, 54.7], [131.9, 43.1], [-170, 66]] as const) {
      const [backLon, backLat] = unproject(...project(lon, lat));
      expect([backLon, backLat].map((n) => Math.round(n * 1000) / 1000)).toEqual([lon, lat]);
    }
  });
  it('has an outline of each of the 83 regions, inside its box', () => {
    expect(Object.keys(OUTLINES)).toHaveLength(83);
    for (const path of Object.values(OUTLINES)) {
      expect(path).toMatch(/^(M-?\d+ -?\d+l[\d\s-]+z)+$/);
      for (const [, x, y] of path.matchAll(/M(-?\d+) (-?\d+)/g)) expect(Number(x) >= 0 && Number(x) <= BOX.width && Number(y) >= 0 && Number(y) <= BOX.height).toBe(true);
    }
  });
  it('has the label point of Moscow inside the map and west of Vladivostok', () => {
    expect(project(37.6, 55.7)[0]).toBeLessThan(project(131.9, 43.1)[0]);
  });
});

describe('a territory on the map (R41)', () => {
  const regions = [['77', ['a', 'b']], ['50', ['a']], ['49', []]].map(([code, dealers]) => ({ code: code as string, name: '', name_en: '', lon: 0, lat: 0, dealers: dealers as string[] }));
  const [both, one, none] = regions as [typeof regions[0], typeof regions[0], typeof regions[0]];
  const colors = colorsOf(regions), empty = new Set<string>();
  it('shows gaps, overlaps and the colour of one dealer', () => {
    expect([both, one, none].map((r) => shadeOf(r, colors, '', empty, empty))).toEqual(['overlap', 'c1', 'gap']);
    expect([both, one, none].map((r) => shadeOf(r, colors, 'b', empty, empty))).toEqual(['c2', 'other', 'gap']);
  });
  it('gives what a dealer has not and takes what he has; pressed again it is as it was', () => {
    let [add, remove] = pressed(none, 'a', empty, empty);
    expect([[...add], [...remove]]).toEqual([['49'], []]);
    [add, remove] = pressed(one, 'a', add, remove);
    expect([[...add], [...remove]]).toEqual([['49'], ['50']]);
    expect([shadeOf(none, colors, 'a', add, remove), shadeOf(one, colors, 'a', add, remove)]).toEqual(['plus', 'minus']);
    [add, remove] = pressed(none, 'a', add, remove);
    expect([[...add], [...remove]]).toEqual([[], ['50']]);
  });
});

describe('the response clock (R10)', () => {
  const at = (time: string): number => new Date(`2027-03-02T${time}:00Z`).getTime();
  const clock = { is_open: true, left_min: 60, runs_from: '2027-03-02T10:00:00Z', runs_until: '2027-03-02T10:40:00Z' };
  it('runs while the dealer is open, stands when he closes, and never shows less than nothing', () => {
    const until = '2027-03-03T09:20:00Z';
    expect(['10:00', '10:30', '10:40', '12:00'].map((time) => leftMs(clock, until, at('10:00'), at(time)) / 60_000)).toEqual([60, 30, 20, 20]);
    expect(leftMs(clock, '2027-03-02T10:20:00Z', at('10:00'), at('10:21'))).toBe(0);
  });
  it('stands before opening', () => {
    expect(leftMs({ ...clock, is_open: false, runs_from: '2027-03-02T12:00:00Z', runs_until: '2027-03-02T20:00:00Z' }, '2027-03-02T13:00:00Z', at('10:00'), at('11:00')) / 60_000).toBe(60);
  });
});
