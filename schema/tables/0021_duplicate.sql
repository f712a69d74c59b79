-- SPDX-License-Identifier: Apache-2.0
-- Two parties that may be one (R22, R27): what the matcher found between them, and what the steward decided.
-- No contact value stands here: a pair says which fields agree, how far and with what weight.

alter type core.key_kind add value if not exists 'DOCUMENT';   -- keyed hash of a driving licence or passport number (R20)

create type core.duplicate_class as enum ('EXACT', 'STRONG', 'POSSIBLE');
create type core.duplicate_source as enum ('registration', 'edit', 'import', 'scan');
create type core.duplicate_state as enum ('OPEN', 'MERGED', 'SEPARATE');

create table core.duplicate (
  duplicate_id bigint generated always as identity primary key,
  public_id   uuid not null unique default gen_random_uuid(),
  party_low   bigint not null references core.party,
  party_high  bigint not null references core.party,
  class       core.duplicate_class not null,
  score       real not null,                         -- bits of evidence: log2 of the odds that the two are one
  weights     jsonb not null default '[]'            -- [{field, weight, level}]: level none | far | near | close | same
              check (jsonb_typeof(weights) = 'array' and pg_column_size(weights) <= 4096),
  source      core.duplicate_source not null,
  state       core.duplicate_state not null default 'OPEN',
  found_at    timestamptz not null default core.now(),
  decided_by  bigint references core.staff,
  decided_at  timestamptz,
  ver         int not null default 1,
  constraint duplicate_ordered check (party_low < party_high),
  constraint duplicate_one_pair unique (party_low, party_high),
  constraint duplicate_decided check ((state = 'OPEN') = (decided_at is null)));
create index duplicate_open on core.duplicate (class, score desc, duplicate_id desc) where state = 'OPEN';
create index duplicate_high on core.duplicate (party_high);
