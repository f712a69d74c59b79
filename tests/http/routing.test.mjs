// SPDX-License-Identifier: Apache-2.0
// Story: a lead of head office finds its dealer. Three dealers in turn, the desk, why this dealer (S3, R40-R49); two routers at one lead;
// sites that hand in leads; a production calendar moves a dealer's clocks (R10, S4).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Caller, signIn, until } from '../lib/http.mjs'
import { change, closeDatabase, makeDealer, makeStaff, noNetwork, phone, quote, row, rows, serial, sql, unique } from '../lib/network.mjs'
import { daytimeZone } from '../lib/people.mjs'
import { dataPath, noData } from '../lib/data.mjs'

const brand = 20000 + serial('brands', 1)() % 12000, REGION = 'Магаданская область'
let dealers = [], managers = [], router, router2, admin, arbiter, marketer
const skip = noNetwork
before(async () => {
  if (skip) return
  const zone = daytimeZone()
  for (let i = 0; i < 3; i++) dealers.push(await makeDealer({ zone, city: 'Магадан', brands: [brand] }))
  ;[router, router2, admin, arbiter, marketer] = await Promise.all(['router', 'router', 'admin', 'arbiter', 'marketer'].map(async (role) => signIn(await makeStaff(0, role))))
  managers = await Promise.all(dealers.map((d) => signIn(d.staff.manager)))
  for (const d of dealers) {
    const reply = await router.post('/v1/territories', { dealer_id: d.id, brand_id: brand, line: 'NEW', add: ['49'] })
    assert.equal(reply.json?.added, 1, reply.text)
  }
})
after(() => { for (const c of [...managers, router, router2, admin, arbiter, marketer]) c?.close(); closeDatabase() })

const lead = async (over = {}, caller = router) => {
  const reply = await caller.post('/v1/leads', { name: `Лидов ${unique()}`, phone: phone(), brand_id: brand, line: 'NEW', interest: 'любая', source: 'site',
    consent_evidence: 'web form 7', region: REGION, ...over })
  assert.ok(reply.status < 300, reply.text)
  return reply.json
}
const indexOf = (id) => dealers.findIndex((d) => d.id === id)
const why = async (id, caller = router) => (await caller.get(`/v1/leads/${id}/why`)).json
const last = (told) => told.decisions.at(-1)
/** The clock is moved for one offer by ending its P1: the way of a superuser who lets time pass. */
const expire = (rightId) => sql(`set session_replication_role = replica; update core.ownership set accept_until = core.now() - interval '1 second'
  where public_id = ${quote(rightId)}; set session_replication_role = origin`)

test('nobody accepts: three dealers in turn, then head office\'s desk, each step explained (S3, R42-R45, R48)', { skip }, async () => {
  const made = await lead()
  assert.equal(made.state, 'OFFERED')
  assert.equal(made.rule, 'R41')
  const turn = [made.dealer_id]
  let right = made.right_id
  for (const step of ['decline', 'expire', 'decline']) {
    const manager = managers[indexOf(turn.at(-1))]
    const seen = (await manager.all('/v1/leads')).find((l) => l.right_id === right)
    assert.ok(seen.clock.left_min > 0 && seen.clock.left_min <= 120, JSON.stringify(seen))
    const own = await why(right, manager)
    assert.equal(own.decisions.length, 1, 'the receiving dealer is told of its own decision')
    assert.equal(own.decisions[0].candidates, turn.length === 1 ? 3 : turn.length === 2 ? 2 : 0)
    for (const other of dealers) if (other.id !== turn.at(-1)) assert.ok(!JSON.stringify(own).includes(other.name), 'without other dealers')
    if (step === 'decline') assert.equal((await manager.post(`/v1/rights/${right}/decline`, { reason: 'нет менеджера' })).status, 200)
    else await expire(right)
    const told = await until('the next step', async () => { const t = await why(made.lead_id); return t.decisions.length > turn.length && t })
    if (turn.length < 3) {
      turn.push(last(told).dealer.id)
      right = (await until('its offer', async () => (await managers[indexOf(turn.at(-1))].all('/v1/leads')).find((l) => l.state === 'OFFERED'))).right_id
    }
  }
  assert.equal(new Set(turn).size, 3, 'three different dealers')
  const told = await why(made.lead_id, arbiter)
  assert.equal(told.state, 'DESK')
  assert.ok(new Date(told.desk_at) - new Date(told.came_at) < 24 * 3600e3)
  assert.deepEqual(told.decisions.map((d) => [d.step, d.rule, d.answer?.answer ?? null]),
    [[6, 'R41', 'declined'], [6, 'R41', 'not_accepted'], [6, 'R41', 'declined'], [8, 'R45', null]])
  assert.ok(told.decisions.every((d) => d.replay === 'same'), 'decided again from its inputs it is the same')
  assert.equal(told.decisions[0].weights.length, 3)
  assert.equal((await why(made.lead_id, marketer)).lead_id, made.lead_id, 'all of head office may ask (R48)')
  const desk = (await router.all('/v1/leads?show=desk')).find((l) => l.lead_id === made.lead_id)
  assert.equal(desk.is_desk, true)
  assert.equal(desk.offers, 4)
  const assigned = await router.post(`/v1/leads/${made.lead_id}/assign`, { dealer_id: dealers[1].id, reason: 'договорились по телефону' })
  assert.equal(assigned.json.state, 'OFFERED', assigned.text)
  assert.equal(last(await why(made.lead_id)).reason, 'договорились по телефону')
})

test('twenty routers at one lead of the desk: one offer, the others are told the rule (R44)', { skip }, async () => {
  const made = await lead({ region: undefined })
  assert.equal(made.state, 'DESK', 'no place known, so nobody near')
  const replies = await Promise.all(Array.from({ length: 20 }, (_, i) => [router, router2][i % 2].post(`/v1/leads/${made.lead_id}/assign`, { dealer_id: dealers[i % 3].id, reason: `рука ${i}` })))
  assert.equal(replies.filter((r) => r.status === 200).length, 1, replies.map((r) => r.status).join())
  assert.ok(replies.filter((r) => r.status !== 200).every((r) => r.status === 409), replies.map((r) => r.status).join())
  assert.equal((await row(`select count(*)::int n from core.ownership o join core.lead l using (ownership_id) where l.public_id = ${quote(made.lead_id)}`)).n, 1)
})

test('many leads at once: shares as agreed, every turn replays, and one is never offered twice (R42, R44)', { skip }, async () => {
  const b = brand + 1
  const own = []
  for (const share of [500, 300, 200]) {
    const d = await makeDealer({ city: 'Магадан', brands: [b], seats: [] })
    await router.post('/v1/territories', { dealer_id: d.id, brand_id: b, line: 'NEW', add: ['49'] })
    const reply = await router.post('/v1/routing/shares', { dealer_id: d.id, brand_id: b, line: 'NEW', share })
    assert.equal(reply.json?.share, share, reply.text)
    own.push(d)
  }
  const made = []
  for (let i = 0; i < 10; i++) made.push(...await Promise.all(Array.from({ length: 10 }, (_, k) => lead({ brand_id: b }, [router, router2][k % 2]))))
  const count = own.map((d) => made.filter((m) => m.dealer_id === d.id).length)
  assert.deepEqual(count, [50, 30, 20])
  assert.deepEqual(await rows(`select distinct core.route_replay(d.decision_id) r from core.route_decision d join core.lead l using (lead_id) where l.brand_id = ${b}`), [{ r: 'same' }])
})

test('an owner keeps his person whatever head office is asked; a policy change moves nobody (R40.1, R49, R79)', { skip }, async () => {
  const number = phone(), name = `Первов ${unique()}`
  const first = await lead({ name, phone: number })
  const manager = managers[indexOf(first.dealer_id)]
  assert.equal((await manager.post(`/v1/rights/${first.right_id}/accept`)).status, 200)
  await router.post('/v1/territories', { dealer_id: first.dealer_id, brand_id: brand, line: 'NEW', remove: ['49'] })
  await until('the lead is noted', async () => (await why(first.lead_id)).state === 'ACCEPTED')
  await sql(`update core.lead set state = 'DONE', outcome = 'contacted', done_at = core.now() where public_id = ${quote(first.lead_id)}`)
  const again = await lead({ name, phone: number, dealer_id: dealers.find((d) => d.id !== first.dealer_id).id })
  assert.equal(again.state, 'DONE')
  assert.equal(again.right_id, first.right_id, 'the right that is there')
  assert.equal(last(await why(again.lead_id)).result, 'owner')
  assert.ok((await manager.all('/v1/tasks?scope=team')).some((t) => t.person_id === first.person_id && t.kind === 'lead'), 'the owner has a task')
})

test('a site hands in leads with its key: 202 and nothing else, whoever the visitor is (R24, R25, R40)', { skip }, async () => {
  const site = (await admin.post('/v1/web-sites', { name: `Сайт ${unique()}`, brand_id: brand, line: 'NEW' })).json
  assert.match(site.key, /^wl_[0-9a-f]{40}$/)
  assert.equal((await admin.all('/v1/web-sites')).find((s) => s.id === site.id).key ?? null, null, 'the key is shown once')
  const stranger = new Caller()
  const hand = (over = {}) => stranger.post('/v1/web-leads', { site_key: site.key, external_id: unique(), name: 'Сетевой Пётр', phone: phone(), consent: 'policy 3', region: REGION, ...over })
  const number = phone(), id = unique()
  const reply = await hand({ external_id: id, phone: number })
  assert.equal(reply.status, 202, reply.text)
  assert.equal(reply.text, '')
  assert.equal((await hand({ external_id: id, phone: number })).status, 202, 'a repeat is a no-op')
  const found = await until('the clock took it', () => row(`select l.state, l.lead_id, p.name from core.web_lead w join core.lead l using (lead_id) join core.party p using (party_id)
    where w.external_id = ${quote(id)} and l.state <> 'ROUTING'`))
  assert.equal(found.state, 'OFFERED')
  assert.equal((await row(`select count(*)::int n from core.contact_point where value = ${quote(number)}`)).n, 1)
  assert.equal((await row(`select data from core.web_lead where external_id = ${quote(id)}`)).data, null, 'what was taken is emptied')
  assert.equal((await hand({ site_key: 'wl_0' })).json.field, 'site_key')
  assert.equal((await hand({ consent: undefined })).status, 400)
  assert.equal((await hand({ phone: 'нет' })).json.field, 'phone')
  assert.equal((await hand({ surprise: 1 })).status, 400)
  assert.equal((await stranger.post('/v1/web-leads', [1])).status, 400)
  assert.equal((await admin.post(`/v1/web-sites/${site.id}/close`)).status, 204)
  assert.equal((await hand()).status, 400, 'a closed site is unknown')
  stranger.close()
})

test('a production calendar moves a dealer\'s clocks: a holiday of its country counts no hour (R10, S4)', { skip }, async () => {
  const d = await makeDealer({ zone: 'Asia/Almaty', city: 'Алматы', brands: [brand] })
  await sql(`update core.dealer set country = 'KZ', work_days = '{1,2,3,4,5}', opens_at = '09:00', closes_at = '18:00' where dealer_id = ${d.dealer_id}`)
  const at = (from, minutes) => row(`select to_char(core.working_until(${d.dealer_id}, timestamp '${from}' at time zone 'Asia/Almaty', ${minutes}) at time zone 'Asia/Almaty', 'YYYY-MM-DD HH24:MI') at`)
  const xml = `<?xml version="1.0"?><calendar year="2031" country="kz" date="2030.09.30"><days><day d="03.21" t="1"/><day d="03.20" t="2"/><day d="03.22" t="3"/></days></calendar>`
  assert.equal((await router.post('/v1/calendars', { xml })).status, 403, 'the administrator loads it')
  assert.equal((await at('2031-03-20 16:30', 120)).at, '2031-03-21 09:30', 'before: Thursday and Friday are like any others')
  const reply = await admin.post('/v1/calendars', { xml })
  assert.deepEqual([reply.json?.country, reply.json?.off_days, reply.json?.short_days, reply.json?.work_days], ['KZ', 1, 1, 1], reply.text)
  assert.equal((await at('2031-03-20 16:30', 120)).at, '2031-03-22 10:30', 'a short day, a holiday, a worked Saturday')
  assert.equal((await admin.post('/v1/calendars', { xml: '<calendar' })).json.field, 'xml')
  await sql(`delete from core.calendar_day where country = 'KZ' and on_day >= '2031-01-01'; delete from core.calendar_year where year = 2031`)
})

test('every published calendar of Russia, Belarus and Kazakhstan loads, and its days are those of the file (R10)', { skip: skip || noData('workdays/ru-2026.xml') }, async () => {
  for (const country of ['ru', 'by', 'kz']) for (const year of [2019, 2021, 2024, 2026]) {
    const path = dataPath(`workdays/${country}-${year}.xml`)
    const xml = readFileSync(path, 'utf8'), count = (type) => (xml.match(new RegExp(`t="${type}"`, 'g')) ?? []).length
    const reply = await admin.post('/v1/calendars', { xml, country: country.toUpperCase() })
    assert.deepEqual([reply.json?.off_days, reply.json?.short_days, reply.json?.work_days], [count(1), count(2), count(3)], `${country} ${year} ${reply.text}`)
  }
})
