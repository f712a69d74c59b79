// SPDX-License-Identifier: Apache-2.0
// R25, R135, S25: how long an answer takes does not tell whether a person is there. Probes, registrations and waiting claims are
// answered in steps of time only (server/api/pad.h). Nothing here asks for speed: a slow machine moves answers to a later step, hits
// and misses alike, so the two are asked in turn and compared with each other, and a round that the machine disturbed is repeated.
// The flush of what such a route wrote happens inside the padding (server/api/flush.h): its answer is on disk nevertheless.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Caller, registration, signInDirectly } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, sql } from '../lib/network.mjs'
import { crowd, registerMany } from '../lib/people.mjs'
import { logLine } from '../lib/server.mjs'

const STEP_MS = 60, EACH = 30, ROUNDS = 3
const SEAT_PROBES = 28 // of the 30 an hour (P16)
const skip = noNetwork
const callers = []
let owner
before(async () => { if (!skip) owner = await makeDealer({ seats: ['seller'] }) })
after(() => { for (const c of callers) c.close(); closeDatabase() })

/** Callers of one dealer in turn, each within his hour's probes. */
async function seats(dealer, calls) {
  const list = []
  for (let i = 0; i < Math.ceil(calls / SEAT_PROBES); i++) list.push(await signInDirectly(await makeStaff(dealer.dealer_id, 'seller')))
  callers.push(...list)
  let n = 0
  return () => list[Math.floor(n++ / SEAT_PROBES)]
}

const step = (ms) => Math.floor(ms / STEP_MS)
/** The step in which most of the answers came. */
function usual(times) {
  const count = new Map()
  for (const ms of times) count.set(step(ms), (count.get(step(ms)) ?? 0) + 1)
  return [...count].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0][0]
}
/** How far behind its step the quickest answer came: the way there and back, and what the answer itself would betray. */
const offset = (times) => Math.min(...times.map((ms) => ms % STEP_MS))

const key = (p) => ({ phone: p.phone, surname: p.surname, brand_id: 1, line: 'NEW', purpose: 'visit', consent_evidence: 'form' })
const routes = {
  '/v1/probes': { body: key, hit: 'PROTECTED', miss: 'FREE' },
  '/v1/registrations': { body: (p) => registration(p), hit: 'PROTECTED', miss: 'FREE' },
  '/v1/waiting-claims': { body: key, hit: 'PROTECTED', miss: 'FREE' },
}

for (const [path, { body, hit, miss }] of Object.entries(routes))
  test(`${path}: a person who is there and one who is not are answered in the same steps of time`, { skip, timeout: 120000 }, async (t) => {
    let seen
    for (let round = 1; round <= ROUNDS; round++) {
      const there = crowd(EACH), nobody = crowd(EACH)
      await registerMany(owner, owner.staff.seller, there, { seat: null })
      const next = await seats(await makeDealer({ seats: ['seller'] }), 2 * EACH)
      const times = { hit: [], miss: [] }
      for (let i = 0; i < EACH; i++)
        for (const [name, person, verdict] of i % 2 ? [['hit', there[i], hit], ['miss', nobody[i], miss]] : [['miss', nobody[i], miss], ['hit', there[i], hit]]) {
          const reply = await next().post(path, body(person))
          assert.ok(reply.status < 300, reply.text)
          assert.equal(reply.json.verdict, verdict, reply.text)
          times[name].push(reply.ms)
        }
      for (const [name, list] of Object.entries(times)) assert.ok(Math.min(...list) >= STEP_MS, `a ${name} was answered before the first step: ${Math.min(...list)} ms`)
      seen = { hit: [usual(times.hit), offset(times.hit)], miss: [usual(times.miss), offset(times.miss)] }
      t.diagnostic(`round ${round}: steps ${seen.hit[0]} and ${seen.miss[0]}, behind them ${seen.hit[1].toFixed(1)} and ${seen.miss[1].toFixed(1)} ms`)
      if (seen.hit[0] === seen.miss[0] && Math.abs(seen.hit[1] - seen.miss[1]) < STEP_MS / 6) return
    }
    assert.fail(`hits and misses can be told apart: ${JSON.stringify(seen)}`)
  })

test('a forgotten password is answered in its step, whether the login exists or not', { skip }, async () => {
  const caller = new Caller(), { login } = await makeStaff(owner.dealer_id, 'seller')
  await caller.get('/livez')
  for (const name of [login, `nobody.${randomUUID()}`]) {
    const reply = await caller.post('/v1/password/forgot', { login: name }, { key: null })
    assert.equal(reply.status, 204, reply.text)
    assert.ok(reply.ms >= STEP_MS, `answered after ${reply.ms} ms`)
  }
  caller.close()
})

test('a refusal waits for its step too', { skip }, async () => {
  const next = await seats(await makeDealer({ seats: ['seller'] }), 1)
  const caller = next()
  for (const [path, wrong] of [['/v1/probes', { purpose: ' ' }], ['/v1/probes', { phone: '12' }], ['/v1/waiting-claims', { consent_evidence: ' ' }], ['/v1/registrations', { line: 'NONE' }]]) {
    const reply = await caller.post(path, { ...(path === '/v1/registrations' ? registration() : key(crowd(1)[0])), ...wrong })
    assert.ok(reply.status >= 400 && reply.status < 500, `${path}: ${reply.status} ${reply.text}`)
    assert.ok(reply.ms >= STEP_MS, `${path}: refused after ${reply.ms} ms`)
  }
})

test('the log tells the work, the flush and the whole; a repeat is flushed too, a refusal and a route without padding are not', { skip }, async () => {
  const caller = (await seats(await makeDealer({ seats: ['seller'] }), 1))()
  const key1 = randomUUID(), body = registration({ phone: phone() })
  const made = await caller.post('/v1/registrations', body, { key: key1 }), again = await caller.post('/v1/registrations', body, { key: key1 })
  assert.ok(made.json.receipt, made.text)
  assert.deepEqual(again.json, made.json)
  for (const reply of [made, again, await caller.post('/v1/probes', key(crowd(1)[0]))]) {
    const line = await logLine(reply)
    assert.ok(line.work_ms > 0 && line.flush_ms > 0, JSON.stringify(line))
    assert.ok(line.ms >= STEP_MS && line.ms > line.work_ms + line.flush_ms, JSON.stringify(line))
  }
  const refused = await logLine(await caller.post('/v1/probes', { ...key(crowd(1)[0]), phone: '12' }))
  assert.ok(refused.work_ms > 0 && refused.flush_ms === undefined && refused.ms >= STEP_MS, JSON.stringify(refused))
  const plain = await logLine(await caller.post(`/v1/people/${made.json.person_id}/interactions`, { kind: 'NOTE', text: 'без набивки' }))
  assert.ok(plain.status < 300 && plain.work_ms === undefined && plain.flush_ms === undefined, JSON.stringify(plain))
})

test('what was answered is on disk: a write by its own commit, a padded one by the flush before its answer', { skip, timeout: 60000 }, async (t) => {
  const ANSWERS = 20, caller = (await seats(await makeDealer({ seats: ['seller'] }), 1))()
  const person = (await caller.post('/v1/registrations', registration({ phone: phone() }))).json.person_id
  /** After how many answers the log of PostgreSQL was not yet flushed to its end. Others write too: a job, the clock. */
  const behind = async (ask) => {
    let n = 0
    for (let i = 0; i < ANSWERS; i++) {
      assert.ok((await ask()).status < 300)
      n += Number(await sql('select (pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn())::int'))
    }
    return n
  }
  const write = await behind(() => caller.post(`/v1/people/${person}/interactions`, { kind: 'NOTE', text: 'x' }))
  const padded = await behind(() => caller.post('/v1/registrations', registration({ phone: phone() })))
  const read = await behind(() => caller.get(`/v1/people/${person}`))
  t.diagnostic(`behind after ${ANSWERS} answers: ${write} writes, ${padded} padded writes, ${read} audited reads`)
  assert.ok(read > ANSWERS / 2, 'an audited read does not wait for the disk: so it looks when nothing does')
  assert.ok(write <= ANSWERS / 5 && padded <= ANSWERS / 5)
})
