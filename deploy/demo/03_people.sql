-- SPDX-License-Identifier: Apache-2.0
-- People and companies of the network with their contacts. life says what part they play in the later files:
-- sale (bought from us), service (only serviced), prospect (being worked now), past (was worked), pool (nobody's).

create table demo.drawn as
select n::bigint as party_id, d.dealer_id, d.city_id, d.zone, demo.u(n, 10) as life_u,
       case when demo.u(n, 11) < 0.08 then 'COMPANY' else 'PERSON' end as kind,
       case when demo.u(n, 12) < 0.57 then 'm' else 'f' end as sex,
       extract(year from demo.today())::int - 21 - floor(55 * (demo.u(n, 13) + demo.u(n, 14)) / 2)::int as born,
       case when demo.u(n, 15) < c.tatar then 'tt' else 'ru' end as grp,
       d.brands[1 + floor(demo.u(n, 16) ^ 1.25 * cardinality(d.brands))::int] as brand_id, d.is_fleet
from (select n, width_bucket(demo.u(n, 17), b.bounds) as dealer_id
      from generate_series(1, :people) n, (select array_agg(lo order by dealer_id) as bounds from demo.dealer_share) b offset 0) x
join demo.dealer d using (dealer_id) join demo.city c using (city_id);
-- without figures of the lists the planner may pair every person with every surname and fill the disk
analyze demo.drawn, demo.surname, demo.given, demo.city;
create table demo.person as
with sized as (select grp, count(*) as n from demo.surname group by grp)
select p.party_id, p.kind, p.sex, p.dealer_id, p.city_id, p.zone, p.brand_id, p.is_fleet, p.born, p.grp,
       case when life_u < 0.31 then 'sale' when life_u < 0.59 then 'service' when life_u < 0.71 then 'prospect'
            when life_u < 0.905 then 'past' else 'pool' end as life,
       case when p.sex = 'm' then a.m else a.f end
           || case when demo.u(party_id, 18) < 0.006 and p.sex = 'f' then '-' || b.f else '' end as surname,
       g.names[1 + demo.i(party_id, 19, 0, 199)] as given_name,
       case when demo.u(party_id, 20) < 0.955 then case when p.sex = 'm' then f.patronymics_m[1 + demo.i(party_id, 21, 0, 199)]
            else f.patronymics_f[1 + demo.i(party_id, 21, 0, 199)] end end as patronymic,
       case when demo.u(party_id, 22) < 0.78 then make_date(p.born, demo.i(party_id, 23, 1, 12), demo.i(party_id, 24, 1, 28)) end as born_on,
       null::bigint as household_id, false as is_erased
from demo.drawn p join sized z using (grp)
join demo.surname a on a.grp = p.grp and a.n = 1 + floor(demo.u(party_id, 25) ^ 1.5 * z.n)::int
join demo.surname b on b.grp = 'ru' and b.n = 1 + demo.i(party_id, 26, 0, 60)
join demo.given g on g.grp = p.grp and g.sex = p.sex and g.step = p.born / 5
join demo.given f on f.grp = p.grp and f.sex = 'm' and f.step = (p.born - 27) / 5;
alter table demo.person add primary key (party_id);

-- a couple of neighbours' numbers is a household: same city, she takes his surname and address (R60)
update demo.person w set household_id = h.party_id, surname = s.f, grp = h.grp, dealer_id = h.dealer_id, city_id = h.city_id, zone = h.zone,
    brand_id = h.brand_id
from demo.person h join demo.surname s on s.m = h.surname and s.grp = h.grp
where w.party_id = h.party_id + 1 and h.party_id % 10 = 3 and h.kind = 'PERSON' and w.kind = 'PERSON' and h.sex = 'm' and w.sex = 'f'
  and abs(h.born - w.born) < 16;
update demo.person h set household_id = h.party_id from demo.person w where w.household_id = h.party_id and w.party_id = h.party_id + 1;

-- addresses, tax numbers, names as shown
create function demo.inn10(nine text) returns text language sql immutable parallel safe
    return nine || ((2 * substr(nine, 1, 1)::int + 4 * substr(nine, 2, 1)::int + 10 * substr(nine, 3, 1)::int + 3 * substr(nine, 4, 1)::int
        + 5 * substr(nine, 5, 1)::int + 9 * substr(nine, 6, 1)::int + 4 * substr(nine, 7, 1)::int + 6 * substr(nine, 8, 1)::int
        + 8 * substr(nine, 9, 1)::int) % 11 % 10)::text;
create function demo.inn12(ten text) returns text language sql immutable parallel safe as $$
with a as (select ten || ((7 * substr(ten, 1, 1)::int + 2 * substr(ten, 2, 1)::int + 4 * substr(ten, 3, 1)::int + 10 * substr(ten, 4, 1)::int
        + 3 * substr(ten, 5, 1)::int + 5 * substr(ten, 6, 1)::int + 9 * substr(ten, 7, 1)::int + 4 * substr(ten, 8, 1)::int
        + 6 * substr(ten, 9, 1)::int + 8 * substr(ten, 10, 1)::int) % 11 % 10)::text as e)
select e || ((3 * substr(e, 1, 1)::int + 7 * substr(e, 2, 1)::int + 2 * substr(e, 3, 1)::int + 4 * substr(e, 4, 1)::int
        + 10 * substr(e, 5, 1)::int + 3 * substr(e, 6, 1)::int + 5 * substr(e, 7, 1)::int + 9 * substr(e, 8, 1)::int
        + 4 * substr(e, 9, 1)::int + 6 * substr(e, 10, 1)::int + 8 * substr(e, 11, 1)::int) % 11 % 10)::text from a $$;

create table demo.card as
select p.party_id, c.name as city, c.region,
       c.post || lpad(demo.i(coalesce(p.household_id, p.party_id), 40, 1, 399)::text, 3, '0') || ', ' || s.name || ', д. '
           || demo.i(coalesce(p.household_id, p.party_id), 41, 1, 118)
           || case when p.kind = 'COMPANY' then case when demo.u(p.party_id, 42) < 0.6 then ', офис ' || demo.i(p.party_id, 43, 1, 420) else '' end
                   else ', кв. ' || demo.i(coalesce(p.household_id, p.party_id), 43, 1, 260) end as address,
       demo.u(p.party_id, 44) < 0.18 as is_sole_trader,
       -- tax office 00 registers nobody, so these numbers belong to no one
       c.tax || '00' || lpad((p.party_id * 7919 % 1000000)::text, 6, '0') as inn_stem,
       k.name as stem, y.name as trade_name, demo.u(p.party_id, 45) as style
from demo.person p join demo.city c using (city_id)
join demo.street s on s.n = 1 + demo.i(coalesce(p.household_id, p.party_id), 46, 0, 89)
join demo.company_stem k on k.n = 1 + demo.i(p.party_id, 47, 0, 59)
join demo.company_kind y on y.n = 1 + demo.i(p.party_id, 48, 0, 19);
alter table demo.card add primary key (party_id);

insert into core.party (party_id, public_id, kind, name, surname, given_name, patronymic, sex, born_on, inn, city, region, address, time_zone,
    household_id, source, created_at, updated_at) overriding system value
select p.party_id, demo.uuid('party', p.party_id), p.kind::core.party_kind,
       case when p.kind = 'PERSON' then concat_ws(' ', p.surname, p.given_name, p.patronymic)
            when k.is_sole_trader then 'ИП ' || concat_ws(' ', p.surname, p.given_name, p.patronymic)
            else case when k.style < 0.88 then 'ООО' when k.style < 0.97 then 'АО' else 'ПАО' end || ' «' || k.stem
                 || case when k.style < 0.4 then lower(k.trade_name) when k.style < 0.75 then '-' || k.trade_name
                         when k.style < 0.9 then ' ' || k.trade_name else '' end || '»' end,
       case when p.kind = 'PERSON' or k.is_sole_trader then p.surname end, case when p.kind = 'PERSON' or k.is_sole_trader then p.given_name end,
       case when p.kind = 'PERSON' or k.is_sole_trader then p.patronymic end, case when p.kind = 'PERSON' then p.sex end,
       case when p.kind = 'PERSON' then p.born_on end,
       case when p.kind = 'COMPANY' then case when k.is_sole_trader then demo.inn12(k.inn_stem) else demo.inn10(left(k.inn_stem, 4) || right(k.inn_stem, 5)) end end,
       k.city, k.region, k.address, p.zone, p.household_id, 'demo', demo.begun_on(), demo.begun_on()
from demo.person p join demo.card k using (party_id);

-- telephone numbers stand in +7 972 ... +7 976, codes that no operator holds; one number belongs to one person
create table demo.phone as
select p.party_id, w.way, '+7' || (972 + (p.party_id + w.way * 3) % 5)::text
       || lpad(((p.party_id * 1299721 + w.way * 5000011) % 10000000)::text, 7, '0') as value,
       (p.party_id * 2 + w.way)::bigint as draw
from demo.person p cross join (values (0), (1)) w(way)
where (w.way = 0 and demo.u(p.party_id, 50) < 0.985) or (w.way = 1 and demo.u(p.party_id, 51) < case when :plain then 0.95 else 0.16 end);

insert into core.contact_point (public_id, party_id, kind, value, raw, is_primary, is_valid, source_dealer_id, source, created_at)
select demo.uuid('phone', draw), f.party_id, 'PHONE', value,
       case demo.i(draw, 52, 0, 5) when 0 then '8' || substr(value, 3)
            when 1 then '8 (' || substr(value, 3, 3) || ') ' || substr(value, 6, 3) || '-' || substr(value, 9, 2) || '-' || substr(value, 11, 2)
            when 2 then '+7 ' || substr(value, 3, 3) || ' ' || substr(value, 6, 3) || '-' || substr(value, 9, 2) || '-' || substr(value, 11, 2)
            when 3 then substr(value, 3, 3) || '-' || substr(value, 6, 3) || '-' || substr(value, 9, 2) || '-' || substr(value, 11, 2)
            when 4 then '+7(' || substr(value, 3, 3) || ')' || substr(value, 6)
            else value end,
       way = 0, demo.u(draw, 53) > 0.012, p.dealer_id, 'demo', demo.begun_on()
from demo.phone f join demo.person p using (party_id) order by draw;

-- mail at .example, after the name in Latin letters
create function demo.latin(russian text) returns text language sql immutable parallel safe
    return translate(replace(replace(replace(replace(replace(replace(replace(lower(russian), 'щ', 'shch'), 'ш', 'sh'), 'ч', 'ch'), 'ж', 'zh'),
        'ю', 'yu'), 'я', 'ya'), 'х', 'kh'), 'абвгдеёзийклмнопрстуфцыэьъ -', 'abvgdeeziiklmnoprstufcye');
create table demo.mail as
select p.party_id, case when p.kind = 'PERSON'
    then demo.latin(p.surname) || case demo.i(p.party_id, 55, 0, 3) when 0 then '.' || left(demo.latin(p.given_name), 1)
             when 1 then '_' || demo.latin(p.given_name) when 2 then '' else '.' || left(demo.latin(p.given_name), 3) end
         || case when demo.u(p.party_id, 56) < 0.6 then right(p.born::text, 2) else p.born::text end || p.party_id % 97
         || '@' || demo.pick(array['pochta.example', 'pisma.example', 'mail.example', 'inbox.example', 'yashchik.example'], demo.u(p.party_id, 57))
    else demo.pick(array['info', 'office', 'zakaz', 'avto', 'snab'], demo.u(p.party_id, 58)) || '@' || demo.latin(k.stem)
         || '-' || demo.latin(k.trade_name) || p.party_id || '.example' end as value
from demo.person p join demo.card k using (party_id)
where demo.u(p.party_id, 59) < case when :plain then 0.98 when p.kind = 'COMPANY' then 0.93 else 0.74 end;
insert into core.contact_point (public_id, party_id, kind, value, raw, is_primary, is_valid, source_dealer_id, source, created_at)
select demo.uuid('mail', party_id), party_id, 'EMAIL', value, case when demo.u(party_id, 60) < 0.06 then initcap(value) else value end,
       true, demo.u(party_id, 61) > 0.025, p.dealer_id, 'demo', demo.begun_on()
from demo.mail m join demo.person p using (party_id) order by party_id;
