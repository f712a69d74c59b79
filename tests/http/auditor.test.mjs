// SPDX-License-Identifier: Apache-2.0
// Story: the auditor sees figures and deeds, never a contact; every attempt is kept (S24, R110-R125, R138).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { Caller, registration, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, row, sql, unique } from '../lib/network.mjs'
import { crowd, registerMany } from '../lib/people.mjs'
import { csvTable } from '../lib/data.mjs'

let dealer, auditor, seller, manager, marketer, staffAuditor
const canary = { surname: `Канарейка${unique()}`, phone: phone(), email: `${unique()}@canary.example` }
const skip = noNetwork
before(async () => {
  if (skip) return
  dealer = await makeDealer()
  staffAuditor = await makeStaff(0, 'auditor')
  ;[auditor, seller, manager, marketer] = await Promise.all([signIn(staffAuditor), signIn(dealer.staff.seller), signIn(dealer.staff.manager), signIn(await makeStaff(0, 'marketer'))])
  canary.id = (await seller.post('/v1/registrations', registration(canary))).json.person_id
  await registerMany(dealer, dealer.staff.seller, crowd(9))
  await sql('select core.kpi_refresh()') // the clock does it every minute
})
after(() => { for (const c of [auditor, seller, manager, marketer]) c?.close(); closeDatabase() })

test('S24: an auditor opens no card, no list, no search, no campaign\'s people; he reads figures and the ledger; each attempt is in it', { skip }, async () => {
  const forbidden = [`/v1/people/${canary.id}`, '/v1/people', '/v1/people/search?q=a', '/v1/people/export', `/v1/people/${canary.id}/timeline`, '/v1/leads', '/v1/tasks', '/v1/imports']
  for (const path of forbidden) assert.equal((await auditor.get(path)).status, 403, path)
  // figures and ledger yes
  assert.ok((await auditor.get('/v1/branches')).json.items.some((b) => b.dealer_id === dealer.id))
  const entries = await auditor.get('/v1/ledger?limit=100')
  assert.equal(entries.status, 200, entries.text)
  assert.ok(entries.json.items.some((e) => e.kind === 'right.register' || e.kind.startsWith('right.')), 'what was done is there')
  for (const word of [canary.surname, canary.phone?.slice(2)].filter(Boolean)) assert.ok(!entries.text.includes(word), `and without ${word}`)
  await until('attempts in the ledger', async () => (await row(`select count(*)::int as n from core.ledger where staff_id = ${staffAuditor.staff_id} and kind like 'refused.%'`)).n >= forbidden.length, 5000)
})

test('R138: an auditor writes nothing', { skip }, async () => {
  for (const [method, path] of [['POST', '/v1/registrations'], ['POST', '/v1/campaigns'], ['POST', '/v1/staff'], ['POST', '/v1/dealers'], ['POST', `/v1/people/${canary.id}/interactions`],
    ['PATCH', `/v1/people/${canary.id}`], ['POST', '/v1/segments'], ['POST', '/v1/tasks']])
    assert.equal((await auditor.send(method, path, { json: {} })).status, 403, `${method} ${path}`)
})

test('the branch comparison has counts, medians, 90th percentiles and rates; small groups are hidden', { skip }, async () => {
  // a network that has just begun has not looked for competing touches yet, and says null until it has
  const reply = await until('the first check of competing touches', async () => {
    const got = await auditor.get('/v1/branches')
    assert.equal(got.status, 200, got.text)
    return got.json.items.every((b) => b.competing_touches !== null) && got
  }, 60000, 500)
  const mine = reply.json.items.find((b) => b.dealer_id === dealer.id)
  assert.ok(mine, 'every dealer is there')
  for (const key of ['dealer_name', 'city', 'accept_count', 'accept_rate', 'accept_median_min', 'accept_p90_min', 'contact_count', 'contact_median_min', 'contact_p90_min',
    'contact_in15_share', 'registered', 'contacted', 'visited', 'test_drives', 'offers', 'orders', 'deliveries', 'no_contact_rate', 'retention_count', 'retention_12m',
    'campaign_sent', 'campaign_answered', 'campaign_dropped', 'competing_touches',
    'served_here', 'served_away', 'credit_shared', 'credit_gained'])
    assert.ok(key in mine, key)
  assert.equal(mine.registered, 10)
  for (const b of reply.json.items) {
    if (b.accept_count < 5) assert.equal(b.accept_rate, null, 'fewer than five: no rate')
    for (const key of ['accept_rate', 'contact_in15_share', 'no_contact_rate', 'retention_12m']) assert.ok(b[key] === null || (b[key] >= 0 && b[key] <= 1), `${key} ${b[key]}`)
    assert.equal(b.competing_touches, 0)
  }
  const own = await manager.get('/v1/branches/own')
  assert.equal(own.status, 200, own.text)
  assert.equal((await manager.get('/v1/branches')).status, 403)
  const csv = await auditor.get('/v1/branches/export')
  assert.equal(csvTable(csv.text, ';').length - 1, reply.json.items.length)
})

test('filters of the comparison agree with the whole', { skip }, async () => {
  const whole = (await auditor.get('/v1/branches')).json.items.find((b) => b.dealer_id === dealer.id)
  const brand = (await auditor.get('/v1/branches?brand_id=1&line=NEW')).json.items.find((b) => b.dealer_id === dealer.id)
  assert.equal(brand.registered, whole.registered)
  const none = (await auditor.get('/v1/branches?line=PARTS')).json.items.find((b) => b.dealer_id === dealer.id)
  assert.equal(none?.registered ?? 0, 0)
  const past = (await auditor.get('/v1/branches?from=2019-01-01&to=2019-02-01')).json.items.find((b) => b.dealer_id === dealer.id)
  assert.equal(past?.registered ?? 0, 0)
  for (const bad of ['?from=x', '?from=2026-13-01', '?line=SHOES']) assert.equal((await auditor.get(`/v1/branches${bad}`)).status, 400, bad)
})

test('competing touches are counted by a query and are none', { skip }, async () => {
  const reply = await auditor.get('/v1/competing-touches')
  assert.equal(reply.status, 200, reply.text)
  assert.equal(reply.json.count, 0)
  assert.deepEqual(reply.json.items, [])
  assert.ok(reply.json.query_version && reply.json.at && Number.isInteger(reply.json.checked_touches))
})

test('the proof is no constant: a planted competing touch is found', { skip }, async () => {
  const other = await makeDealer()
  const [person] = await registerMany(dealer, dealer.staff.seller, crowd(1))
  const made = []
  for (const d of [dealer, other])
    made.push(Number(await sql(`insert into core.campaign (dealer_id, name, class, grp, channel, definition, state, created_by, launched_at)
      values (${d.dealer_id}, 'подложная', 3, 'SALES', 'EMAIL', '{"and":[]}', 'FINISHED', ${d.staff.manager.staff_id}, core.now()) returning campaign_id`)))
  for (const [i, d] of [dealer, other].entries())
    await sql(`insert into core.touch (party_id, unit, channel, campaign_id, dealer_id, class, grp, token, at)
      values (${person.party_id}, 'p${person.party_id}', 'EMAIL', ${made[i]}, ${d.dealer_id}, 3, 'SALES', gen_random_uuid(), core.now() - interval '1 hour' * ${i});
      insert into core.campaign_lock_history (unit, grp, ver, campaign_id, dealer_id, class, state, party_id, since, until, recorded_at)
      values ('p${person.party_id}', 'SALES', ${i + 1}, ${made[i]}, ${d.dealer_id}, 3, 'ACTIVE', ${person.party_id}, core.now(), core.now() + interval '7 d', core.now() - interval '2 h')`)
  try {
    const reply = await auditor.get('/v1/competing-touches')
    assert.ok(reply.json.count >= 1, reply.text)
    assert.ok(!reply.text.includes('@test.example') && !reply.text.includes('+7971'), 'found without contacts')
  } finally {
    await sql(`delete from core.touch where campaign_id in (${made}); delete from core.campaign_lock_history where campaign_id in (${made})`)
    await sql(`delete from core.campaign where campaign_id in (${made})`)
  }
})

test('the ledger says who saw and did what, without a single contact', { skip }, async () => {
  await seller.get(`/v1/people/${canary.id}`)
  await seller.get(`/v1/people/search?q=${encodeURIComponent(canary.phone)}`)
  await manager.get('/v1/people/export')
  const reply = await auditor.get(`/v1/ledger?dealer_id=${dealer.id}`)
  assert.equal(reply.status, 200, reply.text)
  const items = await auditor.all(`/v1/ledger?dealer_id=${dealer.id}`)
  const kinds = new Set(items.map((i) => i.kind))
  for (const kind of ['read.person_get', 'read.people_search', 'read.people_export', 'session.begin']) assert.ok(kinds.has(kind), `${kind} in ${[...kinds]}`)
  assert.ok([...kinds].some((k) => /^right\./.test(k)))
  const card = items.find((i) => i.kind === 'read.person_get' && i.subject === canary.id)
  assert.equal(card.staff_name, dealer.staff.seller.name)
  assert.equal(card.dealer_name, dealer.name)
  const text = JSON.stringify(items)
  for (const secret of [canary.surname, canary.phone, canary.phone.slice(2), canary.email, '@canary.example']) assert.ok(!text.includes(secret), secret)
  const byKind = await auditor.all('/v1/ledger?kind=read.person_get')
  assert.ok(byKind.length > 0 && byKind.every((i) => i.kind === 'read.person_get'))
  const bySubject = await auditor.all(`/v1/ledger?subject=${canary.id}`)
  assert.ok(bySubject.length > 0 && bySubject.every((i) => i.subject === canary.id))
  const csv = await auditor.get(`/v1/ledger/export?dealer_id=${dealer.id}`)
  assert.ok(csvTable(csv.text, ';').length > items.length * 0.9)
  assert.ok(!csv.text.includes(canary.phone.slice(2)))
  const reads = csvTable((await auditor.get(`/v1/ledger/export?dealer_id=${dealer.id}&kind=read.*`)).text, ';')
  const at = reads[0].indexOf('kind')
  assert.ok(reads.length > 3 && reads.slice(1).every((line) => line[at].startsWith('read.')), 'a group of kinds is exported as it is listed')
})

test('threat 67: no deed without its record, no record without its deed', { skip }, async () => {
  const before_ = await row(`select (select count(*)::int from core.ledger where dealer_id = ${dealer.dealer_id} and kind like 'right.%') as rights,
    (select count(*)::int from core.interaction where dealer_id = ${dealer.dealer_id}) as interactions`)
  const ok = await seller.post('/v1/registrations', registration({ phone: phone() }))
  const bad = await seller.post('/v1/registrations', registration({ phone: 'x' }))
  assert.equal(ok.json.state, 'ACTIVE')
  assert.equal(bad.status, 400)
  const after_ = await row(`select (select count(*)::int from core.ledger where dealer_id = ${dealer.dealer_id} and kind like 'right.%') as rights,
    (select count(*)::int from core.interaction where dealer_id = ${dealer.dealer_id}) as interactions`)
  assert.ok(after_.rights > before_.rights)
  assert.equal(after_.interactions, before_.interactions)
})

test('R8: the chain of the ledger is checked, and one changed row is named (S27)', { skip, timeout: 60000 }, async () => {
  const sealed = await until('a seal', async () => { const r = await auditor.get('/v1/ledger/check'); return r.status === 200 && r.json.last_seal_at && r.json }, 70000, 1000)
  assert.equal(sealed.is_valid, true, JSON.stringify(sealed))
  const victim = await row(`select l.ledger_id as id from core.ledger l where l.ledger_id in (select unnest(ids) from core.ledger_seal) order by random() limit 1`)
  await sql(`alter table core.ledger disable trigger user; update core.ledger set rule = coalesce(rule, '') || 'x' where ledger_id = ${victim.id}; alter table core.ledger enable trigger user`)
  const broken = await auditor.get('/v1/ledger/check')
  await sql(`alter table core.ledger disable trigger user; update core.ledger set rule = nullif(left(rule, -1), '') where ledger_id = ${victim.id}; alter table core.ledger enable trigger user`)
  assert.equal(broken.json.is_valid, false, broken.text)
  assert.ok(broken.json.broken_id !== null && broken.json.broken_id !== undefined)
  assert.equal((await auditor.get('/v1/ledger/check')).json.is_valid, true, 'restored')
})

test('series: months by measure, for chosen dealers', { skip }, async () => {
  const reply = await auditor.get(`/v1/branches/series?measure=registered&dealer_id=${dealer.id}`)
  assert.equal(reply.status, 200, reply.text)
  assert.ok(reply.json.items.every((i) => i.dealer_id === dealer.id && /^\d{4}-\d{2}-01$/.test(i.month_on)))
  const sum = async (more) => (await auditor.get(`/v1/branches/series?measure=registered&dealer_id=${dealer.id}${more}`)).json.items.reduce((n, i) => n + i.value, 0)
  assert.equal(await sum('&brand_id=1&line=NEW'), await sum(''), 'the chart has the filters of the table')
  assert.equal(await sum('&line=PARTS'), 0)
  assert.equal(await sum('&brand_id=2'), 0)
  assert.equal((await auditor.get('/v1/branches/series?measure=passwords')).status, 400)
  const stranger = new Caller()
  assert.equal((await stranger.get('/v1/branches')).status, 401)
  stranger.close()
  assert.equal((await marketer.get('/v1/branches')).status, 200)
})
