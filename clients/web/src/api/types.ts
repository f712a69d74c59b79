// SPDX-License-Identifier: Apache-2.0
// What the server speaks, as the screens use it. Paths are checked against schema.d.ts (generated); these are the
// bodies, named as in the API. Ids are UUID strings, money is kopecks, times RFC 3339 UTC, dates YYYY-MM-DD.
import type { CampaignRow } from './types-campaigns';
import type { WorkClock } from './types-routing';

export type * from './types-people';
export type * from './types-campaigns';
export type * from './types-admin';

export type Id = string;
export type Role =
  | 'admin' | 'marketer' | 'router' | 'arbiter' | 'manager' | 'seller' | 'adviser' | 'operator' | 'auditor' | 'system' | 'steward' | 'dpo';
export type Line = 'NEW' | 'USED' | 'FLEET' | 'SERVICE' | 'PARTS' | 'FIN';
export type RightState = 'OFFERED' | 'PENDING' | 'ACTIVE' | 'HELD' | 'CUSTOMER' | 'GRACE' | 'DISPUTED' | 'CLOSED';
export type Verdict = 'FREE' | 'YOURS' | 'PROTECTED' | 'IN_GRACE' | 'DISPUTED' | 'HQ' | 'OPTED_OUT';
export type Channel = 'EMAIL' | 'SMS' | 'CALL' | 'PUSH' | 'LETTER';
export type CampaignState = 'DRAFT' | 'CHECKED' | 'LAUNCHING' | 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FINISHED';
export type JobState = 'QUEUED' | 'RUNNING' | 'PAUSED' | 'DONE' | 'FAILED' | 'CANCELLED';
export type ImportState =
  | 'UPLOADED' | 'PARSED' | 'MAPPED' | 'CHECKED' | 'RUNNING' | 'DONE' | 'UNDOING' | 'UNDONE' | 'FAILED';
export type CallResult = 'agreed' | 'call_back' | 'refused' | 'no_answer' | 'wrong_number' | 'do_not_call';

export interface Page<T> {
  items: T[];
  next?: string | null;
  estimate?: number | null;
}

export interface Session {
  staff_id: Id;
  name: string;
  role: Role;
  dealer_id?: Id | null;
  dealer_name?: string | null;
  lang: string;
  time_zone: string;
  has_totp: boolean;
  csrf: string;
  rights: string[];
  network_name: string;
  is_demo: boolean;
  now: string;
}

export interface OwnSession {
  id: Id;
  agent: string;
  address: string;
  created_at: string;
  seen_at: string;
  is_current: boolean;
}

export interface Notice {
  id: Id;
  kind: string;
  subject: Id | null;
  at: string;
  read_at: string | null;
}

export interface SavedView {
  id: Id;
  screen: string;
  name: string;
  query: string;
}

export interface Dictionary {
  brands: { id: number; name: string }[];
  dealers: { id: Id; name: string; city: string }[];
  models: { brand_id: number; name: string }[];
  cities: string[];
  staff: { id: Id; name: string; role: Role }[];
  lines: Line[];
  lost_reasons: string[];
  call_results: string[];
  interaction_kinds: string[];
  policy: Record<string, unknown>;
}

export interface Task {
  id: Id;
  version: number;
  kind: string;
  title: string;
  due_at: string;
  state: 'OPEN' | 'DONE' | 'CANCELLED';
  seat_id?: Id | null;
  seat_name?: string | null;
  person_id?: Id | null;
  person_name?: string | null;
  outcome?: string | null;
  is_overdue: boolean;
}

export interface Lead {
  /** none: it is on head office's desk */
  right_id: Id;
  person_id: Id;
  name: string;
  phone_masked?: string | null;
  brand_id: number;
  line: Line;
  state: RightState;
  accept_until?: string | null;
  contact_until?: string | null;
  since: string;
  source?: string | null;
  interest?: string | null;
  dealer_name?: string | null;
  clock?: WorkClock | null;
  lead_id?: Id | null;
  is_desk?: boolean;
  due_at?: string | null;
  offers?: number | null;
  step?: number | null;
  rule?: string | null;
}

export interface Home {
  role: Role;
  tiles: { key: string; value: number; unit?: string; target?: number; link?: string }[];
  tasks?: Task[];
  leads?: Lead[];
  birthdays?: { person_id: Id; name: string; on: string }[];
  campaigns?: CampaignRow[];
  seats?: { id: Id; name: string; role: Role; clients: number; overdue: number }[];
  checklist: { key: string; is_done: boolean }[];
  /** of the administrator */
  attention?: Record<'no_factor' | 'not_accepted' | 'no_manager' | 'failed_jobs', Some>;
  entries?: { at: string; is_refused: boolean; name: string | null; role: Role | null; dealer_name: string | null }[];
  mail?: { waiting: number; waiting_since: string | null; accepted: number; failed: number; last_at: string | null };
}

/** How many there are, and the first few. */
export interface Some {
  count: number;
  items: { id: Id; name: string; role?: Role; dealer_id?: Id; dealer_name?: string; at?: string | null }[];
}

export interface Job {
  id: Id;
  kind: string;
  state: JobState;
  done: number | null;
  total: number | null;
  created_at?: string;
  finished_at?: string | null;
  result?: unknown;
  error?: string | null;
}
