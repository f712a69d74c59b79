-- SPDX-License-Identifier: Apache-2.0
-- Customers' orders and requests that dealers' systems send: D.2, R5, R30, R47, R50, R153, R154.
begin;
\i tests/sql/fixture.sql
select plan(52);

create function test.row(p_dealer int, p_kind text, p_data jsonb, p_is_trial boolean default false) returns core.intake_result language sql as $$
select core.intake_row(p_dealer, test.staff(case p_dealer when 1 then 'system_a' else 'system_b' end), p_kind, p_data, 'dealer-system', p_is_trial) $$;
create function test.right_of(p_surname text) returns text language sql as $$
select string_agg(o.dealer_id || ' ' || o.state, ', ' order by o.dealer_id) from core.ownership o join core.party q using (party_id) where q.surname = p_surname and o.line = 'NEW' $$;
create function test.client(p_surname text, p_phone text, p_id text) returns jsonb language sql as $$
select jsonb_build_object('surname', p_surname, 'given_name', 'Анна', 'phone', p_phone, 'external_id', p_id, 'brand', 'Haval', 'line', 'NEW') $$;
create function test.order_of(p_id text, p_number text, p_on date default core.now()::date, p_more jsonb default '{}') returns jsonb language sql as $$
select jsonb_build_object('external_id', p_id, 'number', p_number, 'on', to_char(p_on, 'DD.MM.YYYY'), 'brand', 'Haval', 'line', 'NEW') || p_more $$;

-- one's own prospect
select test.row(1, 'client', test.client('Заказова', '+79037780001', 'c1') || '{"consent_evidence": "анкета 1"}');
select is(test.right_of('Заказова'), '1 ACTIVE', 'a client with evidence is registered');
select is((test.row(1, 'order', test.order_of('c1', 'ЗК-1'), true)).verdict, 'stored', 'a dry run says what would be');
select is(test.right_of('Заказова'), '1 ACTIVE', 'and changes nothing');
create temp table x as select * from test.row(1, 'order', test.order_of('c1', 'ЗК-1'));
select is((select verdict from x), 'stored', 'D.2: an order signed in the dealer''s system is kept');
select is(test.right_of('Заказова'), '1 HELD', 'D.2: and holds the right');
select is((select (protect_until at time zone 'Europe/Moscow')::date - core.now()::date from core.ownership o join core.party q using (party_id) where q.surname = 'Заказова' and line = 'NEW') between 364 and 367, true, 'P7: until delivery, a year at most');
select test.row(1, 'order', test.order_of('c1', 'ЗК-1'));
select is((select count(*) from core.interaction where kind = 'ORDER' and evidence = 'ЗК-1'), 1::bigint, 'R153: the same order again is one order');
select core.intake_undo(1, (select undo from x));
select is(test.right_of('Заказова') || ' ' || (select count(*) from core.interaction where evidence = 'ЗК-1'), '1 ACTIVE 0', 'R3: an undone import releases the right and takes the order away');
select test.row(1, 'order', test.order_of('c1', 'ЗК-2'));
select test.row(1, 'order', test.order_of('c1', 'ЗК-8', core.now()::date, '{"is_cancelled": "true"}'));
select is(test.right_of('Заказова'), '1 HELD', 'the end of an order that never came releases nothing');
select test.row(1, 'order', test.order_of('c1', 'ЗК-2', core.now()::date, '{"is_cancelled": "true"}'));
select is(test.right_of('Заказова'), '1 ACTIVE', 'D.2: an order called off releases the right');

-- another dealer's prospect, nobody's, an old order
select test.row(2, 'client', test.client('Заказова', '+79037780001', 'b1') || jsonb_build_object('document', jsonb_build_object('kind', 'order', 'number', 'Б-1', 'on', core.now()::date)));
select is(test.right_of('Заказова'), '1 ACTIVE', 'R154: another dealer''s order moves no right');
select is((select count(*) from core.serve_grant where dealer_id = 2 and reason = 'R154' and document = 'Б-1'), 1::bigint, 'R5: it gives the permission to serve');
select is((test.row(1, 'client', test.client('Ничья', '+79037780002', 'c2'))).verdict, 'draft', 'without evidence a draft');
select is((test.row(1, 'order', test.order_of('c2', 'ЗК-3'))).verdict, 'stored', 'R154: the order is the evidence');
select is(test.right_of('Ничья'), '1 HELD', 'D.2: a free person''s signed order holds him');
select is((select concat_ws(' ', (y).verdict, (y).undo) from test.row(1, 'client', test.client('Ничья', '+79037780002', 'c2')) y), 'updated', 'R153: whom a document made a client is no draft when the same message comes again');
select is((select count(*) from core.draft d where d.data ->> 'external_id' = 'c2'), 0::bigint, 'and none is kept');
select is((test.row(1, 'client', test.client('Ничья', '+79037780012', 'c2'))).verdict, 'draft', 'a new telephone still needs its evidence');
select test.row(1, 'client', test.client('Давняя', '+79037780003', 'c3'));
select test.row(1, 'order', test.order_of('c3', 'ЗК-4', core.now()::date - 500));
select is(test.right_of('Давняя'), null, 'P7: so old an order holds nobody');
select is((select (y).verdict || ' ' || (y).code || ' ' || (y).field from test.row(1, 'order', test.order_of('c1', 'ЗК-5', core.now()::date, '{"line": "SERVICE"}')) y), 'error ZC402 line', 'an order of aftersales is a work order, not this');

-- requests
create temp table l as select * from test.row(1, 'lead', '{"surname": "Заявкина", "phone": "+79037780004", "external_id": "portal 7", "brand": "Haval", "line": "NEW", "interest": "Jolion", "consent_evidence": "ADF portal 7"}');
select is((select verdict from l) || ' ' || test.right_of('Заявкина'), 'created 1 ACTIVE', 'R30, R47: a request to the dealer himself is a registration');
select is((select t.kind || ' ' || t.title || ' ' || (t.due_at = core.working_until(1, core.now(), core.policy_int('P2.limit'))) from core.task t join core.party q using (party_id) where q.surname = 'Заявкина'), 'lead Заявка: Jolion true', 'P2: its answer is due within the working hours of P2');
select test.row(1, 'lead', '{"surname": "Заявкина", "phone": "+79037780004", "external_id": "portal 7", "brand": "Haval", "line": "NEW", "interest": "Jolion", "consent_evidence": "ADF portal 7"}');
select is((select count(*) from core.task t join core.party q using (party_id) where q.surname = 'Заявкина'), 1::bigint, 'R153: the same request again makes no second task');
select core.intake_undo(1, (select undo from l));
select is((select string_agg(t.state::text, ' ') from core.task t join core.party q on q.party_id = t.party_id where t.title = 'Заявка: Jolion'), 'CANCELLED', 'R3: an undone request asks for no answer');

-- what an undo restores: what the orders that still stand say, and without any what was before (R3)
create function test.last(p_surname text) returns core.ownership language sql as $$
select o from core.ownership o join core.party q using (party_id) where q.surname = p_surname and o.line = 'NEW' $$;
create function test.terms(p_surname text) returns text language sql as $$
select concat_ws(' ', (o).state, (o).accept_until, (o).contact_until, (o).first_contact_at, (o).protect_until, (o).limit_until, (o).free_from, (o).seat_id, (o).manual_run) from test.last(p_surname) o $$;
create temp table was (name text primary key, terms text);
create function test.signed(p_id text, p_number text, p_more jsonb default '{}', p_on date default core.now()::date) returns jsonb language sql as $$
select (test.row(1, 'order', test.order_of(p_id, p_number, p_on, p_more))).undo $$;

select test.row(1, 'client', test.client('Двойная', '+79037780011', 'd1') || '{"consent_evidence": "анкета 2"}');
insert into was values ('Двойная', test.terms('Двойная'));
create temp table u as select test.signed('d1', 'Д-1') as first;
alter table u add second jsonb, add cancelled jsonb; update u set second = test.signed('d1', 'Д-2');
select core.intake_undo(1, (select first from u));
select is(test.right_of('Двойная'), '1 HELD', 'R3: the first of two orders taken back, the second still holds the right');
select core.intake_undo(1, (select second from u));
select is(test.terms('Двойная'), (select terms from was where name = 'Двойная'), 'R3: and when the second is taken back too, the right is exactly what it was before both');
update u set first = test.signed('d1', 'Д-3'), second = test.signed('d1', 'Д-4');
update u set cancelled = test.signed('d1', 'Д-4', '{"is_cancelled": "true"}');
select is(test.right_of('Двойная'), '1 HELD', 'D.2: the later of two orders called off, the earlier still holds the right');
select test.signed('d1', 'Д-3', '{"is_cancelled": "true"}');
select is(test.right_of('Двойная'), '1 ACTIVE', 'D.2: the last order called off releases');
select core.intake_undo(1, (select cancelled from u));
select is(test.right_of('Двойная'), '1 HELD', 'R3: a cancellation taken back holds the right again');
select core.intake_undo(1, (select second from u));
select is(test.right_of('Двойная'), '1 ACTIVE', 'R3: what is left is one order that was called off: active for what remains of P5');
select core.intake_undo(1, (select first from u));
select is(test.terms('Двойная'), (select terms from was where name = 'Двойная'), 'R3: and without that one the right is what it was before');
update u set first = test.signed('d1', 'Д-5', '{}', core.now()::date - 300), second = test.signed('d1', 'Д-6');
select is((select (o.protect_until at time zone 'Europe/Moscow')::date - core.now()::date from test.last('Двойная') o) >= 364, true, 'P7: a later order holds longer');
select core.intake_undo(1, (select second from u));
select is((select (o.protect_until at time zone 'Europe/Moscow')::date - core.now()::date from test.last('Двойная') o) between 64 and 67, true, 'P7: and without it the earlier one holds as long as it says');
select core.intake_undo(1, (select first from u));
select is(test.terms('Двойная'), (select terms from was where name = 'Двойная'), 'R3: exactly as before again');

-- before: offered, in review, in grace; delivered and undone in any order; what was done meanwhile
insert into core.party (kind, surname, given_name, name) values ('PERSON', 'Предлог', 'Анна', 'Предлог Анна');
select core.right_claim(p.party_id, 1::smallint, 'NEW', null, 1, null, 'offer', jsonb_build_object('accept_until', core.now() + interval '2 hours'), 'lead', null) from core.party p where p.surname = 'Предлог';
insert into was values ('Предлог', test.terms('Предлог'));
create temp table d as select core.document_signed(1, test.staff('system_a'), (test.last('Предлог')).party_id, 1::smallint, 'NEW', 'П-1', core.now()::date, false, null, 'dealer-system') as made;
select is((test.last('Предлог')).state, 'HELD', 'D.2: an offered client who signs is held');
select core.order_undone(1, (select order_id from core.signed_order where interaction_id = (select (made).document_id from d)));
select is(test.terms('Предлог'), (select terms from was where name = 'Предлог'), 'R3: an offer is an offer again, with its own time to accept');

select test.row(1, 'client', test.client('Отсрочкина', '+79037780012', 'd2') || '{"consent_evidence": "анкета 3"}');
update core.ownership o set state = 'GRACE', free_from = core.now() + interval '3 days', event = 'expire', rule = 'R14', ver = o.ver + 1, changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond') where o.ownership_id = (test.last('Отсрочкина')).ownership_id;
insert into was values ('Отсрочкина', test.terms('Отсрочкина'));
update u set first = test.signed('d2', 'О-1');
select is(test.right_of('Отсрочкина'), '1 HELD', 'D.2: a client in grace who signs is held');
select core.intake_undo(1, (select first from u));
select is(test.terms('Отсрочкина'), (select terms from was where name = 'Отсрочкина'), 'R3: grace is grace again, with the days it had');
update u set first = test.signed('d2', 'О-2'), second = (test.row(1, 'sale', test.order_of('d2', 'ПР-2') || '{"amount": "1"}')).undo;
select is(test.right_of('Отсрочкина'), '1 CUSTOMER', 'D.2: the car is delivered');
select core.intake_undo(1, (select first from u));
select is(test.right_of('Отсрочкина'), '1 CUSTOMER', 'the order of a delivered car taken back leaves the customer');
select core.intake_undo(1, (select second from u));
select is(test.terms('Отсрочкина'), (select terms from was where name = 'Отсрочкина'), 'R3: and the delivery taken back too, nothing holds him: grace as before');

update u set first = test.signed('c2', 'Н-7'), second = test.signed('c2', 'Н-8');
select is((select count(*) from core.signed_order s join core.interaction i using (interaction_id) join core.party q using (party_id) where q.surname = 'Ничья' and s.base_ver is null), 3::bigint, 'orders of a right that an order made know that there was none before');

-- dispute: called off while it is frozen
select test.row(1, 'client', test.client('Спорова', '+79037780013', 'd3') || '{"consent_evidence": "анкета 4"}');
select test.signed('d3', 'С-1');
select core.right_change((select jsonb_populate_record(o, '{"state": "DISPUTED"}') from test.last('Спорова') o), 'dispute');
select test.signed('d3', 'С-1', '{"is_cancelled": "true"}');
select is(test.right_of('Спорова'), '1 DISPUTED', 'R103: an order called off during a dispute moves nothing yet');
select is((select s.cancelled_at is not null from core.signed_order s join core.interaction i using (interaction_id) where i.evidence = 'С-1'), true, 'but is called off');

-- the amount
select test.row(1, 'client', test.client('Ценова', '+79037780014', 'd4') || '{"consent_evidence": "анкета 5"}');
update u set first = test.signed('d4', 'Ц-1', '{"amount": "2 500 000,50", "currency": "руб."}');
create function test.price(p_number text) returns text language sql as $$ select s.amount_kopecks || ' ' || s.currency from core.signed_order s join core.interaction i using (interaction_id) where i.evidence = p_number $$;
select is(test.price('Ц-1'), '250000050 RUB', 'an order keeps what it is worth');
update u set second = test.signed('d4', 'Ц-1', '{"amount": "30000", "currency": "840"}');
select is(test.price('Ц-1'), '3000000 USD', 'the same order with another amount is that order with another amount');
select core.intake_undo(1, (select second from u));
select is(test.price('Ц-1'), '250000050 RUB', 'R3: a correction taken back leaves the amount of before');
select is((select (y).verdict || ' ' || (y).code || ' ' || (y).field from test.row(1, 'order', test.order_of('d4', 'Ц-2', core.now()::date, '{"amount": "-5"}')) y), 'error ZC402 amount', 'an order is worth nothing below zero');
select is((select (y).verdict || ' ' || (y).code || ' ' || (y).field from test.row(1, 'order', test.order_of('d4', 'Ц-2', core.now()::date, '{"amount": "5", "currency": "тугрики"}')) y), 'error ZC402 currency', 'nor in a money that nobody knows');
select is((select e ->> 'amount_kopecks' || ' ' || (e ->> 'currency') || ' ' || (e ->> 'line') from jsonb_array_elements(test.call('manager_a', format('select * from api.timeline_list(%L, ''ORDER'')', (select public_id from core.party where surname = 'Ценова')))) e), '250000050 RUB NEW', 'the timeline says what an order is worth');
select core.right_claim((select party_id from core.party where surname = 'Ценова'), 1::smallint, 'SERVICE', null, 1, test.staff('adviser_a'), 'checked', '{}', 'hand', null);
select is((select jsonb_build_array(e ->> 'document', e -> 'amount_kopecks', e -> 'currency') from jsonb_array_elements(test.call('adviser_a', format('select * from api.timeline_list(%L, ''ORDER'')', (select public_id from core.party where surname = 'Ценова')))) e),
    '["Ц-1", null, null]', 'D.14: the adviser of another line sees the order without its price');
select is((select count(*) from core.right_differences()), 0::bigint, 'R161: the history rebuilds every right');
select * from finish();
rollback;
