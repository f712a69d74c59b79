-- SPDX-License-Identifier: Apache-2.0
-- Audiences: every condition, combinations, what is refused, what head office may know. R136.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
select test.at('2027-03-02 12:00');
select test.people(1, 20, 1);
select test.people(21, 30, 2, 'SERVICE', 'CUSTOMER', 2);
update core.party set abc = 'A', sex = 'm', born_on = '1980-06-15' where party_id in (test.party(1), test.party(2), test.party(3));
insert into core.vehicle (brand_id, model, model_year) select 1 + i % 2, case when i % 2 = 0 then 'F7' else 'Rio' end, 2015 + i from generate_series(1, 10) i;
insert into core.vehicle_owner (vehicle_id, party_id, from_on)
  select v.vehicle_id, test.party(v.model_year - 2015), '2020-01-01' from core.vehicle v;
insert into core.party_summary (party_id, dealer_id, order_count, order_kopecks, last_visit_on, sale_count, last_sale_on)
  select test.party(i), 1, i, i * 100000, date '2027-03-01' - i * 10, i % 2, case when i % 2 = 1 then date '2026-01-01' end from generate_series(1, 20) i;
insert into core.party_summary (party_id, dealer_id, order_count, order_kopecks, last_visit_on) values (test.party(1), 2, 7, 900000, '2027-03-01');
select core.project(array_fill(1, array[20]), array(select test.party(i) from generate_series(1, 20) i));

create function test.n(p_login text, p_definition text) returns int language sql as $$
  select (test.call(p_login, format('select * from api.segment_count(%L)', p_definition)) -> 0 -> 'segment_count' ->> 'count')::int $$;
create function test.refused(p_definition text) returns text language sql as $$
  select r ->> 'error' || ' ' || (r ->> 'field') from test.call('manager_a', format('select * from api.segment_count(%L)', p_definition)) r $$;

select is(test.n('manager_a', '{"and":[]}'), 20, 'an empty "and" is everybody one may see');
select is(test.n('manager_b', '{"and":[]}'), 10, 'R135: and no one else');
select is(test.n('marketer', '{"and":[]}'), 30, 'head office counts the network');
select is(test.n('manager_a', '{"attr":"city","op":"in","value":["Казань"]}'), 10, 'city');
select is(test.n('manager_a', '{"attr":"abc","op":"in","value":["A"]}'), 3, 'ABC class');
select is(test.n('manager_a', '{"attr":"sex","op":"in","value":["m"]}'), 3, 'sex');
select is(test.n('manager_a', '{"attr":"age","op":"between","value":[46,46]}'), 3, 'age in full years');
select is(test.n('manager_a', '{"attr":"age","op":"between","value":[47,99]}'), 0, 'birthday not yet');
select is(test.n('manager_a', '{"attr":"kind","op":"in","value":["COMPANY"]}'), 0, 'kind');
select is(test.n('manager_a', '{"attr":"model","op":"in","value":["F7"]}'), 5, 'model');
select is(test.n('manager_a', '{"attr":"model_year","op":"between","value":[2016,2018]}'), 3, 'model year');
select is(test.n('manager_a', '{"and":[{"attr":"model","op":"in","value":["F7"]},{"attr":"model_year","op":"between","value":[2016,2018]}]}'), 1, 'model and year mean one car');
select is(test.n('manager_b', '{"attr":"brand","op":"in","value":[2]}'), 10, 'brand of a right');
select is(test.n('manager_a', '{"attr":"brand","op":"in","value":[2]}'), 5, 'brand of a car');
select is(test.n('manager_a', '{"and":[{"attr":"brand","op":"in","value":[2]},{"attr":"line","op":"in","value":["NEW"]}]}'), 0, 'brand and line mean one right');
select is(test.n('manager_a', '{"attr":"owner_state","op":"in","value":["ACTIVE","HELD"]}'), 20, 'state of the right');
select is(test.n('marketer', format('{"attr":"owner","op":"in","value":["%s"]}', test.dealer(2))), 10, 'owner');
select is(test.n('manager_a', format('{"attr":"owner","op":"in","value":["%s"]}', test.dealer(2))), 0, 'R135: another''s rights are not a condition');
select is(test.n('manager_a', '{"attr":"order_count","op":"ge","value":11}'), 10, 'number of work orders');
select is(test.n('manager_a', '{"attr":"order_sum","op":"between","value":[100000,500000]}'), 5, 'sum of work orders in kopecks');
select is(test.n('manager_a', '{"attr":"order_count","op":"le","value":1}'), 1, 'own documents only');
select is((select order_count from core.party_total where party_id = test.party(1)), 8, 'head office counts those of all dealers');
select is(test.n('manager_a', '{"attr":"last_visit","op":"before","value":"2026-12-01"}'), 11, 'last visit before');
select is(test.n('manager_a', '{"attr":"last_visit","op":"after","value":"2027-02-01"}'), 2, 'last visit after');
select is(test.n('manager_a', '{"attr":"last_visit","op":"older_than_days","value":101}'), 10, 'last visit older than so many days');
select is(test.n('manager_a', '{"attr":"last_visit","op":"within_days","value":11}'), 1, 'last visit within so many days');
select is(test.n('manager_a', '{"attr":"sale_count","op":"ge","value":1}'), 10, 'number of sales');
select is(test.n('manager_a', '{"attr":"last_sale","op":"before","value":"2027-01-01"}'), 10, 'last sale');
update core.consent set withdrawn_at = core.now() where party_id = test.party(1) and channel = 'EMAIL';
select is(test.n('manager_a', '{"attr":"consent","op":"is","value":true,"channel":"EMAIL"}'), 19, 'consent of a channel');
select is(test.n('manager_a', '{"attr":"consent","op":"is","value":{"channel":"EMAIL","is":false}}'), 1, 'no consent');
select is(test.n('manager_a', '{"attr":"consent","op":"is","value":true}'), 20, 'consent of any channel');
select is(test.n('manager_a', '{"or":[{"attr":"abc","op":"in","value":["A"]},{"attr":"order_count","op":"ge","value":20}]}'), 4, 'or');
select is(test.n('manager_a', '{"not":{"attr":"abc","op":"in","value":["A"]}}'), 17, 'not: a missing class is not class A');
select is(test.n('manager_a', '{"not":{"not":{"attr":"abc","op":"in","value":["A"]}}}'), 3, 'not not');
select is(test.n('manager_a', '{"or":[]}'), 0, 'an empty "or" is nobody');
select is(test.n('marketer', '{"attr":"abc","op":"in","value":["A"]}'), null::int, 'R136: head office is not told counts below ten');
select is(test.call('marketer', 'select * from api.segment_count(''{"attr":"abc","op":"in","value":["A"]}'')') -> 0 -> 'segment_count' ->> 'is_small', 'true', 'only that they are small');

-- refusals name the node
select is(test.refused('{"attr":"name","op":"in","value":["x"]}'), 'ZC105 definition/attr', 'an unknown condition');
select is(test.refused('{"attr":"city","op":"like","value":["x"]}'), 'ZC105 definition/op', 'an unknown operator');
select is(test.refused('{"and":[{"attr":"city","op":"in","value":["x"]},{"attr":"abc","op":"in","value":["D"]}]}'), 'ZC105 definition/and/1/value', 'an unknown value');
select is(test.refused('{"attr":"city","op":"in","value":[]}'), 'ZC105 definition/value', 'an empty list');
select is(test.refused('{"attr":"last_visit","op":"before","value":"2027-02-30"}'), 'ZC105 definition/value', 'no such day');
select is(test.refused('{"attr":"model_year","op":"between","value":[2020,2010]}'), 'ZC105 definition/value', 'a pair the wrong way round');
select is(test.refused('{"attr":"order_count","op":"ge","value":"1; drop table core.party"}'), 'ZC105 definition/value', 'SQL for a number');
select is(test.n('manager_a', '{"attr":"city","op":"in","value":["x'') or true --"]}'), 0, 'SQL in a text is a text');
select is(test.refused('{"attr":"city","op":"in","value":["x"],"sql":"true"}'), 'ZC105 definition/sql', 'an unknown member');
select is(test.refused('{"and":{"attr":"x"}}'), 'ZC105 definition/and', 'a list is wanted');
select is(test.refused('[]'), 'ZC105 definition', 'an object is wanted');
select is(test.refused('{"and":[],"or":[]}'), 'ZC105 definition', 'one operator a node');
select is(test.refused(repeat('{"not":', 8) || '{"and":[]}' || repeat('}', 8)), 'ZC105 definition/not/not/not/not/not/not/not/not', 'nine levels are too deep');
select is(test.refused('{"and":[' || repeat('{"attr":"city","op":"in","value":["x"]},', 99) || '{"attr":"city","op":"in","value":["x"]}]}'), 'ZC105 definition', 'a hundred and one nodes are too many');

-- saved audiences
select is(test.call('manager_a', 'select * from api.segment_add(''Казань'', ''{"attr":"city","op":"in","value":["Казань"]}'')') -> 0 ->> 'version', '1', 'saved');
select is(jsonb_array_length(test.call('manager_b', 'select * from api.segments_list()')), 0, 'another dealer does not see it');
select is(jsonb_array_length(test.call('manager_a', format('select * from api.segment_people(%L)', (select public_id from core.segment)))), 10, 'its people');
select is(test.call('manager_b', format('select * from api.segment_people(%L)', (select public_id from core.segment))) ->> 'error', 'ZC404', 'not for another dealer');
select is(test.call('manager_a', format('select * from api.segment_edit(%L, 1, p_name => ''К'')', (select public_id from core.segment))) -> 0 ->> 'version', '2', 'edited');
select is(test.call('manager_a', format('select * from api.segment_edit(%L, 1, p_name => ''К'')', (select public_id from core.segment))) ->> 'error', 'ZC412', 'not by an old version');
select * from finish();
rollback;
