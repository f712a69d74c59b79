-- SPDX-License-Identifier: Apache-2.0
-- How far the keys of the base follow the present way of normalising (R20): core.rekey_tick goes through it when that way has improved.

create table core.rekey (
  is_only     boolean primary key default true check (is_only),
  version     int not null,                          -- core.key_version() of all keys; while a newer one is on its way, of those before
  after_party bigint not null default 0,             -- the last person of the round under way
  repaired    bigint not null default 0,             -- in this round
  done_at     timestamptz);
insert into core.rekey (version) values (1);
alter table core.rekey enable row level security, force row level security;
