// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Definition } from '../../src/api/types';
import { ATTRS, countLeaves, fromDefinition, isComplete, newGroup, newLeaf, toDefinition, withOp } from '../../src/screens/segments/tree';

const nested: Definition = {
  and: [
    { attr: 'city', op: 'in', value: ['Казань', 'Уфа'] },
    { or: [{ attr: 'order_sum', op: 'ge', value: 5_000_000 }, { not: { attr: 'abc', op: 'in', value: ['C'] } }] },
    { not: { or: [{ attr: 'last_visit', op: 'within_days', value: 90 }] } },
  ],
};

describe('segment tree', () => {
  it('goes there and back unchanged', () => {
    expect(toDefinition(fromDefinition(nested))).toEqual(nested);
  });
  it('wraps a lone condition into a group', () => {
    expect(toDefinition(fromDefinition({ attr: 'abc', op: 'in', value: ['A'] }))).toEqual({ and: [{ attr: 'abc', op: 'in', value: ['A'] }] });
  });
  it('undoes a double not', () => {
    expect(toDefinition(fromDefinition({ and: [{ not: { not: { attr: 'kind', op: 'in', value: ['PERSON'] } } }] }))).toEqual({ and: [{ attr: 'kind', op: 'in', value: ['PERSON'] }] });
  });
  it('reads the short form of a consent', () => {
    const tree = fromDefinition({ and: [{ attr: 'consent', op: 'is', value: true, channel: 'EMAIL' } as unknown as Definition] });
    expect(toDefinition(tree)).toEqual({ and: [{ attr: 'consent', op: 'is', value: { channel: 'EMAIL', is: true } }] });
  });
  it('knows what is complete', () => {
    expect(isComplete(newGroup())).toBe(false);
    expect(isComplete(fromDefinition(nested))).toBe(true);
    expect(isComplete({ ...newGroup(), items: [newLeaf('city')] })).toBe(false);
    expect(isComplete({ ...newGroup(), items: [{ ...newLeaf('age'), value: [60, 25] }] })).toBe(false);
  });
  it('makes a usable condition of every attribute and comparison', () => {
    for (const [attr, ops] of Object.entries(ATTRS))
      for (const op of Object.keys(ops)) {
        const leaf = withOp(newLeaf(attr), op);
        expect(leaf.value).not.toBeUndefined();
        expect(toDefinition(leaf)).toEqual({ attr, op, value: leaf.value });
      }
  });
  it('counts conditions', () => {
    expect(countLeaves(fromDefinition(nested))).toBe(4);
  });
});
