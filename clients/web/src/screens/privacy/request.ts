// SPDX-License-Identifier: Apache-2.0
// Shapes of the data-protection desk.
import type { Id } from '../../api/types';
import type { Side } from '../steward/pair';

export const KINDS = ['access', 'correction', 'withdrawal', 'erasure'] as const;

export interface RequestRow {
  id: Id;
  version: number;
  kind: string;
  state: string;
  source: string;
  person_id: Id;
  person_name: string;
  dealer_name: string;
  received_at: string;
  due_at: string;
  outcome?: string | null;
  decided_at?: string | null;
}

export interface PrivacyRequest extends Omit<RequestRow, 'person_name' | 'dealer_name' | 'person_id'> {
  evidence: string;
  person?: Side | null;
  blocked?: string | null;
  erasure?: { at: string; rows: Record<string, number>; files: number } | null;
  counts?: Record<string, number> | null;
}
