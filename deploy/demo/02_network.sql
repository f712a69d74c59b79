-- SPDX-License-Identifier: Apache-2.0
-- Brands, dealers, staff, accounts. The first twelve dealers are the list's; more of them (a benchmark) repeat its cities.

create table demo.dealer as
select d as dealer_id, l.name || case when d > 12 then ' ' || (d - 1) / 12 + 1 else '' end as name,
       case when d > 12 then replace(l.legal_name, '»', ' ' || (d - 1) / 12 + 1 || '»') else l.legal_name end as legal_name,
       c.city_id, c.name as city, c.region, c.zone, c.area_code,
       l.slug || case when d > 12 then '-' || (d - 1) / 12 + 1 else '' end as slug,
       string_to_array(l.brands, ',')::int[] as brands, l.is_fleet, l.weight, l.accept_min, l.contact_min, l.reach, l.loyalty,
       l.no_contact, l.hoard, l.growth, l.overdue,
       time '09:00' as opens_at, time '20:00' as closes_at
from generate_series(1, :dealers) d
join demo.dealer_list l on l.dealer_id = (d - 1) % 12 + 1 join demo.city c using (city_id);
alter table demo.dealer add primary key (dealer_id);

-- where a person of the network belongs: intervals of [0, 1) by the dealer's size
create table demo.dealer_share as
select d.dealer_id, (sum(weight) over p - weight) / sum(weight) over () as lo, sum(weight) over p / sum(weight) over () as hi
from demo.dealer d window p as (order by dealer_id);

insert into core.brand (brand_id, name, color_index) select brand_id, name, color_index from demo.brand;
insert into core.model (model_id, brand_id, name) select model_id, brand_id, name from demo.model;
update core.dealer set legal_name = 'АО «Автомобильная сеть»' where dealer_id = 0;
insert into core.dealer (dealer_id, public_id, name, legal_name, city, time_zone, area_code, is_active, opens_at, closes_at,
    sender_address, created_at)
select dealer_id, demo.uuid('dealer', dealer_id), name, legal_name, city, zone, area_code, true, opens_at, closes_at,
       'hello@' || slug || '.example', demo.begun_on()
from demo.dealer;
insert into core.dealer_brand (dealer_id, brand_id, line)
select d.dealer_id, b, l.line from demo.dealer d cross join lateral unnest(d.brands) b
cross join (select unnest(enum_range(null::core.line)) as line) l
where l.line <> 'FLEET' or d.is_fleet;

-- a dealer's desk: 1 manager, 2-4 sellers, 5-6 advisers, 7 operator, 8 a seller who left, 9 the dealer's own system
create table demo.staff as
with post(k, role, login) as (values (1, 'manager', 'manager'), (2, 'seller', 'seller1'), (3, 'seller', 'seller2'), (4, 'seller', 'seller3'),
    (5, 'adviser', 'adviser1'), (6, 'adviser', 'adviser2'), (7, 'operator', 'operator'), (8, 'seller', null), (9, 'system', null)),
office(k, role, login) as (values (1, 'admin', 'admin'), (2, 'marketer', 'marketer1'), (3, 'marketer', 'marketer2'), (4, 'router', 'router'),
    (5, 'arbiter', 'arbiter'), (6, 'auditor', 'auditor'), (7, 'steward', 'steward'), (8, 'dpo', 'dpo'), (9, 'arbiter', 'arbiter2'), (10, 'arbiter', 'arbiter3')),
seat as (
    select (d.dealer_id * 100 + k)::bigint as staff_id, d.dealer_id, p.role, d.slug,
           'd' || lpad(d.dealer_id::text, 2, '0') || '-' || p.login as login, c.tatar, d.name as dealer_name, k
    from demo.dealer d join demo.city c using (city_id) cross join post p
    where k <> 8 or demo.u(d.dealer_id, 30) < 0.7 or d.dealer_id in (1, 2, 5)
    union all
    select k, 0, role, 'network', login, 0.05, null, k from office),
person as (
    select s.*, case when demo.u(staff_id, 31) < case when role in ('adviser', 'manager') then 0.62 when role = 'operator' then 0.15 else 0.5 end
                     then 'm' else 'f' end as sex,
           case when demo.u(staff_id, 32) < tatar then 'tt' else 'ru' end as grp, 1966 + floor(demo.u(staff_id, 33) * 33)::int as born
    from seat s)
select p.staff_id, p.dealer_id, p.role, p.login, p.slug, p.k, p.sex,
       case when p.role = 'system' then 'Учётная система «' || p.dealer_name || '»'
            else case when p.sex = 'm' then n.m else n.f end || ' ' || g.names[1 + demo.i(p.staff_id, 34, 0, 199)] || ' '
                 || case when p.sex = 'm' then f.patronymics_m[1 + demo.i(p.staff_id, 35, 0, 199)]
                         else f.patronymics_f[1 + demo.i(p.staff_id, 35, 0, 199)] end end as name,
       case when p.k = 8 and p.dealer_id > 0 then demo.now() - (30 + floor(demo.u(p.staff_id, 36) * 150)) * interval '1 day' end as left_at
from person p
join demo.surname n on n.grp = p.grp
     and n.n = 1 + floor(demo.u(p.staff_id, 37) ^ 1.3 * (select count(*) from demo.surname x where x.grp = p.grp))::int
join demo.given g on g.grp = p.grp and g.sex = p.sex and g.step = p.born / 5
join demo.given f on f.grp = p.grp and f.sex = 'm' and f.step = (p.born - 28) / 5;
alter table demo.staff add primary key (staff_id);

insert into core.staff (staff_id, public_id, dealer_id, role, name, email, is_active, left_at, created_at) overriding system value
select staff_id, demo.uuid('staff', staff_id), dealer_id, role::core.staff_role, name,
       coalesce(login, case k when 8 then 'former' else 'system' end) || '@' || slug || '.example', left_at is null, left_at,
       demo.begun_on() + (demo.u(staff_id, 38) * 40)::int
from demo.staff on conflict do nothing;     -- the administrator of an empty installation stays
insert into session.account (staff_id, login, created_at)
select staff_id, login, demo.begun_on() from demo.staff where login is not null order by staff_id on conflict do nothing;

-- the seats by trade, to draw from
create table demo.desk as
select dealer_id, array_agg(staff_id order by staff_id) filter (where role = 'seller' and left_at is null) as sellers,
       array_agg(staff_id order by staff_id) filter (where role = 'adviser') as advisers,
       min(staff_id) filter (where role = 'manager') as manager, min(staff_id) filter (where role = 'operator') as operator,
       min(staff_id) filter (where left_at is not null) as leaver, max(left_at) as left_at
from demo.staff where dealer_id > 0 group by dealer_id;
alter table demo.desk add primary key (dealer_id);

-- whoever tries the demo launches a network campaign the same day: no notice to the owners (P19; five working days in earnest)
insert into core.policy (name, valid_from, value_int, unit, min_int, max_int, recorded_at) values ('P19.notice', demo.begun_on(), 0, 'day', 0, 30, demo.begun_on())
on conflict do nothing;
