// SPDX-License-Identifier: Apache-2.0
// People as the desk sees them: rows, records, rights, documents, registration.
import type { Channel, Id, Line, RightState, Task, Verdict } from './types';

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
  vehicles_count: number; // vehicles holds the latest 100
  unmasked_until?: string | null; // contacts opened with a reason stand in full until then
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
  currency?: string | null;
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
  /** R32: whose territory the client lives in, by what was given. */
  area?: string | null;
}
