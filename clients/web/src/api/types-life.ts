// SPDX-License-Identifier: Apache-2.0
// The life of rights as its screens see it.
import type { Id, Line, RightState, Verdict } from './types';

export interface FunnelCount {
  stage: number;
  total: number;
}
export interface FunnelCard {
  right_id: Id;
  person_id: Id;
  name: string;
  brand_id: number;
  line: Line;
  state: RightState;
  stage: number;
  stage_at: string;
  protect_until?: string | null;
  contact_until?: string | null;
  parked_on?: string | null;
  next_task_at?: string | null;
  seat_name?: string | null;
  interest?: string | null;
  version: number;
}
export interface Protection {
  id: Id;
  state: RightState;
  version: number;
  protect_until?: string | null;
  limit_until?: string | null;
  grace_until?: string | null;
  days_left?: number | null;
  used_share?: number | null;
  parked_on?: string | null;
  can_park: boolean;
  park_latest_on: string;
  extended_at?: string | null;
  can_extend: boolean;
  extension?: { asked_at: string; until_at: string; next_on: string; next_step: string } | null;
  manual_left: number;
  would_prolong?: { kind: string; needs_evidence: boolean }[] | null;
  prolongs_until?: string | null;
}
export interface PolicyVersion {
  value: number;
  valid_from: string;
  by?: string | null;
  reason?: string | null;
}
export interface Policy {
  name: string;
  value: number;
  unit: string;
  min_value?: number | null;
  max_value?: number | null;
  rule: string;
  valid_from: string;
  changed_by?: string | null;
  version: number;
  planned?: PolicyVersion[] | null;
  history?: PolicyVersion[] | null;
}
export interface Review {
  id: Id;
  person_id: Id;
  person_name: string;
  other_id?: Id | null;
  other_name?: string | null;
  dealer_name: string;
  staff_name?: string | null;
  brand_id: number;
  line: Line;
  reasons: string[];
  at: string;
  until_at: string;
}
export interface Sample {
  id: Id;
  person_id: Id;
  person_name: string;
  dealer_name: string;
  staff_name?: string | null;
  kind: string;
  happened_at: string;
}
export interface FollowUp {
  id: Id;
  kind: string;
  person_id: Id;
  person_name: string;
  dealer_name: string;
  brand_id: number;
  line: Line;
  due_on: string;
}
export interface EventList {
  id: Id;
  version: number;
  name: string;
  kind: string;
  from_on: string;
  to_on: string;
  is_open: boolean;
  is_own: boolean;
  used?: number | null;
  quota: number;
  waiting?: number | null;
}
export interface ColdRow {
  id: Id;
  event_id: Id;
  event_name: string;
  name: string;
  phone?: string | null;
  email?: string | null;
  city?: string | null;
  state: string;
  verdict?: Verdict | null;
  at: string;
}
export interface WaitingClaim {
  id: Id;
  name?: string | null;
  phone?: string | null;
  email?: string | null;
  vin?: string | null;
  brand_id: number;
  line: Line;
  staff_name?: string | null;
  at: string;
  claim_from?: string | null;
}
export interface TaskOutcome {
  kind: string;
  code: string;
  next_kind?: string | null;
  next_minutes?: number | null;
  needs_note: boolean;
}
export interface TaskEnded {
  id: Id;
  version: number;
  next_id?: Id | null;
  next_kind?: string | null;
  next_due_at?: string | null;
}
export interface Outage {
  id: Id;
  from_at: string;
  until_at: string;
  is_planned: boolean;
  state: string;
  reason?: string | null;
  rights?: number | null;
  can_cancel: boolean;
}
export interface EvidenceQuality {
  dealer_name: string;
  staff_name?: string | null;
  manual: number;
  sampled: number;
  false_count: number;
  unreached: number;
  voids: number;
  back_dated: number;
}
