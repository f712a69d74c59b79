-- SPDX-License-Identifier: Apache-2.0
-- Pages of people: complete, without repeats, in order, by an index for each lead filter; levels and search (D.14, R135).
begin;
\i tests/sql/fixture.sql
select plan(36);

-- 260 people of dealer 1 with equal names, empty visits, several cities, states and seats
insert into core.party (kind, name, surname, city, abc, source)
select 'PERSON', (array['Ёлкин', 'Елисеев', 'Иванов', 'Smith'])[1 + i % 4] || ' Пётр', (array['Ёлкин', 'Елисеев', 'Иванов', 'Smith'])[1 + i % 4],
       (array['Казань', 'Уфа', null])[1 + i % 3], (array['A', 'B', 'C'])[1 + i % 3]::core.abc, 'test' from generate_series(1, 260) i;
insert into core.contact_point (party_id, kind, value, raw, is_primary, source_dealer_id)
select party_id, 'PHONE', '+7903000' || lpad((row_number() over ())::text, 4, '0'), 'x', true, 1 from core.party;
set local session_replication_role = replica;
insert into core.ownership (party_id, brand_id, line, dealer_id, seat_id, state, since, registered_at, protect_until, free_from, event, rule, changed_at)
select p.party_id, 1 + p.party_id % 3, (array['NEW', 'SERVICE'])[1 + p.party_id % 2]::core.line, 1,
       case p.party_id % 3 when 0 then test.staff('seller_a') when 1 then test.staff('seller_a2') end,
       (array['ACTIVE', 'CUSTOMER', 'GRACE', 'OFFERED'])[1 + p.party_id % 4]::core.right_state, core.now(), core.now(),
       case when p.party_id % 5 > 0 then core.now() + p.party_id * interval '1 hour' end, 'infinity', 'register', 'R31', core.now() from core.party p;
insert into core.repair_order (dealer_id, party_id, number, opened_on, amount_kopecks)
select 1, p.party_id, p.party_id::text, '2026-01-01'::date + (p.party_id % 30)::int, 100 from core.party p where p.party_id % 2 = 0;
set local session_replication_role = origin;
select core.rebuild_keys();
select core.rebuild_sums();
select core.rebuild_projection();
update core.dealer_party t set updated_at = core.now() - (t.party_id % 20) * interval '1 day';

-- every page of a list, as ids in order
create function test.pages(p_login text, p_args text) returns uuid[] language plpgsql as $$
declare page jsonb; ids uuid[] := '{}'; after text;
begin
    for i in 1..100 loop
        page := test.call(p_login, format('select id, cursor_ from api.people_list(%s%sp_limit => 17, p_after => %L)', p_args, case when p_args = '' then '' else ', ' end, after));
        if page ? 'error' then raise exception '%', page; end if;
        ids := ids || array(select (e ->> 'id')::uuid from jsonb_array_elements(page) with ordinality x(e, n) order by n);
        exit when jsonb_array_length(page) < 17;
        after := page -> -1 ->> 'cursor_';
    end loop;
    return ids;
end $$;
create function test.expect(p_where text, p_order text) returns uuid[] language plpgsql as $$
declare ids uuid[];
begin
    execute format('select array_agg(public_id order by %s) from core.dealer_party t where dealer_id = 1 and state <> ''CLOSED'' and (%s)', p_order, p_where) into ids;
    return ids;
end $$;

select is(test.pages('manager_a', ''), test.expect('true', 'name_sort, party_id'), 'the whole list, page by page, by name');
select is(test.pages('manager_a', 'p_sort => ''-updated'''), test.expect('true', 'updated_at desc, party_id desc'), 'by the last change');
select is(test.pages('manager_a', 'p_sort => ''-last_visit'''), test.expect('state <> ''OFFERED''', 'coalesce(last_visit_on, ''-infinity'') desc, party_id desc'), 'by the last visit, those without one at the end; who is masked has no place in an order that would tell his (R135)');
select is(test.pages('manager_a', 'p_sort => ''protect_until'''), test.expect('true', 'coalesce(protect_until, ''infinity''), party_id'), 'by the end of protection');
select is(test.pages('manager_a', 'p_city => ''Уфа'''), test.expect('city = ''Уфа''', 'name_sort, party_id'), 'of a city');
select is(test.pages('manager_a', 'p_state => ''CUSTOMER'''), test.expect('state = ''CUSTOMER''', 'name_sort, party_id'), 'of a state');
select is(test.pages('manager_a', 'p_brand_id => 2'), test.expect('brand_id = 2', 'name_sort, party_id'), 'of a brand');
select is(test.pages('manager_a', 'p_line => ''SERVICE'''), test.expect('line = ''SERVICE''', 'name_sort, party_id'), 'of a line');
select is(test.pages('manager_a', 'p_abc => ''B'''), test.expect('abc = ''B''', 'name_sort, party_id'), 'of a class');
select is(test.pages('manager_a', format('p_seat_id => %L', test.staff_uuid('seller_a'))), test.expect(format('seat_id = %s', test.staff('seller_a')), 'name_sort, party_id'), 'of a seat');
select is(test.pages('manager_a', 'p_seat_id => ''none'''), test.expect('seat_id is null', 'name_sort, party_id'), 'of the queue');
select is(test.pages('manager_a', 'p_last_visit_after => ''2026-01-10'', p_last_visit_before => ''2026-01-20'''), test.expect('last_visit_on > ''2026-01-10'' and last_visit_on < ''2026-01-20''', 'name_sort, party_id'), 'of a time of visit');
select is(test.pages('manager_a', 'p_city => ''Казань'', p_state => ''ACTIVE'', p_sort => ''-updated'''), test.expect('city = ''Казань'' and state = ''ACTIVE''', 'updated_at desc, party_id desc'), 'two filters and another order');
select is(test.pages('manager_a', 'p_state => ''OFFERED'', p_sort => ''protect_until'''), test.expect('state = ''OFFERED''', 'coalesce(protect_until, ''infinity''), party_id'), 'few of a state, in another order');
select is(test.pages('manager_a', 'p_line => ''SERVICE'', p_brand_id => 2, p_sort => ''-last_visit'''), test.expect('line = ''SERVICE'' and brand_id = 2 and state <> ''OFFERED''', 'coalesce(last_visit_on, ''-infinity'') desc, party_id desc'), 'few of a line and brand, by the last visit');
select is(test.pages('manager_a', 'p_q => ''ели'''), test.expect('name like ''Елис%''', 'name_sort, party_id'), 'of a beginning');
select is((select array_agg(x.s order by x.s collate "ru-x-icu") from (select distinct split_part(name, ' ', 1) as s from core.dealer_party) x), '{Елисеев,Ёлкин,Иванов,Smith}', 'ё sorts as е, Latin after Cyrillic');
select is(test.call('manager_a', 'select * from api.people_list(p_after => ''zz'')') ->> 'error', 'ZC402', 'a position that is none is refused');
select is(test.call('manager_a', format('select * from api.people_list(p_after => %L)', core.cursor_make('x', gen_random_uuid()))) ->> 'error', null, 'a position whose person has gone is still a position');
select is(jsonb_array_length(test.call('manager_a', 'select * from api.people_list(p_limit => 1000)')), 100, 'a page has at most a hundred rows');
select is((select count(*) from core.dealer_party), (select count(*) from jsonb_array_elements(test.call('manager_a', 'select * from api.people_export()'))), 'the export has every row');

-- levels
select is((select array_agg(distinct e ->> 'level' order by e ->> 'level') from jsonb_array_elements(test.call('manager_a', 'select * from api.people_list(p_limit => 100, p_state => ''ACTIVE'')')) e), '{FULL}', 'a manager sees active people in full');
select is((select array_agg(distinct e ->> 'level') from jsonb_array_elements(test.call('manager_a', 'select * from api.people_list(p_limit => 100, p_state => ''OFFERED'')')) e), '{MASKED}', 'and the offered masked');
select is((select bool_and((e ->> 'level' = 'FULL') = (e ->> 'phone' is not null)) from jsonb_array_elements(test.call('seller_a', 'select * from api.people_list(p_limit => 100)')) e), true, 'a phone only where the level is full');
select is((select bool_and((e ->> 'seat_name' = 'seller_a') = (e ->> 'level' = 'FULL')) from jsonb_array_elements(test.call('seller_a', 'select * from api.people_list(p_limit => 100, p_state => ''CUSTOMER'')')) e), true, 'full for the own seat, masked for a colleague''s');
select is((select count(*) from jsonb_array_elements(test.call('seller_a', 'select * from api.people_list(p_limit => 100, p_state => ''GRACE'')')) e where e ->> 'seat_name' = 'seller_a2'), 0::bigint, 'a colleague''s person in grace is not there');
select is(jsonb_array_length(test.call('seller_b', 'select * from api.people_list()')), 0, 'another dealer sees nobody');
select is(jsonb_array_length(test.call('marketer', 'select * from api.people_list()')), 0, 'a marketer neither');
select is(jsonb_array_length(test.call('admin', 'select * from api.people_list(p_pool => false)')), 0, 'nor an administrator');

-- search: part of a number would unmask it
create temp table one as select t.* from core.dealer_party t where t.state = 'CUSTOMER' and t.seat_id = test.staff('seller_a2') limit 1;
select is(jsonb_array_length(test.call('seller_a2', format('select * from api.people_search(%L)', (select left(phone, 11) from one)))) > 0, true, 'a seat finds its person by the beginning of the phone');
select is((select count(*) from jsonb_array_elements(test.call('seller_a', format('select * from api.people_search(%L)', (select left(phone, 11) from one)))) e where e ->> 'id' = (select public_id::text from one)), 0::bigint, 'a colleague does not');
select is((select count(*) from jsonb_array_elements(test.call('seller_a', format('select * from api.people_search(%L)', (select phone from one)))) e where e ->> 'id' = (select public_id::text from one)), 1::bigint, 'but by the whole number, which he must know');
select is(jsonb_array_length(test.call('seller_b', format('select * from api.people_search(%L)', (select phone from one)))), 0, 'another dealer not even so (S25)');

-- the plan: positions are sought, not filtered
create function test.plan_of(p_sql text) returns text language plpgsql as $$
declare line text; whole text := '';
begin
    perform set_config('clientele.identity', test.staff('manager_a') || '|1|16|1|rq|x|ru|', true);
    execute 'set local role dealer';
    execute 'set local plan_cache_mode = force_generic_plan';
    execute 'prepare listing(text) as ' || p_sql;
    for line in execute 'explain (costs off) execute listing(null)' loop whole := whole || line || E'\n'; end loop;
    deallocate listing;
    execute 'reset role';
    return whole;
end $$;
select matches(test.plan_of('select * from api.people_list(p_after => $1)'), 'dealer_party_walk.*Index Cond: \(\(dealer_id = \$\d+\) AND \(ROW\(name_sort, party_id\)', 'the plain list seeks its position in the index under row security');
select set_config('clientele.identity', '', true);
select is((select count(*) from pg_indexes where tablename = 'dealer_party' and indexdef !~ '\(dealer_id|\(party_id\)'), 0::bigint, 'every index of the projection begins with the dealer');
select is((select array_agg(x.n order by core.name_key(x.n), x.n collate "C") from (values ('Ёлкин'), ('Елкин'), ('ежов'), ('Ежов'), ('Жуков'), ('O''Brien'), ('obrien'), ('Ян-Ли'), ('Янли'), (''), ('10 лет'), ('9 лет')) x(n)),
    (select array_agg(x.n order by x.n collate "ru-x-icu", x.n collate "C") from (values ('Ёлкин'), ('Елкин'), ('ежов'), ('Ежов'), ('Жуков'), ('O''Brien'), ('obrien'), ('Ян-Ли'), ('Янли'), (''), ('10 лет'), ('9 лет')) x(n)),
    'the stored key orders names as ICU does');
select * from finish();
rollback;
