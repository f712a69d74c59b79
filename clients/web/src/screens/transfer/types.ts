// SPDX-License-Identifier: Apache-2.0
// Bodies of walk-ins, choices, transfers, credit and approvals as the server sends them, and the tone of their states.
import type { Id, Line, RightState, Verdict } from '../../api/types';

export interface WalkIn {
  id: Id;
  name: string | null;
  reason: string;
  brand_id: number;
  line: Line;
  document: string | null;
  from_at: string;
  until_at: string;
  is_open: boolean;
  is_place_told: boolean;
  staff_name: string | null;
  visits: number;
  last_at: string | null;
  person_id: Id | null;
}
export interface WalkInVisit {
  id: Id;
  kind: string;
  at: string;
  staff_name: string | null;
  note: string | null;
}
export interface WalkInCard extends Omit<WalkIn, 'visits'> {
  told: Record<string, string>;
  visits: WalkInVisit[];
  choices: { id: Id; kind: string; at: string; until_at: string; state: string }[];
}
export interface WalkInAnswer {
  verdict: Verdict;
  grant_id: Id | null;
  until_at: string | null;
}
export interface Choice {
  id: Id;
  kind: string;
  state: string;
  person_id: Id | null;
}
export interface Elsewhere {
  id: Id;
  on_day: string;
  person_id: Id;
  person_name: string;
  brand_id: number;
  line: Line;
  kind: string;
  place: string | null;
}
export interface Transfer {
  id: Id;
  side: 'in' | 'out' | 'office';
  person_id: Id | null;
  person_name: string | null;
  city: string | null;
  brand_id: number;
  line: Line;
  right_state: RightState | null;
  protect_until: string | null;
  reason: string;
  state: string;
  from_dealer: string;
  to_dealer: string;
  asked_by: string | null;
  asked_at: string;
  until_at: string;
  answered_at: string | null;
  answer: string | null;
  is_covered: boolean | null;
  notes: string | null;
  can_answer: boolean;
  can_withdraw: boolean;
}
export interface Batch {
  id: Id;
  from_dealer: string;
  is_ceasing: boolean;
  reason: string;
  brand_id: number | null;
  line: Line | null;
  city: string | null;
  mode: string;
  effective_at: string;
  counts: { total: number; move: number; close: number; held: number; disputed: number; locked: number; covered: number; stay: Record<string, number>; targets: { dealer: string; rights: number }[] };
  state: string;
  total: number;
  moved: number;
  stayed: number;
  asked_by: string;
  approved_by: string | null;
  created_at: string;
  done_at: string | null;
  can_ask: boolean;
  can_cancel: boolean;
}
export interface Credit {
  id: Id;
  side: string;
  document: string | null;
  on_day: string;
  brand_id: number;
  line: Line;
  own_bp: number;
  state: string;
  rule: string;
  facts: Record<string, string> | null;
  person_id: Id | null;
  seller: string | null;
  other: string | null;
  dispute_id: Id | null;
  can_dispute: boolean;
}
export interface PastDocument {
  id: Id;
  kind: string;
  number: string;
  on_day: string;
  brand_id: number | null;
  line: Line;
  amount_kopecks: number;
}
export interface Approval {
  id: Id;
  kind: string;
  detail: Record<string, unknown>;
  state: string;
  rule: string;
  asked_by: string;
  asked_at: string;
  until_at: string;
  decided_by: string | null;
  decided_at: string | null;
  reason: string | null;
  can_decide: boolean;
}
export interface OwnerEntry {
  right_id: Id;
  dealer_name: string;
  brand_id: number;
  line: Line;
  since: string;
  until: string | null;
  state: RightState;
  begun_rule: string;
  reason: string | null;
  ended_rule: string | null;
  transfer_reason: string | null;
  is_own: boolean;
}
export interface Inheritance {
  visits: { on: string; mileage_km: number | null; brand_id: number | null; plate: string | null }[];
  sales: { on: string; brand_id: number; line: Line; model: string | null }[];
  appointments: { at: string; kind: string }[];
  complaint: boolean;
  interests: string[];
  campaigns: { at: string; channel: string }[];
  notes: { at: string; text: string }[];
  transfers: { id: Id; reason: string; at: string; is_covered: boolean; notes: string | null }[];
}

export function toneOf(state: string): string {
  if (['ACCEPTED', 'DONE', 'APPROVED', 'DECIDED'].includes(state)) return 'good';
  if (['REFUSED', 'CANCELLED'].includes(state)) return 'bad';
  if (['OFFERED', 'ASKED', 'RUNNING', 'DISPUTED'].includes(state)) return 'warn';
  return '';
}
