// SPDX-License-Identifier: Apache-2.0
// What may be chosen for an attribute, and the sentence a condition reads as.
import { named, t, words } from '../../i18n';
import { date, money, num } from '../../i18n/format';
import { session } from '../../state/session.svelte';
import { typeOf, type Leaf, type Node } from './tree';

export interface Choice {
  value: string | number;
  label: string;
}

export function choicesOf(attr: string): Choice[] {
  const d = session.words;
  const w = words('campaigns');
  const from = (values: readonly string[], names: Record<string, string>): Choice[] => values.map((value) => ({ value, label: named(names, value) }));
  switch (attr) {
    case 'city': return (d?.cities ?? []).map((value) => ({ value, label: value }));
    case 'brand': return (d?.brands ?? []).map((b) => ({ value: b.id, label: b.name }));
    case 'model': return [...new Set((d?.models ?? []).map((m) => m.name))].map((value) => ({ value, label: value }));
    case 'line': return from(d?.lines ?? [], t.line);
    case 'owner': return (d?.dealers ?? []).map((one) => ({ value: one.id, label: `${one.name}, ${one.city}` }));
    case 'owner_state': return from(['ACTIVE', 'HELD', 'CUSTOMER', 'GRACE', 'OFFERED', 'DISPUTED'], t.rightState);
    case 'abc': return ['A', 'B', 'C'].map((value) => ({ value, label: value }));
    case 'kind': return from(['PERSON', 'COMPANY'], t.kind);
    case 'sex': return from(['m', 'f'], w.seg.sex);
    default: return [];
  }
}

export function valueText(leaf: Leaf): string {
  const w = words('campaigns').seg;
  const { value } = leaf;
  switch (typeOf(leaf)) {
    case 'choice': {
      const known = choicesOf(leaf.attr);
      return (value as (string | number)[]).map((v) => known.find((c) => c.value === v)?.label ?? String(v)).join(', ') || '…';
    }
    case 'pair': return (value as number[]).join('–');
    case 'rubles': return money(value as number);
    case 'rublesPair': return (value as number[]).map((one) => money(one)).join(' – ');
    case 'days': return t.count.days(value as number);
    case 'date': return date(value as string);
    case 'consent': {
      const consent = value as { channel?: string; is: boolean };
      return `${consent.is ? w.has : w.hasNot}${consent.channel ? ` · ${named(t.channel, consent.channel)}` : ''}`;
    }
    default: return num(value as number);
  }
}

export function sentence(node: Node): string {
  const w = words('campaigns').seg;
  if (node.type === 'group') {
    const inner = node.items.map(sentence).join(node.how === 'and' ? ` ${w.and} ` : ` ${w.or} `);
    return node.isNot ? `${w.not} (${inner})` : node.items.length > 1 ? `(${inner})` : inner;
  }
  const op = ['in', 'is', 'between'].includes(node.op) ? ':' : ` ${named(w.op, node.op)}`;
  return `${node.isNot ? `${w.not} ` : ''}${named(w.attr, node.attr)}${op} ${valueText(node)}`;
}

/** The outermost brackets say nothing. */
export const plain = (node: Node): string => sentence(node).replace(/^\((.*)\)$/s, '$1');
