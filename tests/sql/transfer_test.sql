-- SPDX-License-Identifier: Apache-2.0
-- Transfers one by one and in bulk (R126-R132), S20's rules; the job itself under kill -9 is tests/fault/transfer.test.mjs.
begin;
\i tests/sql/fixture.sql
select plan(83);

create function test.right_of(p_surname text, p_line text default 'NEW') returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p on p.party_id = o.party_id where p.surname = p_surname and o.line = p_line::core.line limit 1 $$;
create function test.person_of(p_surname text) returns uuid language sql stable as $$
select p.public_id from core.party p where p.surname = p_surname $$;
create function test.offer(p_login text, p_surname text, p_to int, p_reason text default 'owner_consent') returns jsonb language sql as $$
select test.call(p_login, format('select * from api.transfer_offer(%L, %L, %L)', (test.right_of(p_surname)).public_id, test.dealer(p_to), p_reason)) $$;
create function test.offers(p_login text) returns jsonb language sql as $$ select test.call(p_login, 'select * from api.transfers_list()') $$;
create function test.answer(p_login text, p_verb text, p_more text default '') returns jsonb language sql as $$
select test.call(p_login, format('select * from api.transfer_%s(%L%s)', p_verb, test.offers(p_login) -> 0 ->> 'id', p_more)) $$;
create temp table kept (name text primary key, v jsonb) on commit drop;
grant all on kept to public;

-- an offer, one at a time
select test.register('seller_a', 'Передаев', '+79037780001', ', p_email => ''peredaev@mail.example''');
select test.call('seller_a', format('select * from api.task_add(''обещал скидку 5%%'', ''call'', core.now() + interval ''3 days'', p_person_id => %L)', test.person_of('Передаев')));
select test.call('seller_a', format('select * from api.interaction_add(%L, ''NOTE'', p_text => ''любит синий'')', test.person_of('Передаев')));
select is(test.offer('manager_a', 'Передаев', 2, 'territory') ->> 'error', 'ZC402', 'R126: a dealer gives its own consent and no other reason');
select is(test.offer('seller_b', 'Передаев', 3) ->> 'error', 'ZC404', 'R127: nobody offers another''s right');
select is(test.offer('manager_a', 'Передаев', 1) ->> 'error', 'ZC123', 'R127: to somebody else');
select is(test.offer('manager_a', 'Передаев', 2) -> 0 ->> 'state', 'OFFERED', 'R127: a transfer is offered to the new owner');
select is(test.offer('manager_a', 'Передаев', 3) ->> 'error', 'ZC122', 'R127: at most one open offer a right');
select throws_ok($$insert into core.transfer (ownership_id, party_id, brand_id, line, from_dealer_id, to_dealer_id, reason, until_at)
    select ownership_id, party_id, brand_id, line, 1, 3, 'decision', core.now() from core.transfer$$, '23505', null, 'R127: which is a unique key');
select is((test.right_of('Передаев')).dealer_id, 1, 'R127: nothing has changed');
select is((select count(*) from core.notice where kind = 'N10' and staff_id = test.staff('manager_b')), 1::bigint, 'N10: the new owner''s manager is told');
select is(test.offers('manager_b') -> 0 ->> 'person_name' like '%Передаев%', true, 'D.14: the offer names the person');
select is(test.offers('manager_b') -> 0 ->> 'person_id', null, 'D.14: his record stays closed');
select is(jsonb_array_length(test.offers('manager_c')), 0, 'R127: a third dealer learns nothing');
select is(test.answer('manager_b', 'refuse', ', ''no seller''') -> 0 ->> 'state', 'REFUSED', 'R127: the new owner may refuse');
select is(test.answer('manager_b', 'accept') ->> 'error', 'ZC120', 'R127: a refused offer is over');
select test.offer('manager_a', 'Передаев', 2);
select is((select count(*) from core.notice where kind = 'N10' and staff_id = test.staff('manager_b')), 2::bigint, 'N10: a second offer is a second event, told once; answers to the first tell him nothing (R141)');
select is(test.answer('manager_a', 'withdraw', ', ''changed''') -> 0 ->> 'state', 'WITHDRAWN', 'R127: the old one may take it back');
select test.offer('manager_a', 'Передаев', 2);
select test.wait('6 days');
select is(core.transfer_clock(), 1, 'R127: an unanswered offer lapses');
select is(test.answer('manager_b', 'accept') ->> 'error', 'ZC120', 'R127: and cannot be accepted any more');

-- acceptance
select test.offer('manager_a', 'Передаев', 2);
insert into kept select 'before', to_jsonb(test.right_of('Передаев'));
select is(test.answer('seller_b', 'accept') -> 0 ->> 'state', 'ACCEPTED', 'R127: a seller of the new owner accepts');
select is((select concat_ws(' ', dealer_id, seat_id = test.staff('seller_b'), state, event) from (select (test.right_of('Передаев')).*) o), '2 t ACTIVE succeed', 'R127: the right is his');
select is((test.right_of('Передаев')).protect_until, (select (v ->> 'protect_until')::timestamptz from kept where name = 'before'), 'R127: with the terms it had');
select is((test.right_of('Передаев')).successor_of, (select (v ->> 'ownership_id')::bigint from kept where name = 'before'), 'R12: a new right that names the old');
select is((select count(*) from core.ownership_history h join core.ownership_history n on n.ownership_id = (test.right_of('Передаев')).ownership_id and n.ver = 1
    where h.ownership_id = n.successor_of and h.state = 'CLOSED' and h.reason = 'transferred' and h.valid_from <= n.valid_from and n.valid_from - h.valid_from < interval '1 second'), 1::bigint, 'R127: no gap, no overlap');
select is(test.call('seller_b', 'select * from api.tasks_list()') -> 0 ->> 'title', 'Позвонить', 'R132: the task is made anew for the new seat, without the old dealer''s words (R128)');
select is((select t.due_at from core.task t where t.dealer_id = 2) = (select t.due_at from core.task t where t.dealer_id = 1), true, 'R132: its due date kept');
select is((select t.state from core.task t where t.dealer_id = 1), 'CANCELLED', 'R132: and ends at the old one');
select is(test.offers('manager_b') -> 0 ->> 'is_covered', 'false', 'R130: consent does not travel by itself');
select is((select count(*) from core.message where kind = 'transfer' and address = 'peredaev@mail.example' and dealer_id = 0), 1::bigint, 'R130: one neutral message by head office');
select is(test.call('manager_b', format('select * from api.person_get(%L)', test.person_of('Передаев'))) -> 0 -> 'contacts', '[]'::jsonb, 'R128: no contacts without consent');
select is(test.call('manager_b', format('select * from api.inheritance_get(%L)', test.person_of('Передаев'))) -> 0 -> 'notes', '[]'::jsonb, 'R128: notes do not travel');
select test.call('seller_b', format('select * from api.transfer_notes(%L)', test.offers('manager_b') -> 0 ->> 'id'));
select is(test.call('seller_a', format('select * from api.transfer_notes(%L)', test.offers('manager_a') -> 0 ->> 'id')) ->> 'error', 'ZC403', 'R128: a seat does not release them');
select is(test.call('manager_a', format('select * from api.transfer_notes(%L)', test.offers('manager_a') -> 0 ->> 'id')) -> 0 ->> 'notes', 'released', 'R128: the old owner releases them');
select is(test.call('manager_b', format('select * from api.inheritance_get(%L)', test.person_of('Передаев'))) -> 0 -> 'notes' -> 0 ->> 'text', 'любит синий', 'R128: then they are read');
select is(test.call('seller_c', format('select * from api.inheritance_get(%L)', test.person_of('Передаев'))) ->> 'error', 'ZC404', 'R128: by the new owner alone');
select is((select until_at > core.now() + interval '6 days' from core.serve_grant where dealer_id = 1 and reason = 'R127'), true, 'R127: the old owner keeps serve for seven days');
select is(test.call('router', format('select * from api.owners_list(%L)', test.person_of('Передаев'))) -> 0 ->> 'transfer_reason', 'owner_consent', 'R132: the chain of owners says why');
select is(jsonb_array_length(test.call('router', format('select * from api.owners_list(%L)', test.person_of('Передаев')))), 2, 'R132: one row a right');
select is(test.call('router', format('select * from api.owners_list(%L)', test.person_of('Передаев'))) -> 1 ->> 'ended_rule', 'R127', 'R132: with the rule by which it ended');
select is(jsonb_array_length(test.call('seller_b', format('select * from api.owners_list(%L)', test.person_of('Передаев')))), 1, 'R24: a dealer reads of its own rights alone');

-- with consent the contacts go; R129: the old owner afterwards
select test.register('seller_a', 'Согласов', '+79037780002');
select core.consent_take((test.right_of('Согласов')).party_id, 1, 'TRANSFER', null, 't-1', 'form 9', 'hand');
select test.call('manager_a', format('select * from api.sale_add(%L, ''N-1'', %L, 1, ''NEW'', 100)', test.person_of('Согласов'), core.today()));
select is((test.right_of('Согласов')).state, 'CUSTOMER', 'a customer of A');
select test.call('manager_a', format('select * from api.right_decline(%L, ''later'')', (test.right_of('Согласов', 'SERVICE')).public_id));      -- R70's offer
select test.offer('manager_a', 'Согласов', 3);
select is(test.answer('manager_c', 'accept') -> 0 ->> 'is_covered', 'true', 'R130: a consent to transfer covers the new owner');
select is(test.call('manager_c', format('select * from api.person_get(%L)', test.person_of('Согласов'))) -> 0 -> 'contacts' -> 0 ->> 'value', '+79037780002', 'R128: and the contacts go with it');
select is(test.call('manager_c', format('select * from api.person_get(%L)', test.person_of('Согласов'))) -> 0 -> 'sales', '[]'::jsonb, 'R128: the old dealer''s documents do not');
select is(test.call('manager_c', format('select * from api.inheritance_get(%L)', test.person_of('Согласов'))) -> 0 -> 'sales' -> 0 ->> 'line', 'NEW', 'R128: their facts do');
select is(test.call('manager_c', format('select * from api.inheritance_get(%L)', test.person_of('Согласов')))::text ~ 'kopecks|N-1', false, 'R128: no price, no number');
select is(test.call('manager_a', format('select * from api.person_get(%L)', test.person_of('Согласов'))) -> 0 -> 'sales' -> 0 ->> 'number', 'N-1', 'R129: the old owner reads his own documents');
select is(jsonb_array_length(test.call('manager_a', 'select * from api.past_documents_list()')), 0, 'R129: for thirty days with the person');
select test.wait('31 days');
select core.project(array[1], array[(test.right_of('Согласов')).party_id]);
select is(test.call('manager_a', format('select * from api.person_get(%L)', test.person_of('Согласов'))) -> 0 ->> 'id', null, 'R129: no contacts after thirty days');
select is(test.call('manager_a', 'select * from api.past_documents_list()') -> 0 ->> 'number', 'N-1', 'R129: the document remains, without a name');

-- what is not transferred
select test.register('seller_a', 'Держалов', '+79037780003');
select test.call('seller_a', format('select * from api.right_hold(%L, ''ord 1'')', (test.right_of('Держалов')).public_id));
select is(test.offer('manager_a', 'Держалов', 2) ->> 'error', 'ZC121', 'R67: a signed order is not transferred');
select test.register('seller_a', 'Позднев', '+79037780004');
select test.offer('manager_a', 'Позднев', 2);
select test.call('seller_a', format('select * from api.right_hold(%L, ''ord 2'')', (test.right_of('Позднев')).public_id));
select is(test.offers('manager_b') -> 0 ->> 'state', 'WITHDRAWN', 'R67: an offer ends when the client signs');

-- bulk (R131): dealer 1 ceases
select test.register('seller_a', 'Массов' || chr(1040 + n), '+790377810' || lpad(n::text, 2, '0')) from generate_series(1, 20) n;
select core.consent_take(o.party_id, 1, 'TRANSFER', null, 't-1', 'form', 'hand') from core.ownership o join core.party p on p.party_id = o.party_id
where p.surname in ('МассовБ', 'МассовВ');
create function test.batch(p_more text) returns jsonb language sql as $$
select test.call('router', format('select * from api.transfer_batch_add(%L, ''dealer_terminated'', true, %s)', test.dealer(1), p_more)) $$;
select is(test.batch(format('%L', '[]')) ->> 'error', 'ZC402', 'R131: it names its targets');
select is(test.batch(format('%L, p_line => ''NEW''', json_build_array(json_build_object('dealer_id', test.dealer(2))))) ->> 'error', 'ZC402', 'R131: who ceases ceases whole');
insert into kept values ('b', test.batch(format('%L, ''shares''', json_build_array(json_build_object('dealer_id', test.dealer(2), 'share', 3), json_build_object('dealer_id', test.dealer(3), 'share', 1)))) -> 0);
select is((select v ->> 'state' from kept where name = 'b'), 'CHECKED', 'R131: the dry run moves nothing');
select is((select concat_ws(' ', v -> 'counts' ->> 'total', v -> 'counts' ->> 'move', v -> 'counts' ->> 'held', v -> 'counts' ->> 'covered') from kept where name = 'b'), '22 22 2 2', 'R131: it counts rights, orders, consents');
select is((select sum((x ->> 'rights')::int) from kept, jsonb_array_elements(v -> 'counts' -> 'targets') x where name = 'b'), 22::bigint, 'R131: and who would get how many');
select is(test.call('router', format('select * from api.transfer_batch_ask(%L, 21)', (select v ->> 'id' from kept where name = 'b'))) ->> 'error', 'ZC125', 'R131: the number is typed');
select is(test.call('router', format('select * from api.transfer_batch_ask(%L, 22)', (select v ->> 'id' from kept where name = 'b'))) -> 0 ->> 'state', 'ASKED', 'R131: a second person is asked');
select is(test.call('router', format('select * from api.approval_approve(%L)', (select public_id from core.approval where kind = 'transfer_batch'))) ->> 'error', 'ZC132', 'R131: not the same one');
select is(test.call('arbiter', format('select * from api.approval_approve(%L)', (select public_id from core.approval where kind = 'transfer_batch'))) ->> 'error', null, 'R131: another grants it');
select is((select count(*) from core.ownership where dealer_id = 1 and state <> 'CLOSED'), 22::bigint, 'R131: until the job runs nothing moves');
-- two steps, and once more for nothing
select is((select core.batch_plan(b) from core.transfer_batch b), 22, 'R131: what happens to each right is planned when it begins');
select core.batch_move(b, 7) from core.transfer_batch b;
select is((select count(*) from core.transfer_batch_right), 7::bigint, 'R131: a step moves its rights');
select core.batch_move(b, 500) from core.transfer_batch b;
select is((select count(*) from core.ownership where dealer_id = 1 and state <> 'CLOSED'), 0::bigint, 'S20: the rest the next; signed orders too when the dealer ceases');
select is((select x.moved from core.transfer_batch b cross join lateral core.batch_move(b, 500) x), 0, 'R161: once more is nothing');
select is((select core.batch_plan(b) from core.transfer_batch b), 0, 'R161: and nothing is left to plan');
select is((select concat_ws(' ', state, dealer_id in (2, 3)) from (select (test.right_of('Держалов')).*) o), 'HELD t', 'S20: an order goes on where it went');
select is((select count(*) from core.ownership_history where event = 'terminate' and reason = 'dealer_terminated'), 22::bigint, 'R18: closed as dealer terminated');
select is((select count(*) from core.ownership o join core.transfer_batch_right r on r.made_id = o.ownership_id and r.old_id = o.successor_of), 22::bigint, 'R12: each successor names its right');
select is((select count(*) from core.dealer_party where dealer_id = 1 and state <> 'CLOSED'), 0::bigint, 'R133: the old dealer lists nobody any more');
select is((select count(*) from core.dealer_party d join core.transfer_batch_right r on true join core.ownership o on o.ownership_id = r.made_id and o.party_id = d.party_id and o.dealer_id = d.dealer_id), 22::bigint, 'R133: the new ones list theirs');
select is((select count(*) from core.contact_point c join core.ownership o on o.party_id = c.party_id join core.party p on p.party_id = c.party_id
    where p.surname in ('МассовБ', 'МассовВ') and core.is_given(c, o.dealer_id)), 2::bigint, 'R130: contacts go where consent covers');
select is((select count(*) from core.contact_point c join core.ownership o on o.party_id = c.party_id join core.party p on p.party_id = c.party_id
    where p.surname like 'Массов_' and p.surname not in ('МассовБ', 'МассовВ') and core.is_given(c, o.dealer_id)), 0::bigint, 'R130: and nowhere else');

-- R129: unless an open account requires it
create function test.bill(p_number text, p_is_paid boolean, p_who text) returns core.document_result language sql as $$
select core.document_order(1, test.staff('system_a'), (select party_id from core.party where surname = p_who), 1::smallint, p_number, core.today(), 500000, null, null, 'ТО', 'dealer-system', p_is_paid => p_is_paid) $$;
select test.register('seller_a', 'Должников', '+79037780021');
select core.consent_take((test.right_of('Должников')).party_id, 1, 'TRANSFER', null, 't-1', 'form 9', 'hand');
select test.bill('НЕ-1', false, 'Должников');
select test.offer('manager_a', 'Должников', 3); select test.answer('manager_c', 'accept');
select core.right_succeed(o, 3, null, 'transfer', 'transferred') from core.ownership o join core.party p using (party_id) where p.surname = 'Должников' and o.dealer_id = 1 and o.state <> 'CLOSED';
create function test.a_sees(p_surname text) returns text language sql as $$
select jsonb_array_length(nullif(test.call('manager_a', format('select * from api.person_get(%L)', test.person_of(p_surname))) -> 0 -> 'contacts', 'null'))::text $$;
create function test.cut() returns void language sql as $$ select core.former_step() $$;
-- R129: thirty days from the end of the right, whoever writes the row meanwhile
create function test.gives(p_surname text, p_phone text) returns void language plpgsql as $$
begin
    perform test.register('seller_d', p_surname, p_phone);
    perform core.document_order(4, test.staff('seller_d'), (test.right_of(p_surname)).party_id, 1::smallint, 'Р-' || p_phone, core.today(), 500000, null, null, 'ТО', 'dealer-system', p_is_paid => true);
    perform core.right_succeed(o, 3, null, 'transfer', 'transferred') from core.ownership o join core.party p using (party_id) where p.surname = p_surname and o.dealer_id = 4 and o.state <> 'CLOSED';
end $$;
create function test.d_lists(p_surname text) returns bigint language sql stable as $$ select count(*) from core.dealer_party t join core.party p using (party_id) where t.dealer_id = 4 and p.surname = p_surname $$;
select test.gives('Правкин', '+79037780031');
select test.wait('29 days'); select test.cut();
update core.party set city = 'Самара' where surname = 'Правкин';
select is(test.d_lists('Правкин'), 1::bigint, 'R129: for thirty days the former owner lists his client');
select test.wait('2 days'); select test.cut();
select is(test.d_lists('Правкин'), 0::bigint, 'R129: and not a day longer because somebody edited the person meanwhile');
select test.wait('1 day');
-- the walk goes on where it was: open accounts hold nobody back
select test.gives('Ходов' || chr(1039 + n), '+790377801' || lpad(n::text, 2, '0')) from generate_series(1, 9) n;
update core.repair_order w set is_paid = false, kind = 'PAID' from core.party p where p.party_id = w.party_id and p.surname in ('ХодовА', 'ХодовБ', 'ХодовВ', 'ХодовГ');
select test.wait('2 hours'); select core.former_step(3) from generate_series(1, 20);
select is((select count(*) from core.dealer_party where dealer_id = 4 and name like 'Ходов%'), 9::bigint, 'R129: before its day nobody leaves the list');
select test.wait('31 days');
select is((select max(x.n) from (select core.former_step(3) as n from generate_series(1, 20)) x), 3, 'a step looks at so many');
select is((select string_agg(left(name, 6), ' ' order by name) from core.dealer_party where dealer_id = 4 and name like 'Ходов%'), 'ХодовА ХодовБ ХодовВ ХодовГ', 'R129: more than a step are all reached, those with an open account stay');
select is(core.former_step(3), 0, 'the round is over until the next hour');
select test.wait('31 days'); select test.cut();
select is(test.a_sees('Должников'), '1', 'R129: the former owner keeps the contact of a client whose work order is unpaid');
select is(test.call('manager_a', format('select * from api.sight_get(%L)', test.person_of('Должников'))) -> 0 -> 'reasons' -> 0 ->> 'rule', 'R129', 'R129, R139: and reads why');
select test.bill('НЕ-1', true, 'Должников');
select is(test.a_sees('Должников'), null, 'R129: the order is paid, the contact is gone at once');
select test.bill('НЕ-1', false, 'Должников'); select test.wait('1 hour');
select core.project(array[1], array[(select party_id from core.party where surname = 'Должников')]);
select is(test.a_sees('Должников'), '1', 'a payment taken back opens the account again');
select test.wait('340 days'); select test.cut();
select is(test.a_sees('Должников'), null, 'R129: an account that nobody settles ends with a year');
select * from finish();
rollback;
