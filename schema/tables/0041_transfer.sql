-- SPDX-License-Identifier: Apache-2.0
-- Transfers with history (D.13): one right at a time by offer and acceptance, or many at once with a dry run and four eyes.

create table core.transfer (
  transfer_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  ownership_id bigint not null,                      -- the right that is offered
  party_id  bigint not null references core.party, brand_id smallint not null, line core.line not null, vehicle_id bigint,
  from_dealer_id int not null references core.dealer, to_dealer_id int not null references core.dealer,
  from_seat_id bigint references core.staff,
  reason    text not null check (reason in ('owner_consent', 'customer_choice', 'decision', 'dealer_closed', 'dealer_terminated',
    'dealer_sold', 'territory', 'key_account')),     -- R126
  state     text not null default 'OFFERED' check (state in ('OFFERED', 'ACCEPTED', 'REFUSED', 'WITHDRAWN', 'EXPIRED')),
  asked_by  bigint references core.staff, asked_at timestamptz not null default core.now(), until_at timestamptz not null,
  answered_by bigint references core.staff, answered_at timestamptz,
  answer    core.short_text,                         -- why refused or withdrawn
  made_id   bigint,                                  -- the right that follows
  is_covered boolean,                                -- R130: the consent covers the new legal entity
  notes_asked_at timestamptz, notes_released_at timestamptz,      -- R128
  batch_id  bigint,
  check (from_dealer_id <> to_dealer_id), check ((state = 'ACCEPTED') = (made_id is not null)),
  check ((state = 'OFFERED') = (answered_at is null)));
-- R127: at most one open offer a right
create unique index transfer_open on core.transfer (ownership_id) where state = 'OFFERED';
create unique index transfer_made on core.transfer (made_id) where made_id is not null;
create index transfer_from on core.transfer (from_dealer_id, transfer_id desc);
create index transfer_to on core.transfer (to_dealer_id, transfer_id desc);
create index transfer_party on core.transfer (party_id, transfer_id);
create index transfer_until on core.transfer (until_at) where state = 'OFFERED';

create table core.transfer_told (                    -- R130: one neutral message a person and new legal entity, by head office
  party_id bigint not null references core.party, dealer_id int not null references core.dealer,
  message uuid, at timestamptz not null default core.now(),
  primary key (party_id, dealer_id));

create table core.transfer_batch (                   -- R131
  batch_id  bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  from_dealer_id int not null references core.dealer,
  is_ceasing boolean not null,                       -- the dealer ceases: signed orders move too
  reason    text not null check (reason in ('owner_consent', 'dealer_closed', 'dealer_terminated', 'dealer_sold', 'territory', 'key_account')),
  brand_id  smallint references core.brand, line core.line, city text,         -- the filter; NULL = all
  mode      text not null check (mode in ('one', 'shares', 'territory')),
  targets   jsonb not null,                          -- [{dealer_id, share}]
  effective_at timestamptz not null,
  counts    jsonb not null default '{}',             -- of the dry run: states, held, disputed, locked, covered, by dealer
  state     text not null default 'CHECKED' check (state in ('CHECKED', 'ASKED', 'APPROVED', 'RUNNING', 'DONE', 'REFUSED', 'CANCELLED')),
  cursor    bigint not null default 0,               -- the last ownership_id looked at
  total     int not null default 0, moved int not null default 0, stayed int not null default 0,
  result    jsonb not null default '{}',
  job_id    bigint, approval_id bigint,
  asked_by  bigint not null references core.staff, created_at timestamptz not null default core.now(), started_at timestamptz, done_at timestamptz);
create index transfer_batch_made on core.transfer_batch (batch_id desc);
-- one at a time a dealer: what the second would count, the first is about to move
create unique index transfer_batch_one on core.transfer_batch (from_dealer_id) where state in ('ASKED', 'APPROVED', 'RUNNING');

create table core.transfer_batch_right (              -- which right a batch moved, and what follows it
  made_id  bigint primary key,
  batch_id bigint not null references core.transfer_batch, old_id bigint not null unique, to_dealer_id int not null references core.dealer);
create index transfer_batch_right_batch on core.transfer_batch_right (batch_id);
