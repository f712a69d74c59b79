// SPDX-License-Identifier: Apache-2.0
// Story: a dealer's own system, through clientele-dealer and past it: enrolment, rows and verdicts, exactly once, R154, R155.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import https from 'node:https'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Caller, registration, signIn, until } from '../lib/http.mjs'
import { CA, CA_PATH, DEALER_PORT, HOST, URL_BASE, closeDatabase, makeDealer, noNetwork, phone, row, rows, sql, unique } from '../lib/network.mjs'
import { csvRows } from '../lib/data.mjs'
import { EXCHANGE_BASE, anAdmin, client, closeAdmin, makeSystem } from '../lib/dealer.mjs'

let a, b, systemA, systemB, sellerB, managerA
const skip = noNetwork
before(async () => {
  if (skip) return
  const seats = ['manager', 'seller', 'system']
  a = await makeDealer({ seats }); b = await makeDealer({ seats })
  ;[systemA, systemB] = [await makeSystem(a), await makeSystem(b)]
  ;[sellerB, managerA] = [await signIn(b.staff.seller), await signIn(a.staff.manager)]
})
after(() => { sellerB?.close(); managerA?.close(); closeAdmin(); closeDatabase() })

/** A dealer's folder and a copy of it, taken before or after its first push. */
async function twins({ isWithSpool }) {
  const dealer = await makeDealer({ seats: ['system'] }), { folder: one } = await makeSystem(dealer), other = `${one}-copy`
  if (isWithSpool) assert.equal((await client(one, ['push', jsonl(one, 'first', [{ kind: 'client', data: { surname: 'Первый' } }])])).status, 0)
  cpSync(one, other, { recursive: true })
  return { dealer, one, other }
}
const jsonl = (folder, name, list) => { const path = join(folder, `${name}.jsonl`); writeFileSync(path, list.map((one) => JSON.stringify(one)).join('\n') + '\n'); return path }
const map = (name) => { const path = join(systemA.folder, name); return path }
const verdicts = (done) => done.rows.map((r) => r.verdict)

test('an enrolment code works once, for a while, and only whole', { skip }, async () => {
  const again = await client(`${systemA.folder}/second`, ['enrol', '--server', URL_BASE, '--exchange', EXCHANGE_BASE, '--code', systemA.code, '--ca', CA_PATH])
  assert.equal(again.status, 5, again.stderr)
  const wrong = await client(`${systemA.folder}/third`, ['enrol', '--server', URL_BASE, '--exchange', EXCHANGE_BASE, '--code', systemA.code.slice(0, -2) + 'xx', '--ca', CA_PATH])
  assert.equal(wrong.status, 5, wrong.stderr)
  const fresh = await (await anAdmin()).post(`/v1/dealers/${a.id}/enrol-code`)
  assert.ok(Buffer.from(fresh.json.code.replace(/-/g, ''), 'base64url').length >= 16 || fresh.json.code.replace(/\W/g, '').length >= 22, 'at least 128 bits')
  assert.ok(new Date(fresh.json.expires_at) - Date.now() <= 16 * 60e3)
  await sql(`update session.enrol_code set expires_at = core.now() - interval '1 s' where used_at is null`)
  const late = await client(`${systemA.folder}/fourth`, ['enrol', '--server', URL_BASE, '--exchange', EXCHANGE_BASE, '--code', fresh.json.code, '--ca', CA_PATH])
  assert.equal(late.status, 5, late.stderr)
  const identity = readFileSync(join(systemA.folder, 'identity.pem'), 'utf8')
  assert.match(identity, /PRIVATE KEY[\s\S]*BEGIN CERTIFICATE/)
  assert.equal(statSync(join(systemA.folder, 'identity.pem')).mode & 0o777, 0o600)
})

test('only a administrator makes enrolment codes', { skip }, async () => {
  assert.equal((await managerA.post(`/v1/dealers/${a.id}/enrol-code`)).status, 403)
})

test('R162: what the command line refuses for the server it says by its rule and with the next step, in the language asked for', { skip }, async () => {
  for (const [lang, letters] of [['ru', /[а-я]{3}.*\(RFC 9110 15\.5\.\d+\)\. [А-Я]/], ['en', /\(RFC 9110 15\.5\.\d+\)\. [A-Z][ -~]+\.$/]]) {
    const wrong = await client(`${systemA.folder}/${lang}`, ['enrol', '--server', URL_BASE, '--exchange', EXCHANGE_BASE, '--code', systemA.code, '--ca', CA_PATH], { env: { CLIENTELE_LANG: lang } })
    assert.equal(wrong.status, 5, wrong.stderr)
    assert.match(wrong.stderr.trim(), letters)
  }
})

test('every row has one verdict: registered, drafted, refused, stored', { skip }, async () => {
  const taken = phone(), own = phone()
  assert.equal((await sellerB.post('/v1/registrations', registration({ surname: 'Занятова', phone: taken }))).json.state, 'ACTIVE')
  const done = await systemA.push('external_id;surname;given_name;phone;brand;line;consent_evidence;consent_channels\n' +
    `1;Своя;Анна;${own};1;NEW;анкета 1;EMAIL,CALL\n` + `2;Занятова;Вера;${taken};1;NEW;анкета 2;EMAIL\n` + `3;Бессогласная;Ия;${phone()};1;NEW;;\n` +
    `4;Плохотелефонная;Эмма;12;1;NEW;анкета 4;EMAIL\n` + `5;"Сломанная\n`)
  assert.equal(done.status, 2, done.stderr)
  assert.deepEqual(verdicts(done), ['created', 'PROTECTED', 'draft', 'error', 'error'], done.stdout)
  assert.ok(done.rows[0].receipt)
  assert.notEqual(done.rows[1].receipt, done.rows[0].receipt)
  assert.equal(done.rows[3].field, 'phone')
  assert.match(done.stdout, /5 rows answered: .*created 1.*; 0 wait/)
  assert.deepEqual(done.rows.map((r) => r.rule), ['R32', 'R33', 'R30', 'RFC 9110 15.5.1', 'RFC 9110 15.5.1'], 'R162: a row names its rule')
  assert.deepEqual(done.rows.map((r) => /^[А-Я].*\.$/.test(r.next)), [false, true, true, true, true], 'and what to do next')
  assert.equal(done.rows[0].next, '')
  assert.ok(!readFileSync(join(systemA.folder, 'verdicts.jsonl'), 'utf8').includes('Вер'))
  const list = await managerA.get(`/v1/people/search?q=${encodeURIComponent(own)}`)
  assert.equal(list.json.items.length, 1)
})

test('R154: a row with a document makes a customer; a document of another\'s customer is stored with a serve grant', { skip }, async () => {
  const mine = phone(), theirs = phone(), today = new Date(Date.now() - 864e5).toISOString().slice(0, 10)
  await sellerB.post('/v1/registrations', registration({ surname: 'Чужова', phone: theirs }))
  const done = await systemA.push(JSON.stringify({ kind: 'client', data: { external_id: 'd1', surname: 'Купилова', given_name: 'Ада', phone: mine, brand: '1', line: 'NEW',
    document: { number: `S-${unique()}`, kind: 'sale', on: today, amount_kopecks: 250000000 } } }) + '\n' +
    JSON.stringify({ kind: 'client', data: { external_id: 'd2', surname: 'Чужова', given_name: 'Пётр', phone: theirs, brand: '1', line: 'NEW',
      document: { number: `S-${unique()}`, kind: 'sale', on: today, amount_kopecks: 100 } } }) + '\n')
  assert.equal(done.status, 0, done.stderr + done.stdout)
  assert.deepEqual(verdicts(done), ['created', 'PROTECTED'])
  const right = await row(`select o.state, o.dealer_id from core.ownership o join core.match_key k using (party_id) where k.kind = 'PHONE' and k.value = '${mine}' and o.line = 'NEW'`)
  assert.deepEqual(right, { state: 'CUSTOMER', dealer_id: a.dealer_id })
  const kept = await row(`select count(*)::int as n from core.sale s join core.match_key k using (party_id) where k.kind = 'PHONE' and k.value = '${theirs}' and s.dealer_id = ${a.dealer_id}`)
  assert.equal(kept.n, 1, 'the sale document is kept (R5)')
})

test('vehicles, sales and work orders follow their client; an unknown client is an error of that row', { skip }, async () => {
  const id = unique(), vin = `X9FMXXEEB${id.toUpperCase().replace(/[^A-HJ-NPR-Z0-9]/g, '0').slice(0, 8)}`
  const first = await systemA.push(`external_id,surname,phone,brand,line,consent_evidence\n${id},Автов,${phone()},1,SERVICE,form\n`)
  assert.deepEqual(verdicts(first), ['created'], first.stdout + first.stderr)
  const car = await systemA.push(`external_id,vin,plate,brand,model,model_year\n${id},${vin},А777АА77,1,Jolion,2022\nnobody,${vin},,1,,\n`, ['--kind', 'vehicle'])
  assert.deepEqual(verdicts(car), ['stored', 'error'], JSON.stringify(car.rows))
  assert.equal(car.rows[1].field, 'external_id')
  const order = await systemA.push(`external_id,number,on,amount,vin,mileage_km,what\n${id},W-${id},01.06.2026,"12 345,67",${vin},45000,ТО-3\n${id},W2-${id},2026-13-45,1,,,\n`, ['--kind', 'repair_order'])
  assert.deepEqual(verdicts(order), ['stored', 'error'], JSON.stringify(order.rows))
  const sale = await systemA.push(`external_id,number,on,amount,brand,line\n${id},S-${id},2026-05-31,"2 500 000",1,NEW\n`, ['--kind', 'sale'])
  assert.deepEqual(verdicts(sale), ['stored'], JSON.stringify(sale.rows))
  const sums = await row(`select amount_kopecks as k, mileage_km from core.repair_order where number = 'W-${id}'`)
  assert.deepEqual(sums, { k: 1234567, mileage_km: 45000 })
})

test('pushing a file again adds nothing; the same number with other content is refused', { skip }, async () => {
  const text = `external_id,surname,phone,brand,line,consent_evidence\nr1,Повторов,${phone()},1,NEW,form\n`
  const first = await systemA.push(text)
  const before = await row(`select count(*)::int as n from core.exchange_row where dealer_id = ${a.dealer_id}`)
  const again = await systemA.run(['push', first.path])
  assert.match(again.stdout, /0 rows spooled \(the file is known/)
  const after_ = await row(`select count(*)::int as n from core.exchange_row where dealer_id = ${a.dealer_id}`)
  assert.equal(after_.n, before.n)
  const anew = await systemA.run(['push', first.path, '--again'])
  assert.match(anew.stdout, /1 rows answered: (YOURS|updated) 1/, anew.stdout)
})

/** Talk to the exchange listener by hand. */
function raw(system, method, path, json, headers = {}, options = {}) {
  const identity = readFileSync(join(system.folder, 'identity.pem'))
  const body = json === undefined ? undefined : JSON.stringify(json)
  return new Promise((resolve, reject) => {
    const request = https.request({ host: HOST, port: DEALER_PORT, method, path, ca: CA, cert: identity, key: identity, agent: false, ...options,
      headers: { ...(body ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } : {}), ...headers } }, (reply) => {
      let text = ''
      reply.on('data', (c) => { text += c })
      reply.on('end', () => { let value; try { value = JSON.parse(text) } catch { /* not JSON */ } resolve({ status: reply.statusCode, text, json: value, headers: reply.headers }) })
    })
    request.on('error', reject)
    request.end(body)
  })
}
const token = async (system) => (await raw(system, 'POST', '/v1/token', {})).json.access_token

test('the exchange needs certificate and token of the same dealer', { skip }, async () => {
  const tokenA = await token(systemA), tokenB = await token(systemB)
  assert.equal((await raw(systemA, 'GET', '/v1/exchange/status', undefined, { Authorization: `Bearer ${tokenA}` })).status, 200)
  assert.equal((await raw(systemA, 'GET', '/v1/exchange/status')).status, 401)
  assert.ok([401, 403].includes((await raw(systemB, 'GET', '/v1/exchange/status', undefined, { Authorization: `Bearer ${tokenA}` })).status), 'a token stolen by another dealer')
  assert.equal((await raw(systemB, 'GET', '/v1/exchange/status', undefined, { Authorization: `Bearer ${tokenB}` })).status, 200)
  await assert.rejects(raw(systemA, 'POST', '/v1/token', {}, {}, { cert: undefined, key: undefined }), 'no certificate, no handshake')
    .catch(async () => assert.ok([401, 403].includes((await raw(systemA, 'POST', '/v1/token', {}, {}, { cert: undefined, key: undefined })).status)))
  const browser = new Caller()
  assert.ok([401, 403, 404].includes((await browser.get('/v1/exchange/status', { headers: { Authorization: `Bearer ${tokenA}` } })).status), 'not on the browsers\' listener')
  browser.close()
  const payload = JSON.parse(Buffer.from(tokenA.split('.')[1], 'base64url'))
  assert.ok(payload.exp - Math.floor(Date.now() / 1000) <= 600, 'at most ten minutes')
})

test('a browser\'s cookie opens nothing on the dealers\' listener, a people route does not exist there', { skip }, async () => {
  const t = await token(systemA)
  for (const path of ['/v1/people', '/v1/session', '/v1/staff', '/v1/ledger'])
    assert.ok([401, 403, 404].includes((await raw(systemA, 'GET', path, undefined, { Authorization: `Bearer ${t}`, Cookie: `__Host-s=${managerA.cookie}` })).status), path)
})

test('a revoked certificate is refused at once', { skip }, async () => {
  const dealer = await makeDealer({ seats: ['manager', 'system'] }), system = await makeSystem(dealer)
  const t = await token(system)
  await sql(`update session.certificate set revoked_at = core.now() where dealer_id = ${dealer.dealer_id}`)
  assert.ok([401, 403].includes((await raw(system, 'POST', '/v1/token', {})).status))
  const old = await raw(system, 'GET', '/v1/exchange/status', undefined, { Authorization: `Bearer ${t}` })
  assert.ok([401, 403].includes(old.status), `the old token still opens: ${old.status}`)
})

test('R155: what comes back holds no data of another dealer', { skip }, async () => {
  const number = phone(), canary = `Канарейкин${unique()}`
  await sellerB.post('/v1/registrations', registration({ surname: canary, phone: number, email: `${unique()}@canary.example`, city: 'Тайный' }))
  const t = await token(systemA)
  const reply = await raw(systemA, 'POST', '/v1/exchange/rows', { source: 'canary', rows: [{ seq: 1, kind: 'client', data: { external_id: 'x', surname: canary,
    phone: number, brand: '1', line: 'NEW', consent_evidence: 'form' } }] }, { Authorization: `Bearer ${t}`, 'Idempotency-Key': unique() })
  assert.equal(reply.status, 200, reply.text)
  assert.equal(reply.json.items[0].verdict, 'PROTECTED')
  for (const secret of [canary, number.slice(2), 'canary.example', 'Тайный', b.id, b.name]) assert.ok(!reply.text.includes(secret), secret)
  for (const path of ['tasks', 'calls', 'status'])
    assert.ok(!(await raw(systemA, 'GET', `/v1/exchange/${path}`, undefined, { Authorization: `Bearer ${t}` })).text.includes(b.name), path)
})

test('a batch over 200 rows, or with a row that is none, is refused whole', { skip }, async () => {
  const t = await token(systemA), head = () => ({ Authorization: `Bearer ${t}`, 'Idempotency-Key': unique() })
  const push = (rows_) => raw(systemA, 'POST', '/v1/exchange/rows', { source: `s${unique()}`, rows: rows_ }, head())
  assert.equal((await push(Array.from({ length: 201 }, (_, i) => ({ seq: i + 1, kind: 'client', data: {} })))).status, 400)
  for (const bad of [[1], [{ seq: 'x', kind: 'client', data: {} }], [{ seq: -1, kind: 'client', data: {} }], [{ seq: 1, kind: 'client', data: [] }], [{ seq: 1 }], {}, 'x'])
    assert.equal((await push(bad)).status, 400, JSON.stringify(bad))
  const shoe = await push([{ seq: 1, kind: 'shoe', data: {} }])
  assert.equal(shoe.json?.items?.[0].verdict ?? 'refused', shoe.status === 200 ? 'error' : 'refused')
})

test('the daily quota is used to its last row; the rest waits in the spool and goes the next day', { skip, timeout: 60000 }, async () => {
  const dealer = await makeDealer({ seats: ['manager', 'system'] }), system = await makeSystem(dealer)
  await sql(`insert into core.exchange_row (dealer_id, source, seq, kind, sha256, verdict, receipt) select ${dealer.dealer_id}, 'filler', i, 'client', 'x', 'draft', 'E-x' from generate_series(1, core.policy_int('R36.push_day') - 20) i`)
  const stored = async () => (await row(`select count(*)::int as n from core.exchange_row where dealer_id = ${dealer.dealer_id} and source <> 'filler'`)).n
  const list = 'external_id,surname,phone,brand,line\n' + Array.from({ length: 30 }, (_, i) => `${i},Квотин${i},${phone()},1,NEW`).join('\n') + '\n'
  const full = await system.push(list)
  assert.equal(full.status, 3, full.stdout + full.stderr)
  assert.match(full.stderr, /R36/)
  assert.match(full.stdout, /20 rows answered.*; 10 wait/)
  assert.deepEqual([await stored(), verdicts(full).filter((v) => v === 'waiting').length], [20, 10])
  await sql(`update core.exchange_row set at = at - interval '1 day' where dealer_id = ${dealer.dealer_id}`)
  const rest = await system.run(['push'])
  assert.equal(rest.status, 0, rest.stderr)
  assert.equal(await stored(), 30)
})

test('own tasks and calls are pulled to files', { skip }, async () => {
  const due = new Date(Date.now() + 864e5).toISOString()
  for (let i = 0; i < 3; i++) assert.ok((await managerA.post('/v1/tasks', { title: `Задача ${i}`, kind: 'call', due_at: due })).status < 300)
  const done = await systemA.run(['pull', '--out', map('out')])
  assert.equal(done.status, 0, done.stderr)
  const tasks = readFileSync(join(map('out'), 'tasks.jsonl'), 'utf8').trim().split('\n').map(JSON.parse)
  assert.ok(tasks.filter((t) => /^Задача/.test(t.title)).length >= 3)
  const status = await systemA.run(['status'])
  assert.equal(status.status, 0, status.stderr)
  assert.match(status.stdout, /0 wait/)
  assert.match(status.stdout, /"quota_left":\d+/)
})

test('every push is in the ledger with counts, without contacts', { skip }, async () => {
  const found = await rows(`select kind, subject, detail::text as detail from core.ledger where dealer_id = ${a.dealer_id} and kind = 'exchange.push'`)
  assert.ok(found.length > 3)
  assert.ok(found.every((f) => /"rows"/.test(f.detail) && !/@|\+7/.test(f.detail)))
})

test('R153: two clients with one certificate at once, each with a spool of its own: every row once, each with its own verdict', { skip, timeout: 120000 }, async () => {
  const { dealer, one, other } = await twins({ isWithSpool: false })
  const rowsOf = (word) => Array.from({ length: 300 }, (_, i) => ({ kind: 'client', data: { external_id: `${word}${i}`, surname: `Близнецов${word}${i}`, note: i } }))
  const [left, right] = [jsonl(one, 'a', rowsOf('a')), jsonl(other, 'b', rowsOf('b'))]
  const done = await Promise.all([client(one, ['push', left]), client(other, ['push', right])])
  assert.deepEqual(done.map((d) => d.status), [0, 0], done.map((d) => d.stderr).join())
  const kept = await rows(`select source, count(*)::int as n, count(distinct seq)::int as d from core.exchange_row where dealer_id = ${dealer.dealer_id} group by 1`)
  assert.deepEqual(kept.map((k) => [k.n, k.d]), [[300, 300], [300, 300]])
  assert.equal((await row(`select count(distinct data ->> 'external_id')::int as n from core.draft where dealer_id = ${dealer.dealer_id}`)).n, 600)
})

test('R153: a copied data folder: the same rows are one, other rows under the same numbers are refused and told, and come in under a new source', { skip, timeout: 120000 }, async () => {
  const { dealer, one, other } = await twins({ isWithSpool: true })
  const people = (word, n) => Array.from({ length: n }, (_, i) => ({ kind: 'client', data: { external_id: `${word}${i}`, surname: `Копиев${word}${i}` } }))
  const inDrafts = async (word) => (await row(`select count(*)::int as n from core.draft where dealer_id = ${dealer.dealer_id} and data ->> 'external_id' ~ '^${word}[0-9]+$'`)).n
  const mine = jsonl(one, 'c', people('c', 5)), his = jsonl(other, 'd', people('d', 8))
  assert.equal((await client(one, ['push', mine])).status, 0)
  const met = await client(other, ['push', his, '--result', `${his}.result`])
  assert.equal(met.status, 2, met.stderr)
  assert.match(met.stderr, /5 rows were not taken.*copy of this data folder.*R153.*--again/s)
  const told = csvRows(readFileSync(`${his}.result`, 'utf8'))
  assert.deepEqual(told.map((r) => `${r.verdict} ${r.code} ${r.rule}`.trim()), [...Array(5).fill('error ZC155 R153'), ...Array(3).fill('draft  R30')])
  assert.ok(told.slice(0, 5).every((r) => r.next && r.receipt === ''), 'no receipt of the other machine\'s row')
  assert.deepEqual([await inDrafts('c'), await inDrafts('d')], [5, 3])
  const again = await client(other, ['push', his, '--again'])
  assert.equal(again.status, 0, again.stderr)
  assert.deepEqual([await inDrafts('c'), await inDrafts('d')], [5, 8], 'each row once')
  // the first one meets the three that the copy had got in before it left the source, and leaves it too
  const last = jsonl(one, 'h', people('h', 4)), late = await client(one, ['push', last])
  assert.equal(late.status, 2)
  assert.match(late.stderr, /3 rows were not taken/)
  assert.equal((await client(one, ['push', last, '--again'])).status, 0)
  assert.equal(await inDrafts('h'), 4)
  // both go on, and meet no more
  const more = await Promise.all([client(one, ['push', jsonl(one, 'e', people('e', 4))]), client(other, ['push', jsonl(other, 'f', people('f', 4))])])
  assert.deepEqual(more.map((d) => d.status), [0, 0], more.map((d) => d.stderr).join())
  assert.deepEqual([await inDrafts('e'), await inDrafts('f')], [4, 4])
})

test('two processes on one data folder: the second says so and changes nothing', { skip, timeout: 60000 }, async () => {
  const { one } = await twins({ isWithSpool: true })
  const holder = spawn('flock', [join(one, 'lock'), 'sleep', '30'])
  try {
    await until('the folder is locked', async () => spawnSync('flock', ['-n', join(one, 'lock'), 'true']).status !== 0)
    const second = await client(one, ['push', jsonl(one, 'g', [{ kind: 'client', data: { surname: 'Замков' } }])])
    assert.equal(second.status, 1)
    assert.match(second.stderr, /in use by another clientele-dealer/)
  } finally { holder.kill() }
})
