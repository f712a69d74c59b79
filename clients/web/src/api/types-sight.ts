// SPDX-License-Identifier: Apache-2.0
// Seeing: reasons, files of rows, incoming calls, the watch list.
import type { Id, Line, RightState, TimelineItem, Verdict } from './types';
import type { Person } from './types-people';

export interface SightReason {
  viewer: string;
  level: string;
  rule: string;
  state?: RightState | null;
  brand_id?: number | null;
  line?: Line | null;
  since?: string | null;
  until?: string | null;
}

export interface Sight {
  level: string;
  reasons: SightReason[];
  unmasked_until?: string | null;
  may_unmask: boolean;
}

export interface Sheet {
  person: Person;
  timeline: TimelineItem[];
  printed_at: string;
  printed_by: string;
  mark: string;
}

export interface ExportRow {
  id: Id;
  number: string;
  route: string;
  state: string;
  row_count: number;
  is_personal: boolean;
  reason?: string | null;
  staff_name: string;
  dealer_name: string;
  asked_at: string;
  valid_until?: string | null;
  done_at?: string | null;
  is_own: boolean;
}

export interface Arrival {
  id: Id;
  verdict: Verdict;
  is_claim_possible: boolean;
  claim_from?: string | null;
  rule: string;
  people: { id: Id; name: string; level: string; state?: RightState | null; seat_name?: string | null; vehicle?: string | null }[];
}

export interface ArrivalRow {
  id: Id;
  at: string;
  number?: string | null;
  verdict: Verdict;
  is_attested: boolean;
  staff_name?: string | null;
  said_name?: string | null;
  said_text?: string | null;
}

export interface WatchRow {
  on_day: string;
  pattern: string;
  count: number;
  staff_id: Id;
  staff_name: string;
  role: string;
  dealer_name: string;
  first_at: string;
  last_at: string;
  rule: string;
}
