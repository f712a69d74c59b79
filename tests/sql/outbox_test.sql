-- SPDX-License-Identifier: Apache-2.0
-- Outbox: leases, epochs, outcomes, budget given back, recovery after a crash. R93-R96, campaigns B8.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
select test.at('2027-03-02 12:00');
select test.people(1, 12, 1);
create temp table c on commit drop as select test.campaign('manager_a', 'Почта') as id;
select test.launch('manager_a', (select id from c));
select is(core.outbox_fill(), 12, 'the clock intends what is due');
select is(core.outbox_fill(), 0, 'R96: and nothing twice');
select is((select count(*) from core.message where kind = 'campaign' and vars ->> 'name' = 'Иван' and vars ->> 'dealer' = 'Альфа'), 12::bigint, 'each intent carries its variables');

create temp table e on commit drop as select core.outbox_begin('w1', true) as epoch;
create temp table l on commit drop as select array_agg(x) as ids from core.outbox_lease('w1', (select epoch from e), 6) x;
select is(cardinality((select ids from l)), 6, 'a lease of six');
select is((select count(*) from core.outbox_lease('w1', (select epoch - 1 from e), 6)), 0::bigint, 'an older epoch leases nothing');
select is((select count(*) from core.outbox_dispatch((select ids from l), (select epoch - 1 from e))), 0::bigint, 'and dispatches nothing');
create temp table d on commit drop as select * from core.outbox_dispatch((select ids from l), (select epoch from e));
select is((select count(*) from d), 6::bigint, 'R93: six tokens');
select is((select count(*) from d where sender_name = 'Альфа' and sender_address = 'news@alfa.example' and subject = 'Тема {{name}}' and is_marketing and vars ->> 'name' = 'Иван'), 6::bigint, 'with sender, template and variables');
select is((select count(*) from core.campaign_lock where state = 'ACTIVE'), 6::bigint, 'R89: ACTIVE at the first touch');

select core.outbox_record((select epoch from e), array[(select ids[1] from l), (select ids[2] from l), (select ids[3] from l), (select ids[4] from l), (select ids[5] from l)],
  '{accepted,failed,deferred,unknown,unsent}', '{250,"550 5.1.1","450 4.2.1",timeout,connection}');
select is((select string_agg(concat_ws(':', r.state, n), ' ' order by r.state::text) from (select state, count(*) as n from core.recipient group by 1) r), 'FAILED:1 QUEUED:9 SENT:2', 'outcomes reach the recipients; unknown marketing counts as sent');
select is((select count(*) from core.touch where returned_at is not null), 1::bigint, 'R95: the budget of a confirmed non-delivery is given back');
select is((select count(*) from core.contact_point where not is_valid), 1::bigint, 'a hard bounce marks the address');
select is((select string_agg(concat_ws(':', l.state, n), ' ' order by l.state::text) from (select state, count(*) as n from core.campaign_lock group by 1) l), 'ACTIVE:3 COOLING:2 HELD:6 RELEASED:1', 'R89: cooled after the last touch, released when nothing arrived');
select is((select count(*) from core.outbox where state = 'ready' and attempt = 1 and not_before > core.now() + interval '4 minutes'), 1::bigint, 'deferred: again in about five minutes');
select is((select count(*) from core.outbox where state = 'ready' and attempt = 0 and last_code = 'connection'), 1::bigint, 'unsent: again at once, no attempt lost');
select core.outbox_record((select epoch from e), array[(select ids[1] from l)], '{failed}', '{550}');
select is((select state::text from core.outbox where outbox_id = (select ids[1] from l)), 'accepted', 'a record counts only while the lease lives');

-- the worker dies with one message on the wire
select is((select count(*) from core.outbox where state = 'leased'), 1::bigint, 'one is on the wire');
select core.outbox_begin('w1', false);
select is((select state::text from core.outbox where outbox_id = (select ids[6] from l)), 'unknown', 'without a whole journal it is unknown and never sent again');
create temp table l2 on commit drop as select array_agg(x) as ids from core.outbox_lease('w1', (select max(epoch) from core.sender_epoch), 3) x;
select core.outbox_begin('w1', true);
select is((select count(*) from core.outbox where outbox_id = any ((select ids from l2)::bigint[]) and state = 'ready'), 3::bigint, 'leased but not dispatched rows are ready again');
select core.outbox_record((select epoch from e), (select ids from l2), '{accepted,accepted,accepted}', '{250,250,250}');
select is((select count(*) from core.outbox where outbox_id = any ((select ids from l2)::bigint[]) and state = 'ready'), 3::bigint, 'a zombie of the old epoch changes nothing');

-- retries keep one token
select test.wait('10 minutes');
select test.send();
select is((select count(*) from core.touch), 12::bigint, 'R95: a retry does not charge twice');
select is((select count(*) from core.touch where returned_at is null), 11::bigint, 'and only the bounced one is free');
select is((select sum(n) from core.campaign_count), 12::numeric, 'the counts add up to the candidates');

-- withdrawal with queued messages (R147, S22)
select test.people(21, 23, 1);
create temp table c2 on commit drop as select test.campaign('manager_a', 'Вторая', p_definition => '{"attr":"city","op":"in","value":["Казань","Москва"]}') as id;
select test.launch('manager_a', (select id from c2));
select core.outbox_fill();
select is(core.campaign_withdraw(test.party(21), null, null), 1, 'R147: one queued message is stopped');
select is((select state || ':' || reason from core.recipient where campaign_id = test.number((select id from c2)) and party_id = test.party(21)), 'CANCELLED:opted_out', 'with its reason');
select is((select o.state::text from core.outbox o join core.message m using (message) where m.party_id = test.party(21)), 'cancelled', 'and taken off the outbox');
select is((select count(*) from core.recipient where campaign_id = test.number((select id from c2)) and reason = 'locked'), 11::bigint, 'R86: those of the first campaign were locked; the bounced one was free but has no valid address');
select is((select count(*) from core.recipient where campaign_id = test.number((select id from c2)) and reason = 'invalid_contact'), 1::bigint, 'the bounced one has no address');
select is(test.send(), 2, 'the others get theirs');

-- P14: the fifth mail in thirty days is refused, whoever sends
select test.people(31, 31, 1);
insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, token, at)
  select test.party(31), 'EMAIL', 0, n, 3, 'AFTERSALES', gen_random_uuid(), core.now() - interval '20 days' from generate_series(1, 4) n;
create temp table c3 on commit drop as select test.campaign('manager_a', 'Третья') as id;
select is(test.check('manager_a', (select id from c3)) -> 'reasons' ->> 'budget', '1', 'P14: four mails in thirty days are enough');
update core.touch set returned_at = core.now() where touch_id = (select max(touch_id) from core.touch where party_id = test.party(31));
select is((test.check('manager_a', (select id from c3)) -> 'reasons') ? 'budget', false, 'R95: a mail given back counts no more');
select * from finish();
rollback;
