-- SPDX-License-Identifier: Apache-2.0
-- Where leads go: places of the cities, territories with overlaps and gaps, agreed shares, capacities, stock. Routing itself is the product's.

update core.city c set region_code = v.code, lon = v.lon, lat = v.lat
from (values ('Москва', '77', 37.618, 55.756), ('Санкт-Петербург', '78', 30.315, 59.939), ('Казань', '16', 49.106, 55.796),
    ('Екатеринбург', '66', 60.597, 56.838), ('Новосибирск', '54', 82.920, 55.030), ('Калининград', '39', 20.511, 54.710),
    ('Самара', '63', 50.100, 53.195), ('Владивосток', '25', 131.886, 43.115)) v(name, code, lon, lat) where c.name = v.name;
update core.dealer d set region_code = c.region_code, lon = c.lon, lat = c.lat from core.city c where c.name = d.city and d.dealer_id > 0;

-- every region to the dealers of the nearest city, some to those of the next one as well; far away nobody has agreed yet
create table demo.reach as
select g.code, c.name as city, core.distance_km(g.lon, g.lat, c.lon, c.lat) as km,
       row_number() over (partition by g.code order by core.distance_km(g.lon, g.lat, c.lon, c.lat), c.name) as rank
from core.region g cross join (select distinct on (x.name) x.* from core.city x where x.lon is not null) c;
insert into core.territory (public_id, dealer_id, brand_id, line, region_code, from_on, version, staff_id, created_at)
select demo.uuid('territory', row_number() over (order by d.dealer_id, b.brand_id, b.line, r.code)), d.dealer_id, b.brand_id, b.line, r.code,
       demo.begun_on(), (select max(v.version) from core.routing_version v), 4, demo.begun_on()
from core.dealer d join core.dealer_brand b on b.dealer_id = d.dealer_id and b.line in ('NEW', 'USED', 'SERVICE')
join demo.reach r on r.city = d.city
where d.dealer_id > 0 and (r.km < 60 or (b.line <> 'SERVICE' and r.rank = 1 and r.km < 1400)
    or (b.line = 'NEW' and r.rank = 2 and r.km < 900 and demo.u(r.code::bigint, 900) < 0.35));
-- one dealer has a piece of a neighbour's region by postal codes
insert into core.territory (public_id, dealer_id, brand_id, line, postal_from, postal_to, name, from_on, version, staff_id, created_at)
select demo.uuid('territory', 900001), 6, 1, 'NEW', '443000', '445999', 'Самара и Тольятти', demo.begun_on(), (select max(v.version) from core.routing_version v), 4, demo.begun_on()
where exists (select from core.dealer_brand b where b.dealer_id = 6 and b.brand_id = 1 and b.line = 'NEW');

insert into core.dealer_share (dealer_id, brand_id, line, from_on, share, capacity, version, staff_id)
select d.dealer_id, b.brand_id, b.line, demo.begun_on(), round(d.weight * 100)::int, 12 + round(d.weight * 20)::int, (select max(v.version) from core.routing_version v), 4
from demo.dealer d join core.dealer_brand b on b.dealer_id = d.dealer_id and b.line in ('NEW', 'USED');
insert into core.dealer_stock (dealer_id, model_id, due_on, cars, reported_at)
select d.dealer_id, m.model_id, case when demo.u(d.dealer_id * 100 + m.model_id, 901) < 0.7 then demo.today() else demo.today() + demo.i(d.dealer_id * 100 + m.model_id, 902, 3, 40) end,
       demo.i(d.dealer_id * 100 + m.model_id, 903, 1, 9), demo.now()
from core.dealer d join core.model m on exists (select from core.dealer_brand b where b.dealer_id = d.dealer_id and b.brand_id = m.brand_id and b.line = 'NEW')
where d.dealer_id > 0 and demo.u(d.dealer_id * 100 + m.model_id, 904) < 0.6;
select core.quality_refresh() \g /dev/null
