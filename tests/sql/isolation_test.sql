-- SPDX-License-Identifier: Apache-2.0
-- One dealer's people do not exist for another; each role sees its column of D.14, on every path; fences are removed in turn.
begin;
\i tests/sql/fixture.sql
select plan(98);

-- one person of dealer 1 in each state
create function test.person(p_state core.right_state) returns uuid language plpgsql as $$
declare v bigint; u uuid; n int := (select count(*) from core.party);
begin
    insert into core.party (kind, name, surname, source) values ('PERSON', 'Канарейкин ' || p_state, 'Канарейкин', 'test') returning party_id, public_id into v, u;
    insert into core.contact_point (party_id, kind, value, raw, is_primary, source_dealer_id) values (v, 'PHONE', '+790377700' || lpad(n::text, 2, '0'), 'x', true, 1);
    insert into core.match_key values ('PHONE', '+790377700' || lpad(n::text, 2, '0'), v, 'kanareikin', true);
    insert into core.interaction (party_id, dealer_id, staff_id, kind, at, text) values (v, 1, test.staff('seller_a'), 'NOTE', core.now(), 'канарейка');
    insert into core.repair_order (dealer_id, party_id, number, opened_on, amount_kopecks) values (1, v, 'N' || n, core.now()::date, 100);
    set local session_replication_role = replica;
    insert into core.ownership (party_id, brand_id, line, dealer_id, seat_id, state, reason, since, registered_at, protect_until, free_from, event, rule, changed_at)
    values (v, 1, 'NEW', 1, test.staff('seller_a'), p_state, case p_state when 'CLOSED' then 'expired'::core.close_reason end, core.now(), core.now(), core.now() + interval '9 days',
            case p_state when 'CLOSED' then core.now() else 'infinity' end, 'register', 'R31', core.now());
    set local session_replication_role = origin;
    perform core.project(array[1], array[v]);
    return u;
end $$;
create temp table canary as select s as state, test.person(s) as id from unnest(enum_range(null::core.right_state)) s;
create temp table free as select test.person('CLOSED') as id;
delete from core.repair_order o using core.party p where p.party_id = o.party_id and p.public_id = (select id from free);
delete from core.party_summary s using core.party p where p.party_id = s.party_id and p.public_id = (select id from free);
select core.project(array[1], array[(select party_id from core.party where public_id = (select id from free))]);

-- the matrix, by the record
create function test.level(p_login text, p_id uuid) returns text language sql as $$
select coalesce(test.call(p_login, format('select level from api.person_get(%L)', p_id)) -> 0 ->> 'level', 'NONE') $$;
create temp table want (viewer text, login text);
insert into want values ('seat', 'seller_a'), ('manager', 'manager_a'), ('colleague', 'seller_a2'), ('router', 'router'), ('arbiter', 'arbiter');
select is(test.level(w.login, c.id), core.level_of(c.state, w.viewer)::text, w.viewer || ' sees ' || c.state || ' as D.14 says')
from canary c cross join want w order by w.viewer, c.state;

-- the same level in the list, when its state is asked for
create function test.level_listed(p_login text, p_state core.right_state, p_id uuid) returns text language sql as $$
select coalesce((select e ->> 'level' from jsonb_array_elements(test.call(p_login, format('select * from api.people_list(p_state => %L)', p_state))) e where e ->> 'id' = p_id::text), 'NONE') $$;
select is(test.level_listed(w.login, c.state, c.id), core.level_of(c.state, w.viewer)::text, w.viewer || ' lists ' || c.state || ' as D.14 says')
from canary c cross join want w where w.viewer in ('seat', 'manager', 'colleague') order by w.viewer, c.state;
select is((select count(*) from jsonb_array_elements(test.call('manager_a', 'select * from api.people_list()')) e where e ->> 'state' = 'CLOSED'), 0::bigint,
    'a list without a state asked is of open rights');

-- another dealer, on every path that names a person
create temp table path (sql text);
insert into path values ('select id from api.person_get(%L) where id is not null'), ('select * from api.timeline_list(%L)'), ('select * from api.attachments_list(%L)');
select is((select count(*) from canary c, path p where test.call('manager_b', format(p.sql, c.id)) <> test.call('manager_b', format(p.sql, gen_random_uuid()))
    or test.call('manager_b', format(p.sql, c.id)) ->> 'error' is distinct from case when p.sql !~ 'person_get' then 'ZC404' end), 0::bigint,
    'reads of another dealer''s people are answered exactly as for nobody');
insert into path values ('select * from api.ownership_list(%L)'), ('select * from api.person_edit(%L, 1, p_city => ''x'')'), ('select * from api.interaction_add(%L, ''NOTE'')'),
    ('select * from api.contact_add(%L, ''PHONE'', ''89031112233'')'), ('select * from api.consent_add(%L, ''PROCESSING'', ''1'', ''e'')'),
    ('select * from api.consent_withdraw(%L, ''ADVERTISING'', ''everybody'', ''e'')'), ('select * from api.vehicle_add(%L, p_plate => ''А111АА77'')'),
    ('select * from api.sale_add(%L, ''1'', ''2026-01-01'', 1, ''NEW'', 1)'), ('select * from api.repair_order_add(%L, ''1'', ''2026-01-01'', 1)'),
    ('select * from api.task_add(''t'', ''call'', core.now(), p_person_id => %L)'), ('select * from api.attachment_add(%L, ''a.txt'', ''x'', 1)');
delete from path where sql like '%person_get%' or sql like '%timeline%' or sql like '%attachments_list%';
select is(array_agg(distinct test.call('manager_b', format(p.sql, c.id))), array[test.call('manager_b', format('select * from api.interaction_add(%L, ''NOTE'')', gen_random_uuid()))],
    'writes to them are answered exactly as for nobody') from canary c, path p;
select is((select count(*) from core.interaction where dealer_id = 2) + (select count(*) from core.sale) + (select count(*) from core.task), 0::bigint, 'and nothing was written');
select is((select count(*) from core.ownership o, unnest(array['accept', 'hold', 'lost', 'seat']) v
    where coalesce(test.call('manager_b', format(case v when 'accept' then 'select * from api.right_accept(%L)' when 'hold' then 'select * from api.right_hold(%L, ''x'')'
        when 'lost' then 'select * from api.right_lost(%L, ''other'')' else 'select * from api.right_seat(%L)' end, o.public_id)) ->> 'error', '') <> 'ZC404'), 0::bigint, 'nor are their rights');
select is(jsonb_array_length(test.call('manager_b', 'select * from api.people_search(''Канарейкин'')')), 0, 'search finds nobody');
select is(jsonb_array_length(test.call('manager_b', 'select * from api.people_export()')), 0, 'the export is empty');

-- the same by raw SQL, as an injection would
create temp table raw as select test.call(l, 'select * from ' || t) as r, l, t from unnest(array['manager_b', 'marketer', 'admin', 'system_b']) l,
    unnest(array['core.party', 'core.contact_point', 'core.dealer_party', 'core.dealer_key', 'core.ownership', 'core.ownership_history', 'core.interaction', 'core.repair_order',
        'core.sale', 'core.consent', 'core.task', 'core.match_key', 'core.draft', 'core.import_row', 'core.message', 'session.account']) t;
select is((select count(*) from raw where coalesce(r ->> 'error', r::text) not in ('[]', '42501')), 0::bigint, 'raw SQL of other dealers, marketers, administrators and systems reads no row of them');
select is((select count(*) from unnest(array['core.party', 'core.contact_point', 'core.dealer_party', 'core.dealer_key', 'core.match_key', 'core.consent', 'core.draft']) t
    where test.call('auditor', 'select * from ' || t) ->> 'error' is distinct from '42501'), 0::bigint, 'an auditor has no privilege on a person (S24)');
select is(test.call('auditor', 'select text from core.interaction') ->> 'error', '42501', 'nor on what was written about one');
select is((select count(*) from unnest(array['manager_a', 'router', 'auditor', 'system_a']) l, unnest(array['insert into core.task (dealer_id, kind, title, due_at) values (1, ''x'', ''x'', now()) returning 1',
    'update core.ownership set state = state returning 1', 'delete from core.ledger returning 1', 'update core.party set name = name returning 1']) q
    where test.call(l, 'with x as (' || q || ') select * from x') ->> 'error' is distinct from '0A000' and test.call(l, 'with x as (' || q || ') select * from x') ->> 'error' is distinct from '42501'), 0::bigint, 'nobody writes by raw SQL');

-- contacts of another giver (R148)
select test.register('seller_b', 'Канарейкин', '+79037770002', ', p_email => ''own@b.example''', p_brand => 2);
select is((select array_agg(distinct e ->> 'brand_id') from jsonb_array_elements(test.call('seller_b', format('select * from api.ownership_list(%L)', (select id from canary where state = 'ACTIVE')))) e),
    '{2}', 'the chain of rights tells a dealer of its own alone, not when another dealer was active (R24)');
select is((select array_agg(e ->> 'value' order by e ->> 'value') from jsonb_array_elements(test.call('seller_b', format('select contacts from api.person_get(%L)', (select id from canary where state = 'ACTIVE'))) -> 0 -> 'contacts') e),
    '{+79037770002,own@b.example}', 'a second dealer sees what it was given itself');
insert into core.contact_point (party_id, kind, value, raw, source_dealer_id) select party_id, 'EMAIL', 'secret@a.example', 'x', 1 from core.party where public_id = (select id from canary where state = 'ACTIVE');
select is(test.call('seller_b', format('select contacts from api.person_get(%L)', (select id from canary where state = 'ACTIVE'))) ->> 0 like '%secret@a.example%', false, 'and never what another dealer was given (R148)');
select is(test.call('seller_a', format('select contacts from api.person_get(%L)', (select id from canary where state = 'ACTIVE'))) ->> 0 like '%secret@a.example%', true, 'its own giver sees it');

-- identity cannot be forged
create function test.forge(p_user name, p_sql text) returns text language plpgsql as $$
begin
    begin
        execute format('set local session authorization %I', p_user);
        perform session.bind('seller_b', 1023, 'x', 'w', null, 'rq');
        execute p_sql;
        execute 'set local session authorization default';
        raise exception using errcode = 'ZZ000', message = coalesce(session.dealer()::text, 'none');
    exception when sqlstate 'ZZ000' then return sqlerrm; when others then return sqlstate;
    end;
end $$;
select is(test.forge('dealer', q), '42501', 'refused: ' || q) from unnest(array[
    'select set_config(''clientele.identity'', ''7|1|16|1|rq|x|ru|'', true)', 'set clientele.identity = ''7|1|16|1|rq|x|ru|''', 'set local clientele.identity = ''7|1|16|1|rq|x|ru|''',
    'select session.identify(7, 1, 16, 1, ''rq'', ''x'', ''ru'', null)', 'set role engine', 'set role head_office', 'set clientele.clock_offset_s = 1',
    'select core.register(1, 7, ''{}'', ''hand'')', 'select core.right_release_seat(7)', 'create temp table t (a int)', 'create schema mine', 'select pg_advisory_lock(1)',
    'alter role dealer set clientele.identity = ''7|1|16|1|rq|x|ru|''']) q;

-- each fence removed in turn: the next one holds
create temp table fence (name text, undo text, sql text);
insert into fence values
    ('the row policy of the projection', 'alter policy "a dealer lists the people it has a right on, each role at its level" on core.dealer_party using (true)', 'select * from api.people_list()'),
    ('row security of the party table', 'alter table core.party disable row level security', 'select * from api.people_list()'),
    ('row security of the contacts', 'alter table core.contact_point disable row level security', format('select * from api.person_get(%L) where id is not null', (select id from canary where state = 'ACTIVE'))),
    ('the policy of the keys', 'alter policy "a dealer searches the keys of its own people" on core.dealer_key using (true)', 'select * from api.people_search(''Канарейкин'')');
create function test.without(p_undo text, p_login text, p_sql text) returns jsonb language plpgsql as $$
declare r jsonb;
begin
    begin
        execute p_undo;
        r := test.call(p_login, p_sql);
        raise exception using errcode = 'ZZ000';
    exception when sqlstate 'ZZ000' then return r;
    end;
end $$;
select is(test.without(undo, 'manager_c', sql), '[]', 'without ' || name || ' the next fence holds') from fence;
select is(test.without('grant select on core.party to auditor', 'auditor', 'select * from core.party'), '[]', 'without the missing privilege the missing policy holds for an auditor');
select is(test.without('create policy forged on core.party for select to auditor using (true)', 'auditor', 'select * from core.party') ->> 'error', '42501', 'and without that the privilege');
select * from finish();
rollback;
