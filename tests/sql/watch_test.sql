-- SPDX-License-Identifier: Apache-2.0
-- Patterns of abuse (R151): each is found, told once, and shown to auditors alone.
begin;
\i tests/sql/fixture.sql
select plan(12);
create function test.hits(p_login text) returns text language sql as $$
select string_agg(f.pattern, ' ' order by f.pattern) from core.watch_look(core.now() - interval '1 day') f where f.staff_id = test.staff(p_login) $$;

select is((select count(*) from core.watch_look('-infinity')), 0::bigint, 'where nothing happens nothing is found');
-- numbers one after another
do $$ begin for i in 1..5 loop perform test.register('seller_a', 'Рядов' || i, '+7903500000' || i); end loop; end $$;
select is(test.hits('seller_a'), 'sequential_numbers', 'five registrations with numbers in a row (R151)');
do $$ begin for i in 1..4 loop perform test.register('seller_b', 'Редков' || i, '+790360000' || i || '7'); end loop; end $$;
select is(test.hits('seller_b'), null, 'numbers apart are no pattern');
-- probes that lead to nothing
do $$ begin for i in 1..15 loop perform test.call('seller_c', format('select * from api.probe_check(1, ''NEW'', ''x'', ''y'', %L, null, null, null, null, ''Х'')', '+79037000' || (100 + 3 * i))); end loop; end $$;
select is(test.hits('seller_c'), 'probes_without_registration', 'many probes with few registrations (R151)');
-- one phone, many names
do $$ begin for i in 1..4 loop perform test.register('seller_d', (array['Орлов', 'Соколов', 'Беркутов', 'Кречетов'])[i], '+79038000001'); end loop; end $$;
select is(test.hits('seller_d'), 'one_phone_many_names', 'one phone for many names (R151)');
-- at night: three in the morning of Moscow
insert into core.interaction (party_id, dealer_id, staff_id, kind, at, recorded_at)
select (select min(party_id) from core.party), 1, test.staff('seller_a2'), 'NOTE', core.now(), t.at from (
    select (date_trunc('day', core.now() at time zone 'Europe/Moscow') + interval '3 hours') at time zone 'Europe/Moscow'
        - case when core.now() < (date_trunc('day', core.now() at time zone 'Europe/Moscow') + interval '3 hours') at time zone 'Europe/Moscow' then interval '1 day' else interval '0' end as at) t,
    generate_series(1, 10);
select is(test.hits('seller_a2'), 'night', 'entries at night by the dealer''s clock (R151)');
-- two places at once
update session.session set address = '10.1.2.3' where staff_id = test.staff('adviser_a');
insert into session.session (secret_hash, staff_id, letter, address, created_at, seen_at, authenticated_at, idle_until, expires_at)
select sha256('other'), staff_id, letter, '172.20.1.1', created_at - interval '1 hour', seen_at + interval '1 minute', created_at, idle_until, expires_at from session.session where staff_id = test.staff('adviser_a');
select is(test.hits('adviser_a'), 'two_places', 'a colleague''s sign-in from two places (R151)');
-- claims just after another dealer's expiry
do $$ declare o core.ownership; begin
    for i in 1..5 loop perform test.register('seller_b', 'Ждунов' || i, '+790390' || (10000 + 777 * i)); end loop;
    perform test.wait('40 days'); perform core.clock_rights(1000);
    perform test.wait('8 days'); perform core.clock_rights(1000);
    for i in 1..5 loop perform test.register('adviser_a', 'Ждунов' || i, '+790390' || (10000 + 777 * i)); end loop;
end $$;
select is(test.hits('adviser_a') ~ 'claims_at_expiry', true, 'mass claims within a day of the expiry (R151)');
select core.watch_tick() > 0;
select is((select count(*) from core.notice n where n.kind = 'N14' and n.occurrence like 'watch.claims_at_expiry.%'), 1::bigint, 'the auditor is told (N14)');
select core.watch_tick();
select is((select count(*) from core.notice n where n.kind = 'N14' and n.occurrence like 'watch.claims_at_expiry.%'), 1::bigint, 'once');
select is((select count(*) from jsonb_array_elements(test.call('auditor', 'select * from api.watch_list()')) e where e ->> 'pattern' = 'claims_at_expiry' and e ->> 'staff_name' = 'adviser_a'), 1::bigint, 'and reads whose seat it is');
select is(test.call('manager_a', 'select * from api.watch_list()') ->> 'error', '42501', 'nobody else does');
select * from finish();
rollback;
