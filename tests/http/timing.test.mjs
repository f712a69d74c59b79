// SPDX-License-Identifier: Apache-2.0
// Threat 6: how long an answer takes tells nothing. Pairs of requests that differ only in what is there are asked in random order, and
// Welch's t of their times is taken, as dudect does: the slowest tenth of both, which the machine made, is left out. |t| < 4.5 on padded
// routes; a round that the machine disturbed is repeated, a leak is there in every round. --long: 100,000 pairs of ids.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { signInDirectly } from '../lib/http.mjs'
import { IS_LONG, closeDatabase, makeDealer, makeStaff, noNetwork, phone } from '../lib/network.mjs'
import { crowd, registerMany } from '../lib/people.mjs'

const skip = noNetwork, LIMIT = 4.5, ROUNDS = 3, SEAT = 28, LANES = 4
const callers = []
let owner
before(async () => { if (!skip) owner = await makeDealer({ seats: ['seller'] }) })
after(() => { for (const c of callers) c.close(); closeDatabase() })

/** Welch's t of two samples, the slowest tenth of both left out. */
export function welch(one, two) {
  const cut = [...one, ...two].sort((a, b) => a - b)[Math.floor((one.length + two.length) * 0.9)]
  const [a, b] = [one, two].map((list) => {
    const kept = list.filter((x) => x <= cut), n = kept.length, mean = kept.reduce((s, x) => s + x, 0) / n
    return { n, mean, spread: kept.reduce((s, x) => s + (x - mean) ** 2, 0) / (n - 1) / n }
  })
  return { t: (a.mean - b.mean) / Math.sqrt(a.spread + b.spread || 1e-12), ms: a.mean - b.mean }
}

test('the measure sees a difference where there is one, and none where there is none', () => {
  const noise = () => Math.random() + Math.random() + Math.random()
  const make = (more) => Array.from({ length: 2000 }, () => noise() + more)
  assert.ok(Math.abs(welch(make(0.2), make(0)).t) > LIMIT)
  assert.ok(Math.abs(welch(make(0), make(0)).t) < LIMIT)
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
/** Times of pairs in random order. in: ask(kind, i) -> reply */
async function measure(pairs, kinds, ask) {
  const times = Object.fromEntries(kinds.map((k) => [k, []]))
  let next = 0
  await Promise.all(Array.from({ length: LANES }, async () => {
    while (next < pairs) {
      const i = next++
      for (const kind of Math.random() < 0.5 ? kinds : [...kinds].reverse()) times[kind].push((await ask(kind, i)).ms)
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
    const pairs = IS_LONG ? 2000 : 80, seen = []
    for (let round = 1; round <= ROUNDS; round++) {
      const there = crowd(pairs), caller = await probers(2 * pairs)
      await registerMany(owner, owner.staff.seller, there, { seat: null })
      const times = await measure(pairs, ['there', 'nobody'], async (kind, i) => {
        const reply = await caller().post(path, body(kind === 'there' ? there[i] : { surname: there[i].surname, phone: phone() }))
        assert.equal(reply.status, 200, reply.text)
        assert.equal(reply.json.verdict, kind === 'there' ? 'PROTECTED' : 'FREE')
        return reply
      })
      const found = welch(times.there, times.nobody)
      seen.push(found.t)
      t.diagnostic(`round ${round}: ${pairs} pairs, t ${found.t.toFixed(2)}, ${found.ms.toFixed(2)} ms`)
      if (Math.abs(found.t) < LIMIT) return
    }
    assert.fail(`told apart in every round: t ${seen.map((x) => x.toFixed(1))}`)
  })

test('the measure sees through server and line: a page of a hundred takes longer than no card', { skip, timeout: 120000 }, async (t) => {
  const dealer = await makeDealer({ seats: ['seller'] }), many = await Promise.all(Array.from({ length: 8 }, () => signInDirectly(dealer.staff.seller)))
  callers.push(...many)
  await registerMany(dealer, dealer.staff.seller, crowd(100), { seat: null })
  const all = { page: [], absent: [] }
  let found, n = 0
  for (let round = 1; round <= 8; round++) {             // a machine at work hides more in its noise: more is asked until it shows
    const times = await measure(60, ['page', 'absent'], async (kind) => {
      const reply = await many[n++ % many.length].get(kind === 'page' ? '/v1/people?limit=100' : `/v1/people/${randomUUID()}`)
      assert.equal(reply.status, kind === 'page' ? 200 : 404, reply.text)
      if (kind === 'page') assert.equal(reply.json.items.length, 100)
      return reply
    })
    for (const kind of ['page', 'absent']) all[kind].push(...times[kind])
    found = welch(all.page, all.absent)
    t.diagnostic(`${all.page.length} pairs: t ${found.t.toFixed(2)}, ${found.ms.toFixed(2)} ms`)
    if (found.t > LIMIT) return
  }
  assert.fail(`no difference seen where there is one: t ${found.t}`)
})

test('an absent id and a stranger\'s client are answered after the same work', { skip, timeout: IS_LONG ? 3600000 : 120000 }, async (t) => {
  const pairs = IS_LONG ? 100000 : 1500, [person] = await registerMany(owner, owner.staff.seller, crowd(1), { seat: null })
  const next = await probers(12 * SEAT), many = Array.from({ length: 12 * SEAT }, next), seen = []      // within a session's requests a second
  let n = 0
  for (const tail of ['', '/timeline', '/sight', '/ownership'])
    for (let round = 1; ; round++) {
      const times = await measure(pairs / 4, ['foreign', 'absent'], async (kind) => {
        const reply = await many[n++ * SEAT % many.length].get(`/v1/people/${kind === 'foreign' ? person.id : randomUUID()}${tail}`)
        assert.equal(reply.status, 404, reply.text)
        return reply
      })
      const found = welch(times.foreign, times.absent)
      t.diagnostic(`${tail || 'card'}, round ${round}: t ${found.t.toFixed(2)}, ${(found.ms * 1000).toFixed(0)} us`)
      // not padded: an id is 128 random bits and cannot be tried; what is asked here is that nothing but a row's look-up differs
      if (Math.abs(found.t) < LIMIT || Math.abs(found.ms) < 0.2) break
      if (round === ROUNDS) { seen.push(`${tail}: ${found.ms.toFixed(2)} ms`); break }
    }
  assert.deepEqual(seen, [])
})
