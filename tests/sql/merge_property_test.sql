-- SPDX-License-Identifier: Apache-2.0
-- Property of R28, R29: whatever is merged and parted in whatever order, a small model of which ids are one agrees after every step, and when
-- all is parted every person has exactly what he had before.
begin;
\i tests/sql/fixture.sql
select plan(5);

-- six people of one brand and line, of three dealers, so that merges meet the same owner, another owner and nobody
select test.register('seller_a', 'Один', '+79035660001', ', p_email => ''one@mail.example'''), test.register('seller_b', 'Два', '+79035660112'),
    test.register('seller_c', 'Три', '+79035660223', ', p_email => ''three@mail.example''', 2), test.register('seller_a', 'Четыре', '+79035660334'),
    test.register('seller_b', 'Пять', '+79035660445', ', p_vin => ''XTA210990Y2765432'''), test.register('seller_c', 'Шесть', '+79035660556', ', p_passport => ''4510 123456''');
create temp table model as select p.party_id, p.public_id, p.party_id as lives_as from core.party p where p.surname in ('Один', 'Два', 'Три', 'Четыре', 'Пять', 'Шесть');
select test.call('seller_a', format('select api.interaction_add(%L, ''NOTE'', p_text => ''n'')', p.public_id)) from core.party p where p.surname in ('Один', 'Четыре');

create function pg_temp.facts(p_party bigint) returns jsonb language sql stable as $$
select jsonb_build_object('fields', (select core.party_fields(p) from core.party p where p.party_id = p_party),
    'rights', (select jsonb_agg(jsonb_build_array(o.brand_id, o.line, o.dealer_id, o.seat_id, o.state, o.registered_at, o.protect_until, o.limit_until) order by o.brand_id, o.line) from core.ownership o where o.party_id = p_party and o.state <> 'CLOSED'),
    'contacts', (select jsonb_agg(jsonb_build_array(c.kind, c.value, c.is_primary, c.source_dealer_id, c.shared_ids) order by c.contact_id) from core.contact_point c where c.party_id = p_party),
    'keys', (select jsonb_agg(jsonb_build_array(k.kind, k.value, k.surname_key, k.is_exact) order by k.kind, k.value) from core.match_key k where k.party_id = p_party),
    'consents', (select jsonb_agg(jsonb_build_array(c.consent_id, c.withdrawn_at) order by c.consent_id) from core.consent c where c.party_id = p_party),
    'past', (select jsonb_agg(i.interaction_id order by i.interaction_id) from core.interaction i where i.party_id = p_party),
    'cars', (select jsonb_agg(jsonb_build_array(v.vehicle_id, v.from_on, v.to_on) order by v.vehicle_id) from core.vehicle_owner v where v.party_id = p_party),
    'lists', (select jsonb_agg(jsonb_build_array(d.dealer_id, d.name, d.manager_level) order by d.dealer_id) from core.dealer_party d where d.party_id = p_party)) $$;
create temp table before_all as select m.party_id, pg_temp.facts(m.party_id) as facts from model m;

create temp table odd (step int, what text);
create temp table done (what text, n int);
create function pg_temp.check(p_step int, p_what text) returns void language plpgsql as $$
begin
    insert into odd select p_step, p_what || ': id of ' || m.party_id from model m where core.party_of(m.public_id) is distinct from m.lives_as;
    insert into odd select p_step, p_what || ': two open rights' from core.ownership o where o.state <> 'CLOSED' group by o.party_id, o.brand_id, o.line, o.vehicle_id having count(*) > 1;
    insert into odd select p_step, p_what || ': a right of nobody' from core.ownership o join core.party p using (party_id) where o.state <> 'CLOSED' and p.merged_into is not null;
    insert into odd select p_step, p_what || ': keys lost' where (select count(distinct (k.kind, k.value)) from core.match_key k)
        <> (select count(distinct (e ->> 0, e ->> 1)) from before_all b, jsonb_array_elements(b.facts -> 'keys') e);
end $$;
select diag(test.dice());
do $$
declare n int; a bigint; b bigint; d uuid; g record; r jsonb; v int; stack uuid[] := '{}'; olds jsonb := '{}';
begin
    for n in 1 .. 500 loop
        exit when n > 24 and (select count(*) from done where what = 'merge') >= 8;
        perform test.wait('1 minute');
        if random() < 0.6 or stack = '{}' then
            select x.lives_as into a from model x order by random() limit 1;
            select x.lives_as into b from model x where x.lives_as <> a order by random() limit 1;
            continue when b is null;
            insert into core.duplicate (party_low, party_high, class, score, weights, source) values (least(a, b), greatest(a, b), 'STRONG', 1, '[]', 'scan')
            on conflict (party_low, party_high) do update set state = 'OPEN', decided_at = null, decided_by = null, ver = core.duplicate.ver + 1 returning public_id, ver into d, v;
            r := test.call('steward', format('select api.duplicate_merge(%L, %L, %s) as v', d, case when a < b then 'low' else 'high' end, v));
            if r ? 'error' then insert into odd values (n, 'merge refused: ' || r::text); continue; end if;
            stack := stack || (r -> 0 -> 'v' ->> 'id')::uuid;
            olds := olds || jsonb_build_object(r -> 0 -> 'v' ->> 'id', (select jsonb_agg(x.party_id) from model x where x.lives_as = b));
            update model set lives_as = a where lives_as = b;
            insert into done values ('merge', n);
            perform pg_temp.check(n, 'merge');
        else
            r := test.call('steward', format('select api.merge_undo(%L, ''two people'') as v', stack[cardinality(stack)]));
            if r ? 'error' then insert into odd values (n, 'undo refused: ' || r::text); exit; end if;
            select x.merged_id into b from core.merge x where x.public_id = stack[cardinality(stack)];
            update model m set lives_as = b where m.party_id in (select e::bigint from jsonb_array_elements_text(olds -> stack[cardinality(stack)]::text) e);
            stack := stack[:cardinality(stack) - 1];
            insert into done values ('undo', n);
            perform pg_temp.check(n, 'undo');
        end if;
    end loop;
    while stack <> '{}' loop
        r := test.call('steward', format('select api.merge_undo(%L, ''two people'') as v', stack[cardinality(stack)]));
        if r ? 'error' then insert into odd values (n, 'last undo refused: ' || r::text); exit; end if;
        select x.merged_id into b from core.merge x where x.public_id = stack[cardinality(stack)];
        update model m set lives_as = b where m.party_id in (select e::bigint from jsonb_array_elements_text(olds -> stack[cardinality(stack)]::text) e);
        stack := stack[:cardinality(stack) - 1];
        insert into done values ('undo', n);
        perform pg_temp.check(n, 'undo');
    end loop;
end $$;
select cmp_ok((select count(*) from done where what = 'merge'), '>=', 8::bigint, 'merges of every kind happened');
select is((select string_agg(o.step || ' ' || o.what, E'\n') from odd o), null, 'R28: after every step each id leads to whom the model says, one right a line, no key is lost');
select is((select count(*) from model where lives_as <> party_id), 0::bigint, 'all were parted again');
select is((select jsonb_agg(jsonb_build_array(b.party_id, e.key, e.value, pg_temp.facts(b.party_id) -> e.key)) from before_all b, jsonb_each(b.facts) e where pg_temp.facts(b.party_id) -> e.key is distinct from e.value), null,
    'R29: each has exactly what he had: fields, rights, contacts, keys, consents, history, cars, lists');
select is((select count(*) from core.party_alias), 0::bigint, 'and each id is its own');
select * from finish();
rollback;
