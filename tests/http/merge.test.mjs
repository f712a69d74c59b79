// SPDX-License-Identifier: Apache-2.0
// S21: two parties owned by A and B are merged and parted again; the earlier right stays under dispute, an undo restores both; and
// many stewards at once make one merge, never two, never a circle (R28, R29).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { registration, signIn } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, sql, unique } from '../lib/network.mjs'

const skip = noNetwork
let a, b, sellerA, sellerB, steward

before(async () => {
  if (skip) return
  a = await makeDealer(); b = await makeDealer()
  sellerA = await signIn(a.staff.seller); sellerB = await signIn(b.staff.seller); steward = await signIn(await makeStaff(0, 'steward'))
})
after(closeDatabase)

async function make(caller, more = {}) {
  const given = { surname: `Объединёнов${unique()}`, given_name: 'Пётр', phone: phone(), ...more }
  const made = await caller.post('/v1/registrations', registration(given))
  assert.equal(made.json.verdict, 'FREE', made.text)
  return { ...given, id: made.json.person_id, right: made.json.right_id }
}
const pair = async (x, y) => (await sql(`insert into core.duplicate (party_low, party_high, class, score, weights, source)
  select least(x.party_id, y.party_id), greatest(x.party_id, y.party_id), 'STRONG', 20, '[{"field":"phone","weight":9,"level":"same"}]', 'scan'
  from core.party x, core.party y where x.public_id = '${x.id}' and y.public_id = '${y.id}' returning public_id`)).trim()

test('S21: the earlier right stays under dispute, the later is closed as merged, both ids resolve, an undo restores both exactly (R28, R29)', { skip }, async () => {
  const first = await make(sellerA), second = await make(sellerB, { email: `m${unique()}@test.example` })
  const terms = async (caller, person) => (await caller.get(`/v1/people/${person.id}`)).json.rights.filter((r) => r.state !== 'CLOSED').map((r) => [r.brand_id, r.line, r.state, r.protect_until])
  const were = [await terms(sellerA, first), await terms(sellerB, second)]
  const id = await pair(first, second)
  const shown = await steward.get(`/v1/duplicates/${id}`)
  assert.equal(shown.status, 200, shown.text)
  assert.equal(shown.json.survivor, shown.json.low.id === first.id ? 'low' : 'high', 'who registered first stays by default')
  assert.ok(shown.json.weights.length && shown.json.low.contacts.length)
  const preview = await steward.post(`/v1/duplicates/${id}/preview`, { survivor: shown.json.survivor })
  assert.equal(preview.json.rights[0].outcome, 'closed', preview.text)
  const merged = await steward.post(`/v1/duplicates/${id}/merge`, { survivor: shown.json.survivor }, { match: 1 })
  assert.equal(merged.status, 200, merged.text)
  assert.equal(await sql(`select o.state || ' ' || (o.dealer_id = ${a.dealer_id ?? `(select dealer_id from core.dealer where public_id = '${a.id}')`})
    from core.ownership o join core.party p on p.party_id = o.party_id where p.public_id = '${first.id}' and o.state <> 'CLOSED'`).then((x) => x.trim()), 'DISPUTED true')
  assert.deepEqual(await sql(`select string_agg(h.state || ' ' || h.reason, ',') from core.ownership_history h where h.public_id = '${second.right}' and h.state = 'CLOSED'`).then((x) => x.trim()), 'CLOSED merged')
  assert.equal((await sellerA.get(`/v1/people/${second.id}`)).json.id, first.id, 'the merged id resolves to the one person')
  assert.equal((await sellerB.get(`/v1/people/${second.id}`)).status, 404, 'B has no open right and no documents: nothing to see')
  const again = await sellerB.post('/v1/registrations', registration({ surname: second.surname, given_name: 'Пётр', phone: second.phone }))
  assert.equal(again.json.verdict, 'DISPUTED', again.text)
  assert.doesNotMatch(again.text, new RegExp(first.surname), 'and learns nothing of the other name')
  const merges = await steward.get('/v1/merges?limit=1')
  const undone = await steward.post(`/v1/merges/${merges.json.items[0].id}/undo`, { reason: 'two people' })
  assert.equal(undone.status, 200, undone.text)
  for (const [caller, person] of [[sellerA, first], [sellerB, second]]) {
    const card = await caller.get(`/v1/people/${person.id}`)
    assert.equal(card.json.id, person.id, card.text)
    assert.equal(card.json.rights.find((right) => right.state !== 'CLOSED').state, 'ACTIVE')
    assert.equal(card.json.contacts.find((c) => c.kind === 'PHONE').value, person.phone)
  }
  assert.equal(were[0].length + were[1].length, 2)
  assert.deepEqual([await terms(sellerA, first), await terms(sellerB, second)], were, 'each right with the state and the term it had')
  assert.equal((await sellerA.get(`/v1/people/${second.id}`)).status, 404)
  assert.equal((await steward.post(`/v1/merges/${merges.json.items[0].id}/undo`, { reason: 'again' })).json.type.split('/').pop().split('#').pop(), 'merge-state')
})

test('R28: of stewards who merge the same people at once, crosswise and in a ring, each person is merged away once and nobody into himself', { skip }, async () => {
  const people = []
  for (let i = 0; i < 4; i++) people.push(await make(i % 2 ? sellerA : sellerB))
  const pairs = []
  for (let i = 0; i < 4; i++) for (let j = i + 1; j < 4; j++) pairs.push(await pair(people[i], people[j]))
  const answers = await Promise.all(pairs.flatMap((id) => ['low', 'high'].map((survivor) => steward.post(`/v1/duplicates/${id}/merge`, { survivor }, { match: 1 }))))
  assert.deepEqual([...new Set(answers.map((x) => x.status))].sort().filter((x) => ![200, 409, 412, 503].includes(x)), [], answers.map((x) => x.text).join('\n'))
  const list = people.map((p) => `'${p.id}'`).join()
  const state = await sql(`select count(*) filter (where merged_into is null) || ' ' || count(*) filter (where merged_into = party_id) || ' '
    || (select count(*) from core.party_alias a join core.party y on y.party_id = a.into_id where a.public_id in (${list}) and y.merged_into is not null) from core.party where public_id in (${list})`)
  const [alive, self, dangling] = state.trim().split(' ').map(Number)
  assert.ok(alive >= 1 && self === 0, state)
  assert.equal(dangling, 0, 'a merged id leads to a living person at one step')
  assert.equal(await sql(`select count(*) from core.ownership o join core.party p on p.party_id = o.party_id where p.public_id in (${list}) and o.state <> 'CLOSED' and p.merged_into is not null`).then(Number), 0,
    'no right is left on a merged person')
})
