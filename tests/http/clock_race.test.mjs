// SPDX-License-Identifier: Apache-2.0
// Two connections at one person in the instant in which the clock ends a right of his: what the dealer lists is what he holds (R14, R133).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeDatabase, databaseAs, makeDealer, noNetwork, quote, row, sql } from '../lib/network.mjs'
import { until } from '../lib/http.mjs'
import { crowd, registerMany } from '../lib/people.mjs'

const skip = noNetwork
let dealer, clock, other
before(async () => {
  if (skip) return
  dealer = await makeDealer()
  clock = databaseAs(); other = databaseAs()
  await clock.run('select pg_advisory_lock(4270003)')         // the network's own clock stands still meanwhile
})
after(() => { clock?.close(); other?.close(); closeDatabase() })

/** A person with a right whose term has just run out. */
async function due() {
  const [person] = crowd(1)
  await registerMany(dealer, dealer.staff.seller, [person])
  const { party_id } = await row(`select p.party_id::int as party_id from core.party p where p.surname = '${person.surname}'`)
  await sql(`update core.ownership o set protect_until = core.now() - interval '1 second', event = 'activity', rule = 'R52', ver = o.ver + 1,
    changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond') where o.party_id = ${party_id}`)
  return party_id
}
const shown = (party) => row(`select t.state || ' ' || t.line as lead, t.ends_at is null as is_whole from core.dealer_party t where t.party_id = ${party} and t.dealer_id = ${dealer.dealer_id}`)
const offer = (party) => `select core.right_claim(${party}, 1::smallint, 'SERVICE', null, (select o.dealer_id from core.ownership o where o.party_id = ${party} limit 1), null, 'offer',
  jsonb_build_object('accept_until', core.now() + interval '2 hours'), 'test', null)`
const ending = 'begin; select core.clock_expiry(100000)'
async function isWaiting(word = 'right_claim') {
  for (let i = 0; i < 200; i++) {
    if ((await row(`select count(*)::int as n from pg_stat_activity a where a.wait_event_type = 'Lock' and a.query ~ '${word}'`)).n > 0) return true
    await sleep(20)
  }
  return false
}

test('R14: a claim in the instant in which the clock ends another right waits for it, and the list shows both as they are', { skip, timeout: 60000 }, async () => {
  const party = await due()
  await clock.run(ending)
  const claimed = other.run(offer(party))
  assert.equal(await isWaiting(), true, 'the claim waits for the clock')
  await clock.run('commit')
  await claimed
  assert.deepEqual((await row(`select string_agg(o.line || ' ' || o.state, ', ' order by o.line) as rights from core.ownership o where o.party_id = ${party}`)).rights, 'NEW GRACE, SERVICE OFFERED')
  assert.equal((await shown(party)).lead, 'OFFERED SERVICE', 'not the right that is over')
})

test('R14: a right that is being claimed beside is not ended before the claim is known, and then the list is renewed', { skip, timeout: 60000 }, async () => {
  const party = await due()
  await other.run('begin'); await other.run(offer(party))
  await clock.run(ending); await clock.run('commit')
  assert.equal((await row(`select o.state::text as state from core.ownership o where o.party_id = ${party} and o.line = 'NEW'`)).state, 'ACTIVE', 'the clock passes it over')
  await other.run('commit')
  await clock.run(ending); await clock.run('commit')
  assert.equal((await row(`select o.state::text as state from core.ownership o where o.party_id = ${party} and o.line = 'NEW'`)).state, 'GRACE', 'and ends it at its next turn')
  assert.equal((await shown(party)).lead, 'OFFERED SERVICE', 'the list shows what leads now')
})

/** The same person with a service right and an offer of parts beside the right that is due. */
async function mixed() {
  const party = await due()
  await sql(`select core.right_claim(${party}, 1::smallint, 'SERVICE', null, ${dealer.dealer_id}, ${dealer.staff.manager.staff_id}, 'checked',
    jsonb_build_object('protect_until', core.now() + interval '20 days', 'limit_until', core.now() + interval '90 days'), 'test', null),
    core.right_claim(${party}, 1::smallint, 'PARTS', null, ${dealer.dealer_id}, null, 'offer', jsonb_build_object('accept_until', core.now() + interval '2 hours'), 'test', null)`)
  return party
}
/** What the dealer lists, and what it would list if everything were written anew. */
async function listed(party) {
  const now = await shown(party)
  await sql(`select core.project(array[${dealer.dealer_id}], array[${party}])`)
  return { now, anew: await shown(party) }
}

test('R14, R131: a bulk transfer in the instant in which the clock ends another right of the person waits for it', { skip, timeout: 60000 }, async () => {
  const party = await mixed(), to = await makeDealer()
  const { batch_id } = JSON.parse(await sql(`insert into core.transfer_batch as b (from_dealer_id, is_ceasing, reason, line, mode, targets, effective_at, asked_by)
    values (${dealer.dealer_id}, false, 'territory', 'SERVICE', 'one', '${JSON.stringify([{ dealer_id: to.dealer_id, share: 1 }])}', core.now(), ${dealer.staff.manager.staff_id})
    returning json_build_object('batch_id', b.batch_id)`))
  await sql(`select core.batch_plan(b) from core.transfer_batch b where b.batch_id = ${batch_id}`)
  await clock.run(ending)
  const moved = other.run(`select core.batch_move(b, 500) from core.transfer_batch b where b.batch_id = ${batch_id}`)
  assert.equal(await isWaiting('batch_move'), true, 'the transfer waits for the clock')
  await clock.run('commit')
  await moved
  const { now, anew } = await listed(party)
  assert.deepEqual(now, anew, 'the old owner lists what he holds')
  assert.equal(anew.lead, 'OFFERED PARTS', 'the offer leads, not the right that is over')
})

test('R14, R7: a seat whose people fall to the queue in that instant waits for it too', { skip, timeout: 60000 }, async () => {
  const party = await mixed()
  await clock.run(ending)
  const fell = other.run(`select core.right_release_seat(${dealer.staff.manager.staff_id})`)
  assert.equal(await isWaiting('right_release_seat'), true, 'the queue waits for the clock')
  await clock.run('commit')
  await fell
  const { now, anew } = await listed(party)
  assert.deepEqual(now, anew, 'the dealer lists what he holds')
  assert.equal(anew.lead, 'ACTIVE SERVICE', 'the right that goes on leads')
})

test('R14, R159: a right that somebody holds locked while a long run passes it is ended by the clock\'s next turn, and the lists wait for it', { skip, timeout: 90000 }, async () => {
  const people = []
  // a right of this test ends a second ago: after all that the lists were told of
  await until('what the clock told last is older', async () => (await row("select (s.expired_to < core.now() - interval '2 seconds') as is_older from core.clock_state s where s.name = 'rights'")).is_older, 10000)
  for (let i = 0; i < 6; i++) people.push(await due())
  const held = people[2], half = held % 2
  const state = async (party) => (await row(`select o.state::text as state from core.ownership o where o.party_id = ${party} and o.line = 'NEW'`)).state
  await other.run('begin'); await other.run(`select 1 from core.ownership o where o.party_id = ${held} for update`)
  await sql("update core.clock_state set real_at = clock_timestamp() where name = 'rights'")       // the clock of this network stands still; a job waits for one that runs
  await sql(`insert into core.job (kind, spec, staff_id, dealer_id, letter, not_before)
    select 'expiry', jsonb_build_object('half', h), null, 0, 'S', core.now() from generate_series(0, 1) h`)
  await until('the run of both halves', async () => (await row(`select count(*)::int as n from core.job where kind = 'expiry' and state in ('QUEUED', 'RUNNING')`)).n === 0, 60000)
  for (const party of people) assert.equal(await state(party), party === held ? 'ACTIVE' : 'GRACE', party === held ? 'the run passed over it' : `half ${party % 2} is ended, beside half ${half}`)
  await clock.run('select core.clock_reached()')
  assert.equal((await row(`select (s.expired_to < o.protect_until) as is_waiting from core.clock_state s, core.ownership o where s.name = 'rights' and o.party_id = ${held}`)).is_waiting, true, 'no list shows it ended before it is')
  await other.run('commit')
  await clock.run('select core.clock_rights()')
  assert.equal(await state(held), 'GRACE', 'the next turn ends it')
  assert.equal((await row(`select (s.expired_to >= o.protect_until) as is_told from core.clock_state s, core.ownership o where s.name = 'rights' and o.party_id = ${held}`)).is_told, true, 'and the lists show it')
})

test('R33: an order that is signed between the verdict and the claim of another line bars the claim', { skip, timeout: 60000 }, async () => {
  const rival = await makeDealer(), [person] = crowd(1)
  await registerMany(dealer, dealer.staff.seller, [person])
  const { party_id } = await row(`select p.party_id::int as party_id from core.party p where p.surname = '${person.surname}'`)
  await other.run(`begin; select 1 from core.party p where p.party_id = ${party_id} for no key update`)
  await other.run(`update core.ownership o set state = 'HELD', event = 'order', rule = 'R83', ver = o.ver + 1, changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
    where o.party_id = ${party_id}`)
  const fields = { kind: 'PERSON', given_name: 'Имя', brand_id: 1, line: 'USED', source: 'phone', occasion: 'call', interest: 'car', consent_evidence: 'form', seat: rival.staff.seller.staff_id, ...person }
  const claimed = clock.run(`select r.verdict from core.register(${rival.dealer_id}, ${rival.staff.seller.staff_id}, ${quote(JSON.stringify(fields))}::jsonb, 'hand') r`)
  assert.equal(await isWaiting('core.register'), true, 'the claim waits for the order')
  await other.run('commit')
  assert.equal(await claimed, 'PROTECTED', 'and is told what is so then')
  assert.equal((await row(`select count(*)::int as n from core.ownership o where o.party_id = ${party_id} and o.dealer_id = ${rival.dealer_id}`)).n, 0, 'no right beside the order')
})
