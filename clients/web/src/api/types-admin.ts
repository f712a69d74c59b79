// SPDX-License-Identifier: Apache-2.0
// Imports, branch comparison, ledger, users and dealers.
import type { Id, ImportState, Line, Role } from './types';

export interface ImportBatch {
  id: Id;
  version: number;
  kind: string;
  state: ImportState;
  name: string;
  format?: string | null;
  encoding?: string | null;
  separator?: string | null;
  sheets?: string[] | null;
  sheet?: string | null;
  is_named?: boolean;
  is_remembered?: boolean;
  flaws?: number | null;
  same_as?: Id | null;
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
  area?: string | null;
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
