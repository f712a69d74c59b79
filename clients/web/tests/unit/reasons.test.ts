// SPDX-License-Identifier: Apache-2.0
/// <reference types="vite/client" />
import { describe, expect, it } from 'vitest';
import words from '../../src/i18n/ru/campaigns';
import chart from '../../src/screens/campaigns/CheckBar.svelte?raw';
import tokens from '../../src/style/tokens.css?raw';

const themes = tokens.split("[data-theme='dark']");

/** WCAG relative luminance of #rrggbb. */
function light(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, bright = 0] = [light(a), light(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
}

/** What a reason looks like: its colour, and whether it is hatched. */
function looks(reason: string): string {
  const colour = [...chart.matchAll(/((?:\[data-reason='\w*'\],?\s*)+)\{\s*--colour: var\((--\w+)\)/g)].find((rule) => rule[1]?.includes(`'${reason}'`))?.[2];
  const hatched = /:is\((.*)\) \{/.exec(chart)?.[1]?.includes(`'${reason}'`);
  return `${colour} ${hatched}`;
}

describe('colours of the reasons in a campaign', () => {
  const reasons = ['', ...Object.keys(words.reason)];
  it('belong to the reason: each has one, and no two look alike', () => {
    const all = reasons.map(looks);
    expect(all.filter((one) => one.startsWith('undefined'))).toEqual([]);
    expect(new Set(all).size).toBe(reasons.length);
  });
  it('stand out from the card in both themes', () => {
    for (const theme of themes) {
      const token = (name: string): string => new RegExp(`${name}: (#\\w{6})`).exec(theme)?.[1] ?? '';
      for (const reason of reasons) expect(contrast(token(looks(reason).split(' ')[0] ?? ''), token('--card')), reason).toBeGreaterThanOrEqual(3);
    }
  });
});
