-- SPDX-License-Identifier: Apache-2.0
-- The roles of the cluster and what PUBLIC loses. Run first by every migration; changes nothing the second time.
--
-- clientele_owner owns schemas, types and tables, and can log in nowhere. engine owns the functions that decide about rows
-- the caller may not see; binder owns those that know sessions. The five logins are all that the server can connect as.

do $$
declare r text;
begin
    foreach r in array array['clientele_owner', 'engine', 'binder'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = r) then execute format('create role %I', r); end if;
        execute format('alter role %I nologin noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls', r);
    end loop;
    foreach r in array array['login', 'dealer', 'head_office', 'auditor', 'system'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = r) then execute format('create role %I', r); end if;
        execute format('alter role %I login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls', r);
        -- an error line of the database would carry input values: personal data. The server logs the SQLSTATE
        execute format('alter role %I set log_min_messages = fatal', r);
        execute format('alter role %I set search_path = ''''', r);
    end loop;
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to login, dealer, head_office, auditor, system', current_database());
    execute format('grant connect, create on database %I to clientele_owner', current_database());
end $$;
revoke all on schema public from public;
-- A setting of this name can be set only by the owner of session.bind (design decision 7).
grant set on parameter clientele.identity to binder;

-- What any role may do by default and none here needs: large objects, advisory locks that would stand in our own's way.
revoke execute on function pg_catalog.lo_create(oid), pg_catalog.lo_creat(int), pg_catalog.lo_from_bytea(oid, bytea),
    pg_catalog.lo_put(oid, bigint, bytea), pg_catalog.lo_open(oid, int), pg_catalog.lowrite(int, bytea),
    pg_catalog.pg_advisory_lock(bigint), pg_catalog.pg_advisory_lock(int, int),
    pg_catalog.pg_advisory_xact_lock(bigint), pg_catalog.pg_advisory_xact_lock(int, int),
    pg_catalog.pg_try_advisory_lock(bigint), pg_catalog.pg_try_advisory_lock(int, int),
    pg_catalog.pg_try_advisory_xact_lock(bigint), pg_catalog.pg_try_advisory_xact_lock(int, int),
    pg_catalog.pg_advisory_lock_shared(bigint), pg_catalog.pg_advisory_lock_shared(int, int),
    pg_catalog.pg_advisory_xact_lock_shared(bigint), pg_catalog.pg_advisory_xact_lock_shared(int, int),
    pg_catalog.pg_try_advisory_lock_shared(bigint), pg_catalog.pg_try_advisory_lock_shared(int, int),
    pg_catalog.pg_try_advisory_xact_lock_shared(bigint), pg_catalog.pg_try_advisory_xact_lock_shared(int, int) from public;
grant execute on function pg_catalog.pg_advisory_xact_lock(bigint), pg_catalog.pg_try_advisory_xact_lock(bigint),
    pg_catalog.pg_advisory_xact_lock(int, int), pg_catalog.pg_try_advisory_xact_lock(int, int) to engine, binder;
-- the turn of two connections on one list ends before their transactions do (core.import_take_beside)
grant execute on function pg_catalog.pg_advisory_lock(bigint) to engine;

create schema if not exists migration authorization clientele_owner;
comment on schema migration is 'What deploy/migrate applied.';
create table if not exists migration.file (name text primary key, sha256 text not null, at timestamptz not null default now());
comment on table migration.file is 'SHA-256 of each released file, and of all code of the last run.';
