// SPDX-License-Identifier: Apache-2.0
// The filters of the client list: one table for the bar, the phone's sheet, the address and the export.
import { named, t, words } from '../../i18n';
import { session } from '../../state/session.svelte';

export interface FilterRow {
  name: string;
  label: string;
  kind: 'select' | 'date' | 'text';
  /** shown in the bar on a wide screen; the others are behind "more" */
  isFirst: boolean;
  options?: { value: string; label: string }[];
}

export const FILTER_NAMES = ['q', 'city', 'brand_id', 'line', 'state', 'seat_id', 'abc', 'model', 'last_visit_after', 'last_visit_before', 'sort', 'pool'] as const;
const STATES = ['ACTIVE', 'CUSTOMER', 'HELD', 'GRACE', 'OFFERED', 'DISPUTED'];

export function filterRows(): FilterRow[] {
  const w = words('list');
  const dictionary = session.words;
  const role = session.who?.role;
  const of = (values: readonly string[] | undefined, names?: Record<string, string>): { value: string; label: string }[] =>
    (values ?? []).map((value) => ({ value, label: names ? named(names, value) : value }));
  const rows: FilterRow[] = [
    { name: 'state', label: w.filter.state, kind: 'select', isFirst: true, options: of(STATES, t.rightState) },
    { name: 'brand_id', label: w.filter.brand, kind: 'select', isFirst: true, options: (dictionary?.brands ?? []).map((b) => ({ value: String(b.id), label: b.name })) },
    { name: 'line', label: w.filter.line, kind: 'select', isFirst: true, options: of(dictionary?.lines ?? ['NEW', 'USED', 'FLEET', 'SERVICE', 'PARTS', 'FIN'], t.line) },
    { name: 'city', label: w.filter.city, kind: 'select', isFirst: false, options: of(dictionary?.cities) },
    { name: 'abc', label: w.filter.abc, kind: 'select', isFirst: false, options: of(['A', 'B', 'C']) },
    { name: 'model', label: w.filter.model, kind: 'select', isFirst: false, options: [...new Set((dictionary?.models ?? []).map((m) => m.name))].map((value) => ({ value, label: value })) },
    { name: 'last_visit_after', label: w.filter.visitAfter, kind: 'date', isFirst: false },
    { name: 'last_visit_before', label: w.filter.visitBefore, kind: 'date', isFirst: false },
  ];
  if (role === 'manager')
    rows.splice(3, 0, { name: 'seat_id', label: w.filter.seat, kind: 'select', isFirst: true, options: (dictionary?.staff ?? []).map((s) => ({ value: s.id, label: s.name })) });
  return rows;
}
