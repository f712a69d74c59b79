// SPDX-License-Identifier: Apache-2.0
// Story: a customer stands at another dealer's desk, chooses, signs, changes his mind (S17, S18; R80-R84).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { Caller, registration, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, row, sql, unique } from '../lib/network.mjs'
import { mailTo, mailsTo } from '../lib/mail.mjs'
import { daytimeZone } from '../lib/people.mjs'

const skip = noNetwork
let a, b, sellerA, managerA, sellerB, managerB, router, stranger
before(async () => {
  if (skip) return
  const zone = daytimeZone()
  a = await makeDealer({ zone, seats: ['manager', 'seller'] }); b = await makeDealer({ zone, city: 'Тула', seats: ['manager', 'seller'] })
  ;[sellerA, managerA, sellerB, managerB, router] = await Promise.all([signIn(a.staff.seller), signIn(a.staff.manager), signIn(b.staff.seller), signIn(b.staff.manager),
    signIn(await makeStaff(0, 'router'))])
  stranger = new Caller()
})
after(() => { for (const c of [sellerA, managerA, sellerB, managerB, router, stranger]) c?.close(); closeDatabase() })

const customerOfA = async (over = {}) => {
  const person = { phone: phone(), surname: `Выборов${unique()}`, email: `v.${unique()}@test.example`, ...over }
  const reply = await sellerA.post('/v1/registrations', registration(person))
  assert.equal(reply.json?.state, 'ACTIVE', reply.text)
  // the address was known before the letter is asked for
  await sql(`update core.contact_point set created_at = created_at - interval '1 minute' where party_id = (select party_id from core.party where public_id = '${reply.json.person_id}')`)
  return { ...person, id: reply.json.person_id, right: reply.json.right_id }
}
const walkIn = async (person, caller = sellerB) => {
  const reply = await caller.post('/v1/walk-ins', { brand_id: 1, line: 'NEW', name: `Иван ${person.surname}`, consent_evidence: 'form 7', phone: person.phone, surname: person.surname })
  assert.equal(reply.status, 200, reply.text)
  return reply.json
}
const owner = async (person) => (await row(`select o.dealer_id, o.state from core.ownership o join core.party p using (party_id) where p.public_id = '${person.id}' and o.line = 'NEW'`))
const linkOf = (mail) => /https:\/\/\S*(\/c\/[A-Za-z0-9_-]+)/.exec(mail.text)[1]
const pick = (path, id) => stranger.send('POST', path, { body: `pick=${id}`, key: null, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })

test('S17: a walk-in at B, protected at A, buys: B serves blindly, holds the right by the order, A may dispute the credit alone', { skip }, async () => {
  const person = await customerOfA()
  const answer = await walkIn(person)
  assert.equal(answer.verdict, 'PROTECTED')
  assert.equal(answer.person_id, null)
  const list = await sellerB.all('/v1/walk-ins')
  const mine = list.find((g) => g.id === answer.grant_id)
  assert.equal(mine.name, `Иван ${person.surname}`)
  assert.equal(mine.person_id, null)
  const card = (await sellerB.get(`/v1/walk-ins/${answer.grant_id}`)).text
  assert.doesNotMatch(card, new RegExp(person.id), 'the record\'s number is not the desk\'s')
  assert.equal((await sellerB.get(`/v1/people/${person.id}`)).status, 404)
  assert.equal((await sellerA.get(`/v1/walk-ins/${answer.grant_id}`)).status, 404, 'a permission is the dealer\'s own')
  const order = await sellerB.post(`/v1/walk-ins/${answer.grant_id}/order`, { document: `Z-${unique()}` })
  assert.equal(order.status, 200, order.text)
  assert.equal(order.json.state, 'HELD')
  assert.equal(order.json.credit_bp, 10000, 'no offer of A lives: the seller has all of it')
  assert.deepEqual(await owner(person), { dealer_id: b.dealer_id, state: 'HELD' })
  assert.equal((await sellerB.get(`/v1/people/${order.json.person_id}`)).json.level, 'FULL')
  const credit = (await managerA.all('/v1/credits')).find((c) => c.person_id === null || c.person_id === person.id)
  assert.equal(credit.own_bp, 0)
  const claim = await managerA.post(`/v1/credits/${credit.id}/dispute`, { claim: 'Предложение было нашим' })
  assert.equal(claim.json?.state, 'DISPUTED', claim.text)
  assert.deepEqual(await owner(person), { dealer_id: b.dealer_id, state: 'HELD' }, 'the right is not in dispute')
  assert.equal((await managerA.post(`/v1/disputes/${claim.json.dispute_id}/withdraw`, {})).json?.state, 'WITHDRAWN')
  // and nothing else: the order was the customer's choice, however early A's evidence is
  assert.equal((await sellerA.post('/v1/registrations', registration({ phone: person.phone, surname: person.surname, email: person.email }))).json.verdict, 'PROTECTED')
  const proof = await managerA.send('POST', `/v1/evidence?kind=visit&happened_at=${encodeURIComponent(new Date(Date.now() - 40 * 86400e3).toISOString())}&name=proof`,
    { body: Buffer.from(unique()), headers: { 'Content-Type': 'application/octet-stream' } })
  const filed = await managerA.post('/v1/disputes', { kind: 'earlier_evidence', brand_id: 1, line: 'NEW', phone: person.phone, surname: person.surname, email: person.email,
    claim: 'Клиент был у нас раньше', evidence_ids: [proof.json.id] })
  assert.equal(filed.json?.is_filed, true, filed.text)
  const ended = await until('the case is looked at', async () => { const d = await row(`select state, refused from core.dispute where public_id = '${filed.json.dispute_id}'`); return d.state !== 'FILED' && d })
  assert.deepEqual(ended, { state: 'REJECTED', refused: 'choice' }, 'R83: A may dispute the credit only')
  assert.deepEqual(await owner(person), { dealer_id: b.dealer_id, state: 'HELD' })
})

test('S18: the customer chooses B behind his letter; the next day A is refused until day 30', { skip }, async () => {
  const person = await customerOfA()
  const asked = await router.post('/v1/choices', { kind: 'LINK', person_id: person.id, brand_id: 1, line: 'NEW' })
  assert.equal(asked.status, 200, asked.text)
  const mail = await mailTo(person.email)
  const path = linkOf(mail)
  const page = await stranger.get(path)
  assert.equal(page.status, 200)
  assert.match(page.headers['content-security-policy'], /default-src 'none'/)
  assert.doesNotMatch(page.text, /<script/)
  assert.ok(page.text.includes(a.name) && page.text.includes(b.id), 'his dealer by name, the other to choose')
  assert.deepEqual(await owner(person), { dealer_id: a.dealer_id, state: 'ACTIVE' }, 'reading changes nothing')
  const chosen = await pick(path, b.id)
  assert.match(chosen.text, /Ваш выбор действует/)
  assert.deepEqual(await owner(person), { dealer_id: b.dealer_id, state: 'ACTIVE' })
  assert.match((await pick(path, a.id)).text, /Ваш выбор действует/, 'a link works once')
  assert.deepEqual(await owner(person), { dealer_id: b.dealer_id, state: 'ACTIVE' })
  assert.equal((await sellerA.get(`/v1/people/${person.id}`)).status, 404)
  assert.ok((await managerA.all('/v1/notices')).some((n) => n.kind === 'N10'), 'the old owner is told the fact')
  // the next day at A's desk
  const again = await walkIn(person, sellerA)
  const code = await sellerA.post('/v1/choices', { kind: 'CODE', grant_id: again.grant_id })
  assert.equal(code.status, 200, code.text)
  const letter = await mailTo(person.email, 2)
  const entered = await sellerA.post(`/v1/choices/${code.json.id}/code`, { code: /\b(\d{6})\b/.exec(letter.text)[1] })
  assert.equal(entered.status, 409, entered.text)
  assert.equal(entered.json.rule, 'R80')
  assert.match(entered.json.info.from, /^\d{4}-\d\d-\d\d$/)
  assert.deepEqual(await owner(person), { dealer_id: b.dealer_id, state: 'ACTIVE' })
  // day 30
  await sql(`update core.choice set done_at = done_at - interval '30 days', next_at = next_at - interval '30 days' where state = 'DONE' and party_id = (select party_id from core.party where public_id = '${person.id}')`)
  const late = await sellerA.post(`/v1/choices/${code.json.id}/code`, { code: /\b(\d{6})\b/.exec(letter.text)[1] })
  assert.equal(late.json?.state, 'DONE', late.text)
  assert.deepEqual(await owner(person), { dealer_id: a.dealer_id, state: 'ACTIVE' })
})

test('R80: a damaged or foreign link opens a page that says so, and a post to it is refused', { skip }, async () => {
  for (const bad of ['/c/x', '/c/' + 'A'.repeat(38)]) {
    const reply = await stranger.get(bad)
    assert.equal(reply.status, 410, bad)
    assert.match(reply.headers['content-type'], /text\/html/)
    assert.equal((await pick(bad, b.id)).status, 410)
  }
})

test('R80: whether the network knows an address is told to nobody; at most three letters a day', { skip }, async () => {
  const person = await customerOfA({ email: undefined })
  const grant = await walkIn(person)
  for (let i = 0; i < 3; i++) assert.equal((await sellerB.post('/v1/choices', { kind: 'CODE', grant_id: grant.grant_id })).json?.state, 'ASKED')
  const fourth = await sellerB.post('/v1/choices', { kind: 'CODE', grant_id: grant.grant_id })
  assert.equal(fourth.status, 429)
  assert.equal(fourth.json.rule, 'R80')
})

test('P20: two choices at once, one moves the right: concurrent posts of two links of one customer', { skip }, async () => {
  const person = await customerOfA()
  for (let i = 0; i < 2; i++) assert.equal((await router.post('/v1/choices', { kind: 'LINK', person_id: person.id, brand_id: 1, line: 'NEW' })).status, 200)
  await mailTo(person.email, 2)
  const paths = mailsTo(person.email).map(linkOf)
  const c = await makeDealer({ city: 'Пермь' })
  const replies = await Promise.all([...paths.map((p, i) => pick(p, [b.id, c.id][i])), ...paths.map((p, i) => pick(p, [c.id, b.id][i]))])
  assert.ok(replies.every((r) => [200, 410].includes(r.status)), replies.map((r) => r.status).join())
  const made = await row(`select count(*)::int as n, count(distinct to_dealer_id)::int as dealers from core.choice where state = 'DONE' and next_at > done_at and party_id = (select party_id from core.party where public_id = '${person.id}')`)
  assert.deepEqual(made, { n: 1, dealers: 1 })
  const rights = await row(`select count(*) filter (where state <> 'CLOSED')::int as open from core.ownership where party_id = (select party_id from core.party where public_id = '${person.id}') and line = 'NEW'`)
  assert.equal(rights.open, 1, 'R1 holds')
})

test('R81: walk-ins, probes and registrations answer alike: equally long, at fixed steps of time', { skip }, async () => {
  const person = await customerOfA()
  const one = await walkIn(person)
  const two = await walkIn(person)
  assert.equal(one.grant_id, two.grant_id)
  assert.equal(JSON.stringify(one).length, JSON.stringify(two).length)
})
