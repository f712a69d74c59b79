-- SPDX-License-Identifier: Apache-2.0
-- A large base for benchmarks: of every person a car, documents, consents, one right or two, some talk and tasks; no stories.

create table demo.plain as
select p.party_id, p.kind, p.sex, p.dealer_id, p.zone, p.brand_id, demo.u(p.party_id, 600) as r, m.name as model, m.from_year, k.sellers, k.advisers,
       demo.today() - demo.i(p.party_id, 601, 5, 520) as seen_on
from demo.person p join demo.desk k using (dealer_id)
join demo.model_share m on m.brand_id = p.brand_id and demo.u(p.party_id, 602) >= m.lo and demo.u(p.party_id, 602) < m.hi;

insert into core.vehicle (vehicle_id, public_id, vin, plate, plate_raw, brand_id, model, model_year, color) overriding system value
select n.party_id, demo.uuid('vehicle', n.party_id),
       left(b.wmi || d.vds, 8) || '0' || 'L' || substr('MNPRSTVWXYZABCDEFGHJKL', 1 + (n.party_id / 1000000)::int, 1) || lpad((n.party_id * 7919 % 1000000)::text, 6, '0'),
       core.plate_norm(t.raw), t.raw, n.brand_id, n.model, least(2026, greatest(n.from_year, 2012 + demo.i(n.party_id, 603, 0, 13))), 'белый'
from demo.plain n join demo.brand b using (brand_id) join demo.model d on d.brand_id = n.brand_id and d.name = n.model
cross join lateral (select substr('АВЕКМНОРСТУХ', 1 + (n.party_id * 7 % 12)::int, 1) || lpad((1 + n.party_id * 367 % 999)::text, 3, '0') || substr('АВЕКМНОРСТУХ', 1 + (n.party_id / 12 % 12)::int, 1)
    || substr('АВЕКМНОРСТУХ', 1 + (n.party_id / 333 % 12)::int, 1) || '77' as raw) t where n.r < 0.62;
insert into core.vehicle_owner (vehicle_id, party_id, from_on, source_dealer_id) select party_id, party_id, seen_on - 400, dealer_id from demo.plain where r < 0.62;
insert into core.repair_order (public_id, dealer_id, party_id, vehicle_id, brand_id, number, opened_on, amount_kopecks, mileage_km, what, source)
select demo.uuid('order', n.party_id * 4 + k), n.dealer_id, n.party_id, n.party_id, n.brand_id, 'ЗН-' || n.party_id || '-' || k, n.seen_on - k * 190,
       demo.i(n.party_id * 4 + k, 604, 20, 400) * 10000, greatest(10, 90000 - k * 7000 - (n.party_id % 50000)::int), 'ТО: масло, фильтры, диагностика', 'import'
from demo.plain n cross join generate_series(0, 1) k where n.r < 0.5 and (k = 0 or demo.u(n.party_id, 605) < 0.5);
insert into core.sale (public_id, dealer_id, party_id, vehicle_id, brand_id, line, number, sold_on, amount_kopecks, margin_kopecks, source)
select demo.uuid('sale', n.party_id), n.dealer_id, n.party_id, n.party_id, n.brand_id, 'NEW', 'ДКП-' || n.party_id, n.seen_on - 300, demo.i(n.party_id, 606, 900, 6000) * 100000, 9000000, 'import'
from demo.plain n where n.r between 0.36 and 0.62;

-- rights: service customers, buyers, prospects in work; the rest is the pool
create table demo.plain_right as
select row_number() over ()::bigint as ownership_id, * from (
    select party_id, dealer_id, zone, brand_id, 'SERVICE'::core.line as line, 'CUSTOMER'::core.right_state as state, advisers[1 + demo.i(party_id, 607, 0, cardinality(advisers) - 1)] as seat_id,
           'document' as event, 'R154' as rule, demo.hours(seen_on, zone, 0.5) as at, demo.day_end(demo.hours(seen_on, zone, 0.5), zone, 545) as protect_until from demo.plain where r < 0.5
    union all
    select party_id, dealer_id, zone, brand_id, 'NEW', 'CUSTOMER', sellers[1 + demo.i(party_id, 608, 0, cardinality(sellers) - 1)], 'document', 'R154', demo.hours(seen_on, zone, 0.4), demo.day_end(demo.hours(seen_on, zone, 0.4), zone, 700)
    from demo.plain where r between 0.36 and 0.62
    union all
    select party_id, dealer_id, zone, brand_id, 'NEW', 'ACTIVE', sellers[1 + demo.i(party_id, 609, 0, cardinality(sellers) - 1)], 'checked', 'R32', demo.hours(demo.today() - demo.i(party_id, 610, 1, 20), zone, 0.3), demo.day_end(demo.now(), zone, demo.i(party_id, 611, 2, 28))
    from demo.plain where r between 0.62 and 0.8) x;
insert into core.ownership (ownership_id, public_id, party_id, brand_id, line, dealer_id, seat_id, state, since, registered_at, first_contact_at, protect_until, limit_until, free_from, source, event, rule, changed_at) overriding system value
select ownership_id, demo.uuid('right', ownership_id), party_id, brand_id, line, dealer_id, seat_id, state, at, at, case when state = 'ACTIVE' then at end, protect_until,
       case when state = 'ACTIVE' then demo.day_end(at, zone, 180) end, 'infinity', 'import', event, rule, at from demo.plain_right;
insert into core.ownership_history (ownership_id, ver, public_id, party_id, brand_id, line, dealer_id, seat_id, state, event, rule, source, first_contact_at, protect_until, limit_until, free_from,
    valid_from, recorded_at, since, registered_at, manual_run)
select ownership_id, 1, demo.uuid('right', ownership_id), party_id, brand_id, line, dealer_id, seat_id, state, event, rule, 'import', case when state = 'ACTIVE' then at end, protect_until,
       case when state = 'ACTIVE' then demo.day_end(at, zone, 180) end, 'infinity', at, at, at, at, 0 from demo.plain_right;

insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
select n.party_id, n.dealer_id, c.purpose::core.consent_purpose, c.channel::core.channel, 'РК-2025-2', 'Анкета № ' || n.party_id, 'form', demo.hours(n.seen_on, n.zone, 0.2)
from demo.plain n cross join (values (1, 'PROCESSING', null, 0.98), (2, 'ADVERTISING', 'EMAIL', 0.8), (3, 'ADVERTISING', 'CALL', 0.5)) c(k, purpose, channel, p)
where n.r < 0.8 and demo.u(n.party_id * 4 + c.k, 612) < c.p;
insert into core.interaction (public_id, party_id, dealer_id, staff_id, kind, at, recorded_at, is_manual, is_qualifying, evidence, text)
select demo.uuid('talk', n.party_id), n.party_id, n.dealer_id, n.sellers[1], 'CALL_OUT', demo.hours(n.seen_on, n.zone, 0.6), demo.hours(n.seen_on, n.zone, 0.6), false, true, 'CT-' || n.party_id, 'Разговор о следующем визите.'
from demo.plain n where n.r < 0.8 and n.party_id % 2 = 0;
insert into core.task (public_id, dealer_id, seat_id, party_id, kind, title, due_at, created_by)
select demo.uuid('task', n.party_id), n.dealer_id, n.sellers[1 + n.party_id % cardinality(n.sellers)], n.party_id, 'call', 'Позвонить и уточнить решение', demo.hours(demo.today() + demo.i(n.party_id, 613, -3, 9), n.zone, 0.5), n.sellers[1]
from demo.plain n where n.r between 0.62 and 0.8 and n.party_id % 3 = 0;
update core.contact_point c set is_valid = true where not is_valid;

insert into core.city (name, region, time_zone) select name, region, zone from demo.city on conflict (name) do nothing;
-- of people only the key: their class is still to be written into every row
select demo.dress('{party}', true) \g /dev/null
select demo.dress('{contact_point,consent,vehicle,vehicle_owner,sale,repair_order,ownership,ownership_history,interaction,task}') \g /dev/null
analyze;
