-- SPDX-License-Identifier: Apache-2.0
-- Daily work: the timeline, tasks, saved views, notices and events.

create table core.interaction (
  interaction_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  party_id   bigint not null references core.party,
  dealer_id  int not null references core.dealer,
  staff_id   bigint references core.staff,
  kind       core.interaction_kind not null,
  at         timestamptz not null,                   -- when it happened
  recorded_at timestamptz not null default core.now(),
  is_manual  boolean not null default true,
  is_qualifying boolean not null default false,      -- R50, R51, R54: decided at entry
  evidence   text,                                   -- call id, document number
  text       core.long_text,
  campaign_id bigint);
create index interaction_party on core.interaction (party_id, at desc, interaction_id desc);
create index interaction_dealer on core.interaction (dealer_id, at desc);

create table core.task (
  task_id   bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  dealer_id int not null references core.dealer,
  seat_id   bigint references core.staff,            -- NULL = the dealer's queue
  party_id  bigint references core.party,
  kind      text not null,                           -- call | visit | lead | check | callback | other
  title     core.short_text not null,
  due_at    timestamptz not null,
  state     core.task_state not null default 'OPEN',
  outcome   core.short_text,
  version   int not null default 1,
  created_by bigint, created_at timestamptz not null default core.now(), done_at timestamptz);
create index task_seat on core.task (dealer_id, seat_id, due_at) where state = 'OPEN';
create index task_dealer on core.task (dealer_id, due_at) where state = 'OPEN';
create index task_party on core.task (party_id);

create table core.saved_view (
  view_id   bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  staff_id  bigint not null references core.staff,
  screen    text not null, name core.short_text not null, query core.long_text not null,
  created_at timestamptz not null default core.now(), unique (staff_id, screen, name));

create table core.notice (                           -- R140-R141: once per event and receiver, no personal data
  notice_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  staff_id  bigint not null references core.staff,
  kind      text not null,                           -- N1 ... N15
  subject   text not null,                           -- public id of the thing
  at        timestamptz not null default core.now(), read_at timestamptz,
  occurrence text not null default '',               -- tells repeats of one kind apart, such as the term warned of
  unique (staff_id, kind, subject, occurrence));

create table core.event (                            -- wakes the streams; ids and counts only
  event_id bigint generated always as identity primary key,
  staff_id bigint not null, kind text not null, payload jsonb not null default '{}',
  at timestamptz not null default core.now(),
  xid xid8 not null default pg_current_xact_id());     -- a reader takes settled rows only, so none is skipped
