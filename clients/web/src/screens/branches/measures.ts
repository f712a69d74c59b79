// SPDX-License-Identifier: Apache-2.0
// The figures of D.12 by group: how each is shown and which of them exist as a monthly series. Pure.
import type { Branch } from '../../api/types';

export type Unit = 'count' | 'share' | 'minutes' | 'days' | 'number';

export interface Measure {
  id: string;
  unit: Unit;
  /** the number of cases behind a rate or a median */
  of?: string;
  /** smaller is better */
  isLess?: boolean;
}

export interface MeasureGroup {
  id: string;
  measures: Measure[];
  /** name of the monthly series that the group's chart shows; none: the group has no figures by month */
  series: string;
  unit: Unit;
}

export const GROUPS: readonly MeasureGroup[] = [
  {
    id: 'accept', series: 'accept_rate', unit: 'share',
    measures: [
      { id: 'accept_rate', unit: 'share', of: 'accept_count' },
      { id: 'accept_median_min', unit: 'minutes', isLess: true },
      { id: 'accept_p90_min', unit: 'minutes', isLess: true },
      { id: 'accept_count', unit: 'count' },
    ],
  },
  {
    id: 'contact', series: 'contact_median_min', unit: 'minutes',
    measures: [
      { id: 'contact_median_min', unit: 'minutes', of: 'contact_count', isLess: true },
      { id: 'contact_p90_min', unit: 'minutes', isLess: true },
      { id: 'contact_in15_share', unit: 'share' },
      { id: 'no_contact_rate', unit: 'share', isLess: true },
      { id: 'contact_count', unit: 'count' },
    ],
  },
  {
    id: 'funnel', series: 'registered', unit: 'count',
    measures: ['registered', 'contacted', 'visited', 'test_drives', 'offers', 'orders', 'deliveries'].map((id) => ({ id, unit: 'count' as const })),
  },
  {
    id: 'retention', series: 'retention_12m', unit: 'share',
    measures: [
      { id: 'retention_12m', unit: 'share', of: 'retention_count' },
      { id: 'retention_24m', unit: 'share' },
      { id: 'retention_count', unit: 'count' },
    ],
  },
  {
    id: 'campaign', series: '', unit: 'count',
    measures: [
      { id: 'campaign_sent', unit: 'count' },
      { id: 'campaign_answered', unit: 'count' },
      { id: 'campaign_dropped', unit: 'count' },
      { id: 'competing_touches', unit: 'count', isLess: true },
    ],
  },
  {
    id: 'shared', series: '', unit: 'count',
    measures: [
      { id: 'served_away', unit: 'count', isLess: true },
      { id: 'served_here', unit: 'count' },
      { id: 'credit_shared', unit: 'count' },
      { id: 'credit_gained', unit: 'count' },
    ],
  },
];

/** How dealers hold what they were given: for auditors. */
export const CONDUCT: readonly MeasureGroup[] = [
  {
    id: 'yield', series: '', unit: 'share',
    measures: [
      { id: 'yield_rate', unit: 'share', of: 'registered' },
      { id: 'hoarding_rate', unit: 'share', of: 'registered', isLess: true },
      { id: 'registered', unit: 'count' },
    ],
  },
  {
    id: 'protection', series: '', unit: 'days',
    measures: [
      { id: 'protection_median_days', unit: 'days', of: 'protection_count' },
      { id: 'protection_p90_days', unit: 'days', of: 'protection_count' },
      { id: 'prolonged_mean', unit: 'number', of: 'registered' },
      { id: 'manual_only_share', unit: 'share', isLess: true },
      { id: 'protection_count', unit: 'count' },
    ],
  },
  {
    id: 'tasks', series: '', unit: 'share',
    measures: [
      { id: 'overdue_share', unit: 'share', of: 'task_count', isLess: true },
      { id: 'result_missing_share', unit: 'share', of: 'task_count', isLess: true },
      { id: 'task_count', unit: 'count' },
    ],
  },
  {
    id: 'distribution', series: '', unit: 'number',
    measures: [
      { id: 'routed_ratio', unit: 'number', of: 'routed_due' },
      { id: 'routed', unit: 'count' },
      { id: 'routed_due', unit: 'number' },
    ],
  },
  {
    id: 'conflict', series: '', unit: 'number',
    measures: [
      { id: 'protected_per_100', unit: 'number', of: 'registered', isLess: true },
      { id: 'disputes_per_1000', unit: 'number', of: 'dispute_count', isLess: true },
      { id: 'disputes_won', unit: 'count' },
      { id: 'disputes_lost', unit: 'count', isLess: true },
      { id: 'decision_median_days', unit: 'days', of: 'dispute_count', isLess: true },
      { id: 'overturned', unit: 'count', isLess: true },
    ],
  },
  {
    id: 'evidence', series: '', unit: 'share',
    measures: [
      { id: 'sample_failed_share', unit: 'share', of: 'sample_count', isLess: true },
      { id: 'sample_count', unit: 'count' },
      { id: 'backdated', unit: 'count', isLess: true },
      { id: 'voided', unit: 'count', isLess: true },
    ],
  },
  {
    id: 'pressure', series: '', unit: 'count',
    measures: [
      { id: 'touch_median', unit: 'count', of: 'touch_count', isLess: true },
      { id: 'touch_p90', unit: 'count', of: 'touch_count', isLess: true },
      { id: 'touch_count', unit: 'count' },
      { id: 'budget_refused', unit: 'count' },
      { id: 'opt_outs_per_1000', unit: 'number', of: 'touch_count', isLess: true },
    ],
  },
  {
    id: 'security', series: '', unit: 'count',
    measures: ['probes', 'probe_limits', 'unmasked', 'exports', 'staff_changes'].map((id) => ({ id, unit: 'count' as const, isLess: true })),
  },
];

export const PERIODS = [30, 90, 365] as const;
export const MOST_SERIES = 6;

export interface Span {
  from: string;
  to: string;
}

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Last so many days up to today, or the same length just before. */
export function spanOf(days: number, now: number, isPrevious = false): Span {
  const end = isPrevious ? now - days * 86_400_000 : now;
  return { from: iso(end - (days - 1) * 86_400_000), to: iso(end) };
}

export const numberOf = (row: Branch, id: string): number | null => {
  const value = row[id];
  return typeof value === 'number' ? value : null;
};

/** Rows by a measure; what is unknown stands last whichever way. */
export function sorted(rows: readonly Branch[], id: string, isDown: boolean): Branch[] {
  return [...rows].sort((a, b) => {
    const x = numberOf(a, id);
    const y = numberOf(b, id);
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return isDown ? y - x : x - y;
  });
}

/** A round top for an axis that holds the value: 0.87 -> 1, 43 -> 50, 180 -> 200. */
export function roundTop(value: number): number {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * size >= value) ?? 10) * size;
}

const valuesOf = (rows: readonly Branch[], id: string): number[] =>
  rows.map((row) => numberOf(row, id)).filter((v): v is number => v !== null).sort((a, b) => a - b);

/** Nine dealers of ten stand here or below; null below two known values. */
export function ninetiethOf(rows: readonly Branch[], id: string): number | null {
  const values = valuesOf(rows, id);
  return values.length < 2 ? null : (values[Math.ceil(values.length * 0.9) - 1] ?? null);
}

/** Where the middle dealer stands, for comparison; null below two known values. */
export function medianOf(rows: readonly Branch[], id: string): number | null {
  const values = valuesOf(rows, id);
  if (values.length < 2) return null;
  const half = Math.floor(values.length / 2);
  return values.length % 2 ? (values[half] ?? null) : ((values[half - 1] ?? 0) + (values[half] ?? 0)) / 2;
}
