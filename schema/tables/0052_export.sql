-- SPDX-License-Identifier: Apache-2.0
-- R137, security threat 35: every file of rows that left. The number stands in each of its rows and in its name.
create table core.export (
  export_id  bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  number     text not null unique,
  staff_id   bigint not null references core.staff, dealer_id int not null references core.dealer,
  route      text not null, subject text,             -- subject: hash of the filter, or the id in the path
  state      text not null check (state in ('WAITING', 'APPROVED', 'REFUSED', 'EXPIRED', 'DONE')),
  is_personal boolean not null,
  row_count  bigint not null check (row_count >= 0),
  reason     core.short_text,
  asked_at   timestamptz not null, decided_at timestamptz, decided_by bigint references core.staff,
  valid_until timestamptz, done_at timestamptz, request_id text,
  check ((state = 'DONE') = (done_at is not null)),
  constraint export_other_hand check (decided_by is null or decided_by <> staff_id));
create index export_staff on core.export (staff_id, asked_at desc);
create index export_dealer on core.export (dealer_id, asked_at desc);
create unique index export_one_asked on core.export (staff_id, route, (coalesce(subject, ''))) where state in ('WAITING', 'APPROVED');
alter table core.export enable row level security, force row level security;
