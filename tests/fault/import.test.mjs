// SPDX-License-Identifier: Apache-2.0
// Fault: a list is read, brought in and undone while server and database are killed with -9 at any row. Each row takes effect once.
// R3, R153, D.17.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { signIn, until } from '../lib/http.mjs'
import { closeDatabase, IS_LONG, makeDealer, noNetwork, row, rows, sql, unique } from '../lib/network.mjs'
import { killDatabase, killServer, startDatabase, startServer } from '../lib/server.mjs'

const skip = noNetwork
const ROWS = IS_LONG ? 50000 : 3000, KILLS = IS_LONG ? 10 : 3
let dealer, manager
before(async () => { if (!skip) { dealer = await makeDealer(); manager = await signIn(dealer.staff.manager) } })
after(() => { manager?.close(); closeDatabase() })

const ask = (path) => manager.get(path).catch(() => ({ json: {} }))
/** Kill the server after a while and start it again; its leases end at once. */
async function killed(wait_ms, isDatabase) {
  await new Promise((r) => setTimeout(r, wait_ms))
  if (isDatabase) { closeDatabase(); await killDatabase(); startDatabase() }
  else { await killServer(); await startServer() }
  await until('the database answers', async () => { try { await sql(`update core.job set lease_until = core.now() - interval '1 s' where state = 'RUNNING'`); return true } catch { return false } }, 20000)
}
const state = (id, wanted) => until(`state ${wanted}`, async () => { const { json } = await ask(`/v1/imports/${id}`); return json.state === wanted && json }, 300000)
async function order(path) {
  for (let i = 0; i < 20; i++) {
    const reply = await manager.post(path).catch(() => null)
    if (reply?.status === 202) return reply
    await new Promise((r) => setTimeout(r, 300))
  }
  throw new Error(`${path} was not taken`)
}

test('killed while a list is read, brought in and undone: every row once, and nothing is left of it', { skip, timeout: IS_LONG ? 3600000 : 400000 }, async (t) => {
  const word = unique().toUpperCase().slice(0, 6), base = Math.floor(Math.random() * 9e8)
  const text = 'surname,phone,consent\n' + Array.from({ length: ROWS }, (_, i) => i % 50 === 49 ? `Бессогласный${i},+79${String((base + i) % 1e9).padStart(9, '0')},`
    : `Рядов${word}${i % 50 === 48 ? i - 1 : i},+79${String((base + (i % 50 === 48 ? i - 1 : i)) % 1e9).padStart(9, '0')},form ${i}`).join('\n') + '\n'
  const made = await manager.send('POST', '/v1/imports?name=kill&kind=client&brand_id=1&line=NEW', { body: text, headers: { 'Content-Type': 'text/csv' } })
  assert.equal(made.status, 202, made.text)
  const id = made.json.id
  await killed(60)
  const read = await state(id, 'PARSED')
  assert.equal(read.rows_total, ROWS, 'the reading went on behind the last row stored')
  assert.ok((await manager.put(`/v1/imports/${id}/mapping`, { mapping: { surname: 0, phone: 1, consent_evidence: 2 } })).status < 300)
  await order(`/v1/imports/${id}/run`)
  for (let i = 0; i < KILLS; i++) await killed(200 + Math.random() * 800, i === 1)
  const done = await state(id, 'DONE')
  const pairs = Math.floor(ROWS / 50)
  t.diagnostic(`${ROWS} rows, ${KILLS} kills: ${JSON.stringify(done.counts)}`)
  assert.deepEqual(done.counts, { created: ROWS - 2 * pairs, YOURS: pairs, draft: pairs })
  const found = await row(`select count(*)::int as people, count(distinct k.value)::int as phones from core.party p join core.match_key k using (party_id) where p.surname like 'Рядов${word}%' and k.kind = 'PHONE'`)
  assert.deepEqual(found, { people: ROWS - 2 * pairs, phones: ROWS - 2 * pairs })
  const rights = await row(`select count(*)::int as n, count(distinct h.ownership_id)::int as h, (select count(*)::int from core.receipt where dealer_id = ${dealer.dealer_id}) as r from core.ownership_history h where h.dealer_id = ${dealer.dealer_id} and h.ver = 2`)
  assert.deepEqual(rights, { n: ROWS - 2 * pairs, h: ROWS - 2 * pairs, r: ROWS - 2 * pairs }, 'one right and one receipt each')
  await order(`/v1/imports/${id}/undo`)
  await killed(500)
  await state(id, 'UNDONE')
  const left = await row(`select (select count(*)::int from core.ownership where dealer_id = ${dealer.dealer_id} and state <> 'CLOSED') as rights, (select count(*)::int from core.draft where dealer_id = ${dealer.dealer_id}) as drafts,
    (select count(*)::int from core.dealer_party where dealer_id = ${dealer.dealer_id}) as listed, (select count(*)::int from core.match_key k join core.party p using (party_id) where p.surname like 'Рядов${word}%') as keys`)
  assert.deepEqual(left, { rights: 0, drafts: 0, listed: 0, keys: 0 })
  assert.equal((await rows(`select 1 from core.import_result r join core.import i using (import_id) where i.public_id = '${id}' and r.undo is not null`)).length, 0)
})
