-- SPDX-License-Identifier: Apache-2.0
-- Incoming calls (R158): the card for who may see the person, the verdict for who may not, exactly once, counted, forgotten.
begin;
\i tests/sql/fixture.sql
select plan(27);

select test.register('seller_a', 'Звонарёв', '+79031112233');
create function test.arrived(p_login text, p_number text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.call_arrived(%L, 1, ''NEW'')', p_number)) $$;
create temp table r as select 'a'::text as who, test.arrived('seller_a', '8 (903) 111-22-33') -> 0 as v;
select is((select v -> 'people' -> 0 ->> 'name' from r where who = 'a'), 'Звонарёв Иван', 'the owner''s seat gets the person by number, however it is written (R158)');
select is((select v ->> 'verdict' from r where who = 'a'), 'YOURS', 'as its own');
select is(test.arrived('manager_b', '+79031112233') -> 0 ->> 'verdict', 'PROTECTED', 'another dealer gets the verdict');
select is(test.arrived('manager_b', '+79031112233') -> 0 -> 'people', '[]'::jsonb, 'and no name');
select is(test.arrived('manager_b', '+79039998877') -> 0 ->> 'verdict', 'FREE', 'a stranger is free');
select is(length(((test.arrived('manager_b', '+79031112233') -> 0) - 'id')::text), length(((test.arrived('manager_b', '+79039998877') -> 0) - 'id')::text), 'both answers are equally long (R25)');
select is((select count(*) from core.probe where dealer_id = 2 and purpose = 'call'), 5::bigint, 'a typed number is a probe (R26)');
select is(test.arrived('manager_b', '12') ->> 'error', 'ZC402', 'a number that is none is told so');
select is((test.arrived('seller_a2', '+79031112233') -> 0 -> 'people' -> 0 ->> 'level'), 'MASKED', 'a colleague gets the name masked');
-- a number that only another dealer was given finds nobody of ours
insert into core.contact_point (party_id, kind, value, raw, source_dealer_id) select party_id, 'PHONE', '+79037770000', 'x', 2 from core.party where surname = 'Звонарёв';
select core.key_add(party_id, 'PHONE', '+79037770000') is null from core.party where surname = 'Звонарёв';
select is(test.arrived('seller_a', '+79037770000') -> 0 -> 'people', '[]'::jsonb, 'not by a number that only another dealer was given (R148)');

-- the telephone system
create function test.ring(p_login text, p_call text, p_number text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.exchange_arrival(%L, %L)', p_call, p_number)) $$;
create temp table ring as select test.ring('system_a', 'c-1', '+79031112233') -> 0 as v;
select is((select v ->> 'verdict' || (v ->> 'rang') from ring), 'YOURS1', 'a call rings on the screen of its seat');
select is((select count(*) from core.event e where e.kind = 'call' and e.staff_id = test.staff('seller_a')), 1::bigint, 'by an event with the number of the call');
select is((select string_agg(k, ',' order by k) from core.event e, jsonb_object_keys(e.payload) k where e.kind = 'call'), 'arrival_id', 'and nothing of the person');
select is(test.ring('system_a', 'c-1', '+79031112233') -> 0 ->> 'is_new', 'false', 'a repeat has no effect (R153)');
select is((select count(*) from core.event e where e.kind = 'call'), 1::bigint, 'and rings once');
select is(test.ring('system_b', 'c-1', '+79031112233') -> 0 ->> 'verdict', 'PROTECTED', 'another dealer''s system gets the verdict code (R155)');
select is(test.ring('system_a', 'c-2', '+79035550000') -> 0 ->> 'rang', '1', 'a stranger rings at the operators');
create function test.open(p_login text, p_id text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.arrival_open(%L)', p_id)) $$;
select is(test.open('seller_a', (select v ->> 'id' from ring)) -> 0 -> 'people' -> 0 ->> 'name', 'Звонарёв Иван', 'who takes it gets the person');
select is((select count(*) from core.probe p where p.staff_id = test.staff('seller_a') and p.purpose = 'call'), 2::bigint, 'and it is no probe of his');
select is(test.open('manager_b', (select v ->> 'id' from ring)) ->> 'error', 'ZC404', 'another dealer''s call is nobody''s');
-- G: what the client says himself
select is(test.call('seller_a', format('select * from api.arrival_said(%L, ''Иван'', ''про тест-драйв'')', (select v ->> 'id' from ring))) -> 0 ->> 'ok', 'true', 'what he says is noted');
select is(test.call('seller_a2', format('select * from api.arrival_said(%L, ''x'', ''y'')', (select v ->> 'id' from ring))) ->> 'error', 'ZC404', 'by him who took the call');
select is((select count(*) from jsonb_array_elements(test.call('manager_a', 'select * from api.arrivals_list()')) e where e ->> 'said_text' = 'про тест-драйв'), 1::bigint, 'his manager reads it');
select is((select bool_or(e ->> 'number' like '%1112233%') from jsonb_array_elements(test.call('manager_a', 'select * from api.arrivals_list()')) e), false, 'the list masks numbers');
select test.wait('25 hours');
select is(jsonb_array_length(test.call('manager_a', 'select * from api.arrivals_list()')), 0, 'and tomorrow it is gone from the list (G is of the day)');
select test.wait('31 days');
select core.arrivals_forget();
select is((select count(*) from core.call_arrival where number is not null or said_text is not null), 0::bigint, 'after a month number and words are emptied');
insert into core.policy values ('R158.day', core.now() - interval '1 second', 1, 'count', 1, 1000000);
select test.ring('system_a', 'c-9', '+79031112233');
select is(test.ring('system_a', 'c-10', '+79031112233') ->> 'error', 'ZC158', 'a telephone system may not try numbers without end');
select * from finish();
rollback;
