-- SPDX-License-Identifier: Apache-2.0
-- One person in two rows becomes one, loses nothing, and can be parted again: R27, R28, R29, S21.
begin;
\i tests/sql/fixture.sql
select plan(54);

create function test.row_of(p_surname text) returns core.party language sql stable as $$ select p from core.party p where p.surname = p_surname $$;
create function test.open_of(p_surname text) returns setof core.ownership language sql stable as $$
select o from core.ownership o where o.party_id = (test.row_of(p_surname)).party_id and o.state <> 'CLOSED' $$;
create function test.pair(p_a text, p_b text) returns uuid language sql as $$
insert into core.duplicate (party_low, party_high, class, score, weights, source)
select least(a.party_id, b.party_id), greatest(a.party_id, b.party_id), 'STRONG', 17.5, '[{"field":"phone","weight":9.5,"level":"same"},{"field":"name","weight":-2,"level":"none"}]', 'scan'
from test.row_of(p_a) a, test.row_of(p_b) b returning public_id $$;
create function test.merge(p_pair uuid, p_survivor text, p_fields text default '{}') returns jsonb language sql as $$
select test.call('steward', format('select api.duplicate_merge(%L, %L, %s, %L) as v', p_pair, p_survivor, (select ver from core.duplicate where public_id = p_pair), p_fields)) $$;
create function test.side_of(p_pair uuid, p_surname text) returns text language sql stable as $$
select case when (test.row_of(p_surname)).party_id = d.party_low then 'low' else 'high' end from core.duplicate d where d.public_id = p_pair $$;

-- every table with a person in it says what a merge does with it
select is((select string_agg(distinct c.relname, ' ' order by c.relname) from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'core'::regnamespace and c.relkind = 'r' and not a.attisdropped and a.attname = 'party_id'
      and c.relname not in ('party') and not exists (select from core.party_reference r where r.table_name = c.relname)), null,
    'each table with a person in it stands in core.party_reference (R28)');
select is((select string_agg(r.table_name, ' ') from core.party_reference r cross join lateral unnest(r.key || r.twin || r.made_at || r.column_name || case when r.made_at is not null then 'dealer_id' end) k(name)
    where r.act = 'move' and k.name is not null and not exists (select from pg_attribute a where a.attrelid = to_regclass('core.' || r.table_name) and a.attname = k.name)), null,
    'and names columns that are there');

-- S21: A and B own one person under two names
select test.register('seller_a', 'Первова', '+79035550001', ', p_email => ''first@mail.example''');
select test.wait('1 minute');
select test.register('seller_b', 'Вторая', '+79035550002', ', p_email => ''second@mail.example''');
select test.wait('1 minute');
select test.register('seller_b', 'Вторая', '+79035550002', '', 2);
select test.call('seller_a', format('select api.interaction_add(%L, ''NOTE'', p_text => ''first'')', (test.row_of('Первова')).public_id));
select test.call('seller_b', format('select api.interaction_add(%L, ''NOTE'', p_text => ''second'')', (test.row_of('Вторая')).public_id));
select test.call('seller_b', format('select api.task_add(''ring'', ''call'', core.now(), p_person_id => %L)', (test.row_of('Вторая')).public_id));
select test.call('manager_b', format('select api.sale_add(%L, ''S-1'', core.now()::date, 1, ''FLEET'', 500)', (test.row_of('Вторая')).public_id));
insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at, withdrawn_at)
select (test.row_of('Первова')).party_id, 0, 'ADVERTISING'::core.consent_purpose, 'EMAIL'::core.channel, '1', 'e', 'hand', core.now() - interval '9 days', core.now() - interval '2 days';
insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
select (test.row_of('Вторая')).party_id, 0, 'ADVERTISING'::core.consent_purpose, 'EMAIL'::core.channel, '1', 'e', 'hand', core.now() - interval '5 days'
union all select (test.row_of('Вторая')).party_id, 0, 'ADVERTISING'::core.consent_purpose, 'SMS'::core.channel, '1', 'e', 'hand', core.now() - interval '1 days';
insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at, withdrawn_at)
select (test.row_of('Первова')).party_id, 0, 'ADVERTISING'::core.consent_purpose, 'SMS'::core.channel, '1', 'e', 'hand', core.now() - interval '9 days', core.now() - interval '2 days';
create temp table was as select (test.row_of('Первова')).party_id as first_id, (test.row_of('Первова')).public_id as first_uuid,
    (test.row_of('Вторая')).party_id as second_id, (test.row_of('Вторая')).public_id as second_uuid;
create temp table pair as select test.pair('Первова', 'Вторая') as id;
create function test.facts() returns jsonb language sql stable as $$
select jsonb_build_object(
    'rights', (select jsonb_agg(jsonb_build_array(o.party_id, o.brand_id, o.line, o.dealer_id, o.seat_id, o.state, o.registered_at, o.protect_until, o.limit_until) order by o.party_id, o.brand_id, o.line)
               from core.ownership o, was where o.party_id in (first_id, second_id) and o.state <> 'CLOSED'),
    'contacts', (select jsonb_agg(jsonb_build_array(c.party_id, c.kind, c.value, c.is_primary, c.source_dealer_id, c.shared_ids) order by c.contact_id) from core.contact_point c, was where c.party_id in (first_id, second_id)),
    'keys', (select jsonb_agg(jsonb_build_array(k.party_id, k.kind, k.value, k.surname_key, k.is_exact) order by k.party_id, k.kind, k.value) from core.match_key k, was where k.party_id in (first_id, second_id)),
    'consents', (select jsonb_agg(jsonb_build_array(c.party_id, c.consent_id, c.withdrawn_at) order by c.consent_id) from core.consent c, was where c.party_id in (first_id, second_id)),
    'work', (select jsonb_agg(jsonb_build_array(t.party_id, t.task_id) order by t.task_id) from core.task t, was where t.party_id in (first_id, second_id)),
    'past', (select jsonb_agg(jsonb_build_array(t.party_id, t.interaction_id) order by t.interaction_id) from core.interaction t, was where t.party_id in (first_id, second_id)),
    'sums', (select jsonb_agg(to_jsonb(s) order by s.party_id, s.dealer_id) from core.party_summary s, was where s.party_id in (first_id, second_id)),
    'lists', (select jsonb_agg(to_jsonb(t) - '{updated_at}'::text[] order by t.dealer_id, t.party_id) from core.dealer_party t, was where t.party_id in (first_id, second_id)),
    'search', (select jsonb_agg(to_jsonb(t) order by t.dealer_id, t.party_id, t.kind, t.value) from core.dealer_key t, was where t.party_id in (first_id, second_id)),
    'people', (select jsonb_agg(core.party_fields(p) || jsonb_build_object('pool', p.is_pool, 'router', p.router_level) order by p.party_id) from core.party p, was where p.party_id in (first_id, second_id))) $$;
create temp table before as select test.facts() as facts;

-- the desk
select is((test.call('steward', 'select * from api.duplicates_list()') -> 0) - '{found_at,id,low_id,high_id,low_name,high_name,low_city,high_city,decided_by,decided_at,cursor_}'::text[],
    '{"class":"STRONG","score":18,"source":"scan","state":"OPEN","version":1,"fields":["phone"],"is_rival":true}'::jsonb, 'the steward sees which fields speak for a pair, and that two owners meet (R27)');
select is(test.call('steward', format('select api.duplicate_get(%L) as v', (select id from pair))) -> 0 -> 'v' -> 'low' -> 'contacts' -> 0 ->> 'value', '+79035550001', 'both sides stand next to each other');
select is(test.call('seller_a', 'select * from api.duplicates_list()') ->> 'error', '42501', 'nobody else reads pairs');
select is(test.call('steward', format('select api.duplicate_preview(%L, ''low'') as v', (select id from pair))) -> 0 -> 'v' -> 'rights' -> 0 ->> 'outcome', 'closed', 'the preview says that the later right closes');
select is(test.facts(), (select facts from before), 'a preview changes nothing');
select is(test.call('steward', format('select api.duplicate_merge(%L, ''low'', 7) as v', (select id from pair))) ->> 'error', 'ZC412', 'a pair that changed is not merged');
select is(test.call('steward', format('select api.duplicate_merge(%L, ''left'', 1) as v', (select id from pair))) ->> 'error', 'ZC402', 'a survivor is one of the two');
select is(test.call('steward', format('select api.duplicate_merge(%L, ''low'', 1, ''{"abc":"merged"}'') as v', (select id from pair))) ->> 'error', 'ZC402', 'fields are chosen among the person''s own');

-- the merge
select is(jsonb_array_length(test.merge((select id from pair), 'low', '{"name":"merged"}') -> 0 -> 'v' -> 'rights'), 3, 'R28: the merge tells what became of each right');
select is((select array_agg(o.brand_id || o.line::text || o.dealer_id || o.state order by o.brand_id, o.line::text) from core.ownership o, was where o.party_id = first_id and o.state <> 'CLOSED'),
    '{1FLEET2CUSTOMER,1NEW1DISPUTED,2NEW2ACTIVE}', 'S21, R28: the earlier registration stays under dispute, what nobody else had goes over');
select is((select array_agg(distinct o.reason::text) from core.ownership o, was where o.party_id = second_id), '{merged}', 'R28: the later right is closed as merged');
select is((select count(*) from core.ownership o, was where o.party_id = second_id and o.state <> 'CLOSED'), 0::bigint, 'the merged person owns nothing any more');
select is((select count(*) from core.ledger l where l.kind = 'merge.dispute'), 1::bigint, 'R28, R100: the dispute names its claimant in the ledger');
select is((select p.name::text from core.party p, was where p.party_id = first_id), 'Вторая Иван', 'the steward''s choice of fields holds');
select is(test.call('seller_b', format('select id from api.person_get(%L)', (select second_uuid from was))) -> 0 ->> 'id', (select first_uuid::text from was), 'R28: the old id resolves to the one person');
select is(test.call('seller_a', format('select id from api.person_get(%L)', (select first_uuid from was))) -> 0 ->> 'id', (select first_uuid::text from was), 'so does the other');
select is(test.call('seller_a', format('select level from api.person_get(%L)', (select second_uuid from was))) -> 0 ->> 'level', 'FULL', 'for each owner');
select is((select count(*) from jsonb_array_elements(test.call('seller_b', format('select * from api.timeline_list(%L)', (select second_uuid from was)))) e where e ->> 'text' = 'first'), 0::bigint,
    'neither dealer reads the other''s notes');
select is((select array_agg(c.channel || ' ' || (c.withdrawn_at is null) order by c.consent_id) from core.consent c, was where c.party_id = first_id and c.dealer_id = 0),
    '{"EMAIL false","EMAIL false","SMS true","SMS false"}', 'R28: a refusal newer than the grant ends it, a grant newer than the refusal stands');
select is((select count(*) from core.match_key k, was where k.party_id = second_id), 0::bigint, 'every key finds the one person');
select is(test.register('seller_c', 'Вторая', '+79035550002') -> 0 ->> 'verdict', 'DISPUTED', 'a registration by the merged phone meets the one person (R23)');
select is((select s.sale_count from core.party_summary s, was where s.party_id = first_id and s.dealer_id = 2), 1, 'sums follow the documents');
select is((select count(*) from jsonb_array_elements(test.call('router', 'select * from api.people_list(p_q => ''втор'')')) e), 1::bigint, 'a router lists the person once');
select is(test.call('steward', format('select api.duplicate_merge(%L, ''low'', 2) as v', (select id from pair))) ->> 'error', 'ZC028', 'a pair is merged once');

-- later events of either side
select test.wait('1 hour');
select test.call('seller_b', format('select api.interaction_add(%L, ''NOTE'', p_text => ''later of second'')', (select first_uuid from was)));
select test.call('seller_a', format('select api.interaction_add(%L, ''NOTE'', p_text => ''later of first'')', (select first_uuid from was)));
select is(test.call('steward', format('select api.merge_undo(%L, '' '') as v', (select public_id from core.merge))) ->> 'error', 'ZC057', 'an undo needs its reason');
select is(test.call('steward', format('select api.merge_undo(%L, ''two people'') as v', (select public_id from core.merge))) -> 0 -> 'v' ->> 'undone_at' is not null, true, 'R29: the steward alone undoes within thirty days');
select is((select array_agg(i.text::text order by i.text::text) from core.interaction i, was where i.party_id = second_id), '{"later of second",second}', 'R29: later events go to the side their dealer knew');
delete from core.interaction i where i.text like 'later%';
select is(f.now_ -> k, f.was_ -> k, 'S21, R29: an undo restores exactly: ' || k) from (select test.facts() as now_, facts as was_ from before) f, unnest('{rights,contacts,keys,consents,work,past,sums,lists,search,people}'::text[]) k;
select is((select state::text from core.duplicate), 'SEPARATE', 'and the matcher does not ask again');
select is((select count(*) from core.party_alias), 0::bigint, 'each id is its own again');

-- thirty days later two people decide
select test.call('steward', format('select api.duplicate_separate(%L, 1)', gen_random_uuid()));
update core.duplicate set state = 'OPEN', decided_at = null, decided_by = null;
select test.merge((select id from pair), 'low');
select test.wait('31 days');
select is(test.call('steward', format('select api.merge_undo(%L, ''late'') as v', (select public_id from core.merge where undone_at is null))) -> 0 -> 'v' ->> 'approval_id' is not null, true, 'R29: after thirty days a second person is asked');
select is(test.call('steward', format('select api.approval_approve(%L) as v', (select public_id from core.approval))) ->> 'error', 'ZC132', 'the asker cannot grant it himself');
select is(test.call('admin', format('select api.approval_approve(%L) as v', (select public_id from core.approval))) -> 0 -> 'v' ->> 'state', 'APPROVED', 'an administrator grants');
select is((select count(*) from core.merge where undone_at is null), 0::bigint, 'and the merge is undone with the grant');


-- R54: prolongations by hand are those of the side that used more; the person is one, and so is his dealer's word
create function test.by_hand(p_surname text, p_times int) returns void language plpgsql as $$
begin
    for i in 1 .. p_times loop
        perform test.call('seller_a', format('select api.interaction_add(%L, ''VISIT'')', (test.row_of(p_surname)).public_id));
        perform test.wait('1 day');
    end loop;
end $$;
create function test.run_of(p_surname text) returns text language sql stable as $$
select string_agg(o.manual_run || ' ' || coalesce(o.prolonged_on::text, '-'), ', ') from test.open_of(p_surname) o $$;
create function test.counts(p_surname text) returns text language sql as $$
select test.call('seller_a', format('select * from api.interaction_add(%L, ''VISIT'')', (test.row_of(p_surname)).public_id)) -> 0 ->> 'is_qualifying' $$;
create function test.undo_merge(p_pair uuid) returns jsonb language sql as $$
select test.call('steward', (select format('select api.merge_undo(%L, ''two people'') as v', m.public_id) from core.merge m where m.undone_at is null)) $$;

select test.register('seller_a', 'Ручнова', '+79035550091'); select test.wait('1 minute');
select test.register('seller_a', 'Ручкова', '+79035550092'); select test.by_hand('Ручкова', 2);
create temp table hand as select test.run_of('Ручнова') as kept, test.run_of('Ручкова') as merged, test.pair('Ручнова', 'Ручкова') as pair;
select is((select split_part(kept, ' ', 1) || split_part(merged, ' ', 1) from hand), '02', 'R54: one of two persons was prolonged twice by hand, the other never');
select test.merge((select pair from hand), test.side_of((select pair from hand), 'Ручнова'));
select is(test.run_of('Ручнова'), (select merged from hand), 'R54: the right that stays counts what was said by hand about the other');
select is(test.counts('Ручнова'), 'false', 'R54: a merge gives no third prolongation by hand');
select test.undo_merge((select pair from hand));
select is(test.run_of('Ручнова') || ', ' || test.run_of('Ручкова'), (select kept || ', ' || merged from hand), 'R29: an undone merge gives each what it was');

-- the earlier right is the merged person's: it moves, with what it used
select test.register('seller_a', 'Вручнова', '+79035550093'); select test.by_hand('Вручнова', 2);
select test.register('seller_a', 'Вручкова', '+79035550094');
create temp table hand2 as select test.run_of('Вручнова') as merged, test.run_of('Вручкова') as kept, test.pair('Вручнова', 'Вручкова') as pair;
select test.merge((select pair from hand2), test.side_of((select pair from hand2), 'Вручкова'));
select is(test.run_of('Вручкова'), (select merged from hand2), 'R54: a right that moves to the survivor takes its prolongations by hand along');
select is(test.counts('Вручкова'), 'false', 'R54: and gets no new ones');
select test.undo_merge((select pair from hand2));
select is(test.run_of('Вручкова') || ', ' || test.run_of('Вручнова'), (select kept || ', ' || merged from hand2), 'R29: parted again, each is what it was');

-- R19: a close taken back is the same right, with its extension, its parking and its prolongations
select test.register('seller_a', 'Обратнова', '+79035550095'); select test.by_hand('Обратнова', 2);
select test.call('seller_a', format('select api.right_lost(%L, ''other'')', (select public_id from test.open_of('Обратнова'))));
select test.call('seller_a', format('select api.right_reopen(%L)', (select o.public_id from core.ownership o where o.party_id = (test.row_of('Обратнова')).party_id)));
select is((select o.state::text || ' ' || o.manual_run from test.open_of('Обратнова') o), 'ACTIVE 2', 'R19, R54: a close taken back gives no new prolongations by hand');
select is(test.counts('Обратнова'), 'false', 'R54: the third is refused there too');
select * from finish();
rollback;
