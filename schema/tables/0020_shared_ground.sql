-- SPDX-License-Identifier: Apache-2.0
-- What several parts of ownership stand on: the new roles' bits, a right that follows another, four eyes, and the numbers of people
-- who were merged.

-- The bit is a generated column and cannot be changed in place. What depends on it are functions, all made anew by this migration.
alter table core.staff drop column role_bit cascade;
alter table core.staff add column role_bit int not null generated always as (case role when 'admin' then 1 when 'marketer' then 2
    when 'router' then 4 when 'arbiter' then 8 when 'manager' then 16 when 'seller' then 32 when 'adviser' then 64 when 'operator' then 128
    when 'auditor' then 256 when 'steward' then 1024 when 'dpo' then 2048 else 512 end) stored;
alter table core.staff drop constraint staff_check;
alter table core.staff add constraint staff_office check
    ((dealer_id = 0) = (role in ('admin', 'marketer', 'router', 'arbiter', 'auditor', 'steward', 'dpo')));

-- R12, R127: a closed right is final, and what follows it is a new right that names it.
alter table core.ownership add column successor_of bigint;
alter table core.ownership_history add column successor_of bigint;
insert into core.right_transition
select 'succeed', null, s.state, 'R127' from unnest(enum_range(null::core.right_state)) s(state) where s.state <> 'CLOSED';

-- Four eyes: what one person asks and another grants.
create table core.approval_kind (
  kind  text primary key,
  roles int not null,                                -- bits of the roles that may decide
  rule  text not null,
  days  smallint not null default 7 check (days between 1 and 90));   -- then it lapses
create table core.approval (
  approval_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  kind       text not null references core.approval_kind,
  subject    uuid not null,                          -- public id of what it is about
  dealer_id  int not null references core.dealer,    -- of the asker: a dealer's own matter is decided by its manager
  detail     jsonb not null default '{}',            -- counts, dates, reasons: what the second person must know; never contact data
  state      text not null default 'ASKED' check (state in ('ASKED', 'APPROVED', 'REFUSED', 'LAPSED')),
  asked_by   bigint not null references core.staff, asked_at timestamptz not null default core.now(),
  until_at   timestamptz not null,
  decided_by bigint references core.staff, decided_at timestamptz,
  reason     core.short_text,
  constraint approval_four_eyes check (decided_by <> asked_by),
  check ((state in ('APPROVED', 'REFUSED')) = (decided_by is not null)));
create unique index approval_open on core.approval (kind, subject) where state = 'ASKED';
create index approval_kind_open on core.approval (kind, asked_at) where state = 'ASKED';
create index approval_asked on core.approval (asked_by, approval_id);

-- R28: both ids of a merged pair resolve for ever. into_id is always a party that lives.
create table core.party_alias (
  public_id uuid primary key,
  into_id   bigint not null references core.party,
  at        timestamptz not null default core.now());
create index party_alias_into on core.party_alias (into_id);
