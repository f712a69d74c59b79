// SPDX-License-Identifier: Apache-2.0
// Story: a client shows his passport. By it he is known again, whoever enters it and however; the number itself is in no dump, no log, no
// file and no answer (R20). Companies by INN and KPP (R64).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { jobDone, registration, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, NET, noNetwork, phone, row, sql, unique } from '../lib/network.mjs'
import { ROOT } from '../lib/tree.mjs'

let a, b, sellerA, sellerB, managerA
const skip = noNetwork
before(async () => {
  if (skip) return
  ;[a, b] = [await makeDealer(), await makeDealer()]
  ;[sellerA, sellerB, managerA] = await Promise.all([signIn(a.staff.seller), signIn(b.staff.seller), signIn(a.staff.manager)])
})
after(() => { for (const c of [sellerA, sellerB, managerA]) c?.close(); closeDatabase() })

const digits = (n) => Array.from({ length: n }, () => Math.floor(Math.random() * 10)).join('')
function dump() {
  const done = spawnSync('bash', ['-c', '. "$1/deploy/lib/cluster.sh"; as_user "$DATABASE_USER" "$PG_BIN/pg_dump" -h "$(cluster_socket "$2")" clientele', 'dump', ROOT, NET],
    { cwd: '/', maxBuffer: 1 << 30, encoding: 'utf8' })
  assert.equal(done.status, 0, done.stderr)
  assert.ok(done.stdout.includes('CREATE TABLE core.match_key'))
  return done.stdout
}
const read = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((f) => f.isFile() ? [readFileSync(join(folder, f.name), 'latin1')] : read(join(folder, f.name)))

test('R20: a document is matched by from every door, and its number is kept nowhere', { skip, timeout: 120000 }, async () => {
  const numbers = [digits(6), digits(6), digits(6)], word = unique(), answers = []
  const [typed, listed, drafted] = numbers.map((n) => `45 10 ${n}`)
  const first = await sellerA.post('/v1/registrations', registration({ surname: `Паспортов${word}`, phone: phone(), passport: typed, licence: `99 11 ${numbers[0]}` }))
  assert.equal(first.json.verdict, 'FREE', first.text)
  const again = await sellerB.post('/v1/registrations', registration({ surname: `Паспортов${word}`, phone: phone(), passport: `паспорт 4510№${numbers[0]}` }))
  assert.deepEqual([again.json.verdict, again.json.state], ['FREE', 'PENDING'], 'the bearer of the document under another number waits for the steward (R22, R32)')
  const wrong = await sellerB.post('/v1/registrations', registration({ surname: `Кривов${word}`, phone: phone(), passport: 'позже' }))
  assert.equal(wrong.status, 400)
  assert.equal(wrong.json.field, 'passport', wrong.text)
  const draft = await sellerA.post('/v1/registrations', { kind: 'PERSON', surname: `Черновой${word}`, phone: phone(), passport: drafted })
  assert.equal(draft.json.state, 'DRAFT', draft.text)

  const text = `Фамилия;Телефон;Согласие;Серия и номер паспорта\r\nСписков${word};${phone()};анкета;${listed}\r\nПаспортов${word};${phone()};анкета;${typed}\r\n`
  const made = await managerA.send('POST', '/v1/imports?name=list.csv&kind=client&brand_id=1&line=NEW', { body: text, headers: { 'Content-Type': 'text/csv' } })
  assert.equal(made.status, 202, made.text)
  const id = made.json.id
  const found = await until('the file is read', async () => { const { json } = await managerA.get(`/v1/imports/${id}`); return json.state !== 'UPLOADED' && json }, 20000)
  assert.deepEqual(found.sample.map((cells) => cells[3]), ['•••', '•••'], 'of a document only that there is one')
  await managerA.put(`/v1/imports/${id}/mapping`, { mapping: { surname: 0, phone: 1, consent_evidence: 2, passport: 3 } })
  for (const verb of ['check', 'run']) {
    const reply = await managerA.post(`/v1/imports/${id}/${verb}`)
    assert.equal(reply.status, 202, reply.text)
    await jobDone(managerA, reply.json.job_id)
  }
  const lines = await managerA.get(`/v1/imports/${id}/rows`)
  assert.deepEqual(lines.json.items.map((line) => line.verdict), ['created', 'created'], lines.text)
  for (const path of [`/v1/imports/${id}`, `/v1/imports/${id}/rows`, `/v1/imports/${id}/export`, '/v1/drafts', `/v1/people/${first.json.person_id}`])
    answers.push((await managerA.get(path)).text)

  await sql('select core.retention_tick()')
  const file = (await row(`select u.sha256 from core.import i join core.upload u using (upload_id) where i.public_id = '${id}'`)).sha256
  await until('the file is off the disk', async () => (await row(`select gone_at is not null as ok from core.file_gone where sha256 = '${file}'`)).ok, 60000)
  const places = { answers: answers.join('\n'), dump: dump(), logs: read(join(NET, 'log')).join('\n'), files: read(join(NET, 'files')).join('\n') }
  for (const [place, text] of Object.entries(places))
    for (const n of numbers) {
      const number = new RegExp(`(45\\s?10|99\\s?11|№)\\s?${n}`)
      assert.ok(!number.test(text), `${place} holds the number of a document`)
    }
  assert.ok(!/[0-9a-f]{64}/.test(places.answers.replace(/"sha256":"[0-9a-f]+"/g, '')), 'an answer shows no hash either')
  const pairs = await row(`select count(*)::int as n from core.duplicate d where d.weights @> '[{"field": "document", "level": "same"}]' and d.class = 'STRONG'
    and exists (select from core.party p where p.party_id = d.party_high and p.surname = 'Паспортов${word}')`)
  assert.equal(pairs.n, 3, 'three people of one passport are three pairs for the steward')
})

test('R20: series and number in fields of their own are the same document', { skip }, async () => {
  const number = digits(6), word = unique()
  const apart = await sellerA.post('/v1/registrations', registration({ surname: `Дольский${word}`, phone: phone(), passport: number, passport_series: '46 03' }))
  assert.equal(apart.json.verdict, 'FREE', apart.text)
  const text = `Фамилия;Телефон;Согласие;Серия паспорта;Номер паспорта\r\nДольский${word};${phone()};анкета;4603;${number}\r\n`
  const made = await managerA.send('POST', '/v1/imports?name=apart.csv&kind=client&brand_id=1&line=USED', { body: text, headers: { 'Content-Type': 'text/csv' } })
  const id = made.json.id
  const found = await until('the file is read', async () => { const { json } = await managerA.get(`/v1/imports/${id}`); return json.state !== 'UPLOADED' && json }, 20000)
  assert.deepEqual(found.sample[0].slice(3), ['•••', '•••'])
  await managerA.put(`/v1/imports/${id}/mapping`, { mapping: { surname: 0, phone: 1, consent_evidence: 2, passport_series: 3, passport: 4 } })
  for (const verb of ['check', 'run']) await jobDone(managerA, (await managerA.post(`/v1/imports/${id}/${verb}`)).json.job_id)
  const pair = await row(`select count(*)::int as n from core.duplicate d join core.party p on p.party_id = d.party_high where p.surname = 'Дольский${word}'
    and d.class = 'STRONG' and d.weights @> '[{"field": "document", "level": "same"}]'`)
  assert.equal(pair.n, 1, 'the form and the file told one document')
  const half = await sellerA.post('/v1/registrations', registration({ surname: `Дольский${word}`, phone: phone(), passport_series: '46 03' }))
  assert.deepEqual([half.status, half.json.field], [400, 'passport'], half.text)
})

test('R64: a company is known by INN, its branch by INN and KPP', { skip }, async () => {
  const inn = (() => { const d = `7707${digits(5)}`; return d + [2, 4, 10, 3, 5, 9, 4, 6, 8].reduce((s, w, i) => s + w * Number(d[i]), 0) % 11 % 10 })()
  const company = (kpp, name) => registration({ kind: 'COMPANY', surname: undefined, given_name: undefined, name, line: 'FLEET', inn, kpp, phone: phone() })
  const head = await sellerA.post('/v1/registrations', company('770701001', 'ООО «Север»'))
  assert.equal(head.json.verdict, 'FREE', head.text)
  const covered = await sellerB.post('/v1/registrations', company('710743001', 'ООО «Север», Тула'))
  assert.equal(covered.json.verdict, 'PROTECTED', covered.text)
  const probe = await sellerB.post('/v1/probes', { inn, kpp: '710743001', brand_id: 1, line: 'FLEET', purpose: 'x', consent_evidence: 'x' })
  assert.equal(probe.json.verdict, 'PROTECTED', probe.text)
  const branch = await sellerA.post('/v1/registrations', company('710743001', 'ООО «Север», Тула'))
  assert.equal(branch.json.verdict, 'YOURS', branch.text)
  const panel = await sellerA.get(`/v1/people/${head.json.person_id}/company`)
  assert.deepEqual(panel.json.branches.map((x) => [x.kpp, x.name]), [['710743001', 'ООО «Север», Тула']], panel.text)
  assert.equal(panel.json.kpp, '770701001')
  const wrong = await sellerB.post('/v1/registrations', company('1234', 'ООО «Юг»'))
  assert.equal(wrong.json.field, 'kpp', wrong.text)
})
