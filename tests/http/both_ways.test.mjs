// SPDX-License-Identifier: Apache-2.0
// Story: a sample exchange with 1C in both directions, in bytes: what comes in is written as 1C writes it (windows-1251 and UTF-8 with its
// mark, CR LF, decimal commas), what goes out is what 1C reads, and our own reader reads it back letter for letter. D.17, R153-R155.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { registration, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork, phone, row, rows } from '../lib/network.mjs'
import { closeAdmin } from '../lib/dealer.mjs'
import { makeExchange } from '../lib/exchange.mjs'
import { cp1251, kit, others } from '../lib/kit.mjs'

let office, dealer, manager, drop, verdicts
const skip = noNetwork
before(async () => {
  if (skip) return
  office = await makeExchange();
  ({ dealer, manager, drop, verdicts } = office)
})
after(() => { office?.close(); closeAdmin(); closeDatabase() })

/** A person with this telephone whom another dealer has registered. out: that dealer */
async function rivalOf(number) {
  const rival = await makeDealer({ seats: ['seller'] }), seller = await signIn(rival.staff.seller)
  const made = await seller.post('/v1/registrations', registration({ surname: 'Чужаков', given_name: 'Пётр', phone: number }))
  seller.close()
  assert.equal(made.json.verdict, 'FREE', made.text)
  return rival
}
async function exchange() {
  const done = await office.exchange()
  assert.equal(done.status, 0, done.stdout + done.stderr)
  return done
}
/** What every list that goes to 1C must be, byte by byte. */
function asOffice(name) {
  const bytes = office.bytes(name), text = bytes.toString('latin1')
  assert.notEqual(bytes[0], 0xef, `${name}: no mark`)
  assert.ok(text.endsWith('\r\n'), `${name}: the last line is whole`)
  assert.equal(text.replace(/\r\n/g, '').search(/[\r\n\0]/), -1, `${name}: CR LF and nothing else`)
  for (const line of text.split('\r\n').slice(0, -1)) assert.match(line, /^"(?:[^"]|"")*"(?:;"(?:[^"]|"")*")*$/, `${name}: every cell in quotes, semicolons between`)
}
/** Rows of a file as the server's own reader sees it. */
async function readBack(name) {
  const made = await manager.send('POST', `/v1/imports?name=${name}&kind=client&brand_id=1&line=NEW`, { body: office.bytes(name), headers: { 'Content-Type': 'text/csv' } })
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
  assert.deepEqual(read.map(filled), office.table('tasks.csv').map(filled))
  const told = read.slice(1).map((r) => r[2])
  for (const title of ['Ёлка «ТО № 3» – 5 000 ?; "кавычки"', 'две  строки', '??d? ? ?']) assert.ok(told.includes(title), `${title}: ${JSON.stringify(told)}`)
  assert.ok(told.every((t) => !/[\r\n]/.test(t)), 'one task, one line')
})

test('R153: an EnterpriseData message is answered with the number that was received, in the format 1C writes; the answer read by us holds no record', { skip, timeout: 60000 }, async () => {
  drop('exchange-21.xml', kit('1c8-enterprise-data.xml', ((change) => (t) => change(t).replace('<msg:MessageNo>17<', '<msg:MessageNo>21<'))(others())))
  await exchange()
  const bytes = office.bytes('exchange-21.xml.answer.xml'), text = bytes.toString('utf8')
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

/** What an answer in CommerceML says of its records: [element, Ид, values of the requisites], and what stands in it besides. */
function answered(text) {
  const records = [...text.matchAll(/<(Документ|Контрагент)>[\s\S]*?\r\n\t{1,2}<\/\1>/g)].map(([whole, element]) => {
    const told = Object.fromEntries([...whole.matchAll(/<ЗначениеРеквизита>\s*<Наименование>([^<]*)<\/Наименование>\s*<Значение>([^<]*)<\/Значение>/g)].map((m) => [m[1], m[2]]))
    return { element, id: /<Ид>([^<]*)</.exec(whole)[1], told, whole }
  })
  return records
}

for (const [alphabet, bytesOf, textOf] of [
  ['windows-1251', cp1251, (bytes) => new TextDecoder('windows-1251').decode(bytes)],
  ['UTF-8 with its mark', (text) => Buffer.from('\ufeff' + text.replace('encoding="windows-1251"', 'encoding="UTF-8"')), (bytes) => bytes.toString('utf8').replace(/^\ufeff/, '')]])
  test(`R153, R155: a CommerceML message in ${alphabet} is answered in its own form and alphabet: its documents under their Ид with their verdicts; read again the answer is a no-op`, { skip, timeout: 90000 }, async () => {
    const plain = new TextDecoder('windows-1251').decode(kit('1c8-commerceml.xml', ((change) => (t) => change(t).replace(/<Сумма>8400.50</g, '<Сумма>8400,50<'))(others())))
    // as a trade site answers: in the standard's own name space; with a sale that has no requisites, of a client who is another dealer's
    const taken = phone(), code = plain.match(/<Ид>(c-\d+)/)[1]
    const rival = await rivalOf(taken)
    const sale = `<Документ><Ид>д-&quot;3&quot;</Ид><Номер>Р-${taken.slice(-6)}</Номер><Дата>2026-11-12</Дата><ХозОперация>Отпуск товара</ХозОперация><Роль>Продавец</Роль><Сумма>1 250 000,05</Сумма><Контрагенты><Контрагент><Ид>ч-3</Ид><Наименование>Чужаков &amp; Пётр</Наименование><Фамилия>Чужаков</Фамилия><Имя>Пётр</Имя><Контакты><Контакт><Тип>Телефон рабочий</Тип><Значение>${taken}</Значение></Контакт></Контакты></Контрагент></Контрагенты><ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>Марка</Наименование><Значение>1</Значение></ЗначениеРеквизита><ЗначениеРеквизита><Наименование>Линия</Наименование><Значение>NEW</Значение></ЗначениеРеквизита></ЗначенияРеквизитов></Документ>`
    const bytes = bytesOf(plain.replace('ВерсияСхемы=', 'xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы=').replace('</КоммерческаяИнформация>', `${sale}</КоммерческаяИнформация>`))
    const at = alphabet.length, name = `обмен-${at}.xml`, kept = () => row(`select (select coalesce(sum(amount_kopecks), 0)::text from core.repair_order where dealer_id = ${dealer.dealer_id}) as k, (select count(*)::int from core.repair_order where dealer_id = ${dealer.dealer_id}) as n,
      (select count(*)::int from core.repair_order_line l join core.repair_order o using (order_id) where o.dealer_id = ${dealer.dealer_id}) as l, (select count(*)::int from core.sale where dealer_id = ${dealer.dealer_id}) as s, (select coalesce(sum(amount_kopecks), 0)::text from core.sale where dealer_id = ${dealer.dealer_id}) as sk,
      (select count(*)::int from core.ownership where dealer_id = ${dealer.dealer_id}) as rights, (select count(*)::int from core.dealer_party where dealer_id = ${dealer.dealer_id}) as people, (select count(*)::int from core.draft where dealer_id = ${dealer.dealer_id}) as drafts`)
    const before_ = await kept()
    drop(name, bytes)
    await exchange()
    const once = await kept()
    assert.deepEqual([once.n - before_.n, Number(once.k) - Number(before_.k), once.s - before_.s, Number(once.sk) - Number(before_.sk)], [1, 840050, 1, 125000005])
    const told = office.table(`${name}.verdicts.csv`), head = told[0], lines = told.slice(1).map((r) => Object.fromEntries(head.map((h, n) => [h, r[n]])))
    asOffice(`${name}.verdicts.csv`)

    const answer = office.bytes(`${name}.answer.xml`), text = textOf(answer)
    assert.deepEqual(answer.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])), alphabet !== 'windows-1251')
    assert.equal(text.split('\r\n')[0], `<?xml version="1.0" encoding="${alphabet === 'windows-1251' ? 'windows-1251' : 'UTF-8'}"?>`)
    assert.equal(text.replace(/\r\n/g, '').search(/[\r\n]/), -1, 'CR LF and nothing else')
    assert.ok(text.endsWith('</КоммерческаяИнформация>\r\n'))
    assert.match(text, /<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="2.05" ДатаФормирования="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d">/)
    assert.ok(!text.includes('2026-11-20T18:05:00'), 'the answer is of its own time')
    const records = answered(text)
    assert.deepEqual(records.map((r) => [r.element, r.id]), [['Контрагент', code], ['Документ', 'd-1'], ['Документ', 'д-&quot;3&quot;']], 'a document that is passed over is not in it')
    const line = (id, kind) => lines.find((l) => l.id === id && l.kind === kind)
    assert.equal(records[0].told['Вердикт'], line(code, 'client').verdict)
    assert.deepEqual(['Вердикт', 'Вердикт по клиенту', 'Строк в ошибке'].map((n) => records[1].told[n]), ['stored', line('d-1', 'client').verdict, undefined])
    assert.deepEqual([records[1].told.VIN?.length, records[1].told['Пробег']], [17, '61000'], 'what 1C wrote there stays')
    const met = line('д-"3"', 'sale'), whose = line('д-"3"', 'client')
    assert.deepEqual([met.verdict, whose.verdict], ['PROTECTED', 'draft'], 'R5: the sale is stored all the same')
    assert.deepEqual(['Вердикт', 'Правило', 'Вердикт по клиенту', 'Правило по клиенту'].map((n) => records[2].told[n]), [met.verdict, met.rule, whose.verdict, whose.rule])
    assert.ok(met.rule && records[2].told['Что дальше'] && records[2].told['Что дальше по клиенту'], 'R162: the rule and the next step')
    for (const [record, kind] of [[records[1], 'repair_order'], [records[2], 'sale']]) assert.equal(record.told['Квитанция'] ?? '', line(record.id.replaceAll('&quot;', '"'), kind).receipt)
    assert.ok(records[1].whole.includes('<Сумма>8400,50</Сумма>') && records[2].whole.includes('<Сумма>1 250 000,05</Сумма>'), 'decimals as 1C wrote them')
    assert.ok(records[2].whole.includes('<Наименование>Чужаков &amp; Пётр</Наименование>'))
    assert.ok(!text.includes(rival.name) && !text.includes(rival.id), 'R155: nothing of the owner')

    drop(`обмен-2${at}.xml`, bytes)                    // what 1C sends again, and what it gives back of ours
    drop(`обмен-3${at}.xml`, answer)
    await exchange()
    assert.deepEqual(await kept(), once, 'no second effect')
    assert.deepEqual(office.table(`обмен-3${at}.xml.verdicts.csv`).slice(1).filter((r) => r[2] === 'error'), [])
    const again = answered(textOf(office.bytes(`обмен-3${at}.xml.answer.xml`)))
    assert.deepEqual(again.map((r) => r.id), records.map((r) => r.id))
    for (const r of again) for (const own of ['Вердикт', 'Вердикт по клиенту', 'VIN']) assert.ok(r.whole.split(`<Наименование>${own}</Наименование>`).length <= 2, `${r.id}: ${own} stands once`)
  })

test('R153: a CommerceML message that is cut, or whose records have no Ид, is not answered; its rows have their verdicts all the same', { skip, timeout: 60000 }, async () => {
  const whole = new TextDecoder('windows-1251').decode(kit('1c8-commerceml.xml', others()))
  drop('обмен-91.xml', cp1251(whole.slice(0, whole.length - 300)))
  drop('обмен-92.xml', cp1251(whole.replace(/\t<Ид>[^<]*<\/Ид>\r\n/g, '\t')))
  await exchange()
  assert.ok(existsSync(join(office.in, 'failed/обмен-91.xml')))
  for (const name of ['обмен-91.xml.answer.xml', 'обмен-92.xml.answer.xml']) assert.ok(!existsSync(join(office.out, name)), name)
  assert.equal(verdicts('обмен-92.xml').length, 5)
})

test('a message that nobody could answer for is not answered: cut, or without a number', { skip, timeout: 60000 }, async () => {
  const whole = kit('1c8-enterprise-data.xml').toString('utf8')
  drop('exchange-31.xml', Buffer.from(whole.slice(0, whole.length - 400)))
  drop('exchange-32.xml', Buffer.from(whole.replace(/<msg:MessageNo>17<\/msg:MessageNo>/, '')))
  await exchange()
  assert.ok(!existsSync(join(office.out, 'exchange-31.xml.answer.xml')), 'a cut message is sent again by 1C')
  assert.ok(!existsSync(join(office.out, 'exchange-32.xml.answer.xml')))
})

test('a file whose time lies ahead is taken once it has stopped growing: 1C writes from a machine with a clock of its own', { skip, timeout: 60000 }, async () => {
  const ahead = (name, text) => drop(name, text, 7200)
  const line = (code) => `Код;Наименование;Телефон;Эл.почта;ИНН;Согласие;Марка\r\n${code};Zagodov Ivan;${phone()};;;form 9;1\r\n`
  ahead('clients-41.csv', line(4101)); ahead('clients-42.csv', line(4201))
  const grows = setInterval(() => ahead('clients-42.csv', line(4202)), 300)
  await exchange()
  clearInterval(grows)
  assert.deepEqual(verdicts('clients-41.csv'), ['created'])
  assert.ok(existsSync(join(office.in, 'clients-42.csv')), 'what still grows waits')
  ahead('clients-42.csv', line(4203))
  await exchange()
  assert.deepEqual(verdicts('clients-42.csv'), ['created'])
})
