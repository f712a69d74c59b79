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

create table core.ledger_seal (                      -- sealer: hash chain of settled rows
  seal_id   bigint generated always as identity primary key,
  from_id   bigint not null, to_id bigint not null, row_count int not null,
  sha256    bytea not null, previous bytea not null, at timestamptz not null);

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
  created_at timestamptz not null default core.now(), finished_at timestamptz);
create index job_queue on core.job (not_before, job_id) where state in ('QUEUED', 'RUNNING');
create index job_dealer on core.job (dealer_id, created_at desc);
