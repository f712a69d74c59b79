-- SPDX-License-Identifier: Apache-2.0
-- The clock lets nothing starve (R14): each part has its turn in a round, and one that is cut off takes no other with it.
begin;
\i tests/sql/fixture.sql
select plan(15);

create temp table waits as select p.name, p.every_s, p.rank from core.clock_parts() p where p.rank > 9;
select test.round();
select is(test.round(), '{rights,clear,arbiter,fill}', 'a second round at once has those parts that are in each');
select test.wait('1 day');
-- the longest overdue is first, whatever its distance
update core.clock_mark set at = core.now() - interval '1 day' - make_interval(secs => w.every_s) from waits w where w.name = clock_mark.name;
update core.clock_mark set at = core.now() - interval '3 days' where name = 'quality';
create temp table turns as select u.name, u.no from unnest(test.round()) with ordinality u(name, no);
select is((select string_agg(name, ' ' order by no) from turns where no <= 9), 'rights leads clear arbiter fill calls finish outbox locks', 'R14: what cannot wait has its turn first');
select is((select name from turns where no = 10), 'quality', 'of what can wait the longest overdue is first, not the most frequent');
select is((select string_agg(w.name, ' ') from waits w left join turns t using (name) where t.name is null), null, 'R14: and each has a turn in the round');
-- a part that was cut off: begun, and never done
select test.wait('1 day');
create function test.begin_quality() returns boolean language plpgsql as $$
declare t record;
begin
    t := core.clock_next(9);
    while t.name is distinct from 'quality' loop
        if t.name is null then return false; end if;
        t := core.clock_next(t.place);
    end loop;
    return true;
end $$;
select ok(test.begin_quality(), 'a part of twelve hours begins');
select ok('quality' <> all (test.round()), 'cut off, it does not stand in the way of the others');
select test.wait('61 seconds');
select ok('quality' = any (test.round()), 'and is due again within a minute');
select test.wait('61 seconds');
select ok('quality' <> all (test.round()), 'once done it rests its twelve hours');
-- a round ends, whatever is due again while it lasts
create function test.endless() returns int language plpgsql as $$
declare t record; n int := 0;
begin
    t := core.clock_next(0);
    while t.name is not null and n < 100 loop
        delete from core.clock_mark where name = t.name;
        n := n + 1;
        t := core.clock_next(t.place);
    end loop;
    return n;
end $$;
delete from core.clock_mark where name in (select p.name from core.clock_parts() p);
select is(test.endless(), (select count(*)::int from core.clock_parts()), 'R14: a round has no more turns than there are parts, whatever is due again in it');
select test.round();

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

-- streamed events go after a day, the oldest first
delete from core.event;
insert into core.event (staff_id, kind, payload, at) select test.staff('seller_a'), 'notice', '{}', core.now() - make_interval(hours => h) from unnest('{30,25,23}'::int[]) h;
select core.clock_tidy();
select is((select array_agg(extract(epoch from core.now() - e.at)::int / 3600) from core.event e), '{23}', 'events are kept for a day');

-- warnings of a network's many terms are a walk in steps
set local session_replication_role = replica;
update core.ownership o set protect_until = core.now() + interval '1 day', seat_id = test.staff('seller_a') from core.party p
where p.party_id = o.party_id and p.surname = 'Массов' and o.state = 'ACTIVE' and o.party_id in (select x.party_id from core.party x where x.surname = 'Массов' order by x.party_id desc limit 100);
set local session_replication_role = origin;
delete from core.clock_state where name = 'warnings';
create temp table steps as select n, core.clock_warnings(30) as looked from generate_series(1, 8) n;
select is((select array_agg(looked order by n) from steps), '{30,30,30,30,30,30,20,0}', 'N6: a step looks at so many of the hundred, for either warning, and goes on where the one before ended');
select is((select count(*) || ' ' || count(distinct subject) from core.notice where kind = 'N6' and staff_id = test.staff('seller_a') and occurrence like '%P10.%'), '200 100', 'each is told of once a warning');
select is(core.clock_warnings(30), 0, 'and the walk is over until the next hour');
select * from finish();
rollback;
