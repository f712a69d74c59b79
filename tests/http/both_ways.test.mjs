// SPDX-License-Identifier: Apache-2.0
// Story: a sample exchange with 1C in both directions, in bytes: what comes in is written as 1C writes it (windows-1251 and UTF-8 with its
// mark, CR LF, decimal commas), what goes out is what 1C reads, and our own reader reads it back letter for letter. D.17, R153-R155.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork, phone, row, rows } from '../lib/network.mjs'
import { closeAdmin, makeSystem } from '../lib/dealer.mjs'
import { csvTable } from '../lib/data.mjs'
import { cp1251, kit, others } from '../lib/kit.mjs'
import { ROOT } from '../lib/tree.mjs'

let dealer, system, manager, inFolder, outFolder
const skip = noNetwork
before(async () => {
  if (skip) return
  dealer = await makeDealer({ seats: ['manager', 'seller', 'system'] })
  system = await makeSystem(dealer); manager = await signIn(dealer.staff.manager)
  inFolder = join(system.folder, 'in'); outFolder = join(system.folder, 'out')
  mkdirSync(inFolder, { recursive: true })
})
after(() => { manager?.close(); closeAdmin(); closeDatabase() })

const drop = (name, bytes) => { writeFileSync(join(inFolder, name), bytes); const then = Date.now() / 1000 - 10; utimesSync(join(inFolder, name), then, then) }
async function exchange() {
  const done = await system.run(['exchange', '--in', inFolder, '--out', outFolder, '--map', join(ROOT, 'clients/kit/maps')])
  assert.equal(done.status, 0, done.stdout + done.stderr)
  return done
}
const outBytes = (name) => readFileSync(join(outFolder, name))
const out = (name) => csvTable(new TextDecoder('windows-1251').decode(outBytes(name)), ';')
const verdicts = (name) => out(`${name}.verdicts.csv`).slice(1).map((r) => r[2])
/** What every list that goes to 1C must be, byte by byte. */
function asOffice(name) {
  const bytes = outBytes(name), text = bytes.toString('latin1')
  assert.notEqual(bytes[0], 0xef, `${name}: no mark`)
  assert.ok(text.endsWith('\r\n'), `${name}: the last line is whole`)
  assert.equal(text.replace(/\r\n/g, '').search(/[\r\n\0]/), -1, `${name}: CR LF and nothing else`)
  for (const line of text.split('\r\n').slice(0, -1)) assert.match(line, /^"(?:[^"]|"")*"(?:;"(?:[^"]|"")*")*$/, `${name}: every cell in quotes, semicolons between`)
}
/** Rows of a file as the server's own reader sees it. */
async function readBack(name) {
  const made = await manager.send('POST', `/v1/imports?name=${name}&kind=client&brand_id=1&line=NEW`, { body: outBytes(name), headers: { 'Content-Type': 'text/csv' } })
  assert.equal(made.status, 202, made.text)
  const read = await until('the file is read', async () => { const { json } = await manager.get(`/v1/imports/${made.json.id}`); return json.state !== 'UPLOADED' && json }, 20000)
  assert.deepEqual([read.state, read.format, read.encoding, read.separator], ['PARSED', 'csv', 'windows-1251', ';'])
  return [read.header, ...(await manager.all(`/v1/imports/${made.json.id}/rows`)).map((r) => r.cells)]
}

for (const [alphabet, bytesOf] of [['windows-1251', cp1251], ['UTF-8 with its mark', (text) => Buffer.from('\ufeff' + text)]])
  test(`R153: lists in ${alphabet}, CR LF and decimal commas come in to the kopeck, and the answer is read by 1C`, { skip, timeout: 60000 }, async () => {
    const at = alphabet.length, code = `В-${at}`
    drop(`clients-${at}.csv`, bytesOf(`Код;Наименование;Телефон;Эл.почта;ИНН;Согласие;Марка\r\n${code};"Ёжиков ""Пётр"" № ${at}";${phone()};;;анкета №5;1\r\n`))
    drop(`sales-${at}.csv`, bytesOf(`Код;Номер;Дата;Марка;Сумма;VIN\r\n${code};ПР-${at}а;31.10.2026;1;1 250 000,05;\r\n${code};ПР-${at}б;31.10.2026;1;"990000,5";\r\n`))
    drop(`sales-x${at}.csv`, bytesOf(`Код;Номер;Дата;Марка;Сумма;VIN\r\n${code};ПР-${at}в;31.10.2026;1;12,345;\r\n`))
    await exchange()
    assert.deepEqual([verdicts(`clients-${at}.csv`), verdicts(`sales-${at}.csv`), verdicts(`sales-x${at}.csv`)], [['created'], ['stored', 'stored'], ['error']])
    assert.deepEqual((await rows(`select amount_kopecks::text as k from core.sale where dealer_id = ${dealer.dealer_id} and number like 'ПР-${at}_' order by number`)).map((r) => r.k), ['125000005', '99000050'])
    assert.equal((await rows(`select 1 from core.dealer_party d join core.party p using (party_id) where d.dealer_id = ${dealer.dealer_id} and p.name like '%Ёжиков%№ ${at}%'`)).length, 1, 'every letter of the name')
    asOffice(`clients-${at}.csv.verdicts.csv`)
  })

test('R155: what we write is read back by our own reader, letter for letter; what 1C has no letter for becomes a question mark', { skip, timeout: 60000 }, async () => {
  const titles = ['Ёлка «ТО № 3» – 5 000 ₽; "кавычки"', 'две\r\nстроки', 'Łódź 李 😀']
  for (const title of titles) assert.ok((await manager.post('/v1/tasks', { title, kind: 'call', due_at: new Date(Date.now() + 864e5).toISOString() })).status < 300, title)
  await exchange()
  for (const name of ['tasks.csv', 'appointments.csv', 'calls.csv']) asOffice(name)
  const read = await readBack('tasks.csv')
  const filled = (cells) => cells.slice(0, cells.findLastIndex((c) => c !== '') + 1)
  assert.deepEqual(read.map(filled), out('tasks.csv').map(filled))
  const told = read.slice(1).map((r) => r[2])
  for (const title of ['Ёлка «ТО № 3» – 5 000 ?; "кавычки"', 'две  строки', '??d? ? ?']) assert.ok(told.includes(title), `${title}: ${JSON.stringify(told)}`)
  assert.ok(told.every((t) => !/[\r\n]/.test(t)), 'one task, one line')
})

test('R153: an EnterpriseData message is answered with the number that was received, in the format 1C writes; the answer read by us holds no record', { skip, timeout: 60000 }, async () => {
  drop('exchange-21.xml', kit('1c8-enterprise-data.xml', ((change) => (t) => change(t).replace('<msg:MessageNo>17<', '<msg:MessageNo>21<'))(others())))
  await exchange()
  const bytes = outBytes('exchange-21.xml.answer.xml'), text = bytes.toString('utf8')
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'UTF-8 with its mark')
  assert.equal(text.replace(/\r\n/g, '').search(/[\r\n]/), -1, 'CR LF and nothing else')
  const part = (name) => new RegExp(`<msg:${name}>([^<]*)</msg:${name}>`).exec(text)?.[1]
  assert.deepEqual(['Format', 'ExchangePlan', 'To', 'From', 'MessageNo', 'ReceivedNo', 'AvailableVersion'].map(part),
    ['http://v8.1c.ru/edi/edi_stnd/EnterpriseData/1.8', 'СинхронизацияДанныхЧерезУниверсальныйФормат', 'ДЦ', 'КЛ', '21', '21', '1.8'])
  assert.match(part('CreationDate'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  assert.match(text, /<Body xmlns="http:\/\/v8\.1c\.ru\/edi\/edi_stnd\/EnterpriseData\/1\.8"\/>/)
  drop('exchange-echo.xml', bytes)
  await exchange()
  assert.deepEqual(verdicts('exchange-echo.xml'), [])
})

test('R153: a CommerceML message in windows-1251 needs no answer; its decimals come to the kopeck and its repeat is a no-op', { skip, timeout: 60000 }, async () => {
  const bytes = kit('1c8-commerceml.xml', ((change) => (t) => change(t).replace(/<Сумма>8400.50</g, '<Сумма>8400,50<'))(others()))
  const sum = async () => (await row(`select coalesce(sum(amount_kopecks), 0)::text as k, count(*)::int as n from core.repair_order where dealer_id = ${dealer.dealer_id}`))
  const before_ = await sum()
  drop('обмен-1.xml', bytes)
  await exchange()
  const once = await sum()
  assert.equal(once.n, before_.n + 1)
  assert.equal(Number(once.k) - Number(before_.k), 840050)
  assert.ok(!existsSync(join(outFolder, 'обмен-1.xml.answer.xml')))
  asOffice('обмен-1.xml.verdicts.csv')
  drop('обмен-2.xml', bytes)
  await exchange()
  assert.deepEqual(await sum(), once)
})

test('a message that nobody could answer for is not answered: cut, or without a number', { skip, timeout: 60000 }, async () => {
  const whole = kit('1c8-enterprise-data.xml').toString('utf8')
  drop('exchange-31.xml', Buffer.from(whole.slice(0, whole.length - 400)))
  drop('exchange-32.xml', Buffer.from(whole.replace(/<msg:MessageNo>17<\/msg:MessageNo>/, '')))
  await exchange()
  assert.ok(!existsSync(join(outFolder, 'exchange-31.xml.answer.xml')), 'a cut message is sent again by 1C')
  assert.ok(!existsSync(join(outFolder, 'exchange-32.xml.answer.xml')))
})

test('a file whose time lies ahead is taken once it has stopped growing: 1C writes from a machine with a clock of its own', { skip, timeout: 60000 }, async () => {
  const ahead = (name, text) => { writeFileSync(join(inFolder, name), text); const then = Date.now() / 1000 + 7200; utimesSync(join(inFolder, name), then, then) }
  const line = (code) => `Код;Наименование;Телефон;Эл.почта;ИНН;Согласие;Марка\r\n${code};Zagodov Ivan;${phone()};;;form 9;1\r\n`
  ahead('clients-41.csv', line(4101)); ahead('clients-42.csv', line(4201))
  const grows = setInterval(() => ahead('clients-42.csv', line(4202)), 300)
  await exchange()
  clearInterval(grows)
  assert.deepEqual(verdicts('clients-41.csv'), ['created'])
  assert.ok(existsSync(join(inFolder, 'clients-42.csv')), 'what still grows waits')
  ahead('clients-42.csv', line(4203))
  await exchange()
  assert.deepEqual(verdicts('clients-42.csv'), ['created'])
})
