-- SPDX-License-Identifier: Apache-2.0
-- The end: classes, summaries, match keys, projections, the ledger's past, sequences; then proofs, and the tools go away.


analyze;
-- ABC over the network by what a client brought: 80 % of the money, the next 15 %, the rest
with brought as (
    select party_id, sum(kopecks) as k from (select party_id, margin_kopecks * 4 as kopecks from core.sale union all select party_id, amount_kopecks from core.repair_order) x group by party_id),
shared as (select party_id, sum(k) over (order by k desc, party_id) / sum(k) over () as share from brought)
update core.party p set abc = case when s.share <= 0.80 then 'A' when s.share <= 0.95 then 'B' else 'C' end::core.abc from shared s where s.party_id = p.party_id;

set local session_replication_role = origin;
analyze;     -- the projection joins what this very transaction loaded: without figures the planner takes every table for empty
select core.rebuild_projection() \g /dev/null

-- every identity column continues behind what was loaded
do $$
declare r record;
begin
    for r in select c.oid::regclass as t, a.attname as a, pg_get_serial_sequence(c.oid::regclass::text, a.attname) as s
             from pg_class c join pg_attribute a on a.attrelid = c.oid
             where c.relnamespace in ('core'::regnamespace, 'session'::regnamespace) and c.relkind = 'r' and a.attidentity <> '' loop
        execute format('select setval(%L, greatest((select coalesce(max(%I), 0) from %s), 1000))', r.s, r.a, r.t);
    end loop;
end $$;
drop schema demo cascade;
