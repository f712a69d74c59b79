// SPDX-License-Identifier: Apache-2.0
// Story: three dealers with overlapping lists of real data push them through their own systems, their sales follow; head office
// mails the whole base while one dealer runs a local campaign. Every row has its verdict, nobody sees another's contact, nobody is
// locked twice, each eligible person gets exactly one message, and the auditor's page proves it.
// What is expected is computed by expected.mjs from the files, not by the program.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { signIn } from '../lib/http.mjs'
import { PASSWORD, closeDatabase, makeDealer, makeStaff, noNetwork, row, rows, unique } from '../lib/network.mjs'
import { closeAdmin, makeSystem } from '../lib/dealer.mjs'
import { checked, daytimeZone, emailCampaign, launched, settled } from '../lib/people.mjs'
import { allMail } from '../lib/mail.mjs'
import { noData, sample } from '../lib/data.mjs'
import { LOCAL_SALES, SLICES, expected, people } from './expected.mjs'

const skip = noNetwork || noData('linkage-fake1000/fake_1000.csv') || noData('purchases-cdnow/transactions.csv')
const word = unique()
// the addresses of the data live at real domains: the story moves them below .example, each still its own
const address = (email) => email.includes('@') ? `${email.trim()}.${word}.example` : email
const cell = (value) => /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
const count = (list) => list.reduce((sum, v) => ({ ...sum, [v]: (sum[v] ?? 0) + 1 }), {})

let dealers, systems, managers, staff, marketer, auditor, local, network, want
before(async () => {
  if (skip) return
  want = expected()
  const zone = daytimeZone()
  dealers = []; systems = []; managers = []
  for (const name of ['Лондон-Авто', 'Темза-Моторс', 'Бристоль-Кар']) {
    const dealer = await makeDealer({ name: `${name} ${word}`, zone, seats: ['manager', 'system'] })
    dealers.push(dealer)
    systems.push(await makeSystem(dealer))
    managers.push(await signIn(dealer.staff.manager))
  }
  staff = { marketer: await makeStaff(0, 'marketer'), auditor: await makeStaff(0, 'auditor') }
  marketer = await signIn(staff.marketer)
  auditor = await signIn(staff.auditor)
})
after(() => { for (const c of [...(managers ?? []), marketer, auditor]) c?.close(); closeAdmin(); closeDatabase() })

test('every row of three overlapping lists has the verdict that the rules give it', { skip, timeout: 300000 }, async (t) => {
  const list = people()
  for (const [at, [from, to]] of SLICES.entries()) {
    const lines = list.slice(from, to).map((p) => [p.unique_id, p.surname, p.first_name, p.dob, p.city, p.email && address(p.email),
      '1', 'NEW', `list ${p.unique_id}`, 'EMAIL'].map((v) => cell(v ?? '')).join(','))
    const done = await systems[at].push(['external_id,surname,given_name,born_on,city,email,brand,line,consent_evidence,consent_channels',
      ...lines].join('\n') + '\n', ['--kind', 'client'])
    assert.ok(done.status === 0 || done.status === 2, done.stderr)
    const got = done.rows.map((r) => r.verdict)
    assert.equal(got.length, to - from, 'one verdict a row')
    assert.deepEqual(count(got), count(want.verdicts[at]), `dealer ${at + 1}`)
    assert.deepEqual(got, want.verdicts[at], `dealer ${at + 1}, row by row`)
    assert.ok(done.rows.every((r) => r.verdict !== 'created' || r.receipt), 'a registration has its receipt')
    t.diagnostic(`dealer ${at + 1}: ${JSON.stringify(count(got))}`)
  }
})

test('their sales follow by the number each dealer gave its client', { skip, timeout: 300000 }, async (t) => {
  for (const [at, sales] of want.saleVerdicts.entries()) {
    const lines = sales.map((s) => [s.row, s.number, s.on, s.amount, '1', 'NEW'].join(','))
    const done = await systems[at].push(['external_id,number,on,amount,brand,line', ...lines].join('\n') + '\n', ['--kind', 'sale'])
    assert.deepEqual(count(done.rows.map((r) => r.verdict)), count(sales.map((s) => s.verdict)), `dealer ${at + 1}: ${done.stderr}`)
    t.diagnostic(`dealer ${at + 1}: ${JSON.stringify(count(done.rows.map((r) => r.verdict)))}`)
  }
  const sums = await rows(`select dealer_id, sum(amount_kopecks)::text as k from core.sale
    where dealer_id = any (array[${dealers.map((d) => d.dealer_id)}]) group by 1 order by 1`)
  const sum = want.saleVerdicts.map((l) => l.filter((s) => s.verdict === 'stored').reduce((n, s) => n + Math.round(Number(s.amount) * 100), 0))
  assert.deepEqual(sums.map((s) => Number(s.k)), sum, 'money to the kopeck')
})

test('each dealer lists its own clients and no contact of another', { skip, timeout: 120000 }, async () => {
  for (const [at, manager] of managers.entries()) {
    const items = await manager.all('/v1/people')
    assert.equal(items.length, want.owned[at], `dealer ${at + 1}`)
    const all = JSON.stringify(items)
    const own = new Set(want.emails[at])
    const strange = [...new Set(want.emails.flatMap((emails, other) => other === at ? [] : emails))].filter((e) => !own.has(e))
    for (const email of strange) assert.ok(!all.includes(address(email)), 'a strange address in the list')
    for (const email of sample(strange, 25)) {
      const found = await manager.get(`/v1/people/search?q=${encodeURIComponent(address(email))}`)
      assert.deepEqual(found.json.items, [], 'a strange address in the search')
    }
  }
})

test('a network and a local campaign at once: each eligible person exactly one message', { skip, timeout: 300000 }, async (t) => {
  local = await checked(managers[0], emailCampaign({ definition: { attr: 'sale_count', op: 'ge', value: LOCAL_SALES } }))
  assert.equal(local.check.total, want.localAudience)
  assert.equal(local.check.will_get, want.local, JSON.stringify(local.check))
  local = await launched(managers[0], local)
  network = await checked(marketer, emailCampaign({ definition: { attr: 'owner', op: 'in', value: dealers.map((d) => d.id) } }))
  assert.equal(network.check.total, want.persons)
  assert.equal(network.check.will_get, want.network, JSON.stringify(network.check))
  network = await launched(marketer, network)
  const { n } = await row(`select count(*)::int as n from core.recipient r join core.campaign c using (campaign_id) where c.public_id = '${network.id}'`)
  assert.equal(n, want.persons, 'every candidate ends in one state')
  assert.ok(Object.values(network.counts).every((count) => count === null || count >= 10), 'head office is told no figure below 10 (R136)')
  await settled(managers[0], local.id); await settled(marketer, network.id)

  const ours = allMail().filter((m) => m.to.endsWith(`.${word}.example`))
  const got = new Map()
  for (const m of ours) got.set(m.to, (got.get(m.to) ?? 0) + 1)
  const should = new Map([...want.messages].map(([email, n]) => [address(email), n]))
  assert.equal(ours.length, want.local + want.network)
  assert.deepEqual(Object.fromEntries([...got].sort()), Object.fromEntries([...should].sort()))
  const ids = new Set(ours.map((m) => m.headers['message-id']))
  assert.equal(ids.size, ours.length, 'every message is its own')
  assert.ok(ours.every((m) => m.headers['list-unsubscribe-post']), 'one click stops each')
  const twice = await rows(`select party_id from core.recipient r join core.campaign c using (campaign_id)
    where c.public_id in ('${local.id}', '${network.id}') and r.state in ('SENT', 'DONE') group by 1 having count(*) > 1`)
  assert.deepEqual(twice, [], 'no person got two')
  t.diagnostic(`${want.local} local, ${want.network} network, ${got.size} addresses`)
})

test('no person is locked by two campaigns, and the auditor sees the proof without a contact', { skip, timeout: 60000 }, async (t) => {
  const locks = await rows(`select l.unit from core.campaign_lock l join core.campaign c using (campaign_id)
    where c.public_id in ('${local.id}', '${network.id}') group by l.unit, l.grp having count(*) > 1`)
  assert.deepEqual(locks, [])
  const held = await rows(`select c.public_id as id, count(*)::int as n from core.campaign_lock l join core.campaign c using (campaign_id)
    where c.public_id in ('${local.id}', '${network.id}') and l.state <> 'RELEASED' group by 1`)
  assert.equal(held.reduce((n, h) => n + h.n, 0), want.local + want.network, 'sum of locks is the union')
  const proof = await auditor.get('/v1/competing-touches')
  assert.equal(proof.status, 200, proof.text)
  assert.equal(proof.json.count, 0)
  assert.ok(proof.json.checked_touches >= want.local + want.network)
  const branches = await auditor.get('/v1/branches')
  const seen = JSON.stringify(branches.json) + JSON.stringify(proof.json)
  assert.ok(branches.json.items.some((b) => b.dealer_id === dealers[0].id))
  assert.ok(!seen.includes(`${word}.example`), 'no contact on the auditor\'s pages')
  for (const who of [...dealers.map((d) => d.staff.manager), staff.marketer, staff.auditor])
    t.diagnostic(`to look around: ${who.role} ${who.login} ${PASSWORD}`)
})
