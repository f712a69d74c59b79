-- SPDX-License-Identifier: Apache-2.0
-- Territory where it limits and where it only tells: R32's note at a claim, R47's permit for a campaign out of the area.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
select test.at('2027-03-02 12:00');
insert into core.city (name, region, region_code, lon, lat) values ('Казань', 'Республика Татарстан', '16', 49.106, 55.796), ('Москва', 'г. Москва', '77', 37.618, 55.756),
    ('Самара', 'Самарская область', '63', 50.1, 53.2) on conflict do nothing;
create temp table c (name text primary key, id uuid) on commit drop;
create function test.reason(p_campaign text, p_n int) returns text language sql as $$
select coalesce((select s.reason::text from core.campaign_outside((select test.number(c.id) from c where c.name = p_campaign), array[test.party(p_n)]) u, lateral (select 'out_of_area' as reason where test.party(p_n) = any (u)) s), 'goes') $$;

-- dealer 1 sits in Kazan (region 16), dealer 2 in Moscow (77); people 1, 3 live in Moscow, 2, 4 in Kazan
select test.people(1, 6, 1);
update core.party set city = 'Самара' where party_id = test.party(5);
update core.party set city = null where party_id = test.party(6);
insert into c values ('own', test.campaign('manager_a', 'Тест-драйв'));
select is(test.check('manager_a', (select id from c where name = 'own')) -> 'reasons', '{}'::jsonb, 'R47: without territories nothing is out of the area');
insert into core.territory (dealer_id, brand_id, line, region_code, from_on, version)
select x.d, 1, 'NEW', x.r, '2020-01-01', v.v from core.routing_bump('territory', '{}') v(v), (values (1, '16'), (2, '77')) x(d, r);
select is(test.check('manager_a', (select id from c where name = 'own')), '{"total": 6, "reasons": {"out_of_area": 2}, "will_get": 4}'::jsonb,
    'R47: prospects in another''s territory are left out; his own, a gap and an unknown residence are not');
select test.launch('manager_a', (select id from c where name = 'own'));
select is(test.fates((select id from c where name = 'own')), 'DROPPED:out_of_area=2 LOCKED=4', 'R47: the launch says the same');
select is((select count(*) from core.campaign_lock l where l.party_id in (test.party(1), test.party(3))), 0::bigint, 'R47: and reserves none of them');
-- the right itself is untouched: R31 beats R40.6
select is((select string_agg(o.dealer_id || o.state::text, ' ') from core.ownership o where o.party_id in (test.party(1), test.party(3))), '1ACTIVE 1ACTIVE', 'R47: whom a dealer found by himself is his, wherever he lives');

-- the permit: of the territory's dealer, of head office
insert into c values ('asked', test.campaign('manager_a', 'С разрешением'));
select is(test.call('manager_a', format('select state from api.permit_ask(%L, %L)', (select id from c where name = 'asked'), test.dealer(2))) -> 0 ->> 'state', 'ASKED', 'R47: the dealer of the territory is asked');
select is(test.call('manager_a', format('select state from api.permit_ask(%L, %L)', (select id from c where name = 'asked'), test.dealer(1))) ->> 'error', 'ZC402', 'R47: nobody asks himself');
select is(test.reason('asked', 1), 'out_of_area', 'R47: asking is no permit');
select is(test.call('manager_c', format('select * from api.permit_grant(%L)', (select public_id from core.campaign_permit limit 1))) ->> 'error', 'ZC404', 'R47: a third dealer grants nothing');
select is(test.call('router', format('select * from api.permit_grant(%L)', (select public_id from core.campaign_permit limit 1))) ->> 'error', 'ZC404', 'R47: head office does not grant in a dealer''s name');
select is(test.call('manager_b', format('select state from api.permit_grant(%L)', (select public_id from core.campaign_permit limit 1))) -> 0 ->> 'state', 'GRANTED', 'R47: he grants it');
create temp table told as select (select count(*) from core.notice where kind = 'N11') as notices, (select count(*) from core.ledger where kind = 'permit.granted') as entries;
select test.wait('1 minute');
select is(test.call('manager_b', format('select state from api.permit_grant(%L)', (select public_id from core.campaign_permit limit 1))) -> 0 ->> 'state', 'GRANTED', 'R47: granted again it is granted');
select is((select row((select count(*) from core.notice where kind = 'N11'), (select count(*) from core.ledger where kind = 'permit.granted'))::text), (select row(t.*)::text from told t), 'R141, N11: and nobody is told twice of one decision');
select is(test.reason('asked', 1), 'goes', 'R47: with the permit of the territory''s dealer it goes');
select is(test.reason('own', 1), 'out_of_area', 'R47: that campaign and no other');
select is((select count(*) from core.ledger l where l.kind in ('permit.ask', 'permit.granted') and l.rule = 'R47'), 2::bigint, 'R8: asked and granted stand in the ledger under R47');
insert into c values ('office', test.campaign('manager_a', 'Через офис'));
select is(test.call('manager_a', format('select state from api.permit_ask(%L)', (select id from c where name = 'office'))) -> 0 ->> 'state', 'ASKED', 'R47: or head office is asked');
select is((select count(*) from core.notice n where n.kind = 'N11' and n.staff_id = test.staff('router')), 1::bigint, 'R47: its router is told');
select is(test.call('manager_b', format('select * from api.permit_grant(%L)', (select public_id from core.campaign_permit where dealer_id = 0))) ->> 'error', 'ZC404', 'R47: a dealer does not decide for head office');
select is(test.call('router', 'select is_asked, state from api.permits_list()'), '[{"state": "ASKED", "is_asked": true}]', 'R47: the router reads what is asked of head office and nothing else');
select test.call('router', format('select state from api.permit_grant(%L)', (select public_id from core.campaign_permit where dealer_id = 0)));
select is(test.reason('office', 1), 'goes', 'R47: head office''s permit covers every territory');

-- a permit taken back: of a running campaign goes on what needs none (R93, R94)
insert into c values ('back', test.campaign('manager_a', 'Отозванное'));
select test.call('manager_a', format('select state from api.permit_ask(%L, %L)', (select id from c where name = 'back'), test.dealer(2)));
create temp table p as select y.public_id as id from core.campaign_permit y where y.campaign_id = (select test.number(c.id) from c where name = 'back');
select test.call('manager_b', format('select state from api.permit_grant(%L)', (select id from p)));
update core.campaign_lock l set state = 'RELEASED', ver = l.ver + 1;
select test.launch('manager_a', (select id from c where name = 'back'));
select is((select string_agg(r.state::text, ' ' order by r.party_id) from core.recipient r where r.campaign_id = (select test.number(c.id) from c where name = 'back') and r.party_id in (test.party(1), test.party(2), test.party(3))), 'LOCKED LOCKED LOCKED', 'R47: with the permit they are in the running campaign');
select is(test.call('manager_b', format('select state from api.permit_refuse(%L)', (select id from p))) -> 0 ->> 'state', 'REFUSED', 'R47: the dealer of the territory takes it back');
select is((select string_agg(r.state || coalesce(':' || r.reason, ''), ' ' order by r.party_id) from core.recipient r where r.campaign_id = (select test.number(c.id) from c where name = 'back') and r.party_id in (test.party(1), test.party(2), test.party(3))),
    'CANCELLED:out_of_area LOCKED CANCELLED:out_of_area', 'R93: those who live there leave it at once, the others stay');
select is((select count(*) from core.campaign_lock l where l.campaign_id = (select test.number(c.id) from c where name = 'back') and l.state in ('HELD', 'ACTIVE') and l.party_id in (test.party(1), test.party(3))), 0::bigint, 'R94: and their locks are free');
select is((select l.detail ->> 'stopped' from core.ledger l where l.kind = 'permit.refused' order by l.ledger_id desc limit 1), '2', 'R8: how many stands in the ledger');
select test.send(); select test.wait('1 minute'); select test.send();
select is((select count(*) from core.touch t where t.campaign_id = (select test.number(c.id) from c where name = 'back') and t.party_id in (test.party(1), test.party(3))), 0::bigint, 'R93: nothing goes to them');
select is((select count(*) > 0 from core.touch t where t.campaign_id = (select test.number(c.id) from c where name = 'back')), true, 'the others have it');

-- what is no foray: customers, whom head office sent, an overlap, greetings, service reminders
insert into c values ('again', test.campaign('manager_a', 'Снова'));
select is(test.reason('again', 1), 'out_of_area', 'once more without a permit');
select test.right(1, 1, 'USED', 'CUSTOMER');
select is(test.reason('again', 1), 'goes', 'R47: a customer of his is no prospect to be taken out of an area');
insert into core.territory (dealer_id, brand_id, line, region_code, from_on, version) select 1, 1, 'NEW', '77', '2020-01-01', max(v.version) from core.routing_version v;
select is(test.reason('again', 3), 'goes', 'R41: where territories overlap, each is at home');
delete from core.territory where dealer_id = 1 and region_code = '77';
update core.campaign set class = 2 where campaign_id = test.number((select id from c where name = 'again'));
select is(test.reason('again', 3), 'goes', 'R47: class 2 goes everywhere');
update core.campaign set class = 3, grp = 'RELATION' where campaign_id = test.number((select id from c where name = 'again'));
select is(test.reason('again', 3), 'goes', 'R47: so does a greeting');
update core.campaign set grp = 'SALES' where campaign_id = test.number((select id from c where name = 'again'));
select test.register('seller_a', 'Клиент900', '+79047790000');
update core.party set city = 'Москва' where surname = 'Клиент900';
select is(test.reason('again', 900), 'out_of_area', 'R47: registered by his own effort');
insert into core.party (kind, name, surname, given_name, city) values ('PERSON', 'Клиент901 Иван', 'Клиент901', 'Иван', 'Москва');
select core.right_offer(test.party(901), 1, 1::smallint, 'NEW', 'site', 'F7');
select test.call('manager_a', format('select state from api.right_accept(%L)', (select public_id from core.ownership where party_id = test.party(901))));
select is((select o.state::text from core.ownership o where o.party_id = test.party(901)), 'ACTIVE', 'a lead of head office, accepted');
select is(test.reason('again', 901), 'goes', 'R47: whom head office itself sent is no foray');
insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('R47.permit', '2026-01-01', 0, 'count', 0, 1);
select is(test.reason('again', 3), 'goes', 'R9: the rule is a policy with a date');

-- R32: the note at a claim
create function test.area(p_surname text, p_phone text, p_city text, p_line text default 'NEW') returns text language sql as $$
select test.register('seller_a', p_surname, p_phone, case when p_city is null then '' else format(', p_city => %L', p_city) end, 1, p_line) -> 0 ->> 'area' $$;
select is(test.area('Казанцев', '+79047790001', 'Казань'), 'own', 'R32: a note of territory at the claim: his own');
select is(test.area('Московцев', '+79047790002', 'г. Москва'), 'other', 'R32: another''s; the claim stands all the same (R47)');
select is((select o.dealer_id from core.ownership o join core.party p using (party_id) where p.surname = 'Московцев'), 1, 'R47: own effort beats territory');
select is(test.area('Самарцев', '+79047790003', 'Самара'), 'nobody', 'R32: a gap');
select is(test.area('Безадресов', '+78432790004', null), 'own', 'R41: without a city the area of the call');
select is(test.area('Неведомов', '+79047790005', 'Нигдеград'), test.area('Неведомова', '+79047790006', null), 'R32: an unknown city falls back on the telephone too');
select is(test.area('Ремонтов', '+79047790007', 'Казань', 'SERVICE'), null, 'R32: no note where brand and line have no territories');
select is((select count(*) from core.ledger l where l.kind = 'registration.free' and l.detail = '{"area": "other"}'), 1::bigint, 'R119: a claim out of the territory can be counted');

-- the same note for a row of a push, of a list one by one, and of a list by the set
create function test.row_area(p_surname text, p_phone text, p_city text, p_is_trial boolean default false) returns text language sql as $$
select x.area from core.intake_row(1, test.staff('system_a'), 'client', jsonb_strip_nulls(jsonb_build_object('surname', p_surname, 'phone', p_phone, 'city', p_city, 'brand', 'Haval', 'line', 'NEW', 'consent_evidence', 'анкета')), 'dealer-system', p_is_trial) x $$;
select is(test.row_area('Строкин', '+79047790011', 'г. Москва', true), 'other', 'R32: a dry run tells whose territory a row is of');
select is(test.row_area('Строкин', '+79047790011', 'г. Москва'), 'other', 'R32: so does a dealer''s system''s push');
select is(test.row_area('Строкина', '+78432790012', null), 'own', 'R41: without a city the area of the call');
select is(test.row_area('Строкин', '+79047790011', 'г. Москва'), null, 'R32: his own client again is no claim');
create function test.set_area(variadic p_rows text[]) returns text language plpgsql as $$
declare i core.import; u core.bulk_row[];
begin
    i.import_id := -1; i.dealer_id := 1; i.brand_id := 1; i.line := 'NEW';
    u := array(select jsonb_populate_record(null::core.bulk_row, jsonb_build_object('line_no', x.n, 'city', nullif(split_part(x.v, '|', 1), ''), 'phone', nullif(split_part(x.v, '|', 2), ''))) from unnest(p_rows) with ordinality x(v, n));
    return (select string_agg(a.area, ' ' order by r.line_no) from unnest(u) r left join core.bulk_areas(i, u) a on a.city = coalesce(r.city, '') and a.prefix = coalesce(left(r.phone, 8), ''));
end $$;
select is(test.set_area('Казань|+79047790021', 'г. Москва|+79047790022', 'Самара|', '|+78432790023', '|'), 'own other nobody own unknown', 'R32: and the set, once a place');
select is((select string_agg(test.area('Поштучно' || n, '+7904779003' || n, nullif(c, '')), ' ' order by n) from (values (1, 'Казань'), (2, 'г. Москва'), (3, 'Самара')) v(n, c)), 'own other nobody', 'R32: as by hand');

select is(test.register('seller_b', 'Казанцев', '+79047790001', ', p_city => ''Казань''') -> 0 ->> 'area', null, 'R24: a refusal says nothing of it');
select * from finish();
rollback;
