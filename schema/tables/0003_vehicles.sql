-- SPDX-License-Identifier: Apache-2.0
-- Vehicles, their owners over time, odometer readings, sales and repair orders (work orders), per-client summaries.

create table core.model (
  model_id smallint primary key, brand_id smallint not null references core.brand, name text not null,
  unique (brand_id, name));

create table core.vehicle (
  vehicle_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  vin        core.vin unique,
  plate      text,                                   -- normalised, Latin look-alikes
  plate_raw  text,
  brand_id   smallint references core.brand,
  model      text,
  model_year smallint check (model_year between 1900 and 2100),
  color      text,
  version    int not null default 1,
  created_at timestamptz not null default core.now());
create index vehicle_plate on core.vehicle (plate);

create table core.vehicle_owner (                    -- R69: a dated series
  vehicle_id bigint not null references core.vehicle,
  party_id   bigint not null references core.party,
  from_on    date not null,
  to_on      date,
  source_dealer_id int references core.dealer,
  primary key (vehicle_id, party_id, from_on),
  check (to_on is null or to_on >= from_on));
-- one current owner a car: the promise behind "VIN current owner" (R22)
create unique index vehicle_owner_current on core.vehicle_owner (vehicle_id) where to_on is null;
create index vehicle_owner_party on core.vehicle_owner (party_id);

create table core.odometer_reading (
  vehicle_id bigint not null references core.vehicle,
  read_on    date not null,
  mileage_km core.mileage_km not null,
  dealer_id  int references core.dealer,
  primary key (vehicle_id, read_on));

create table core.sale (
  sale_id   bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  dealer_id int not null references core.dealer,
  party_id  bigint not null references core.party,
  vehicle_id bigint references core.vehicle,
  brand_id  smallint not null references core.brand,
  line      core.line not null,
  number    text not null,
  sold_on   date not null,
  amount_kopecks core.kopecks not null,
  margin_kopecks core.kopecks,
  source    text not null default 'hand',
  staff_id  bigint, recorded_at timestamptz not null default core.now(),
  unique (dealer_id, number));
create index sale_party on core.sale (party_id, sold_on);
create index sale_dealer on core.sale (dealer_id, sold_on);

create table core.repair_order (
  order_id  bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  dealer_id int not null references core.dealer,
  party_id  bigint not null references core.party,
  vehicle_id bigint references core.vehicle,
  brand_id  smallint references core.brand,
  number    text not null,
  opened_on date not null,
  amount_kopecks core.kopecks not null,
  mileage_km core.mileage_km,
  is_paid   boolean not null default true,
  what      core.short_text,
  source    text not null default 'hand',
  staff_id  bigint, recorded_at timestamptz not null default core.now(),
  unique (dealer_id, number));
create index repair_order_party on core.repair_order (party_id, opened_on);
create index repair_order_dealer on core.repair_order (dealer_id, opened_on);

create table core.party_summary (                    -- design 16: kept by every document
  party_id   bigint not null references core.party,
  dealer_id  int not null references core.dealer,    -- documents of this dealer; one row a pair
  sale_count int not null default 0,
  sale_kopecks bigint not null default 0,
  order_count int not null default 0,
  order_kopecks bigint not null default 0,
  last_visit_on date,
  last_sale_on date,
  primary key (party_id, dealer_id));
