// SPDX-License-Identifier: Apache-2.0
// Story: the same request twice, two hands on one record.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { registration, signIn, signInDirectly } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork, phone, row, sql } from '../lib/network.mjs'

let dealer, seller, manager
const skip = noNetwork
const due = new Date(Date.now() + 7 * 86400e3).toISOString()
before(async () => {
  if (skip) return
  dealer = await makeDealer()
  seller = await signIn(dealer.staff.seller)
  manager = await signIn(dealer.staff.manager)
})
after(() => { seller?.close(); manager?.close(); closeDatabase() })

const owned = async (over) => {
  const reply = await seller.post('/v1/registrations', registration({ phone: phone(), ...over }))
  assert.equal(reply.json?.state, 'ACTIVE', reply.text)
  return reply.json.person_id
}

test('a POST without a key is refused, with a wrong key too', { skip }, async () => {
  const reply = await seller.post('/v1/tasks', { title: 't', kind: 'call', due_at: due }, { key: null })
  assert.equal(reply.status, 400)
  assert.match(reply.json.type, /idempotency-key-missing$/)
  assert.ok((await seller.post('/v1/tasks', { title: 't', kind: 'call', due_at: due }, { key: 'k'.repeat(500) })).status >= 400)
})

test('the same key and body repeat the answer, and the act happens once', { skip }, async () => {
  const key = randomUUID(), body = { title: 'Перезвонить', kind: 'call', due_at: due }
  const first = await seller.post('/v1/tasks', body, { key })
  const second = await seller.post('/v1/tasks', body, { key })
  assert.ok(first.status < 300, first.text)
  assert.equal(second.status, first.status)
  assert.deepEqual(second.json, first.json)
  const other = await seller.post('/v1/tasks', body)
  assert.notEqual(other.json.id, first.json.id)
})

test('the same key with another body is a 422; another person and another route have their own keys', { skip }, async () => {
  const key = randomUUID(), body = { title: 'Раз', kind: 'call', due_at: due }
  const first = await seller.post('/v1/tasks', body, { key })
  const reused = await seller.post('/v1/tasks', { ...body, title: 'Два' }, { key })
  assert.equal(reused.status, 422)
  assert.match(reused.json.type, /idempotency-key-reused$/)
  const other = await manager.post('/v1/tasks', body, { key })
  assert.ok(other.status < 300, other.text)
  assert.notEqual(other.json.id, first.json.id)
  assert.ok((await seller.post('/v1/views', { screen: 'people', name: key, query: 'q=1' }, { key })).status < 300)
})

test('fifty at once with one key act once; the others replay or are told it runs', { skip }, async () => {
  const key = randomUUID(), body = { title: key, kind: 'call', due_at: due }
  const replies = await Promise.all(Array.from({ length: 50 }, () => seller.post('/v1/tasks', body, { key })))
  const good = replies.filter((r) => r.status < 300)
  assert.ok(good.length >= 1)
  for (const reply of replies) assert.ok(reply.status < 300 || reply.status === 409, `${reply.status} ${reply.text}`)
  for (const reply of replies.filter((r) => r.status === 409)) assert.match(reply.json.type, /in-flight$/)
  assert.equal(new Set(good.map((r) => r.json.id)).size, 1)
  assert.equal((await row(`select count(*)::int as n from core.task where title = '${key}'`)).n, 1)
})

test('a refused act leaves the key free', { skip }, async () => {
  const key = randomUUID()
  assert.equal((await seller.post('/v1/tasks', { title: 't', kind: 'call', due_at: 'yesterday' }, { key })).status, 400)
  assert.ok((await seller.post('/v1/tasks', { title: 't', kind: 'call', due_at: due }, { key })).status < 300)
})

test('an edit needs the version it was made from', { skip }, async () => {
  const id = await owned()
  const card = await seller.get(`/v1/people/${id}`)
  assert.equal(card.headers.etag, `"v${card.json.version}"`)
  const bare = await seller.patch(`/v1/people/${id}`, { city: 'Самара' })
  assert.equal(bare.status, 428)
  for (const match of ['"v0"', '"v999"', '"1"', 'v1', '*']) {
    const reply = await seller.patch(`/v1/people/${id}`, { city: 'Самара' }, match)
    assert.ok([400, 412].includes(reply.status), `${match}: ${reply.status}`)
  }
  const done = await seller.patch(`/v1/people/${id}`, { city: 'Самара' }, card.json.version)
  assert.equal(done.status, 200, done.text)
  assert.equal(done.json.version, card.json.version + 1)
  const stale = await seller.patch(`/v1/people/${id}`, { city: 'Тверь' }, card.json.version)
  assert.equal(stale.status, 412)
  assert.match(stale.json.type, /changed$/)
  assert.equal((await seller.get(`/v1/people/${id}`)).json.city, 'Самара')
})

test('of twenty edits of one version exactly one wins', { skip }, async () => {
  const id = await owned()
  const { version } = (await seller.get(`/v1/people/${id}`)).json
  const crowd = await Promise.all(Array.from({ length: 20 }, () => signInDirectly(dealer.staff.seller)))
  const replies = await Promise.all(crowd.map((c, i) => c.patch(`/v1/people/${id}`, { city: `Город ${i}` }, version)))
  const won = replies.filter((r) => r.status === 200)
  assert.equal(won.length, 1, replies.map((r) => r.status).join())
  assert.ok(replies.every((r) => [200, 412].includes(r.status)))
  assert.equal((await seller.get(`/v1/people/${id}`)).json.city, `Город ${replies.indexOf(won[0])}`)
  for (const c of crowd) c.close()
})

test('keys are forgotten after a day', { skip }, async () => {
  const key = randomUUID(), body = { title: 'Раз', kind: 'call', due_at: due }
  const first = await seller.post('/v1/tasks', body, { key })
  await sql(`update session.idempotency set at = at - interval '25 hours' where key = '${key}'`)
  const later = await seller.post('/v1/tasks', { ...body, title: 'Позже' }, { key })
  assert.ok(later.status < 300, later.text)
  assert.notEqual(later.json.id, first.json.id)
})
