-- SPDX-License-Identifier: Apache-2.0
-- The network itself: brands, dealers, staff, calendar, policy parameters, the visibility matrix, the competition groups.

create table core.brand (
  brand_id   smallint primary key,
  name       text not null unique,
  color_index smallint not null default 0);

create table core.line_group (                       -- D.0: which lines compete with each other
  line core.line primary key,
  grp  core.competition_group not null);
insert into core.line_group values ('NEW','SALES'),('USED','SALES'),('FLEET','SALES'),('FIN','SALES'),
  ('SERVICE','AFTERSALES'),('PARTS','AFTERSALES');

-- A principal is a dealer or head office (dealer_id 0), R2.
create table core.dealer (
  dealer_id  int primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  name       text not null,
  legal_name text not null,
  city       text not null,
  time_zone  text not null,
  area_code  text,                                   -- completes short local phone numbers (R20)
  is_active  boolean not null default true,
  opens_at   time not null default '09:00',
  closes_at  time not null default '20:00',
  work_days smallint[] not null default '{1,2,3,4,5,6,7}',  -- ISO weekdays on which timers run (R10)
  sender_address text not null,
  version    int not null default 1,
  created_at timestamptz not null default core.now());
insert into core.dealer (dealer_id, name, legal_name, city, time_zone, area_code, sender_address)
values (0, 'Головной офис', 'АО «Головной офис»', 'Москва', 'Europe/Moscow', '495', 'news@network.example');

create table core.dealer_brand (
  dealer_id int not null references core.dealer,
  brand_id  smallint not null references core.brand,
  line      core.line not null,
  primary key (dealer_id, brand_id, line));

create table core.staff (
  staff_id   bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  dealer_id  int not null references core.dealer,     -- 0 = head office, auditors included
  role       core.staff_role not null,
  name       text not null,
  email      text not null,
  lang       text not null default 'ru' check (lang in ('ru', 'en')),
  is_active  boolean not null default true,
  left_at    timestamptz,
  role_bit   int not null generated always as (case role when 'admin' then 1 when 'marketer' then 2 when 'router' then 4
    when 'arbiter' then 8 when 'manager' then 16 when 'seller' then 32 when 'adviser' then 64 when 'operator' then 128
    when 'auditor' then 256 else 512 end) stored,
  version    int not null default 1,
  created_at timestamptz not null default core.now(),
  check ((dealer_id = 0) = (role in ('admin', 'marketer', 'router', 'arbiter', 'auditor'))));
create index staff_dealer on core.staff (dealer_id, staff_id);

create table core.calendar_day (                     -- production calendar: exceptions only
  country text not null, on_day date not null,
  kind    text not null check (kind in ('off', 'short', 'work')),
  primary key (country, on_day));
-- public holidays of the Labour Code, article 112; moved days are added by the administrator
insert into core.calendar_day
select 'RU', make_date(y, m, d), 'off' from generate_series(2020, 2035) y,
  (values (1,1),(1,2),(1,3),(1,4),(1,5),(1,6),(1,7),(1,8),(2,23),(3,8),(5,1),(5,9),(6,12),(11,4)) h(m, d);

create table core.city (                             -- what the forms offer; a person's city may be any text
  name text primary key, region text, time_zone text not null default 'Europe/Moscow');

create table core.setting (                          -- of the installation, not of the trade: network_name ...
  name text primary key, value text not null);
insert into core.setting values ('network_name', 'Clientele');

-- R9: dated versions; readers take the row valid at decision time. P-numbers of D.0.
create table core.policy (
  name       text not null,                          -- 'P3.NEW', 'P16.user_hour', ...
  valid_from timestamptz not null,
  value_int  int not null,                           -- days, minutes or counts as the name says
  unit       text not null check (unit in ('day', 'minute', 'count', 'hour', 'month')),
  min_int    int, max_int int,                       -- the range the value may take (D.0)
  version    int not null default 1,
  primary key (name, valid_from),
  check (value_int between coalesce(min_int, value_int) and coalesce(max_int, value_int)));

-- R133: the matrix of D.14 as data. viewer: seat, manager, colleague, other, marketer, router, arbiter, auditor, system
create table core.visibility (
  state  core.right_state not null,
  viewer text not null,
  level  core.see_level not null,
  primary key (state, viewer));
