// SPDX-License-Identifier: Apache-2.0
// Story: shared customers. Who buys at one dealer and services at another (S12, S13), a household (S14), a company with branches (S15), the
// driver of a fleet car (S16); and two dealers who reach for one company at once.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { jobDone, registration, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, row, rows, sql, unique } from '../lib/network.mjs'
import { checked, daytimeZone, emailCampaign, launched } from '../lib/people.mjs'
import { mailTo, mailsTo } from '../lib/mail.mjs'
import { closeAdmin, makeSystem } from '../lib/dealer.mjs'

let zone, a, b, c, d, systemB, managerA, sellerA, managerB, adviserB, managerC, sellerC, managerD, router, marketer
const skip = noNetwork
before(async () => {
  if (skip) return
  zone = daytimeZone()
  const seats = ['manager', 'seller', 'adviser', 'system']
  a = await makeDealer({ zone, seats }); b = await makeDealer({ zone, seats }); c = await makeDealer({ zone, seats }); d = await makeDealer({ zone, seats })
  ;[managerA, sellerA, managerB, adviserB, managerC, sellerC, managerD, router, marketer] = await Promise.all([signIn(a.staff.manager), signIn(a.staff.seller), signIn(b.staff.manager),
    signIn(b.staff.adviser), signIn(c.staff.manager), signIn(c.staff.seller), signIn(d.staff.manager), signIn(await makeStaff(0, 'router')), signIn(await makeStaff(0, 'marketer'))])
  systemB = await makeSystem(b)
})
after(() => { for (const caller of [managerA, sellerA, managerB, adviserB, managerC, sellerC, managerD, router, marketer]) caller?.close(); closeAdmin(); closeDatabase() })

const only = (city) => ({ and: [{ attr: 'city', op: 'in', value: [city] }] })
const day = (ago) => new Date(Date.now() - ago * 864e5).toISOString().slice(0, 10)
const vin = () => `XTA${String(Date.now()).slice(-9)}${String(Math.floor(Math.random() * 1e5)).padStart(5, '0')}`
const register = async (caller, over = {}) => {
  const reply = await caller.post('/v1/registrations', registration({ phone: phone(), ...over }))
  assert.equal(reply.json?.state, 'ACTIVE', reply.text)
  return reply.json
}
/** Who lives where it is day now: head office's own mail keeps the quiet hours of the person (P15). */
const awake = (email) => sql(`update core.party set time_zone = '${zone}' where party_id in (select party_id from core.contact_point where value = '${email}')`)
const ok = (reply) => { assert.ok(reply.status < 300, `${reply.status} ${reply.text}`); return reply.json }
/** The server's clock takes up this part at its next turn. */
const clockNow = () => sql(`delete from core.clock_mark where name = 'family'`)
let count = 0
/** A work order of a car comes from a dealer's own system. */
const visit = async (person, document) => {
  const done = await systemB.push(JSON.stringify({ kind: 'client', data: { external_id: `v${++count}`, surname: person.surname, given_name: 'Пётр', phone: person.phone, brand: '1', vin: person.vin,
    document: { number: `ЗН-${unique()}`, kind: 'repair_order', amount_kopecks: 900000, ...document } } }) + '\n')
  assert.equal(done.status, 0, done.stderr + done.stdout)
  return done.rows[0].verdict
}

test('S12: who buys at A and was paid for twice at B stays A\'s buyer; his service goes to B after notice (R70-R72)', { skip, timeout: 120000 }, async () => {
  const city = `Г${unique()}`
  const person = { surname: `Двойнов${unique()}`, phone: phone(), vin: vin() }
  const { person_id, right_id } = await register(sellerA, { surname: person.surname, phone: person.phone, city })
  ok(await sellerA.post(`/v1/rights/${right_id}/hold`, { document: `З-${unique()}` }))
  ok(await sellerA.post(`/v1/rights/${right_id}/deliver`, { document: `П-${unique()}`, amount_kopecks: 200000000, vin: person.vin }))
  let card = ok(await managerA.get(`/v1/people/${person_id}`))
  assert.deepEqual(card.rights.map((r) => `${r.line} ${r.state}`).sort(), ['NEW CUSTOMER', 'SERVICE OFFERED'], 'the first service is offered to who delivered')

  assert.equal(await visit(person, { on: day(40) }), 'PROTECTED', 'the document is stored, the right is not his (R5)')
  assert.equal((await managerA.all('/v1/service-moves')).filter((m) => m.person_id === person_id).length, 0)
  await visit(person, { on: day(20), order_kind: 'WARRANTY', amount_kopecks: 0 })
  await visit(person, { on: day(15), order_kind: 'EMERGENCY' })
  assert.equal((await managerA.all('/v1/service-moves')).filter((m) => m.person_id === person_id).length, 0, 'warranty and emergency do not count')
  await visit(person, { on: day(1) })
  const move = (await managerA.all('/v1/service-moves')).find((m) => m.person_id === person_id)
  assert.equal(move?.state, 'ANNOUNCED', JSON.stringify(move))
  assert.equal(move.to_dealer, null, 'he is told the fact, not where')
  assert.ok(new Date(move.object_until) - Date.now() > 4 * 864e5, 'five working days')
  assert.ok((await managerA.all('/v1/notices')).some((n) => n.kind === 'N10' && n.subject === move.id), 'A has notice')
  assert.equal((await managerB.get(`/v1/people/${person_id}`)).status, 404, 'B sees nothing yet')

  await sql(`update core.service_move set object_until = core.now() - interval '1 second' where public_id = '${move.id}'; delete from core.clock_mark where name = 'family'`)
  await until('the move', async () => (await managerA.all('/v1/service-moves')).find((m) => m.id === move.id)?.state === 'MOVED', 30000)
  card = ok(await managerA.get(`/v1/people/${person_id}`))
  assert.deepEqual(card.rights.filter((r) => r.state !== 'CLOSED').map((r) => `${r.line} ${r.state}`), ['NEW CUSTOMER'], 'SALES stays with A')
  card = ok(await managerB.get(`/v1/people/${person_id}`))
  assert.deepEqual(card.rights.map((r) => `${r.line} ${r.state}`), ['SERVICE CUSTOMER'], 'AFTERSALES is B\'s')

  const tradeIn = await checked(managerB, emailCampaign({ definition: only(city), topic: 'trade_in' }))
  assert.deepEqual([tradeIn.check.will_get, tradeIn.check.reasons], [0, { not_owner: 1 }], 'B may not send a trade-in offer')
  const wrong = await managerB.post('/v1/campaigns', emailCampaign({ definition: only(city), grp: 'AFTERSALES', topic: 'trade_in' }))
  assert.equal(wrong.status, 400, wrong.text)
  ok(await adviserB.post(`/v1/people/${person_id}/referrals`, { kind: 'trade_in' }))
  const tasks = (await managerA.all('/v1/tasks?scope=team')).filter((t) => t.person_id === person_id && t.kind === 'referral')
  assert.equal(tasks.length, 1, 'A has the referral task')
  assert.doesNotMatch(JSON.stringify(tasks), new RegExp(`${b.name}|${b.staff.adviser.name}`), 'which does not say from whom')
})

test('S13: a recall for the same car goes out whatever is locked, once (R87)', { skip, timeout: 120000 }, async () => {
  const city = `Г${unique()}`, email = `recall.${unique()}@test.example`
  await register(sellerA, { surname: `Отзывов${unique()}`, email, city })
  await awake(email)
  await launched(managerA, await checked(managerA, emailCampaign({ definition: only(city), topic: 'models' })))
  const recall = await checked(marketer, emailCampaign({ name: `Отзыв ${unique()}`, definition: only(city), class: 0, grp: 'AFTERSALES', topic: 'recall', subject: 'Отзывная кампания' }))
  await launched(marketer, recall)
  await mailTo(email, 2)
  assert.equal(mailsTo(email).filter((m) => m.subject === 'Отзывная кампания').length, 1)
})

test('S14: a wife registers at C while her husband is worked by A: one campaign at a time, and neither learns of the other (R60-R62)', { skip, timeout: 120000 }, async () => {
  const city = `Г${unique()}`
  const husband = { surname: `Мужев${unique()}`, phone: phone(), email: `m.${unique()}@test.example`, city }
  const wife = { surname: `Женина${unique()}`, phone: phone(), email: `w.${unique()}@test.example`, city }
  const he = await register(sellerA, husband)
  const she = await register(sellerC, wife)
  assert.equal(she.verdict, 'FREE', 'C gets the right for her')
  const known = await sellerC.post(`/v1/people/${she.person_id}/relatives`, { relation: 'spouse', surname: husband.surname, phone: husband.phone })
  const unknown = await sellerC.post(`/v1/people/${she.person_id}/relatives`, { relation: 'sibling', surname: 'Никтоев', phone: phone() })
  assert.deepEqual([known.status, known.text], [unknown.status, unknown.text], 'the answer tells nothing')
  const household = await row(`select count(distinct household_id)::int as homes, count(household_id)::int as members from core.party where public_id in ('${he.person_id}', '${she.person_id}')`)
  assert.deepEqual(household, { homes: 1, members: 2 })
  for (const [caller, id, other] of [[managerA, he.person_id, she.person_id], [managerC, she.person_id, he.person_id]]) {
    const family = await caller.get(`/v1/people/${id}/family`)
    assert.deepEqual(family.json.links, [], family.text)
    const record = await caller.get(`/v1/people/${id}`)
    assert.doesNotMatch(record.text + family.text, new RegExp(`${other}|${other === she.person_id ? wife.surname : husband.surname}|household`))
    assert.equal((await caller.get(`/v1/people/${other}`)).status, 404)
    assert.equal((await caller.get(`/v1/people/${other}/family`)).status, 404)
    assert.equal((await caller.post(`/v1/people/${id}/relatives`, { relation: 'spouse', relative_id: other })).status, 404)
  }
  assert.equal(ok(await router.get(`/v1/people/${he.person_id}/family`)).links.length, 1, 'head office sees the relation')

  const first = await launched(managerA, await checked(managerA, emailCampaign({ definition: only(city), topic: 'models' })))
  assert.equal(first.check.will_get, 1)
  const second = await checked(managerC, emailCampaign({ definition: only(city), topic: 'models' }))
  assert.deepEqual([second.check.will_get, second.check.reasons], [0, { locked: 1 }], 'one household, one campaign')
  const lock = await rows(`select left(l.unit, 1) as kind, l.dealer_id from core.campaign_lock l join core.campaign k using (campaign_id) where k.public_id = '${first.id}' and l.state <> 'RELEASED'`)
  assert.deepEqual(lock, [{ kind: 'h', dealer_id: a.dealer_id }])
  const service = await checked(managerC, emailCampaign({ definition: only(city), grp: 'AFTERSALES' }))
  assert.deepEqual(service.check.reasons, { not_owner: 1 }, 'for AFTERSALES the household counts for nothing')

  const link = await row(`select public_id as id from core.household_link where to_on is null and party_id in (select party_id from core.party where public_id = '${she.person_id}')`)
  assert.equal((await sellerC.post(`/v1/relatives/${link.id}/end`, {})).status, 404, 'C does not see the other end, so he cannot end it')
  ok(await router.post(`/v1/relatives/${link.id}/end`, {}))
  assert.equal(ok(await managerC.get(`/v1/people/${she.person_id}`)).rights[0].state, 'ACTIVE', 'a split leaves rights where they are (R63)')
})

const inn = () => {                                       // ten digits with their check digit
  const digits = Array.from({ length: 9 }, (_, i) => (i === 0 ? 7 : Math.floor(Math.random() * 10)))
  return digits.join('') + ([2, 4, 10, 3, 5, 9, 4, 6, 8].reduce((sum, w, i) => sum + w * digits[i], 0) % 11) % 10
}
const kpp = (n) => `77${String(n).padStart(2, '0')}01001`
const company = async (caller, over = {}) => {
  const reply = await caller.post('/v1/registrations', registration({ kind: 'COMPANY', surname: undefined, given_name: undefined, name: `ООО Парк ${unique()}`, inn: inn(), phone: phone(), line: 'FLEET', ...over }))
  assert.equal(reply.json?.state, 'ACTIVE', reply.text)
  return reply.json
}

test('S15: a company with three KPP, one carved out to D: each branch is routed to its owner (R64, R67)', { skip, timeout: 60000 }, async () => {
  const head = await company(sellerA)
  const branches = []
  for (const n of [1, 2, 3]) branches.push(ok(await sellerA.post(`/v1/people/${head.person_id}/branches`, { name: `Филиал ${n} ${unique()}`, kpp: kpp(n), city: 'Казань' })).id)
  ok(await router.post(`/v1/people/${branches[2]}/carve-outs`, { brand_id: 1, line: 'FLEET', dealer_id: d.id, from_on: day(0), to_on: day(-300), reason: 'договор 7' }))
  const refused = await router.post(`/v1/people/${branches[2]}/carve-outs`, { brand_id: 1, line: 'FLEET', dealer_id: b.id, from_on: day(0), to_on: day(-300), reason: 'второй' })
  assert.equal(refused.status, 409, refused.text)
  const owners = await rows(`select core.family_owner(party_id, 1::smallint, 'FLEET') as owner from core.party where public_id in ('${branches.join("','")}') order by array_position('{${branches.join(',')}}'::uuid[], public_id)`)
  assert.deepEqual(owners.map((o) => o.owner), [a.dealer_id, a.dealer_id, d.dealer_id])
  assert.equal((await router.post(`/v1/people/${branches[2]}/assign`, { dealer_id: a.id, brand_id: 1, line: 'FLEET', reason: 'проба' })).status, 409, 'the carved branch is D\'s, also against the company\'s owner')
  for (const [n, dealer, wrong] of [[0, a, b], [1, a, d]]) {
    const away = await router.post(`/v1/people/${branches[n]}/assign`, { dealer_id: wrong.id, brand_id: 1, line: 'FLEET', reason: 'проба' })
    assert.equal(away.status, 409, away.text)
    const home = await router.post(`/v1/people/${branches[n]}/assign`, { dealer_id: dealer.id, brand_id: 1, line: 'FLEET', reason: 'владелец организации' })
    assert.equal(home.json?.state, 'OFFERED', home.text)
  }
  assert.equal(ok(await managerD.get(`/v1/people/${branches[2]}`)).rights[0].state, 'ACTIVE', 'D holds its branch')
  assert.equal((await managerD.get(`/v1/people/${head.person_id}`)).status, 404, 'and sees nothing of the company\'s others')
  const panel = ok(await managerA.get(`/v1/people/${head.person_id}/company`))
  assert.deepEqual(panel.branches.map((x) => x.is_carved), [false, false, true])
  assert.equal(panel.carve_outs[0].dealer, null, 'A is not told to whom')
})

test('R67: a carve-out waits for the delivery of a signed order', { skip, timeout: 60000 }, async () => {
  const head = await company(sellerA)
  ok(await sellerA.post(`/v1/rights/${head.right_id}/hold`, { document: `З-${unique()}` }))
  ok(await router.post(`/v1/people/${head.person_id}/carve-outs`, { brand_id: 1, line: 'FLEET', dealer_id: d.id, from_on: day(0), to_on: day(-200), reason: 'ключевой клиент' }))
  assert.equal(ok(await managerA.get(`/v1/people/${head.person_id}`)).rights[0].state, 'HELD')
  assert.equal((await managerD.get(`/v1/people/${head.person_id}`)).status, 404)
  ok(await sellerA.post(`/v1/rights/${head.right_id}/deliver`, { document: `П-${unique()}` }))
  await clockNow()
  await until('the carve-out', async () => (await managerD.get(`/v1/people/${head.person_id}`)).status === 200, 30000)
})

test('R64: two dealers who reach for two branches of one company at once: one has it', { skip, timeout: 60000 }, async () => {
  for (let round = 0; round < 5; round++) {
    const head = await company(sellerA, { line: 'SERVICE' })
    const ids = []
    for (const n of [1, 2, 3, 4]) ids.push(ok(await sellerA.post(`/v1/people/${head.person_id}/branches`, { name: `Ф${n} ${unique()}`, kpp: kpp(n) })).id)
    const answers = await Promise.all([a, b, c, d].map((dealer, i) =>
      router.post(`/v1/people/${ids[i]}/assign`, { dealer_id: dealer.id, brand_id: 1, line: 'FLEET', reason: 'гонка' })))
    assert.deepEqual(answers.map((r) => Math.floor(r.status / 100)).sort(), [2, 4, 4, 4], answers.map((r) => r.text).join('\n'))
    assert.ok(answers.every((r) => r.status < 300 || r.status === 409), 'the others are told that it is held')
    const owners = await rows(`select distinct o.dealer_id from core.ownership o join core.party p using (party_id) where p.public_id in ('${ids.join("','")}') and o.state <> 'CLOSED' and o.line = 'FLEET'`)
    assert.equal(owners.length, 1, JSON.stringify(owners))
  }
})

test('R60: links made at once that meet in one person make one household', { skip, timeout: 60000 }, async () => {
  const people = await Promise.all(Array.from({ length: 6 }, (_, i) => register(sellerA, { surname: `Роднев${i}${unique()}` })))
  const answers = await Promise.all(people.slice(1).map((p, i) => sellerA.post(`/v1/people/${people[i].person_id}/relatives`, { relation: 'sibling', relative_id: p.person_id })))
  for (const answer of answers) ok(answer)
  const homes = await row(`select count(distinct household_id)::int as n, count(household_id)::int as members from core.party where public_id in ('${people.map((p) => p.person_id).join("','")}')`)
  assert.deepEqual(homes, { n: 1, members: 6 })
})

test('S16: the driver of a fleet car gets service-due and recall, no sales campaign (R66)', { skip, timeout: 120000 }, async () => {
  const city = `Г${unique()}`, driver = `driver.${unique()}@test.example`, office = `office.${unique()}@test.example`
  const fleet = await company(sellerA, { line: 'SERVICE', city, email: office })
  await register(sellerA, { kind: 'COMPANY', surname: undefined, given_name: undefined, name: fleet.name ?? 'Парк', inn: (await row(`select inn from core.party where public_id = '${fleet.person_id}'`)).inn, phone: phone(), line: 'FLEET' })
  const car = ok(await sellerA.post(`/v1/people/${fleet.person_id}/vehicles`, { vin: vin(), brand_id: 1, model: 'F7' }))
  ok(await sellerA.post(`/v1/vehicles/${car.id}/drivers`, { name: 'Шофёров Иван', phone: phone(), email: driver, consent_evidence: 'анкета 8', consent_channels: ['EMAIL'] }))
  await awake(driver)
  await awake(office)
  const due = await checked(managerA, emailCampaign({ definition: only(city), class: 2, grp: 'AFTERSALES', topic: 'service_due', subject: 'Пора на ТО' }))
  assert.equal(due.check.total, 2, 'the company and its driver')
  assert.equal(due.check.will_get, 2, JSON.stringify(due.check))
  await launched(managerA, due)
  assert.equal((await mailTo(driver)).subject, 'Пора на ТО')
  const sales = await checked(managerA, emailCampaign({ definition: only(city), topic: 'models' }))
  assert.equal(sales.check.total, 1, 'a sales campaign does not know the driver')
  const parts = await checked(managerA, emailCampaign({ definition: only(city), class: 3, grp: 'AFTERSALES', topic: 'parts' }))
  assert.equal(parts.check.total, 1, 'nor does one for parts')
  await launched(marketer, await checked(marketer, emailCampaign({ definition: only(city), class: 0, grp: 'AFTERSALES', topic: 'recall', subject: 'Отзыв' })))
  await until('the recall', () => mailsTo(driver).some((m) => m.subject === 'Отзыв'), 30000)
  assert.equal((await managerB.get(`/v1/vehicles/${car.id}`)).status, 404)
})

test('R69: a car changes hands: the last service dealer is offered its new owner', { skip, timeout: 60000 }, async () => {
  const person = { surname: `Прежнев${unique()}`, phone: phone(), vin: vin() }
  const old = await register(sellerA, { surname: person.surname, phone: person.phone })
  const next = await register(sellerA, { surname: `Новиков${unique()}` })
  ok(await sellerA.post(`/v1/people/${old.person_id}/vehicles`, { vin: person.vin, brand_id: 1, model: 'F7', from_on: day(500) }))
  assert.equal(await visit(person, { on: day(30) }), 'updated')
  const car = ok(await managerA.get(`/v1/people/${old.person_id}`)).vehicles[0]
  ok(await sellerA.post(`/v1/vehicles/${car.id}/owner`, { person_id: next.person_id, from_on: day(0), document: 'ДКП 12' }))
  const page = ok(await managerA.get(`/v1/vehicles/${car.id}`))
  assert.equal(page.owners.length, 2)
  assert.ok(page.owners[1].to_on)
  const rights = await rows(`select o.dealer_id, o.state::text, p.public_id as id from core.ownership o join core.party p using (party_id) where o.line = 'SERVICE' and p.public_id in ('${old.person_id}', '${next.person_id}') and o.state <> 'CLOSED'`)
  assert.deepEqual(rights, [{ dealer_id: b.dealer_id, state: 'OFFERED', id: next.person_id }])
  assert.ok((await managerB.all('/v1/leads')).some((l) => l.person_id === next.person_id))
})

test('R78: head office announces a campaign; an owner leaves some of his people out, with a reason and within a tenth (P19)', { skip, timeout: 120000 }, async () => {
  const city = `Г${unique()}`
  const people = await Promise.all(Array.from({ length: 12 }, (_, i) => register(sellerA, { surname: `Сетевой${i}${unique()}`, email: `n${i}.${unique()}@test.example`, city })))
  const campaign = await checked(marketer, emailCampaign({ name: `Сеть ${unique()}`, definition: only(city), grp: 'SALES', topic: 'models' }))
  const announced = ok(await marketer.post(`/v1/campaigns/${campaign.id}/announce`))
  await jobDone(marketer, announced.job_id)
  await sql(`update core.campaign set exclude_until = core.now() + interval '5 days' where public_id = '${campaign.id}'`)
  const mine = (await managerA.all('/v1/announcements')).find((one) => one.id === campaign.id)
  assert.deepEqual([mine?.people, mine?.excluded, mine?.most, mine?.is_open], [12, 0, 2, true], JSON.stringify(mine))
  assert.ok((await managerA.all('/v1/notices')).some((n) => n.kind === 'N11' && n.subject === campaign.id))
  assert.equal((await managerB.all('/v1/announcements')).some((one) => one.id === campaign.id), false, 'who has no part is told nothing')
  const exclude = (n) => managerA.post(`/v1/announcements/${campaign.id}/exclude`, { person_id: people[n].person_id, reason: 'идут переговоры' })
  const answers = await Promise.all([0, 1, 2, 3].map(exclude))
  assert.deepEqual(answers.map((r) => r.status < 300).sort(), [false, false, true, true], 'four at once: two places')
  assert.ok(answers.filter((r) => r.status >= 300).every((r) => r.status === 409))
  assert.equal((await managerA.all(`/v1/announcements/${campaign.id}/people?is_excluded=true`)).length, 2)
  assert.equal((await managerA.all(`/v1/announcements/${campaign.id}/people`)).length, 12)
  await sql(`update core.campaign set exclude_until = core.now() - interval '1 second' where public_id = '${campaign.id}'`)
  assert.equal((await exclude(5)).json?.type, '/v1/errors#exclusion-over', 'not after the term')
  const again = await marketer.post(`/v1/campaigns/${campaign.id}/check`)
  await jobDone(marketer, again.json.job_id)
  const after_ = await launched(marketer, (await marketer.get(`/v1/campaigns/${campaign.id}`)).json)
  const dropped = await row(`select count(*)::int as n from core.recipient r join core.campaign k using (campaign_id) where k.public_id = '${after_.id}' and r.reason = 'excluded'`)
  assert.equal(dropped.n, 2)
})
