// SPDX-License-Identifier: Apache-2.0
// Relatives, companies, fleets, service moves as the screens use them.
import type { Id, Line } from './types';

export interface Relative { id: Id; person_id: Id; name: string; relation: string; is_confirmed: boolean; from_on: string; to_on?: string | null }
export interface Job { id: Id; company_id: Id; name: string; job: string; from_on: string; to_on?: string | null }
export interface DrivenCar { id: Id; vehicle_id: Id; company_id: Id; company: string; title: string; plate?: string | null; from_on: string }
export interface Family { links: Relative[]; jobs: Job[]; cars: DrivenCar[] }

export interface KnownPerson { person_id?: Id | null; contacts: { kind: string; value: string }[] }
export interface Branch { id: Id; name: string; kpp: string; city?: string | null; address?: string | null; is_carved: boolean; is_open: boolean }
export interface CarveOut {
  id: Id; party_id: Id; party: string; brand_id: number; brand: string; line: Line; dealer?: string | null; is_mine: boolean; from_on: string; to_on: string;
  state: 'PLANNED' | 'IN_FORCE' | 'ENDED'; reason?: string | null; is_key: boolean; is_agreed: boolean; waits: boolean; may_agree: boolean;
}
export interface CompanyContact { id: Id; name: string; job: string; from_on: string; to_on?: string | null; person: KnownPerson }
export interface Driver { id: Id; name: string; vehicle_id?: Id; plate?: string | null; title?: string | null; from_on: string; to_on?: string | null; person: KnownPerson }
export interface Lease { id: Id; vehicle_id: Id; title: string; plate?: string | null; is_lessee: boolean; other: string; contract?: string | null; from_on: string; to_on?: string | null }
export interface Company {
  inn?: string | null; kpp?: string | null; head?: { id: Id; name: string } | null; branches: Branch[];
  groups: { id: Id; name: string; from_on: string; keys: { brand_id: number; from_on: string; to_on: string; dealer?: string | null; is_mine: boolean }[] }[];
  carve_outs: CarveOut[]; contacts: CompanyContact[]; drivers: Driver[]; leases: Lease[]; cars_count: number; may_edit: boolean;
}
export interface FleetCar {
  id: Id; title: string; plate?: string | null; vin?: string | null; model_year?: number | null; from_on: string; mileage_km?: number | null; mileage_on?: string | null;
  driver?: string | null; is_leased: boolean;
}
export interface VehiclePage {
  id: Id; vin?: string | null; plate?: string | null; brand?: string | null; model?: string | null; model_year?: number | null; color?: string | null;
  owners: { person_id?: Id | null; name?: string | null; from_on: string; to_on?: string | null }[];
  readings: { read_on: string; mileage_km: number; is_own: boolean }[]; drivers: Driver[];
  lease?: { id: Id; lessor: string; lessee: string; contract?: string | null; from_on: string } | null;
}
export interface KeyAccount {
  id: Id; brand_id: number; brand: string; dealer: string; is_hq: boolean; from_on: string; to_on: string; reason: string; ended_at?: string | null; in_force: number; waiting: number;
}
export interface CompanyGroup { id: Id; version: number; name: string; members: number; keys: KeyAccount[] }
export interface CompanyGroupWhole {
  id: Id; version: number; name: string; members: { id: Id; name: string; inn: string; city?: string | null; from_on: string; branches: number }[]; keys: KeyAccount[]; carve_outs: CarveOut[];
}
export interface ServiceMove {
  id: Id; person_id: Id; name?: string | null; brand_id: number; vehicle?: string | null; is_leaving?: boolean | null; rule: 'second_visit' | 'long_unseen';
  state: 'ANNOUNCED' | 'OBJECTED' | 'MOVED' | 'VOID'; announced_at: string; object_until: string; ended_at?: string | null; objection?: string | null;
  from_dealer?: string | null; to_dealer?: string | null;
}
export interface Permit {
  id: Id; campaign: string; topic?: string | null; text?: string | null; asking: string; holder: string; is_asked: boolean; state: 'ASKED' | 'GRANTED' | 'REFUSED';
  asked_at: string; decided_at?: string | null;
}
