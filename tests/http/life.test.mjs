// SPDX-License-Identifier: Apache-2.0
// Story: the life of a right as people meet it. Working hours over a holiday (S4), what moves an expiry and what does not (S5, S6, S7), an
// outage (S26), rules with versions (R9), lists by event under many hands (R36), cold rows (R37), parking, extension, samples, outcomes.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { Caller, registration, signIn, until } from '../lib/http.mjs'
import { change, closeDatabase, databaseAs, makeDealer, makeStaff, noNetwork, phone, quote, row, rows, sql, unique } from '../lib/network.mjs'
import { daytimeZone } from '../lib/people.mjs'

const skip = noNetwork, HOUR = 3600e3, DAY = 24 * HOUR
let dealer, other, manager, seller, sellerB, router, router2, admin, auditor, steward, zone
before(async () => {
  if (skip) return
  zone = daytimeZone()
  dealer = await makeDealer({ zone, seats: ['manager', 'seller', 'seller'] }); other = await makeDealer({ zone })
  ;[manager, seller, sellerB] = await Promise.all([dealer.staff.manager, dealer.staff.seller, other.staff.seller].map((s) => signIn(s)))
  ;[router, router2, admin, auditor, steward] = await Promise.all(['router', 'router', 'admin', 'auditor', 'steward'].map(async (role) => signIn(await makeStaff(0, role))))
})
after(() => { for (const c of [manager, seller, sellerB, router, router2, admin, auditor, steward]) c?.close(); closeDatabase() })

const rightOf = (id) => row(`select *, protect_until::text as until from core.ownership where public_id = ${quote(id)}`)
const ok = (reply) => { assert.ok(reply.status < 300, reply.text); return reply.json }
const made = async (over = {}, caller = seller) => {
  const one = ok(await caller.post('/v1/registrations', registration({ surname: `Житейский${unique()}`, phone: phone(), ...over })))
  assert.equal(one.state, 'ACTIVE', JSON.stringify(one))
  return one
}
const did = async (person, kind, over = {}, caller = seller) => ok(await caller.post(`/v1/people/${person}/interactions`, { kind, text: 'было', ...over }))
/** Lets days pass for one right: everything of it and of what happened with its person is so much older. */
const age = (id, span) => sql(`begin; set local session_replication_role = replica;
  update core.ownership set since = since - interval '${span}', registered_at = registered_at - interval '${span}', protect_until = protect_until - interval '${span}',
    limit_until = limit_until - interval '${span}', accept_until = accept_until - interval '${span}', contact_until = contact_until - interval '${span}',
    prolonged_on = prolonged_on - interval '${span}', changed_at = changed_at - interval '${span}' where public_id = ${quote(id)};
  update core.ownership_history set since = since - interval '${span}', registered_at = registered_at - interval '${span}', protect_until = protect_until - interval '${span}',
    limit_until = limit_until - interval '${span}', accept_until = accept_until - interval '${span}', contact_until = contact_until - interval '${span}',
    prolonged_on = prolonged_on - interval '${span}', valid_from = valid_from - interval '${span}', recorded_at = recorded_at - interval '${span}' where public_id = ${quote(id)};
  update core.interaction set at = at - interval '${span}', recorded_at = recorded_at - interval '${span}'
    where party_id = (select party_id from core.ownership where public_id = ${quote(id)}); commit`)
/** Midnight that ends a day so many days ahead, at the dealer: an own reckoning. */
const dayEnd = (days) => {
  const offset = Number(/GMT([+-]\d+)/.exec(zone)[1]) * -HOUR           // Etc/GMT-3 lies three hours east
  return (Math.floor((Date.now() + offset) / DAY) + days + 1) * DAY - offset
}
const same = (got, want, what) => assert.equal(new Date(got).toISOString(), new Date(want).toISOString(), what)

test('a lead over a holiday: only working hours count, then it is recalled (S4, R10, P2)', { skip, timeout: 60000 }, async () => {
  // open from an hour ago until an hour from now, shut tomorrow: four hours of work end an hour into the day after the day after
  const local = Date.now() + Number(/GMT([+-]\d+)/.exec(zone)[1]) * -HOUR
  const opens = Math.floor(local / HOUR) * HOUR - HOUR, closes = opens + 3 * HOUR
  const clock = (ms) => new Date(ms).toISOString().slice(11, 19), date = (ms) => new Date(ms).toISOString().slice(0, 10)
  const shop = await makeDealer({ zone, seats: ['manager', 'seller'] }), boss = await signIn(shop.staff.manager)
  await sql(`update core.dealer set opens_at = '${clock(opens)}', closes_at = '${clock(closes)}', work_days = '{1,2,3,4,5,6,7}', country = 'RU' where dealer_id = ${shop.dealer_id}`)
  const day = date(local + DAY), had = await row(`select kind from core.calendar_day where country = 'RU' and on_day = '${day}'`)
  await sql(`delete from core.calendar_day where country = 'RU' and on_day in ('${date(local)}', '${day}', '${date(local + 2 * DAY)}')`)
  await sql(`insert into core.calendar_day (country, on_day, kind) values ('RU', '${date(local)}', 'work'), ('RU', '${day}', 'off'), ('RU', '${date(local + 2 * DAY)}', 'work')`)
  try {
    const lead = ok(await router.post('/v1/leads', { name: `Праздничный ${unique()}`, phone: phone(), brand_id: 1, line: 'NEW', interest: 'F7', source: 'site', consent_evidence: 'form', dealer_id: shop.id }))
    const taken = ok(await boss.post(`/v1/rights/${lead.right_id}/accept`, { seat_id: shop.staff.seller.id }))
    const today = closes - local
    const left = 4 * HOUR - today                                       // the day after tomorrow has three hours
    assert.ok(today > 0 && today < 3 * HOUR, 'the test runs while its shop is open')
    const want = Date.now() + (left <= 3 * HOUR ? opens + 2 * DAY + left - local : opens + 3 * DAY + (left - 3 * HOUR) - local)
    assert.ok(Math.abs(new Date(taken.contact_until) - want) < 5000, `${taken.contact_until} is not ${new Date(want).toISOString()}`)
    await sql(`begin; set local session_replication_role = replica; update core.ownership set contact_until = core.now() - interval '1 second' where public_id = '${lead.right_id}'; commit`)
    const gone = await until('the recall', async () => { const r = await rightOf(lead.right_id); return r.state === 'CLOSED' && r })
    assert.equal(gone.reason, 'no_contact')
    const told = await rows(`select staff_id from core.notice where kind = 'N5' and occurrence like '${gone.ownership_id}%'`)
    assert.deepEqual(told.map((n) => n.staff_id).sort(), [shop.staff.manager.staff_id, shop.staff.seller.staff_id].sort(), 'N5: seat and manager')
    assert.equal((await boss.get(`/v1/people/${lead.person_id}`)).status, 404, 'the person is out of sight')
  } finally {
    await sql(`delete from core.calendar_day where country = 'RU' and on_day in ('${date(local)}', '${day}', '${date(local + 2 * DAY)}')`)
    if (had) await sql(`insert into core.calendar_day (country, on_day, kind) values ('RU', '${day}', '${had.kind}')`)
    boss.close()
  }
})

test('five mass mails and three unanswered calls leave the expiry where it was (S5, R51)', { skip }, async () => {
  const { person_id, right_id } = await made(), before = await rightOf(right_id)
  for (const kind of ['MAIL_OUT', 'MAIL_OUT', 'MAIL_OUT', 'MAIL_OUT', 'MAIL_OUT', 'CALL_OUT', 'CALL_OUT', 'CALL_OUT', 'NOTE'])
    assert.equal((await did(person_id, kind)).is_qualifying, false, kind)
  assert.equal((await rightOf(right_id)).until, before.until)
})

test('a test drive on day 29 carries to day 59, and nothing beyond day 180 (S6, R52)', { skip }, async () => {
  const { person_id, right_id } = await made()
  same((await rightOf(right_id)).protect_until, dayEnd(30), 'P3: thirty days')
  await age(right_id, '29 days')
  assert.equal((await did(person_id, 'TEST_DRIVE', { evidence: 'TD-29' })).is_qualifying, true)
  same((await rightOf(right_id)).protect_until, dayEnd(30), 'day 29 + 30')
  same((await rightOf(right_id)).limit_until, dayEnd(180 - 29), 'P5 runs from the registration')
  for (let day = 58; day < 180; day += 29) {
    await age(right_id, '29 days')
    assert.equal((await did(person_id, 'OFFER', { evidence: `O-${day}` })).is_qualifying, true)
    const now = await rightOf(right_id)
    same(now.protect_until, Math.min(dayEnd(30), new Date(now.limit_until)), `day ${day}`)
  }
  const end = await rightOf(right_id)
  assert.equal(end.until, (await row(`select limit_until::text as until from core.ownership where public_id = '${right_id}'`)).until, 'R52: never beyond P5')
  const shown = ok(await seller.get(`/v1/rights/${right_id}/protection`))
  assert.ok(shown.used_share > 0.9, 'R58: the owner sees the used share')
  assert.equal((await sellerB.get(`/v1/rights/${right_id}/protection`)).status, 404)
})

test('an entry two days late does not count; the third manual prolongation in a row needs evidence (S7, R54)', { skip }, async () => {
  const { person_id, right_id } = await made()
  assert.equal((await did(person_id, 'VISIT', { at: new Date(Date.now() - 2 * DAY).toISOString() })).is_qualifying, false, 'late')
  const dates = []
  for (let n = 1; n <= 2; n++) {
    await age(right_id, '1 day')
    assert.equal((await did(person_id, 'VISIT')).is_qualifying, true, `manual ${n}`)
    dates.push((await rightOf(right_id)).until)
  }
  await age(right_id, '1 day')
  const before = await rightOf(right_id)
  const third = await did(person_id, 'VISIT')
  assert.equal(third.is_qualifying, false); assert.equal(third.rule, 'R54')
  assert.equal((await rightOf(right_id)).until, before.until, 'the third moves nothing')
  assert.equal((await did(person_id, 'VISIT', { evidence: 'reception 5' })).is_qualifying, true, 'with evidence it counts')
})

test('five hours without the clock: every term grows once, whatever runs twice; nothing is lost early (S26, R14, R17)', { skip, timeout: 90000 }, async () => {
  const { right_id } = await made(), before = await rightOf(right_id)
  const close = await made()
  await sql(`begin; set local session_replication_role = replica; update core.ownership set protect_until = core.now() + interval '1 hour' where public_id = '${close.right_id}'; commit`)
  const outages = (await row('select count(*)::int as n from core.outage where not is_planned')).n
  await sql(`update core.clock_state set real_at = clock_timestamp() - interval '5 hours' where name = 'rights'`)
  await until('the outage to be made good', async () => (await row('select count(*)::int as n from core.outage where not is_planned and finished_at is not null')).n > outages, 60000)
  await sql(`select core.clock_rights(); select core.clock_rights()`)
  const after = await rightOf(right_id)
  const grown = new Date(after.protect_until) - new Date(before.protect_until)
  assert.ok(Math.abs(grown - 5 * HOUR) < 60000, `grew by ${grown / HOUR} hours`)
  assert.ok(Math.abs(new Date(after.limit_until) - new Date(before.limit_until) - grown) < 10, 'P5 as well')
  assert.equal((await rightOf(close.right_id)).state, 'ACTIVE', 'a right that would have ended meanwhile did not')
  assert.equal((await row('select count(*)::int as n from core.outage where not is_planned')).n, outages + 1, 'one outage')
  assert.equal((await row(`select count(*)::int as n from core.ownership_history where public_id = '${right_id}' and event = 'outage'`)).n, 1, 'one version')
})

test('a rule has versions: an administrator publishes, everybody of head office and the auditor read, nobody else (R9, R138, N15)', { skip }, async () => {
  const find = async (caller) => (await caller.all('/v1/policies')).find((p) => p.name === 'R55.after')
  const before = await find(auditor)
  assert.equal(before.rule, 'R55')
  const from = new Date(Date.now() + 700 * DAY).toISOString()
  for (const caller of [auditor, router, steward, manager]) assert.equal((await caller.post('/v1/policies', { name: 'R55.after', value: 15, version: before.version, reason: 'x' })).status, 403)
  assert.equal((await manager.get('/v1/policies')).status, 403)
  const refused = await admin.post('/v1/policies', { name: 'R55.after', value: 5000, version: before.version, reason: 'x', valid_from: from })
  assert.equal(refused.status, 400); assert.equal(refused.json.rule, 'R9'); assert.equal(refused.json.info.max, 60)
  // two administrators at once: one of them did not see the other's version
  const admin2 = await signIn(await makeStaff(0, 'admin'))
  const both = await Promise.all([admin, admin2].map((c, i) => c.post('/v1/policies', { name: 'R55.after', value: 15 + i, version: before.version, reason: 'длиннее', valid_from: new Date(Date.parse(from) + i * HOUR).toISOString() })))
  admin2.close()
  assert.deepEqual(both.map((r) => r.status).sort(), [200, 412])
  const now = await find(router)
  assert.equal(now.value, before.value, 'not in force yet'); assert.equal(now.version, before.version + 1)
  assert.equal(now.planned.length, (before.planned?.length ?? 0) + 1)
  assert.ok((await manager.all('/v1/notices')).some((n) => n.kind === 'N15' && n.subject === 'R55.after'), 'N15')
})

test('rows of a list never exceed the quota of a seat, however many hands take them (R36)', { skip }, async () => {
  const event = ok(await manager.post('/v1/event-lists', { name: 'Выставка', kind: 'exhibition', from_on: new Date(Date.now() - DAY).toISOString().slice(0, 10), to_on: new Date(Date.now() + DAY).toISOString().slice(0, 10) }))
  assert.equal((await seller.post('/v1/event-lists', { name: 'x', kind: 'exhibition', from_on: '2026-01-01', to_on: '2026-01-02' })).status, 403)
  const { event_id } = await row(`select event_id from core.event_list where public_id = '${event.id}'`)
  const hands = Array.from({ length: 8 }, () => databaseAs())
  try {
    const taken = await Promise.all(hands.map(async (hand) => {
      let n = 0
      for (let i = 0; i < 10; i++) {
        const said = await hand.run(`select core.bulk_guard(${dealer.dealer_id}, ${dealer.staff.seller.staff_id}, ${event_id}, 9)`).catch((error) => /ZC037/.test(error.message) ? '0' : Promise.reject(error))
        n += Number(said)
      }
      return n
    }))
    assert.equal(taken.reduce((a, b) => a + b), 500)
    assert.equal((await row(`select used from core.event_quota where event_id = ${event_id}`)).used, 500)
  } finally { for (const hand of hands) hand.close() }
})

test('a cold contact is nobody\'s until he answers; the answer is a registration like any other (R37)', { skip }, async () => {
  const event = ok(await manager.post('/v1/event-lists', { name: 'База', kind: 'cold', from_on: new Date(Date.now() - DAY).toISOString().slice(0, 10), to_on: new Date(Date.now() + DAY).toISOString().slice(0, 10) }))
  const number = phone(), surname = `Холодный${unique()}`
  const cold = ok(await seller.post('/v1/cold-rows', { event_id: event.id, name: `${surname} Пётр`, phone: number }))
  assert.equal((await rows(`select 1 from core.match_key where value = '${number}'`)).length, 0, 'no key, no person')
  const silent = await seller.post(`/v1/cold-rows/${cold.id}/contact`, { kind: 'MAIL_OUT', brand_id: 1, line: 'NEW', interest: 'F7', consent_evidence: 'said' })
  assert.equal(silent.status, 409); assert.equal(silent.json.rule, 'R37')
  ok(await sellerB.post('/v1/registrations', registration({ surname, phone: number })))
  const late = ok(await seller.post(`/v1/cold-rows/${cold.id}/contact`, { kind: 'CALL_IN', evidence: 'cti 9', brand_id: 1, line: 'NEW', interest: 'F7', consent_evidence: 'said' }))
  assert.equal(late.verdict, 'PROTECTED'); assert.ok(!late.person_id && !late.receipt)
})

test('parked as the client asked; extended once by a second person; silence refuses (R53, R55)', { skip }, async () => {
  const { person_id, right_id } = await made()
  const on = new Date(Date.now() + 100 * DAY).toISOString().slice(0, 10)
  assert.equal((await seller.post(`/v1/rights/${right_id}/park`, { on: new Date(Date.now() + 200 * DAY).toISOString().slice(0, 10), note: 'x' })).json.rule, 'R55')
  ok(await seller.post(`/v1/rights/${right_id}/park`, { on, note: 'позвоните в мае' }))
  assert.equal((await seller.post(`/v1/rights/${right_id}/park`, { on, note: 'ещё' })).status, 409, 'once')
  const shown = ok(await seller.get(`/v1/rights/${right_id}/protection`))
  assert.equal(shown.parked_on, on); assert.equal(shown.can_park, false)
  assert.ok((await seller.all('/v1/tasks')).some((t) => t.person_id === person_id && Date.parse(t.due_at) >= Date.parse(on) - DAY / 2), 'a task for the day, which begins half a day earlier in the far east')
  const asked = ok(await seller.post(`/v1/rights/${right_id}/extend`, { reason: 'банк', next_step: 'решение банка', next_on: on }))
  const { limit_until } = await rightOf(right_id)
  assert.ok((await auditor.post(`/v1/approvals/${asked.approval_id}/approve`, {})).status >= 400)
  const both = await Promise.all([router, router2].map((c) => c.post(`/v1/approvals/${asked.approval_id}/approve`, {})))
  assert.deepEqual(both.map((r) => r.status).sort(), [200, 409], 'two who grant at once: one does')
  same((await rightOf(right_id)).limit_until, new Date(limit_until).getTime() + 30 * DAY, 'the longest term grows by P4')
  assert.equal((await seller.post(`/v1/rights/${right_id}/extend`, { reason: 'ещё', next_step: 'x', next_on: on })).json.rule, 'R53')
})

test('a mistaken close is taken back once, by its author, with the same expiry (R19)', { skip }, async () => {
  const { right_id } = await made(), before = await rightOf(right_id)
  ok(await seller.post(`/v1/rights/${right_id}/lost`, { reason: 'other' }))
  assert.equal((await manager.post(`/v1/rights/${right_id}/reopen`)).json.rule, 'R19')
  const both = await Promise.all([1, 2, 3].map(() => seller.post(`/v1/rights/${right_id}/reopen`)))
  assert.equal(both.filter((r) => r.status === 200).length, 1, 'once, also at the same time')
  assert.equal((await rightOf(both.find((r) => r.status === 200).json.id)).until, before.until)
})

test('who waits is offered the person in the order of the claims (R15, R34)', { skip, timeout: 60000 }, async () => {
  const number = phone(), surname = `Очередной${unique()}`
  const { right_id } = await made({ phone: number, surname })
  const third = await makeDealer({ zone }), sellerC = await signIn(third.staff.seller)
  const claim = (caller) => caller.post('/v1/waiting-claims', { phone: number, surname, brand_id: 1, line: 'NEW', purpose: 'просил сам', consent_evidence: 'анкета' })
  assert.equal(ok(await claim(sellerB)).verdict, 'PROTECTED'); ok(await claim(sellerC))
  const mine = await sellerB.all('/v1/waiting-claims')
  assert.deepEqual(mine.map((c) => [c.name, c.phone]), [[surname, number]])
  assert.ok(!JSON.stringify(mine).includes(dealer.name))
  ok(await seller.post(`/v1/rights/${right_id}/lost`, { reason: 'other' }))
  const offer = (await sellerB.all('/v1/leads')).find((l) => l.name.startsWith(surname))
  assert.equal(offer?.state, 'OFFERED'); assert.equal((await sellerC.all('/v1/leads')).length, 0)
  ok(await sellerB.post(`/v1/rights/${offer.right_id}/decline`, { reason: 'уже не нужно' }))
  assert.equal((await sellerC.all('/v1/leads'))[0].name.startsWith(surname), true, 'then the next')
  sellerC.close()
})

test('the board moves by results only; a task ends with an outcome of its list and the next one follows (R113, R116)', { skip }, async () => {
  const { person_id, right_id } = await made()
  const stage = async () => { for (let n = 0; n <= 6; n++) if ((await seller.all(`/v1/funnel/${n}`)).some((c) => c.right_id === right_id)) return n }
  assert.equal(await stage(), 0)
  await did(person_id, 'NOTE'); assert.equal(await stage(), 0, 'a note is no result')
  await did(person_id, 'TEST_DRIVE', { evidence: 'TD-1' }); assert.equal(await stage(), 3)
  ok(await seller.post(`/v1/rights/${right_id}/hold`, { document: `Z-${unique()}` })); assert.equal(await stage(), 5)
  ok(await seller.post(`/v1/rights/${right_id}/deliver`, { document: `D-${unique()}` })); assert.equal(await stage(), 6)
  const totals = (await seller.all('/v1/funnel')).map((c) => c.total)
  assert.equal(totals.length, 7)
  const task = ok(await seller.post('/v1/tasks', { title: 'Позвонить', kind: 'call', due_at: new Date(Date.now() + HOUR).toISOString(), person_id }))
  const codes = (await seller.all('/v1/task-outcomes')).filter((o) => o.kind === 'call')
  assert.ok(codes.length >= 5)
  assert.equal((await seller.post(`/v1/tasks/${task.id}/done`, { outcome: 'сделано' })).status, 400, 'without a code')
  const done = ok(await seller.post(`/v1/tasks/${task.id}/done`, { outcome_code: 'visit_agreed' }))
  assert.equal(done.next_kind, 'visit')
  assert.ok((await seller.all('/v1/tasks')).some((t) => t.id === done.next_id))
  await seller.patch(`/v1/tasks/${task.id}`, { state: 'OPEN' }, done.version)
  assert.ok(!(await seller.all('/v1/tasks')).some((t) => t.id === done.next_id), 'taken back with what followed it')
})

test('head office\'s desk: a strong match is looked at by router or steward, once (R32)', { skip }, async () => {
  const number = phone(), email = `strong.${unique()}@test.example`
  ok(await sellerB.post('/v1/registrations', registration({ surname: `Первый${unique()}`, phone: number, email })))
  const two = ok(await seller.post('/v1/registrations', registration({ surname: `Второй${unique()}`, phone: number, email })))
  assert.equal(two.state, 'PENDING')
  const review = (await steward.all('/v1/reviews')).find((r) => r.person_id === two.person_id)
  assert.deepEqual(review.reasons, ['strong'])
  assert.ok(!JSON.stringify(review).includes(number.slice(2)), 'no contacts on the list')
  assert.equal((await seller.get('/v1/reviews')).status, 403)
  const both = await Promise.all([router, steward].map((c, i) => c.post(`/v1/reviews/${review.id}/decide`, { decision: i ? 'stands' : 'refuse', note: 'посмотрели' })))
  assert.deepEqual(both.map((r) => r.status).sort(), [200, 409], 'decided once')
})

test('what stands now is rebuilt from the history (R3, R161)', { skip }, async () => {
  const ids = (await rows(`select distinct party_id from core.ownership where dealer_id in (${dealer.dealer_id}, ${other.dealer_id})`)).map((r) => r.party_id)
  // rights this file aged by hand are left out: their rows were moved behind the triggers
  const wrong = await rows(`select d.* from core.right_differences('{${ids}}') d
    where not exists (select 1 from core.ownership_history h where h.party_id = d.party_id and h.recorded_at < (select min(created_at) from core.dealer where dealer_id = ${dealer.dealer_id}))
      and not d.columns && '{protect_until,contact_until}'`)
  assert.deepEqual(wrong, [])
})
