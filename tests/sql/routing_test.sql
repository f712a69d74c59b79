-- SPDX-License-Identifier: Apache-2.0
-- Routing of head-office leads: R40-R49, S3, territories, turns, stock, capacity, replay, sites.
begin;
\i tests/sql/fixture.sql
select plan(99);

create function pg_temp.at(p_local text) returns void language sql as $$
select test.wait((p_local::timestamp at time zone 'Europe/Moscow') - core.now()) $$;
create function pg_temp.ask(p_name text, p_phone text, p_more text default '', p_line text default 'NEW', p_interest text default 'F7') returns jsonb language sql as $$
select coalesce(test.call('router', format('select * from api.lead_add(%L, %L, 1, %L, %L, ''site'', ''web form''%s)', p_name, p_phone, p_line, p_interest, p_more)) -> 0,
    test.call('router', format('select * from api.lead_add(%L, %L, 1, %L, %L, ''site'', ''web form''%s)', p_name, p_phone, p_line, p_interest, p_more))) $$;
create function pg_temp.lead(p_surname text, p_line core.line default 'NEW') returns core.lead language sql stable as $$
select l from core.lead l join core.party p on p.party_id = l.party_id where p.surname = p_surname and l.line = p_line order by l.lead_id desc limit 1 $$;
create function pg_temp.right_of(p_surname text, p_line core.line default 'NEW') returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p on p.party_id = o.party_id where p.surname = p_surname and o.line = p_line limit 1 $$;
create function pg_temp.tick() returns void language plpgsql as $$
begin perform core.clock_rights(); perform core.lead_tick(); end $$;
create function pg_temp.why(p_login text, p_surname text) returns jsonb language sql as $$
select test.call(p_login, format('select api.lead_why(%L) as w', (pg_temp.lead(p_surname)).public_id)) -> 0 -> 'w' $$;

update core.dealer set opens_at = '09:00', closes_at = '20:00', region_code = case dealer_id when 1 then '16' when 3 then '25' else '77' end where dealer_id > 0;
insert into core.city (name, region, region_code, lon, lat) values ('Казань', 'Республика Татарстан', '16', 49.106, 55.796), ('Москва', 'г. Москва', '77', 37.618, 55.756);
insert into core.model (model_id, brand_id, name) values (1, 1, 'F7'), (2, 1, 'Jolion');
select pg_temp.at('2027-03-02 10:00');

-- places (R41)
select is(core.region_of('г. Москва'), '77', 'a city that is a region');
select is(core.region_of('Московская обл.'), '50', 'and the oblast around it');
select is(core.region_of('Республика Алтай') || core.region_of('алтайский край'), '0422', 'two Altais are two');
select is(core.region_of('Ханты-Мансийский автономный округ — Югра') || core.region_of('ХМАО') || core.region_of('Якутия') || core.region_of('Чувашская Республика'), '86861421', 'names as people write them');
select is(core.region_of('Атлантида'), null, 'an unknown one is none');
select is((core.place_of((select party_id from core.party_make('{"name": "Без адреса"}', 'hand', false)), (core.place_read('Казань', null, null, 'given')))).region_code, '16', 'the place given stands in for a residence');
select is(core.distance_km(37.618, 55.756, 49.106, 55.796) between 700 and 740, true, 'Moscow to Kazan is some 720 km');

-- territories (R41)
select is(test.call('router', format($$select * from api.territory_set(%L, 1, 'NEW', '{77,50}')$$, test.dealer(2))) -> 0 ->> 'added', '2', 'a dealer gets regions');
select is(test.call('router', format($$select * from api.territory_set(%L, 1, 'NEW', '{77}')$$, test.dealer(4))) -> 0 ->> 'overlap_count', '1', 'an overlap is legal and told (R41)');
select is(test.call('router', format($$select * from api.territory_set(%L, 1, 'NEW', '{77}')$$, test.dealer(4))) -> 0 ->> 'added', '0', 'the same twice adds nothing');
select is(test.call('admin', $$select api.territories_get(1, 'NEW') as t$$) -> 0 -> 't' ->> 'gaps', '81', 'gaps are counted');
select is(test.call('manager_b', $$select api.territories_get(1, 'NEW') as t$$) -> 0 -> 't' ->> 'gaps', null, 'a manager is told of the own territory alone');
select is(jsonb_array_length(test.call('manager_b', $$select api.territories_get(1, 'NEW') as t$$) -> 0 -> 't' -> 'pieces'), 2, 'and sees its pieces');
select is(test.call('router', format($$select * from api.territory_set(%L, 1, 'NEW', '{99}')$$, test.dealer(4))) ->> 'error', 'ZC402', 'an unknown region is refused');
select is(test.call('router', format($$select * from api.territory_set(%L, 1, 'NEW', '{78}', '{}', '2020-01-01')$$, test.dealer(4))) ->> 'error', 'ZC402', 'a territory begins today or later: what was decided stands (R49)');
select is(test.call('router', format($$select * from api.territory_add(%L, 1, 'NEW', '1190')$$, test.dealer(3))) -> 0 ->> 'id' is not null, true, 'a postal prefix');
select is((select array_agg(t.dealer_id) from core.territory_of(1::smallint, 'NEW', core.today(), core.place_read(null, null, '119034, ул. Остоженка', 'given')) t), '{3}', 'is the range it stands for');
select is(test.call('router', format($$select * from api.territory_add(%L, 1, 'NEW', p_ring => '[[36,55],[39,55],[39,57],[36,57]]')$$, test.dealer(1))) -> 0 ->> 'id' is not null, true, 'a ring');
select is((select string_agg(t.dealer_id || t.piece, ' ' order by t.dealer_id) from core.territory_of(1::smallint, 'NEW', core.today(), core.place_read('Москва', null, null, 'given')) t),
    '1ring 2region 4region', 'a place in a ring and in two regions has three dealers');
select is(test.call('router', format($$select * from api.territory_add(%L, 1, 'NEW', p_ring => '[[36,55],[39,95],[39,57]]')$$, test.dealer(1))) ->> 'field', 'ring', 'a point off the globe is refused');
select is(test.call('router', format($$select * from api.territory_end(%L)$$, (select public_id from core.territory where ring is not null))) -> 0 ->> 'id' is not null, true, 'a piece ends with a date');
select is((select count(*) from core.territory where ring is not null), 1::bigint, 'and stays on record (R9)');
select test.call('router', format($$select * from api.territory_end(%L)$$, (select public_id from core.territory where postal_from is not null)));
select is((select version from core.territory where postal_from is not null), (select max(version) from core.routing_version), 'each change has a number (R9)');

-- S3: three dealers in turn, then the desk; each step explained
select test.call('router', format($$select * from api.territory_set(%L, 1, 'NEW', '{77}')$$, test.dealer(1)));
select is(pg_temp.ask('Турнов Олег', '+79036661001', ', p_city => ''Москва''') ->> 'state', 'OFFERED', 'a lead is offered at once (S3)');
select is((pg_temp.lead('Турнов')).dealer_id, 1, 'of equals the lowest number begins');
select is(date_trunc('minute', (pg_temp.right_of('Турнов')).accept_until), '2027-03-02 12:00 Europe/Moscow'::timestamptz, 'P1 runs in working hours (R10)');
select is(test.call('router', 'select * from api.leads_list()') -> 0 ->> 'rule', 'R41', 'the list tells the rule');
select is(test.call('seller_a', 'select * from api.leads_list()') -> 0 -> 'clock' ->> 'left_min', '120', 'the dealer''s clock ticks in working minutes');
select throws_ok(format($$insert into core.lead (party_id, brand_id, line, state, came_at, due_at) values (%s, 1, 'NEW', 'ROUTING', core.now(), core.now())$$, (pg_temp.lead('Турнов')).party_id),
    '23505', null, 'one lead of a person, brand and line is on its way at a time, even by hand in the database (R44)');
select pg_temp.at('2027-03-02 12:01'); select pg_temp.tick(); select pg_temp.tick();
select is((pg_temp.lead('Турнов')).dealer_id, 2, 'a timeout passes it on, once (R45)');
select is(test.call('seller_b', format($$select * from api.right_decline(%L, 'нет менеджера')$$, (pg_temp.right_of('Турнов')).public_id)) -> 0 ->> 'state', 'CLOSED', 'the second declines');
select pg_temp.tick();
select is((pg_temp.lead('Турнов')).dealer_id, 4, 'the third gets it');
select is(pg_temp.why('manager_b', 'Турнов') ->> 'lead_id', null, 'who let it go by is not told more (R48)');
select pg_temp.at('2027-03-02 14:02'); select pg_temp.tick();
select is((pg_temp.lead('Турнов')).state, 'DESK', 'after three refusals the desk takes it (R45, S3)');
select is((pg_temp.lead('Турнов')).desk_at < (pg_temp.lead('Турнов')).came_at + interval '24 hours', true, 'within 24 hours (S3)');
select is(test.call('router', $$select * from api.leads_list('desk')$$) -> 0 ->> 'is_desk', 'true', 'it is on the desk''s list');
select is((select count(*) from core.notice where kind = 'N3' and occurrence like 'desk:%'), 1::bigint, 'the router is told once');
select is((select string_agg((d ->> 'step') || coalesce(d -> 'dealer' ->> 'name', ' desk') || coalesce(d -> 'answer' ->> 'answer', ''), ', ' order by (d ->> 'seq')::int)
    from jsonb_array_elements(pg_temp.why('router', 'Турнов') -> 'decisions') d), '6Альфаnot_accepted, 6Бетаdeclined, 6Гаммаnot_accepted, 8 desk', 'each step is explained (R48, S3)');
select is((select d -> 'answer' ->> 'reason' from jsonb_array_elements(pg_temp.why('router', 'Турнов') -> 'decisions') d where d ->> 'seq' = '2'), 'нет менеджера', 'with the reason a dealer gave');
select is((select array_agg(distinct d ->> 'replay') from jsonb_array_elements(pg_temp.why('arbiter', 'Турнов') -> 'decisions') d), '{same}', 'and decided again it is the same (R42)');
select is(pg_temp.why('seller_a', 'Турнов') ->> 'lead_id', null, 'a dealer who has it not asks in vain');
select is(test.call('router', format($$select * from api.lead_assign(%L, %L, 'хочет Владивосток')$$, (pg_temp.lead('Турнов')).public_id, test.dealer(3))) -> 0 ->> 'state', 'OFFERED', 'the desk assigns by hand');
select is(test.call('router', format($$select * from api.lead_assign(%L, %L, 'ещё раз')$$, (pg_temp.lead('Турнов')).public_id, test.dealer(2))) ->> 'error', 'ZC033', 'parallel offers are impossible (R44)');
select is((select d ->> 'reason' from jsonb_array_elements(pg_temp.why('manager_c', 'Турнов') -> 'decisions') d), 'хочет Владивосток', 'the receiving dealer reads the reason (R48)');
select is(pg_temp.why('manager_c', 'Турнов')::text ~ 'Альфа|Бета|Гамма', false, 'and no other dealer''s name');
select is(test.call('router', format($$select api.lead_drop(%L, 'x')$$, (pg_temp.lead('Турнов')).public_id)) ->> 'error', 'ZC045', 'what a dealer has is not dropped');

-- the order of R40
select pg_temp.at('2027-03-03 10:00');
select is(pg_temp.ask('Турнов Олег', '+79036661001', ', p_city => ''Москва''') ->> 'lead_id', (pg_temp.lead('Турнов')).public_id::text, 'who asks again has one lead');
select test.register('seller_b', 'Владельцев', '+79036661002');
select is(pg_temp.ask('Владельцев Иван', '+79036661002', format(', p_dealer_id => %L', test.dealer(1))) ->> 'state', 'DONE', 'step 1: an existing right comes before the named dealer');
select is((select count(*) from core.task t join core.party p using (party_id) where p.surname = 'Владельцев' and t.dealer_id = 2 and t.kind = 'lead'), 1::bigint, 'its owner gets a task, no new right arises (R79)');
select is(pg_temp.ask('Владельцев Иван', '+79036661002', ', p_city => ''Москва''', 'USED') ->> 'rule', 'R35', 'step 1: who has him in another line of the group is asked first (R35)');
select is((pg_temp.lead('Владельцев', 'USED')).dealer_id, 2, 'that dealer');
select is(pg_temp.ask('Названов Иван', '+79036661003', format(', p_city => ''Москва'', p_dealer_id => %L', test.dealer(3))) ->> 'dealer_id', test.dealer(3)::text, 'step 2: the dealer the customer named');
insert into core.repair_order (dealer_id, party_id, brand_id, number, opened_on, amount_kopecks)
select 4, p.party_id, 1, 'W1', core.today() - 100, 100 from core.party_make('{"name": "Сервисов Иван"}', 'hand', false) p;
select core.contact_take(p.party_id, 0, 'PHONE', '+79036661004', '+79036661004', 'hand') from core.party p where p.surname = 'Сервисов';
select is(pg_temp.ask('Сервисов Иван', '+79036661004', ', p_city => ''Москва''') ->> 'dealer_id', test.dealer(4)::text, 'step 3: the last service dealer within P9');
insert into core.sale (dealer_id, party_id, brand_id, line, number, sold_on, amount_kopecks)
select 3, p.party_id, 1, 'NEW', 'S1', core.today() - 400, 100 from core.party_make('{"name": "Продажин Иван"}', 'hand', false) p;
select core.contact_take(p.party_id, 0, 'PHONE', '+79036661005', '+79036661005', 'hand') from core.party p where p.surname = 'Продажин';
select is(pg_temp.ask('Продажин Иван', '+79036661005', ', p_city => ''Москва''') ->> 'dealer_id', test.dealer(3)::text, 'step 4: the last selling dealer within P8');
select is(pg_temp.ask('Рекомендов Иван', '+79036661006', format(', p_city => ''Москва'', p_referrer_id => %L', (select public_id from core.party where surname = 'Владельцев'))) ->> 'rule', 'R39', 'step 5: a referral goes to the referrer''s owner first (R39)');
select is(pg_temp.ask('Соседин Иван', '+79036661007', ', p_city => ''Казань''') ->> 'dealer_id', test.dealer(1)::text, 'step 7: no territory, so the nearest within reach');
select is((select d ->> 'step' from jsonb_array_elements(pg_temp.why('router', 'Соседин') -> 'decisions') d), '7', 'told as such');
select is(pg_temp.ask('Далеков Иван', '+79036661008', ', p_region => ''Магаданская область''') ->> 'state', 'DESK', 'step 8: nobody near, the desk');
select is(pg_temp.ask('Нигдеев Иван', '+79036661009') ->> 'state', 'DESK', 'step 8: no place known, the desk');
select is(pg_temp.ask('Звонков Иван', '+74955550001') ->> 'dealer_id' is not null, true, 'the area of the call is a place (R41)');
select is((select d ->> 'place' from jsonb_array_elements(pg_temp.why('router', 'Звонков') -> 'decisions') d), 'call_area', 'and the explanation says so');

-- R43, R46
select test.call('manager_b', $$select api.stock_set('Jolion', 1, 3)$$);
select is(pg_temp.ask('Складов Иван', '+79036661010', ', p_city => ''Москва''', 'NEW', 'Jolion') ->> 'dealer_id', test.dealer(2)::text, 'who has the model is preferred in the step (R43)');
select is((select p -> 'by_stock' from jsonb_array_elements(pg_temp.why('router', 'Складов') -> 'decisions') d, jsonb_array_elements(d -> 'path') p where p ->> 'step' = '6')::text, 'true', 'and the step says so');
select test.call('router', format($$select api.routing_stop_set(%L, 'ремонт салона')$$, test.dealer(2)));
select is(pg_temp.ask('Стопов Иван', '+79036661011', ', p_city => ''Москва''', 'NEW', 'Jolion') ->> 'dealer_id' <> test.dealer(2)::text, true, 'a stopped dealer gets none (R46)');
select is((pg_temp.right_of('Владельцев')).state, 'ACTIVE', 'and keeps the rights it has');
select test.call('router', format($$select api.routing_stop_set(%L)$$, test.dealer(2)));
select is(test.call('manager_b', format($$select * from api.routing_share_set(%L, 1, 'NEW', p_share => 900)$$, test.dealer(2))) ->> 'error', 'ZC403', 'a manager does not agree shares alone');
select is(test.call('manager_b', format($$select * from api.routing_share_set(%L, 1, 'NEW', p_capacity => 0)$$, test.dealer(2))) -> 0 ->> 'capacity', '0', 'but knows the own capacity');
select is((core.dealer_facts('{2}', 1::smallint, 'NEW', '{}', null) -> '2' ->> 'out'), 'full', 'over capacity is out of routing (R46)');
select is(test.call('manager_b', $$select * from api.routing_dealers(1, 'NEW')$$) -> 1 ->> 'name', null, 'a manager sees the own row alone');

-- R42: turns by agreed shares, by the figure
create function pg_temp.fair(p_weights jsonb, p_n int) returns jsonb language plpgsql as $$
declare s jsonb := '{}'; n jsonb := '{}'; t record;
begin
    for i in 1..p_n loop
        select * into t from core.wheel_turn(s, p_weights); s := t.state; n := jsonb_set(n, array[t.chosen::text], to_jsonb(coalesce((n ->> t.chosen::text)::int, 0) + 1));
    end loop;
    return n;
end $$;
select is(pg_temp.fair('{"1": 500, "2": 300, "4": 200}', 10000), '{"1": 5000, "2": 3000, "4": 2000}', 'over 10,000 leads each dealer has its agreed share exactly (R42)');
select is(pg_temp.fair('{"1": 7, "2": 7, "4": 1}', 10000) = pg_temp.fair('{"1": 7, "2": 7, "4": 1}', 10000), true, 'the same turns give the same dealers');
select is((select string_agg(c.chosen::text, '' order by c.i) from (
    with recursive w(i, state, chosen) as (select 0, '{}'::jsonb, 0 union all select w.i + 1, t.state, t.chosen from w, core.wheel_turn(w.state, '{"1": 5, "2": 1, "3": 1}') t where w.i < 7)
    select i, chosen from w where i > 0) c), '1121311', 'smoothly: the big one is not served in a row');

-- R49, replay of all
select test.call('router', format($$select * from api.territory_set(%L, 1, 'NEW', '{}', '{77}')$$, test.dealer(4)));
select is((pg_temp.right_of('Складов')).dealer_id, 2, 'a change of territory moves no open right (R49)');
select is((select array_agg(distinct core.route_replay(decision_id)) from core.route_decision), '{same}', 'every decision replays to itself, wheels included (R42)');
update core.route_decision set inputs = jsonb_set(inputs, '{refusals}', '9') where decision_id = (select min(decision_id) from core.route_decision);
select is((select core.route_replay(min(decision_id)) from core.route_decision), 'another outcome', 'a forged one does not');

-- sites
select test.call('admin', $$select * from api.web_site_add('Сайт сети', p_brand_id => 1)$$) -> 0 ->> 'key' as key \gset
set local session authorization login;
select api.web_lead_add(jsonb_build_object('site_key', :'key', 'external_id', 'a1', 'name', 'Сайтов Пётр', 'phone', '8 (903) 666-20-01', 'consent', 'policy 3', 'city', 'Казань', 'model', 'F7'));
select api.web_lead_add(jsonb_build_object('site_key', :'key', 'external_id', 'a1', 'name', 'Другой', 'phone', '8 (903) 666-20-02', 'consent', 'policy 3'));
select api.web_lead_add(jsonb_build_object('site_key', :'key', 'consent', 'policy 3', 'adf', '<?xml version="1.0"?><?ADF VERSION "1.0"?><adf><prospect><id>adf-7</id><vehicle status="used"><make>Haval</make><model>Jolion</model></vehicle>'
    '<customer><contact><name part="first">Анна</name><name part="last">Адфова</name><phone>+7 903 666-20-03</phone><address><city>Москва</city></address></contact><comments>салон</comments></customer></prospect></adf>'));
reset session authorization;
select is((select count(*) from core.web_lead), 2::bigint, 'a site hands in leads, each once (R40, R153)');
select is((select count(*) from core.party where surname in ('Сайтов', 'Адфова')), 0::bigint, 'its answer looked at no person (R25)');
select is(core.web_lead_tick(), 2, 'the clock takes them');
select core.lead_tick(); select core.lead_tick();
select is((pg_temp.lead('Сайтов')).state || (pg_temp.lead('Сайтов')).dealer_id, 'OFFERED1', 'and they are routed like any other');
select is((pg_temp.lead('Адфова', 'USED')).interest, 'Jolion салон', 'an ADF document is read');
select is((select count(*) from core.web_lead where data is not null), 0::bigint, 'what was taken is emptied');
select is((select count(*) from core.consent c join core.party p using (party_id) where p.surname = 'Сайтов' and c.purpose = 'PROCESSING' and c.dealer_id = 0), 1::bigint, 'the visitor''s consent is head office''s (R146)');
create function pg_temp.web(p_data jsonb) returns text language plpgsql as $$
declare v text;
begin perform core.web_lead_add(p_data); return 'taken';
exception when others then get stacked diagnostics v = column_name; return sqlstate || ' ' || v; end $$;
select is(pg_temp.web(jsonb_build_object('site_key', 'wrong')), 'ZC402 site_key', 'a wrong key is refused');
select is(pg_temp.web(jsonb_build_object('site_key', :'key', 'external_id', 'b', 'name', 'А', 'phone', '89036662009')), 'ZC400 consent', 'and a lead without consent');
select is(pg_temp.web(jsonb_build_object('site_key', :'key', 'external_id', 'b', 'name', 'А', 'phone', '12', 'consent', 'x')), 'ZC402 phone', 'and a phone that is none');
select is(pg_temp.web(jsonb_build_object('site_key', :'key', 'external_id', 'b', 'name', 'А', 'phone', '89036662009', 'consent', 'x', 'evil', 1)), 'ZC402 evil', 'and a field nobody knows');
select is(pg_temp.web(jsonb_build_object('site_key', :'key', 'consent', 'x', 'adf', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><adf/>')), 'ZC402 adf', 'and entities');
update core.web_site set per_hour = 2;
select is(pg_temp.web(jsonb_build_object('site_key', :'key', 'external_id', 'c', 'name', 'А', 'phone', '89036662009', 'consent', 'x')), 'ZC429 ', 'a site has so many an hour');

-- the 24 hours of R45 over a closed weekend: the dealer keeps its P1, the desk has the lead beside it
update core.dealer set work_days = '{1,2,3,4,5}';
select pg_temp.at('2027-03-12 19:30');           -- Friday
select is(pg_temp.ask('Выходнов Иван', '+79036661020', ', p_city => ''Казань''') ->> 'state', 'OFFERED', 'offered on Friday evening');
select pg_temp.at('2027-03-13 19:31'); select pg_temp.tick();
select is((pg_temp.lead('Выходнов')).state || ((pg_temp.lead('Выходнов')).desk_at is not null), 'OFFEREDtrue', 'after 24 hours it is on the desk, and the dealer''s hours are not spent (R10, R45)');
select is(test.call('router', format($$select * from api.lead_assign(%L, %L, 'ждать нельзя')$$, (pg_temp.lead('Выходнов')).public_id, test.dealer(2))) -> 0 ->> 'state', 'OFFERED', 'a router may end the waiting and give it to another');
select is((select string_agg(h.state::text, ' ' order by h.recorded_at, h.ver) from core.ownership_history h where h.party_id = (pg_temp.lead('Выходнов')).party_id and h.line = 'NEW'), 'OFFERED CLOSED OFFERED', 'with one offer at a time all along (R44)');
-- P2 missed: recalled, and the next one is asked (S4, D.2)
select pg_temp.at('2027-03-15 10:00');
select test.call('seller_b', format($$select * from api.right_accept(%L)$$, (pg_temp.right_of('Выходнов')).public_id));
select pg_temp.tick();
select is((pg_temp.lead('Выходнов')).state, 'ACCEPTED', 'an accepted lead waits for its first contact');
select pg_temp.at('2027-03-15 14:01'); select pg_temp.tick();
select is((pg_temp.lead('Выходнов')).refusals, 2, 'a lead recalled for no contact counts as a refusal and goes on (P2)');
-- R127: a right that another succeeds takes its lead along
select is(pg_temp.ask('Преемников Иван', '+79036661021', ', p_city => ''Казань''') ->> 'state', 'OFFERED', 'one more is offered');
select core.right_succeed(pg_temp.right_of('Преемников'), 2, null, 'transfer', 'transferred');
select core.lead_tick();
select is((pg_temp.lead('Преемников')).dealer_id || (pg_temp.lead('Преемников')).state, '2OFFERED', 'the lead follows the right that succeeds (R127)');
-- a manager's own words on hours
select is(test.call('admin', format($$select * from api.dealer_edit(%L, 1, p_country => 'KZ', p_opens_at => '08:30', p_closes_at => '17:30', p_work_days => '{1,2,3,4,5}')$$, test.dealer(3))) -> 0 ->> 'opens_at', '08:30', 'a dealer has a country and hours (R10)');
select is(test.call('admin', format($$select * from api.dealer_edit(%L, 2, p_opens_at => '18:30', p_closes_at => '17:30')$$, test.dealer(3))) ->> 'field', 'closes_at', 'and closes after it opens');
select is(test.call('admin', format($$select * from api.dealer_edit(%L, 2, p_work_days => '{}')$$, test.dealer(3))) ->> 'field', 'work_days', 'and works on some day');
select * from finish();
rollback;
