// SPDX-License-Identifier: Apache-2.0
// What the server speaks, as the screens use it. Paths are checked against schema.d.ts (generated); these are the
// bodies, named as in the API. Ids are UUID strings, money is kopecks, times RFC 3339 UTC, dates YYYY-MM-DD.

export type Id = string;
export type Role =
  | 'admin' | 'marketer' | 'router' | 'arbiter' | 'manager' | 'seller' | 'adviser' | 'operator' | 'auditor' | 'system';
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
}

export interface PersonRow {
  id: Id;
  kind: 'PERSON' | 'COMPANY';
  name: string;
  city?: string | null;
  phone?: string | null;
  phone_masked?: string | null;
  email_masked?: string | null;
  abc?: string | null;
  state?: RightState | null;
  brand_id?: number | null;
  line?: Line | null;
  seat_id?: Id | null;
  seat_name?: string | null;
  dealer_name?: string | null;
  protect_until?: string | null;
  vehicle?: string | null;
  last_visit_on?: string | null;
  order_count?: number | null;
  order_kopecks?: number | null;
  next_task_at?: string | null;
  level?: string;
}

export interface FoundPerson {
  id: Id;
  name: string;
  matched: string;
  phone_masked?: string | null;
  vehicle?: string | null;
  state?: RightState | null;
}

export interface Contact {
  id: Id;
  kind: 'PHONE' | 'EMAIL' | 'POSTAL';
  value: string;
  raw?: string | null;
  is_primary: boolean;
  is_valid: boolean;
  source?: string | null;
  source_dealer?: string | null;
  version: number;
}

export interface Vehicle {
  id: Id;
  vin?: string | null;
  plate?: string | null;
  brand?: string | null;
  model?: string | null;
  model_year?: number | null;
  color?: string | null;
  mileage_km?: number | null;
  mileage_on?: string | null;
  km_per_day?: number | null;
  next_service_on?: string | null;
  next_service_km?: number | null;
}

export interface Right {
  id: Id;
  brand_id: number;
  line: Line;
  state: RightState;
  since: string;
  protect_until?: string | null;
  limit_until?: string | null;
  accept_until?: string | null;
  contact_until?: string | null;
  seat_id?: Id | null;
  seat_name?: string | null;
  is_mine: boolean;
  used_share?: number | null;
  prolongs_until?: string | null;
}

export interface Consent {
  purpose: string;
  channel?: Channel | null;
  dealer?: string | null;
  given_at: string;
  withdrawn_at?: string | null;
  text_version?: string | null;
  evidence?: string | null;
}

export interface Sale {
  id: Id;
  number: string;
  sold_on: string;
  line: Line;
  brand_id: number;
  amount_kopecks?: number | null;
}

export interface RepairOrder {
  id: Id;
  number: string;
  opened_on: string;
  amount_kopecks?: number | null;
  mileage_km?: number | null;
  what?: string | null;
}

export interface WhatNow {
  kind: 'call_lead' | 'first_contact' | 'task' | 'expiring' | 'service_due' | 'follow_up' | 'none';
  title_key?: string | null;
  due_at?: string | null;
  subject_id?: Id | null;
  reason_rule?: string | null;
}

export interface Person {
  id: Id;
  version: number;
  kind: 'PERSON' | 'COMPANY';
  name: string;
  surname?: string | null;
  given_name?: string | null;
  patronymic?: string | null;
  sex?: string | null;
  born_on?: string | null;
  inn?: string | null;
  city?: string | null;
  region?: string | null;
  address?: string | null;
  abc?: string | null;
  level: string;
  is_opted_out: boolean;
  contacts: Contact[];
  vehicles: Vehicle[];
  rights: Right[];
  consents: Consent[];
  sales: Sale[];
  orders: RepairOrder[];
  tasks: Task[];
  attachments_count: number;
  now?: WhatNow | null;
}

export interface TimelineItem {
  id: Id;
  at: string;
  kind: string;
  title?: string | null;
  text?: string | null;
  staff_name?: string | null;
  is_own: boolean;
  is_qualifying?: boolean;
  amount_kopecks?: number | null;
  document?: string | null;
}

export interface OwnershipItem {
  at: string;
  brand_id: number;
  line: Line;
  state: RightState;
  dealer_name?: string | null;
  reason?: string | null;
  rule?: string | null;
  staff_name?: string | null;
}

export interface Attachment {
  id: Id;
  name: string;
  media_type: string;
  size_bytes: number;
  created_at: string;
  staff_name?: string | null;
}

export interface ProbeAnswer {
  verdict: Verdict;
  is_claim_possible: boolean;
  claim_from?: string | null;
  rule?: string | null;
  /** only when the verdict is YOURS */
  person_id?: Id | null;
}

export interface Registration extends ProbeAnswer {
  state?: 'ACTIVE' | 'DRAFT' | null;
  right_id?: Id | null;
  receipt?: { number: string | number; at: string; sha256: string } | null;
  protect_until?: string | null;
  missing?: string[] | null;
}

export interface ImportBatch {
  id: Id;
  version: number;
  kind: string;
  state: ImportState;
  name: string;
  encoding?: string | null;
  separator?: string | null;
  header?: string[] | null;
  sample?: string[][] | null;
  mapping?: Record<string, number> | null;
  rows_total?: number | null;
  rows_done?: number | null;
  counts?: Record<string, number> | null;
  error?: string | null;
  job_id?: Id | null;
  created_at?: string;
  brand_id?: number | null;
  line?: Line | null;
  fields?: { name: string; is_required: boolean }[] | null;
}

export interface ImportRow {
  line_no: number;
  cells: string[];
  verdict?: string | null;
  field?: string | null;
  error?: string | null;
  person_id?: Id | null;
  receipt?: string | null;
}

export type Definition =
  | { and: Definition[] }
  | { or: Definition[] }
  | { not: Definition }
  | { attr: string; op: string; value: unknown };

export interface Segment {
  id: Id;
  name: string;
  version: number;
  definition: Definition;
  created_at: string;
}

export interface SegmentCount {
  count: number | null;
  is_small: boolean;
  by?: Record<string, unknown> | null;
}

export interface CampaignRow {
  id: Id;
  name: string;
  class: number;
  grp: string;
  channel: 'EMAIL' | 'CALL';
  state: CampaignState;
  dealer_name?: string | null;
  launched_at?: string | null;
  total?: number | null;
  sent?: number | null;
  dropped?: number | null;
  failed?: number | null;
  done?: number | null;
}

export interface Campaign extends CampaignRow {
  version: number;
  brand_id?: number | null;
  definition?: Definition | null;
  subject?: string | null;
  body?: string | null;
  script?: string | null;
  lock_days?: number | null;
  starts_at?: string | null;
  ends_at?: string | null;
  job_id?: Id | null;
  check?: { at: string; total: number; will_get: number; reasons: Record<string, number> } | null;
  counts?: Record<string, number> | null;
  reasons?: Record<string, number> | null;
  progress?: { done: number; total: number; rate_per_min?: number | null } | null;
  results?: Record<string, number> | null;
  unsubscribed?: number | null;
}

export interface Recipient {
  person_id: Id;
  name: string;
  state: string;
  reason?: string | null;
  free_week?: string | null;
  changed_at?: string | null;
}

export interface CallList {
  campaign_id: Id;
  name: string;
  total: number;
  processed: number;
  not_reached: number;
  left: number;
  agreed: number;
  script?: string | null;
}

export interface NextCall {
  call_id: Id | null;
  next_at?: string | null;
  version?: number;
  person?: { id: Id; name: string; kind: string; city?: string | null; phone?: string | null; contact_kind?: string };
  vehicles?: Vehicle[];
  last_contacts?: TimelineItem[];
  recommendations?: { key: string; [extra: string]: unknown }[];
  script?: string | null;
  attempts?: number;
  counters?: CallCounters;
}

export interface CallCounters {
  processed: number;
  not_reached: number;
  total: number;
}

export interface CallItem {
  call_id: Id;
  n: number;
  name: string;
  phone?: string | null;
  processed: boolean;
  not_reached: boolean;
  called_at?: string | null;
  result?: CallResult | null;
  operator_name?: string | null;
}

export interface Branch {
  dealer_id: Id;
  dealer_name: string;
  city: string;
  [measure: string]: string | number | null;
}

export interface SeriesPoint {
  dealer_id: Id;
  month_on: string;
  value: number | null;
  count: number;
}

export interface LedgerRow {
  id: string | number;
  at: string;
  staff_name?: string | null;
  role?: string | null;
  dealer_name?: string | null;
  kind: string;
  subject?: string | null;
  rule?: string | null;
  detail?: unknown;
  request_id?: string | null;
}

export interface StaffRow {
  id: Id;
  version: number;
  name: string;
  role: Role;
  email?: string | null;
  login: string;
  dealer_id?: Id | null;
  dealer_name?: string | null;
  is_active: boolean;
  left_at?: string | null;
  last_seen_at?: string | null;
  has_totp: boolean;
}

export interface DealerRow {
  id: Id;
  version?: number;
  name: string;
  city: string;
  time_zone: string;
  is_active: boolean;
  lines?: { brand_id: number; line: Line }[] | null;
}

export interface Job {
  id: Id;
  kind: string;
  state: JobState;
  done: number;
  total: number | null;
  created_at?: string;
  finished_at?: string | null;
  result?: unknown;
  error?: string | null;
}
