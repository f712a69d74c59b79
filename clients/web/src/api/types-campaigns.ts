// SPDX-License-Identifier: Apache-2.0
// Segments, campaigns and call lists.
import type { CallResult, CampaignState, Id } from './types';
import type { TimelineItem, Vehicle } from './types-people';

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
  left_out?: string[] | null; // 10 and more, but they would tell a smaller one (R136)
}

export type Figures = Record<string, number | null>;

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
  // null figures: fewer than 10, to head office (R136)
  check?: { at: string; total: number | null; will_get: number | null; is_nearly_all?: boolean; confirm_count: number; reasons: Figures } | null;
  counts?: Figures | null;
  reasons?: Figures | null;
  progress?: { done: number | null; total: number | null; rate_per_min?: number | null } | null;
  results?: Figures | null;
  unsubscribed?: number | null;
  topic?: string | null;
  occasion?: string | null;
  is_direct?: boolean | null;
  announced_at?: string | null;
  exclude_until?: string | null;
  needs_notice?: boolean | null;
}

export interface Announcement {
  id: Id; name: string; grp: string; topic?: string | null; channel: string; subject?: string | null; body?: string | null; script?: string | null;
  announced_at: string; exclude_until: string; is_open: boolean; people: number; excluded: number; most: number;
}
export interface AnnouncedPerson { person_id: Id; name: string; city?: string | null; is_excluded: boolean; reason?: string | null }

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
