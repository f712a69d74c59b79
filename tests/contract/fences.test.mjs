// SPDX-License-Identifier: Apache-2.0
// Three fences stand between a caller and a row: the route's roles, EXECUTE, the row policy. Each is taken away in turn (in a
// transaction that is rolled back) and the others hold. Identity cannot be forged by SQL (decision 7, threats 11, 12).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { registration, signIn } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeSession, makeStaff, noNetwork, phone, quote, rows, sql } from '../lib/network.mjs'

const skip = noNetwork
const LOGIN = { H: 'head_office', D: 'dealer', A: 'auditor', S: 'system' }
let a, b, person
const sessions = {}
before(async () => {
  if (skip) return
  a = await makeDealer({ seats: ['manager', 'seller', 'operator'] }); b = await makeDealer({ seats: ['manager'] })
  const seller = await signIn(a.staff.seller)
  person = (await seller.post('/v1/registrations', registration({ phone: phone() }))).json
  seller.close()
  for (const [name, staff] of [['seller', a.staff.seller], ['manager', a.staff.manager], ['operator', a.staff.operator], ['other', b.staff.manager], ['auditor', await makeStaff(0, 'auditor')], ['marketer', await makeStaff(0, 'marketer')]])
    sessions[name] = await makeSession(staff)
})
after(closeDatabase)

/** Run statements as an application login inside one transaction that is undone; each answer is its first value or its SQLSTATE.
 *  in: before_ - what the superuser takes away first; roles - mask of the bind (1023 = the route's mask is gone) */
async function as(name, statements, { before_ = '', roles = 1023, bind = true } = {}) {
  const { cookie, secret } = sessions[name]
  const steps = (bind ? [`select session.bind('\\x${secret.toString('hex')}'::bytea, ${roles}, 'fence', 'w', null, 'test')`] : []).concat(statements)
  const out = await sql(`rollback; begin; ${before_ || 'select 1'};
    create function pg_temp.try(p text) returns text language plpgsql as $f$ declare r text; begin execute p into r; return coalesce(r, 'null'); exception when others then return 'ERR ' || sqlstate; end $f$;
    grant execute on function pg_temp.try(text) to public;
    set local session authorization ${LOGIN[cookie[0]]};
    ${steps.map((s) => `select pg_temp.try(${quote(s)})`).join(';\n')};
    reset session authorization; rollback`)
  return out.split('\n').slice(-statements.length)
}

test('without the route\'s roles: EXECUTE refuses functions of another class', { skip }, async () => {
  const api = await rows(`select p.oid::regprocedure::text as f, p.proname, p.oid, array_to_json(array(select r from unnest(array['dealer', 'head_office', 'auditor', 'system', 'login']) r where has_function_privilege(r, p.oid, 'execute'))) as may
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'api'`)
  assert.ok(api.length > 60)
  const { routes } = await import('../lib/openapi.mjs')
  const classOf = (role) => ['admin', 'marketer', 'router', 'arbiter', 'steward', 'dpo'].includes(role) ? 'head_office' : role === 'auditor' ? 'auditor' : role === 'system' ? 'system' : 'dealer'
  const wanted = new Map()
  for (const r of routes().filter((x) => x.macro === 'ROUTE')) wanted.set(r.name, new Set([...(wanted.get(r.name) ?? []), ...r.roles.map(classOf), ...(r.isPublic ? ['login'] : [])]))
  // what C calls itself for its native routes, on the lanes of the same roles
  for (const r of routes().filter((x) => x.macro === 'NATIVE')) wanted.set(r.name, new Set([...(wanted.get(r.name) ?? []), ...r.roles.map(classOf), ...(r.isPublic ? ['login'] : [])]))
  for (const f of api) assert.deepEqual([...f.may].sort(), [...(wanted.get(f.proname) ?? [])].sort(), `${f.f}: EXECUTE`)
  const [people] = await as('auditor', ["select count(*) from api.people_list()"])
  assert.equal(people, 'ERR 42501')
})

test('without roles and EXECUTE: rows stay behind their policies', { skip }, async () => {
  const open = `grant usage on schema api, core, session to auditor, head_office, dealer; grant execute on all functions in schema api to auditor, head_office, dealer`
  for (const name of ['auditor', 'marketer', 'other']) {
    const answers = await as(name, [`select api.person_get('${person.person_id}')`, `select count(*) from core.contact_point c join core.party p using (party_id) where p.public_id = '${person.person_id}'`,
      `select count(*) from core.party where public_id = '${person.person_id}'`], { before_: open })
    for (const answer of answers) assert.match(answer, /^(ERR 42501|ERR ZC40[34]|0|null|\(,.*|)$/, `${name}: ${answer.slice(0, 100)}`)
  }
})

test('without row policies: the route\'s roles and EXECUTE still refuse', { skip }, async () => {
  const open = `do $$ declare t record; begin for t in select c.oid::regclass as r from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'core' and c.relkind = 'r' loop
    execute format('alter table %s disable row level security', t.r); end loop; end $$`
  const [auditor] = await as('auditor', ['select count(*) from api.people_list()'], { before_: open })
  assert.equal(auditor, 'ERR 42501')
  const contact = await as('auditor', ['select count(*) from core.contact_point', 'select count(*) from core.match_key', 'select count(*) from session.account'], { before_: open })
  for (const answer of contact) assert.equal(answer, 'ERR 42501', 'an auditor has no privilege on contact columns')
  const operator = await sql(`begin; ${open}; do $$ begin perform session.bind('\\x${sessions.operator.secret.toString('hex')}'::bytea, 16, 'fence', 'r', null, 'x'); end $$; rollback`).catch((error) => String(error))
  assert.match(operator, /ZC40[13]/, 'the bind refuses a role outside the route\'s mask')
})

test('the auditor\'s login reads no column in which a contact could stand', { skip }, async () => {
  const columns = await rows(`select format('%I.%I.%I', table_schema, table_name, column_name) as c from information_schema.columns
    where table_schema in ('core', 'session') and (has_column_privilege('auditor', format('%I.%I', table_schema, table_name), column_name, 'select'))
      and column_name ~ '^(phone|email|value|raw|address|name|surname|given_name|patronymic|inn|vin|plate|born_on|login|password|secret|totp)' `)
  // names of dealers, staff, towns and the like; the address of a session is the auditor's own, behind its policy
  const allowed = /core\.(dealer|brand|staff|model|segment|campaign|setting|policy|clock_mark|region|city|saved_view)\.|session\.session\.address/
  assert.deepEqual(columns.map((c) => c.c).filter((c) => !allowed.test(c)), [])
})

test('a session is worth nothing on another login, with another mask, or after it ended', { skip }, async () => {
  const wrong = sessions.seller.secret.toString('hex')
  for (const login of ['head_office', 'auditor', 'system', 'login']) {
    const answer = await sql(`begin; set local session authorization ${login}; select session.bind('\\x${wrong}'::bytea, 1023, 'x', 'r', null, 'x'); rollback`).catch((e) => String(e))
    assert.match(answer, /ZC401|42501/, login)
    await sql('rollback; reset session authorization')
  }
})

const FORGING = ["select set_config('clientele.identity','1|1|1|1|||ru|',false)", "select set_config('clientele.identity','1|1|1|1|||ru|',true)", "set clientele.identity = '1|1|1|1|||ru|'",
  'reset clientele.identity', "alter role dealer set clientele.identity = '1|1|1|1|||ru|'", "alter role current_user set clientele.identity = '1|1|1|1|||ru|'", "alter database clientele set clientele.identity = '1|1|1|1|||ru|'",
  "create function pg_temp.f() returns int language sql set clientele.identity = '1|1|1|1|||ru|' as 'select 1'", 'set session authorization binder', 'set role binder', 'set role engine', 'set role clientele_owner', 'set role head_office',
  "alter system set clientele.identity = 'x'", 'set clientele.clock_offset_s = 5', "do $$ begin perform set_config('clientele.identity','1|1|1|1|||ru|',true); end $$",
  "update pg_settings set setting = '1|1|1|1|||ru|' where name = 'clientele.identity'", 'select session.identify(1, 1, 1, 1, null, null, null, null)', 'create table core.x (n int)', 'create schema x', 'create temp table x (n int)',
  'select lo_create(0)', "copy core.party to program 'id'", "select pg_read_file('/etc/passwd')", 'select pg_sleep(0), usesysid from pg_shadow', 'set session_preload_libraries = \'\'', 'set row_security = off', 'load \'clientele\'',
  'alter table core.party disable row level security', 'drop policy "a dealer reads a person it lists" on core.party', 'grant all on core.party to dealer', 'create role x', 'select * from session.account', 'select * from session.session',
  "select session.bind_job(1, '\\x00')"]
for (const attempt of FORGING)
  test(`an application login cannot: ${attempt.slice(0, 90)}`, { skip }, async () => {
    const { databaseAs } = await import('../lib/network.mjs')
    const database = forge ??= databaseAs('dealer')
    await database.run('rollback').catch(() => {})
    const text = await database.run(`begin; select session.bind('\\x${sessions.other.secret.toString('hex')}'::bytea, 1023, 'fence', 'w', null, 'test')`)
    assert.ok(text.includes('manager'), text)
    const said = await database.run(attempt).then((x) => x, (error) => `refused ${error.message}`)
    const who = await database.run('rollback; begin; select coalesce(session.dealer()::text, \'none\')').catch((e) => String(e))
    assert.ok(/none/.test(who), `identity after the transaction: ${who}`)
    await database.run('rollback').catch(() => {})
    if (!/^refused/.test(said)) {
      // what PostgreSQL lets through must have changed nothing: same dealer, no foreign row
      const seen = await database.run(`begin; select session.bind('\\x${sessions.other.secret.toString('hex')}'::bytea, 1023, 'fence', 'w', null, 'test'); ${attempt}; select session.dealer() || ' ' || (select count(*) from core.party where public_id = '${person.person_id}')`).catch((e) => `refused ${e.message}`)
      await database.run('rollback').catch(() => {})
      assert.ok(/^refused/.test(seen) || seen.split('\n').at(-1) === `${b.dealer_id} 0`, seen)
    }
  })
let forge
test('the login of that attacker still sees only its own', { skip }, async () => { forge?.close() })
