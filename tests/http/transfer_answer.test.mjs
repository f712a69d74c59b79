// SPDX-License-Identifier: Apache-2.0
// Story: a dealer is offered another's client and answers: yes, no, or nothing until the term is over (R127, R130).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { registration, signIn, until } from '../lib/http.mjs'
import { mailTo, mailsTo } from '../lib/mail.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, row, sql, unique } from '../lib/network.mjs'
import { checked, daytimeZone, emailCampaign } from '../lib/people.mjs'

const skip = noNetwork
let a, b, sellerA, managerA, sellerB, managerB, managerC, router, auditor
before(async () => {
  if (skip) return
  const zone = daytimeZone()
  ;[a, b] = [await makeDealer({ zone }), await makeDealer({ zone, city: 'Пермь' })]
  ;[sellerA, managerA, sellerB, managerB, managerC, router, auditor] = await Promise.all([a.staff.seller, a.staff.manager, b.staff.seller, b.staff.manager,
    (await makeDealer({ zone, seats: ['manager'] })).staff.manager, await makeStaff(0, 'router'), await makeStaff(0, 'auditor')].map((s) => signIn(s)))
})
after(() => { for (const x of [sellerA, managerA, sellerB, managerB, managerC, router, auditor]) x?.close(); closeDatabase() })

const clientOfA = async (over = {}) => {
  const given = { phone: phone(), surname: `Ответов${unique()}`, email: `o.${unique()}@test.example`, ...over }
  const reply = await sellerA.post('/v1/registrations', registration(given))
  assert.equal(reply.json?.state, 'ACTIVE', reply.text)
  return { ...given, id: reply.json.person_id, right: reply.json.right_id }
}
const offer = async (person) => {
  const reply = await managerA.post(`/v1/rights/${person.right}/transfer`, { to_dealer_id: b.id, reason: 'owner_consent' })
  assert.equal(reply.json?.state, 'OFFERED', reply.text)
  return reply.json
}
const right = (person) => row(`select o.dealer_id, o.state, o.protect_until from core.ownership o join core.party p using (party_id) where p.public_id = '${person.id}' and o.line = 'NEW' and o.state <> 'CLOSED'`)
const seenBy = async (caller, made) => (await caller.all('/v1/transfers')).find((t) => t.id === made.id)
const told = async (caller, subject) => (await caller.all('/v1/notices')).filter((n) => n.kind === 'N10' && n.subject === subject).length
const refuses = (reply, state) => assert.deepEqual([reply.status, reply.json.type, reply.json.rule, reply.json.info?.state], [409, '/v1/errors#transfer-ended', 'R127', state], reply.text)

test('R127, R130: accepted: the right moves with its term, contacts do not; one neutral letter; until consent the new owner serves only', { skip }, async () => {
  const person = await clientOfA(), before = await right(person), made = await offer(person)
  assert.equal(await told(managerB, made.id), 1, 'N10: the receiving manager is told of the offer')
  assert.equal((await managerC.post(`/v1/transfers/${made.id}/accept`, {})).status, 404, 'an offer is to one dealer')
  assert.equal((await managerA.post(`/v1/transfers/${made.id}/accept`, {})).status, 404, 'nobody accepts his own')
  const yes = await managerB.post(`/v1/transfers/${made.id}/accept`, { seat_id: b.staff.seller.id })
  assert.equal(yes.json?.state, 'ACCEPTED', yes.text)
  assert.equal(yes.json.is_covered, false)
  const now = await right(person)
  assert.deepEqual([now.dealer_id, now.state, now.protect_until], [b.dealer_id, before.state, before.protect_until], 'same state, same term')
  const card = (await sellerB.get(`/v1/people/${person.id}`)).json
  assert.deepEqual(card.contacts, [], 'R130: consent does not travel by itself')
  assert.ok(!JSON.stringify(card).includes(person.phone) && !JSON.stringify(card).includes(person.email))
  const letter = await mailTo(person.email)
  assert.ok(letter.text.includes(b.name) && !letter.text.includes(a.name), 'who serves him now, and nothing else')
  assert.equal((await row(`select dealer_id from core.message m join core.party p using (party_id) where p.public_id = '${person.id}' and m.kind = 'transfer'`)).dealer_id, 0, 'head office writes')
  const campaign = await checked(managerB, emailCampaign())
  assert.deepEqual([campaign.check.will_get, campaign.check.reasons], [0, { no_consent: 1 }], 'R130: until consent, serve only')
  refuses(await managerB.post(`/v1/transfers/${made.id}/refuse`, { reason: 'передумали' }), 'ACCEPTED')
  refuses(await managerA.post(`/v1/transfers/${made.id}/withdraw`, { reason: 'передумали' }), 'ACCEPTED')
  assert.equal(await told(managerA, person.id), 1, 'the old owner is told it is done')
  assert.equal(mailsTo(person.email).length, 1, 'one message')
})

test('R127: refused with a reason: the old owner keeps the right untouched, is told, and may offer it again', { skip }, async () => {
  const person = await clientOfA(), before = await right(person), made = await offer(person)
  assert.equal((await sellerA.get(`/v1/people/${person.id}`)).status, 200, 'an open offer takes nothing away')
  const bare = await managerB.post(`/v1/transfers/${made.id}/refuse`, { reason: ' ' })
  assert.deepEqual([bare.status, bare.json.field], [400, 'reason'])
  const no = await managerB.post(`/v1/transfers/${made.id}/refuse`, { reason: 'Нет свободных продавцов' })
  assert.equal(no.json?.state, 'REFUSED', no.text)
  assert.deepEqual(await right(person), before)
  assert.equal((await seenBy(managerA, made)).answer, 'Нет свободных продавцов')
  assert.equal(await told(managerA, made.id), 1, 'N10: the old owner is told of the answer')
  assert.equal((await sellerB.get(`/v1/people/${person.id}`)).status, 404, 'a refusal opens no record')
  const left = await seenBy(managerB, made)
  assert.deepEqual([left.person_name, left.person_id, left.city, left.right_state, left.protect_until], [null, null, null, null, null], 'R24: and leaves nothing with who did not want him')
  refuses(await managerB.post(`/v1/transfers/${made.id}/accept`, {}), 'REFUSED')
  assert.equal(mailsTo(person.email).length, 0, 'the customer hears nothing of it')
  assert.notEqual((await offer(person)).id, made.id, 'the next offer is another')
  assert.equal(await told(managerB, made.id), 1)
})

test('R127: silence until the term is over: the offer lapses, the right stays, both see it, and no answer counts any more', { skip }, async () => {
  const person = await clientOfA(), before = await right(person), made = await offer(person)
  const { days } = await row(`select extract(epoch from until_at - core.now()) / 86400 as days from core.transfer where public_id = '${made.id}'`)
  assert.ok(days > 4 && days <= 6, `five days to the end of the day: ${days}`)
  await sql(`update core.transfer set until_at = core.now() where public_id = '${made.id}'`)
  refuses(await managerB.post(`/v1/transfers/${made.id}/accept`, {}), 'EXPIRED')
  assert.deepEqual(await right(person), before, 'too late by a moment is too late')
  await sql("delete from core.clock_mark where name = 'service'")      // its turn is now, not within the minute
  await until('the clock ends the offer', async () => (await row(`select state from core.transfer where public_id = '${made.id}'`)).state === 'EXPIRED', 90000, 500)
  for (const caller of [managerA, managerB]) assert.equal((await seenBy(caller, made)).state, 'EXPIRED')
  assert.equal(await told(managerA, made.id), 1, 'N10: the old owner is told that nobody answered')
  assert.equal((await seenBy(managerB, made)).person_name, null)
  refuses(await managerB.post(`/v1/transfers/${made.id}/refuse`, { reason: 'поздно' }), 'EXPIRED')
  assert.deepEqual(await row(`select rule, staff_id from core.ledger where subject = '${made.id}' and kind = 'transfer.expired'`), { rule: 'R127', staff_id: null }, 'R8: the clock, in the ledger')
  assert.equal((await sellerA.get(`/v1/people/${person.id}`)).json.level, 'FULL')
  assert.equal((await offer(person)).state, 'OFFERED')
})

test('R127: withdrawn before an answer: nothing is left to accept, and the receiver is told', { skip }, async () => {
  const person = await clientOfA(), made = await offer(person)
  assert.equal((await managerB.post(`/v1/transfers/${made.id}/withdraw`, { reason: 'не наш' })).status, 404, 'only who offered withdraws')
  const back = await managerA.post(`/v1/transfers/${made.id}/withdraw`, { reason: 'Клиент решил остаться' })
  assert.equal(back.json?.state, 'WITHDRAWN', back.text)
  refuses(await sellerB.post(`/v1/transfers/${made.id}/accept`, {}), 'WITHDRAWN')
  assert.equal(await told(managerB, made.id), 2, 'offered, withdrawn')
  assert.equal((await right(person)).dealer_id, a.dealer_id)
})
