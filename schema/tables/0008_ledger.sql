-- SPDX-License-Identifier: Apache-2.0
-- The ledger is the audit (design 14, R8), and the jobs.

create table core.ledger (
  ledger_id bigint generated always as identity primary key,
  at        timestamptz not null,                    -- server time
  staff_id  bigint, dealer_id int, role text,        -- who, on behalf of whom; NULL = clock or stranger
  session_id bigint, request_id text,
  kind      text not null,                           -- 'read.people_get', 'right.register', 'probe.limit', 'campaign.launch' ...
  subject   text,                                    -- public id, or a filter hash
  party_id  bigint, brand_id smallint, line core.line,
  rule      text,                                    -- R-number
  detail    jsonb not null default '{}',             -- ids, counts, states; never contact data
  xid       xid8 not null default pg_current_xact_id());
create index ledger_at on core.ledger (at desc, ledger_id desc);
create index ledger_party on core.ledger (party_id) where party_id is not null;
create index ledger_staff on core.ledger (staff_id, ledger_id desc);

-- Sealer: a hash chain over settled rows. A seal covers the transactions from_xid <= xid < to_xid, all ended when it was
-- made, so no row can enter a sealed range later. ids and hashes (16 bytes a row) let the check name an altered row.
create table core.ledger_seal (
  seal_id   bigint generated always as identity primary key,
  from_xid  xid8 not null, to_xid xid8 not null,
  row_count int not null,
  is_whole  boolean not null default true,           -- false: the next seal goes on in the same range after ids[last]
  ids       bigint[] not null, hashes bytea not null,
  sha256    bytea not null, previous bytea not null, at timestamptz not null,
  check (length(hashes) = row_count * 16 and cardinality(ids) = row_count));

create table core.job (
  job_id    bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  kind      text not null,                           -- campaign_check, campaign_launch, import_parse, import_check, import_run, import_undo, staff_leave ...
  spec      jsonb not null default '{}',
  staff_id  bigint references core.staff, dealer_id int not null, letter "char" not null,
  role      core.staff_role,
  state     core.job_state not null default 'QUEUED',
  done bigint not null default 0, total bigint not null default 0,
  result    jsonb, error text,
  lease bytea, lease_until timestamptz, node text, attempts smallint not null default 0,
  not_before timestamptz not null default core.now(),
  told_at   timestamptz,                             -- latest event about it: at most one a second
  created_at timestamptz not null default core.now(), finished_at timestamptz);
create index job_queue on core.job (not_before, job_id) where state in ('QUEUED', 'RUNNING');
create index job_dealer on core.job (dealer_id, created_at desc);
create unique index job_nightly on core.job (kind, (spec ->> 'on')) where staff_id is null;

-- Figures of D.12, one row a right: when it was offered, accepted, first contacted, and how far it came.
create table core.right_kpi (
  ownership_id bigint primary key,
  dealer_id int not null, brand_id smallint not null, line core.line not null,
  start_on  date not null,                           -- offered, or registered
  is_offered boolean not null, is_accepted boolean not null,
  accept_min int, contact_min int,                   -- minutes; NULL: has not happened
  is_no_contact boolean not null,                    -- R112
  is_contacted boolean not null, is_visited boolean not null, is_test_drive boolean not null,
  is_offer boolean not null, is_order boolean not null, is_delivered boolean not null,
  kept_at   timestamptz not null);
create index right_kpi_start on core.right_kpi (start_on, dealer_id);

-- Retention (R122) by cohort: clients with a paid visit in the month, and how many of them came again.
create table core.dealer_month (
  dealer_id int not null, month_on date not null, brand_id smallint not null,
  visited int not null, back_12m int not null, back_24m int not null,
  order_count int not null, order_kopecks bigint not null,
  primary key (dealer_id, month_on, brand_id));

-- Classes worked out by the night and not yet written (A000-12).
create table core.abc_change (party_id bigint primary key, abc core.abc);

-- What the clock remembers between ticks: last night done, last right counted, last check of competing touches.
create table core.clock_mark (
  name text primary key, at timestamptz not null, detail jsonb not null default '{}');

create index ownership_history_recorded on core.ownership_history using brin (recorded_at);
create index interaction_recorded on core.interaction using brin (recorded_at);
