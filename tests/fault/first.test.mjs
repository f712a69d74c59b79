// SPDX-License-Identifier: Apache-2.0
// The first registration wins, and everybody agrees who was first: histories of dealers who register one person at the same time, while the
// server is killed with -9, are linearizable (R1, R31, R160, threat 16).
//
// The object is one person's right. Its sequential rule: free -> the caller gets FREE and a receipt and is the owner; else the owner gets
// YOURS and anybody else a refusal. A caller whose answer was lost repeats with the same Idempotency-Key until he has it, so an act spans
// from its first sending to its last answer. A history of this object is linearizable exactly when one dealer alone got FREE, once; nobody
// was refused, or told YOURS, whose act had ended before the winner's began; and only the winner's dealer was told YOURS.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { registration, signInDirectly } from '../lib/http.mjs'
import { closeDatabase, IS_LONG, makeDealer, noNetwork, phone, rows, sql, unique } from '../lib/network.mjs'
import { generator, SEED } from '../lib/data.mjs'
import { killServer, startServer } from '../lib/server.mjs'

const skip = noNetwork
const HISTORIES = IS_LONG ? 3000 : 1000, AT_ONCE = 12, KILLS = IS_LONG ? 40 : 12, DEALERS = 4
const POLICIES = { 'P16.user_hour': 10000, 'P16.dealer_day': 100000, 'P18.seat': 100000 }
const random = generator(SEED)
// an act that has no answer for so long fails, as it does when the server could not be started again
const ANSWER_MS = 120000
let crew, isOver = false, failure
before(async () => {
  if (skip) return
  for (const [name, value] of Object.entries(POLICIES)) await sql(`insert into core.policy (name, valid_from, value_int, unit) values ('${name}', core.now() - interval '1 second', ${value}, 'count')`)
  const dealers = await Promise.all(Array.from({ length: DEALERS }, () => makeDealer({ seats: ['seller', 'seller'] })))
  crew = await Promise.all(dealers.flatMap((dealer) => ['seller', 'seller2'].map(async (seat) => ({ dealer: dealer.dealer_id, caller: await signInDirectly(dealer.staff[seat]) }))))
})
after(async () => {
  if (skip) return
  await sql(`delete from core.policy where name in (${Object.keys(POLICIES).map((n) => `'${n}'`)}) and valid_from > core.now() - interval '1 day' and value_int in (10000, 100000)`)
  for (const { caller } of crew ?? []) caller.close()
  closeDatabase()
})

const spellings = (number) => [number, `8 (${number.slice(2, 5)}) ${number.slice(5, 8)}-${number.slice(8, 10)}-${number.slice(10)}`, `8${number.slice(2)}`, number.replace('+', '00 ')]

/** One act: sent until it is answered. out: {dealer, begun, ended, verdict, receipt} */
async function act(who, body) {
  const key = `first-${unique()}`, begun = performance.now()
  for (;;) {
    if (failure ?? performance.now() - begun > ANSWER_MS) throw failure ?? new Error(`no answer within ${ANSWER_MS} ms`)
    const reply = await who.caller.post('/v1/registrations', body, { key, timeout_ms: 8000 }).catch(() => null)
    if (reply?.status === 200) return { dealer: who.dealer, begun, ended: performance.now(), verdict: reply.json.verdict, receipt: reply.json.receipt?.number, rights: reply.json.right_id }
    if (reply && ![409, 429, 503].includes(reply.status)) throw new Error(`${reply.status} ${reply.text}`)
    await new Promise((done) => setTimeout(done, 40 + random() * 60))
  }
}

async function history() {
  const number = phone(), surname = `Первеев${unique()}`
  const count = 2 + Math.floor(random() * 4)
  const acts = await Promise.all(Array.from({ length: count }, async () => {
    await new Promise((done) => setTimeout(done, random() * 30))
    const who = crew[Math.floor(random() * crew.length)]
    return act(who, registration({ surname, given_name: 'Олег', phone: spellings(number)[Math.floor(random() * 4)] }))
  }))
  return { number, acts }
}

/** What is wrong with a history; empty when it is linearizable. */
function flaws({ acts }) {
  const free = acts.filter((a) => a.verdict === 'FREE')
  if (free.length !== 1) return [`${free.length} acts were told FREE`]
  const [winner] = free
  return acts.flatMap((a) => [
    a !== winner && a.ended < winner.begun && `told ${a.verdict} before the owner had even asked`,
    a !== winner && a.verdict === 'YOURS' && a.dealer !== winner.dealer && 'YOURS to a stranger',
    a !== winner && a.verdict !== 'YOURS' && a.dealer === winner.dealer && `${a.verdict} to the owner`,
    a === winner && !a.receipt && 'FREE without a receipt',
    a !== winner && a.receipt && 'a second receipt',
  ].filter(Boolean))
}

test('R31: a broken history is seen', () => {
  const at = (dealer, begun, ended, verdict, receipt) => ({ dealer, begun, ended, verdict, receipt })
  assert.deepEqual(flaws({ acts: [at(1, 0, 5, 'FREE', 'r'), at(2, 1, 6, 'PROTECTED')] }), [])
  assert.equal(flaws({ acts: [at(1, 0, 5, 'FREE', 'r'), at(2, 1, 6, 'FREE', 'q')] }).length, 1, 'two owners')
  assert.equal(flaws({ acts: [at(1, 3, 5, 'FREE', 'r'), at(2, 0, 2, 'PROTECTED')] }).length, 1, 'refused by nobody')
  assert.equal(flaws({ acts: [at(1, 0, 5, 'FREE', 'r'), at(2, 1, 6, 'YOURS')] }).length, 1, 'a stranger told YOURS')
  assert.equal(flaws({ acts: [at(1, 0, 5, 'PROTECTED'), at(2, 1, 6, 'PROTECTED')] }).length, 1, 'nobody won')
})

test(`R31, R160: ${HISTORIES} histories of first registration with kill -9 are linearizable, and each has one right and the receipt that was told`, { skip, timeout: 900000 }, async (t) => {
  const done = []
  let begun = 0
  const killer = (async () => {
    for (let n = 1; n <= KILLS && !isOver; n++) {
      while (!isOver && begun < (n * HISTORIES) / (KILLS + 1)) await new Promise((r) => setTimeout(r, 20))
      if (isOver) break
      await new Promise((r) => setTimeout(r, random() * 100))
      await killServer()
      await startServer()
    }
  })().catch((error) => { failure = error })
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (begun < HISTORIES) {
      begun++
      done.push(await history())
    }
  }))
  isOver = true
  await killer
  if (failure) throw failure
  const wrong = done.flatMap((h) => flaws(h).map((flaw) => `${h.number}: ${flaw} ${JSON.stringify(h.acts)}`))
  assert.deepEqual(wrong.slice(0, 5), [], `seed ${SEED}`)
  const kept = await rows(`select k.value as number, count(distinct o.ownership_id)::int as rights, count(distinct k.party_id)::int as people,
      min(o.dealer_id) as dealer, (select json_agg(r.number) from core.receipt r where r.party_id = min(k.party_id)) as receipts
    from core.match_key k join core.ownership o on o.party_id = k.party_id and o.state <> 'CLOSED'
    where k.kind = 'PHONE' and k.value in (${done.map((h) => `'${h.number}'`)}) group by 1`)
  assert.equal(kept.length, done.length)
  const byNumber = new Map(kept.map((k) => [k.number, k]))
  for (const h of done) {
    const k = byNumber.get(h.number), winner = h.acts.find((a) => a.verdict === 'FREE')
    assert.deepEqual([k.people, k.rights, k.dealer, k.receipts], [1, 1, winner.dealer, [winner.receipt]], `${h.number}, seed ${SEED}`)
  }
  t.diagnostic(`${done.length} histories, ${done.reduce((n, h) => n + h.acts.length, 0)} acts, ${KILLS} kills, seed ${SEED}`)
})
