-- SPDX-License-Identifier: Apache-2.0
-- Vehicles, their owners, three years of sales and work orders, odometer readings. Two people never own a car at once;
-- a mileage only grows, because it is one straight line with a bend a season.

-- Sales: every "sale" party bought once in the past three years, some twice; companies buy several at a time.
create table demo.sale as
with buyer as (
    select p.*, k as turn, p.party_id * 16 + k as draw
    from demo.person p cross join lateral generate_series(0, case
        when p.kind = 'COMPANY' then demo.i(p.party_id, 70, 0, 3) when demo.u(p.party_id, 71) < 0.06 then 1 else 0 end) k
    where p.life = 'sale'),
dated as (
    select b.*, d.growth, m.month_on + floor(demo.u(b.draw, 72) * extract(day from m.month_on + interval '1 month' - interval '1 day'))::int as sold_on
    from buyer b join demo.dealer d using (dealer_id)
    join demo.month_share m on demo.u(b.draw, 73) ^ (1 / d.growth) >= m.lo and demo.u(b.draw, 73) ^ (1 / d.growth) < m.hi)
select d.party_id, d.draw, d.turn, d.dealer_id, d.zone, d.kind, d.sex, s.model_id, s.brand_id, s.name as model, d.sold_on,
       case when d.kind = 'COMPANY' and d.is_fleet and demo.u(d.draw, 75) < 0.8 then 'FLEET'
            when demo.u(d.draw, 76) < 0.27 then 'USED' else 'NEW' end::core.line as line,
       demo.i(d.draw, 77, 1, 8) as used_years, s.price, s.from_year
from dated d
join demo.model_share s on s.brand_id = d.brand_id and demo.u(d.draw, 74) >= s.lo and demo.u(d.draw, 74) < s.hi
where d.sold_on between demo.today() - 1120 and demo.today() - 1;

-- Vehicles: the bought ones, and those that come only for service
create table demo.vehicle as
with bought as (
    select party_id, dealer_id, zone, brand_id, model, sold_on as from_on, draw,
           greatest(from_year, extract(year from sold_on)::int - case when line = 'USED' then used_years else case when demo.u(draw, 80) < 0.2 then 1 else 0 end end)
               as model_year,
           case when line = 'USED' then used_years * demo.i(draw, 81, 9000, 24000) + demo.i(draw, 82, 0, 4000) else demo.i(draw, 82, 4, 38) end as km0,
           sold_on as sale_on, kind
    from demo.sale),
own as (
    select p.party_id, p.dealer_id, p.zone, s.brand_id, s.name as model,
           demo.today() - demo.i(p.party_id * 16 + 8 + k, 83, 380, 3300) as from_on, p.party_id * 16 + 8 + k as draw,
           s.from_year, p.kind
    from demo.person p cross join lateral generate_series(0, case
        when p.kind = 'COMPANY' then demo.i(p.party_id, 84, 0, 4) when demo.u(p.party_id, 85) < 0.1 then 1 else 0 end) k
    join demo.model_share s on s.brand_id = p.brand_id and demo.u(p.party_id * 16 + 8 + k, 86) >= s.lo and demo.u(p.party_id * 16 + 8 + k, 86) < s.hi
    where p.life = 'service' or (p.life in ('prospect', 'past') and demo.u(p.party_id, 87) < 0.22)),
every as (
    select party_id, dealer_id, zone, brand_id, model, from_on, draw, model_year, km0, sale_on, kind, from_on as clock_on from bought
    union all
    select party_id, dealer_id, zone, brand_id, model, from_on, draw, greatest(from_year, extract(year from from_on)::int - 1), 0, null, kind,
           from_on from own)
select row_number() over (order by draw)::bigint as vehicle_id, e.*,
       case when kind = 'COMPANY' then 70 + 60 * demo.u(draw, 88) else 24 + 42 * demo.u(draw, 88) + 22 * greatest(0, demo.g(draw, 89)) end as km_day,
       demo.pick(array['белый', 'белый', 'чёрный', 'серый', 'серебристый', 'графит', 'синий', 'тёмно-синий', 'красный', 'бежевый', 'зелёный', 'коричневый'],
           demo.u(draw, 90)) as color
from every e;
alter table demo.vehicle add primary key (vehicle_id);
create index on demo.vehicle (party_id);
create index on demo.vehicle (draw);
-- a second car that another dealer of the town keeps in order: two rights of one line, one a car (R1)
update demo.vehicle v set dealer_id = o.dealer_id
from demo.person p join demo.dealer o on o.city_id = p.city_id and o.dealer_id <> p.dealer_id
where p.party_id = v.party_id and p.life = 'service' and p.kind = 'PERSON' and v.draw = p.party_id * 16 + 9 and o.brands @> array[v.brand_id]
  and demo.u(v.draw, 100) < 0.4 and o.dealer_id = (
    select min(x.dealer_id) from demo.dealer x where x.city_id = p.city_id and x.dealer_id <> p.dealer_id and x.brands @> array[v.brand_id]);

-- The check digit of ISO 3779 / 49 CFR 565; the makers' codes belong to nobody.
create function demo.vin(head text, tail text) returns text language sql immutable parallel safe as $$
with v as (select translate(head || '0' || tail, 'ABCDEFGHJKLMNPRSTUVWXYZ', '12345678123457923456789') as d),
s as (select sum(substr(d, i::int, 1)::int * w) % 11 as r from v
      cross join unnest(array[8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]) with ordinality x(w, i))
select head || case when r = 10 then 'X' else r::text end || tail from s $$;

insert into core.vehicle (vehicle_id, public_id, vin, plate, plate_raw, brand_id, model, model_year, color, created_at) overriding system value
select v.vehicle_id, demo.uuid('vehicle', v.vehicle_id),
       demo.vin(b.wmi || m.vds, substr('ABCDEFGHJKLMNPRSTVWXY123456789', (v.model_year - 2010) % 30 + 1, 1) || substr('MNPRSTVWXYZABCDEFGHJKL', 1 + (v.vehicle_id / 1000000)::int, 1)
           || lpad((v.vehicle_id * 7919 % 1000000)::text, 6, '0')),
       core.plate_norm(r.raw), r.raw, v.brand_id, v.model, v.model_year, v.color, greatest(v.from_on, demo.begun_on())
from demo.vehicle v join demo.brand b using (brand_id) join demo.model m on m.brand_id = v.brand_id and m.name = v.model
join demo.dealer d using (dealer_id) join demo.city c using (city_id)
cross join lateral (select case when demo.u(v.draw, 91) < 0.96 then
    substr('АВЕКМНОРСТУХ', 1 + (v.vehicle_id * 7 % 12)::int, 1) || lpad((1 + v.vehicle_id * 367 % 999)::text, 3, '0')
    || substr('АВЕКМНОРСТУХ', 1 + (v.vehicle_id * 367 / 999 % 12)::int, 1) || substr('АВЕКМНОРСТУХ', 1 + (v.vehicle_id / 333 % 12)::int, 1)
    || demo.pick(string_to_array(c.plates, ','), demo.u(v.draw, 93) ^ 0.7) end as raw) r;

-- a used car that was ours before: someone of the same dealer traded it in
create table demo.trade_in as
select distinct on (o.party_id) v.vehicle_id, o.party_id, v.sale_on as to_on, v.sale_on - demo.i(v.draw, 94, 500, 2200) as from_on
from demo.vehicle v join demo.sale s on s.draw = v.draw
join demo.person o on o.dealer_id = v.dealer_id and o.party_id = v.party_id - 100 + demo.i(v.draw, 95, 0, 90) and o.life in ('sale', 'past')
where s.line = 'USED' and demo.u(v.draw, 96) < 0.3 and o.party_id <> v.party_id
order by o.party_id, v.vehicle_id;
insert into core.vehicle_owner (vehicle_id, party_id, from_on, to_on, source_dealer_id)
select vehicle_id, party_id, from_on, null, dealer_id from demo.vehicle
union all select t.vehicle_id, t.party_id, t.from_on, t.to_on, v.dealer_id from demo.trade_in t join demo.vehicle v using (vehicle_id);

create function demo.km(in_km0 int, km_day double precision, days int, draw bigint) returns int language sql immutable parallel safe
    return greatest(0, round(in_km0 + km_day * days + 0.12 * km_day * 58 * (1 + sin(days / 58.1 + draw % 7))))::int;

insert into core.sale (sale_id, public_id, dealer_id, party_id, vehicle_id, brand_id, line, number, sold_on, amount_kopecks, margin_kopecks, source)
    overriding system value
select sale_id, demo.uuid('sale', sale_id), dealer_id, party_id, vehicle_id, brand_id, line,
       'ДКП-' || to_char(sold_on, 'YY') || '-' || lpad(row_number() over (partition by dealer_id, extract(year from sold_on) order by sold_on, sale_id)::text, 4, '0'),
       sold_on, roubles * 100, round(roubles * 100 * (0.025 + 0.06 * demo.u(draw, 99)))::bigint, case when sold_on < demo.begun_on() then 'import' else 'hand' end
from (select row_number() over (order by s.sold_on, s.draw) as sale_id, s.*, v.vehicle_id,
             (round(s.price * (1 - 0.085 * (demo.today() - s.sold_on) / 365.0) * (0.94 + 0.34 * demo.u(s.draw, 97))
                 * case when s.line = 'USED' then 0.86 ^ s.used_years else 1 end / 5) * 5 * 1000 - case when demo.u(s.draw, 98) < 0.5 then 100 else 0 end)::bigint as roubles
      from demo.sale s join demo.vehicle v on v.draw = s.draw) t;
create index on demo.sale (party_id);

-- Work orders. Planned service by mileage or by the year, for as long as the customer comes back; repairs, tyres, bodywork between.
create table demo.visit as
with kept as (
    select v.*, d.loyalty, p.life, greatest(190, least(365, 10500 / v.km_day))::int as step_days,
           greatest(v.from_on, demo.today() - 1095 - demo.i(v.draw, 110, 0, 300)) as first_on
    from demo.vehicle v join demo.dealer d using (dealer_id) join demo.person p using (party_id)
    where p.life in ('sale', 'service') and (p.life = 'service' or demo.u(v.draw, 111) < d.loyalty)),
turned as (
    select k.*, t.n, t.on_day
    from kept k cross join lateral (
        select n, k.first_on + case when k.sale_on is null then demo.i(k.draw, 112, 0, k.step_days) else k.step_days end + (n - 1) * k.step_days
                  + demo.i(k.draw * 32 + n, 113, -24, 30) as on_day from generate_series(1, 7) n) t
    where t.on_day < demo.today() and t.on_day >= demo.today() - 1095),
-- the first visit after which he stays away
lost as (select draw, min(n) as last_n from turned where demo.u(draw * 32 + n, 114) > 1.5 * loyalty - 0.55 group by draw),
planned as (
    select t.vehicle_id, t.party_id, t.dealer_id, t.zone, t.brand_id, t.draw, t.on_day, 'plan' as kind, t.n,
           case when t.sale_on is null then t.n + demo.i(t.draw, 115, 1, 4) else t.n end as step
    from turned t left join lost l using (draw) where l.last_n is null or t.n <= l.last_n),
span as (select draw, min(on_day) as first_on, max(on_day) as last_on, (array_agg(vehicle_id))[1] as vehicle_id, (array_agg(party_id))[1] as party_id,
                (array_agg(dealer_id))[1] as dealer_id, (array_agg(zone))[1] as zone, (array_agg(brand_id))[1] as brand_id from planned group by draw),
between_them as (
    select s.vehicle_id, s.party_id, s.dealer_id, s.zone, s.brand_id, s.draw,
           case when x.kind = 'tyres' then make_date(x.y, case when x.half = 0 then 4 else 10 end, 8) + demo.i(s.draw * 32 + x.i, 116, 0, 34)
                else make_date(x.y, 1, 3) + demo.i(s.draw * 32 + x.i, 117, 0, 355) end as on_day, x.kind, 10 + x.i as n, 0 as step, s.first_on, s.last_on
    from span s cross join lateral (
        select y, half, kind, (y - 2000) * 10 + half * 5 + k as i
        from generate_series(extract(year from s.first_on)::int, extract(year from s.last_on)::int) y cross join generate_series(0, 1) half
        cross join (values (0, 'tyres', 0.30), (1, 'repair', 0.21), (2, 'body', 0.035), (3, 'warranty', 0.06)) c(k, kind, p)
        where demo.u(s.draw * 32 + (y - 2000) * 10 + half * 5 + k, 118 + k) < p) x)
select row_number() over (order by on_day, draw, n)::bigint as order_id, *
from (select vehicle_id, party_id, dealer_id, zone, brand_id, draw, on_day, kind, n, step from planned
      union all
      select vehicle_id, party_id, dealer_id, zone, brand_id, draw, on_day, kind, n, step from between_them
      where on_day between first_on and least(last_on + 150, demo.today() - 1)) q;
alter table demo.visit add primary key (order_id);

create table demo.work_share as
    select kind, array_agg(work_id order by work_id) as works from demo.work group by kind;
insert into core.repair_order (order_id, public_id, dealer_id, party_id, vehicle_id, brand_id, number, opened_on, amount_kopecks, mileage_km, is_paid, what, source)
    overriding system value
select order_id, demo.uuid('order', order_id), v.dealer_id, v.party_id, v.vehicle_id, v.brand_id,
       'ЗН-' || to_char(on_day, 'YY') || '-' || lpad(row_number() over (partition by v.dealer_id, extract(year from on_day) order by order_id)::text, 5, '0'),
       on_day, round((w.lo + (w.hi - w.lo) * demo.u(order_id, 121)) * b.factor * (1 - 0.07 * (demo.today() - on_day) / 365.0) / 10)::bigint * 1000,
       demo.km(c.km0, c.km_day, on_day - c.clock_on, c.draw), v.kind <> 'warranty', w.what, case when on_day < demo.begun_on() then 'import' else 'hand' end
from demo.visit v join demo.vehicle c using (vehicle_id) join demo.brand b on b.brand_id = v.brand_id
join demo.work_share s on s.kind = v.kind
join demo.work w on w.work_id = case when v.kind = 'plan' then s.works[1 + (v.step - 1) % 6] else s.works[1 + demo.i(order_id, 122, 0, cardinality(s.works) - 1)] end;

insert into core.odometer_reading (vehicle_id, read_on, mileage_km, dealer_id)
select distinct on (vehicle_id, opened_on) vehicle_id, opened_on, mileage_km, dealer_id from core.repair_order order by vehicle_id, opened_on
on conflict do nothing;
insert into core.odometer_reading (vehicle_id, read_on, mileage_km, dealer_id)
select vehicle_id, from_on, demo.km(km0, km_day, 0, draw), case when sale_on is not null then dealer_id end from demo.vehicle
where sale_on is not null on conflict do nothing;
