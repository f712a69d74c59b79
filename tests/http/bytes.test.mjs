// SPDX-License-Identifier: Apache-2.0
// Story: strings that break programs. JSONTestSuite, naughty strings, phones, e-mail, VIN: stored as they are or refused cleanly.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { registration, signIn } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork, phone, rows, quote, unique } from '../lib/network.mjs'
import { SEED, csvRows, csvTable, data, noData, sample, unpacked } from '../lib/data.mjs'

let dealer, seller, manager, person
const skip = noNetwork
before(async () => {
  if (skip) return
  dealer = await makeDealer()
  ;[seller, manager] = await Promise.all([signIn(dealer.staff.seller), signIn(dealer.staff.manager)])
  person = (await seller.post('/v1/registrations', registration({ phone: phone() }))).json.person_id
})
after(() => { seller?.close(); manager?.close(); closeDatabase() })

const json = (bytes) => seller.send('POST', '/v1/views', { body: bytes, headers: { 'Content-Type': 'application/json' } })
const isJsonRefusal = (reply) => reply.status === 400 && /bad-json$/.test(reply.json?.type ?? '')

test('JSONTestSuite: all n_ are refused as JSON, y_ are read but for the documented ones, i_ never break anything', { skip: skip || noData('json-parsing/cases.tar.gz'), timeout: 60000 }, async (t) => {
  const wrong = []
  const count = { y: 0, n: 0, i: 0 }
  for (const { name, bytes } of unpacked('json-parsing/cases.tar.gz')) {
    const file = name.split('/').at(-1), kind = file[0]
    if (!/^[yni]_.*\.json$/.test(file)) continue
    count[kind]++
    const reply = await json(Buffer.from(bytes))
    if (reply.status >= 500) wrong.push(`${file}: ${reply.status}`)
    else if (kind === 'n' && !isJsonRefusal(reply) && !(reply.status === 413 && bytes.length > 32768)) wrong.push(`${file}: ${reply.status} ${reply.text.slice(0, 80)}`)
    // read: refused for another reason than syntax (an array or number is no request); duplicate keys and U+0000 are refused on purpose
    else if (kind === 'y' && isJsonRefusal(reply) && !/duplicated|null_escape|escaped_null|u0000/i.test(file) && !isTopLevel(bytes)) wrong.push(`${file}: refused as syntax`)
  }
  t.diagnostic(`sampled ${count.y} y_, ${count.n} n_, ${count.i} i_: all there are`)
  assert.ok(count.n > 50 && count.y > 20)
  assert.deepEqual(wrong, [])
})

/** A request must be an object: other values are refused with the same word as broken JSON. */
const isTopLevel = (bytes) => !/^\s*\{/.test(Buffer.from(bytes).toString('utf8'))

test('numbers at the edge are exact or refused', { skip }, async () => {
  for (const [text, ok] of [['1e400', false], ['-0', null], ['9007199254740993', false], ['1.5', false], ['"1"', null], ['1e0', null], ['99999999999999999999', false], ['NaN', false], ['null', null]]) {
    const reply = await json(`{"screen":"people","name":"n${unique()}","query":"x","brand_id":${text}}`)
    assert.ok(reply.status === 400, `${text}: ${reply.status}`)
    const order = await seller.send('POST', '/v1/registrations', { body: JSON.stringify(registration({ phone: phone() })).replace('"brand_id":1', `"brand_id":${text}`), headers: { 'Content-Type': 'application/json' } })
    assert.ok(order.status < 500, `${text}: ${order.text}`)
    if (ok === false) assert.equal(order.status, 400, `${text}: ${order.text}`)
  }
})

test('depth, width and length have limits', { skip, timeout: 60000 }, async () => {
  const deep = (n) => '{"screen":"s","name":"n","query":' + '['.repeat(n) + ']'.repeat(n) + '}'
  for (const n of [33, 100, 10000]) assert.ok([400, 413].includes((await json(deep(n))).status), `depth ${n}`)
  const wide = '{' + Array.from({ length: 3000 }, (_, i) => `"k${i}":1`).join() + '}'
  assert.ok([400, 413].includes((await json(wide)).status))
  assert.equal((await json(JSON.stringify({ screen: 's', name: 'n', query: 'x'.repeat(40000) }))).status, 413)
  assert.equal((await json(JSON.stringify({ screen: 's', name: 'n'.repeat(401), query: 'x' }))).status, 400)
})

test('naughty strings through every text field: back unchanged or refused cleanly', { skip: skip || noData('naughty-strings/strings.json'), timeout: 240000 }, async (t) => {
  const all = JSON.parse(data('naughty-strings/strings.json')).filter((s) => s !== '')
  const strings = sample(all, 80)
  t.diagnostic(`sampled ${strings.length} of ${all.length}, seed ${SEED}`)
  const wrong = []
  const same = (got, sent) => got === sent || got === sent.trim() || got?.normalize('NFC') === sent.normalize('NFC') || got?.trim() === sent.trim()
  for (const s of strings) {
    const label = JSON.stringify(s).slice(0, 60)
    // a person's name: stored, shown on the card, in the list, found, exported
    const made = await seller.post('/v1/registrations', registration({ surname: s.slice(0, 200), given_name: 'X', phone: phone(), city: s.slice(0, 100) }))
    if (made.status >= 500 || (made.status >= 300 && !made.json?.type)) { wrong.push(`register ${label}: ${made.status}`); continue }
    if (made.status < 300 && made.json.person_id) {
      const card = await seller.get(`/v1/people/${made.json.person_id}`)
      if (card.status !== 200 || !same(card.json.surname ?? '', s.slice(0, 200))) wrong.push(`card ${label}: ${card.status} ${JSON.stringify(card.json?.surname)}`)
      const note = await seller.post(`/v1/people/${made.json.person_id}/interactions`, { kind: 'NOTE', text: s })
      if (note.status < 300) {
        const line = (await seller.get(`/v1/people/${made.json.person_id}/timeline`)).json?.items?.find((i) => i.kind === 'NOTE')
        if (!line || !same(line.text ?? '', s)) wrong.push(`note ${label}: ${JSON.stringify(line?.text)?.slice(0, 80)}`)
      } else if (note.status >= 500) wrong.push(`note ${label}: ${note.status}`)
    }
    const view = await seller.post('/v1/views', { screen: 'naughty', name: s.slice(0, 100), query: s })
    if (view.status >= 500) wrong.push(`view ${label}: ${view.status}`)
    const found = await seller.get(`/v1/people/search?q=${encodeURIComponent(s.slice(0, 90))}`).catch(() => ({ status: 500 }))
    if (found.status >= 500) wrong.push(`search ${label}: ${found.status}`)
    const filtered = await seller.get(`/v1/people?city=${encodeURIComponent(s.slice(0, 90))}`)
    if (filtered.status >= 500) wrong.push(`filter ${label}: ${filtered.status}`)
    const task = await seller.post('/v1/tasks', { title: s.slice(0, 300), kind: 'call', due_at: new Date(Date.now() + 864e5).toISOString() })
    if (task.status >= 500) wrong.push(`task ${label}: ${task.status}`)
  }
  const views = (await seller.get('/v1/views?screen=naughty')).json.items
  for (const view of views) if (!all.some((s) => same(view.query, s))) wrong.push(`view came back changed: ${JSON.stringify(view.query).slice(0, 60)}`)
  const csv = await manager.get('/v1/people/export')
  assert.equal(csv.status, 200)
  const table = csvTable(csv.text, ';')
  if (!table.every((cells) => cells.length === table[0].length)) wrong.push('the export lost its columns')
  assert.deepEqual(wrong, [])
})

test('naughty strings as a file come out as they went in', { skip: skip || noData('naughty-strings/strings.json'), timeout: 60000 }, async (t) => {
  const all = JSON.parse(data('naughty-strings/strings.json')).filter((s) => s !== '' && !s.includes('\0'))
  const text = 'name,phone\n' + all.map((s) => `"${s.replaceAll('"', '""')}",1`).join('\n') + '\n'
  const made = await manager.send('POST', '/v1/imports?name=n.csv&kind=client&brand_id=1&line=NEW', { body: text, headers: { 'Content-Type': 'text/csv' } })
  assert.equal(made.status, 202, made.text)
  let state
  for (let i = 0; i < 100 && (state = (await manager.get(`/v1/imports/${made.json.id}`)).json).state === 'UPLOADED'; i++) await new Promise((r) => setTimeout(r, 100))
  assert.equal(state.state, 'PARSED', JSON.stringify(state))
  const list = await manager.all(`/v1/imports/${made.json.id}/rows`)
  t.diagnostic(`sampled ${all.length} of ${all.length}`)
  const wrong = list.flatMap((r, i) => r.verdict === 'error' || r.cells[0] === all[i] ? [] : [`${JSON.stringify(all[i])} -> ${JSON.stringify(r.cells[0])}`])
  assert.equal(list.length, all.length)
  assert.deepEqual(wrong, [])
})

test('phones of the world: national and international writing are one number', { skip: skip || noData('phones/example_numbers.csv'), timeout: 120000 }, async (t) => {
  const all = csvRows(data('phones/example_numbers.csv')).filter((r) => !/premium|short|emergency|uan|voicemail|shared|toll/i.test(r.number_type))
  const chosen = sample(all, 150)
  t.diagnostic(`sampled ${chosen.length} of ${all.length}, seed ${SEED}`)
  const wrong = []
  for (const r of chosen) {
    const made = await seller.post(`/v1/people/${person}/contacts`, { kind: 'PHONE', value: `+${r.country_code} ${r.national_number.replace(/(\d{3})/g, '$1-')}` })
    if (made.status < 300 && made.json.value !== r.e164) wrong.push(`${r.e164}: ${made.json.value}`)
    else if (made.status >= 300 && made.status !== 400 && made.status !== 409) wrong.push(`${r.e164}: ${made.status} ${made.text}`)
    else if (made.status === 400) wrong.push(`${r.e164} refused`)
  }
  assert.ok(wrong.length <= chosen.length * 0.02, wrong.join('\n'))
})

test('e-mail addresses: the sound ones are stored lower-cased, the broken ones refused with the field', { skip: skip || noData('email-validity/isemail_tests.xml'), timeout: 120000 }, async (t) => {
  const xml = data('email-validity/isemail_tests.xml')
  const entity = (s) => s.replace(/&#x([0-9a-f]+);/gi, (_, h) => String.fromCodePoint(Number.parseInt(h, 16))).replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&')
  const cases = [...xml.matchAll(/<address>([\s\S]*?)<\/address>[\s\S]*?<category>(\w+)<\/category>/g)]
    .map((m) => [entity(m[1]).replace(/[\u2400-\u241f]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x2400)), m[2]])
  const chosen = sample(cases, 80)
  t.diagnostic(`sampled ${chosen.length} of ${cases.length}, seed ${SEED}`)
  const wrong = []
  for (const [address, category] of chosen) {
    const made = await seller.post(`/v1/people/${person}/contacts`, { kind: 'EMAIL', value: address })
    if (made.status >= 500) wrong.push(`${JSON.stringify(address)}: ${made.status}`)
    else if (category === 'ISEMAIL_ERR' && made.status < 300) wrong.push(`${JSON.stringify(address)} (${category}) was taken as ${made.json.value}`)
    else if (made.status === 400 && !['value', 'email'].includes(made.json.field) && !address.includes('\0')) wrong.push(`${JSON.stringify(address)}: field ${made.json.field}`)
    else if (/VALID_CATEGORY|DNSWARN/.test(category) && made.status === 400 && /^[a-z0-9.]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(address)) wrong.push(`${address} (${category}) refused`)
  }
  assert.deepEqual(wrong, [])
})

// the whole list is longer than what a session may ask at once
async function patiently(ask) {
  for (;;) {
    const reply = await ask()
    if (reply.status !== 429) return reply
    await new Promise((wake) => setTimeout(wake, 1000 * Number(reply.headers['retry-after'])))
  }
}

test('VIN: real ones are taken, one letter wrong is not another car', { skip: skip || noData('vin/decode.csv'), timeout: 60000 }, async (t) => {
  const all = csvRows(data('vin/decode.csv'))
  const chosen = sample(all, 60)
  t.diagnostic(`sampled ${chosen.length} of ${all.length}, seed ${SEED}`)
  const wrong = []
  const taken = new Set((await rows(`select vin from core.vehicle where vin in (${chosen.map((r) => quote(r.vin))})`)).map((r) => r.vin))
  for (const r of chosen) {
    if (taken.has(r.vin)) continue
    const made = await patiently(() => manager.post(`/v1/people/${person}/vehicles`, { vin: ` ${r.vin.toLowerCase().replace(/(.{5})/, '$1-')} `, model_year: Number(r.model_year) || undefined }))
    if (made.status >= 300) wrong.push(`${r.vin}: ${made.status} ${made.text}`)
  }
  for (const vin of ['1234567890123456', '12345678901234567890', 'IOQ12345678901234', '1M8GDM9A*KP042788', ' '.repeat(17)]) {
    const made = await seller.post(`/v1/people/${person}/vehicles`, { vin })
    if (made.status !== 400) wrong.push(`${vin}: ${made.status} ${made.text}`)
  }
  assert.deepEqual(wrong, [])
})
