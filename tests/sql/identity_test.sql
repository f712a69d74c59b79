-- SPDX-License-Identifier: Apache-2.0
-- Identity: it does not matter who came first; a registration costs the same whoever is typed (R20-R23).
begin;
\i tests/sql/fixture.sql
select plan(8);

-- in both orders the same: random pairs of one telephone, mail or car, in many writings and with parts of the name missing
create table pg_temp.odd (one jsonb, other jsonb, here text, there text);
create function pg_temp.outcome(a jsonb, b jsonb) returns text language plpgsql as $$
declare x core.party_taken; y core.party_taken; v text;
begin
    begin
        x := core.party_take(1, null, a, 'hand'); y := core.party_take(1, null, b, 'hand');
        v := case when not y.is_created then 'joined' else coalesce((select d.class::text || ' ' || round(d.score::numeric, 3) from core.duplicate d
            where (d.party_low, d.party_high) = (least(x.party_id, y.party_id), greatest(x.party_id, y.party_id))), 'apart') end;
        raise exception using errcode = 'ZC999', message = 'taken back';
    exception when sqlstate 'ZC999' then return v;
    end;
end $$;
create function pg_temp.somebody() returns jsonb language sql volatile as $$
select jsonb_strip_nulls(jsonb_build_object(
    'surname', case when random() < 0.6 then (array['Иванов', 'Ivanov', 'Иванова', 'Иванову', 'Bdfyjd', 'Жуков', 'Jukov', 'Саша', 'Римский-Корсаков', 'Римский Корсаков'])[1 + floor(random() * 10)] end,
    'given_name', case when random() < 0.6 then (array['Иван', 'Ivan', 'Александр', 'Саша', 'Александра', 'Иванов', 'Пётр', 'Петр'])[1 + floor(random() * 8)] end,
    'name', case when random() < 0.5 then (array['Иванов', 'Иван', 'Иван Иванов', 'Иванов Иван Петрович', '  Иванов   Иван ', 'Саша', 'Жуков Александр', 'Ivanov Ivan'])[1 + floor(random() * 8)] end,
    'patronymic', case when random() < 0.2 then 'Петрович' end,
    'born_on', case when random() < 0.4 then (array['1980-04-05', '1981-05-06'])[1 + floor(random() * 2)] end,
    'address', case when random() < 0.3 then 'Москва, Тверская 1' end,
    'phone', case when random() < 0.8 then (array['+79035550001', '8 903 555-00-01', '+79035550002'])[1 + floor(random() * 3)] end,
    'email', case when random() < 0.4 then (array['one@mail.example', 'two@mail.example'])[1 + floor(random() * 2)] end,
    'vin', case when random() < 0.2 then 'XTA210990Y2765432' end)) $$;
select diag(test.dice());
do $$
declare a jsonb; b jsonb; h text; t text;
begin
    for n in 1 .. 10000 loop
        exit when n > 400 and (select count(*) > 250 and count(distinct split_part(here, ' ', 1)) >= 4 from pg_temp.odd);    -- what is rare is waited for
        a := pg_temp.somebody(); b := pg_temp.somebody();
        continue when core.name_of(a) is null or core.name_of(b) is null;
        h := pg_temp.outcome(a, b); t := pg_temp.outcome(b, a);
        insert into pg_temp.odd values (a, b, h, t);
    end loop;
end $$;
select cmp_ok((select count(*) from pg_temp.odd), '>', 250::bigint, 'some hundred random pairs were taken in both orders');
select cmp_ok((select count(distinct split_part(here, ' ', 1)) from pg_temp.odd), '>=', 4::bigint, 'of every outcome: joined, STRONG or EXACT, POSSIBLE, apart');
select is((select jsonb_agg(jsonb_build_array(one, other, here, there)) from (select * from pg_temp.odd where here <> there limit 3) o), null,
    'whoever comes first, the outcome is the same (R22, R27)');
select is(pg_temp.outcome('{"given_name": "Иван", "phone": "89035550009"}', '{"name": "Иван", "phone": "89035550009"}'), 'joined', 'a person without a surname is known again by his word and number');
select is(pg_temp.outcome('{"name": "Иван", "phone": "89035550009"}', '{"given_name": "Иван", "phone": "89035550009"}'), 'joined', 'in either order');
select isnt(pg_temp.outcome('{"given_name": "Иван", "phone": "89035550009"}', '{"surname": "Иванов", "given_name": "Иван", "phone": "89035550009"}'), 'joined',
    'but a given name proves no surname (R22)');

-- a key that thousands share, and a name that thousands have, cost nobody more
set local session_replication_role = replica;
with p as (insert into core.party (kind, name, surname, given_name, born_on, address, source)
    select 'PERSON', 'Иванов Александр', 'Иванов', 'Александр', '1970-01-01', 'Москва', 'test' from generate_series(1, 4000) returning party_id)
insert into core.match_key (kind, value, party_id, surname_key, is_exact)
select k.kind::core.key_kind, k.value, p.party_id, 'ivanov', false from p, (values ('PHONE', '+79035550003'), ('EMAIL', 'all@mail.example')) k(kind, value);
set local session_replication_role = origin;
set local plan_cache_mode = force_generic_plan;
create function pg_temp.read_rows() returns bigint language sql volatile as $$
select sum(pg_stat_get_xact_tuples_returned(i.indexrelid) + pg_stat_get_xact_tuples_returned(i.indrelid))::bigint
from (select x.indexrelid, x.indrelid from pg_index x where x.indrelid in ('core.match_key'::regclass, 'core.party'::regclass)) i $$;
create function pg_temp.cost(p_data jsonb) returns bigint language plpgsql as $$
declare n bigint; r core.registration;
begin
    n := pg_temp.read_rows();
    r := core.register(1, 102, p_data || '{"brand_id": 1, "line": "NEW", "source": "x", "occasion": "walk_in", "interest": "x", "consent_evidence": "x"}', 'hand');
    return pg_temp.read_rows() - n;
end $$;
select cmp_ok(pg_temp.cost('{"surname": "Иванов", "given_name": "Александр", "born_on": "1970-01-01", "address": "Москва", "phone": "89035550004"}'), '<', 1500::bigint,
    'a namesake of thousands, of their birthday and address, is registered at a bounded cost (R159)');
select cmp_ok(pg_temp.cost('{"surname": "Петров", "given_name": "Олег", "phone": "89035550003", "email": "all@mail.example"}'), '<', 3000::bigint,
    'so is who types a number and an address that thousands have');
select * from finish();
rollback;
