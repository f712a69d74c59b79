-- SPDX-License-Identifier: Apache-2.0
-- A large base: indexes that keep no promise are made after the rows, which is several times quicker.

create table demo.bare as
select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
from pg_index i join pg_class t on t.oid = i.indrelid
where t.relnamespace = 'core'::regnamespace and t.relkind = 'r' and not i.indisunique
  and t.relname in ('party', 'contact_point', 'match_key', 'consent', 'vehicle', 'vehicle_owner', 'sale', 'repair_order', 'ownership',
                    'ownership_history', 'interaction', 'task', 'dealer_party', 'dealer_key', 'ledger');
do $$
declare r record;
begin
    for r in select name from demo.bare loop execute 'drop index ' || r.name; end loop;
end $$;
