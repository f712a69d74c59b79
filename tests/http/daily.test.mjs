// SPDX-License-Identifier: Apache-2.0
// Story: a dealer's day: leads accepted and refused, contacts mended, people handed over, a leaver's people in the queue.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { registration, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, row, sql, unique } from '../lib/network.mjs'
import { daytimeZone } from '../lib/people.mjs'

let a, b, seller, seller2, manager, managerB, router
const skip = noNetwork
before(async () => {
  if (skip) return
  const zone = daytimeZone()
  a = await makeDealer({ zone, seats: ['manager', 'seller', 'seller', 'adviser'] }); b = await makeDealer({ zone })
  ;[seller, seller2, manager, managerB, router] = await Promise.all([signIn(a.staff.seller), signIn(a.staff.seller2), signIn(a.staff.manager), signIn(b.staff.manager),
    signIn(await makeStaff(0, 'router'))])
})
after(() => { for (const c of [seller, seller2, manager, managerB, router]) c?.close(); closeDatabase() })

const register = async (caller = seller, over = {}) => {
  const reply = await caller.post('/v1/registrations', registration({ phone: phone(), ...over }))
  assert.equal(reply.json?.state, 'ACTIVE', reply.text)
  return reply.json
}
const lead = async (over = {}) => {
  const reply = await router.post('/v1/leads', { name: `Лидов ${unique()}`, phone: phone(), brand_id: 1, line: 'NEW', interest: 'Jolion', source: 'site', consent_evidence: 'web form 7', dealer_id: a.id, ...over })
  assert.ok(reply.status < 300, reply.text)
  return reply.json
}

test('an offered lead is masked until it is accepted; then the seat sees it in full (R148)', { skip }, async () => {
  const { person_id, right_id } = await lead()
  const item = (await manager.all('/v1/leads')).find((l) => l.right_id === right_id)
  assert.equal(item.state, 'OFFERED')
  assert.ok(new Date(item.accept_until) > Date.now())
  const before_ = await manager.get(`/v1/people/${person_id}`)
  assert.equal(before_.json.level, 'MASKED', before_.text)
  assert.doesNotMatch(before_.text, /\+7971\d{7}/)
  assert.match(before_.text, /\*\*\*/)
  const accepted = await seller.post(`/v1/rights/${right_id}/accept`)
  assert.equal(accepted.status, 200, accepted.text)
  assert.equal(accepted.json.state, 'ACTIVE')
  const card = await seller.get(`/v1/people/${person_id}`)
  assert.equal(card.json.level, 'FULL')
  assert.match(card.json.contacts[0].value, /^\+7971\d{7}$/)
  assert.ok(['call_lead', 'first_contact'].includes(card.json.now.kind), JSON.stringify(card.json.now))
  assert.ok([403, 409].includes((await seller2.post(`/v1/rights/${right_id}/accept`)).status), 'accepted once')
})

test('a declined lead leaves the dealer and goes back to the router with its reason', { skip }, async () => {
  const { person_id, right_id } = await lead()
  assert.equal((await manager.post(`/v1/rights/${right_id}/decline`, {})).status, 400, 'a reason is needed')
  const reply = await manager.post(`/v1/rights/${right_id}/decline`, { reason: 'нет машины' })
  assert.ok(reply.status < 300, reply.text)
  assert.equal((await manager.get(`/v1/people/${person_id}`)).status, 404)
  assert.ok((await router.get(`/v1/people/${person_id}`)).status === 200)
  const again = await router.post(`/v1/people/${person_id}/assign`, { dealer_id: b.id, brand_id: 1, line: 'NEW', reason: 'второй кандидат' })
  assert.equal(again.json.state, 'OFFERED', again.text)
  assert.ok((await managerB.all('/v1/leads')).some((l) => l.right_id === again.json.right_id))
})

test('a parallel offer of the same lead to two dealers is impossible (R44)', { skip }, async () => {
  const { person_id } = await lead()
  const second = await router.post(`/v1/people/${person_id}/assign`, { dealer_id: b.id, brand_id: 1, line: 'NEW', reason: 'проба' })
  assert.equal(second.status, 409, second.text)
})

test('a contact is mended with its source kept; the old writing stays readable', { skip }, async () => {
  const { person_id } = await register(seller, { email: `Old.${unique()}@Test.Example` })
  const card = (await seller.get(`/v1/people/${person_id}`)).json
  const mail = card.contacts.find((c) => c.kind === 'EMAIL')
  assert.equal(mail.value, mail.value.toLowerCase())
  assert.match(mail.raw, /^Old\./)
  const fresh = `new.${unique()}@test.example`
  const edited = await seller.patch(`/v1/people/${person_id}/contacts/${mail.id}`, { value: fresh.toUpperCase() }, mail.version)
  assert.equal(edited.status, 200, edited.text)
  assert.equal(edited.json.value, fresh)
  const after_ = (await seller.get(`/v1/people/${person_id}`)).json.contacts.find((c) => c.id === mail.id)
  assert.equal(after_.source, mail.source)
  assert.equal((await seller.patch(`/v1/people/${person_id}/contacts/${mail.id}`, { value: 'x' }, mail.version)).status, 412, 'an old version is refused')
  assert.equal((await seller.patch(`/v1/people/${person_id}/contacts/${mail.id}`, { value: 'x' }, edited.json.version)).status, 400)
  const second = await seller.post(`/v1/people/${person_id}/contacts`, { kind: 'PHONE', value: phone(), is_primary: true })
  assert.ok(second.status < 300, second.text)
  const phones = (await seller.get(`/v1/people/${person_id}`)).json.contacts.filter((c) => c.kind === 'PHONE')
  assert.deepEqual(phones.filter((c) => c.is_primary).map((c) => c.id), [second.json.id])
})

test('an activity prolongs protection, a note does not, a future one is refused (R50-R54)', { skip }, async () => {
  const { person_id } = await register()
  const note = await seller.post(`/v1/people/${person_id}/interactions`, { kind: 'NOTE', text: 'думает' })
  assert.equal(note.json.is_qualifying, false, note.text)
  const drive = await seller.post(`/v1/people/${person_id}/interactions`, { kind: 'TEST_DRIVE', evidence: 'agreement 5', text: 'поехали' })
  assert.equal(drive.json.is_qualifying, true, drive.text)
  assert.ok(new Date(drive.json.protect_until) >= new Date(note.json.protect_until ?? 0))
  const late = await seller.post(`/v1/people/${person_id}/interactions`, { kind: 'TEST_DRIVE', evidence: 'agreement 6', at: new Date(Date.now() - 48 * 3600e3).toISOString() })
  assert.equal(late.json.is_qualifying, false, 'entered later than P21')
  assert.equal((await seller.post(`/v1/people/${person_id}/interactions`, { kind: 'VISIT', at: new Date(Date.now() + 3600e3).toISOString() })).status, 400)
  const timeline = await seller.all(`/v1/people/${person_id}/timeline`)
  assert.ok(timeline.length >= 3)
  assert.deepEqual(timeline.map((t) => t.at), timeline.map((t) => t.at).sort().reverse())
})

test('order, delivery, cancellation: the states of D.2 and no others (R11)', { skip }, async () => {
  const { person_id, right_id } = await register()
  assert.equal((await seller.post(`/v1/rights/${right_id}/deliver`, { document: 'D-1' })).status, 409, 'nothing is ordered yet')
  const held = await seller.post(`/v1/rights/${right_id}/hold`, { document: `O-${unique()}` })
  assert.equal(held.json?.state, 'HELD', held.text)
  assert.equal((await seller.post(`/v1/rights/${right_id}/accept`)).status, 409)
  const second = `O-${unique()}`
  assert.equal((await seller.post(`/v1/rights/${right_id}/hold`, { document: second, amount_kopecks: 250000050, currency: 'тугрики' })).status, 400, 'a money that nobody knows')
  assert.equal((await seller.post(`/v1/rights/${right_id}/hold`, { document: second, amount_kopecks: 250000050 })).json?.state, 'HELD', 'a second order')
  const [order] = (await seller.get(`/v1/people/${person_id}/timeline?kind=ORDER`)).json.items
  assert.deepEqual([order.document, order.amount_kopecks, order.currency], [second, 250000050, 'RUB'], 'the order says what it is worth')
  assert.equal((await seller.post(`/v1/rights/${right_id}/cancel-order`, { reason: 'передумал' })).status, 400, 'which of the two?')
  assert.equal((await seller.post(`/v1/rights/${right_id}/cancel-order`, { reason: 'передумал', document: second })).json?.state, 'HELD', 'the first order still holds')
  const back = await seller.post(`/v1/rights/${right_id}/cancel-order`, { reason: 'передумал' })
  assert.equal(back.json?.state, 'ACTIVE', back.text)
  await seller.post(`/v1/rights/${right_id}/hold`, { document: `O-${unique()}` })
  const delivered = await seller.post(`/v1/rights/${right_id}/deliver`, { document: `S-${unique()}`, amount_kopecks: 300000000 })
  assert.equal(delivered.json?.state, 'CUSTOMER', delivered.text)
  const { rights } = (await seller.get(`/v1/people/${person_id}`)).json
  assert.equal(rights.find((r) => r.id === right_id).state, 'CUSTOMER')
  const history = await seller.all(`/v1/people/${person_id}/ownership`).catch(async () => (await seller.get(`/v1/people/${person_id}/ownership`)).json.items)
  assert.ok(history.length >= 5)
  assert.ok(history.every((h) => /^R\d+|D\.2|/.test(h.rule)))
})

test('lost needs a reason of the list; then the person is gone and free for others', { skip }, async () => {
  const { person_id, right_id } = await register()
  assert.equal((await seller.post(`/v1/rights/${right_id}/lost`, {})).status, 400)
  assert.equal((await seller.post(`/v1/rights/${right_id}/lost`, { reason: 'bored' })).status, 400)
  const reply = await seller.post(`/v1/rights/${right_id}/lost`, { reason: 'bought_other_brand' })
  assert.equal(reply.json?.state, 'CLOSED', reply.text)
  assert.ok([404, 409].includes((await seller.post(`/v1/rights/${right_id}/hold`, { document: 'x' })).status), 'R12: closed is final')
  const pool = await router.get(`/v1/people/${person_id}`)
  assert.equal(pool.status, 200)
})

test('a manager hands people over between seats; a colleague sees them masked before and in full after', { skip }, async () => {
  const { person_id, right_id } = await register()
  assert.equal((await seller2.get(`/v1/people/${person_id}`)).json.level, 'MASKED')
  assert.equal((await seller.post(`/v1/rights/${right_id}/seat`, { seat_id: a.staff.seller2.id })).status, 403, 'only the manager')
  const moved = await manager.post(`/v1/rights/${right_id}/seat`, { seat_id: a.staff.seller2.id })
  assert.equal(moved.status, 200, moved.text)
  assert.equal((await seller2.get(`/v1/people/${person_id}`)).json.level, 'FULL')
  assert.equal((await seller.get(`/v1/people/${person_id}`)).json.level, 'MASKED')
  assert.equal((await manager.post(`/v1/rights/${right_id}/seat`, { seat_id: b.staff.seller.id })).status, 400, 'not his employee (R7)')
})

test('R7: a leaver\'s people and tasks fall to the queue, the rights stay', { skip }, async () => {
  const staff = await makeStaff(a.dealer_id, 'seller'), leaver = await signIn(staff)
  const { person_id, right_id } = await register(leaver)
  const task = await leaver.post('/v1/tasks', { title: 'Позвонить', kind: 'call', due_at: new Date(Date.now() + 864e5).toISOString(), person_id })
  const reply = await manager.post(`/v1/staff/${staff.id}/leave`)
  assert.ok(reply.status < 300, reply.text)
  assert.ok(reply.json.moved >= 1)
  assert.equal((await leaver.get('/v1/session')).status, 401)
  const right = await row(`select o.state, o.seat_id, o.dealer_id from core.ownership o where o.public_id = '${right_id}'`)
  assert.deepEqual(right, { state: 'ACTIVE', seat_id: null, dealer_id: a.dealer_id })
  assert.ok((await manager.all('/v1/tasks?scope=queue')).some((t) => t.id === task.json.id))
  const again = await manager.post(`/v1/rights/${right_id}/seat`, { seat_id: staff.id })
  assert.equal(again.status, 400, 'a leaver cannot hold anybody')
  leaver.close()
})

test('tasks: made, moved, done with an outcome; foreign ones do not exist', { skip }, async () => {
  const due = new Date(Date.now() + 864e5).toISOString()
  const made = await seller.post('/v1/tasks', { title: 'Перезвонить', kind: 'call', due_at: due })
  const list = await seller.all('/v1/tasks?scope=mine')
  const mine = list.find((t) => t.id === made.json.id)
  assert.equal(mine.is_overdue, false)
  const moved = await seller.patch(`/v1/tasks/${mine.id}`, { title: 'Перезвонить завтра' }, mine.version)
  assert.ok(moved.status < 300, moved.text)
  assert.equal((await managerB.patch(`/v1/tasks/${mine.id}`, { title: 'x' }, 1)).status, 404)
  assert.equal((await managerB.post(`/v1/tasks/${mine.id}/done`, { outcome_code: 'reached', outcome: 'x' })).status, 404)
  assert.ok((await seller.post(`/v1/tasks/${mine.id}/done`, { outcome_code: 'reached', outcome: 'дозвонился' })).status < 300)
  assert.ok(!(await seller.all('/v1/tasks?scope=mine&state=OPEN')).some((t) => t.id === mine.id))
})

test('vehicles, readings, sales and work orders are kept in kopecks and kilometres', { skip }, async () => {
  const { person_id } = await register(seller, { line: 'SERVICE' })
  const vin = `X9FMXXEEB${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`
  const car = await manager.post(`/v1/people/${person_id}/vehicles`, { vin, plate: 'А123ВС77', brand_id: 1, model: 'Jolion', model_year: 2022 })
  assert.ok(car.status < 300, car.text)
  assert.ok((await manager.post(`/v1/vehicles/${car.json.id}/readings`, { mileage_km: 12000, read_on: '2026-01-10' })).status < 300)
  const order = await manager.post(`/v1/people/${person_id}/repair-orders`, { number: `W-${unique()}`, opened_on: '2026-06-01', amount_kopecks: 1234567, mileage_km: 20000, vehicle_id: car.json.id, what: 'ТО-2' })
  assert.ok(order.status < 300, order.text)
  assert.equal((await manager.post(`/v1/people/${person_id}/repair-orders`, { number: 'W', opened_on: '2026-06-01', amount_kopecks: 12.5 })).status, 400)
  const card = (await manager.get(`/v1/people/${person_id}`)).json
  assert.equal(card.orders[0].amount_kopecks, 1234567)
  const shown = card.vehicles.find((v) => v.vin === vin)
  assert.equal(shown.mileage_km, 20000)
  assert.ok(shown.km_per_day > 0)
  assert.equal((await managerB.post(`/v1/vehicles/${car.json.id}/readings`, { mileage_km: 1 })).status, 404)
})

/** Let time pass for one right: triggers allow only the transitions of D.2, so they sleep meanwhile. */
const age = (change, id) => sql(`begin; alter table core.ownership disable trigger user; update core.ownership set ${change} where public_id = '${id}';
  alter table core.ownership enable trigger user; commit`)

test('protection ends by the clock: warned, in grace, free (R14, R15)', { skip, timeout: 60000 }, async () => {
  const { person_id, right_id } = await register()
  await age(`protect_until = core.now() - interval '1 minute'`, right_id)
  await until('grace', async () => (await row(`select state from core.ownership where public_id = '${right_id}'`)).state === 'GRACE', 20000)
  const card = await manager.get(`/v1/people/${person_id}`)
  assert.equal(card.json.rights.find((r) => r.id === right_id).state, 'GRACE')
  const number = (await row(`select k.value from core.match_key k join core.ownership o using (party_id) where o.public_id = '${right_id}' and k.kind = 'PHONE'`)).value
  const probe = await managerB.post('/v1/probes', { phone: number, surname: 'Проверкин', brand_id: 1, line: 'NEW', purpose: 'visit', consent_evidence: 'form' })
  assert.equal(probe.json.verdict, 'IN_GRACE')
  await age(`free_from = core.now() - interval '1 minute'`, right_id)
  await until('closed', async () => (await row(`select state from core.ownership where public_id = '${right_id}'`)).state === 'CLOSED', 20000)
  const taken = await managerB.post('/v1/registrations', registration({ phone: number, surname: 'Проверкин' }))
  assert.equal(taken.json.state, 'ACTIVE', taken.text)
})
