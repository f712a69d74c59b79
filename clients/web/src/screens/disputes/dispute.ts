// SPDX-License-Identifier: Apache-2.0
// What the dispute screens read, as the server sends it.
export type Outcome = 'CLAIMANT' | 'OWNER' | 'POOL';

export interface DisputeRow {
  id: string;
  number: string;
  kind: string;
  state: string;
  side: string;
  brand_id: number;
  line: string;
  person_name: string | null;
  filed_at: string;
  due_at: string | null;
  awaits: string | null;
  outcome: Outcome | null;
}

export interface Evidence {
  id: string;
  side?: 'claimant' | 'owner';
  kind: string;
  weight: number;
  name: string;
  note?: string | null;
  happened_at: string;
  size_bytes: number;
  sha256: string;
  is_false?: boolean;
}

export interface Activity {
  id: string;
  side: 'claimant' | 'owner';
  kind: string;
  at: string;
  is_manual: boolean;
  evidence: string | null;
  text: string | null;
  staff_name: string | null;
  is_false: boolean;
}

export type SideFacts = Record<string, string | number | boolean | undefined>;

export interface Facts {
  claimant: SideFacts;
  owner: SideFacts;
  outcome: Outcome;
  step: string;
  credit_bp: number;
  /** of a dispute about credit: what speaks for a share, and the claimant's share before (R84) */
  shown?: Record<string, string>;
  ruled_bp?: number;
}

export interface Case extends DisputeRow {
  person_id: string | null;
  is_accepted: boolean | null;
  claim: string | null;
  answer: string | null;
  appeal: string | null;
  evidence: Evidence[];
  activities: Activity[] | null;
  facts: Facts | null;
  steps: { at: string; event: string; state: string; rule: string }[];
  rule: string | null;
  decision: string | null;
  departure: string | null;
  credit_bp: number | null;
  is_abuse: boolean;
  seats: { role: string; name: string; left_at: string | null; reason: string | null; vote: Outcome | null }[] | null;
  sides: { claimant: string; owner: string } | null;
}

export interface Precedent {
  number: string;
  kind: string;
  brand_id: number;
  line: string;
  outcome: Outcome;
  rule: string;
  decision: string;
  departure: string | null;
  credit_bp: number;
  is_overturned: boolean;
  decided_on: string;
}

/** Kinds a dealer files himself; the others are filed by a rule. */
export const KINDS = ['earlier_evidence', 'false_evidence', 'hidden_inactivity', 'wrong_match'] as const;
/** R101, strongest first; a note is written, not uploaded. */
export const EVIDENCE = ['choice', 'order', 'test_drive', 'consent', 'incoming', 'visit', 'offer', 'email', 'note'] as const;
/** Rows of the table of facts, in the order of R104. */
export const FACTS = ['choice_at', 'order_at', 'registered_at', 'qualifying', 'recent', 'in_territory', 'strongest', 'false'] as const;

const TONES: Record<string, string> = { FILED: 'warn', ADMITTED: 'warn', ANSWERED: 'tint', APPEALED: 'tint', DECIDED: 'good', FINAL: 'good', REJECTED: 'bad' };
export const toneOf = (state: string): string => TONES[state] ?? '';
/** Those who judge see both files. */
export const isJudge = (side: string): boolean => side === 'arbiter' || side === 'committee';
