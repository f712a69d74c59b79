// SPDX-License-Identifier: Apache-2.0
// The database's own catalogue: forced row security, named roles in policies, pinned search paths, nothing for PUBLIC (threat 8).
import test, { after } from 'node:test'
import assert from 'node:assert/strict'
import { closeDatabase, noNetwork, rows } from '../lib/network.mjs'

const skip = noNetwork
after(closeDatabase)
const none = async (query, message) => assert.deepEqual((await rows(query)).map((r) => Object.values(r).join(' ')), [], message)
const OURS = `n.nspname in ('core', 'session', 'api')`

test('every table has row security, forced', { skip }, () => none(`select c.oid::regclass::text as t from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and ${OURS} and not (c.relrowsecurity and c.relforcerowsecurity)`))
test('every policy names its role', { skip }, () => none(`select p.tablename, p.policyname from pg_policies p where p.schemaname in ('core', 'session') and 'public' = any (p.roles)`))
test('every policy for writing checks what is written', { skip }, () => none(`select p.tablename, p.policyname from pg_policies p
  where p.schemaname in ('core', 'session') and p.cmd in ('INSERT', 'UPDATE') and p.with_check is null and p.qual is null`))
test('every SECURITY DEFINER function pins its search path and is owned by no superuser', { skip }, () => none(`select p.oid::regprocedure::text as f from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  join pg_roles r on r.oid = p.proowner where ${OURS} and p.prosecdef and (r.rolsuper or not coalesce(array_to_string(p.proconfig, ','), '') ~ 'search_path=("")?')`))
test('nothing is executable by PUBLIC', { skip }, () => none(`select p.oid::regprocedure::text as f from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where ${OURS} and has_function_privilege('public', p.oid, 'execute')`.replace(`has_function_privilege('public', p.oid, 'execute')`, `exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)`)))
test('every view obeys its caller; there is no materialised one', { skip }, () => none(`select c.oid::regclass::text as v from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(array_to_string(c.reloptions, ',') like '%security_invoker=%', false)))`))
test('the logins are nobody: no superuser, no bypass, no inheritance, nothing to create', { skip }, async () => {
  await none(`select r.rolname from pg_roles r where r.rolname in ('login', 'dealer', 'head_office', 'auditor', 'system', 'engine', 'binder', 'clientele_owner')
    and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication)`)
  await none(`select r.rolname from pg_roles r where r.rolname in ('login', 'dealer', 'head_office', 'auditor', 'system') and (r.rolinherit or exists (select from pg_auth_members m where m.member = r.oid))`)
  await none(`select r from unnest(array['login', 'dealer', 'head_office', 'auditor', 'system']) r where has_database_privilege(r, current_database(), 'create') or has_database_privilege(r, current_database(), 'temp')`)
  await none(`select n.nspname, r from pg_namespace n, unnest(array['login', 'dealer', 'head_office', 'auditor', 'system']) r where has_schema_privilege(r, n.oid, 'create') and n.nspname !~ '^pg_temp'`)
})
test('only its class may change a table, and only through functions', { skip }, () => none(`select c.oid::regclass::text as t, r from pg_class c join pg_namespace n on n.oid = c.relnamespace,
  unnest(array['login', 'dealer', 'head_office', 'auditor']) r where c.relkind = 'r' and n.nspname in ('core', 'session') and has_table_privilege(r, c.oid, 'insert,update,delete,truncate')`))
test('every public function is documented and no two share a name', { skip }, async () => {
  await none(`select p.oid::regprocedure::text as f from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'api' and obj_description(p.oid, 'pg_proc') is null`)
  await none(`select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'api' group by 1 having count(*) > 1`)
})
test('checksums are on, the identity library is preloaded', { skip }, async () => {
  assert.deepEqual(await rows(`select current_setting('data_checksums') as c, current_setting('session_preload_libraries') as p`), [{ c: 'on', p: 'clientele' }])
  await none(`select s.name from pg_settings s where s.name = 'listen_addresses' and s.setting <> ''`)
})
