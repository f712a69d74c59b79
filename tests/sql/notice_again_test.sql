-- SPDX-License-Identifier: Apache-2.0
-- Notices whose subject lives long and meets the same thing again: told again when it happens again, and never twice for one event, however
-- often the clock or a repeated request comes by (R141; N7, N11, N12, N14, N15).
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
create function test.told(p_login text, p_kind text, p_subject text default null) returns bigint language sql stable as $$
select count(*) from core.notice n where n.staff_id = test.staff(p_login) and n.kind = p_kind and n.subject = coalesce(p_subject, n.subject) $$;
create function test.person_of(p_surname text) returns uuid language sql stable as $$ select p.public_id from core.party p where p.surname = p_surname $$;
create function test.what(p_login text, p_kind text, p_subject text) returns text language sql stable as $$
select string_agg(regexp_replace(n.occurrence, '\.?[0-9]{8,20}$', ''), ' ' order by n.notice_id) from core.notice n where n.staff_id = test.staff(p_login) and n.kind = p_kind and n.subject = p_subject $$;
select test.at('2027-03-02 12:00');

-- N7: served elsewhere, once a day and person
select test.register('seller_a', 'Гостев', '+79037770001');
create function test.visit() returns void language plpgsql as $$
declare g jsonb := test.call('seller_b', $q$select * from api.walk_in_open(1, 'NEW', 'Иван', 'form', p_phone => '+79037770001', p_surname => 'Гостев')$q$) -> 0;
begin
    perform test.call('seller_b', format('select * from api.walk_in_visit(%L, ''visit'', ''seen'')', g ->> 'grant_id'));
end $$;
select test.visit(); select test.visit();
select core.serve_digest();
select is(test.told('manager_a', 'N7'), 0::bigint, 'N7: nobody is told in the same hour (R82)');
select test.wait('1 day'); select core.serve_digest(); select core.serve_digest();
select is(test.told('manager_a', 'N7', test.person_of('Гостев')::text), 1::bigint, 'N7: two visits of one day are told once (R82)');
update core.serve_visit set told_at = null; select core.serve_digest();
select is(test.told('manager_a', 'N7', test.person_of('Гостев')::text), 1::bigint, 'N7: a digest that runs twice tells nothing twice (R141)');
select test.visit(); select test.wait('1 day'); select core.serve_digest();
select is(test.told('manager_a', 'N7', test.person_of('Гостев')::text), 2::bigint, 'N7: served elsewhere on another day is told again (R141)');
select is(test.told('seller_a', 'N7', test.person_of('Гостев')::text), 2::bigint, 'N7: and to the seat of the right as well');

-- N11: a permit is asked, granted, taken back, granted: each is told to who asked, none twice
select test.people(1, 30, 1);
create temp table c (name text primary key, id uuid) on commit drop;
insert into c values ('b', test.campaign('manager_b', 'Б', p_more => ', p_class => 5'));
create temp table permit as select (test.call('manager_b', format('select * from api.permit_ask(%L, %L)', (select id from c where name = 'b'), test.dealer(1))) -> 0 ->> 'id')::uuid as id;
select test.call('manager_b', format('select * from api.permit_ask(%L, %L)', (select id from c where name = 'b'), test.dealer(1)));
select is(test.told('manager_a', 'N11', (select id::text from permit)), 1::bigint, 'N11: asked twice it is one question');
create function test.permit(p_verb text) returns void language plpgsql as $$
begin
    perform test.call('manager_a', format('select * from api.permit_%s(%L)', p_verb, (select id from permit)));
end $$;
grant select on permit to public;
select test.permit('grant'); select test.permit('grant');
select is(test.what('manager_b', 'N11', (select id::text from permit)), 'GRANTED', 'N11: granted twice is told once');
select test.wait('1 second'); select test.permit('refuse'); select test.wait('1 second'); select test.permit('grant');
select is(test.what('manager_b', 'N11', (select id::text from permit)), 'GRANTED REFUSED GRANTED', 'N11: a changed mind is told each time (R141)');

-- N11: announced, changed, announced again; then launched
insert into c values ('net', test.campaign('marketer', 'Сеть', p_definition => '{"attr":"city","op":"in","value":["Казань"]}'));
create function test.net() returns text language sql stable as $$ select id::text from c where name = 'net' $$;
select test.check('marketer', test.net()::uuid);
select test.call('marketer', format('select * from api.campaign_announce(%L)', test.net())); select test.work();
select is(test.told('manager_a', 'N11', test.net()), 1::bigint, 'N11: an owner is told of his part');
select isnt(test.call('marketer', format('select * from api.campaign_announce(%L)', test.net())) ->> 'error', null, 'N11: announcing again what is announced is refused'); select test.work();
select is(test.told('manager_a', 'N11', test.net()), 1::bigint, 'N11: and tells nothing twice (R141)');
select core.announce_forget(test.number(test.net()::uuid)); update core.campaign set announced_at = null where public_id = test.net()::uuid;
select test.wait('1 minute');
select test.call('marketer', format('select * from api.campaign_announce(%L)', test.net())); select test.work();
select is(test.told('manager_a', 'N11', test.net()), 2::bigint, 'N11: a changed campaign that is announced anew is told anew (R141)');
select test.launch('marketer', test.net()::uuid);
select is(test.told('manager_a', 'N11', test.net()), 3::bigint, 'N11: and its launch is a third event');
select core.campaign_launched((select job_id from core.campaign where public_id = test.net()::uuid), test.number(test.net()::uuid));
select is(test.told('manager_a', 'N11', test.net()), 3::bigint, 'N11: which a repeated step of the job does not tell again (R141)');
select is(test.told('manager_c', 'N11', test.net()), 0::bigint, 'N11: who has none of the addressed is told nothing');

-- N12: dropped, waiting, freed
insert into c values ('own', test.campaign('manager_a', 'Своя', p_definition => '{"attr":"city","op":"in","value":["Казань","Москва"]}', p_more => ', p_ends_at => core.now() + interval ''40 days'''));
create function test.own() returns text language sql stable as $$ select id::text from c where name = 'own' $$;
select test.launch('manager_a', test.own()::uuid);
select is(test.what('manager_a', 'N12', test.own()), 'launch.dropped launch.waiting', 'N12: a launch that loses people to another lock tells who runs it that they were dropped and wait (R90, R91)');
select is(test.told('manager_b', 'N12', test.own()), 0::bigint, 'N12: and nobody else');
select core.campaign_launched((select job_id from core.campaign where public_id = test.own()::uuid), test.number(test.own()::uuid));
select is(test.told('manager_a', 'N12', test.own()), 2::bigint, 'N12: a repeated step tells nothing twice (R141)');
select is(test.told('marketer', 'N12', test.net()), 0::bigint, 'N12: who lost nobody is told nothing');
update core.campaign set state = 'STOPPED', version = version + 1 where public_id = test.net()::uuid;
select core.campaign_clear(); select core.campaign_clear(); select core.campaign_drop_tell();
select is(test.told('marketer', 'N12', test.net()), 0::bigint, 'N12: what one stops oneself is no news');
select core.lock_let_go(); select core.lock_waiting(); select core.lock_waiting();
select is(test.what('manager_a', 'N12', test.own()), 'launch.dropped launch.waiting freed', 'N12: freed locks are told (R91)');
select test.move(1, 'lost', 'CLOSED', 'no_money'); select test.move(2, 'lost', 'CLOSED', 'no_money');
select is(test.fates(test.own()::uuid), 'CANCELLED:not_owner=2 LOCKED=28', 'R94: two rights are lost');
select core.campaign_drop_tell(); select core.campaign_drop_tell();
select is(test.what('manager_a', 'N12', test.own()), 'launch.dropped launch.waiting freed dropped', 'N12: dropped in the course of the campaign is told, once a day (R94)');
select test.move(3, 'lost', 'CLOSED', 'no_money'); select core.campaign_drop_tell();
select is(test.told('manager_a', 'N12', test.own()), 4::bigint, 'N12: the next one of the same day with them');
select test.wait('1 day'); select core.campaign_drop_tell();
select is(test.told('manager_a', 'N12', test.own()), 4::bigint, 'N12: a day without a loss tells nothing');
select test.move(4, 'lost', 'CLOSED', 'no_money'); select core.campaign_drop_tell();
select is(test.told('manager_a', 'N12', test.own()), 5::bigint, 'N12: a loss of another day is told again (R141)');
-- a lock that another took meanwhile is no freed lock
select is(core.lock_waiting(), 0, 'N12: nobody waits any more');
select is(test.told('manager_a', 'N12', test.own()), 5::bigint, 'N12: and no notice says that somebody came free');

-- N14: each limit by itself, again when its window has passed
delete from core.notice where kind = 'N14';
insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('P16.user_hour', core.now() - interval '1 hour', 3, 'count', 1, 1000), ('P16.dealer_day', core.now() - interval '1 hour', 5, 'count', 1, 1000);
delete from core.probe;
create function test.probe(p_login text, n int) returns void language plpgsql as $$
begin
    for i in 1..n loop
        perform test.call(p_login, $q$select * from api.probe_check(1, 'NEW', 'walk-in asks', 'form', p_phone => '89031234567', p_surname => 'Иванов')$q$);
    end loop;
end $$;
create function test.limits(p_login text) returns text language sql stable as $$ select test.what('auditor', 'N14', test.staff_uuid(p_login)::text) $$;
select test.probe('seller_a', 2);
select is(test.limits('seller_a'), null, 'N14: below a limit nobody is told');
select test.probe('seller_a', 3);
select is(test.limits('seller_a'), 'user_hour', 'N14: the limit of the hour, once, however often one tries on (R26, R141)');
select test.probe('seller_a2', 2);
select is(test.limits('seller_a2'), 'dealer_day', 'N14: the limit of the dealer''s day is another event');
delete from core.notice where kind = 'N14'; delete from core.probe;
insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('P16.dealer_day', core.now() - interval '1 minute', 3, 'count', 1, 1000);
select test.probe('seller_a', 3);
select is(test.limits('seller_a'), 'user_hour dealer_day', 'N14: two limits that are met by one probe are told as two');
insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('P16.dealer_day', core.now(), 100, 'count', 1, 1000);
update core.probe set at = at - interval '30 minutes'; select test.wait('31 minutes'); select test.probe('seller_a', 3);
select is(test.limits('seller_a'), 'user_hour dealer_day', 'N14: within the hour it is the same event');
select test.wait('61 minutes'); select test.probe('seller_a', 3);
select is(test.limits('seller_a'), 'user_hour dealer_day user_hour', 'N14: reached again in another hour it is told again (R141)');

-- N15: each version once
create function test.rule(p_value int, p_version int) returns jsonb language sql as $$
select test.call('admin', format('select * from api.policy_add(''P3.USED'', %s, %s, ''market'')', p_value, p_version)) $$;
select is(test.rule(15, 1) ->> 'error', null, 'R9: a rule is published');
select is(test.told('manager_b', 'N15', 'P3.USED'), 1::bigint, 'N15: managers are told');
select is(test.told('admin', 'N15', 'P3.USED'), 0::bigint, 'N15: not who published it');
select is(test.rule(15, 1) ->> 'error', 'ZC412', 'R9: the same request again is refused');
select is(test.told('manager_b', 'N15', 'P3.USED'), 1::bigint, 'N15: and told to nobody (R141)');
select test.wait('1 second');
select is(test.rule(15, 2) ->> 'error', null, 'R9: the next version, even of the same value');
select is(test.told('manager_b', 'N15', 'P3.USED'), 2::bigint, 'N15: is told again (R141)');
select is(test.told('seller_b', 'N15', 'P3.USED'), 0::bigint, 'N15: a seat reads the rules, it is not told of each');

-- N15: a dealer whose territory changes, and nobody else's managers
insert into core.region (code, iso, name, name_en, lon, lat) values ('16', 'RU-TA', 'Республика Татарстан', 'Tatarstan', 50, 55) on conflict do nothing;
create function test.area(p_add text[], p_remove text[]) returns text language sql as $$
select (x ->> 'added') || (x ->> 'ended') from (select test.call('router', format('select * from api.territory_set(%L, 1, ''NEW'', %L, %L)', test.dealer(2), p_add, p_remove)) -> 0 as x) y $$;
select is(test.area('{16}', '{}'), '10', 'R41: a dealer is given a region');
select is(test.told('manager_b', 'N15', 'territory'), 1::bigint, 'N15: its manager is told');
select is(test.told('manager_a', 'N15', 'territory') + test.told('manager_c', 'N15', 'territory') + test.told('seller_b', 'N15', 'territory') + test.told('router', 'N15', 'territory'), 0::bigint,
    'N15: no other dealer learns of it, no seat, nor who did it');
select is(test.area('{16}', '{}'), '00', 'R41: given again it has it');
select is(test.told('manager_b', 'N15', 'territory'), 1::bigint, 'N15: what changes nothing is told to nobody (R141)');
select is(test.area('{}', '{16}'), '01', 'R41: it is taken away');
select is(test.told('manager_b', 'N15', 'territory'), 2::bigint, 'N15: and told (R141)');
create temp table piece as select (test.call('router', format('select * from api.territory_add(%L, 1, ''NEW'', ''42'')', test.dealer(2))) -> 0 ->> 'id')::uuid as id;
select is(test.told('manager_b', 'N15', 'territory'), 3::bigint, 'N15: a range of postal codes is a change too');
create function test.ended() returns void language sql as $$ select test.call('router', format('select * from api.territory_end(%L, %L)', (select id from piece), core.today() + 9)) $$;
select test.ended(); select test.ended();
select is(test.told('manager_b', 'N15', 'territory'), 4::bigint, 'N15: and its end, once, however often it is set to the same day (R141)');
select * from finish();
rollback;
