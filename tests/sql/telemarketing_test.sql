-- SPDX-License-Identifier: Apache-2.0
-- Telemarketing: one client for one operator, results with their effects, counters, undo. A000-32 to A000-38, R93-R95, P14, P15.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
select test.at('2027-03-02 12:00');
select test.people(1, 8, 1);
create temp table c on commit drop as select test.campaign('manager_a', 'Обзвон', p_channel => 'CALL') as id;
update core.campaign set script = 'Добрый день, {{name}}! Это {{dealer_name}}, {{operator}}.';
select test.launch('manager_a', (select id from c));
select is(test.fates((select id from c)), 'QUEUED=8', 'A000-33: a launched list is filled');
select is(test.call('operator_a', 'select name, total, processed, not_reached, "left" from api.call_lists()'), '[{"name": "Обзвон", "total": 8, "processed": 0, "not_reached": 0, "left": 8}]', 'A000-34: counters');
select is(test.call('seller_b', 'select * from api.call_lists()'), '[]', 'another dealer has no such list');

create function test.next(p_login text) returns jsonb language sql as $$
  select test.call(p_login, format('select api.call_next(%L) as v', (select id from c))) -> 0 -> 'v' $$;
create function test.result(p_login text, p_call text, p_result text, p_more text default '') returns jsonb language sql as $$
  select test.call(p_login, format('select api.call_result(%L, %L%s) as v', p_call, p_result, p_more)) $$;
create temp table k (n int, login text, card jsonb) on commit drop;

insert into k values (1, 'operator_a', test.next('operator_a'));
select is((select card -> 'person' ->> 'phone' from k where n = 1), '+79000000001', 'the card shows the number to call');
select is((select card ->> 'script' from k where n = 1), 'Добрый день, Иван! Это Альфа, operator_a.', 'and the script, filled');
select is((test.next('operator_a')) ->> 'call_id', (select card ->> 'call_id' from k where n = 1), 'asked again, the same client comes back');
insert into k values (2, 'seller_a', test.next('seller_a'));
select isnt((select card ->> 'call_id' from k where n = 2), (select card ->> 'call_id' from k where n = 1), 'R93: one client for one operator');
select is((select count(*) from core.touch where channel = 'CALL' and returned_at is null), 2::bigint, 'R93: an offer takes the send token');
select is(test.result('seller_a', (select card ->> 'call_id' from k where n = 1), 'agreed') ->> 'error', 'ZC093', 'another''s call is refused');

select is(test.result('operator_a', (select card ->> 'call_id' from k where n = 1), 'agreed', ', p_note => ''в субботу''') -> 0 -> 'v' -> 'counters', '{"left": 7, "total": 8, "agreed": 1, "processed": 1, "not_reached": 0}', 'agreed: counted');
select is((select kind || ' ' || title from core.task), 'visit Согласие по звонку: Обзвон', 'agreed: a task for the seat');
select is((select text from core.interaction where party_id = test.party(1)), 'Обзвон: согласился: в субботу', 'and a line on the timeline');
select is((select state::text from core.campaign_lock where party_id = test.party(1)), 'COOLING', 'R89: cooling');

select is(test.result('seller_a', (select card ->> 'call_id' from k where n = 2), 'no_answer') -> 0 -> 'v' -> 'counters' ->> 'not_reached', '1', 'not reached: counted');
select is((select state || attempts || ' ' || to_char(next_at at time zone 'Europe/Moscow', 'HH24:MI') from core.call_item where party_id = test.party(2)), 'queued1 14:00', 'tried again in two hours');
select is((select returned_at is not null from core.touch where party_id = test.party(2)), true, 'R95: nobody reached, the budget is given back');

insert into k values (3, 'operator_a', test.next('operator_a'));
select is(test.result('operator_a', (select card ->> 'call_id' from k where n = 3), 'call_back') ->> 'error', 'ZC400', 'call back: when?');
select is(test.result('operator_a', (select card ->> 'call_id' from k where n = 3), 'call_back', format(', %L', core.now() + interval '3 hours')) ? 'error', false, 'call back at a time');
select is((select next_at - core.now() from core.call_item where party_id = test.party(3)), interval '3 hours', 'then it is offered again');

insert into k values (4, 'operator_a', test.next('operator_a'));
select is(test.result('operator_a', (select card ->> 'call_id' from k where n = 4), 'wrong_number') ? 'error', false, 'wrong number');
select is((select is_valid from core.contact_point where party_id = test.party(4) and kind = 'PHONE'), false, 'the number is marked');
select is((select count(*) from core.task where title = 'Уточнить телефон: Обзвон'), 1::bigint, 'and a task to ask for it');
select is((test.call('operator_a', format('select api.call_undo(%L)', (select card ->> 'call_id' from k where n = 4)))) ? 'error', false, 'undo within thirty seconds');
select is((select is_valid from core.contact_point where party_id = test.party(4) and kind = 'PHONE'), true, 'the number is good again');
select is((select count(*) from core.interaction where party_id = test.party(4)), 0::bigint, 'the line is gone');
select is((select state::text from core.recipient where party_id = test.party(4)), 'QUEUED', 'the client waits again');
select is((test.next('operator_a')) ->> 'call_id', (select card ->> 'call_id' from k where n = 4), 'and the operator holds the call');
select is(test.result('operator_a', (select card ->> 'call_id' from k where n = 4), 'do_not_call') ? 'error', false, 'do not call');
select is((select count(*) from core.consent where party_id = test.party(4) and channel = 'CALL' and withdrawn_at is null), 0::bigint, 'R147: advertising by telephone is withdrawn');
select is((select count(*) from core.consent where party_id = test.party(4) and channel = 'EMAIL' and withdrawn_at is null), 1::bigint, 'mail is not');
select test.wait('31 seconds');
select is((test.call('operator_a', format('select api.call_undo(%L)', (select card ->> 'call_id' from k where n = 4)))) ->> 'error', 'ZC093', 'too late for undo');

insert into k values (5, 'operator_a', test.next('operator_a'));
select test.wait('11 minutes');
select is(core.call_sweep(), 1, 'who goes away loses the client after ten minutes');
select is((select state || coalesce(operator_id::text, '') from core.call_item where party_id = test.party(5)), 'queued', 'who is free again');
select is(test.result('operator_a', (select card ->> 'call_id' from k where n = 5), 'agreed') ->> 'error', 'ZC093', 'a late result is refused');

-- R93: right, consent and budget are asked again before each call
select test.move(5, 'lost', 'CLOSED', 'other');
update core.consent set withdrawn_at = core.now() where party_id = test.party(6);
insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, token, at) values (test.party(7), 'CALL', 0, 2, 3, 'AFTERSALES', gen_random_uuid(), core.now() - interval '10 days');
insert into k values (6, 'operator_a', test.next('operator_a'));
select is((select card -> 'person' ->> 'phone' from k where n = 6), '+79000000008', 'P14: one call in fourteen days over all dealers; lost and withdrawn are passed over');
select is((select string_agg(concat_ws(':', r.state, r.reason), ' ' order by r.party_id) from core.recipient r where r.party_id in (test.party(5), test.party(6), test.party(7))), 'CANCELLED:not_owner CANCELLED:no_consent CANCELLED:budget', 'each with its reason');
select is(test.result('operator_a', (select card ->> 'call_id' from k where n = 6), 'refused') ? 'error', false, 'refused');
select is((test.next('operator_a')) ->> 'call_id', null, 'nobody now');
select is(((test.next('operator_a')) ->> 'next_at')::timestamptz, (select min(next_at) from core.call_item where state = 'queued'), 'but then');

-- no answer four times (campaigns B11), never at night
do $$ begin
  for i in 1..3 loop
    perform test.wait((select next_at - core.now() + interval '1 minute' from core.call_item where party_id = test.party(2)));
    update core.call_item set next_at = core.now() + interval '1 month' where party_id = test.party(3);
    perform test.result('seller_a', (test.next('seller_a')) ->> 'call_id', 'no_answer');
  end loop;
end $$;
select is((select state || attempts from core.call_item where party_id = test.party(2)), 'exhausted4', 'after four vain calls the item is exhausted');
select is((select state::text from core.recipient where party_id = test.party(2)), 'FAILED', 'and the client not reached');
select is((select count(*) from core.touch where extract(hour from at at time zone 'Europe/Moscow') not between 9 and 20), 0::bigint, 'P15: nobody was called at night');
select is((select state::text from core.campaign_lock where party_id = test.party(2)), 'RELEASED', 'the lock of a client never reached is released');
select is(jsonb_array_length(test.call('operator_a', format('select * from api.call_items_list(%L)', (select id from c)))), 5, 'A000-35: the list, own clients only');
select is(test.call('operator_a', format('select * from api.call_items_list(%L)', (select id from c))) -> 0 ->> 'phone', '+7 900 ***-**-01', 'R133: numbers are masked in the list');
select is(test.fates((select id from c)), test.counts((select id from c)), 'the roll-up agrees');
select * from finish();
rollback;
