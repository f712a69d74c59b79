// SPDX-License-Identifier: Apache-2.0
// Bodies of routing as screens use them.
import type { Id, Line } from './types';

export interface WorkClock { is_open: boolean; left_min: number; runs_from?: string | null; runs_until?: string | null }
export interface DealerName { id: Id; name: string }

export interface WhyStep { step: number; rule: string; result: string; by_stock: boolean; count: number; dealers: { dealer: DealerName | null; out?: string | null }[] }
export interface WhyWeight { dealer: DealerName | null; weight: number; share: number; capacity?: number | null; open: number; quality: number; credit_before: number; credit_after: number }
export interface WhyDecision {
  seq: number; at: string; version: number; step: number; rule: string; result: string; reason?: string | null; staff_name?: string | null; dealer: DealerName | null;
  region?: string | null; place?: string | null; refusals: number; is_late: boolean; path: WhyStep[]; candidates: number; weights?: WhyWeight[] | null; replay: string;
  answer?: { answer: string; reason?: string | null; at: string } | null;
}
export interface Why { lead_id: Id; state: string; came_at: string; due_at: string; desk_at?: string | null; decisions: WhyDecision[] | null }

export interface RegionRow { code: string; name: string; name_en: string; lon: number; lat: number; dealers: Id[]; holders?: number | null }
export interface Piece {
  id: Id; dealer_id: Id; kind: 'region' | 'postal' | 'ring'; region?: string | null; postal_from?: string | null; postal_to?: string | null;
  ring?: [number, number][] | null; name?: string | null; from_on: string; to_on?: string | null;
}
export interface Territories { on: string; version: number; regions: RegionRow[]; gaps?: number | null; overlaps?: number | null; pieces: Piece[] }

export interface RoutingDealer {
  dealer_id: Id; name: string; city: string; share: number; capacity?: number | null; open: number; quality: number; accepted?: number | null; no_contact?: number | null;
  ordered?: number | null; stop?: string | null; is_active: boolean; pieces: number; turns: number; models?: { model: string; due_on: string; cars: number }[] | null;
}
export interface CalendarYear { country: string; year: number; published_on?: string | null; off_days: number; short_days: number; work_days: number; loaded_at: string; days: { on: string; kind: 'off' | 'short' | 'work'; title?: string | null }[] }
export interface WebSite {
  id: Id; name: string; dealer_name?: string | null; brand_id?: number | null; line?: Line | null; per_hour: number; created_at: string; closed_at?: string | null;
  leads_30d: number; failed_30d: number; waiting: number; key?: string | null;
}
