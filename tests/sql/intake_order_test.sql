-- SPDX-License-Identifier: Apache-2.0
-- Customers' orders and requests that dealers' systems send: D.2, R5, R30, R47, R50, R153, R154.
begin;
\i tests/sql/fixture.sql
select plan(21);

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
select * from finish();
rollback;
