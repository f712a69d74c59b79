// SPDX-License-Identifier: Apache-2.0
// Story: lists in every form a dealer's programs write: workbooks, JSON lines, XML of 1C 7.7 and 8, leads of a portal. Each is told by
// its content, shown, mapped once and remembered, tried, brought in, repeated without effect, and taken back.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { jobDone, registration, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork, phone, row, rows, sql, unique } from '../lib/network.mjs'
import { cp1251, kit, kitPath, others } from '../lib/kit.mjs'
import { data, noData } from '../lib/data.mjs'

let dealer, other, manager, seller
const skip = noNetwork
before(async () => {
  if (skip) return
  dealer = await makeDealer(); other = await makeDealer()
  ;[manager, seller] = await Promise.all([signIn(dealer.staff.manager), signIn(other.staff.seller)])
})
after(() => { for (const c of [manager, seller]) c?.close(); closeDatabase() })

const read = async (id) => until('the file is read', async () => { const { json } = await manager.get(`/v1/imports/${id}`); return json.state !== 'UPLOADED' && json }, 20000)
async function upload(bytes, query = 'kind=client&brand_id=1&line=NEW', name = 'list') {
  const made = await manager.send('POST', `/v1/imports?name=${encodeURIComponent(name)}&${query}`, { body: bytes, headers: { 'Content-Type': 'application/octet-stream' } })
  assert.equal(made.status, 202, made.text)
  return read(made.json.id)
}
const act = async (id, verb) => {
  const reply = await manager.post(`/v1/imports/${id}/${verb}`)
  assert.equal(reply.status, 202, reply.text)
  await jobDone(manager, reply.json.job_id)
  return (await manager.get(`/v1/imports/${id}`)).json
}
const map = async (found, mapping = found.mapping) => { const done = await manager.put(`/v1/imports/${found.id}/mapping`, { mapping }); assert.ok(done.status < 300, done.text) }
const results = (id) => manager.all(`/v1/imports/${id}/rows`)

test('EnterpriseData of 1C 8: clients, cars, sales and work orders with lines come in by one file; the draft of a client becomes a customer by his document (R154)', { skip, timeout: 60000 }, async () => {
  const found = await upload(kit('1c8-enterprise-data.xml'), 'kind=client&brand_id=1&line=NEW')
  assert.deepEqual([found.state, found.format, found.encoding, found.kind, found.is_named], ['PARSED', 'enterprise-data', 'utf-8', 'exchange', true])
  await map(found)
  const tried = await act(found.id, 'check')
  assert.equal(tried.state, 'CHECKED')
  const done = await act(found.id, 'run')
  const list = await results(found.id)
  assert.deepEqual(list.map((r) => [r.line_no, r.verdict, r.field]), [[22, 'created', null], [41, 'draft', 'consent_evidence'], [57, 'stored', null], [70, 'stored', null],
    [94, 'stored', null], [110, 'stored', null], [121, 'stored', null]], JSON.stringify(list.map((r) => [r.line_no, r.verdict, r.field, r.error])))
  assert.deepEqual(done.counts, { created: 1, draft: 1, stored: 5 })
  const order = await row(`select o.amount_kopecks::int as k, o.mileage_km, o.what::text from core.repair_order o where o.dealer_id = ${dealer.dealer_id}`)
  assert.deepEqual(order, { k: 1234567, mileage_km: 45120, what: 'ТО-3' })
  const lines = await rows(`select l.position, l.is_work, l.quantity::text as q, l.amount_kopecks::int as k from core.repair_order_line l join core.repair_order o using (order_id) where o.dealer_id = ${dealer.dealer_id} order by 1`)
  assert.deepEqual(lines, [{ position: 1, is_work: true, q: '1.500', k: 300000 }, { position: 2, is_work: false, q: '4.000', k: 934567 }])
  const seen = await manager.get(`/v1/repair-orders/${(await row(`select o.public_id from core.repair_order o where o.dealer_id = ${dealer.dealer_id}`)).public_id}/lines`)
  assert.deepEqual(seen.json.items.map((l) => [l.position_no, l.what, l.is_work, l.quantity, l.amount_kopecks]), [[1, 'Замена масла', true, '1.5', 300000], [2, 'Масло моторное 5W-30', false, '4', 934567]])
  const buyer = await row(`select p.kind, length(p.inn) as inn, o.state from core.sale s join core.party p using (party_id) join core.ownership o on o.party_id = s.party_id and o.line = 'NEW' where s.dealer_id = ${dealer.dealer_id}`)
  assert.deepEqual(buyer, { kind: 'COMPANY', inn: 10, state: 'CUSTOMER' })
  assert.equal((await row(`select count(*)::int as n from core.draft where dealer_id = ${dealer.dealer_id}`)).n, 0)
  const strange = await signIn(other.staff.manager)
  assert.deepEqual((await strange.get(`/v1/repair-orders/${(await row(`select o.public_id from core.repair_order o where o.dealer_id = ${dealer.dealer_id}`)).public_id}/lines`)).json.items, [], 'another dealer sees no line')
  strange.close()
  const undone = await act(found.id, 'undo')
  assert.equal(undone.state, 'UNDONE')
  const left = await row(`select (select count(*)::int from core.sale where dealer_id = ${dealer.dealer_id}) as s, (select count(*)::int from core.repair_order where dealer_id = ${dealer.dealer_id}) as o,
    (select count(*)::int from core.ownership where dealer_id = ${dealer.dealer_id} and state <> 'CLOSED') as r, (select count(*)::int from core.match_key where value like '${dealer.dealer_id}:%') as k`)
  assert.deepEqual(left, { s: 0, o: 0, r: 0, k: 0 }, 'an undo of any size leaves nothing')
})

test('CommerceML 2 in windows-1251: the client of a document stands before it, orders of goods are passed over', { skip, timeout: 60000 }, async () => {
  const found = await upload(kit('1c8-commerceml.xml'), 'kind=exchange&brand_id=1&line=SERVICE')
  assert.deepEqual([found.format, found.encoding], ['commerceml', 'windows-1251'])
  await map(found)
  await act(found.id, 'run')
  assert.deepEqual((await results(found.id)).map((r) => r.verdict), ['draft', 'draft', 'stored', 'stored', 'stored'])
})

test('files of 1C 7.7: windows-1251, decimal commas, quotes, an XML drop; orders before their lines', { skip, timeout: 60000 }, async () => {
  const change = others()
  const bring = async (name, query, mapping) => {
    const found = await upload(kit(name, change), query)
    assert.equal(found.encoding, 'windows-1251', name)
    await map(found, mapping)
    await act(found.id, 'run')
    return results(found.id)
  }
  const clients = await bring('1c77-clients.csv', 'kind=client&brand_id=1&line=SERVICE', { external_id: 0, name: 1, phone: 2, email: 3, inn: 4, consent_evidence: 5 })
  assert.deepEqual(clients.map((r) => r.verdict), ['created', 'draft', 'created'], JSON.stringify(clients))
  assert.equal(clients[1].cells[1], 'ИП "Рассвет"; магазин')
  const sales = await bring('1c77-sales.csv', 'kind=sale&brand_id=1&line=NEW', { external_id: 0, number: 1, on: 2, amount: 4, vin: 5 })
  assert.deepEqual(sales.map((r) => r.verdict), ['stored', 'stored'], JSON.stringify(sales))
  const orders = await bring('1c77-orders.csv', 'kind=repair_order&brand_id=1', { external_id: 0, number: 1, on: 2, amount: 3, vin: 4, mileage_km: 5, what: 6 })
  assert.deepEqual(orders.map((r) => r.verdict), ['stored'], JSON.stringify(orders))
  const lines = await bring('1c77-order-lines.csv', 'kind=order_line', { number: 0, position: 1, what: 2, code: 3, quantity: 4, price: 5, amount: 6, is_work: 7 })
  assert.deepEqual(lines.map((r) => r.verdict), ['stored', 'stored'], JSON.stringify(lines))
  const kept = await rows(`select s.amount_kopecks::bigint::text as k from core.sale s where s.dealer_id = ${dealer.dealer_id} order by 1`)
  assert.deepEqual(kept.map((r) => r.k), ['125000050', '99000000'])
  const drop = await bring('1c77-drop.xml', 'kind=client&brand_id=1&line=NEW', { external_id: 0, name: 1, phone: 2, consent_evidence: 3 })
  assert.deepEqual(drop.map((r) => r.verdict), ['created', 'draft'], JSON.stringify(drop))
})

test('a portal\'s lead in ADF is a registration with the request as evidence; the same lead again is yours', { skip, timeout: 60000 }, async () => {
  const bytes = kit('portal-lead.xml').toString().replace('<make>Haval</make>', '<make>1</make>')
  for (const verdict of ['created', 'YOURS']) {
    const found = await upload(Buffer.from(bytes), 'kind=lead&line=NEW&brand_id=1')
    assert.deepEqual([found.format, found.is_named], ['adf', true])
    await map(found)
    await act(found.id, 'run')
    assert.deepEqual((await results(found.id)).map((r) => r.verdict), [verdict])
  }
  const right = await row(`select o.source, o.interest from core.ownership o where o.dealer_id = ${dealer.dealer_id} and o.source = 'Авто-портал'`)
  assert.match(right.interest, /Jolion 2026/)
  assert.equal((await row(`select count(*)::int as n from core.consent c where c.dealer_id = ${dealer.dealer_id} and c.evidence like 'ADF avto-portal%'`)).n, 1)
})

test('a workbook is read sheet by sheet; dates and telephones come as people see them', { skip, timeout: 60000 }, async () => {
  const found = await upload(readFileSync(kitPath('excel-clients.xlsx')))
  assert.deepEqual([found.state, found.format, found.sheets, found.sheet], ['PARSED', 'xlsx', ['Пусто', 'Клиенты'], 'Клиенты'])
  assert.deepEqual((await results(found.id)).map((r) => r.cells.slice(0, 3)), [['Иванова', '89000077001', '1984-02-01'], [' Пет & ров ', '', '1900-03-01'], ['БезAдреса', '1']])
  const none = await manager.post(`/v1/imports/${found.id}/sheet`, { sheet: 'Нет такого' })
  assert.equal(none.status, 400)
  const again = await manager.post(`/v1/imports/${found.id}/sheet`, { sheet: 'Пусто' })
  assert.equal(again.status, 202, again.text)
  const empty = await read(again.json.id)
  assert.deepEqual([empty.state, empty.error], ['FAILED', 'empty'])
  assert.equal((await manager.get(`/v1/imports/${found.id}`)).json.error, 'other-sheet')
})

test('JSON lines of a DMS; the mapping is remembered for the next file of this form, another dealer does not get it', { skip, timeout: 60000 }, async () => {
  const change = others()
  const found = await upload(kit('dms-clients.jsonl', change))
  assert.deepEqual([found.format, found.header], ['json-lines', ['id', 'name.last', 'name.first', 'phone', 'consents', 'consent', 'vip']])
  assert.equal(found.is_remembered, false)
  const mapping = { external_id: 0, surname: 1, given_name: 2, phone: 3, consent_channels: 4, consent_evidence: 5 }
  await map(found, mapping)
  assert.deepEqual((await act(found.id, 'run')).counts, { created: 1, draft: 1 })
  assert.deepEqual((await rows(`select c.channel from core.consent c where c.dealer_id = ${dealer.dealer_id} and c.evidence = 'form 77' order by c.channel nulls first`)).map((r) => r.channel), [null, 'EMAIL', 'CALL'])
  const next = await upload(kit('dms-clients.jsonl'), 'kind=client')
  assert.equal(next.is_remembered, true)
  assert.deepEqual([next.mapping, next.brand_id, next.line], [mapping, 1, 'NEW'])
  const again = await upload(kit('dms-clients.jsonl', change))
  assert.equal(again.same_as, found.id, 'a file that was brought in already is named')
  await map(again)
  assert.deepEqual((await act(again.id, 'run')).counts, { YOURS: 1, draft: 1 })
  assert.equal((await row(`select count(*)::int as n from core.draft where dealer_id = ${dealer.dealer_id} and data ->> 'external_id' = '502'`)).n, 1, 'a repeat makes no second draft')
})

test('odometers are read for one\'s own clients\' cars; somebody else\'s car and an unknown one are the same answer', { skip, timeout: 60000 }, async () => {
  const vin = (n) => `XZGFF${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}${n}`.padEnd(17, '0')
  const own = vin(1), foreign = vin(2), nobody = vin(3)
  const cars = await upload(`surname,phone,consent,vin\nОдометров,${phone()},form,${own}\n`)
  await map(cars, { surname: 0, phone: 1, consent_evidence: 2, vin: 3 }); await act(cars.id, 'run')
  assert.ok((await seller.post('/v1/registrations', registration({ surname: 'Чужой', phone: phone(), vin: foreign }))).status < 300)
  const found = await upload(cp1251(`VIN;Дата;Пробег\n${own};01.11.2026;120 500\n${foreign};01.11.2026;7\n${nobody};01.11.2026;7\n${own};32.11.2026;1\n`), 'kind=odometer')
  await map(found, { vin: 0, on: 1, mileage_km: 2 })
  await act(found.id, 'run')
  assert.deepEqual((await results(found.id)).map((r) => [r.verdict, r.field, r.error]), [['stored', null, null], ['error', 'vin', 'ZC402'], ['error', 'vin', 'ZC402'], ['error', 'on', 'ZC402']])
})

test('S23: of somebody who withdrew from everybody an import stores nothing: no draft, no row', { skip, timeout: 60000 }, async () => {
  const number = phone(), surname = `Стертов${unique()}`
  await seller.post('/v1/registrations', registration({ surname, phone: number }))
  await sql(`update core.party p set is_opted_out = true from core.match_key k where k.party_id = p.party_id and k.value = '${number}'`)
  await sql(`select core.right_close(o, 'lost', 'lost', 'other') from core.ownership o join core.match_key k using (party_id) where k.value = '${number}' and o.state <> 'CLOSED'`)
  const found = await upload(`surname,phone,consent\n${surname},${number},\n${surname},${number},анкета\n`)
  await map(found, { surname: 0, phone: 1, consent_evidence: 2 })
  await act(found.id, 'run')
  const list = await results(found.id)
  assert.deepEqual(list.map((r) => [r.verdict, r.cells]), [['OPTED_OUT', []], ['OPTED_OUT', []]])
  assert.equal((await row(`select count(*)::int as n from core.draft where data ->> 'surname' = '${surname}'`)).n, 0)
})

test('broken and hostile files are named, and the server goes on', { skip, timeout: 60000 }, async () => {
  const bomb = `<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a><r><x>&c;</x></r></a>`
  for (const [text, error] of [[bomb, 'xml-doctype'], ['<a><b>', 'xml-broken'], ['<a>'.repeat(99), 'xml-deep'], ['<КоммерческаяИнформация>', 'xml-broken'], ['{}', 'not-table'], ['PK\x03\x04' + 'x'.repeat(99), 'zip-broken']]) {
    const found = await upload(text)
    assert.deepEqual([found.state, found.error], ['FAILED', error], text.slice(0, 40))
  }
})

test('naughty strings in every form are stored unchanged or refused cleanly', { skip: skip || noData('naughty-strings/strings.json'), timeout: 90000 }, async () => {
  const strings = JSON.parse(data('naughty-strings/strings.json')).filter((s) => s.trim())
  const asJson = strings.map((s, i) => JSON.stringify({ name: s, n: i })).join('\n')
  const found = await upload(asJson)
  assert.equal(found.state, 'PARSED')
  const list = await results(found.id)
  assert.equal(list.length, strings.length)
  list.forEach((r, i) => { if (r.verdict !== 'error') assert.equal(r.cells[0], strings[i]) })
  await map(found, { name: 0 })
  assert.equal((await act(found.id, 'check')).state, 'CHECKED')
})

test('R36, R37: a list of an event takes of the seat\'s rows of that event; a cold one gives no right; a closed event is refused', { skip, timeout: 60000 }, async () => {
  const today = new Date().toISOString().slice(0, 10), event = async (kind) => {
    const made = await manager.post('/v1/event-lists', { kind, name: `${kind} ${unique()}`, from_on: new Date(Date.now() - 864e5).toISOString().slice(0, 10), to_on: new Date(Date.now() + 864e5).toISOString().slice(0, 10) })
    assert.ok(made.status < 300, made.text)
    return made.json.id
  }
  const list = () => `surname,phone,consent\nВыставкин,${phone()},form\nВыставкина,${phone()},form\nБез,${phone()},\n`
  const bring = async (id) => { const found = await upload(list(), `kind=client&brand_id=1&line=NEW&event_id=${id}`); await map(found, { surname: 0, phone: 1, consent_evidence: 2 }); return (await act(found.id, 'run')).counts }
  const fair = await event('exhibition')
  assert.deepEqual(await bring(fair), { created: 2, draft: 1 })
  assert.equal((await row(`select q.used from core.event_quota q join core.event_list e using (event_id) where e.public_id = '${fair}'`)).used, 2)
  await sql(`update core.event_quota q set used = core.policy_int('R36.list') - 1 from core.event_list e where e.event_id = q.event_id and e.public_id = '${fair}'`)
  assert.deepEqual(await bring(fair), { created: 1, error: 1, draft: 1 }, 'the 501st row is refused')
  const cold = await event('cold')
  assert.deepEqual(await bring(cold), { cold: 3 })
  assert.equal((await row(`select count(*)::int as n from core.cold_row c join core.event_list e using (event_id) where e.public_id = '${cold}' and c.party_id is null`)).n, 3)
  await sql(`update core.event_list set is_open = false where public_id = '${cold}'`)
  const closed = await manager.send('POST', `/v1/imports?name=x&kind=client&event_id=${cold}`, { body: list(), headers: { 'Content-Type': 'text/csv' } })
  assert.deepEqual([closed.status, closed.json.rule], [409, 'R36'], today)
})
