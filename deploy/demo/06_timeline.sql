-- SPDX-License-Identifier: Apache-2.0
-- The timeline: what the stories' activities look like on the card, what happens around sales and service visits, and the
-- consents each dealer holds. Only since the network began with Clientele; documents before it have no talk about them.

analyze demo.version, demo.owned, demo.left_behind, core.ownership;
create table demo.talk (draw bigint, party_id bigint, dealer_id int, staff_id bigint, at timestamptz, kind core.interaction_kind, situation text, model text,
    is_manual boolean, is_qualifying boolean, evidence text);

create table demo.kind (situation text primary key, kind core.interaction_kind, is_manual boolean, is_qualifying boolean, mark text);
insert into demo.kind values
    ('contact', 'CALL_OUT', false, true, 'CT'), ('fleetcontact', 'CALL_OUT', false, true, 'CT'), ('noanswer', 'CALL_OUT', false, false, null),
    ('recall', 'CALL_OUT', false, true, 'CT'), ('fleetrecall', 'CALL_OUT', false, true, 'CT'), ('servicecall', 'CALL_IN', false, true, 'CT'),
    ('callin', 'CALL_IN', false, true, 'CT'), ('mailin', 'MAIL_IN', false, true, 'MI'), ('smsin', 'SMS_IN', false, true, 'SM'),
    ('visit', 'VISIT', true, true, 'Р'), ('fleetvisit', 'VISIT', true, true, 'Р'), ('testdrive', 'TEST_DRIVE', true, true, 'ТД'),
    ('offer', 'OFFER', false, true, 'КП'), ('credit', 'CREDIT', false, true, 'КР'), ('appraisal', 'APPRAISAL', true, true, 'ОЦ'),
    ('order', 'ORDER', false, true, 'ДГ'), ('appointment', 'APPOINTMENT', false, true, 'ЗП'), ('delivered', 'VISIT', true, true, 'АП'),
    ('followup', 'CALL_OUT', false, true, 'CT'), ('aftervisit', 'CALL_OUT', false, true, 'CT'), ('note', 'NOTE', true, false, null),
    ('fleetnote', 'NOTE', true, false, null), ('greeting', 'GREETING', false, false, null);

-- what the sellers did with a lead; the leaver's part carries his name
insert into demo.talk
select a.draw, a.party_id, a.dealer_id, case when a.at < l.left_at then l.leaver else a.seat_id end, a.at, null, a.situation, a.model, null, null, null
from demo.act a left join demo.left_behind l using (story_id);
insert into demo.talk      -- calls nobody answered, before the first contact
select s.draw * 64 + 60 + k, s.party_id, s.dealer_id, s.seat_id, s.begun_at + (s.contact_at - s.begun_at) * (0.3 + 0.3 * k), null, 'noanswer', s.model, null, null, null
from demo.story s cross join generate_series(0, 1) k
where s.contact_at > s.begun_at + interval '12 minutes' and demo.u(s.draw * 64 + k, 180) < 0.3 - 0.15 * k;
insert into demo.talk      -- and where the limit was missed, tries that came to nothing, or none
select s.draw * 64 + 60, s.party_id, s.dealer_id, s.seat_id, s.begun_at + (20 + 120 * demo.u(s.draw, 181)) * interval '1 minute', null, 'noanswer', s.model, null, null, null
from demo.story s where s.outcome = 'no_contact' and demo.u(s.draw, 182) < 0.4;
insert into demo.talk
select s.draw * 64 + 62, s.party_id, s.dealer_id, s.seat_id, least(demo.now() - interval '5 minutes', s.contact_at + (1 + 70 * demo.u(s.draw, 184)) * interval '1 hour'), null,
       case when s.line = 'FLEET' then 'fleetnote' else 'note' end, s.model, null, null, null
from demo.story s where s.contact_at is not null and demo.u(s.draw, 183) < 0.3;

-- around a sale
insert into demo.talk
select s.draw * 64 + k, s.party_id, s.dealer_id, x.staff_id, x.at, null, x.situation, s.model, null, null, null
from demo.sale s join demo.desk d using (dealer_id)
cross join lateral (values
    (40, demo.hours(s.sold_on, s.zone, 0.7 + 0.25 * demo.u(s.draw, 186)), 'delivered', 0.7), (41, demo.hours(s.sold_on + 3, s.zone, demo.u(s.draw, 187)), 'followup', 0.55)) v(k, at, situation, p)
cross join lateral (select v.at, v.situation, d.sellers[1 + demo.i(s.party_id, 140, 0, cardinality(d.sellers) - 1)] as staff_id) x
where s.sold_on >= demo.begun_on() and demo.u(s.draw * 64 + k, 188) < v.p and v.at < demo.now();
-- around a service visit
insert into demo.talk
select v.order_id * 64 + 1000000000 + k, v.party_id, v.dealer_id, d.advisers[1 + demo.i(v.party_id, 171, 0, cardinality(d.advisers) - 1)], t.at, null, t.situation, c.model, null, null, null
from demo.visit v join demo.desk d using (dealer_id) join demo.vehicle c using (vehicle_id)
cross join lateral (values
    (1, demo.hours(v.on_day - demo.i(v.order_id, 190, 1, 6), v.zone, demo.u(v.order_id, 191)), 'servicecall', 0.3), (2, demo.hours(v.on_day, v.zone, 0.02 + 0.3 * demo.u(v.order_id, 192)), 'appointment', 0.6),
    (3, demo.hours(v.on_day + demo.i(v.order_id, 193, 1, 3), v.zone, demo.u(v.order_id, 194)), 'aftervisit', 0.3)) t(k, at, situation, p)
where v.on_day >= demo.begun_on() and demo.u(v.order_id * 64 + k, 195) < t.p and t.at < demo.now();
-- a birthday: one greeting a year from the owner (R73)
insert into demo.talk
select p.party_id * 64 + 2000000000, p.party_id, o.dealer_id, null, demo.hours(b.on_day, p.zone, 0.05), null, 'greeting', null, null, null, null
from demo.person p
join lateral (select dealer_id from core.ownership o where o.party_id = p.party_id and o.state = 'CUSTOMER' order by (o.line <> 'SERVICE') desc, o.since limit 1) o on true
cross join lateral (select (p.born_on + ((extract(year from age(demo.today() - 1, p.born_on)))::int * interval '1 year'))::date as on_day) b
where p.kind = 'PERSON' and p.born_on is not null and demo.u(p.party_id, 196) < 0.42 and b.on_day >= demo.today() - 330;
delete from demo.talk t using demo.person p where p.party_id = t.party_id and p.is_erased;

insert into core.interaction (interaction_id, public_id, party_id, dealer_id, staff_id, kind, at, recorded_at, is_manual, is_qualifying, evidence, text) overriding system value
select n, demo.uuid('talk', n), t.party_id, t.dealer_id, t.staff_id, k.kind, t.at,
       least(demo.now(), t.at + case when k.is_manual then (1 + 200 * demo.u(t.draw, 197) ^ 3) * interval '1 minute' else interval '0' end), k.is_manual, k.is_qualifying,
       k.mark || '-' || to_char(t.at, 'YYMM') || '-' || lpad((t.draw * 7919 % 100000)::text, 5, '0'),
       replace(demo.pick(case when p.kind = 'PERSON' and p.sex = 'f' then x.f else x.m end, demo.u(t.draw, 198)), '{model}', coalesce(b.name || ' ' || t.model, 'новый автомобиль'))
from (select row_number() over (order by at, draw) as n, * from demo.talk where at < demo.now()) t
join demo.kind k using (situation) join demo.text x using (situation) join demo.person p on p.party_id = t.party_id
left join demo.model m on m.name = t.model left join demo.brand b on b.brand_id = m.brand_id;

-- ---- consents: each legal entity its own, with evidence; not everybody gave one (R146) ---------------------------------------------
create table demo.relation as
select party_id, dealer_id, min(at) as at, (array_agg(how order by at))[1] as how, row_number() over (partition by party_id order by min(at), dealer_id) as n
from (select party_id, dealer_id, start_at as at, coalesce(source, 'document') as how from demo.owned where outcome not in ('declined', 'not_accepted', 'offered', 'conflict')
      union all select party_id, dealer_id, demo.hours(sold_on, zone, 0.5), 'sale' from demo.sale
      union all select party_id, dealer_id, demo.hours(on_day, zone, 0.3), 'order' from demo.visit) r
group by party_id, dealer_id;
create index on demo.relation (party_id);

create table demo.agreed as
select r.party_id, r.dealer_id, c.purpose::core.consent_purpose as purpose, c.channel::core.channel as channel, r.at,
       (r.party_id * 1024 + r.dealer_id) * 8 + c.k as draw, r.how
from demo.relation r
cross join (values (0, 'PROCESSING', null, 0.965), (1, 'ADVERTISING', 'EMAIL', 0.70), (2, 'ADVERTISING', 'CALL', 0.63), (3, 'ADVERTISING', 'SMS', 0.52)) c(k, purpose, channel, p)
where case when c.k = 0 then demo.u(r.party_id * 1024 + r.dealer_id, 200) < 0.965
      else demo.u(r.party_id * 1024 + r.dealer_id, 201) < 0.83 and demo.u((r.party_id * 1024 + r.dealer_id) * 8 + c.k, 202) < c.p / 0.83 end
union all       -- head office: its site, its club
select p.party_id, 0, c.purpose::core.consent_purpose, c.channel::core.channel, demo.hours(demo.today() - demo.i(p.party_id, 203, 3, 900), p.zone, demo.u(p.party_id, 204)),
       p.party_id * 8192 + c.k, 'site'
from demo.person p cross join (values (5, 'PROCESSING', null), (6, 'ADVERTISING', 'EMAIL'), (7, 'ADVERTISING', 'CALL')) c(k, purpose, channel)
where demo.u(p.party_id, 205) < case when p.life = 'pool' then 0.78 else 0.41 end and (c.k < 7 or demo.u(p.party_id, 206) < 0.55);
delete from demo.agreed a using demo.person p where p.party_id = a.party_id and p.is_erased;

-- some took it back; a few from everybody
create table demo.stopped as
select party_id, demo.now() - (2 + 300 * demo.u(party_id, 207)) * interval '1 day' as at from demo.person
where demo.u(party_id, 208) < 0.011 or party_id in (select party_id from demo.story where outcome = 'withdrawn' or lost = 'do_not_contact');
insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at, withdrawn_at, recorded_at)
select a.party_id, a.dealer_id, a.purpose, a.channel, case when a.at < demo.today() - 400 then case when a.k = 0 then 'ПДн-2024-1' else 'РК-2024-1' end when a.k = 0 then 'ПДн-2025-2' else 'РК-2025-2' end,
       case when a.how in ('site', 'phone') and a.dealer_id = 0 or a.how = 'site' then 'Отметка на сайте ' || to_char(a.at, 'DD.MM.YYYY HH24:MI')
            when a.how = 'phone' then 'Запись разговора CT-' || to_char(a.at, 'YYMM') || '-' || lpad((a.draw * 31 % 100000)::text, 5, '0')
            when a.how = 'sale' then 'Договор купли-продажи от ' || to_char(a.at, 'DD.MM.YYYY')
            when a.how in ('order', 'document') then 'Заказ-наряд от ' || to_char(a.at, 'DD.MM.YYYY') || ', подпись клиента'
            else 'Анкета № ' || (a.draw % 9000 + 1000) || ' от ' || to_char(a.at, 'DD.MM.YYYY') end,
       case when a.how in ('sale', 'order', 'document') then 'document' when a.how in ('site', 'phone') then a.how else 'form' end, a.at,
       case when a.purpose = 'ADVERTISING' then case when s.at > a.at then s.at when demo.u(a.draw, 209) < 0.022 then a.at + (demo.now() - a.at) * demo.u(a.draw, 210) end end,
       greatest(a.at, demo.begun_on()::timestamptz)
from (select *, draw % 8 as k from demo.agreed) a left join demo.stopped s using (party_id) where s.party_id is null or s.at > a.at order by a.at, a.draw;
update core.party p set is_opted_out = true from demo.stopped s where s.party_id = p.party_id;

-- whose contact it is: the dealer who met the person first; others who were given it too (R148)
update core.contact_point c set source_dealer_id = coalesce(r.first_id, 0), shared_ids = coalesce(r.others, '{}'), source = coalesce(r.how, 'site'), created_at = greatest(c.created_at, coalesce(r.at, c.created_at))
from demo.person p left join (
    select party_id, min(dealer_id) filter (where n = 1) as first_id, array_agg(dealer_id order by n) filter (where n > 1) as others, min(how) filter (where n = 1) as how, min(at) as at
    from demo.relation group by party_id) r using (party_id)
where p.party_id = c.party_id;

-- erased people: a row without a person (R149)
delete from core.contact_point c using demo.person p where p.party_id = c.party_id and p.is_erased;
delete from core.vehicle_owner o using demo.person p where p.party_id = o.party_id and p.is_erased;
update core.party q set name = 'Удалённый клиент', surname = null, given_name = null, patronymic = null, sex = null, born_on = null, inn = null, city = null, region = null, address = null, time_zone = null,
    household_id = null, is_opted_out = true, is_pool = false, erased_at = demo.now()
from demo.person p where p.party_id = q.party_id and p.is_erased;
update core.party q set has_complaint = true from demo.person p where p.party_id = q.party_id and p.life in ('sale', 'service') and demo.u(p.party_id, 211) < 0.005;
