-- SPDX-License-Identifier: Apache-2.0
-- A company goes to another dealer as one, with its branches, its carve-outs and its contact persons: R64, R65, R126-R132.
begin;
\i tests/sql/fixture.sql
select plan(24);

create function test.id_of(p_name text) returns bigint language sql stable as $$ select party_id from core.party where name = p_name $$;
create function test.who(p_name text) returns uuid language sql stable as $$ select public_id from core.party where name = p_name $$;
create function test.fleet(p_name text) returns core.ownership language sql stable as $$
select o from core.ownership o where o.party_id = test.id_of(p_name) and o.line = 'FLEET' and o.state <> 'CLOSED' $$;
create function test.owners() returns text language sql stable as $$
select string_agg(split_part(p.name, ' ', 2) || ' ' || o.dealer_id || o.state, ', ' order by p.name) from core.ownership o join core.party p using (party_id) where p.name like 'Парк %' and o.line = 'FLEET' and o.state <> 'CLOSED' $$;
create function test.offer(p_to int) returns jsonb language sql as $$
select test.call('manager_a', format('select * from api.transfer_offer(%L, %L, ''owner_consent'')', (test.fleet('Парк 0')).public_id, test.dealer(p_to))) $$;
create function test.accept(p_login text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.transfer_accept(%L)', (select t.public_id from core.transfer t where t.state = 'OFFERED'))) $$;

select test.call('seller_a', $$select * from api.registration_add(p_kind => 'COMPANY', p_name => 'Парк 0', p_inn => '7707083893', p_phone => '+79035552001', p_brand_id => 1,
    p_line => 'FLEET', p_source => 'walk-in', p_occasion => 'walk_in', p_interest => 'F7', p_consent_evidence => 'form 1')$$);
select test.call('seller_a', format('select * from api.branch_add(%L, %L, %L)', test.who('Парк 0'), 'Парк ' || i, '77070' || i || '001')) from generate_series(1, 4) i;
-- branches that the owner works by themselves, one carved out to D, one with a signed order
select core.right_claim(test.id_of('Парк 1'), 1::smallint, 'FLEET', null, 1, null, 'checked', jsonb_build_object('protect_until', core.now() + interval '20 days', 'limit_until', core.now() + interval '90 days'), 'x', null);
select core.right_claim(test.id_of('Парк 2'), 1::smallint, 'FLEET', null, 1, null, 'order', jsonb_build_object('protect_until', core.now() + interval '100 days', 'limit_until', core.now() + interval '90 days'), 'x', null);
select test.call('router', format('select * from api.carve_out_add(%L, 1, ''FLEET'', core.today(), core.today() + 300, ''agreement 5'', %L)', test.who('Парк 3'), test.dealer(4)));
select is(test.owners(), '0 1ACTIVE, 1 1ACTIVE, 2 1HELD, 3 4ACTIVE', 'a company, two branches worked by themselves, one carved out');
select is(test.call('manager_a', format('select * from api.company_contact_add(%L, ''Кадров Павел'', ''снабжение'', ''+79035552011'', p_consent_evidence => ''form 2'')', test.who('Парк 0'))) ? 'error', false, 'R65: a contact person who agreed to his own dealer');
select is(test.call('manager_a', format('select * from api.company_contact_add(%L, ''Согласная Анна'', ''директор'', ''+79035552012'', p_consent_evidence => ''form 3'')', test.who('Парк 0'))) ? 'error', false, 'and one who');
select core.consent_take((select c.party_id from core.company_contact c where c.name = 'Согласная Анна'), 1, 'TRANSFER', null, 't-1', 'form 4', 'hand');

select is(test.offer(3) ->> 'error', 'ZC121', 'R67: a branch''s signed order keeps the company where it is');
select core.order_cancel(test.fleet('Парк 2'), null);
select is(test.offer(3) -> 0 ->> 'state', 'OFFERED', 'R127: offered');
select core.right_change((select jsonb_populate_record(o, '{"state": "HELD"}') from test.fleet('Парк 1') o), 'order');
select is(test.accept('manager_c') ->> 'error', 'ZC121', 'R67: nor over an order that was signed since');
select is(test.owners(), '0 1ACTIVE, 1 1HELD, 2 1ACTIVE, 3 4ACTIVE', 'nothing moved');
select core.order_cancel(test.fleet('Парк 1'), null);
select is(test.accept('manager_c') -> 0 ->> 'state', 'ACCEPTED', 'R127: accepted');
select is(test.owners(), '0 3ACTIVE, 1 3ACTIVE, 2 3ACTIVE, 3 4ACTIVE', 'R64: the company and its branches have one owner still, the carved-out one keeps its own');
select is((select count(*) from core.ownership o join core.ownership_history h on h.ownership_id = o.successor_of and h.state = 'CLOSED' and h.reason = 'transferred' where o.dealer_id = 3 and o.line = 'FLEET'), 3::bigint, 'R12, R127: each right follows one that was closed as transferred');
select is((core.right_claim(test.id_of('Парк 4'), 1::smallint, 'FLEET', null, 1, null, 'register', '{}', 'x', null)).ownership_id, null, 'R64: the old owner claims no branch any more');
select is(test.call('manager_c', format('select * from api.company_get(%L)', test.who('Парк 0'))) -> 0 -> 'contacts' -> 0 ->> 'name', 'Согласная Анна', 'R65, R128: the new owner has the contact person whose consent reaches him');
select is(jsonb_array_length(test.call('manager_c', format('select * from api.company_get(%L)', test.who('Парк 0'))) -> 0 -> 'contacts'), 1, 'R130: and not the other');
select is(test.call('manager_a', format('select * from api.company_contact_end(%L)', (select public_id from core.company_contact where name = 'Кадров Павел'))) ->> 'error' in ('ZC088', 'ZC404'), true, 'R129: whose company it was changes its contacts no more');
select is(test.call('manager_c', format('select * from api.company_contact_end(%L)', (select public_id from core.company_contact where name = 'Согласная Анна' and dealer_id = 3))) -> 0 ->> 'ok', 'true', 'the owner does');
select is((select c.to_on is null from core.company_contact c where c.name = 'Кадров Павел'), true, 'and what he was not told stays');

-- a carve-out after its right was transferred
select test.call('router', format('select * from api.transfer_offer(%L, %L, ''territory'')', (test.fleet('Парк 3')).public_id, test.dealer(2)));
select is(test.accept('manager_b') -> 0 ->> 'state', 'ACCEPTED', 'the branch goes to another dealer');
select is(test.owners(), '0 3ACTIVE, 1 3ACTIVE, 2 3ACTIVE, 3 2ACTIVE', 'R64: a branch with an owner of its own goes by itself');
select is((select dealer_id || ' ' || state from core.carve_out where party_id = test.id_of('Парк 3')), '2 IN_FORCE', 'R64: the carve-out names who has it now');
select is(core.company_owner(test.id_of('Парк 3'), 1::smallint, 'FLEET'), 2, 'R40: and leads go to him');
update core.carve_out set to_on = core.today() - 1, from_on = core.today() - 2 where party_id = test.id_of('Парк 3');
select core.clock_carve();
select is(test.owners(), '0 3ACTIVE, 1 3ACTIVE, 2 3ACTIVE', 'R64: it ends, and his right with it: the branch is the company''s again');
select is(core.company_owner(test.id_of('Парк 3'), 1::smallint, 'FLEET'), 3, 'R64: whose owner it follows');

-- in bulk: a company goes as one, whatever the shares
select is((select max(n) from (select b.id, count(distinct r.to_dealer_id) as n from generate_series(1, 40) b(id)
    cross join lateral core.batch_rights(jsonb_populate_record(null::core.transfer_batch, jsonb_build_object('batch_id', b.id, 'from_dealer_id', 3, 'mode', 'share', 'is_ceasing', false,
        'targets', '[{"dealer_id": 1, "share": 1}, {"dealer_id": 2, "share": 1}, {"dealer_id": 4, "share": 1}]'::jsonb)), 0, 1000) r group by b.id) x), 1::bigint, 'R64, R131: the shares of a bulk transfer part no company');
select is((select count(distinct r.to_dealer_id) from generate_series(1, 40) b(id)
    cross join lateral core.batch_rights(jsonb_populate_record(null::core.transfer_batch, jsonb_build_object('batch_id', b.id, 'from_dealer_id', 3, 'mode', 'share', 'is_ceasing', false,
        'targets', '[{"dealer_id": 1, "share": 1}, {"dealer_id": 2, "share": 1}, {"dealer_id": 4, "share": 1}]'::jsonb)), 0, 1000) r), 3::bigint, 'though each draw may send it to another');
select * from finish();
rollback;
