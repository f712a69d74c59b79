// SPDX-License-Identifier: Apache-2.0
// S23 and the data-protection desk over HTTP: an erasure needs two people, takes the file off the disk as well, and the person does not come
// back by any door (R147-R149).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { jobDone, registration, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, NET, noNetwork, phone, sql, unique } from '../lib/network.mjs'

const skip = noNetwork
let a, b, seller, other, dpo, second
before(async () => {
  if (skip) return
  a = await makeDealer(); b = await makeDealer()
  seller = await signIn(a.staff.seller); other = await signIn(b.staff.seller)
  dpo = await signIn(await makeStaff(0, 'dpo')); second = await signIn(await makeStaff(0, 'dpo'))
})
after(closeDatabase)

test('S23: who was erased is nobody: his file is off the disk, and a registration, a probe and rows of another dealer\'s list store nothing (R24, R149)', { skip }, async () => {
  const given = { surname: `Стираемов${unique()}`, given_name: 'Олег', phone: phone(), email: `e${unique()}@test.example` }
  const made = await seller.post('/v1/registrations', registration(given))
  assert.equal(made.json.verdict, 'FREE', made.text)
  const id = made.json.person_id
  const bytes = Buffer.from(`scan of ${given.surname}`)
  const file = await seller.send('POST', `/v1/people/${id}/attachments?name=scan.txt`, { body: bytes, headers: { 'Content-Type': 'text/plain' } })
  assert.ok(file.status < 300, file.text)
  const hash = createHash('sha256').update(bytes).digest('hex')
  const path = join(NET, 'files', hash.slice(0, 2), hash)
  assert.ok(existsSync(path), `the bytes lie at ${path}`)
  const asked = await dpo.post('/v1/privacy-requests', { kind: 'erasure', evidence: 'passport seen', phone: given.phone, surname: given.surname })
  assert.equal(asked.status, 200, asked.text)
  const wants = await dpo.post(`/v1/privacy-requests/${asked.json.id}/erase`, {}, { match: 1 })
  assert.equal(wants.json.state, 'ASKED', wants.text)
  assert.equal((await dpo.post(`/v1/approvals/${wants.json.approval_id}/approve`)).status, 403, 'the asker does not grant')
  const granted = await second.post(`/v1/approvals/${wants.json.approval_id}/approve`)
  assert.equal(granted.json.state, 'APPROVED', granted.text)
  assert.equal((await seller.get(`/v1/people/${id}`)).status, 404)
  assert.doesNotMatch((await seller.get('/v1/people?limit=100')).text, new RegExp(given.surname))
  await until('the file is off the disk', async () => (!existsSync(path) ? true : (await sql(`update core.clock_mark set at = at - interval '1 hour' where name = 'retention'`), null)), 60000)
  for (const answer of [await other.post('/v1/registrations', registration({ ...given, given_name: 'Олег' })),
    await other.post('/v1/probes', { phone: given.phone, surname: given.surname, brand_id: 1, line: 'NEW', purpose: 'walk-in', consent_evidence: 'x' })]) {
    assert.equal(answer.json.verdict, 'OPTED_OUT', answer.text)
  }
  // B's list, with and without consent, and B's sale of him
  const manager = await signIn(b.staff.manager)
  const list = await manager.send('POST', '/v1/imports?name=list&kind=client&brand_id=1&line=NEW', { headers: { 'Content-Type': 'application/octet-stream' },
    body: Buffer.from(`surname,given_name,phone,consent\n${given.surname},Олег,${given.phone},\n${given.surname},Олег,${given.phone},анкета 5\n`) })
  const read = await until('the list is read', async () => { const { json } = await manager.get(`/v1/imports/${list.json.id}`); return json.state !== 'UPLOADED' && json })
  const mapped = await manager.put(`/v1/imports/${read.id}/mapping`, { mapping: { surname: 0, given_name: 1, phone: 2, consent_evidence: 3 } })
  assert.ok(mapped.status < 300, mapped.text)
  await jobDone(manager, (await manager.post(`/v1/imports/${read.id}/run`)).json.job_id)
  const verdicts = await manager.all(`/v1/imports/${read.id}/rows`)
  assert.deepEqual(verdicts.map((r) => [r.verdict, r.cells, r.receipt]), [['OPTED_OUT', [], null], ['OPTED_OUT', [], null]], 'the row is answered and emptied')
  manager.close()
  assert.equal(Number(await sql(`select (select count(*) from core.draft where data::text like '%${given.phone.slice(2)}%') + (select count(*) from core.party where surname = '${given.surname}')
    + (select count(*) from core.import_row r join core.import i using (import_id) where i.public_id = '${read.id}' and r.cells::text like '%${given.surname}%')`)), 0, 'no draft, no person, no row')
  const count = await sql(`select count(*) from core.match_key where value in ('${given.phone}', '${given.email}')`)
  assert.equal(Number(count), 0, 'and nothing is stored')
  assert.equal((await dpo.post('/v1/stop-list/lift', { phone: given.phone, email: given.email, evidence: 'fresh form' })).json.lifted, 2)
  assert.equal((await other.post('/v1/registrations', registration(given))).json.verdict, 'FREE', 'until he himself consents again')
})
