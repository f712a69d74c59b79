// SPDX-License-Identifier: Apache-2.0
// Threat 6: how long an answer takes tells nothing. Pairs of requests that differ only in what is there are asked one after the other, each
// order as often, and compared pair by pair, so that what disturbs both falls out. Padded answers come in steps: asked is whether one kind
// comes in a later step more often, and whether it comes later within the step. |t| < 4.5 as in dudect; a round that the machine disturbed is
// repeated, a leak is there in every round. A round goes on until a difference of 1 ms, planted into its own times, is found; what a
// noisy machine hides is told, 5 ms must always be found, and with --long 1 ms. --long: 2,000 pairs a round, 100,000 pairs of ids.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { signInDirectly } from '../lib/http.mjs'
import { IS_LONG, closeDatabase, makeDealer, makeStaff, noNetwork, phone } from '../lib/network.mjs'
import { SEED, generator } from '../lib/data.mjs'
import { crowd, registerMany } from '../lib/people.mjs'

const skip = noNetwork, LIMIT = 4.5, ROUNDS = 3, SEAT = 28, LANES = 4, STEP_MS = 60, BATCH = IS_LONG ? 2000 : 80, BATCHES = 5, PLANTED_MS = [1, 2, 5]
const callers = []
let owner
before(async () => { if (!skip) owner = await makeDealer({ seats: ['seller'] }) })
after(() => { for (const c of callers) c.close(); closeDatabase() })

/** Yuen's t of differences: a tenth of them at each end, which the machine made, counts as its neighbour does.
 *  out: {t, ms, found_ms}; found_ms - the difference that is found in 95 of 100 such samples */
function yuen(differences) {
  const list = [...differences].sort((x, y) => x - y), n = list.length, cut = Math.floor(n * 0.1)
  const kept = list.slice(cut, n - cut), pulled = list.map((x) => Math.min(Math.max(x, list[cut]), list[n - 1 - cut]))
  const mean = (l) => l.reduce((sum, x) => sum + x, 0) / l.length, middle = mean(pulled)
  const spread = Math.sqrt(pulled.reduce((sum, x) => sum + (x - middle) ** 2, 0) / (n - 1)) / (1 - 2 * cut / n) / Math.sqrt(n) || 1e-9
  return { t: mean(kept) / spread, ms: mean(kept), found_ms: (LIMIT + 1.65) * spread }
}
/** Answers in steps, pair by pair. out: {t, ms, found_ms} within a step; {steps} - McNemar's z of later steps */
function stepped(pairs) {
  const step = (ms) => Math.floor(ms / STEP_MS)
  const later = pairs.filter(([x, y]) => step(x) > step(y)).length, sooner = pairs.filter(([x, y]) => step(x) < step(y)).length
  return { ...yuen(pairs.filter(([x, y]) => step(x) === step(y)).map(([x, y]) => x - y)), steps: (later - sooner) / Math.sqrt(later + sooner || 1) }
}
const isTold = (found) => Math.abs(found.t) >= LIMIT || Math.abs(found.steps ?? 0) >= LIMIT
/** The same answers, had those of the first kind come so much later; what leaves its step is another step's. */
const planted = (pairs, ms) => pairs.map(([x, y]) => [x + ms, y])
/** The smallest planted difference that is found. */
const seen = (pairs) => pairs.length && PLANTED_MS.find((ms) => isTold(stepped(planted(pairs, ms))))

test('the measure sees a difference where there is one, and none where there is none', () => {
  const random = generator(SEED), noise = () => 3 * (random() + random() + random()) + (random() < 0.05 ? 20 * random() : 0)
  const make = (n, more, late = 0) => Array.from({ length: n }, () => { const both = 2 * noise(); return [63 + both / 4 + noise() / 2 + more + (random() < late ? STEP_MS : 0), 63 + both / 4 + noise() / 2] })
  assert.ok(isTold(stepped(make(400, 1))), 'one millisecond')
  assert.ok(isTold(stepped(make(400, 0, 0.2))), 'a fifth of the answers one step later')
  let wrong = 0
  for (let turn = 0; turn < 50; turn++) wrong += isTold(stepped(make(400, 0)))
  assert.ok(wrong <= 1, `${wrong} of 50 samples without a difference`)
})

/** Callers of fresh dealers in turn, each within his hour's probes (P16) and his dealer's day. */
async function probers(calls) {
  const list = []
  for (let dealer, i = 0; i < Math.ceil(calls / SEAT); i++) {
    if (i % 6 === 0) dealer = await makeDealer({ seats: [] })
    list.push(await signInDirectly(await makeStaff(dealer.dealer_id, 'seller')))
  }
  callers.push(...list)
  let n = 0
  return () => list[Math.floor(n++ / SEAT)]
}
/** Times of pairs [first kind, second kind], each order as often. in: ask(kind, i) -> reply */
async function measure(pairs, kinds, ask) {
  const times = [], coin = Math.random() < 0.5 ? 0 : 1
  let next = 0
  await Promise.all(Array.from({ length: LANES }, async () => {
    while (next < pairs) {
      const i = next++, ms = {}
      for (const kind of (i + coin) % 2 ? kinds : [...kinds].reverse()) ms[kind] = (await ask(kind, i)).ms
      times.push(kinds.map((kind) => ms[kind]))
    }
  }))
  return times
}

const about = (p) => ({ phone: p.phone, surname: p.surname, brand_id: 1, line: 'NEW' })
const ROUTES = {
  '/v1/probes': (p) => ({ ...about(p), purpose: 'visit', consent_evidence: 'form' }),
  '/v1/sight/why': about,
  '/v1/calls/arrived': (p) => ({ number: p.phone, brand_id: 1, line: 'NEW' }),
}
for (const [path, body] of Object.entries(ROUTES))
  test(`S25, R25: ${path}: a stranger's client and nobody cannot be told apart by time (|t| < ${LIMIT})`, { skip, timeout: 300000 }, async (t) => {
    const told = []
    for (let round = 1; round <= ROUNDS; round++) {
      let times = [], found
      for (let batch = 0; batch < (seen(times) ? BATCHES : 4 * BATCHES) && seen(times) !== PLANTED_MS[0]; batch++) {
        const there = crowd(BATCH), caller = await probers(2 * BATCH)
        await registerMany(owner, owner.staff.seller, there, { seat: null })
        times = times.concat(await measure(BATCH, ['there', 'nobody'], async (kind, i) => {
          const reply = await caller().post(path, body(kind === 'there' ? there[i] : { surname: there[i].surname, phone: phone() }))
          assert.equal(reply.status, 200, reply.text)
          assert.equal(reply.json.verdict, kind === 'there' ? 'PROTECTED' : 'FREE')
          return reply
        }))
      }
      found = stepped(times)
      t.diagnostic(`round ${round}: ${times.length} pairs, t ${found.t.toFixed(2)} (${found.ms.toFixed(2)} ms), steps ${found.steps.toFixed(2)}; finds ${found.found_ms.toFixed(2)} ms in 95 of 100, of the planted ${seen(times)} ms`)
      assert.ok(seen(times) <= (IS_LONG ? 1 : 5), `a planted difference is not found: ${seen(times)}, noise for ${found.found_ms.toFixed(2)} ms`)
      told.push(isTold(found))
      if (!told.at(-1)) return
    }
    assert.fail('told apart in every round')
  })

test('the measure sees through server and line: a page of a hundred takes longer than no card', { skip, timeout: 120000 }, async (t) => {
  const dealer = await makeDealer({ seats: ['seller'] }), many = await Promise.all(Array.from({ length: 8 }, () => signInDirectly(dealer.staff.seller)))
  callers.push(...many)
  await registerMany(dealer, dealer.staff.seller, crowd(100), { seat: null })
  const all = []
  let found, n = 0
  for (let round = 1; round <= 8; round++) {             // a machine at work hides more in its noise: more is asked until it shows
    const times = await measure(60, ['page', 'absent'], async (kind) => {
      const reply = await many[n++ % many.length].get(kind === 'page' ? '/v1/people?limit=100' : `/v1/people/${randomUUID()}`)
      assert.equal(reply.status, kind === 'page' ? 200 : 404, reply.text)
      if (kind === 'page') assert.equal(reply.json.items.length, 100)
      return reply
    })
    all.push(...times)
    found = yuen(all.map(([x, y]) => x - y))
    t.diagnostic(`${all.length} pairs: t ${found.t.toFixed(2)}, ${found.ms.toFixed(2)} ms`)
    if (found.t > LIMIT) return
  }
  assert.fail(`no difference seen where there is one: t ${found.t}`)
})

test('an absent id and a stranger\'s client are answered after the same work', { skip, timeout: IS_LONG ? 3600000 : 120000 }, async (t) => {
  const pairs = IS_LONG ? 100000 : 1500, [person] = await registerMany(owner, owner.staff.seller, crowd(1), { seat: null })
  const next = await probers(12 * SEAT), many = Array.from({ length: 12 * SEAT }, next), apart = []      // within a session's requests a second
  let n = 0
  for (const tail of ['', '/timeline', '/sight', '/ownership'])
    for (let round = 1; ; round++) {
      const times = await measure(pairs / 4, ['foreign', 'absent'], async (kind) => {
        const reply = await many[n++ * SEAT % many.length].get(`/v1/people/${kind === 'foreign' ? person.id : randomUUID()}${tail}`)
        assert.equal(reply.status, 404, reply.text)
        return reply
      })
      const found = yuen(times.map(([x, y]) => x - y))
      t.diagnostic(`${tail || 'card'}, round ${round}: t ${found.t.toFixed(2)}, ${(found.ms * 1000).toFixed(0)} us; finds ${(found.found_ms * 1000).toFixed(0)} us`)
      // not padded: an id is 128 random bits and cannot be tried; what is asked here is that nothing but a row's look-up differs
      if (Math.abs(found.t) < LIMIT || Math.abs(found.ms) < 0.2) break
      if (round === ROUNDS) { apart.push(`${tail}: ${found.ms.toFixed(2)} ms`); break }
    }
  assert.deepEqual(apart, [])
})
