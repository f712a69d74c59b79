// SPDX-License-Identifier: Apache-2.0
// Shapes of the data steward's desk.
import type { Id, Line, RightState } from '../../api/types';

export interface PairRow {
  id: Id;
  class: string;
  score: number;
  source: string;
  state: string;
  found_at: string;
  version: number;
  low_id: Id;
  low_name: string;
  low_city?: string | null;
  high_id: Id;
  high_name: string;
  high_city?: string | null;
  fields: string[];
  is_rival: boolean;
  decided_by?: string | null;
  decided_at?: string | null;
}

export const FIELDS = ['name', 'sex', 'born_on', 'inn', 'city', 'region', 'address'] as const;
export type FieldName = (typeof FIELDS)[number];
export type SideName = 'low' | 'high';

export interface Side {
  id: Id;
  kind: string;
  fields: Record<string, string | null>;
  is_opted_out: boolean;
  created_at: string;
  contacts: { kind: string; value: string; is_valid: boolean; dealer?: string | null }[];
  vehicles: { vin?: string | null; plate?: string | null; model?: string | null; model_year?: number | null }[];
  rights: { brand_id: number; line: Line; state: RightState; dealer: string; registered_at: string }[];
  consents: { purpose: string; channel?: string | null; dealer: string; given_at: string; withdrawn_at?: string | null }[];
  documents: { sales: number; orders: number; last_visit_on?: string | null };
}

export interface Pair {
  id: Id;
  version: number;
  class: string;
  score: number;
  weights: { field: string; weight: number; level: string }[];
  source: string;
  state: string;
  found_at: string;
  low: Side;
  high: Side;
  survivor: SideName;
}

export interface MergeRight {
  brand_id: number;
  line: Line;
  state: RightState;
  outcome: string;
  owner: Id;
  other?: Id | null;
}

export interface Outcome {
  fields: Record<string, string | null>;
  rights: MergeRight[];
  moved: Record<string, number>;
}

export interface MergeRow {
  id: Id;
  survivor_id: Id;
  survivor_name: string;
  merged_name: string;
  merged_at: string;
  merged_by?: string | null;
  alone_until: string;
  rights: MergeRight[];
  moved: Record<string, number>;
  undone_at?: string | null;
  undone_by?: string | null;
  reason?: string | null;
  is_asked: boolean;
}

export const other = (side: SideName): SideName => (side === 'low' ? 'high' : 'low');

/** Which sides' values differ, and which side the merge takes by itself: the survivor's, or the other's where it has none. */
export function taken(pair: Pair, survivor: SideName, chosen: Partial<Record<FieldName, SideName>>, field: FieldName): SideName {
  return chosen[field] ?? (pair[survivor].fields[field] === null && field !== 'name' ? other(survivor) : survivor);
}
