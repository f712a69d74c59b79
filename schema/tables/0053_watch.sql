-- SPDX-License-Identifier: Apache-2.0
-- R151: patterns of abuse as the clock finds them, one row a pattern, seat and day; counts, never whom.

create table core.watch_hit (
  pattern  text not null check (pattern in ('sequential_numbers', 'probes_without_registration', 'night', 'one_phone_many_names', 'claims_at_expiry', 'two_places',
                                            'many_unmasked', 'many_exported', 'probe_limit')),
  staff_id bigint not null references core.staff,
  on_day   date not null,
  count    int not null,
  first_at timestamptz not null, last_at timestamptz not null,
  primary key (pattern, staff_id, on_day));
create index watch_hit_day on core.watch_hit (on_day, pattern);
alter table core.watch_hit enable row level security, force row level security;
-- what a look at one day reads, however long the tables are
create index receipt_at on core.receipt using brin (at) with (pages_per_range = 16);
create index probe_at on core.probe using brin (at) with (pages_per_range = 16);
