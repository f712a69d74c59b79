-- SPDX-License-Identifier: Apache-2.0
-- The data-protection desk (R146-R152): requests of the people themselves, erasure over the whole base, the stop list that keeps an erased
-- person from coming back unseen, and who of the people works here.
-- personal: privacy_request.evidence, privacy_request.outcome

alter table core.party add column erased_at timestamptz;
create index party_erased on core.party (erased_at) where erased_at is not null;

-- R149: keyed hashes only (core.key_hash); a row is lifted by a fresh consent that the customer himself gave
create table core.stop_key (
  key_hash   bytea primary key check (length(key_hash) = 32),
  erasure_id bigint,
  at         timestamptz not null default core.now(),
  lifted_at  timestamptz, lifted_by bigint references core.staff, evidence core.short_text);

create table core.privacy_request (
  request_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  kind       text not null check (kind in ('access', 'correction', 'withdrawal', 'erasure')),
  party_id   bigint not null references core.party,
  dealer_id  int not null references core.dealer,    -- where it was received; 0 = head office
  source     text not null check (source in ('desk', 'dealer', 'withdrawal')),
  received_at timestamptz not null,
  due_at     timestamptz not null,                   -- R147: working days from receipt
  evidence   core.short_text not null check (length(btrim(evidence)) > 0),   -- how the asker was known to be himself
  state      text not null default 'OPEN' check (state in ('OPEN', 'ASKED', 'DONE', 'REFUSED')),
  outcome    core.short_text,
  created_by bigint references core.staff, created_at timestamptz not null default core.now(),
  decided_by bigint references core.staff, decided_at timestamptz,
  version    int not null default 1,
  check ((state in ('DONE', 'REFUSED')) = (decided_at is not null)),
  check (received_at <= created_at));
create unique index privacy_request_one on core.privacy_request (party_id, kind) where state in ('OPEN', 'ASKED');
create index privacy_request_due on core.privacy_request (due_at, request_id) where state in ('OPEN', 'ASKED');
create index privacy_request_party on core.privacy_request (party_id);

create table core.erasure (                          -- the request file that stays: who, when, why, how many rows; no personal data
  erasure_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  party_id   bigint not null unique,
  person_id  uuid not null,                          -- public id, so that a restored backup can be cleaned again
  request_id bigint references core.privacy_request,
  reason     text not null check (reason in ('request', 'retention')),
  rows       jsonb not null, files int not null default 0,
  staff_id   bigint, at timestamptz not null);
create index erasure_at on core.erasure (at desc, erasure_id desc);

create table core.file_gone (                        -- bytes to be taken off the disk: no row shows them any more
  sha256 text primary key, at timestamptz not null default core.now(), gone_at timestamptz);
create index file_gone_open on core.file_gone (at) where gone_at is null;

-- Where a person's data stand and what an erasure does: a test plants a word in each and looks for it in the whole base afterwards.
create table core.personal_data (
  table_name text primary key, column_name text not null default 'party_id',
  act        text not null check (act in ('delete', 'empty')),
  sets       jsonb not null default '{}',            -- empty: the values the columns get
  check ((act = 'empty') = (sets <> '{}')));

-- R152: employees, their relatives and test records are marked; nobody owns himself
create table core.party_mark (
  party_id   bigint primary key references core.party,
  kind       text not null check (kind in ('staff', 'relative', 'test')),
  staff_id   bigint references core.staff,           -- whose own record or relative
  set_by     bigint references core.staff, at timestamptz not null default core.now(),
  check ((kind = 'test') = (staff_id is null)));
create index party_mark_staff on core.party_mark (staff_id) where staff_id is not null;

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('R147.answer', '2000-01-01', 10, 'day', 1, 30),   -- working days of head office
  ('R150.retention', '2000-01-01', 24, 'month', 6, 120),
  ('R150.lists', '2000-01-01', 90, 'day', 7, 730);
insert into core.approval_kind (kind, roles, rule, days) values ('erase', 2048 | 1, 'R149', 30);

-- R149: a closed right loses the free text about its interest; nothing else of it changes
insert into core.right_transition values ('erase', 'CLOSED', 'CLOSED', 'R149');
