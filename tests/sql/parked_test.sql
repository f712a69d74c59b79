-- SPDX-License-Identifier: Apache-2.0
-- What a campaign does at a person whose right is parked (R55), and how far a right has come when another follows it (R113).
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
select test.at('2027-03-02 12:00');
select test.people(1, 4, 1);
create temp table c (name text primary key, id uuid) on commit drop;
-- the right of Клиент1 is parked before the launch, that of Клиент2 between the launch and the sending
create function test.park(p_n int) returns jsonb language sql as $$
select test.call('manager_a', format('select state from api.right_park((select public_id from core.ownership where party_id = %s), core.today() + 60, ''call me in May'')', test.party(p_n))) $$;
create function test.fate(p_campaign text, p_n int) returns text language sql as $$
select concat_ws(':', r.state, r.reason) from core.recipient r join c on test.number(c.id) = r.campaign_id where c.name = p_campaign and r.party_id = test.party(p_n) $$;
select is(test.park(1) -> 0 ->> 'state', 'ACTIVE', 'a right is parked');
insert into c values ('own', test.campaign('manager_a', 'Своя'));
select is(test.check('manager_a', (select id from c where name = 'own')), '{"total": 4, "reasons": {"excluded": 1}, "will_get": 3}'::jsonb, 'R55: the dry run leaves out whom the client asked to leave in peace');
select test.launch('manager_a', (select id from c where name = 'own'));
select is(test.fate('own', 1), 'DROPPED:excluded', 'R55: the launch drops him with a reason');
select is((select count(*) from core.campaign_lock where party_id = test.party(1)), 0::bigint, 'R55: and takes no lock of him, so nobody waits for one');
select is(test.park(2) -> 0 ->> 'state', 'ACTIVE', 'another is parked while the campaign runs');
select is(test.send(), 2, 'R55, R93: the gate asks again: what is queued for the parked is not sent');
select is(test.fate('own', 2), 'CANCELLED:excluded', 'R55: with its reason');
select is((select count(*) from core.touch where party_id in (test.party(1), test.party(2)) and returned_at is null), 0::bigint, 'R55, R95: no touch, no budget');
-- head office, a greeting, an owner of another line
insert into c values ('hq', test.campaign('marketer', 'Сеть'));
select test.check('marketer', (select id from c where name = 'hq'));
select is((select j.reason::text from core.campaign_judge(array[test.number((select id from c where name = 'hq'))], array[test.party(1)]) j), 'excluded', 'R55: head office neither');
update core.campaign set class = 0 where campaign_id = test.number((select id from c where name = 'hq'));
select is((select j.reason::text from core.campaign_judge(array[test.number((select id from c where name = 'hq'))], array[test.party(1)]) j), null, 'R87: a recall goes to the parked too');
update core.campaign set class = 4 where campaign_id = test.number((select id from c where name = 'hq'));
-- a signed order ends the parking for the order's own talk; another brand's right is not parked
select test.right(1, 1, 'NEW', 'ACTIVE', 2);
insert into c values ('brand2', test.campaign('manager_a', 'Другая марка', p_more => ', p_brand_id => 2'));
select is((select j.reason::text from core.campaign_judge(array[test.number((select id from c where name = 'brand2'))], array[test.party(1)]) j) is distinct from 'excluded', true, 'R55: what is parked is one right: another brand is another matter');
-- after the day it is worked again
select test.wait('61 days');
insert into c values ('later', test.campaign('manager_a', 'Потом', p_more => ', p_brand_id => 1'));
select is((select j.reason::text from core.campaign_judge(array[test.number((select id from c where name = 'later'))], array[test.party(1)]) j) is distinct from 'excluded', true, 'R55: when the day has come the client is reached again');

-- R113: a right that follows another has come as far
select test.register('seller_a', 'Ступенев', '+79047770001');
create function test.right_of(p_surname text) returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p on p.party_id = o.party_id where p.surname = p_surname and o.state <> 'CLOSED' $$;
create function test.stage(p_surname text) returns int language sql stable as $$ select s.stage from core.right_stage s where s.ownership_id = (test.right_of(p_surname)).ownership_id $$;
select test.call('seller_a', format($$select * from api.interaction_add(%L, 'TEST_DRIVE', p_evidence => 'TD-1')$$, (select public_id from core.party where surname = 'Ступенев')));
select is(test.stage('Ступенев'), 3, 'a test drive was driven');
select test.call('seller_a', format($$select * from api.right_lost(%L, 'other')$$, (test.right_of('Ступенев')).public_id));
select test.call('seller_a', format($$select * from api.right_reopen(%L)$$, (select o.public_id from core.ownership o join core.party p using (party_id) where p.surname = 'Ступенев')));
select is(test.stage('Ступенев'), 3, 'R19, R113: taking back a close keeps the stage');
select test.call('manager_a', format('select * from api.transfer_offer(%L, %L, ''owner_consent'')', (test.right_of('Ступенев')).public_id, test.dealer(2)));
select test.call('seller_b', format('select * from api.transfer_accept(%L)', test.call('manager_b', 'select * from api.transfers_list()') -> 0 ->> 'id'));
select is((test.right_of('Ступенев')).dealer_id || ':' || test.stage('Ступенев'), '2:3', 'R113, R127: the new owner''s right begins where the old one ended');
select is((select s.dealer_id from core.right_stage s where s.ownership_id = (test.right_of('Ступенев')).ownership_id), 2, 'R113: on the new owner''s board');
create temp table kept as select * from core.right_stage;
select core.rebuild_stages();
select is((select count(*) from kept k join core.ownership o using (ownership_id) full join core.right_stage r on r.ownership_id = k.ownership_id
    where o.state <> 'CLOSED' and (r.stage, r.dealer_id) is distinct from (k.stage, k.dealer_id)), 0::bigint, 'R113: and a rebuild says the same');
select * from finish();
rollback;
