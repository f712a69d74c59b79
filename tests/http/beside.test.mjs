// SPDX-License-Identifier: Apache-2.0
// A list is brought in while people are registered by hand: neither waits for what the other does not decide. R22, R31.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { jobDone, registration, signIn, until } from '../lib/http.mjs'
import { closeDatabase, databaseAs, makeDealer, noNetwork, rows, unique } from '../lib/network.mjs'

const skip = noNetwork
let dealer, other, manager, seller, holder
before(async () => {
  if (skip) return
  dealer = await makeDealer(); other = await makeDealer()
  ;[manager, seller] = await Promise.all([signIn(dealer.staff.manager), signIn(other.staff.seller)])
  holder = databaseAs()
})
after(() => { manager?.close(); seller?.close(); holder?.close(); closeDatabase() })

test('R22: a batch ends before a key that is registered by hand, waits for it alone, and holds up nobody', { skip, timeout: 60000 }, async () => {
  const word = unique().toUpperCase(), base = Math.floor(Math.random() * 9e8)
  const number = (i) => `+79${String((base + i) % 1e9).padStart(9, '0')}`
  const text = 'surname,phone,consent\n' + Array.from({ length: 1500 }, (_, i) => `Соседов${word}${i},${number(i)},form ${i}`).join('\n') + '\n'
  const made = await manager.send('POST', '/v1/imports?name=beside&kind=client&brand_id=1&line=NEW', { body: text, headers: { 'Content-Type': 'text/csv' } })
  assert.equal(made.status, 202, made.text)
  const id = made.json.id, get = async () => (await manager.get(`/v1/imports/${id}`)).json
  await until('read', async () => (await get()).state === 'PARSED')
  assert.ok((await manager.put(`/v1/imports/${id}/mapping`, { mapping: { surname: 0, phone: 1, consent_evidence: 2 } })).status < 300)
  // somebody is registering row 700 at this moment: he has its lock, as core.keys_lock takes it
  await holder.run(`begin; select pg_advisory_xact_lock(hashtextextended('PHONE:${number(700)}', 3))`)
  const order = await manager.post(`/v1/imports/${id}/run`)
  assert.equal(order.status, 202, order.text)
  await until('all rows before it are in', async () => (await get()).rows_done === 700)
  const begun = Date.now()
  const taken = await seller.post('/v1/registrations', registration({ surname: `Соседов${word}900`, phone: number(900) }))
  assert.equal(taken.json.verdict, 'FREE', 'a row that the list has not reached is free for whoever comes first: ' + taken.text)
  const late = await seller.post('/v1/registrations', registration({ surname: `Соседов${word}200`, phone: number(200) }))
  assert.equal(late.json.verdict, 'PROTECTED', late.text)
  assert.ok(Date.now() - begun < 3000, `by hand ${Date.now() - begun} ms`)
  assert.equal((await get()).rows_done, 700, 'the list still waits for the one')
  await holder.run('commit')
  await jobDone(manager, order.json.job_id)
  assert.deepEqual((await get()).counts, { created: 1499, PROTECTED: 1 })
  assert.deepEqual(await rows(`select r.line_no - 2 as n from core.import_result r join core.import i using (import_id) where i.public_id = '${id}' and r.verdict <> 'created'`), [{ n: 900 }])
})
