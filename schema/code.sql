-- SPDX-License-Identifier: Apache-2.0
-- The two ends of renewing code, run by deploy/migrate inside its one transaction. Phase "drop" removes every function,
-- trigger, policy and composite type, so that nothing unwritten survives; phase "own" gives what was made its owner and takes it from PUBLIC.

select :'phase' = 'drop' as is_drop \gset
\if :is_drop
drop schema if exists api cascade;
do $$
declare r record; names text;
begin
    for r in select p.polname, p.polrelid::regclass as t from pg_catalog.pg_policy p
             join pg_catalog.pg_class c on c.oid = p.polrelid
             where c.relnamespace in ('core'::regnamespace, 'session'::regnamespace) loop
        execute format('drop policy %I on %s', r.polname, r.t);
    end loop;
    for r in select g.tgname, g.tgrelid::regclass as t from pg_catalog.pg_trigger g
             join pg_catalog.pg_class c on c.oid = g.tgrelid
             where not g.tgisinternal and c.relnamespace in ('core'::regnamespace, 'session'::regnamespace) loop
        execute format('drop trigger %I on %s', r.tgname, r.t);
    end loop;
    for r in select c.oid::regclass as v from pg_catalog.pg_class c
             where c.relkind = 'v' and c.relnamespace in ('core'::regnamespace, 'session'::regnamespace) loop
        execute format('drop view if exists %s cascade', r.v);
    end loop;
    -- the extension's C functions stay: columns take their default from core.now(), and they are replaced in place
    select string_agg(p.oid::regprocedure::text, ', ') into names from pg_catalog.pg_proc p
    join pg_catalog.pg_language l on l.oid = p.prolang
    where p.pronamespace in ('core'::regnamespace, 'session'::regnamespace) and l.lanname <> 'c';
    if names is not null then execute 'drop routine ' || names; end if;
    -- composite types are shapes of results and made again too; enums and domains are released with schema/types.sql
    select string_agg(c.oid::regclass::text, ', ') into names from pg_catalog.pg_class c
    where c.relkind = 'c' and c.relnamespace in ('core'::regnamespace, 'session'::regnamespace);
    if names is not null then execute 'drop type ' || names; end if;
end $$;
create schema api authorization clientele_owner;
comment on schema api is 'Public functions, one per route of server/routes.def; dropped and made again by every migration.';
\else
-- SECURITY DEFINER functions belong to engine, those of schema session to binder, unless their file says otherwise;
-- all others to clientele_owner. Nobody may call anything yet.
do $$
declare r record; to_role text;
begin
    for r in select p.oid::regprocedure as f, p.prosecdef, p.pronamespace::regnamespace::text as s, l.lanname,
                    p.proowner::regrole::text as owner
             from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang
             where p.pronamespace in ('core'::regnamespace, 'session'::regnamespace, 'api'::regnamespace) loop
        execute format('revoke all on routine %s from public', r.f);
        continue when r.lanname = 'c' or r.owner in ('engine', 'binder', 'clientele_owner');
        to_role := case when not r.prosecdef then 'clientele_owner' when r.s = 'session' then 'binder' else 'engine' end;
        execute format('alter routine %s owner to %I', r.f, to_role);
    end loop;
    for r in select t.oid::regtype as t from pg_catalog.pg_type t left join pg_catalog.pg_class c on c.oid = t.typrelid
             where t.typnamespace in ('core'::regnamespace, 'api'::regnamespace) and t.typtype = 'c' and c.relkind = 'c' loop
        execute format('alter type %s owner to clientele_owner', r.t);
    end loop;
    -- every table: row security enabled and forced, the owner of decisions sees all rows by a policy of its own
    for r in select c.oid::regclass as t, c.relnamespace::regnamespace::text as s from pg_catalog.pg_class c
             where c.relkind in ('r', 'p') and c.relnamespace in ('core'::regnamespace, 'session'::regnamespace) loop
        execute format('alter table %s enable row level security, force row level security', r.t);
        execute format('revoke all on %s from public, login, dealer, head_office, auditor, system, engine, binder', r.t);
        if r.s = 'core' then
            execute format('grant select, insert, update, delete on %s to engine', r.t);
            execute format('create policy "decisions of the engine see every row" on %s to engine using (true) with check (true)', r.t);
        else
            execute format('grant select, insert, update, delete on %s to binder', r.t);
            execute format('create policy "sessions are known to the binder" on %s to binder using (true) with check (true)', r.t);
        end if;
    end loop;
end $$;
grant usage on schema core, session to engine, binder;
grant usage on schema api to engine;
grant usage on all sequences in schema core, session to engine, binder;
grant execute on all functions in schema core to engine;
grant execute on all functions in schema api to engine;
-- Compile every body now that all names exist (creation could not: files refer to each other).
set local check_function_bodies = on;
do $$
declare r record;
begin
    for r in select p.oid, p.oid::regprocedure as f, l.lanname from pg_catalog.pg_proc p
             join pg_catalog.pg_language l on l.oid = p.prolang
             where p.pronamespace in ('core'::regnamespace, 'session'::regnamespace, 'api'::regnamespace)
               and l.lanname in ('sql', 'plpgsql') and p.prosqlbody is null loop
        begin
            if r.lanname = 'sql' then perform pg_catalog.fmgr_sql_validator(r.oid);
            else perform pg_catalog.plpgsql_validator(r.oid); end if;
        exception when others then raise exception '%: %', r.f, sqlerrm;
        end;
    end loop;
end $$;
\endif
