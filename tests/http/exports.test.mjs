// SPDX-License-Identifier: Apache-2.0
// Files of rows (R137, threat 35): a number in the name and in every row, a quota of the day, four eyes above a limit, a notice to the
// auditors, and one list in which a found file is looked up.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { signIn, signInDirectly } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, sql, unique } from '../lib/network.mjs'
import { crowd, registerMany } from '../lib/people.mjs'
import { operations } from '../lib/openapi.mjs'

const skip = noNetwork
const ROWS = 12
let a, b, manager, other, auditor, dpo, admin, word
const set = (name, value) => sql(`insert into core.policy (name, valid_from, value_int, unit, min_int, max_int)
  select name, core.now() - interval '1 second', ${value}, unit, min_int, max_int from core.policy where name = '${name}' order by valid_from desc limit 1`)
const back = async () => sql("delete from core.policy where name like 'export.%' and valid_from > '2000-01-01'")
before(async () => {
  if (skip) return
  a = await makeDealer(); b = await makeDealer(); word = unique()
  await registerMany(a, a.staff.seller, crowd(ROWS), { city: `Г${word}` })
  manager = await signIn(a.staff.manager); other = await signIn(b.staff.manager)
  auditor = await signIn(await makeStaff(0, 'auditor')); dpo = await signIn(await makeStaff(0, 'dpo')); admin = await signIn(await makeStaff(0, 'admin'))
})
after(async () => { if (!skip) await back(); for (const c of [manager, other, auditor, dpo, admin]) c?.close(); closeDatabase() })

const numberOf = (reply) => /-([0-9A-F]{10})\.csv"/.exec(reply.headers['content-disposition'])[1]
const lines = (reply) => reply.text.replace(/^\uFEFF/, '').trim().split('\r\n')

test('every row of a file names its number, its time and who took it, and the file\'s name the number', { skip }, async () => {
  const reply = await manager.get('/v1/people/export')
  assert.equal(reply.status, 200, reply.text)
  const number = numberOf(reply), all = lines(reply)
  assert.equal(all.length, ROWS + 1)
  assert.match(all[0], /;export$/)
  for (const line of all.slice(1)) assert.match(line, new RegExp(`;${number} \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ ${a.staff.manager.name}$`))
})

test('a found file is looked up by its number: by the auditor, the officer and its dealer\'s manager, by nobody else', { skip }, async () => {
  const reply = await manager.get('/v1/people/export'), number = numberOf(reply)
  for (const caller of [auditor, dpo, admin, manager]) {
    const { json } = await caller.get(`/v1/exports?number=${number}`)
    assert.deepEqual([json.items.length, json.items[0]?.route, json.items[0]?.row_count, json.items[0]?.staff_name], [1, 'people_export', ROWS, a.staff.manager.name])
  }
  assert.deepEqual((await other.get(`/v1/exports?number=${number}`)).json.items, [])
  const { json } = await auditor.get('/v1/ledger?kind=export.done')
  assert.ok(json.items.some((i) => i.subject === number), 'it is in the ledger')
})

test('two files never bear one number, and a number counts nothing', { skip }, async () => {
  const numbers = []
  for (let i = 0; i < 5; i++) numbers.push(numberOf(await manager.get(`/v1/people/export?city=${encodeURIComponent(`Г${word}`)}`)))
  assert.equal(new Set(numbers).size, 5)
})

test('above the limit a second person decides: asked once, granted by another, fetched once, within a day', { skip }, async () => {
  await set('export.four_eyes', ROWS - 1)
  try {
    const query = `city=${encodeURIComponent(`Г${word}`)}`
    const refused = await manager.get(`/v1/people/export?${query}`)
    assert.equal(refused.status, 403, refused.text)
    assert.match(refused.json.type, /export-approval$/)
    assert.deepEqual([refused.json.info.rows, refused.json.info.limit, refused.json.info.route], [ROWS, ROWS - 1, 'people_export'])
    assert.ok(refused.json.next && refused.json.rule === 'R137')
    assert.equal((await manager.post('/v1/exports', { route: 'people_export', rows: ROWS, reason: ' ', query })).status, 400, 'a reason is needed')
    const asked = await manager.post('/v1/exports', { route: 'people_export', rows: ROWS, reason: 'сверка базы', query })
    assert.equal(asked.json.state, 'WAITING', asked.text)
    assert.equal((await manager.post('/v1/exports', { route: 'people_export', rows: ROWS, reason: 'ещё раз', query })).status, 409)
    assert.equal((await manager.get(`/v1/people/export?${query}`)).status, 403, 'asking is not having')
    const approval = (await dpo.get('/v1/approvals?state=ASKED')).json.items.find((i) => i.subject === asked.json.id)
    assert.ok(approval?.can_decide, 'the officer may decide')
    assert.deepEqual([approval.detail.route, approval.detail.rows], ['people_export', ROWS])
    assert.ok([403, 404].includes((await manager.post(`/v1/approvals/${approval.id}/approve`)).status), 'the asker never grants his own')
    assert.equal((await dpo.post(`/v1/approvals/${approval.id}/approve`)).status, 200)
    assert.equal((await manager.get('/v1/people/export')).status, 403, 'another list is another file')
    assert.equal((await other.get(`/v1/people/export?${query}`)).status, 200, 'and somebody else\'s list is his own, empty here')
    const file = await manager.get(`/v1/people/export?${query}`)
    assert.equal(file.status, 200, file.text)
    assert.equal(numberOf(file), asked.json.number, 'the file bears the number that was approved')
    assert.equal((await manager.get(`/v1/people/export?${query}`)).status, 403, 'once')
    // refused, and out of date
    const second = await manager.post('/v1/exports', { route: 'people_export', rows: ROWS, reason: 'снова', query })
    const no = (await admin.get('/v1/approvals?state=ASKED')).json.items.find((i) => i.subject === second.json.id)
    assert.equal((await admin.post(`/v1/approvals/${no.id}/refuse`, { reason: 'не нужно' })).status, 200)
    assert.equal((await manager.get(`/v1/exports?number=${second.json.number}`)).json.items[0].state, 'REFUSED')
    const third = await manager.post('/v1/exports', { route: 'people_export', rows: ROWS, reason: 'в третий раз', query })
    const yes = (await admin.get('/v1/approvals?state=ASKED')).json.items.find((i) => i.subject === third.json.id)
    await admin.post(`/v1/approvals/${yes.id}/approve`)
    await sql(`update core.export set valid_until = core.now() - interval '1 minute' where public_id = '${third.json.id}'`)
    assert.equal((await manager.get(`/v1/people/export?${query}`)).status, 403, 'a day later it is void')
    assert.equal((await manager.get(`/v1/exports?number=${third.json.number}`)).json.items[0].state, 'EXPIRED')
  } finally { await back() }
})

test('a day\'s rows are counted: what is over the quota is refused before its first row', { skip }, async () => {
  const own = await makeDealer(), caller = await signInDirectly(own.staff.manager)
  await registerMany(own, own.staff.seller, crowd(4))
  await set('export.day_rows', 10)
  try {
    assert.equal((await caller.get('/v1/people/export')).status, 200)
    assert.equal((await caller.get('/v1/people/export')).status, 200)
    const third = await caller.get('/v1/people/export')
    assert.equal(third.status, 429, third.text)
    assert.match(third.json.type, /export-quota$/)
    assert.deepEqual(third.json.info, { rows: 4, rows_today: 8, limit: 10 })
    assert.ok(!/attachment/.test(third.headers['content-disposition'] ?? ''))
  } finally { await back(); caller.close() }
})

test('two fetched at once are counted one after the other: the quota holds', { skip }, async () => {
  const own = await makeDealer(), caller = await signInDirectly(own.staff.manager)
  await registerMany(own, own.staff.seller, crowd(4))
  await set('export.day_rows', 10)
  try {
    const replies = await Promise.all(Array.from({ length: 8 }, () => caller.get('/v1/people/export')))
    assert.deepEqual(replies.map((r) => r.status).sort(), [200, 200, 429, 429, 429, 429, 429, 429])
  } finally { await back(); caller.close() }
})

test('many rows in a day are told to the auditors, once (N14)', { skip }, async () => {
  const own = await makeDealer(), caller = await signInDirectly(own.staff.manager)
  await registerMany(own, own.staff.seller, crowd(4))
  await set('export.notice', 6)
  try {
    const told = async () => (await auditor.get('/v1/notices')).json.items.filter((n) => n.kind === 'N14' && n.subject === own.staff.manager.id).length
    await caller.get('/v1/people/export')
    assert.equal(await told(), 0)
    await caller.get('/v1/people/export'); await caller.get('/v1/people/export')
    assert.equal(await told(), 1)
  } finally { await back(); caller.close() }
})

test('figures and the ledger are files too: numbered and listed, without a quota of people', { skip }, async () => {
  await set('export.four_eyes', 1)
  try {
    for (const path of ['/v1/ledger/export', '/v1/branches/export?from=2026-01-01&to=2026-02-01']) {
      const reply = await auditor.get(path)
      assert.equal(reply.status, 200, `${path} ${reply.text.slice(0, 200)}`)
      assert.match(lines(reply)[1], new RegExp(`[,;]${numberOf(reply)} `))
    }
  } finally { await back() }
})

test('no address streams rows past the count: every export of the table is opened first', { skip }, async () => {
  const { json } = await manager.get('/v1/openapi.json')
  const exports_ = operations(json).filter((o) => o.flags.includes('EXPORT'))
  assert.ok(exports_.length >= 4)
  const source = readdirSync(new URL('../../server/api/', import.meta.url)).map((f) => f.endsWith('.c') ? readFileSync(new URL(`../../server/api/${f}`, import.meta.url), 'utf8') : '').join('')
  assert.match(source, /if \(route->flags & FLAG_EXPORT\) \{\s+if \(function->argument_count < DB_PARAMS_MAX\)\s+route->opening = make_opening/)
})

test('a role that may not export is refused, and the attempt is in the ledger (R138)', { skip }, async () => {
  const seller = await signIn(a.staff.seller)
  const reply = await seller.get('/v1/people/export')
  assert.equal(reply.status, 403)
  const { json } = await auditor.get('/v1/ledger?kind=refused.people_export')
  assert.ok(json.items.length > 0, 'the attempt is told')
  seller.close()
})
