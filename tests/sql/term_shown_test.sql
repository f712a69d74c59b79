-- SPDX-License-Identifier: Apache-2.0
-- R14, R133: a list row whose term has run out is shown ended without being written, to each viewer at the level of D.14, and not
-- before the clock has ended the right.
begin;
\i tests/sql/fixture.sql
select plan(47);

create function test.listed(p_login text, p_name text, p_more text default '') returns jsonb language sql as $$
select (select e from jsonb_array_elements(test.call(p_login, 'select name, state, level, phone from api.people_list(' || p_more || ')')) e where e ->> 'name' like p_name || '%' limit 1) $$;
create function test.place(p_name text) returns tid language sql stable as $$
select t.ctid from core.dealer_party t where t.dealer_id = 1 and t.name like p_name || '%' $$;
create function test.right_of(p_name text) returns core.ownership language sql stable as $$
select o.* from core.ownership o join core.party p using (party_id) where p.surname = p_name and o.state <> 'CLOSED' order by o.line limit 1 $$;
create function test.come(p_name text, p_phone text, p_seat text default 'seller_a') returns void language sql as $$
select core.register(1, test.staff('seller_a'), jsonb_build_object('kind', 'PERSON', 'surname', p_name, 'phone', p_phone, 'brand_id', 1, 'line', 'NEW', 'source', 'x',
    'occasion', 'walk_in', 'interest', 'F7', 'consent_evidence', 'f', 'seat', test.staff(p_seat)), 'hand') $$;

select test.come('Одинов', '+79031112201');
select test.come('Двоев', '+79031112202');
select test.come('Очередов', '+79031112203', 'nobody');
select core.right_claim((test.right_of('Двоев')).party_id, 1::smallint, 'SERVICE', null, 1, test.staff('adviser_a'), 'document', jsonb_build_object('protect_until', core.now() + interval '500 days'), 'x', null);
create temp table placed as select name, test.place(name) as at from unnest(array['Одинов', 'Двоев', 'Очередов']) name;
select is((select ends_at from core.dealer_party where name like 'Одинов%'), (test.right_of('Одинов')).protect_until, 'a row of one right knows when it ends');
select is((select ends_at from core.dealer_party where name like 'Двоев%'), 'infinity', 'a row of two rights is renewed instead: the other may lead then');
select is(test.listed('seller_a', 'Одинов') ->> 'state', 'ACTIVE', 'while the term runs the list says so');
select is(test.listed('seller_a2', 'Одинов') ->> 'level', 'MASKED', 'D.14: a colleague sees an active client masked');
select is(test.listed('seller_a2', 'Очередов') ->> 'level', 'MASKED', 'D.14: and one of the queue');

-- the term is over, the clock has not been there: nothing is shown ended that is not (R14)
update core.clock_state set expired_to = core.now() where name = 'rights';
select test.wait('60 days');
select is((test.right_of('Одинов')).state, 'ACTIVE', 'R14: a right ends when the clock ends it');
select is(test.listed('seller_a', 'Одинов') ->> 'state', 'ACTIVE', 'R14: and no list is ahead of it');
select is(test.listed('manager_a', 'Одинов', 'p_state => ''GRACE''') ->> 'state', null, 'R14: nor is a filter');
select is(test.listed('seller_a2', 'Одинов') ->> 'level', 'MASKED', 'R14: nor the sight of colleagues');

select core.clock_rights();
select is((test.right_of('Одинов')).state, 'GRACE', 'R14: the clock ends it');
select is(test.place('Одинов'), (select at from placed where name = 'Одинов'), 'R159: without a write to the list row');
select is((select state::text from core.dealer_party where name like 'Одинов%'), 'ACTIVE', 'R159: which says what it said');
select isnt(test.place('Двоев'), (select at from placed where name = 'Двоев'), 'a row of two rights was renewed');
select is(test.listed('manager_a', 'Двоев') ->> 'state', 'CUSTOMER', 'and shows the one that leads now');
select is(test.listed('manager_a', 'Одинов') ->> 'state', 'GRACE', 'D.14: a manager sees it ended');
select is(test.listed('seller_a', 'Одинов') ->> 'state', 'GRACE', 'D.14: its seat too');
select is(test.listed('seller_a', 'Одинов') ->> 'level', 'FULL', 'D.14: and in full');
select is(test.listed('seller_a2', 'Одинов'), null, 'D.14: a colleague sees it no more');
select is(test.listed('seller_a2', 'Очередов') ->> 'state', 'GRACE', 'D.14: one of the queue stays');
select is(test.listed('manager_a', 'Одинов', 'p_state => ''GRACE''') ->> 'state', 'GRACE', 'R133: the filter of a state goes by what is shown');
select is(test.listed('manager_a', 'Одинов', 'p_state => ''ACTIVE'''), null, 'R133: and not by what is written');
select is(test.listed('manager_a', 'Одинов', 'p_state => ''GRACE'', p_brand_id => 1, p_sort => ''protect_until''') ->> 'state', 'GRACE', 'R133: in another order too');
select is(test.listed('manager_a', 'Одинов', 'p_state => ''ACTIVE'', p_city => ''Казань'''), null, 'R133: and beside another filter');
select is(test.listed('manager_a', 'Одинов', 'p_q => ''Один''') ->> 'state', 'GRACE', 'R133: found by name it is the same');
select is(test.call('manager_a', $$select state from api.people_search('Одинов')$$) -> 0 ->> 'state', 'GRACE', 'R133: the box of every screen says so');
select is(test.call('seller_a2', $$select state from api.people_search('Одинов')$$) -> 0 ->> 'state', null, 'R133: to a colleague nothing');
select is(jsonb_array_length(test.call('manager_a', $$select name from api.people_export(p_state => 'GRACE')$$)), 2, 'R133: an export goes by what is shown');
select is(jsonb_array_length(test.call('manager_a', $$select name from api.people_export(p_state => 'ACTIVE')$$)), 0, 'R133: whichever state is asked');
select is((test.call('seller_a2', format('select * from api.person_get(%L)', (select public_id from core.party where surname = 'Одинов'))) -> 0 ->> 'id') is null, true, 'D.14: nor has the colleague the card');

-- a page of very many
insert into core.dealer_party (dealer_id, party_id, public_id, kind, name, name_sort, name_search, state, brand_id, line, seat_ids, protect_until, manager_level, colleague_level, ends_at)
select 1, -i, gen_random_uuid(), 'PERSON', 'Яя' || i, core.name_key('Яя' || i), 'яя', 'CUSTOMER', 1, 'SERVICE', '{}', core.now() - interval '1 day', 'FULL', 'MASKED', core.now() - interval '1 day' from generate_series(1, 3100) i;
select is(test.call('manager_a', $$select name, state from api.people_list(p_state => 'GRACE', p_limit => 3)$$), '[{"name": "Одинов", "state": "GRACE"}, {"name": "Очередов", "state": "GRACE"}, {"name": "Яя1", "state": "GRACE"}]',
    'R133: thousands that ended at once are a page like any other');
delete from core.dealer_party where party_id < 0;

-- whatever renews a row writes what is true
select core.project(array_agg(t.dealer_id), array_agg(t.party_id), false) from core.dealer_party t;
select is((select state || colleague_level::text || ends_at from core.dealer_party where name like 'Одинов%'), 'GRACENONEinfinity', 'a renewed row says the same in words');
select is(test.listed('manager_a', 'Одинов') ->> 'state', 'GRACE', 'and shows the same');
select test.call('seller_a', format($$select * from api.interaction_add(%L, 'VISIT', p_evidence => 'V-12')$$, (select public_id from core.party where surname = 'Одинов')));
select is((test.right_of('Одинов')).state, 'ACTIVE', 'R52: an activity in grace keeps the client');
select is(test.listed('seller_a2', 'Одинов') ->> 'state', 'ACTIVE', 'and colleagues see him again');
select test.wait('60 days'); select core.clock_rights();
select is(test.listed('manager_a', 'Одинов') ->> 'state', 'GRACE', 'R14: until that term is over as well');
select is((select count(*) from core.notice n join core.party p on p.public_id::text = n.subject where n.kind = 'N6' and p.surname = 'Одинов' and n.occurrence like '%:expired:%'), 2::bigint, 'R141, N6: the seat is told of both');

-- a run of many is the work of two connections, by person
select test.come('Поровну' || i, '+7905' || (7919 * i + 1000000)) from generate_series(1, 40) i;
select test.wait('60 days');
select core.clock_terms(1000, 1);
select is((select bool_and((o.state = 'GRACE') = (o.party_id % 2 = 1)) from core.ownership o join core.party p using (party_id) where p.surname like 'Поровну%'), true, 'R159: the second connection ends the rights of odd numbers alone');
select core.clock_reached();
select is(test.listed('manager_a', 'Поровну1') ->> 'state', 'ACTIVE', 'R14: until both have come so far, the lists wait');

-- two rights that run: the one that lasts longest leads, so the row tells the end of both
select test.come('Парный', '+79031112204');
select test.wait('14 days');              -- a used car's term is half as long
select core.register(1, test.staff('seller_a'), jsonb_build_object('kind', 'PERSON', 'surname', 'Парный', 'phone', '+79031112204', 'brand_id', 1, 'line', 'USED', 'source', 'x',
    'occasion', 'walk_in', 'interest', 'F7', 'consent_evidence', 'f', 'seat', test.staff('nobody')), 'hand');
create temp table pair as select o.line, o.protect_until, o.seat_id, test.place('Парный') as at, t.ends_at from core.ownership o join core.party p using (party_id)
join core.dealer_party t on t.party_id = o.party_id where p.surname = 'Парный' and o.state <> 'CLOSED';
select is((select count(*) from pair), 2::bigint, 'two rights of one dealer on one person');
select is((select max(ends_at) from pair), (select max(protect_until) from pair), 'R14: their row knows when the last of them ends');
select test.wait((select min(protect_until) from pair) - core.now() + interval '1 minute'); select core.clock_rights();
select is((select string_agg(o.line || ' ' || o.state, ', ' order by o.line) from core.ownership o join core.party p using (party_id) where p.surname = 'Парный'), 'NEW ACTIVE, USED GRACE', 'R14: the first ends');
select is(test.listed('manager_a', 'Парный') ->> 'state', 'ACTIVE', 'R133: the list shows the other, which runs');
select is(test.place('Парный'), (select min(at) from pair), 'R159: no row is written for the first');
select test.wait((select max(protect_until) from pair) - core.now() + interval '1 minute'); select core.clock_rights();
select is(test.listed('manager_a', 'Парный') ->> 'state', 'GRACE', 'R14: then the list shows that both are over');
select is(test.place('Парный'), (select min(at) from pair), 'R159: nor for the last');
select is(test.listed('seller_a2', 'Парный') ->> 'level', 'MASKED', 'D.14: as one of them was of the queue, colleagues still see him masked');
create temp table said as select test.listed('manager_a', 'Парный') as manager, test.listed('seller_a2', 'Парный') as colleague;
select core.project(array_agg(t.dealer_id), array_agg(t.party_id), false) from core.dealer_party t where t.name like 'Парный%';
select is((select row(test.listed('manager_a', 'Парный'), test.listed('seller_a2', 'Парный'))::text), (select row(manager, colleague)::text from said), 'and the row written anew says the same');
select * from finish();
rollback;
