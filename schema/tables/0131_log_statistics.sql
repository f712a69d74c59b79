-- SPDX-License-Identifier: Apache-2.0
-- Registrations write these three without a pause and find their rows by key. A sample of 30,000 of them cost a core a third of a second each
-- time one had grown by its part, with everybody who registers waiting beside it (R159); 3,000 tell as much.
do $$
declare c record;
begin
    for c in select a.attrelid::regclass as rel, a.attname from pg_attribute a
             where a.attrelid in ('core.receipt'::regclass, 'core.row_verdict'::regclass, 'session.idempotency'::regclass) and a.attnum > 0 and not a.attisdropped loop
        execute format('alter table %s alter column %I set statistics 10', c.rel, c.attname);
    end loop;
end $$;
