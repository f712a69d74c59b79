// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { figure, figureSum } from '../../src/i18n/format';

describe('figures that head office may not be told (R136)', () => {
  it('shows a hidden one as fewer than ten, an absent one as none', () => {
    expect([figure(null), figure(undefined), figure(12)]).toEqual(['< 10', '—', '12']);
  });
  it('sums them no closer than they are known', () => {
    expect([figureSum([3, 4]), figureSum([]), figureSum([undefined, 5])]).toEqual(['7', '0', '5']);
    expect([figureSum([null]), figureSum([null, null]), figureSum([14, null])]).toEqual(['< 10', '< 20', '≥ 14']);
  });
});
