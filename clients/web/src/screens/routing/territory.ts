// SPDX-License-Identifier: Apache-2.0
// What the map and its list say of a region. Pure.
import type { RegionRow } from '../../api/types-routing';

/** Colours of dealers on one map: as many as there are tokens, then one for the rest. */
export function colorsOf(regions: readonly RegionRow[]): Map<string, string> {
  const found = new Map<string, number>();
  for (const region of regions) for (const dealer of region.dealers) found.set(dealer, (found.get(dealer) ?? 0) + 1);
  return new Map([...found.keys()].sort().map((dealer, i) => [dealer, i < 6 ? `c${i + 1}` : 'other']));
}

/** Class of a region: a gap, an overlap, or the colour of its one dealer. With a dealer chosen: his, not his, to come, to go. */
export function shadeOf(region: RegionRow, colors: Map<string, string>, dealer: string, add: ReadonlySet<string>, remove: ReadonlySet<string>): string {
  if (add.has(region.code)) return 'plus';
  if (remove.has(region.code)) return 'minus';
  if (dealer) return region.dealers.includes(dealer) ? (colors.get(dealer) ?? 'c1') : region.dealers.length ? 'other' : 'gap';
  const [first] = region.dealers;
  return !first ? 'gap' : region.dealers.length > 1 ? 'overlap' : (colors.get(first) ?? 'other');
}

/** A press on a region while a dealer's territory is changed: what he has goes, what he has not comes; pressed again it is as it was. */
export function pressed(region: RegionRow, dealer: string, add: ReadonlySet<string>, remove: ReadonlySet<string>): [Set<string>, Set<string>] {
  const plus = new Set(add), minus = new Set(remove);
  const set = region.dealers.includes(dealer) ? minus : plus;
  if (!set.delete(region.code)) set.add(region.code);
  return [plus, minus];
}
