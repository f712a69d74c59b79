// SPDX-License-Identifier: Apache-2.0
// S20: a dealer ends with many rights. Dry run, four eyes, and the server killed with -9 while they move: each moves once, none is left.
import test, { after } from 'node:test'
import assert from 'node:assert/strict'
import { signInDirectly, until } from '../lib/http.mjs'
import { IS_LONG, closeDatabase, makeDealer, makeStaff, noNetwork, row, rows, sql, unique } from '../lib/network.mjs'
import { killServer, startServer } from '../lib/server.mjs'

const skip = noNetwork
after(() => closeDatabase())

/** People with one right each, made by the trade's own function in bulk. */
async function fill(dealer, n) {
  const word = unique()
  for (let i = 0; i < n; i += 500) { // a transaction each: a registration holds the locks of its keys to its end
    await sql(`select count(*) from generate_series(${i}, ${Math.min(i + 500, n) - 1}) i, lateral core.register(${dealer.dealer_id}, ${dealer.staff.seller.staff_id},
      jsonb_build_object('surname', 'Уходов${word}' || i, 'given_name', 'Имя', 'brand_id', 1, 'line', 'NEW', 'email', 's20.${word}.' || i || '@test.example',
        'source', 'phone', 'occasion', 'call', 'interest', 'car', 'consent_evidence', 'form'), 'import') r`)
  }
}

test('S20: a dealer with many rights ends; the server is killed midway; afterwards every right moved exactly once', { skip, timeout: 1200000 }, async (t) => {
  const n = IS_LONG ? 40000 : 2000
  const from = await makeDealer(), to = [await makeDealer(), await makeDealer()]
  await fill(from, n)
  // what bulk meets: signed orders, consents to transfer
  await sql(`insert into core.consent (party_id, dealer_id, purpose, text_version, evidence, source, given_at)
    select o.party_id, ${from.dealer_id}, 'TRANSFER', 't-1', 'form', 'hand', core.now() from core.ownership o where o.dealer_id = ${from.dealer_id} and o.ownership_id % 4 = 0`)
  const seller = await signInDirectly(from.staff.seller)
  const held = await rows(`select public_id as id from core.ownership where dealer_id = ${from.dealer_id} and ownership_id % 97 = 0`)
  for (const right of held) assert.equal((await seller.post(`/v1/rights/${right.id}/hold`, { document: `Z-${unique()}` })).status, 200)
  seller.close()
  const before = await rows(`select ownership_id, party_id, state, protect_until from core.ownership where dealer_id = ${from.dealer_id} and state <> 'CLOSED'`)
  assert.equal(before.length, n)
  const [router, arbiter] = [await signInDirectly(await makeStaff(0, 'router')), await signInDirectly(await makeStaff(0, 'arbiter'))]
  const batch = await router.post('/v1/transfer-batches', { from_dealer_id: from.id, reason: 'dealer_terminated', is_ceasing: true, mode: 'shares',
    targets: [{ dealer_id: to[0].id, share: 2 }, { dealer_id: to[1].id, share: 1 }] })
  assert.equal(batch.json?.counts.move, n, batch.text)
  assert.equal(batch.json.counts.held, held.length)
  assert.ok(batch.json.counts.covered > n / 5)
  assert.equal((await router.post(`/v1/transfer-batches/${batch.json.id}/ask`, { confirm_count: n })).status, 200)
  const approval = (await arbiter.all('/v1/approvals')).find((x) => x.subject === batch.json.id)
  const begun = Date.now()
  assert.equal((await arbiter.post(`/v1/approvals/${approval.id}/approve`, {})).status, 200)
  let kills = 0
  for (const share of IS_LONG ? [0.02, 0.1, 0.3, 0.6, 0.8] : [0.2, 0.7]) {
    await until('some have moved', async () => (await row(`select moved from core.transfer_batch where public_id = '${batch.json.id}'`)).moved >= n * share, 120000, 20)
    await killServer()
    kills++
    await startServer()
    // the lease of a runner that died ends after a minute: here at once
    await sql(`update core.job set lease_until = core.now() - interval '1 second' where kind = 'transfer_batch' and state = 'RUNNING'`)
  }
  await until('the batch is done', async () => (await row(`select state from core.transfer_batch where public_id = '${batch.json.id}'`)).state === 'DONE', 300000, 200)
  t.diagnostic(`${n} rights, ${kills} kills, ${((Date.now() - begun) / 1000).toFixed(1)} s with restarts`)
  const after_ = await rows(`select o.successor_of, o.party_id, o.dealer_id, o.state, o.protect_until, o.ver from core.ownership o
    join core.transfer_batch_right r on r.made_id = o.ownership_id join core.transfer_batch b on b.batch_id = r.batch_id where b.public_id = '${batch.json.id}'`)
  const was = new Map(before.map((r) => [r.ownership_id, r]))
  assert.equal(after_.length, n, 'every right moved')
  for (const r of after_) {
    const old = was.get(r.successor_of)
    assert.ok(old && old.party_id === r.party_id && old.state === r.state && old.protect_until === r.protect_until, 'with its state and terms')
    assert.ok(to.some((d) => d.dealer_id === r.dealer_id))
  }
  assert.equal(new Set(after_.map((r) => r.successor_of)).size, n, 'none twice')
  const left = await row(`select count(*) filter (where state <> 'CLOSED')::int as open, (select count(*)::int from core.ownership_history h where h.dealer_id = ${from.dealer_id} and h.event = 'terminate') as closed,
    (select count(*)::int from core.dealer_party where dealer_id = ${from.dealer_id} and state <> 'CLOSED') as listed from core.ownership where dealer_id = ${from.dealer_id}`)
  assert.deepEqual(left, { open: 0, closed: n, listed: 0 })
  const letters = await row(`select count(*)::int as n, count(distinct m.party_id)::int as people from core.message m where m.kind = 'transfer' and m.party_id in (select party_id from core.ownership where dealer_id in (${to.map((d) => d.dealer_id)}))`)
  assert.equal(letters.n, letters.people, 'R130: one neutral message a person')
  assert.equal(letters.people, n - batch.json.counts.covered, 'R130: to everybody whose consent does not reach the new dealer, and to nobody else')
  const moved = await row(`select count(*) filter (where o.state = 'HELD')::int as n from core.ownership o join core.transfer_batch_right r on r.made_id = o.ownership_id
    join core.transfer_batch b on b.batch_id = r.batch_id where b.public_id = '${batch.json.id}'`)
  assert.equal(moved.n, held.length, 'R131: signed orders go on as signed orders, for the dealer ceases')
  router.close(); arbiter.close()
})
