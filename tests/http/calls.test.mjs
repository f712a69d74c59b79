// SPDX-License-Identifier: Apache-2.0
// Story: a call list worked by two operators at once (A000-32 to A000-38).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { signIn } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork, row, unique } from '../lib/network.mjs'
import { checked, crowd, daytimeZone, emailCampaign, launched, registerMany } from '../lib/people.mjs'

let dealer, other, manager, operator, operator2, stranger, campaign
const people = crowd(12)
const skip = noNetwork
before(async () => {
  if (skip) return
  const zone = daytimeZone(), city = `Г${unique()}`
  dealer = await makeDealer({ zone, seats: ['manager', 'seller', 'operator', 'operator'] }); other = await makeDealer({ zone, seats: ['operator'] })
  ;[manager, operator, operator2, stranger] = await Promise.all([signIn(dealer.staff.manager), signIn(dealer.staff.operator), signIn(dealer.staff.operator2), signIn(other.staff.operator)])
  await registerMany(dealer, dealer.staff.seller, people.map((p) => ({ ...p, city })))
  campaign = await launched(manager, await checked(manager, emailCampaign({ channel: 'CALL', subject: undefined, body: undefined,
    script: 'Здравствуйте! Приглашаем на сервис.', definition: { and: [{ attr: 'city', op: 'in', value: [city] }] } })))
})
after(() => { for (const c of [manager, operator, operator2, stranger]) c?.close(); closeDatabase() })

test('the list has everybody once and tells how far it is', { skip }, async () => {
  const [list] = (await operator.all('/v1/call-lists')).filter((l) => l.campaign_id === campaign.id)
  assert.ok(list)
  assert.equal(list.total, 12)
  assert.equal(list.processed, 0)
  assert.match(list.script, /Приглашаем/)
  assert.deepEqual(await stranger.all('/v1/call-lists'), [])
})

test('two operators never get the same person; each gets who, what car, the last contacts, the script', { skip }, async () => {
  const seen = []
  for (let i = 0; i < 3; i++) {
    const [one, two] = await Promise.all([operator, operator2].map((c) => c.post(`/v1/call-lists/${campaign.id}/next`)))
    for (const reply of [one, two]) {
      assert.equal(reply.status, 200, reply.text)
      for (const key of ['call_id', 'person', 'vehicles', 'last_contacts', 'script', 'attempts', 'counters']) assert.ok(key in reply.json, key)
      assert.match(reply.json.person.phone, /^\+7971\d{7}$/)
      seen.push(reply.json.person.id)
    }
    for (const [caller, reply, result] of [[operator, one, 'agreed'], [operator2, two, 'no_answer']]) {
      const done = await caller.post(`/v1/calls/${reply.json.call_id}/result`, { result, note: 'говорили' })
      assert.ok(done.status < 300, done.text)
      assert.ok(done.json.counters.processed >= 1)
    }
  }
  assert.equal(new Set(seen).size, 6)
})

test('a call held by another, or already answered, takes no result', { skip }, async () => {
  const mine = await operator.post(`/v1/call-lists/${campaign.id}/next`)
  const theirs = await operator2.post(`/v1/calls/${mine.json.call_id}/result`, { result: 'refused' })
  assert.equal(theirs.status, 409)
  assert.match(theirs.json.type, /call-not-yours$/)
  assert.ok((await operator.post(`/v1/calls/${mine.json.call_id}/result`, { result: 'refused' })).status < 300)
  assert.equal((await operator.post(`/v1/calls/${mine.json.call_id}/result`, { result: 'agreed' })).status, 409)
  assert.equal((await stranger.post(`/v1/calls/${mine.json.call_id}/result`, { result: 'agreed' })).status, 404)
})

test('a result is taken back within half a minute', { skip }, async () => {
  const call = await operator.post(`/v1/call-lists/${campaign.id}/next`)
  await operator.post(`/v1/calls/${call.json.call_id}/result`, { result: 'agreed' })
  const undone = await operator.post(`/v1/calls/${call.json.call_id}/undo`)
  assert.ok(undone.status < 300, undone.text)
  assert.equal(undone.json.call_id, call.json.call_id)
  assert.deepEqual([undone.json.person, undone.json.script, undone.json.counters], [call.json.person, call.json.script, call.json.counters], 'the whole card is there again')
  assert.ok((await operator.post(`/v1/calls/${call.json.call_id}/result`, { result: 'wrong_number' })).status < 300)
  const valid = await row(`select c.is_valid from core.contact_point c join core.call_item i using (party_id) where i.public_id = '${call.json.call_id}' and c.kind = 'PHONE'`)
  assert.equal(valid.is_valid, false, 'a wrong number is marked (A000-37)')
})

test('call back needs a time; do not call withdraws consent for calls', { skip }, async () => {
  const call = await operator.post(`/v1/call-lists/${campaign.id}/next`)
  assert.equal((await operator.post(`/v1/calls/${call.json.call_id}/result`, { result: 'call_back' })).status, 400)
  const at = new Date(Date.now() + 3 * 3600e3).toISOString()
  assert.ok((await operator.post(`/v1/calls/${call.json.call_id}/result`, { result: 'call_back', call_back_at: at })).status < 300)
  const next = await operator.post(`/v1/call-lists/${campaign.id}/next`)
  assert.notEqual(next.json.person.id, call.json.person.id)
  assert.ok((await operator.post(`/v1/calls/${next.json.call_id}/result`, { result: 'do_not_call' })).status < 300)
  const live = await row(`select count(*)::int as n from core.consent c join core.call_item i using (party_id) where i.public_id = '${next.json.call_id}'
    and c.purpose = 'ADVERTISING' and (c.channel is null or c.channel = 'CALL') and c.withdrawn_at is null`)
  assert.equal(live.n, 0)
})

test('an empty list says so, and when the next call is due', { skip }, async () => {
  let reply
  for (let i = 0; i < 20; i++) {
    reply = await operator.post(`/v1/call-lists/${campaign.id}/next`)
    if (!reply.json?.call_id) break
    await operator.post(`/v1/calls/${reply.json.call_id}/result`, { result: 'refused' })
  }
  assert.ok(reply.status < 300, reply.text)
  assert.equal(reply.json?.call_id ?? null, null)
})

test('the list shows results and operators to the manager; the contact is in the timeline', { skip }, async () => {
  const items = await manager.all(`/v1/call-lists/${campaign.id}/items`)
  assert.equal(items.length, 12)
  assert.ok(items.some((i) => i.result === 'agreed' && i.operator_name))
  const agreed = await row(`select p.public_id as id from core.call_item i join core.party p using (party_id) join core.campaign k using (campaign_id)
    where k.public_id = '${campaign.id}' and i.result = 'agreed' limit 1`)
  const timeline = await manager.all(`/v1/people/${agreed.id}/timeline`)
  assert.ok(timeline.some((t) => t.kind === 'CALL_OUT' || /call/i.test(t.kind)), JSON.stringify(timeline))
})
