// SPDX-License-Identifier: Apache-2.0
// Story: SQL in every field of every route, extra members, values of the wrong type, everything too large. Routes and fields are
// read from the server's own OpenAPI, so a new route is attacked without a line here.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { Caller, signInDirectly } from '../lib/http.mjs'
import { IS_LONG, closeDatabase, makeDealer, makeStaff, noNetwork, row, rows, unique } from '../lib/network.mjs'
import { SEED, sample } from '../lib/data.mjs'
import { operations } from '../lib/openapi.mjs'

let callers, all
const skip = noNetwork
const SECRET = `geheim${unique()}`
before(async () => {
  if (skip) return
  const dealer = await makeDealer({ seats: ['manager', 'seller', 'adviser', 'operator'] })
  callers = {}
  for (const [role, staff] of Object.entries(dealer.staff)) callers[role] = await signInDirectly(staff)
  for (const role of ['admin', 'marketer', 'router', 'arbiter', 'steward', 'dpo', 'auditor']) callers[role] = await signInDirectly(await makeStaff(0, role))
  const stranger = new Caller()
  all = operations((await stranger.get('/v1/openapi.json')).json).filter((o) => !/exchange|token|enrol|\/[uc]\/\{link|logout|events|demo|password|totp\/confirm/.test(o.path))
  stranger.close()
})
after(() => { for (const c of Object.values(callers ?? {})) c.close(); closeDatabase() })

const SQL = ["' or '1'='1", "'; drop table core.party; --", '"; select pg_sleep(3); --', "1) union select password_phc from session.account --", "$1", "\\'; --",
  "'||(select login from session.account limit 1)||'", '%27%20or%201%3D1', "x' and 1=cast((select version()) as int) --", "');select set_config('clientele.identity','1|1|1|1','f');--"]

/** The counts that no attack may change. */
const world = () => row(`select (select count(*)::int from core.party) as parties, (select count(*)::int from session.account) as accounts,
  (select count(*)::int from core.staff where role = 'admin') as admins, (select count(*)::int from pg_class where relkind in ('r', 'v')) as tables,
  (select count(*)::int from pg_roles) as roles`)

/** Judge an answer to an attack. */
function judge(reply, what, wrong) {
  if (reply.status >= 500 && reply.status !== 503) wrong.push(`${what}: ${reply.status} ${reply.text.slice(0, 200)}`)
  if (/argon2id|PostgreSQL \d|psql|SQLSTATE|syntax error at|pg_catalog/.test(reply.text)) wrong.push(`${what}: tells ${reply.text.slice(0, 200)}`)
  if (reply.ms > 2900) wrong.push(`${what}: took ${reply.ms.toFixed(0)} ms`)
}

/** Send, and again when too many were sent at once. */
async function patiently(caller, method, path, options) {
  for (;;) {
    const reply = await caller.send(method, path, options)
    if (reply.status !== 429 || !/too-many/.test(reply.json?.type)) return reply
    await new Promise((r) => setTimeout(r, Math.min(Number(reply.headers['retry-after'] ?? 1), 5) * 1000))
  }
}

async function sixAtOnce(jobs) {
  const queue = [...jobs]
  await Promise.all(Array.from({ length: 6 }, async () => { for (let job; (job = queue.shift());) await job() }))
}

const fill = (path, value) => path.replace(/\{[^}]+\}/g, () => encodeURIComponent(value))
const ID = '00000000-0000-4000-8000-000000000000'
const pick = (operation) => callers[operation.roles.find((r) => callers[r])] ?? callers.manager

test('SQL in every path, query and body field of every route is data', { skip, timeout: 300000 }, async (t) => {
  const before_ = await world()
  const wrong = []
  let sent = 0
  const jobs = []
  for (const operation of all) {
    const caller = pick(operation)
    const attacks = IS_LONG ? SQL : sample(SQL, 3, SEED + jobs.length)
    for (const attack of attacks) {
      if (operation.path.includes('{')) jobs.push(() => patiently(caller, operation.method, fill(operation.path, attack), operation.body ? { json: {} } : {}).then((r) => judge(r, `${operation.method} ${operation.path} path ${attack}`, wrong)))
      for (const { name } of operation.query)
        jobs.push(() => patiently(caller, operation.method, `${fill(operation.path, ID)}?${name}=${encodeURIComponent(attack)}`).then((r) => judge(r, `${operation.method} ${operation.path} ?${name} ${attack}`, wrong)))
      for (const { name } of operation.body ?? [])
        jobs.push(() => patiently(caller, operation.method, fill(operation.path, ID), { json: { ...sound(operation, name), [name]: attack }, match: operation.needsMatch ? 1 : undefined })
          .then((r) => judge(r, `${operation.method} ${operation.path} .${name} ${attack}`, wrong)))
    }
  }
  const queue = [...jobs]
  await Promise.all(Array.from({ length: 6 }, async () => { for (let job; (job = queue.shift());) { await job(); sent++ } }))
  t.diagnostic(`sampled ${sent} attacks on ${all.length} routes, seed ${SEED}`)
  assert.ok(sent > 300)
  assert.deepEqual(wrong.slice(0, 20), [])
  const after_ = await world()
  assert.deepEqual({ ...after_, parties: 0 }, { ...before_, parties: 0 })
  assert.ok(after_.parties >= before_.parties)
})

/** Sound values for the other fields of a body. */
function sound(operation, but) {
  const body = {}
  for (const field of operation.body) if (field.name !== but && field.isRequired) body[field.name] = example(field.schema)
  return body
}
function example(schema = {}) {
  if (schema.enum) return schema.enum[0]
  const type = Array.isArray(schema.type) ? schema.type.find((x) => x !== 'null') : schema.type
  if (schema.format === 'uuid') return ID
  if (schema.format === 'date') return '2026-01-01'
  if (schema.format === 'date-time') return '2026-01-01T00:00:00Z'
  return { integer: 1, number: 1, boolean: true, array: [], object: {} }[type] ?? 'x'
}

test('a value of the wrong type in any field is a 400 that names the field', { skip, timeout: 300000 }, async (t) => {
  const wrong = []
  const values = [null, true, -1, 1.5, 1e30, '', 'x'.repeat(3000), [], [[]], {}, { a: 1 }, '\u0007', '\ud800', ['a', 1]]
  const jobs = []
  for (const operation of all.filter((o) => o.body?.length)) {
    const caller = pick(operation)
    for (const field of operation.body)
      for (const value of IS_LONG ? values : sample(values, 4, SEED + jobs.length))
        jobs.push(async () => {
          const reply = await patiently(caller, operation.method, fill(operation.path, ID), { json: { ...sound(operation, field.name), [field.name]: value }, match: operation.needsMatch ? 1 : undefined })
          judge(reply, `${operation.method} ${operation.path} .${field.name} = ${JSON.stringify(value)?.slice(0, 30)}`, wrong)
        })
  }
  await sixAtOnce(jobs)
  t.diagnostic(`sampled ${jobs.length} values, seed ${SEED}`)
  assert.deepEqual(wrong.slice(0, 20), [])
})

test('threat 19: a member that the route does not know is refused, whatever column it names', { skip, timeout: IS_LONG ? 600000 : 120000 }, async (t) => {
  const columns = [...new Set((await rows(`select column_name as c from information_schema.columns where table_schema in ('core', 'session')`)).map((r) => r.c))]
  const chosen = sample(columns, 25)
  const wrong = []
  const jobs = []
  for (const operation of all.filter((o) => o.body?.length)) {
    const caller = pick(operation)
    for (const column of sample(chosen, 4, SEED + jobs.length)) {
      if (operation.body.some((f) => f.name === column)) continue
      jobs.push(async () => {
        const reply = await patiently(caller, operation.method, fill(operation.path, ID), { json: { ...sound(operation), [column]: 1 }, match: operation.needsMatch ? 1 : undefined })
        if (![400, 403, 404, 409, 412, 413, 428].includes(reply.status)) wrong.push(`${operation.method} ${operation.path} +${column}: ${reply.status}`)
        if (reply.status === 400 && /unknown-field/.test(reply.json?.type) && reply.json.field !== column) wrong.push(`${operation.path}: names ${reply.json.field} instead of ${column}`)
      })
    }
  }
  await sixAtOnce(jobs)
  t.diagnostic(`sampled ${jobs.length} members, seed ${SEED}`)
  assert.deepEqual(wrong, [])
})

test('an unknown query parameter is refused on every route', { skip, timeout: 60000 }, async () => {
  const wrong = []
  for (const operation of all.filter((o) => o.method === 'GET' && o.macro === 'ROUTE')) {
    const reply = await patiently(pick(operation), 'GET', `${fill(operation.path, ID)}?${SECRET}=1`)
    if (![400, 404].includes(reply.status)) wrong.push(`${operation.path}: ${reply.status}`)
    if (reply.text.includes('<') && /html/.test(reply.headers['content-type'] ?? '')) wrong.push(`${operation.path}: HTML`)
  }
  assert.deepEqual(wrong, [])
})

test('a body over the route\'s limit is told so before it is read whole', { skip, timeout: 120000 }, async () => {
  const wrong = []
  for (const operation of all.filter((o) => o.method !== 'GET' && !o.isUpload)) {
    const reply = await patiently(pick(operation), operation.method, fill(operation.path, ID), { body: Buffer.alloc(2 << 20, 32), headers: { 'Content-Type': 'application/json' }, match: 1 })
      .catch((error) => ({ status: /ECONNRESET|EPIPE/.test(String(error.code)) ? 413 : 0, text: String(error) }))
    if (![413, 400].includes(reply.status)) wrong.push(`${operation.method} ${operation.path}: ${reply.status} ${reply.text.slice(0, 100)}`)
  }
  assert.deepEqual(wrong, [])
})
