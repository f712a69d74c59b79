-- SPDX-License-Identifier: Apache-2.0
-- Sequences go on behind what was loaded, and the tools go away.

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
