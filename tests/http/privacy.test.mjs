// SPDX-License-Identifier: Apache-2.0
// S23 and the data-protection desk over HTTP: an erasure needs two people, takes the file off the disk as well, and the person does not come
// back by any door (R147-R149).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { registration, signIn, until } from '../lib/http.mjs'
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

test('S23: who was erased is nobody: his file is off the disk, and a registration, a probe and a lead of his store nothing (R24, R149)', { skip }, async () => {
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
  const count = await sql(`select count(*) from core.match_key where value in ('${given.phone}', '${given.email}')`)
  assert.equal(Number(count), 0, 'and nothing is stored')
  assert.equal((await dpo.post('/v1/stop-list/lift', { phone: given.phone, email: given.email, evidence: 'fresh form' })).json.lifted, 2)
  assert.equal((await other.post('/v1/registrations', registration(given))).json.verdict, 'FREE', 'until he himself consents again')
})
