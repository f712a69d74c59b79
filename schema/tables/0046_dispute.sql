-- SPDX-License-Identifier: Apache-2.0
-- Disputes and arbitration (D.11): the case, its steps, evidence, findings, arbiters, and who of head office is tied to whom.
-- personal: claim, answer, appeal

create type core.dispute_kind as enum ('earlier_evidence', 'false_evidence', 'hidden_inactivity', 'wrong_match', 'service_move', 'credit');
create type core.dispute_state as enum ('FILED', 'ADMITTED', 'ANSWERED', 'DECIDED', 'APPEALED', 'FINAL', 'REJECTED', 'WITHDRAWN');
create type core.dispute_outcome as enum ('CLAIMANT', 'OWNER', 'POOL');

-- R106: the organisation tree. Dealers under one owner are a group, groups may stand under a group.
create table core.dealer_group (
  group_id  int generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  parent_id int references core.dealer_group,
  name      core.short_text not null unique,
  check (parent_id <> group_id));
alter table core.dealer add column group_id int references core.dealer_group;

create table core.staff_tie (                        -- who of head office is employed by, reports to or is kin at a dealer
  staff_id  bigint not null references core.staff,
  dealer_id int not null references core.dealer,
  kind      text not null check (kind in ('employed', 'reports', 'family', 'share')),
  set_by    bigint, at timestamptz not null default core.now(),
  primary key (staff_id, dealer_id, kind));

create table core.dispute (
  dispute_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  number     text not null unique,
  kind       core.dispute_kind not null,
  state      core.dispute_state not null default 'FILED',
  party_id   bigint not null references core.party,
  brand_id   smallint not null references core.brand,
  line       core.line not null,
  vehicle_id bigint references core.vehicle,
  ownership_id bigint not null,                      -- the right it is about; follows a merge
  claimant_id int not null references core.dealer, claimant_staff bigint references core.staff,
  owner_id   int not null references core.dealer, owner_seat bigint references core.staff,   -- the other side
  is_system  boolean not null default false,         -- filed by a rule (merge, service move, credit, outage): outside the quota
  basis_at   timestamptz not null,                   -- the verdict or notice it is about: R100 counts from here
  claim      core.long_text not null,
  answer     core.long_text,
  appeal     core.long_text,
  is_accepted boolean not null default false,        -- R102: the owner was silent or agreed: facts accepted
  -- R103: what the right was when the clock stopped
  was_state  core.right_state, frozen_at timestamptz, left_protect interval, left_limit interval, left_grace interval,
  arbiter_id bigint references core.staff,
  filed_at   timestamptz not null default core.now(),
  due_at     timestamptz,                            -- end of the present step; NULL when nothing is awaited
  answered_at timestamptz, decided_at timestamptz, appealed_at timestamptz, appealed_by int, final_at timestamptz,
  refused    text,                                   -- REJECTED: which rule of admissibility; never told in detail
  outcome    core.dispute_outcome, first_outcome core.dispute_outcome,
  rule       text,                                   -- step of R104 that decided
  facts      jsonb,                                  -- as they were at the decision
  departure  core.long_text,                         -- why the arbiter departed from the proposal
  decision   core.long_text,                         -- facts in neutral words: both sides and precedents read it
  credit_bp  int check (credit_bp between 0 and 10000),   -- claimant's share of the credit
  is_abuse   boolean not null default false,         -- R108: lost for false evidence
  ver        int not null default 1,
  search     tsvector generated always as (to_tsvector('russian'::regconfig, coalesce(decision, ''))) stored,
  check ((outcome is null) = (decided_at is null)),
  check (claimant_id <> owner_id));
-- R100: one at a time for a person, brand, line and car
create unique index dispute_one_open on core.dispute (party_id, brand_id, line, coalesce(vehicle_id, 0))
  where state in ('FILED', 'ADMITTED', 'ANSWERED', 'DECIDED', 'APPEALED');
create index dispute_claimant on core.dispute (claimant_id, dispute_id desc);
create index dispute_owner on core.dispute (owner_id, dispute_id desc);
create index dispute_arbiter on core.dispute (arbiter_id, dispute_id desc);
create index dispute_due on core.dispute (due_at) where state in ('FILED', 'ADMITTED', 'ANSWERED', 'DECIDED', 'APPEALED');
create index dispute_right on core.dispute (ownership_id);
create index dispute_search on core.dispute using gin (search) where state in ('DECIDED', 'APPEALED', 'FINAL');
create index dispute_precedent on core.dispute (decided_at desc, dispute_id desc) where decision is not null;

create table core.dispute_transition (
  event text not null, from_state core.dispute_state, to_state core.dispute_state not null, rule text not null,
  unique nulls not distinct (event, from_state, to_state));
insert into core.dispute_transition values
  ('file', null, 'FILED', 'R100'), ('admit', 'FILED', 'ADMITTED', 'R102'), ('reject', 'FILED', 'REJECTED', 'R100'),
  ('withdraw', 'FILED', 'WITHDRAWN', 'R100'), ('withdraw', 'ADMITTED', 'WITHDRAWN', 'R100'), ('withdraw', 'ANSWERED', 'WITHDRAWN', 'R100'),
  ('answer', 'ADMITTED', 'ANSWERED', 'R102'), ('silence', 'ADMITTED', 'ANSWERED', 'R102'),
  ('next', 'ADMITTED', 'ADMITTED', 'R106'), ('next', 'ANSWERED', 'ANSWERED', 'R102'), ('next', 'APPEALED', 'APPEALED', 'R102'),
  ('decide', 'ANSWERED', 'DECIDED', 'R107'), ('appeal', 'DECIDED', 'APPEALED', 'R102'), ('final', 'DECIDED', 'FINAL', 'R102'),
  ('uphold', 'APPEALED', 'FINAL', 'R102'), ('overturn', 'APPEALED', 'FINAL', 'R102'),
  ('end', 'FILED', 'REJECTED', 'R100'), ('end', 'ADMITTED', 'REJECTED', 'R100'), ('end', 'ANSWERED', 'REJECTED', 'R100'),
  ('end', 'DECIDED', 'FINAL', 'R102'), ('end', 'APPEALED', 'FINAL', 'R102');

create table core.dispute_step (                     -- what happened in the case; never changed
  dispute_id bigint not null references core.dispute, ver int not null,
  at timestamptz not null, staff_id bigint, event text not null, state core.dispute_state not null, rule text not null,
  detail jsonb not null default '{}',
  primary key (dispute_id, ver));

create table core.dispute_evidence (
  dispute_id  bigint not null references core.dispute,
  evidence_id bigint not null references core.evidence,
  dealer_id   int not null,                          -- side that brought it
  at timestamptz not null default core.now(),
  primary key (dispute_id, evidence_id));
create index dispute_evidence_where on core.dispute_evidence (evidence_id);

-- R38: what the arbiter found false: a piece of evidence, or an activity the owner recorded
create table core.dispute_finding (
  dispute_id bigint not null references core.dispute,
  ref        uuid not null,                          -- public id of the evidence or the interaction
  what       text not null check (what in ('evidence', 'activity')),
  dealer_id  int not null, staff_id bigint,          -- the seat it counts against
  found_by   bigint not null, at timestamptz not null default core.now(),
  is_final   boolean not null default false,         -- counts against the seat from the decision on
  primary key (dispute_id, ref));
create index dispute_finding_seat on core.dispute_finding (staff_id) where is_final;

create table core.dispute_seat (                     -- who was given the case, and when it left him
  dispute_id bigint not null references core.dispute,
  staff_id   bigint not null references core.staff,
  role       text not null check (role in ('arbiter', 'committee')),
  assigned_at timestamptz not null, due_at timestamptz,
  left_at    timestamptz, reason text,               -- silence | conflict | left
  vote       core.dispute_outcome, vote_text core.long_text, voted_at timestamptz,
  primary key (dispute_id, staff_id));
create index dispute_seat_staff on core.dispute_seat (staff_id, assigned_at desc);

-- R100: when a dealer first heard a verdict about these keys
create index probe_keys on core.probe (dealer_id, key_hash, at);
