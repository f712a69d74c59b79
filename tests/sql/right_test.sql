-- SPDX-License-Identifier: Apache-2.0
-- The life of a right: D.2, R7, R10-R18, R50-R54, R57, R70, S4-S7, S26.
begin;
\i tests/sql/fixture.sql
select plan(83);

create function test.right_of(p_surname text) returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p on p.party_id = o.party_id where p.surname = p_surname order by o.line limit 1 $$;
create function test.person_of(p_surname text) returns uuid language sql stable as $$
select p.public_id from core.party p where p.surname = p_surname $$;
create function test.at(p_local text) returns void language sql as $$   -- puts the clock at a local time of Moscow
select test.wait((p_local::timestamp at time zone 'Europe/Moscow') - core.now()) $$;

-- a working day at noon: 2027-03-02 is a Tuesday
select test.at('2027-03-02 12:00');

-- routing by hand: offer, accept, first contact (P1, P2)
select is(test.call('router', format($$select * from api.lead_add('Кузнецов Олег', '+79036660001', 1, 'NEW', 'F7', 'site', 'web form', p_dealer_id => %L)$$, test.dealer(1))) -> 0 ->> 'right_id' is not null, true, 'a router takes a lead and offers it');
select is(date_trunc('minute', (test.right_of('Кузнецов')).accept_until), '2027-03-02 14:00 Europe/Moscow'::timestamptz, 'P1 is two working hours');
select is((select count(*) from core.notice where kind = 'N1'), 3::bigint, 'the manager and both sellers are told (N1)');
select is(test.call('seller_a', 'select * from api.leads_list()') -> 0 ->> 'phone_masked', '+7 903 ***-**-01', 'an offered lead is masked (D.14)');
select is(test.call('seller_a', format('select * from api.person_get(%L)', test.person_of('Кузнецов'))) -> 0 ->> 'level', 'MASKED', 'its record too');
select is(test.call('seller_a', format('select * from api.contact_add(%L, ''EMAIL'', ''x@y.example'')', test.person_of('Кузнецов'))) ->> 'error', 'ZC088', 'and cannot be edited');
select is(test.call('seller_b', format('select * from api.right_accept(%L)', (test.right_of('Кузнецов')).public_id)) ->> 'error', 'ZC404', 'another dealer gets the answer of nothing');
select is(test.call('seller_a', format('select * from api.right_accept(%L)', (test.right_of('Кузнецов')).public_id)) -> 0 ->> 'state', 'ACTIVE', 'a seller accepts');
select is(date_trunc('minute', (test.right_of('Кузнецов')).contact_until), '2027-03-02 16:00 Europe/Moscow'::timestamptz, 'P2 is four working hours');
select is(test.call('seller_a', format('select * from api.person_get(%L)', test.person_of('Кузнецов'))) -> 0 ->> 'level', 'FULL', 'after acceptance contacts are open');
select is(test.call('seller_a', format('select * from api.person_get(%L)', test.person_of('Кузнецов'))) -> 0 -> 'now' ->> 'kind', 'first_contact', 'what now? the first contact');
select is(test.call('seller_a', 'select * from api.tasks_list()') -> 0 ->> 'kind', 'lead', 'a task is made');
select is(test.call('seller_a', format('select * from api.right_accept(%L)', (test.right_of('Кузнецов')).public_id)) ->> 'error', 'ZC011', 'accepting twice is refused with the rule (R11)');
select is(test.call('seller_a', format('select * from api.interaction_add(%L, ''CALL_OUT'', p_text => ''spoke'')', test.person_of('Кузнецов'))) -> 0 ->> 'is_qualifying', 'false', 'a call without call id does not prolong (R50)');
select is((test.right_of('Кузнецов')).first_contact_at is not null, true, 'but it is the first contact');

-- S4: a lead over holidays
select test.at('2027-03-07 19:00');      -- Sunday evening before 8 March
select test.call('router', format($$select * from api.lead_add('Праздников Олег', '+79036660002', 1, 'NEW', 'F7', 'site', 'web form', p_dealer_id => %L)$$, test.dealer(1)));
select is(date_trunc('minute', (test.right_of('Праздников')).accept_until), '2027-03-09 10:00 Europe/Moscow'::timestamptz, 'working hours pass over the night and 8 March (S4, R10)');
select test.call('seller_a', format('select * from api.right_accept(%L)', (test.right_of('Праздников')).public_id));
select is(date_trunc('minute', (test.right_of('Праздников')).contact_until), '2027-03-09 12:00 Europe/Moscow'::timestamptz, 'so does P2');
select test.at('2027-03-09 11:59'); select core.clock_rights();
select is((test.right_of('Праздников')).state, 'ACTIVE', 'not a minute early');
select test.at('2027-03-09 12:01'); select core.clock_rights(); select core.clock_rights();
select is((test.right_of('Праздников')).reason, 'no_contact', 'then the lead is recalled (S4)');
select is((select count(*) from core.notice where kind = 'N5'), 2::bigint, 'seat and manager are told once (N5, R141)');
select is((select is_pool from core.party where surname = 'Праздников'), true, 'the person is in the pool again (R6)');
select is(test.call('seller_a', format('select * from api.person_get(%L)', test.person_of('Праздников'))) -> 0 ->> 'id', null, 'and the former owner sees nothing');
select is(test.call('router', 'select * from api.people_list()') -> 0 ->> 'phone', '+79036660002', 'the router sees the pool in full (D.14)');
select test.call('router', format($$select * from api.right_assign(%L, %L, 1, 'NEW', 'nearest')$$, test.person_of('Праздников'), test.dealer(2)));
select is((test.right_of('Праздников')).dealer_id, 2, 'a router assigns by hand');
select is(test.call('router', format($$select * from api.right_assign(%L, %L, 1, 'NEW', 'nearest')$$, test.person_of('Праздников'), test.dealer(3))) ->> 'error', 'ZC033', 'parallel offers are impossible (R44)');
select is(test.call('seller_b', format($$select * from api.right_decline(%L, 'no stock')$$, (test.right_of('Праздников')).public_id)) -> 0 ->> 'state', 'CLOSED', 'declined');
select test.call('router', format($$select * from api.right_assign(%L, %L, 1, 'NEW', 'second')$$, test.person_of('Праздников'), test.dealer(3)));
select test.wait('2 days'); select core.clock_rights();
select is((test.right_of('Праздников')).reason, 'not_accepted', 'an offer nobody accepts falls back (P1, R45)');

-- R35: who has the person in one line is asked first when head office is asked for another of the group
select test.at('2027-03-16 12:00');
select test.register('seller_b', 'Первенцев', '+79036660035');
select is(test.call('router', format($$select * from api.right_assign(%L, %L, 1, 'USED', 'nearest')$$, test.person_of('Первенцев'), test.dealer(3))) - 'info',
    '{"error": "ZC035", "field": "dealer_id"}', 'R35: another line of the group is offered first to the dealer who has the person');
select is(test.call('router', format($$select * from api.right_assign(%L, %L, 1, 'SERVICE', 'nearest')$$, test.person_of('Первенцев'), test.dealer(3))) -> 0 ->> 'state', 'OFFERED', 'a line of another group is not');
select test.call('router', format($$select * from api.right_assign(%L, %L, 1, 'USED', 'his own')$$, test.person_of('Первенцев'), test.dealer(2)));
select is((select date_trunc('minute', o.accept_until) from core.ownership o where o.line = 'USED' and o.party_id = (select p.party_id from core.party p where p.surname = 'Первенцев')),
    '2027-03-19 12:00 Europe/Moscow'::timestamptz, 'R35: the answer has three working days');
select test.call('seller_b', format($$select * from api.right_decline(%L, 'no stock')$$, (select o.public_id from core.ownership o where o.line = 'USED'
    and o.party_id = (select p.party_id from core.party p where p.surname = 'Первенцев'))));
select is(test.call('router', format($$select * from api.right_assign(%L, %L, 1, 'USED', 'nearest')$$, test.person_of('Первенцев'), test.dealer(3))) -> 0 ->> 'state', 'OFFERED', 'R35: after a refusal others may be asked');

-- S5, S6: what prolongs and what does not
select test.at('2027-04-01 12:00');
select test.register('seller_a', 'Морозов', '+79036660003');
select is((test.right_of('Морозов')).protect_until, '2027-05-02 00:00 Europe/Moscow'::timestamptz, 'thirty days, until midnight at the dealer (P3, R10)');
select is((select string_agg(h.ver || ' ' || h.event || ' ' || h.state || ' ' || h.rule, ', ' order by h.ver) from core.ownership_history h
    where h.ownership_id = (test.right_of('Морозов')).ownership_id), '1 register PENDING R31, 2 checked ACTIVE R32',
    'a claim that passes its checks at once has both versions in its history (R8, R31, R32)');
select test.call('seller_a', format('select * from api.interaction_add(%L, %L)', test.person_of('Морозов'), k)) from unnest(array['MAIL_OUT','MAIL_OUT','MAIL_OUT','MAIL_OUT','MAIL_OUT','CALL_OUT','CALL_OUT','CALL_OUT','NOTE']) k;
select is((test.right_of('Морозов')).protect_until, '2027-05-02 00:00 Europe/Moscow'::timestamptz, 'mass mails and unanswered calls move nothing (S5, R51)');
select test.at('2027-04-30 12:00');
select is(test.call('seller_a', format('select * from api.interaction_add(%L, ''TEST_DRIVE'', p_evidence => ''TD-7'')', test.person_of('Морозов'))) -> 0 ->> 'is_qualifying', 'true', 'a test drive with its agreement counts');
select is((test.right_of('Морозов')).protect_until, '2027-05-31 00:00 Europe/Moscow'::timestamptz, 'day 29 carries to day 59 (S6, R52)');
select test.at('2027-05-30 12:00'); select test.call('seller_a', format('select * from api.interaction_add(%L, ''OFFER'', p_evidence => ''O-1'')', test.person_of('Морозов')));
select test.at('2027-06-28 12:00'); select test.call('seller_a', format('select * from api.interaction_add(%L, ''OFFER'', p_evidence => ''O-2'')', test.person_of('Морозов')));
select test.at('2027-07-27 12:00'); select test.call('seller_a', format('select * from api.interaction_add(%L, ''OFFER'', p_evidence => ''O-3'')', test.person_of('Морозов')));
select test.at('2027-08-25 12:00'); select test.call('seller_a', format('select * from api.interaction_add(%L, ''OFFER'', p_evidence => ''O-4'')', test.person_of('Морозов')));
select test.at('2027-09-20 12:00'); select test.call('seller_a', format('select * from api.interaction_add(%L, ''OFFER'', p_evidence => ''O-5'')', test.person_of('Морозов')));
select is((test.right_of('Морозов')).protect_until, (test.right_of('Морозов')).limit_until, 'never beyond P5 (R52)');
select is((test.right_of('Морозов')).limit_until, '2027-09-29 00:00 Europe/Moscow'::timestamptz, 'which is 180 days from registration');

-- S7: manual notes
select test.register('seller_a', 'Фролов', '+79036660004');
select test.wait('3 days');
select is(test.call('seller_a', format('select * from api.interaction_add(%L, ''VISIT'', p_at => %L)', test.person_of('Фролов'), core.now() - interval '2 days')) -> 0 ->> 'rule', 'R54', 'a visit entered two days late does not count (P21)');
select is(test.call('seller_a', format('select * from api.interaction_add(%L, ''VISIT'')', test.person_of('Фролов'))) -> 0 ->> 'is_qualifying', 'true', 'the first manual one counts');
select test.wait('1 day');
select is(test.call('seller_a', format('select * from api.interaction_add(%L, ''VISIT'')', test.person_of('Фролов'))) -> 0 ->> 'is_qualifying', 'true', 'the second too');
select test.wait('1 day');
select is(test.call('seller_a', format('select * from api.interaction_add(%L, ''VISIT'')', test.person_of('Фролов'))) -> 0 ->> 'rule', 'R54', 'the third in a row needs evidence (S7)');
select is(test.call('seller_a', format('select * from api.interaction_add(%L, ''VISIT'', p_at => %L)', test.person_of('Фролов'), core.now() + interval '1 day')) ->> 'error', 'ZC054', 'nothing happens in the future');

-- grace: read only, back by the customer, then free (R15)
select test.at('2027-11-20 12:00'); select core.clock_rights();
select is((test.right_of('Фролов')).state, 'GRACE', 'expiry leads to grace (R14)');
select is((select min(free_from) from core.ownership o join core.party p using (party_id) where p.surname = 'Фролов'), core.now() + interval '7 days', 'a late clock does not shorten grace (R14)');
select is(test.register('seller_b', 'Фролов', '+79036660004') -> 0 ->> 'verdict', 'IN_GRACE', 'others hear IN_GRACE');
select is(test.call('seller_a', format('select * from api.person_edit(%L, 1, p_city => ''Уфа'')', test.person_of('Фролов'))) ->> 'error', 'ZC088', 'the former owner reads only (D.14)');
select is(test.call('seller_a2', format('select * from api.person_get(%L)', test.person_of('Фролов'))) -> 0 ->> 'id', null, 'a colleague sees nothing in grace');
select test.call('seller_a', format('select * from api.interaction_add(%L, ''OFFER'', p_evidence => ''x'')', test.person_of('Фролов')));
select is((test.right_of('Фролов')).state, 'GRACE', 'the owner''s own offer brings nothing back');
select test.call('seller_a', format('select * from api.interaction_add(%L, ''CALL_IN'', p_evidence => ''call-77'')', test.person_of('Фролов')));
select is((test.right_of('Фролов')).state, 'ACTIVE', 'the customer''s call does');
select test.wait('60 days'); select core.clock_rights(); select test.wait('8 days'); select core.clock_rights();
select is((test.right_of('Фролов')).reason, 'expired', 'grace over: closed as expired');
select is(test.register('seller_b', 'Фролов', '+79036660004') -> 0 ->> 'verdict', 'FREE', 'the next one to register has it');
select is((select count(*) from core.ownership_history h join core.party p using (party_id) where p.surname = 'Фролов' and h.state = 'CLOSED'), 1::bigint, 'history keeps the old right (R3, R12)');

-- order, delivery, customer, service offer (P7, P8, R70)
select test.register('seller_a', 'Орлов', '+79036660005');
select is(test.call('seller_a2', format($$select * from api.right_hold(%L, 'C-1')$$, (test.right_of('Орлов')).public_id)) ->> 'error', 'ZC088', 'a colleague cannot sign for another seat');
select is(test.call('seller_a', format($$select * from api.right_hold(%L, 'C-1')$$, (test.right_of('Орлов')).public_id)) -> 0 ->> 'state', 'HELD', 'a signed order holds');
select is(test.register('seller_b', 'Орлов', '+79036660005', p_line => 'USED') -> 0 ->> 'verdict', 'PROTECTED', 'and protects the other lines of the group (R33)');
select is(test.call('seller_a', format($$select * from api.right_cancel_order(%L, 'bank refused')$$, (test.right_of('Орлов')).public_id)) -> 0 ->> 'state', 'ACTIVE', 'a cancelled order returns to active');
select test.call('seller_a', format($$select * from api.right_hold(%L, 'C-2')$$, (test.right_of('Орлов')).public_id));
select is(test.call('seller_a', format($$select * from api.right_deliver(%L, 'D-1', 250000000, 'XTA210990Y2765433')$$, (test.right_of('Орлов')).public_id)) -> 0 ->> 'state', 'CUSTOMER', 'delivery makes a customer');
select is((test.right_of('Орлов')).protect_until::date, (core.now() + interval '36 months')::date, 'for 36 months (P8)');
select is((select o.state::text || o.rule from core.ownership o join core.party p using (party_id) where p.surname = 'Орлов' and o.line = 'SERVICE'), 'OFFEREDR40', 'the seller is offered the first service (R70)');
select is((select order_count + sale_count from core.party_summary s join core.party p using (party_id) where p.surname = 'Орлов'), 1, 'the sale is summed');

-- lost (R57), hand-over (R126), leaver (R7)
select test.register('seller_a', 'Зайцев', '+79036660006');
select is(test.call('seller_a', format($$select * from api.right_lost(%L, 'no_money')$$, (test.right_of('Зайцев')).public_id)) -> 0 ->> 'state', 'CLOSED', 'lost with a reason');
select is(test.register('seller_b', 'Зайцев', '+79036660006') -> 0 ->> 'verdict', 'IN_GRACE', 'who had no money is free after 90 days (R57)');
select test.register('seller_a', 'Лебедев', '+79036660007');
select is(test.call('manager_a', format('select * from api.right_seat(%L, %L)', (test.right_of('Лебедев')).public_id, test.staff_uuid('seller_a2'))) -> 0 ->> 'state', 'ACTIVE', 'a manager hands a client over');
select is(test.call('manager_a', format('select * from api.right_seat(%L, %L)', (test.right_of('Лебедев')).public_id, test.staff_uuid('seller_b'))) ->> 'error', 'ZC007', 'never to another dealer''s seat (R7)');
select is(test.call('manager_a', format('select * from api.staff_leave(%L)', test.staff_uuid('seller_a2'))) -> 0 ->> 'moved', '1', 'a leaver''s people fall to the queue');
select is((test.right_of('Лебедев')).seat_id, null, 'at once (R7)');
select is((select dealer_id from test.right_of('Лебедев')), 1, 'and the right stays with the dealer');

-- R11 for everybody, also a superuser
select throws_ok($$update core.ownership o set state = 'HELD', event = 'hand', changed_at = core.clock() from core.party p where p.party_id = o.party_id and p.surname = 'Лебедев'$$, 'ZC011', null, 'no state changes but by a transition of D.2 (R11)');
select throws_ok($$insert into core.ownership (party_id, brand_id, line, dealer_id, state, since, registered_at, free_from, event, rule, changed_at)
    select party_id, 1, 'NEW', 2, 'ACTIVE', core.now(), core.now(), 'infinity', 'register', 'x', core.clock() from core.party where surname = 'Лебедев'$$, '23505', null, 'a second right is refused by the key (R1)');

-- S26, R17: five hours without the clock
update core.clock_state set real_at = clock_timestamp() - interval '5 hours' where name = 'rights';
create temp table before as select * from core.ownership where state = 'ACTIVE';
select core.clock_rights(); select core.clock_rights();
select is((select count(*) from core.ownership o join before b using (ownership_id) where o.protect_until between b.protect_until + interval '5 hours' and b.protect_until + interval '5 hours 1 minute'),
    (select count(*) from before), 'an outage of five hours extends every term once (S26, R17)');
select is((select count(*) from core.ledger where kind = 'clock.outage'), 1::bigint, 'one ledger row per outage');
-- history replays to the present
select is((select count(*) from core.ownership o join lateral (select * from core.ownership_history h where h.party_id = o.party_id and h.brand_id = o.brand_id and h.line = o.line and h.ownership_id = o.ownership_id order by h.ver desc limit 1) h on true
    where (h.state, h.dealer_id, h.ver) = (o.state, o.dealer_id, o.ver)), (select count(*) from core.ownership), 'the last history row of each right is the right (R3)');
-- a right that was closed is claimed anew: the row is the same, the history goes on with both versions of a new right
select test.register('seller_a', 'Повторнов', '+79036660099');
select test.call('seller_a', format($$select * from api.right_lost(%L, 'no_money')$$, (test.right_of('Повторнов')).public_id));
select test.register('seller_a', 'Повторнов', '+79036660099');
select is((select string_agg(h.ver || ' ' || h.event || ' ' || h.state, ', ' order by h.ownership_id, h.ver) from core.ownership_history h
    where h.party_id = (test.right_of('Повторнов')).party_id), '1 register PENDING, 2 checked ACTIVE, 3 lost CLOSED, 1 register PENDING, 2 checked ACTIVE',
    'a new claim over a closed right is a new right with its own versions (R12, R18)');
-- R34: who waits is told when the right ends, whoever ended it; with a time to wait (R57) when that is over
select test.register('seller_a', 'Ожидалов', '+79036660111');
create function test.claim(p_login text) returns text language sql as $$
select test.call(p_login, $q$select * from api.waiting_claim_add(1, 'NEW', 'asked', 'form', p_phone => '+79036660111', p_surname => 'Ожидалов')$q$) -> 0 ->> 'verdict' $$;
create function test.told(p_login text) returns bigint language sql stable as $$
select count(*) from core.notice n where n.kind = 'N12' and n.staff_id = test.staff(p_login) $$;
select is(test.claim('seller_b'), 'PROTECTED', 'somebody waits for a person');
select test.call('seller_a', format($$select * from api.right_lost(%L, 'other')$$, (test.right_of('Ожидалов')).public_id));
select is(test.told('seller_b'), 1::bigint, 'a right lost by hand tells him at once (R34, N12)');
select is((select count(*) from core.waiting_claim w join core.party p using (party_id) where p.surname = 'Ожидалов'), 0::bigint, 'and his claim is used up');
select is((select state::text || dealer_id || rule from test.right_of('Ожидалов')), 'OFFERED2R15', 'he who waited is offered the person: claims are tried in their order (R15)');
select test.call('seller_b', format($$select * from api.right_decline(%L, 'gone')$$, (test.right_of('Ожидалов')).public_id));
select test.register('seller_a', 'Ожидалов', '+79036660111');
select test.claim('seller_c');
select test.call('seller_a', format($$select * from api.right_lost(%L, 'no_money')$$, (test.right_of('Ожидалов')).public_id));
select is(test.told('seller_c'), 0::bigint, 'who had no money is not free yet');
select test.wait('91 days');
update core.clock_state set real_at = clock_timestamp() - interval '2 hours' where name = 'warnings';
select core.clock_warnings();
select is(test.told('seller_c'), 1::bigint, 'and the clock tells when he is (R57)');
-- R19: a close taken back within a day has the old expiry, so that closing and registering renews nothing; later it is a new claim
select test.register('seller_a', 'Возвратов', '+79036660222');
create temp table had as select protect_until, limit_until from test.right_of('Возвратов');
select test.wait('10 days');
select test.call('seller_a', format($$select * from api.right_lost(%L, 'other')$$, (test.right_of('Возвратов')).public_id));
select test.wait('20 hours');
select is(test.register('seller_a', 'Возвратов', '+79036660222') -> 0 ->> 'state', 'ACTIVE', 'a mistaken close is taken back');
select is(row((test.right_of('Возвратов')).protect_until, (test.right_of('Возвратов')).limit_until)::text, (select row(protect_until, limit_until)::text from had), 'with the same expiry (R19)');
select test.call('seller_a', format($$select * from api.right_lost(%L, 'other')$$, (test.right_of('Возвратов')).public_id));
select test.wait('25 hours');
select test.register('seller_a', 'Возвратов', '+79036660222');
select is((test.right_of('Возвратов')).protect_until, core.term_end(1, core.now(), core.policy_int('P3.NEW')), 'after a day it is a claim like any other');
select * from finish();
rollback;
