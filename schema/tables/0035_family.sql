-- SPDX-License-Identifier: Apache-2.0
-- Households, companies with their branches, groups, contact persons and drivers, leases, service moves (D.7). No login reads
-- these tables: what somebody may know of them comes from functions that ask who is calling (R60).

create table core.household (                        -- a set of linked persons; party.household_id is the lock unit of SALES (R62)
  household_id bigint generated always as identity primary key,
  created_at timestamptz not null default core.now());

-- R60: one relation between two persons, declared by a dealer or confirmed by head office; it ends with a date (R63).
-- personal: evidence
create table core.household_link (
  link_id    bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  party_id   bigint not null references core.party,
  relative_id bigint not null references core.party,
  relation   text not null check (relation in ('spouse', 'parent', 'child', 'sibling', 'relative', 'other')),  -- what the relative is to the party
  is_confirmed boolean not null default false,
  evidence   core.short_text,
  dealer_id  int not null references core.dealer,    -- who declared it
  staff_id   bigint,
  from_on    date not null,
  to_on      date,
  created_at timestamptz not null default core.now(),
  check (party_id <> relative_id),
  check (to_on is null or to_on >= from_on));
create unique index household_link_one on core.household_link (least(party_id, relative_id), greatest(party_id, relative_id)) where to_on is null;
create index household_link_party on core.household_link (party_id) where to_on is null;
create index household_link_relative on core.household_link (relative_id) where to_on is null;
create index party_household on core.party (household_id) where household_id is not null;

-- R64: one company per INN; a branch per KPP under it.
create table core.company (
  party_id   bigint primary key references core.party,
  inn        text not null,
  kpp        text check (kpp ~ '^[0-9]{4}[0-9A-Z]{2}[0-9]{3}$'),
  head_id    bigint references core.company,         -- NULL: the company itself
  made_by    int not null references core.dealer,
  created_at timestamptz not null default core.now(),
  check (head_id is null or (kpp is not null and head_id <> party_id)));
create unique index company_one_head on core.company (inn) where head_id is null;
create unique index company_one_branch on core.company (inn, kpp) where kpp is not null;
create index company_head on core.company (head_id) where head_id is not null;

create table core.company_group (                    -- companies under one roof
  group_id   bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  name       core.name_text not null,
  version    int not null default 1,
  created_at timestamptz not null default core.now());

create table core.company_group_member (
  group_id   bigint not null references core.company_group,
  party_id   bigint not null references core.company,
  from_on    date not null,
  to_on      date,
  primary key (group_id, party_id, from_on),
  check (to_on is null or to_on >= from_on));
create unique index company_group_member_one on core.company_group_member (party_id) where to_on is null;
create index company_group_member_group on core.company_group_member (group_id) where to_on is null;

-- R64: a key account: head office or one dealer holds FLEET of a brand for all members of a group.
create table core.key_account (
  key_id     bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  group_id   bigint not null references core.company_group,
  brand_id   smallint not null references core.brand,
  dealer_id  int not null references core.dealer,    -- 0 = head office
  from_on    date not null,
  to_on      date not null,
  reason     core.short_text not null,
  ended_at   timestamptz,
  made_by    bigint references core.staff,
  created_at timestamptz not null default core.now(),
  check (to_on >= from_on));
create unique index key_account_one on core.key_account (group_id, brand_id) where ended_at is null;

-- R64, R67: another owner for one branch, or for one member of a key account, with dates. PLANNED until the present owner's
-- signed order is delivered or he agrees.
create table core.carve_out (
  carve_id   bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  party_id   bigint not null references core.company,
  key_id     bigint references core.key_account,     -- made by a key account
  brand_id   smallint not null references core.brand,
  line       core.line not null,
  dealer_id  int not null references core.dealer,    -- 0 = head office
  from_on    date not null,
  to_on      date not null,
  reason     core.short_text not null,
  is_agreed  boolean not null default false,         -- the owner of a signed order lets it start before the delivery
  state      text not null default 'PLANNED' check (state in ('PLANNED', 'IN_FORCE', 'ENDED')),
  ownership_id bigint,                               -- the right that it made
  made_by    bigint references core.staff,
  created_at timestamptz not null default core.now(),
  started_at timestamptz, ended_at timestamptz,
  check (to_on >= from_on));
create unique index carve_out_one on core.carve_out (party_id, brand_id, line) where state <> 'ENDED';
create index carve_out_key on core.carve_out (key_id) where state <> 'ENDED';
create index carve_out_due on core.carve_out (from_on) where state = 'PLANNED';
create index carve_out_over on core.carve_out (to_on) where state = 'IN_FORCE';

-- R65: a contact person is a person of his own; here stands what the company's dealer was told of him.
-- personal: name, job
create table core.company_contact (
  contact_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  company_id bigint not null references core.party,
  party_id   bigint not null references core.party,
  name       core.name_text not null,                -- as the dealer was told
  job        core.short_text not null,
  dealer_id  int not null references core.dealer,    -- who was told
  from_on    date not null,
  to_on      date,
  created_at timestamptz not null default core.now(),
  check (to_on is null or to_on >= from_on));
create unique index company_contact_one on core.company_contact (company_id, party_id, dealer_id) where to_on is null;
create index company_contact_party on core.company_contact (party_id) where to_on is null;

-- R66: who drives a fleet car.
-- personal: name
create table core.fleet_driver (
  driver_id  bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  vehicle_id bigint not null references core.vehicle,
  company_id bigint not null references core.party,
  party_id   bigint not null references core.party,
  name       core.name_text not null,                -- as the dealer was told
  dealer_id  int not null references core.dealer,
  from_on    date not null,
  to_on      date,
  created_at timestamptz not null default core.now(),
  check (to_on is null or to_on >= from_on));
create unique index fleet_driver_one on core.fleet_driver (vehicle_id, party_id) where to_on is null;
create index fleet_driver_party on core.fleet_driver (party_id) where to_on is null;
create index fleet_driver_company on core.fleet_driver (company_id) where to_on is null;

-- R68: the lessor owns, the lessee uses; rights are on the lessee.
create table core.vehicle_lease (
  lease_id   bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  vehicle_id bigint not null references core.vehicle,
  lessor_id  bigint not null references core.party,
  lessee_id  bigint not null references core.party,
  contract   core.short_text,
  dealer_id  int not null references core.dealer,
  from_on    date not null,
  to_on      date,
  created_at timestamptz not null default core.now(),
  check (lessor_id <> lessee_id),
  check (to_on is null or to_on >= from_on));
create unique index vehicle_lease_one on core.vehicle_lease (vehicle_id) where to_on is null;
create index vehicle_lease_lessee on core.vehicle_lease (lessee_id) where to_on is null;
create index vehicle_lease_lessor on core.vehicle_lease (lessor_id) where to_on is null;

-- R72: what a work order was. Only PAID counts toward a move; RECALL and WARRANTY prove no right either.
alter table core.repair_order add column kind text not null default 'PAID' check (kind in ('PAID', 'RECALL', 'WARRANTY', 'EMERGENCY'));
create index repair_order_vehicle on core.repair_order (vehicle_id, opened_on desc) where vehicle_id is not null;

-- R72, P22: a service right on its way from one dealer to another. One at a time for a right.
create table core.service_move (
  move_id    bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  party_id   bigint not null references core.party,
  brand_id   smallint not null references core.brand,
  vehicle_id bigint references core.vehicle,
  ownership_id bigint not null,                      -- the right that moves
  from_dealer_id int not null references core.dealer,
  to_dealer_id int not null references core.dealer,
  order_id   bigint not null references core.repair_order,   -- the visit that decided
  rule       text not null check (rule in ('second_visit', 'long_unseen')),
  state      text not null default 'ANNOUNCED' check (state in ('ANNOUNCED', 'OBJECTED', 'MOVED', 'VOID')),
  object_until timestamptz not null,
  objection  core.short_text,
  dispute_id uuid,                                   -- the case that decides an objection
  announced_at timestamptz not null default core.now(),
  ended_at   timestamptz,
  check (from_dealer_id <> to_dealer_id));
create unique index service_move_one on core.service_move (ownership_id) where state in ('ANNOUNCED', 'OBJECTED');
create index service_move_due on core.service_move (object_until) where state = 'ANNOUNCED';
create index service_move_from on core.service_move (from_dealer_id, announced_at desc);
create index service_move_to on core.service_move (to_dealer_id, announced_at desc);
