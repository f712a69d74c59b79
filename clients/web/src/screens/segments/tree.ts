// SPDX-License-Identifier: Apache-2.0
// The audience as a tree a person can build: groups of "all" or "any", each condition or group may be turned round.
// Pure: from the API's {and|or|not|attr} and back, with a sentence for each condition.
import type { Definition } from '../../api/types';

export type ValueType = 'choice' | 'pair' | 'number' | 'rubles' | 'rublesPair' | 'days' | 'date' | 'consent';

export interface Leaf {
  type: 'leaf';
  isNot: boolean;
  attr: string;
  op: string;
  value: unknown;
}

export interface Group {
  type: 'group';
  isNot: boolean;
  how: 'and' | 'or';
  items: Node[];
}

export type Node = Leaf | Group;

/** Attributes, their comparisons and what a value is. The server's catalogue is the law; this is its form. */
export const ATTRS: Record<string, Record<string, ValueType>> = {
  city: { in: 'choice' },
  brand: { in: 'choice' },
  model: { in: 'choice' },
  model_year: { between: 'pair' },
  line: { in: 'choice' },
  owner: { in: 'choice' },
  owner_state: { in: 'choice' },
  last_visit: { older_than_days: 'days', within_days: 'days', before: 'date', after: 'date' },
  order_count: { ge: 'number', le: 'number', between: 'pair' },
  order_sum: { ge: 'rubles', le: 'rubles', between: 'rublesPair' },
  sale_count: { ge: 'number', le: 'number', between: 'pair' },
  last_sale: { older_than_days: 'days', within_days: 'days', before: 'date', after: 'date' },
  consent: { is: 'consent' },
  abc: { in: 'choice' },
  kind: { in: 'choice' },
  sex: { in: 'choice' },
  age: { between: 'pair' },
};

const EMPTY: Record<ValueType, () => unknown> = {
  choice: () => [],
  pair: () => [0, 0],
  number: () => 1,
  rubles: () => 1_000_000,
  rublesPair: () => [0, 10_000_000],
  days: () => 365,
  date: () => new Date().toISOString().slice(0, 10),
  consent: () => ({ channel: 'EMAIL', is: true }),
};

export function newLeaf(attr: string): Leaf {
  const op = Object.keys(ATTRS[attr] ?? {})[0] ?? 'in';
  const type = ATTRS[attr]?.[op] ?? 'choice';
  const value = attr === 'model_year' ? [new Date().getFullYear() - 5, new Date().getFullYear()] : attr === 'age' ? [25, 60] : EMPTY[type]();
  return { type: 'leaf', isNot: false, attr, op, value };
}

export const newGroup = (how: 'and' | 'or' = 'and'): Group => ({ type: 'group', isNot: false, how, items: [] });

export const typeOf = (leaf: Leaf): ValueType => ATTRS[leaf.attr]?.[leaf.op] ?? 'choice';

/** Changes the comparison and keeps the value only when its kind stays. */
export function withOp(leaf: Leaf, op: string): Leaf {
  const next = { ...leaf, op };
  return typeOf(next) === typeOf(leaf) ? next : { ...next, value: EMPTY[typeOf(next)]() };
}

export function isComplete(node: Node): boolean {
  if (node.type === 'group') return node.items.length > 0 && node.items.every(isComplete);
  const { value } = node;
  if (typeOf(node) === 'choice') return Array.isArray(value) && value.length > 0;
  if (Array.isArray(value)) return value.length === 2 && value.every((v) => Number.isFinite(v)) && (value[0] as number) <= (value[1] as number);
  return value !== null && value !== undefined && value !== '';
}

export function toDefinition(node: Node): Definition {
  let out: Definition;
  if (node.type === 'leaf') out = { attr: node.attr, op: node.op, value: node.value };
  else {
    const parts = node.items.map(toDefinition);
    out = node.how === 'and' ? { and: parts } : { or: parts };
  }
  return node.isNot ? { not: out } : out;
}

export function fromDefinition(definition: Definition | null | undefined): Group {
  const root = definition ? read(definition) : newGroup();
  return root.type === 'group' ? root : { ...newGroup(), items: [root] };
}

function read(definition: Definition): Node {
  if ('not' in definition) {
    const inner = read(definition.not);
    return { ...inner, isNot: !inner.isNot };
  }
  if ('and' in definition) return { type: 'group', isNot: false, how: 'and', items: definition.and.map(read) };
  if ('or' in definition) return { type: 'group', isNot: false, how: 'or', items: definition.or.map(read) };
  const raw = definition as { attr: string; op: string; value: unknown; channel?: string };
  const value = raw.attr === 'consent' && typeof raw.value === 'boolean' ? { channel: raw.channel, is: raw.value } : raw.value;
  return { type: 'leaf', isNot: false, attr: raw.attr, op: raw.op, value };
}

export const countLeaves = (node: Node): number => (node.type === 'leaf' ? 1 : node.items.reduce((sum, item) => sum + countLeaves(item), 0));
