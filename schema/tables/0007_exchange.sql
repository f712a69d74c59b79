-- SPDX-License-Identifier: Apache-2.0
-- Intake: files uploaded in the browser, and messages of dealers' own systems; every row has a verdict.

create table core.upload (
  upload_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  dealer_id int not null references core.dealer, staff_id bigint not null references core.staff,
  name core.short_text not null, size_bytes bigint not null, sha256 text not null,
  created_at timestamptz not null default core.now());

create table core.import (
  import_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  dealer_id int not null references core.dealer, staff_id bigint not null references core.staff,
  upload_id bigint not null references core.upload,
  kind      text not null default 'client' check (kind in ('client', 'vehicle', 'repair_order', 'sale')),
  brand_id  smallint, line core.line,
  state     core.import_state not null default 'UPLOADED',
  encoding text, separator text, header jsonb, mapping jsonb,
  rows_total int not null default 0, rows_done int not null default 0, error text,
  version int not null default 1,
  created_at timestamptz not null default core.now(), done_at timestamptz);
create index import_dealer on core.import (dealer_id, created_at desc);

create table core.import_row (
  import_id bigint not null references core.import,
  line_no   int not null,
  cells     jsonb not null,                          -- array of strings as read
  verdict   text,                                    -- created | updated | YOURS | PROTECTED | draft | error | ...
  field text, error text, party_id bigint, receipt text, undo jsonb,
  primary key (import_id, line_no));

create table core.exchange_row (                     -- R153: exactly once by (dealer, sequence)
  dealer_id int not null references core.dealer,
  source    text not null,                           -- spool id of the dealer's system
  seq       bigint not null,
  kind      text not null,
  sha256    text not null,
  verdict   text not null, code text, receipt text, party_id bigint,
  detail    jsonb not null default '{}',
  at        timestamptz not null default core.now(),
  primary key (dealer_id, source, seq));
create index exchange_row_at on core.exchange_row (dealer_id, at desc);
