-- SPDX-License-Identifier: Apache-2.0
-- The clock lets nothing starve (R14): what can wait has its turn, however long what cannot wait takes.
begin;
\i tests/sql/fixture.sql
select plan(7);

-- each turn is a long one: nothing that can wait would begin any more
create function test.turns(p_n int) returns void language plpgsql as $$
begin
    for i in 1 .. p_n loop
        perform test.wait('1 day');
        perform core.clock_tick('-1 second');
    end loop;
end $$;
create temp table waits as select unnest('{tell,disputes,notices,seal,kpi,tidy,family,service,retention,watch,competing,night,quality,keys}'::text[]) as name;
insert into core.clock_mark (name, at) select name, core.now() from waits on conflict (name) do update set at = excluded.at;
create temp table begun as select core.now() as at;
select test.turns(1);
select is((select count(*) from waits w join core.clock_mark m using (name), begun b where m.at > b.at), 1::bigint, 'R14: of what can wait one part has its turn in the longest of turns');
select is((select count(*) from core.clock_mark m, begun b where m.name in ('leads', 'calls', 'finish', 'outbox', 'locks') and m.at > b.at), 5::bigint, 'what cannot wait has it always');
select test.turns(13);
select is((select string_agg(w.name, ' ') from waits w join core.clock_mark m using (name), begun b where m.at = b.at), null, 'R14: within as many turns as there are parts each has had one');
select is((select count(distinct m.at) from waits w join core.clock_mark m using (name)), 14::bigint, 'none of them two before another had one');
-- the longest overdue is first, whatever its distance
insert into core.clock_mark (name, at) select name, core.now() from waits on conflict (name) do update set at = excluded.at;
update core.clock_mark set at = core.now() - interval '3 days' where name = 'quality';
update core.clock_mark set at = core.now() - interval '1 day' where name = 'tell';
select core.clock_tick('-1 second');
select is((select m.at = core.now() from core.clock_mark m where m.name = 'quality') and (select m.at < core.now() from core.clock_mark m where m.name = 'tell'), true, 'the longest overdue is first, not the most frequent');

-- a batch of a mass expiry reads its own rights, not all that are due: behind the engine's row policy an index is walked in order only if the query asks for it
insert into core.party (kind, name, surname, source) select 'PERSON', 'Массов ' || n, 'Массов', 'test' from generate_series(1, 400) n;
set local session_replication_role = replica;
insert into core.ownership (party_id, brand_id, line, dealer_id, state, since, registered_at, protect_until, free_from, event, rule, changed_at)
select p.party_id, 1, 'NEW', 1, 'ACTIVE', core.now() - interval '90 days', core.now() - interval '90 days', core.now() - interval '1 hour', 'infinity', 'register', 'R30', core.now() - interval '90 days'
from core.party p where p.surname = 'Массов';
set local session_replication_role = origin;
set local enable_seqscan = off;
set local enable_bitmapscan = off;
create temp table fetched as select pg_stat_get_xact_tuples_returned('core.ownership_clock'::regclass) as n;
set local role engine;
select core.clock_terms(20, 0);
select core.clock_terms(20, 1);
select core.clock_reached();
reset role;
select is((select count(*) from core.ownership o join core.party p using (party_id) where p.surname = 'Массов' and o.state = 'GRACE'), 40::bigint, 'R14: a batch of each half ends its twenty');
select cmp_ok(pg_stat_get_xact_tuples_returned('core.ownership_clock'::regclass) - (select n from fetched), '<=', 100::bigint, 'and reads no more than these, however many are due (R159)');
select * from finish();
rollback;
