// SPDX-License-Identifier: Apache-2.0
// Story: 1C and the network exchange through two folders. In: clients, sales, orders and lines as 1C writes them; out: verdicts,
// tasks and appointments as 1C reads them. D.17, R153-R155.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { closeDatabase, noNetwork, phone, row, rows } from '../lib/network.mjs'
import { closeAdmin } from '../lib/dealer.mjs'
import { makeExchange } from '../lib/exchange.mjs'
import { kit, others } from '../lib/kit.mjs'

let office, dealer, drop, exchange, verdicts
const skip = noNetwork
before(async () => {
  if (skip) return
  office = await makeExchange();
  ({ dealer, drop, exchange, verdicts } = office)
})
after(() => { office?.close(); closeAdmin(); closeDatabase() })

test('a day of 1C 7.7: files dropped in any order are sent clients first, orders before their lines; answers are read by 1C', { skip, timeout: 120000 }, async () => {
  const change = others()
  // dropped in the wrong order on purpose; brands are those of the network
  drop('order-lines-1.csv', kit('1c77-order-lines.csv', change))
  drop('orders-1.csv', kit('1c77-orders.csv', change))
  drop('sales-1.csv', kit('1c77-sales.csv', (t) => change(t).replace(/;(\d\d\.\d\d\.\d{4});;/g, ';$1;1;')))
  drop('clients-1.csv', kit('1c77-clients.csv', (t) => change(t).replace(/^(Код;.*?)\r\n/, '$1;Марка\r\n').replace(/\r\n(?=.)/g, (m, at, all) => at < all.indexOf('\r\n') + 1 ? m : ';1\r\n').replace(/\r\n$/, ';1\r\n')))
  drop('notes.txt', 'not ours')
  const done = await exchange()
  assert.equal(done.status, 0, done.stdout + done.stderr)
  assert.deepEqual(verdicts('clients-1.csv'), ['created', 'draft', 'created'], readFileSync(join(office.out, 'clients-1.csv.verdicts.csv'), 'latin1'))
  assert.deepEqual(verdicts('sales-1.csv'), ['stored', 'stored'])
  assert.deepEqual(verdicts('orders-1.csv'), ['stored'])
  assert.deepEqual(verdicts('order-lines-1.csv'), ['stored', 'stored'])
  const raw = readFileSync(join(office.out, 'clients-1.csv.verdicts.csv'), 'latin1')
  assert.match(raw, /\r\n/)
  assert.match(raw, /^"line";"seq";"verdict"/)
  assert.deepEqual(readdirSync(office.in).sort(), ['done', 'failed', 'notes.txt'])
  const kept = await row(`select (select count(*)::int from core.sale where dealer_id = ${dealer.dealer_id}) as s, (select sum(l.amount_kopecks)::int from core.repair_order_line l join core.repair_order o using (order_id) where o.dealer_id = ${dealer.dealer_id}) as k`)
  assert.deepEqual(kept, { s: 2, k: 432110 })
})

test('a message of 1C 8 (EnterpriseData) needs no mapping; sent again it adds nothing (R153)', { skip, timeout: 60000 }, async () => {
  const bytes = kit('1c8-enterprise-data.xml', ((change) => (t) => change(t).replace('</Согласие>', '</Согласие><Марка>1</Марка><Линия>NEW</Линия>').replace('<Автомобиль>\r\n\t\t\t\t<VIN>XZ', '<Марка>1</Марка><Автомобиль>\r\n\t\t\t\t<VIN>XZ'))(others()))
  const count = () => row(`select (select count(*)::int from core.sale where dealer_id = ${dealer.dealer_id}) as s, (select count(*)::int from core.repair_order where dealer_id = ${dealer.dealer_id}) as o, (select count(*)::int from core.repair_order_line l join core.repair_order o using (order_id) where o.dealer_id = ${dealer.dealer_id}) as l`)
  const before_ = await count()
  drop('exchange-17.xml', bytes)
  const done = await exchange()
  assert.equal(done.status, 0, done.stdout + done.stderr)
  assert.deepEqual(verdicts('exchange-17.xml'), ['created', 'draft', 'stored', 'stored', 'stored', 'stored', 'stored'], readFileSync(join(office.out, 'exchange-17.xml.verdicts.csv'), 'latin1'))
  const once = await count()
  assert.deepEqual(once, { s: before_.s + 1, o: before_.o + 1, l: before_.l + 2 })
  drop('exchange-18.xml', bytes)
  await exchange()
  assert.deepEqual(await count(), once)
})

test('tasks and appointments come out in windows-1251 with the code by which 1C knows the client', { skip, timeout: 60000 }, async () => {
  const due = new Date(Date.now() + 864e5).toISOString(), number = phone()
  drop('clients-2.csv', Buffer.from(`Код;Наименование;Телефон;Эл.почта;ИНН;Согласие;Марка\r\n777;Zadachin Ivan;${number};;;form 9;1\r\n`))
  await exchange()
  assert.deepEqual(verdicts('clients-2.csv'), ['created'])
  const person = (await row(`select p.public_id from core.party p join core.match_key k using (party_id) where k.value = '${number}'`)).public_id
  for (const [kind, title] of [['call', 'Позвонить «завтра»'], ['visit', 'Запись на ТО № 3']])
    assert.ok((await office.manager.post('/v1/tasks', { title, kind, due_at: due, person_id: person })).status < 300)
  const done = await exchange()
  assert.equal(done.status, 0, done.stderr)
  const tasks = office.table('tasks.csv'), visits = office.table('appointments.csv')
  assert.deepEqual(tasks[0], ['Задача', 'Вид', 'Содержание', 'Срок', 'Сотрудник', 'КодКлиента'])
  assert.ok(tasks.some((t) => t[2] === 'Позвонить «завтра»' && t[5] === '777'), JSON.stringify(tasks))
  assert.deepEqual(visits.slice(1).map((t) => [t[1], t[2], t[5]]), [['visit', 'Запись на ТО № 3', '777']])
})

test('a file that cannot be read is put aside and stops no other; workbooks and plain XML go the same way', { skip, timeout: 60000 }, async () => {
  const number = phone()
  drop('clients-0.xml', '<a><b></a>')
  drop('clients-3.xml', `<?xml version="1.0"?><r><c Код="801" Марка="1" Линия="NEW"><ФИО>Икс Эль</ФИО><Телефон>${number}</Телефон><Согласие>да</Согласие></c><c Код="802"><ФИО>Икс Эм</ФИО><Телефон>${phone()}</Телефон></c></r>`)
  const done = await exchange([])
  assert.equal(done.status, 0, done.stderr)
  assert.match(done.stderr, /xml-broken/)
  assert.ok(existsSync(join(office.in, 'failed/clients-0.xml')))
  assert.deepEqual(verdicts('clients-3.xml'), ['created', 'draft'], readFileSync(join(office.out, 'clients-3.xml.verdicts.csv'), 'latin1'))
  assert.equal((await rows(`select 1 from core.exchange_row where dealer_id = ${dealer.dealer_id} and kind = 'client' and verdict = 'error'`)).length, 0)
})
