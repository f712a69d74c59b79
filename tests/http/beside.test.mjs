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

test('D.17: two connections work on a long list, and the rows of one person take effect in the order of their lines', { skip, timeout: 120000 }, async (t) => {
  const word = unique().toUpperCase(), base = Math.floor(Math.random() * 9e8), ROWS = 3000
  const number = (i) => `+79${String((base + i) % 1e9).padStart(9, '0')}`
  // of seven rows one is about a person of the batch before, known there by his telephone or his address; one is another's namesake of the same day
  const born = (i) => `19${10 + i % 80}-01-02`
  const line = (i) => {
    if (i % 7 === 0 && i > 1005) return [`Рядов${word}${i - 1005}`, i % 2 ? number(i - 1005) : '', `r${i - 1005}@${word}.example`, `Город ${i}`, '', `form ${i}`]
    if (i % 7 === 1 && i > 401) return [`Рядов${word}${i - 401}`, number(i), '', `Город ${i}`, born(i - 401), `form ${i}`]
    return [`Рядов${word}${i}`, number(i), `r${i}@${word}.example`, `Город ${i}`, i % 7 === 6 ? born(i) : '', `form ${i}`]
  }
  const lines = Array.from({ length: ROWS }, (_, i) => line(i))
  const made = await manager.send('POST', '/v1/imports?name=two&kind=client&brand_id=1&line=NEW',
    { body: 'surname,phone,email,city,born,consent\n' + lines.map((l) => l.join(',')).join('\n') + '\n', headers: { 'Content-Type': 'text/csv' } })
  assert.equal(made.status, 202, made.text)
  const id = made.json.id, get = async () => (await manager.get(`/v1/imports/${id}`)).json
  await until('read', async () => (await get()).state === 'PARSED')
  assert.ok((await manager.put(`/v1/imports/${id}/mapping`, { mapping: { surname: 0, phone: 1, email: 2, city: 3, born_on: 4, consent_evidence: 5 } })).status < 300)
  const order = await manager.post(`/v1/imports/${id}/run`)
  await jobDone(manager, order.json.job_id, 100000)
  const { counts } = await get(), again = lines.filter((l, i) => i > 1005 && i % 7 === 0).length
  t.diagnostic(JSON.stringify(counts))
  assert.equal(counts.YOURS, again, 'whoever came before is known')
  assert.equal(counts.created, ROWS - again)
  const wrong = await rows(`select p.surname, p.city from core.party p where p.surname like 'Рядов${word}%' and p.city <> 'Город ' || (
    select min(r.line_no) - 2 from core.import_result r join core.import i using (import_id) where i.public_id = '${id}' and r.party_id = p.party_id)`)
  assert.deepEqual(wrong, [], 'what the first line says stays; a later one adds (R27)')
  const pairs = await rows(`select count(*)::int as n from core.duplicate d join core.party p on p.party_id = d.party_low
    join core.party q on q.party_id = d.party_high and q.surname = p.surname where p.surname like 'Рядов${word}%'`)
  assert.equal(pairs[0].n, lines.filter((l, i) => i > 401 && i % 7 === 1).length, 'namesakes of one day are a pair, though each connection had one of them (R22)')
  assert.deepEqual(await rows(`select count(*)::int as n, bool_and(j.state = 'DONE') as is_done from core.job j where j.spec ? 'helps' and (j.spec ->> 'import_id')::bigint = (select import_id from core.import where public_id = '${id}')`),
    [{ n: 1, is_done: true }], 'a second job helped')
  assert.deepEqual(await rows(`select i.ahead::text, i.rows_done, i.done_line, i.is_shared from core.import i where i.public_id = '${id}'`),
    [{ ahead: '{}', rows_done: ROWS, done_line: ROWS + 1, is_shared: false }])
})
