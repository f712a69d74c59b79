-- SPDX-License-Identifier: Apache-2.0
-- Seven indexes of the list are in the order of names. Compared by ICU, each entry cost some twenty comparisons of 0.5 us; whatever
-- changed a right paid that seven times. The column now holds ICU's own sort key (core.name_key), which compares as bytes: the same order.
-- Whoever moves to another version of ICU makes the projection anew (core.rebuild_projection), as he would have to reindex.

-- functions that were parsed with the old type stand in the way; the renewal of the code, which follows, makes them again
do $$
declare f record;
begin
    for f in select distinct d.objid::regprocedure::text as name from pg_depend d
             join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
             where d.classid = 'pg_proc'::regclass and d.refobjid = 'core.dealer_party'::regclass and a.attname = 'name_sort' loop
        execute format('drop function %s cascade', f.name);
    end loop;
end $$;
alter table core.dealer_party alter column name_sort type text collate "C" using core.name_key(name);
