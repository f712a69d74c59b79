-- SPDX-License-Identifier: Apache-2.0
-- Tools of the generator: one schema "demo" that is dropped at the end, a source of chance that gives the same answer for
-- the same seed, and the lists. Every later file draws from demo.u(id, salt): no random(), no order of execution matters.
-- psql variables: seed, people, dealers, at (the moment the network lives in), both set by deploy/demo/generate.

create schema demo;

create function demo.now() returns timestamptz language sql immutable parallel safe return :'at'::timestamptz;
create function demo.today() returns date language sql immutable parallel safe
    return (:'at'::timestamptz at time zone 'Europe/Moscow')::date;
-- the day on which the network began with Clientele: documents before it were brought along
create function demo.begun_on() returns date language sql immutable parallel safe return demo.today() - 540;

-- A number in [0, 1) that depends on the seed, the thing's id and the question (salt) alone.
create function demo.u(id bigint, salt int) returns double precision language sql immutable parallel safe
    return (hashint8extended(id, (:seed)::bigint * 100003 + salt) & 9007199254740991)::double precision / 9007199254740992.0;
create function demo.i(id bigint, salt int, lo int, hi int) returns int language sql immutable parallel safe
    return lo + floor(demo.u(id, salt) * (hi - lo + 1))::int;
-- about normal, mean 0, deviation 1
create function demo.g(id bigint, salt int) returns double precision language sql immutable parallel safe
    return (demo.u(id, salt) + demo.u(id, salt + 100000) + demo.u(id, salt + 200000) - 1.5) * 2;
create function demo.pick(among text[], u double precision) returns text language sql immutable parallel safe
    return among[1 + floor(u * cardinality(among))::int];
-- public id of thing `id` of kind `kind`: same seed, same address
create function demo.uuid(kind text, id bigint) returns uuid language sql immutable parallel safe
    return overlay(overlay(md5(:'seed' || kind || id::text) placing '4' from 13) placing 'a' from 17)::uuid;
-- somewhere in the opening hours of a day
create function demo.hours(on_day date, zone text, u double precision) returns timestamptz language sql immutable parallel safe
    return (on_day + time '09:04' + u * interval '10 hours 40 minutes') at time zone zone;
-- the end of that day, where day-based terms end (R10)
create function demo.day_end(at timestamptz, zone text, days int) returns timestamptz language sql immutable parallel safe
    return ((at at time zone zone)::date + days + 1)::timestamp at time zone zone;
-- working minutes later: dealers open every day from 9 to 20
create function demo.later(at timestamptz, minutes double precision, zone text) returns timestamptz
    language plpgsql immutable parallel safe as $$
declare
    local timestamp := at at time zone zone;
    of_day double precision := extract(epoch from local - date_trunc('day', local)) / 60;
    total double precision := least(greatest(of_day - 540, 0), 660) + minutes;
begin
    return (date_trunc('day', local) + floor(total / 660) * interval '1 day'
        + interval '9 hours' + (total - 660 * floor(total / 660)) * interval '1 minute') at time zone zone;
end $$;

create table demo.city (city_id int primary key, name text, region text, zone text, area_code text, plates text, tax text,
    post text, tatar double precision);
\copy demo.city from 'lists/cities.tsv'
create table demo.dealer_list (dealer_id int primary key, name text, legal_name text, city_id int, slug text, brands text,
    is_fleet boolean, weight double precision, accept_min double precision, contact_min double precision,
    reach double precision, loyalty double precision, no_contact double precision, hoard double precision,
    growth double precision, overdue double precision);
\copy demo.dealer_list from 'lists/dealers.tsv'
create table demo.brand (brand_id int primary key, name text, wmi text, factor double precision, color_index int);
\copy demo.brand from 'lists/brands.tsv'
create table demo.model (model_id int generated always as identity, brand_id int, name text, vds text, price int,
    from_year int, weight double precision);
\copy demo.model (brand_id, name, vds, price, from_year, weight) from 'lists/models.tsv'
create table demo.work (work_id int generated always as identity, kind text, what text, lo int, hi int);
\copy demo.work (kind, what, lo, hi) from 'lists/works.tsv'
create table demo.text_list (text_id int generated always as identity, situation text, m text, f text);
\copy demo.text_list (situation, m, f) from 'lists/texts.tsv'
create table demo.task_list (role text, kind text, title text);
\copy demo.task_list from 'lists/tasks.tsv'
create table demo.street (n int generated always as identity, name text);
\copy demo.street (name) from 'lists/streets.tsv'
create table demo.company_stem (n int generated always as identity, name text);
\copy demo.company_stem (name) from 'lists/company_stems.tsv'
create table demo.company_kind (n int generated always as identity, name text, trade text);
\copy demo.company_kind (name, trade) from 'lists/company_kinds.tsv'
create table demo.surname_list (k int generated always as identity, grp text, m text, f text);
\copy demo.surname_list (grp, m, f) from 'lists/surnames.tsv'
create table demo.given_list (grp text, sex text, name text, patronymic_m text, patronymic_f text, peak int, spread double precision,
    weight double precision);
\copy demo.given_list from 'lists/given_names.tsv'

-- common surnames come first in their list and are drawn more often
create table demo.surname as
    select grp, row_number() over (partition by grp order by k)::int as n, m, f from demo.surname_list;
alter table demo.surname add primary key (grp, n);

-- given names as they were given in five-year steps: 200 slots a step, shared out by weight and fashion
create table demo.given as
with fashion as (
    select l.*, y.step, l.weight * (exp(0 - ((y.step * 5 + 2 - l.peak) / l.spread) ^ 2 / 2) + 0.01) as w
    from demo.given_list l cross join generate_series(370, 402) y(step)),
shared as (
    select *, round(200 * sum(w) over p / sum(w) over (partition by grp, sex, step))::int as hi,
           round(200 * (sum(w) over p - w) / sum(w) over (partition by grp, sex, step))::int as lo
    from fashion window p as (partition by grp, sex, step order by name))
select grp, sex, step, array_agg(name order by s) as names, array_agg(patronymic_m order by s) as patronymics_m,
       array_agg(patronymic_f order by s) as patronymics_f
from shared cross join lateral generate_series(lo + 1, hi) s group by grp, sex, step;
alter table demo.given add primary key (grp, sex, step);

-- texts and works by situation, as arrays to draw from
create table demo.text as
    select situation, array_agg(m order by text_id) as m, array_agg(f order by text_id) as f from demo.text_list group by situation;
create function demo.say(in_situation text, sex text, model text, u double precision) returns text
    language sql stable parallel safe
    return (select replace(demo.pick(case when sex = 'f' then t.f else t.m end, u), '{model}', coalesce(model, 'новый автомобиль'))
            from demo.text t where t.situation = in_situation);

-- which model a buyer of a brand takes: intervals of [0, 1)
create table demo.model_share as
select m.*, (sum(weight) over p - weight) / sum(weight) over (partition by brand_id) as lo,
       sum(weight) over p / sum(weight) over (partition by brand_id) as hi
from demo.model m window p as (partition by brand_id order by model_id);

-- how many sales a month of the past three years saw: seasons, 0 = oldest
create table demo.month_share as
with m as (select k, (date_trunc('month', demo.today()) - k * interval '1 month')::date as month_on from generate_series(0, 37) k),
w as (select k, month_on, (array[0.62, 0.78, 1.12, 1.10, 0.98, 1.00, 0.96, 1.02, 1.16, 1.12, 1.00, 1.24])
        [extract(month from month_on)::int] as w from m)
select k, month_on, (sum(w) over (order by month_on) - w) / sum(w) over () as lo, sum(w) over (order by month_on) / sum(w) over () as hi
from w;
