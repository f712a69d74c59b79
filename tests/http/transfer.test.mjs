// SPDX-License-Identifier: Apache-2.0
// Story: a right goes to another dealer by offer and acceptance; races; a bulk transfer with a dry run and four eyes (R126-R132).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { jobDone, registration, signIn, signInDirectly, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, row, rows, sql, unique } from '../lib/network.mjs'
import { crowd, daytimeZone, registerMany } from '../lib/people.mjs'

const skip = noNetwork
let a, b, sellerA, managerA, sellerB, managerB, router, arbiter
before(async () => {
  if (skip) return
  const zone = daytimeZone()
  a = await makeDealer({ zone, seats: ['manager', 'seller'] }); b = await makeDealer({ zone, seats: ['manager', 'seller'] })
  ;[sellerA, managerA, sellerB, managerB, router, arbiter] = await Promise.all([signIn(a.staff.seller), signIn(a.staff.manager), signIn(b.staff.seller), signIn(b.staff.manager),
    signIn(await makeStaff(0, 'router')), signIn(await makeStaff(0, 'arbiter'))])
})
after(() => { for (const c of [sellerA, managerA, sellerB, managerB, router, arbiter]) c?.close(); closeDatabase() })

const clientOfA = async () => {
  const reply = await sellerA.post('/v1/registrations', registration({ phone: phone(), surname: `Переходов${unique()}`, email: `t.${unique()}@test.example` }))
  assert.equal(reply.json?.state, 'ACTIVE', reply.text)
  return { id: reply.json.person_id, right: reply.json.right_id }
}
const offer = async (person, to = b) => {
  const reply = await managerA.post(`/v1/rights/${person.right}/transfer`, { to_dealer_id: to.id, reason: 'owner_consent' })
  assert.equal(reply.status, 200, reply.text)
  return reply.json
}

test('R127: offered, seen by name alone, accepted: no gap, no overlap; the old owner keeps serve, the new one gets facts', { skip }, async () => {
  const person = await clientOfA()
  await sellerA.post('/v1/tasks', { title: 'Позвонить по скидке', kind: 'call', due_at: new Date(Date.now() + 86400000).toISOString(), person_id: person.id })
  const made = await offer(person)
  const seen = (await managerB.all('/v1/transfers?side=in')).find((t) => t.id === made.id)
  assert.match(seen.person_name, /Переходов/)
  assert.equal(seen.person_id, null)
  assert.equal((await managerB.get(`/v1/people/${person.id}`)).status, 404, 'the record opens with acceptance')
  const accepted = await sellerB.post(`/v1/transfers/${made.id}/accept`, {})
  assert.equal(accepted.json?.state, 'ACCEPTED', accepted.text)
  assert.equal((await sellerA.get(`/v1/people/${person.id}`)).status, 404)
  const card = (await sellerB.get(`/v1/people/${person.id}`)).json
  assert.equal(card.level, 'FULL')
  assert.deepEqual(card.contacts, [], 'R130: no consent, no contacts')
  assert.doesNotMatch(JSON.stringify(card.tasks), /скидке/)
  assert.equal(card.tasks.length, 1, 'R132: the task is made anew')
  const came = await sellerB.get(`/v1/people/${person.id}/inheritance`)
  assert.equal(came.json.transfers[0].is_covered, false)
  const chain = (await router.get(`/v1/people/${person.id}/owners`)).json.items
  assert.deepEqual(chain.map((c) => [c.dealer_name, c.state, c.transfer_reason]), [[b.name, 'ACTIVE', 'owner_consent'], [a.name, 'CLOSED', null]])
  const gap = await row(`select max(n.valid_from) - max(o.valid_from) as gap from core.ownership_history o join core.ownership_history n on n.successor_of = o.ownership_id and n.ver = 1
    where o.state = 'CLOSED' and o.party_id = (select party_id from core.party where public_id = '${person.id}')`)
  assert.match(gap.gap, /^00:00:00/)
})

test('R127: twenty acceptances, refusals and withdrawals at once: one of them counts, the right has one owner', { skip }, async () => {
  for (let round = 0; round < 3; round++) {
    const person = await clientOfA(), made = await offer(person)
    const replies = await Promise.all(Array.from({ length: 20 }, (_, i) => i % 3 === 0 ? sellerB.post(`/v1/transfers/${made.id}/accept`, {})
      : i % 3 === 1 ? managerB.post(`/v1/transfers/${made.id}/refuse`, { reason: 'нет мест' }) : managerA.post(`/v1/transfers/${made.id}/withdraw`, { reason: 'передумали' })))
    assert.equal(replies.filter((r) => r.status === 200).length, 1, replies.map((r) => r.status).join())
    assert.ok(replies.every((r) => [200, 404, 409].includes(r.status)), replies.map((r) => r.status).join())
    const t = await row(`select state from core.transfer where public_id = '${made.id}'`)
    const o = await row(`select count(*) filter (where state <> 'CLOSED')::int as open, min(dealer_id) filter (where state <> 'CLOSED') as dealer from core.ownership where party_id = (select party_id from core.party where public_id = '${person.id}') and line = 'NEW'`)
    assert.equal(o.open, 1)
    assert.equal(o.dealer, t.state === 'ACCEPTED' ? b.dealer_id : a.dealer_id)
  }
})

test('R127: ten offers of one right to two dealers at once: one is open', { skip }, async () => {
  const person = await clientOfA(), c = await makeDealer()
  const replies = await Promise.all(Array.from({ length: 10 }, (_, i) => managerA.post(`/v1/rights/${person.right}/transfer`, { to_dealer_id: [b.id, c.id][i % 2], reason: 'owner_consent' })))
  assert.equal(replies.filter((r) => r.status === 200).length, 1)
  assert.ok(replies.every((r) => r.status === 200 || r.json.type.endsWith('transfer-open')), replies.map((r) => r.status).join())
})

test('R127: an acceptance and an order signed in the same instant: one of them holds, never both', { skip }, async () => {
  for (let round = 0; round < 20; round++) {
    const person = await clientOfA(), made = await offer(person)
    const [accept, hold] = await Promise.all([sellerB.post(`/v1/transfers/${made.id}/accept`, {}), sellerA.post(`/v1/rights/${person.right}/hold`, { document: `Z-${unique()}` })])
    const o = await row(`select dealer_id, state from core.ownership where party_id = (select party_id from core.party where public_id = '${person.id}') and line = 'NEW'`)
    assert.notEqual(accept.status === 200, hold.status === 200, `${accept.text} ${hold.text}`)
    assert.deepEqual(o, accept.status === 200 ? { dealer_id: b.dealer_id, state: 'ACTIVE' } : { dealer_id: a.dealer_id, state: 'HELD' })
  }
})

test('R131: a filter of rights moves after a dry run, a typed count and a second person; signed orders stay; repeated it is nothing', { skip, timeout: 120000 }, async () => {
  const from = await makeDealer(), seller = await signInDirectly(from.staff.seller), city = `Г${unique()}`
  const made = await registerMany(from, from.staff.seller, crowd(60).map((p) => ({ ...p, city })), { seat: null })
  await registerMany(from, from.staff.seller, crowd(5), { seat: null })
  const held = await rows(`select public_id as id from core.ownership where party_id in (${made.slice(0, 3).map((r) => r.party_id)})`)
  for (const right of held) assert.equal((await seller.post(`/v1/rights/${right.id}/hold`, { document: `Z-${unique()}` })).status, 200)
  const body = { from_dealer_id: from.id, reason: 'territory', is_ceasing: false, city, mode: 'shares', targets: [{ dealer_id: a.id, share: 1 }, { dealer_id: b.id, share: 2 }] }
  const batch = (await router.post('/v1/transfer-batches', body)).json
  assert.equal(batch.counts.move, 57)
  assert.equal(batch.counts.stay.held, 3)
  assert.equal((await router.post(`/v1/transfer-batches/${batch.id}/ask`, { confirm_count: 60 })).status, 409)
  const asked = await router.post(`/v1/transfer-batches/${batch.id}/ask`, { confirm_count: 57 })
  assert.equal(asked.json?.state, 'ASKED', asked.text)
  const second = (await router.post('/v1/transfer-batches', body)).json
  assert.equal((await router.post(`/v1/transfer-batches/${second.id}/ask`, { confirm_count: 57 })).status, 409, 'one at a time a dealer')
  const approval = (await arbiter.all('/v1/approvals')).find((x) => x.subject === batch.id)
  assert.equal((await router.post(`/v1/approvals/${approval.id}/approve`, {})).status, 403, 'not the one who asked')
  const granted = await arbiter.post(`/v1/approvals/${approval.id}/approve`, {})
  assert.equal(granted.status, 200, granted.text)
  const job = (await router.get(`/v1/transfer-batches/${batch.id}`)).json.job_id
  await jobDone(arbiter, job)
  const end = (await router.get(`/v1/transfer-batches/${batch.id}`)).json
  assert.deepEqual([end.state, end.moved, end.stayed], ['DONE', 57, 3])
  const owners = await rows(`select dealer_id, state, count(*)::int as n from core.ownership where party_id in (${made.map((r) => r.party_id)}) group by 1, 2 order by 1, 2`)
  assert.equal(owners.find((o) => o.dealer_id === from.dealer_id && o.state === 'HELD').n, 3)
  assert.equal(owners.filter((o) => o.dealer_id !== from.dealer_id).reduce((n, o) => n + o.n, 0), 57)
  assert.ok(owners.find((o) => o.dealer_id === b.dealer_id).n > owners.find((o) => o.dealer_id === a.dealer_id).n, 'by shares')
  assert.equal((await row(`select count(*)::int as n from core.ownership where dealer_id = ${from.dealer_id} and state = 'ACTIVE'`)).n, 5, 'others stay')
  assert.equal((await row(`select count(*)::int as n from core.ledger where request_id = 'job-${job}' and kind = 'right.succeed'`)).n, 57, 'one batch in the ledger')
  // the same again has nothing left to move
  await router.post(`/v1/transfer-batches/${second.id}/cancel`, {})
  const third = (await router.post('/v1/transfer-batches', body)).json
  assert.equal(third.counts.move, 0)
  seller.close()
})
