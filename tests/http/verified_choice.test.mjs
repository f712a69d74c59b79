// SPDX-License-Identifier: Apache-2.0
// Story: a customer says whom he chooses on a signed form or on the telephone (R80): the form counts at once, head office hears the call first.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { registration, signIn } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, row, rows, unique } from '../lib/network.mjs'
import { daytimeZone } from '../lib/people.mjs'

const skip = noNetwork
let a, b, c, sellerA, managerA, sellerB, managerB, managerC, router, second, marketer
before(async () => {
  if (skip) return
  const zone = daytimeZone()
  ;[a, b, c] = [await makeDealer({ zone }), await makeDealer({ zone, city: 'Тула' }), await makeDealer({ zone, seats: ['manager'] })]
  ;[sellerA, managerA, sellerB, managerB, managerC, router, second, marketer] = await Promise.all([a.staff.seller, a.staff.manager, b.staff.seller, b.staff.manager,
    c.staff.manager, await makeStaff(0, 'router'), await makeStaff(0, 'router'), await makeStaff(0, 'marketer')].map((s) => signIn(s)))
})
after(() => { for (const x of [sellerA, managerA, sellerB, managerB, managerC, router, second, marketer]) x?.close(); closeDatabase() })

const customerOfA = async () => {
  const person = { phone: phone(), surname: `Подписов${unique()}` }
  const reply = await sellerA.post('/v1/registrations', registration(person))
  assert.equal(reply.json?.state, 'ACTIVE', reply.text)
  return { ...person, id: reply.json.person_id, right: reply.json.right_id }
}
const atDeskOfB = async (person) => {
  const reply = await sellerB.post('/v1/walk-ins', { brand_id: 1, line: 'NEW', name: `Пётр ${person.surname}`, consent_evidence: 'form 7', phone: person.phone, surname: person.surname })
  assert.equal(reply.json?.verdict, 'PROTECTED', reply.text)
  return reply.json.grant_id
}
const upload = async (caller, kind, bytes = randomBytes(200)) => {
  const reply = await caller.send('POST', `/v1/evidence?kind=${kind}&happened_at=${encodeURIComponent(new Date(Date.now() - 600e3).toISOString())}&name=${encodeURIComponent('выбор.bin')}`,
    { body: bytes, headers: { 'Content-Type': 'application/octet-stream' } })
  assert.ok(reply.status < 300, reply.text)
  return { ...reply.json, bytes }
}
const openRights = (person) => rows(`select o.dealer_id, o.state from core.ownership o join core.party p using (party_id) where p.public_id = '${person.id}' and o.line = 'NEW' and o.state <> 'CLOSED'`)
const ownerIs = async (person, dealer, why) => assert.deepEqual(await openRights(person), [{ dealer_id: dealer.dealer_id, state: 'ACTIVE' }], why)
const asks = (person) => row(`select count(*)::int as n from core.choice where party_id = (select party_id from core.party where public_id = '${person.id}')`)
const refuses = (reply, status, slug, field) => {
  assert.equal(reply.status, status, reply.text)
  assert.equal(reply.json.type, `/v1/errors#${slug}`)
  if (field) assert.equal(reply.json.field, field)
  assert.ok(reply.json.next, reply.text)
}

test('R80: a form the customer signed moves the right at once; the old owner is told the fact, not the words', { skip }, async () => {
  const person = await customerOfA(), grant = await atDeskOfB(person)
  const form = await upload(sellerB, 'choice')
  const made = await sellerB.post('/v1/choices', { kind: 'FORM', grant_id: grant, evidence_id: form.id })
  assert.equal(made.json?.state, 'DONE', made.text)
  assert.equal(made.json.person_id, person.id, 'the customer is the chosen dealer\'s own now')
  assert.match(made.json.next_on, /^\d{4}-\d\d-\d\d$/)
  await ownerIs(person, b)
  assert.equal((await sellerB.get(`/v1/people/${person.id}`)).json?.level, 'FULL')
  assert.equal((await sellerB.get(`/v1/people/${person.id}`)).json.contacts[0].value, person.phone, 'the choice is the consent that passes the contact')
  assert.equal((await sellerA.get(`/v1/people/${person.id}`)).status, 404)
  const told = (await managerA.all('/v1/notices')).filter((n) => n.kind === 'N10' && n.subject === person.id)
  assert.equal(told.length, 1, 'the old owner is told once')
  const seen = JSON.stringify(told) + (await managerA.get('/v1/transfers')).text + (await managerA.get('/v1/choices')).text
  for (const word of [b.name, b.id, form.id, form.sha256, 'FORM', 'выбор.bin']) assert.ok(!seen.includes(word), word)
  const chain = (await router.get(`/v1/people/${person.id}/owners`)).json.items
  assert.deepEqual(chain.map((x) => [x.dealer_name, x.state, x.transfer_reason]), [[b.name, 'ACTIVE', 'customer_choice'], [a.name, 'CLOSED', null]])
})

test('R80, R101: a form of another kind, another dealer, or used before is no choice, and nothing moves', { skip }, async () => {
  const person = await customerOfA(), grant = await atDeskOfB(person)
  refuses(await sellerB.post('/v1/choices', { kind: 'FORM', grant_id: grant }), 400, 'missing-field', 'evidence_id')
  const visit = await upload(sellerB, 'visit'), call = await upload(sellerB, 'incoming'), foreign = await upload(managerC, 'choice')
  for (const [kind, proof] of [['FORM', visit], ['FORM', call], ['FORM', foreign], ['CALL', visit], ['CALL', await upload(sellerB, 'choice')]])
    refuses(await sellerB.post('/v1/choices', { kind, grant_id: grant, evidence_id: proof.id }), 400, 'bad-field', 'evidence_id')
  refuses(await sellerB.post('/v1/choices', { kind: 'CODE', grant_id: grant, evidence_id: visit.id }), 400, 'bad-field', 'evidence_id')
  assert.equal((await asks(person)).n, 0, 'a refused choice leaves nothing behind')
  await ownerIs(person, a)
  const form = await upload(sellerB, 'choice')
  assert.equal((await sellerB.post('/v1/choices', { kind: 'FORM', grant_id: grant, evidence_id: form.id })).json?.state, 'DONE')
  const other = await customerOfA()
  const twice = await sellerB.post('/v1/choices', { kind: 'FORM', grant_id: await atDeskOfB(other), evidence_id: form.id })
  refuses(twice, 409, 'choice-ended', 'evidence_id')
  assert.equal(twice.json.rule, 'R80')
  await ownerIs(other, a, 'one form is one customer\'s')
  refuses(await managerC.post('/v1/choices', { kind: 'FORM', grant_id: grant, evidence_id: foreign.id }), 404, 'not-found')
})

test('R80, P20: a second form within thirty days is refused and says from when', { skip }, async () => {
  const person = await customerOfA()
  const first = await sellerB.post('/v1/choices', { kind: 'FORM', grant_id: await atDeskOfB(person), evidence_id: (await upload(sellerB, 'choice')).id })
  assert.equal(first.json?.state, 'DONE', first.text)
  const back = await sellerA.post('/v1/walk-ins', { brand_id: 1, line: 'NEW', name: 'Пётр', consent_evidence: 'form 8', phone: person.phone, surname: person.surname })
  const reply = await sellerA.post('/v1/choices', { kind: 'FORM', grant_id: back.json.grant_id, evidence_id: (await upload(sellerA, 'choice')).id })
  refuses(reply, 409, 'choice-too-soon')
  assert.equal(reply.json.rule, 'R80')
  assert.match(reply.json.info.from, /^\d{4}-\d\d-\d\d$/)
  await ownerIs(person, b)
})

test('R80: a recorded call waits until head office has heard it, and then moves the right', { skip }, async () => {
  const person = await customerOfA(), record = await upload(sellerB, 'incoming', Buffer.from(`запись ${unique()}`))
  const made = await sellerB.post('/v1/choices', { kind: 'CALL', grant_id: await atDeskOfB(person), evidence_id: record.id })
  assert.equal(made.json?.state, 'ASKED', made.text)
  await ownerIs(person, a, 'nobody heard it yet')
  const waits = (await router.all('/v1/approvals?state=ASKED')).find((x) => x.subject === made.json.id)
  assert.equal(waits.rule, 'R80')
  assert.equal(waits.can_decide, true)
  assert.ok(!JSON.stringify(waits).includes(person.surname) && !JSON.stringify(waits).includes(person.phone))
  const path = `/v1/approvals/${waits.id}/recording`
  const heard = await router.get(path)
  assert.equal(heard.status, 200, heard.text)
  assert.equal(createHash('sha256').update(heard.bytes).digest('hex'), record.sha256)
  assert.deepEqual(heard.bytes, record.bytes, 'head office hears what was uploaded')
  for (const other of [sellerB, managerA, marketer]) assert.equal((await other.get(path)).status, 403)
  assert.ok((await managerB.all('/v1/approvals')).every((x) => !x.can_decide), 'the dealer who asks does not decide')
  const granted = await router.post(`/v1/approvals/${waits.id}/approve`, {})
  assert.equal(granted.status, 200, granted.text)
  await ownerIs(person, b)
  const after = (await sellerB.all('/v1/choices')).find((x) => x.id === made.json.id)
  assert.deepEqual([after.state, after.person_id], ['DONE', person.id])
  assert.equal((await router.get(path)).status, 404, 'what is decided is not listened to again')
  refuses(await second.post(`/v1/approvals/${waits.id}/refuse`, { reason: 'поздно' }), 409, 'approval-ended')
  assert.equal((await sellerB.all('/v1/notices')).filter((n) => n.kind === 'A2' && n.subject === waits.id).length, 1)
})

test('R80: a call that head office does not take for a choice moves nothing; the same recording is no second try', { skip }, async () => {
  const person = await customerOfA(), record = await upload(sellerB, 'incoming'), grant = await atDeskOfB(person)
  const made = await sellerB.post('/v1/choices', { kind: 'CALL', grant_id: grant, evidence_id: record.id })
  const waits = (await second.all('/v1/approvals?state=ASKED')).find((x) => x.subject === made.json.id)
  refuses(await second.post(`/v1/approvals/${waits.id}/refuse`, { reason: ' ' }), 400, 'reason-missing', 'reason')
  const refused = await second.post(`/v1/approvals/${waits.id}/refuse`, { reason: 'Клиент спрашивал о цене и никого не выбрал' })
  assert.equal(refused.json?.state, 'REFUSED', refused.text)
  assert.equal((await sellerB.all('/v1/choices')).find((x) => x.id === made.json.id).state, 'REFUSED')
  await ownerIs(person, a)
  assert.equal((await managerA.all('/v1/notices')).filter((n) => n.kind === 'N10' && n.subject === person.id).length, 0)
  refuses(await sellerB.post('/v1/choices', { kind: 'CALL', grant_id: grant, evidence_id: record.id }), 409, 'choice-ended', 'evidence_id')
  const heardTwice = await sellerB.post('/v1/choices', { kind: 'CALL', grant_id: grant, evidence_id: (await upload(sellerB, 'incoming')).id })
  assert.equal(heardTwice.json?.state, 'ASKED', heardTwice.text)
})

test('R80: head office takes a form or a call itself, and no caller grants his own', { skip }, async () => {
  const person = await customerOfA()
  const form = await upload(router, 'choice'), body = { kind: 'FORM', person_id: person.id, brand_id: 1, line: 'NEW', evidence_id: form.id }
  refuses(await router.post('/v1/choices', body), 400, 'missing-field', 'to_dealer_id')
  const made = await router.post('/v1/choices', { ...body, to_dealer_id: b.id })
  assert.equal(made.json?.state, 'DONE', made.text)
  await ownerIs(person, b)
  const other = await customerOfA(), record = await upload(router, 'incoming')
  const call = await router.post('/v1/choices', { kind: 'CALL', person_id: other.id, brand_id: 1, line: 'NEW', evidence_id: record.id, to_dealer_id: b.id })
  assert.equal(call.json?.state, 'ASKED', call.text)
  const own = (await router.all('/v1/approvals?state=ASKED')).find((x) => x.subject === call.json.id)
  assert.equal(own.can_decide, false)
  refuses(await router.post(`/v1/approvals/${own.id}/approve`, {}), 403, 'approval-own')
  assert.equal((await router.get(`/v1/approvals/${own.id}/recording`)).status, 404)
  assert.equal((await second.get(`/v1/approvals/${own.id}/recording`)).status, 200)
  assert.equal((await second.post(`/v1/approvals/${own.id}/approve`, {})).status, 200)
  await ownerIs(other, b)
})

test('R80: a signed order is not moved by a choice: it is kept for the arbiter', { skip }, async () => {
  const person = await customerOfA(), grant = await atDeskOfB(person)
  assert.equal((await sellerA.post(`/v1/rights/${person.right}/hold`, { document: `Z-${unique()}` })).json?.state, 'HELD')
  const made = await sellerB.post('/v1/choices', { kind: 'FORM', grant_id: grant, evidence_id: (await upload(sellerB, 'choice')).id })
  assert.equal(made.json?.state, 'KEPT', made.text)
  assert.equal(made.json.person_id, null)
  assert.deepEqual(await openRights(person), [{ dealer_id: a.dealer_id, state: 'HELD' }])
})
