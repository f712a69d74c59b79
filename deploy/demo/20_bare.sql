-- SPDX-License-Identifier: Apache-2.0
-- A large base: the indexes of its large tables are made after the rows, which is several times quicker. An index that is not
-- ready takes no entries; REINDEX fills it and makes it valid again. No definition is touched, so none can be lost, and
-- whatever a unique index promises is checked when it is filled.

create table demo.bare as
select i.indexrelid, t.relname::text as relname, c.relname::text as name, i.indisprimary as is_primary
from pg_index i join pg_class t on t.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
where t.relnamespace = 'core'::regnamespace and t.relkind = 'r' and i.indisvalid and i.indisready
  and t.relname in ('party', 'contact_point', 'match_key', 'consent', 'vehicle', 'vehicle_owner', 'sale', 'repair_order', 'ownership',
                    'ownership_history', 'interaction', 'task', 'dealer_party', 'party_summary', 'party_total')
  -- a dealer's rows are found by these while they are made
  and c.relname <> 'dealer_party_pkey';
update pg_index i set indisready = false, indisvalid = false from demo.bare b where b.indexrelid = i.indexrelid;

create function demo.dress(p_tables text[], p_is_primary boolean default null) returns void language plpgsql as $$
declare r record;
begin
    for r in delete from demo.bare b where (p_tables is null or b.relname = any (p_tables)) and (p_is_primary is null or b.is_primary = p_is_primary) returning b.name loop
        execute format('reindex index core.%I', r.name);
    end loop;
end $$;
