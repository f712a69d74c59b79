-- SPDX-License-Identifier: Apache-2.0
-- The clock lets nothing starve (R14): what can wait has its turn, however long what cannot wait takes.
begin;
\i tests/sql/fixture.sql
select plan(5);

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
select * from finish();
rollback;
