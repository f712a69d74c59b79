-- SPDX-License-Identifier: Apache-2.0
-- Principles of ownership that run through every part, each in one place: who may hold a right (R2), the four permissions it gives or does
-- not give (R4), what is told without being stored (R13), whose date counts (R157).
begin;
\i tests/sql/fixture.sql
select plan(22);

create function test.party(p_surname text) returns bigint language sql stable as $$ select party_id from core.party where surname = p_surname order by 1 limit 1 $$;
create function test.who(p_surname text) returns uuid language sql stable as $$ select public_id from core.party where party_id = test.party(p_surname) $$;
create function test.now_kind(p_login text, p_surname text) returns text language sql as $$
select test.call(p_login, format('select now from api.person_get(%L)', test.who(p_surname))) -> 0 -> 'now' ->> 'kind' $$;

-- R2
select test.register('seller_a', 'Ничьев', '+79036660001');
select core.right_close(o, 'withdraw', 'withdrawn') from core.ownership o where o.party_id = test.party('Ничьев');
select core.right_claim(test.party('Ничьев'), 1::smallint, 'NEW', null, 0, null, 'document', jsonb_build_object('protect_until', core.now() + interval '90 days'), 'hq', null);
select is((select dealer_id::text || ' ' || state from core.ownership where party_id = test.party('Ничьев')), '0 CUSTOMER', 'R2: head office holds a right like any other principal');
select throws_ok(format('insert into core.ownership (party_id, brand_id, line, dealer_id, state, since, registered_at, free_from, event, rule, changed_at) values (%s, 1, ''USED'', null, ''OFFERED'', core.now(), core.now(), ''infinity'', ''offer'', ''R40'', core.now())', test.party('Ничьев')),
    '23502', null, 'R2: no right is nobody''s');
select is((select d.name from core.dealer d where d.dealer_id = 0), test.call('router', 'select name, dealer_name from api.people_list(p_pool => false)') -> 0 ->> 'dealer_name', 'R2: a router sees that head office holds it');
select is(test.register('seller_b', 'Ничьев', '+79036660001') -> 0 ->> 'verdict', 'HQ', 'R2: and a dealer that it is not free');

-- R4: A has the right, B the permission to serve, C nothing
select test.register('seller_a', 'Четверов', '+79036660002', ', p_email => ''chet@x.example''');
create temp table kept as select test.call('seller_b', 'select * from api.walk_in_open(1, ''NEW'', ''Иван Четверов'', ''form'', p_phone => ''+79036660002'', p_surname => ''Четверов'')') -> 0 as v;
select isnt((select v ->> 'grant_id' from kept), null, 'R4: who serves a stranger''s client has a permission of its own');
insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
select test.party('Четверов'), d, 'ADVERTISING', 'EMAIL', '1', 'e', 'hand', core.now() - interval '1 day' from unnest(array[1, 2, 3]) d;
insert into core.campaign (campaign_id, dealer_id, name, class, grp, channel, definition, created_by, state) overriding system value
select 9000 + d, d, 'C' || d, 4, 'SALES', 'EMAIL', '{}', test.staff('manager_a'), 'RUNNING' from unnest(array[1, 2, 3]) d;
create function test.may(p_dealer int, p_login text) returns text language sql as $$
select concat_ws(', ', case when test.call(p_login, format('select id from api.person_get(%L)', test.who('Четверов'))) -> 0 ->> 'id' is not null then 'sees' end,
    case when exists (select from core.ownership o where o.dealer_id = p_dealer and o.party_id = test.party('Четверов') and o.state <> 'CLOSED')
           or exists (select from core.serve_grant g where g.dealer_id = p_dealer and g.party_id = test.party('Четверов') and g.until_at > core.now()) then 'serves' end,
    case when (select j.reason from core.campaign_judge(array[(9000 + p_dealer)::bigint], array[test.party('Четверов')]) j) is null then 'markets' end) $$;
select is(test.may(1, 'manager_a'), 'sees, serves, markets', 'R4: a right lets see, serve and market');
select is(test.may(2, 'manager_b'), 'serves', 'R4: a permission to serve lets serve, and neither see the record nor market');
select is(test.may(3, 'manager_c'), '', 'R4: nothing lets nothing');
select is((select j.reason::text from core.campaign_judge(array[9002::bigint], array[test.party('Четверов')]) j), 'not_owner', 'R4: the reason names the right, not the consent that is there');
select test.call('seller_b', format('select * from api.walk_in_order(%L, ''ORD-R4'')', (select v ->> 'grant_id' from kept)));
select is((select dealer_id from core.ownership where party_id = test.party('Четверов') and line = 'NEW' and state <> 'CLOSED'), 2, 'R4, R83: a signed order is the customer''s choice');
select is((select c.seller_bp + c.other_bp from core.credit c where c.party_id = test.party('Четверов')), 10000, 'R4, R84: and credit is a matter of its own, decided by rule');

-- R13
select test.register('seller_a', 'Сроков', '+79036660003');
select test.call('seller_a', format('select * from api.interaction_add(%L, ''VISIT'', p_evidence => ''V-1'')', test.who('Сроков')));
create temp table was as select ver, protect_until from core.ownership where party_id = test.party('Сроков');
select isnt(test.now_kind('seller_a', 'Сроков'), 'expiring', 'R13: far from its end a right is not said to expire');
select test.wait(((select protect_until from was) - core.now()) - make_interval(days => core.policy_int('P10.first')) + interval '1 hour');
select is(test.now_kind('seller_a', 'Сроков'), 'expiring', 'R13: within P10 of it the card says so');
select is((select ver from core.ownership where party_id = test.party('Сроков')), (select ver from was), 'R13: and nothing was written for that');
select is((select count(*) from information_schema.columns where table_schema = 'core' and table_name = 'ownership' and column_name like '%warn%'), 0::bigint, 'R13: no column holds it');
select test.call('seller_a', format('select * from api.interaction_add(%L, ''VISIT'', p_evidence => ''V-2'')', test.who('Сроков')));
select isnt(test.now_kind('seller_a', 'Сроков'), 'expiring', 'R13: a prolongation ends it by itself');

-- R157
select test.register('adviser_a', 'Нарядов', '+79036660004', '', 1, 'SERVICE');
create function test.service_end() returns date language sql stable as $$
select (protect_until at time zone 'Europe/Moscow')::date from core.ownership where party_id = test.party('Нарядов') and line = 'SERVICE' and state <> 'CLOSED' $$;
select core.document_order(1, null, test.party('Нарядов'), 1::smallint, 'N-1', core.today() - 200, 500, null, null, 'ТО', 'dealer-system');
create temp table ends as select test.service_end() as first;
select is((select state::text from core.ownership where party_id = test.party('Нарядов') and line = 'SERVICE'), 'CUSTOMER', 'R157: a repair order of any date is history and proves the customer');
select is((select first <= (core.today() - 200 + interval '18 months' + interval '1 day')::date from ends), true, 'R157: for as long as its own date gives, not the day it was sent');
select core.document_order(1, null, test.party('Нарядов'), 1::smallint, 'N-2', core.today(), 500, null, null, 'ТО', 'dealer-system');
select is(test.service_end() > (select first from ends) + 150, true, 'R157: an order of today prolongs the right of service');
update ends set first = test.service_end();
select core.document_order(1, null, test.party('Нарядов'), 1::smallint, 'N-3', core.today() - 100, 500, null, null, 'ТО', 'dealer-system');
select is(test.service_end(), (select first from ends), 'R157: one sent late prolongs nothing');
select is((select order_count from core.party_summary where party_id = test.party('Нарядов') and dealer_id = 1), 3, 'R157: and is history all the same');
select is((select count(*) from core.ownership where party_id = test.party('Нарядов') and line <> 'SERVICE' and state <> 'CLOSED'), 0::bigint, 'R157: no other line gains by it');
select * from finish();
rollback;
