-- SPDX-License-Identifier: Apache-2.0
-- The life of a right beside its row: reviews, lists of events, cold rows, samples, follow-ups, marks of a seat, stages, outages.

create table core.review (                           -- R32: registrations that somebody looks at before they stand
  review_id  bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  ownership_id bigint not null unique,
  party_id   bigint not null references core.party, dealer_id int not null, staff_id bigint,
  brand_id   smallint not null, line core.line not null,
  reasons    text[] not null check (cardinality(reasons) between 1 and 10),   -- strong | fleet | sequence | one_phone | night
  other_id   bigint references core.party,           -- the party with two of the keys and another name
  until_at   timestamptz not null,                   -- then the claim stands
  state      text not null default 'OPEN' check (state in ('OPEN', 'STANDS', 'REFUSED', 'EXPIRED')),
  note       core.short_text, decided_by bigint, decided_at timestamptz,
  at         timestamptz not null default core.now());
create index review_open on core.review (until_at, review_id) where state = 'OPEN';
create index review_party on core.review (party_id);

create table core.event_list (                       -- R36: an exhibition, a purchased base; R37: a cold list
  event_id  bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  dealer_id int not null references core.dealer,     -- whose; 0 = head office, for every dealer
  kind      text not null check (kind in ('exhibition', 'purchased', 'cold', 'other')),
  name      core.short_text not null check (length(btrim(name)) > 0),
  from_on   date not null, to_on date not null check (to_on >= from_on and to_on <= from_on + 366),
  is_open   boolean not null default true,
  created_by bigint, created_at timestamptz not null default core.now(), version int not null default 1);
create index event_list_dealer on core.event_list (dealer_id, from_on desc, event_id desc);
create table core.event_quota (                      -- R36: 500 rows a seat and event
  event_id bigint not null references core.event_list, dealer_id int not null references core.dealer,
  staff_id bigint not null references core.staff, used int not null default 0 check (used >= 0),
  primary key (event_id, dealer_id, staff_id));

-- R37: a row of a cold list is nobody's: no party, no key, no right, until the client answers. Deleted after its time.
-- personal: data
create table core.cold_row (
  cold_id   bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  event_id  bigint not null references core.event_list,
  dealer_id int not null references core.dealer, staff_id bigint references core.staff,
  data      jsonb not null, key_hash bytea not null,
  state     text not null default 'WAITING' check (state in ('WAITING', 'REGISTERED', 'REFUSED')),
  verdict   core.verdict, party_id bigint, answered_at timestamptz,
  created_at timestamptz not null default core.now(),
  unique (event_id, dealer_id, key_hash));
create index cold_row_dealer on core.cold_row (dealer_id, state, cold_id);
create index cold_row_made on core.cold_row (created_at);

create table core.sample (                           -- R56: manual activities that head office asks the client about
  sample_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  interaction_id bigint not null unique references core.interaction,
  party_id  bigint not null references core.party, dealer_id int not null, staff_id bigint,
  rights    bigint[] not null,                       -- what it prolonged
  before_at timestamptz[] not null,                  -- the term each had before
  state     text not null default 'OPEN' check (state in ('OPEN', 'TRUE', 'FALSE', 'UNREACHED')),
  note      core.short_text, decided_by bigint, decided_at timestamptz,
  at        timestamptz not null default core.now());
create index sample_open on core.sample (sample_id) where state = 'OPEN';
create index sample_party on core.sample (party_id);
create index sample_dealer on core.sample (dealer_id, at);

create table core.follow_up (                        -- R57: what a lost reason leaves for head office to do
  follow_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  kind      text not null check (kind in ('recontact', 'contact_check', 'credit_check')),
  party_id  bigint not null references core.party, dealer_id int not null, ownership_id bigint not null,
  brand_id  smallint not null, line core.line not null,
  due_on    date not null,
  state     text not null default 'OPEN' check (state in ('OPEN', 'DONE', 'DROPPED')),
  note      core.short_text, decided_by bigint, decided_at timestamptz,
  at        timestamptz not null default core.now(),
  unique (kind, ownership_id));
create index follow_up_open on core.follow_up (kind, due_on, follow_id) where state = 'OPEN';
create index follow_up_party on core.follow_up (party_id);

create table core.seat_mark (                        -- R38, R56, R121: what counts against a seat
  mark_id   bigint generated always as identity primary key,
  dealer_id int not null references core.dealer, staff_id bigint references core.staff,
  kind      text not null check (kind in ('void', 'false_activity', 'review_refused', 'lost_dispute')),
  ownership_id bigint, subject text,
  rule      text not null, at timestamptz not null default core.now());
create index seat_mark_dealer on core.seat_mark (dealer_id, at);
create index seat_mark_staff on core.seat_mark (staff_id, at);

-- R113: how far a right has come, by what happened and counted: 1 contact, 2 visit, 3 test drive, 4 offer. Order and delivery are states.
create table core.right_stage (
  ownership_id bigint primary key, dealer_id int not null, stage smallint not null check (stage between 1 and 4),
  reached_at timestamptz not null);
create index right_stage_dealer on core.right_stage (dealer_id, stage);

-- R17: one row an outage; terms are moved in batches, and nothing expires until all are
create table core.outage (
  outage_id bigint generated always as identity primary key,
  from_at   timestamptz not null, until_at timestamptz not null check (until_at > from_at),
  is_planned boolean not null default false, reason core.short_text, created_by bigint,
  done_to   bigint not null default 0, rights bigint not null default 0, finished_at timestamptz,
  at        timestamptz not null default core.now());
create unique index outage_one on core.outage ((true)) where finished_at is null and not is_planned;

-- R34: what the dealer typed when he asked to be told, so that he knows whom he waits for. personal: typed
alter table core.waiting_claim add column public_id uuid not null unique default gen_random_uuid(),
  add column typed jsonb not null default '{}', add column claim_from date;
create index waiting_claim_dealer on core.waiting_claim (dealer_id, at);

-- Outcomes of tasks and what follows: the next task is due so many working minutes later.
create table core.task_outcome (
  kind text not null, code text not null, place smallint not null,
  next_kind text, next_minutes int check (next_minutes > 0), needs_note boolean not null default false,
  is_reached boolean not null default true,          -- the client was spoken to
  primary key (kind, code), check ((next_kind is null) = (next_minutes is null)));
insert into core.task_outcome (kind, code, place, next_kind, next_minutes, needs_note, is_reached)
select k.kind, o.code, o.place, case when o.next_kind = '=' then k.kind else o.next_kind end, o.next_minutes, o.needs_note, o.is_reached
from (values ('call'), ('callback'), ('lead'), ('check')) k(kind), (values
  ('reached', 1, null, null, true, true), ('visit_agreed', 2, 'visit', 960, false, true), ('call_later', 3, 'callback', 960, true, true),
  ('no_answer', 4, '=', 240, false, false), ('wrong_number', 5, 'check', 480, false, false), ('refused', 6, null, null, true, true))
  o(code, place, next_kind, next_minutes, needs_note, is_reached)
where not (k.kind = 'check' and o.code = 'wrong_number');
insert into core.task_outcome (kind, code, place, next_kind, next_minutes, needs_note, is_reached) values
  ('check', 'corrected', 5, null, null, false, true), ('check', 'not_found', 6, null, null, true, false),
  ('visit', 'came', 1, 'call', 960, true, true), ('visit', 'test_drive', 2, 'call', 480, false, true),
  ('visit', 'moved', 3, 'visit', 960, true, true), ('visit', 'not_come', 4, 'call', 240, false, false),
  ('visit', 'refused', 5, null, null, true, true),
  ('other', 'done', 1, null, null, true, true), ('other', 'not_done', 2, null, null, true, false);
alter table core.task add column outcome_code text, add column follows bigint references core.task;
