-- SPDX-License-Identifier: Apache-2.0
-- The customer's choice (R80, P20), walk-ins (R81-R83), credit (R84): S17, S18.
begin;
\i tests/sql/fixture.sql
select plan(88);

create function test.right_of(p_surname text, p_line text default 'NEW') returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p on p.party_id = o.party_id where p.surname = p_surname and o.line = p_line::core.line limit 1 $$;
create function test.person_of(p_surname text) returns uuid language sql stable as $$
select p.public_id from core.party p where p.surname = p_surname $$;
create function test.walk_in(p_login text, p_surname text, p_phone text, p_line text default 'NEW') returns jsonb language sql as $$
select test.call(p_login, format('select * from api.walk_in_open(1, %L, %L, ''form'', p_phone => %L, p_surname => %L)', p_line, 'Иван ' || p_surname, p_phone, p_surname)) -> 0 $$;
create function test.code_of(p_choice uuid) returns text language sql stable as $$
select m.vars ->> 'code' from core.message m where m.kind = 'choice' order by m.created_at desc, m.message limit 1 $$;
create function test.link_of() returns uuid language sql stable as $$
select (m.vars ->> 'choice_link')::uuid from core.message m where m.kind = 'choice' and m.vars ? 'choice_link' order by m.created_at desc limit 1 $$;
create temp table kept (name text primary key, v jsonb) on commit drop;
grant all on kept to public;

-- R81: a customer of A stands at B's desk
select test.register('seller_a', 'Гостев', '+79037770001', ', p_email => ''gostev@mail.example''');
insert into kept values ('w', test.walk_in('seller_b', 'Гостев', '+79037770001'));
select is((select v ->> 'verdict' from kept where name = 'w'), 'PROTECTED', 'R81: reception gets the verdict');
select is((select v ->> 'grant_id' is not null from kept where name = 'w'), true, 'R81: and opens a permission to serve');
select is((select (v ->> 'until_at')::timestamptz between core.now() + interval '6 days' and core.now() + interval '8 days' from kept where name = 'w'), true, 'R81: of seven days');
select is((select v ? 'person_id' and v ->> 'person_id' is null from kept where name = 'w'), true, 'R24: it says nothing of whom');
select is(length((select v ->> 'verdict' from kept where name = 'w')) > 0 and test.walk_in('seller_b', 'Гостев', '+79037770001') ->> 'grant_id' = (select v ->> 'grant_id' from kept where name = 'w'), true, 'R81: coming again goes on with the same permission');
select is(test.walk_in('seller_b', 'Новиков', '+79037770099') ->> 'grant_id', null, 'R81: who is free is registered, not served');
select is(test.walk_in('seller_a', 'Гостев', '+79037770001') ->> 'verdict', 'YOURS', 'R81: one''s own needs no permission');
select is(test.call('seller_b', 'select * from api.walk_ins_list()') -> 0 ->> 'name', 'Иван Гостев', 'R81: the list shows the name as the customer told it');
select is(jsonb_array_length(test.call('seller_d', 'select * from api.walk_ins_list()')), 0, 'R81: no other dealer sees it');
select is(test.call('seller_b', format('select * from api.walk_in_get(%L)', (select v ->> 'grant_id' from kept where name = 'w'))) -> 0 -> 'told' ->> 'phone', '+79037770001', 'D.14 G: what the customer gave today');
select is(test.call('seller_d', format('select * from api.walk_in_get(%L)', (select v ->> 'grant_id' from kept where name = 'w'))) -> 0 ->> 'id', null, 'D.14 G: the card is the dealer''s own');
select is(jsonb_array_length(test.call('seller_b', format('select * from api.walk_in_visit(%L, ''repair'', ''brakes'')', (select v ->> 'grant_id' from kept where name = 'w'))) -> 0 -> 'visits'), 3, 'R81: visits and repairs are recorded');
select is(test.call('seller_b', format('select * from api.person_get(%L)', test.person_of('Гостев'))) -> 0 ->> 'id', null, 'R81: the record stays closed: no history of the other dealer');
select is((select count(*) from core.campaign_judge(array[]::bigint[], array[]::bigint[])), 0::bigint, 'a permission gives no campaign anything');

-- R82: the owner is told at the end of the day
select is(core.serve_digest(), 0, 'R82: not in the same hour');
select test.wait('1 day');
select is(core.serve_digest() > 0, true, 'R82: when the day is over');
select is((select count(*) from core.notice n where n.kind = 'N7' and n.staff_id in (test.staff('seller_a'), test.staff('manager_a'))), 2::bigint, 'R82: seat and manager are told once (N7)');
select is(core.serve_digest(), 0, 'R82: and once only');
select is(test.call('seller_a', 'select * from api.served_elsewhere_list()') -> 0 ->> 'place', null, 'R82: without place');
select test.call('seller_b', format('select * from api.walk_in_place(%L, true)', (select v ->> 'grant_id' from kept where name = 'w')));
select is(test.call('seller_a', 'select * from api.served_elsewhere_list()') -> 0 ->> 'place', 'Бета, Москва', 'R82: unless the customer allows it');
select is(jsonb_array_length(test.call('seller_a', 'select * from api.served_elsewhere_list()')), 3, 'R119: every visit counts');
select is(jsonb_array_length(test.call('seller_c', 'select * from api.served_elsewhere_list()')), 0, 'R82: nobody else learns of it');

-- R80: a code from the known address
insert into kept values ('c', test.call('seller_b', format('select * from api.choice_ask(''CODE'', p_grant_id => %L)', (select v ->> 'grant_id' from kept where name = 'w'))) -> 0);
select is((select v ->> 'state' from kept where name = 'c'), 'ASKED', 'R80: the desk asks for a code');
select is((select address from core.message where kind = 'choice' order by created_at desc limit 1), 'gostev@mail.example', 'R80: it goes to the address the network knew');
select is((select v::text like '%mail.example%' from kept where name = 'c'), false, 'R24: which the desk never learns');
select is(test.call('seller_b', format('select * from api.choice_code(%L, ''000000x'')', (select v ->> 'id' from kept where name = 'c'))) -> 0 ->> 'state', 'ASKED', 'R80: a wrong code moves nothing');
select is((select tries from core.choice where kind = 'CODE' order by choice_id desc limit 1), 1::smallint, 'R80: and is counted');
select is(test.call('seller_d', format('select * from api.choice_code(%L, %L)', (select v ->> 'id' from kept where name = 'c'), test.code_of(null))) ->> 'error', 'ZC404', 'R80: nobody else may enter it');
select is(test.call('seller_b', format('select * from api.choice_code(%L, %L)', (select v ->> 'id' from kept where name = 'c'), test.code_of(null))) -> 0 ->> 'state', 'DONE', 'R80: the right code is the customer''s word');
select is((select concat_ws(' ', dealer_id, state, event, rule) from (select (test.right_of('Гостев')).*) o), '2 ACTIVE succeed R127', 'R80: the right moved at once');
select is((select count(*) from core.ownership_history h where h.ownership_id = (test.right_of('Гостев')).successor_of and h.state = 'CLOSED' and h.reason = 'transferred'), 1::bigint, 'R18: the old one closed as transferred');
select is((select h.valid_from from core.ownership_history h where h.ownership_id = (test.right_of('Гостев')).successor_of and h.state = 'CLOSED') <= (test.right_of('Гостев')).changed_at, true, 'R12: no overlap');
select is((select count(*) from core.notice where kind = 'N10' and staff_id in (test.staff('seller_a'), test.staff('manager_a'))), 2::bigint, 'R80: the old owner is told the fact (N10)');
select is(test.call('manager_b', format('select * from api.person_get(%L)', test.person_of('Гостев'))) -> 0 -> 'contacts' -> 0 ->> 'value' is not null, true, 'R80, R130: the choice is the consent to pass the contacts');
select is((select count(*) from core.consent c where c.party_id = (test.right_of('Гостев')).party_id and c.dealer_id = 2 and c.purpose = 'ADVERTISING'), 0::bigint, 'R130: it is no consent to advertising');
select is((select reason from core.serve_grant where dealer_id = 1 and party_id = (test.right_of('Гостев')).party_id), 'R127', 'R127: the old owner serves for seven days');

-- S18: the next day he chooses again
insert into kept values ('l', test.call('router', format('select * from api.choice_ask(''LINK'', p_person_id => %L, p_brand_id => 1, p_line => ''NEW'')', test.person_of('Гостев'))) -> 0);
select is((select v ->> 'state' from kept where name = 'l'), 'ASKED', 'S18: head office sends him a link');
select is((select count(*) from api.choice_page(test.link_of(), true) where kind = 'option'), 0::bigint, 'S18: within 30 days the page offers nobody');
select is((select label like 'Вы уже выбирали%' from api.choice_page(test.link_of(), true) where kind = 'gone'), true, 'S18: and says from when (P20)');
select is((select count(*) from api.choice_make(test.link_of(), test.dealer(1)::text, true) where kind = 'done'), 0::bigint, 'S18: a post is refused too');
select is((test.right_of('Гостев')).dealer_id, 2, 'S18: the right stays');
select test.wait('24 days');
select is(test.call('router', format('select * from api.choice_ask(''FORM'', p_person_id => %L, p_brand_id => 1, p_line => ''NEW'', p_to_dealer_id => %L)', test.person_of('Гостев'), test.dealer(1))) ->> 'error', 'ZC400', 'R80: a form needs its evidence');
select test.wait('6 days');
insert into kept values ('l2', test.call('router', format('select * from api.choice_ask(''LINK'', p_person_id => %L, p_brand_id => 1, p_line => ''NEW'')', test.person_of('Гостев'))) -> 0);
select is((select count(*) from api.choice_page(test.link_of(), true) where kind = 'option'), 4::bigint, 'P20: after 30 days he may choose among the dealers of the line');
select is((select string_agg(label, ' ') like '%Бета, Москва%' from api.choice_page(test.link_of(), false) where kind = 'text'), true, 'R80: the page names his present dealer');
select is((select string_agg(kind, ',') from api.choice_make(test.link_of(), test.dealer(1)::text, true)), 'title,done', 'R80: the page is a way to choose');
select is((test.right_of('Гостев')).dealer_id, 1, 'R80: and moves the right');
select is((select string_agg(kind, ',') from api.choice_make(test.link_of(), test.dealer(3)::text, true)), 'title,done', 'R80: a link works once');
select is((test.right_of('Гостев')).dealer_id, 1, 'R80: a second post changes nothing');
select is((select string_agg(kind, ',') from api.choice_page(gen_random_uuid(), true)), 'title,gone', 'an unknown link is not valid');
select throws_ok($$insert into core.choice (party_id, brand_id, line, kind, dealer_id, to_dealer_id, state, until_at, done_at, next_at)
    select party_id, brand_id, line, 'LINK', 0, 3, 'DONE', core.now(), core.now(), core.now() + interval '30 days' from (select (test.right_of('Гостев')).*) o$$,
    '23P01', null, 'P20 is a constraint: two choices never lie within its days');

-- R80: nobody had him
select test.register('seller_a', 'Пуловский', '+79037770009', ', p_email => ''pul@mail.example''');
select core.right_close(test.right_of('Пуловский'), 'withdraw', 'withdrawn'); select test.wait('1 hour');
insert into kept values ('l9', test.call('router', format('select * from api.choice_ask(''LINK'', p_person_id => %L, p_brand_id => 1, p_line => ''NEW'')', test.person_of('Пуловский'))) -> 0);
select is((select string_agg(kind, ',') from api.choice_make(test.link_of(), test.dealer(2)::text, true)), 'title,done', 'R80: who is in the pool chooses as well');
select is((select dealer_id::text || ' ' || state || ' ' || (contact_until = core.working_until(2, core.now(), core.policy_int('P2.limit'))) from test.right_of('Пуловский')), '2 ACTIVE true',
    'R80, P2: the chosen dealer has his hours for the first contact');
select test.wait('5 days'); select core.clock_rights();
select is((select o.state::text || ' ' || o.reason from core.ownership o where o.party_id = (select party_id from core.party where surname = 'Пуловский')), 'CLOSED no_contact', 'R112: and loses him when he lets them go by');
select is((select count(*) > 0 from core.notice where kind = 'N5' and staff_id = test.staff('manager_b')), true, 'N5: which his manager is told');

-- R83, S17: the walk-in signs
select test.register('seller_a', 'Заказов', '+79037770002', ', p_email => ''zakaz@mail.example''');
select test.call('seller_a', format('select * from api.interaction_add(%L, ''OFFER'', p_evidence => ''offer 12'')', test.person_of('Заказов')));
insert into kept values ('w2', test.walk_in('seller_b', 'Заказов', '8 (903) 777-00-02'));
insert into kept values ('o', test.call('seller_b', format('select * from api.walk_in_order(%L, ''ORD-1'')', (select v ->> 'grant_id' from kept where name = 'w2'))) -> 0);
select is((select v ->> 'state' from kept where name = 'o'), 'HELD', 'S17, R83: the signed order makes the right HELD at B');
select is((select v ->> 'credit_bp' from kept where name = 'o'), '5000', 'R84: A had an activity of the last 14 days and a live offer: split by policy');
select is((select concat_ws(' ', dealer_id, state) from (select (test.right_of('Заказов')).*) o), '2 HELD', 'R83: it is B''s');
select is(test.call('manager_a', 'select * from api.credits_list()') -> 0 ->> 'own_bp', '5000', 'R84: A sees its share');
select is(test.call('manager_a', 'select * from api.credits_list()') -> 0 ->> 'seller', null, 'R105: and not who sold');
-- as long as a dispute would be admissible: ten working days, not fourteen of the calendar, and the oldest credit like the newest
create function test.disputable(p_at timestamptz) returns boolean language plpgsql as $$
declare v boolean; was timestamptz := (select at from core.credit limit 1);
begin
    update core.credit set at = p_at;
    v := (test.call('manager_a', 'select * from api.credits_list()') -> 0 ->> 'can_dispute')::boolean;
    update core.credit set at = was;
    return v;
end $$;
select is(test.disputable(core.now()), true, 'R100: a share may be disputed');
select is(test.disputable((select min(x.at) from generate_series(core.now() - interval '40 days', core.now(), interval '1 day') x(at)
    where core.working_days_end(1, x.at, core.policy_int('R100.file')) > core.now())), true, 'R100: until ten working days are over');
select is(test.disputable((select max(x.at) from generate_series(core.now() - interval '40 days', core.now(), interval '1 day') x(at)
    where core.working_days_end(1, x.at, core.policy_int('R100.file')) <= core.now())), false, 'R100: and not after');
select is(test.call('manager_a', format('select * from api.credit_dispute(%L, ''the offer was mine'')', test.call('manager_a', 'select * from api.credits_list()') -> 0 ->> 'id')) -> 0 ->> 'state', 'DISPUTED', 'R83: A may dispute the credit');
select is((test.right_of('Заказов')).state, 'HELD', 'R83: which does not touch the right');
-- R80 except HELD: a choice of A now is kept for the arbiter
select test.wait('31 days');
insert into kept values ('h', test.walk_in('seller_d', 'Заказов', '+79037770002'));
select is(test.call('seller_d', format('select * from api.walk_in_order(%L, ''ORD-2'')', (select v ->> 'grant_id' from kept where name = 'h'))) -> 0 ->> 'is_kept', 'true', 'R80: a signed order elsewhere is not moved');
select is((test.right_of('Заказов')).dealer_id, 2, 'R80: HELD stays');
select is(test.call('seller_d', format('select * from api.walk_in_sale(%L, ''S-1'', 100000)', (select v ->> 'grant_id' from kept where name = 'h'))) ->> 'error', null, 'R5: and never blocks the sale');
-- R84: no live offer, no share
select test.register('seller_a', 'Простов', '+79037770003');
insert into kept values ('w3', test.walk_in('seller_b', 'Простов', '+79037770003'));
select is(test.call('seller_b', format('select * from api.walk_in_order(%L, ''ORD-3'')', (select v ->> 'grant_id' from kept where name = 'w3'))) -> 0 ->> 'credit_bp', '10000', 'R84: else the seller has all of it');
select is((select sum(seller_bp + other_bp) / count(*) from core.credit), 10000::bigint, 'R84: the shares are always the whole');
-- R57: lost as bought elsewhere in the network, the sale there decides the credit
select test.register('seller_a', 'Купилов', '+79037770004');
insert into kept values ('w4', test.walk_in('seller_b', 'Купилов', '+79037770004'));
select is(test.call('seller_b', format('select * from api.walk_in_sale(%L, ''S-2'', 100000)', (select v ->> 'grant_id' from kept where name = 'w4'))) ->> 'error', null, 'R154: the sale is stored beside a stranger''s right');
select is((test.right_of('Купилов')).dealer_id, 1, 'R154: which stays');
select is((select seller_bp from core.credit c join core.sale s on s.sale_id = c.sale_id where s.number = 'S-2'), 10000, 'R84: and its credit is decided at once');
select test.call('seller_a', format('select * from api.right_lost(%L, ''bought_in_network'')', (test.right_of('Купилов')).public_id));
select is((select state from core.follow_up where kind = 'credit_check' order by follow_id desc limit 1), 'DONE', 'R57: the loss finds the sale of the network');
-- R107: what the arbiter decides
select core.credit_decided(dispute_id, 1, 3000) from core.credit where dispute_id is not null;
select is((select concat_ws(' ', seller_bp, other_bp, state) from core.credit where dispute_id is not null), '7000 3000 DECIDED', 'R84, R107: an arbiter sets the shares');
-- figures of branches
update core.serve_visit set told_at = core.now() where told_at is null;
select is((select served_away > 3 and credit_gained = 0.30 from core.branch_rows(null, null, null, null) where dealer_id = test.dealer(1)), true, 'R119, R84: the figures of A');
select is((select served_here > 3 and credit_shared = 1 from core.branch_rows(null, null, null, null) where dealer_id = test.dealer(2)), true, 'R119, R84: and of B');
-- R38: what false evidence got is given back, the credit as well
select test.register('seller_a', 'Ложнов', '+79037770005');
select test.call('seller_a', format('select * from api.interaction_add(%L, ''OFFER'', p_evidence => ''offer 13'')', test.person_of('Ложнов')));
insert into kept values ('w5', test.walk_in('seller_b', 'Ложнов', '+79037770005'));
select is(test.call('seller_b', format('select * from api.walk_in_sale(%L, ''S-5'', 100000)', (select v ->> 'grant_id' from kept where name = 'w5'))) ->> 'error', null, 'R5: B sells beside the right of A');
select test.register('seller_a', 'Пустов', '+79037770006');
insert into kept values ('w6', test.walk_in('seller_b', 'Пустов', '+79037770006'));
select test.call('seller_b', format('select * from api.walk_in_order(%L, ''ORD-6'')', (select v ->> 'grant_id' from kept where name = 'w6')));
create function test.credit_of(p_surname text) returns text language sql stable as $$
select concat_ws(' ', c.seller_bp, c.other_bp, c.rule, c.state) from core.credit c join core.party p using (party_id) where p.surname = p_surname $$;
create function test.void(p_surname text, p_dealer int) returns text language sql as $$
select (core.right_void(o)).state::text from core.ownership o join core.party p using (party_id) where p.surname = p_surname and o.dealer_id = p_dealer $$;
select is(test.credit_of('Ложнов'), '5000 5000 R84 RULED', 'R84: shared by rule');
select is(test.void('Ложнов', 1), 'CLOSED', 'R38: the right of A is found false');
select is(test.credit_of('Ложнов'), '10000 0 R38 DECIDED', 'R38: its share goes back to the seller');
select is((select count(*) from core.ledger l where l.kind = 'credit.void' and l.rule = 'R38'), 1::bigint, 'R38: and is in the ledger');
select core.credit_void(o) from (select jsonb_populate_record(null::core.ownership, to_jsonb(h)) as o from core.ownership_history h join core.party p using (party_id) where p.surname = 'Ложнов' limit 1) x;
select is((select count(*) from core.ledger l where l.kind = 'credit.void'), 1::bigint, 'R38: once, however often it is found');
select is(test.void('Пустов', 2), 'CLOSED', 'R38: an order that was false');
select is(test.credit_of('Пустов'), '0 10000 R38 DECIDED', 'R38: counts nothing while no sale is proved');
select is(test.credit_of('Купилов'), '10000 0 R84 RULED', 'R38: nobody else''s credit moves');
-- the right had ended before its evidence was found false
select test.register('seller_a', 'Концов', '+79037770007');
select test.call('seller_a', format('select * from api.interaction_add(%L, ''OFFER'', p_evidence => ''offer 17'')', test.person_of('Концов')));
insert into kept values ('w7', test.walk_in('seller_b', 'Концов', '+79037770007'));
select test.call('seller_b', format('select * from api.walk_in_sale(%L, ''S-7'', 100000)', (select v ->> 'grant_id' from kept where name = 'w7')));
select core.right_close(o, 'lost', 'lost') from core.ownership o join core.party p using (party_id) where p.surname = 'Концов' and o.dealer_id = 1;
create function test.found_false() returns void language sql as $$
select core.dispute_act(jsonb_populate_record(null::core.dispute, to_jsonb(o) || jsonb_build_object('dispute_id', -7, 'public_id', '00000000-0000-0000-0000-000000000007',
    'kind', 'false_evidence', 'state', 'DECIDED', 'outcome', 'CLAIMANT', 'claimant_id', 2, 'owner_id', 1)))
from core.ownership o join core.party p using (party_id) where p.surname = 'Концов' and o.dealer_id = 1 $$;
select test.found_false();
select is(test.credit_of('Концов'), '5000 5000 R84 RULED', 'R38: without a finding against him nothing is reversed');
set local session_replication_role = replica;
insert into core.dispute_finding (dispute_id, ref, what, dealer_id, found_by) values (-7, gen_random_uuid(), 'evidence', 1, test.staff('arbiter'));
set local session_replication_role = origin;
select test.found_false();
select is(test.credit_of('Концов'), '10000 0 R38 DECIDED', 'R38: false evidence found after the right ended reverses its credit');
select test.found_false();
select is((select count(*) from core.seat_mark m where m.subject = '00000000-0000-0000-0000-000000000007'), 1::bigint, 'R38: and marks the seat, once');
select * from finish();
rollback;
