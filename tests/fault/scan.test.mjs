// SPDX-License-Identifier: Apache-2.0
// Fault: the steward's comparison of the whole base is killed with -9 at any moment, or cancelled. In the end every pair that shares a key is on
// the list and none twice, and another comparison can be ordered. R22, R23, R27.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { signIn, until } from '../lib/http.mjs'
import { closeDatabase, IS_LONG, makeStaff, noNetwork, row, rows, sql, unique } from '../lib/network.mjs'
import { killDatabase, killServer, startDatabase, startServer } from '../lib/server.mjs'

const skip = noNetwork
const word = unique(), KILLS = IS_LONG ? 20 : 3
let steward
before(async () => { if (!skip) steward = await signIn(await makeStaff(0, 'steward')) })
after(() => { steward?.close(); closeDatabase() })

// people and companies in pairs that share what a comparison of first contacts does not see: a second number, a document, an INN
async function plant(n) {
  await sql(`with p as (insert into core.party (kind, name, surname, given_name, inn, source)
      select case when g % 4 < 2 then 'PERSON' else 'COMPANY' end::core.party_kind, case when g % 4 < 2 then 'Сев${word} Олег' else 'ООО Сев${word} ' || g end,
        case when g % 4 < 2 then 'Сев${word}' end, case when g % 4 < 2 then 'Олег' end, null, 'scan-${word}' from generate_series(0, ${n * 4 - 1}) g returning party_id, kind),
    c as (select p.*, (row_number() over (partition by kind order by party_id) - 1) / 2 as pair from p)
    insert into core.match_key (kind, value, party_id, surname_key, is_exact)
    select case when pair % 3 = 0 then 'DOCUMENT' when pair % 3 = 1 then 'EMAIL' else 'PHONE' end::core.key_kind, '${word}-' || kind || '-' || pair, party_id, '', false from c`)
}
const planted = () => rows(`select l.kind::text as kind, count(*)::int as n, count(distinct (d.party_low, d.party_high))::int as apart from core.duplicate d
  join core.party l on l.party_id = d.party_low and l.source = 'scan-${word}' join core.party h on h.party_id = d.party_high and h.source = 'scan-${word}'
  join core.match_key a on a.party_id = l.party_id join core.match_key b on b.party_id = h.party_id and b.kind = a.kind and b.value = a.value
  group by 1 order by 1`)
async function order() {
  const reply = await until('a comparison is ordered', async () => { const r = await steward.post('/v1/duplicates/scan', {}).catch(() => ({})); return [200, 409].includes(r.status) && r }, 30000)
  assert.equal(reply.status, 200, reply.text)
  return reply.json.id
}
const job = (id) => steward.get(`/v1/jobs/${id}`).then((r) => r.json ?? {}).catch(() => ({}))
async function freed() {
  await until('the database answers', async () => { try { await sql(`update core.job set lease_until = core.now() - interval '1 s' where state = 'RUNNING'`); return true } catch { return false } }, 20000)
}

test('R27: killed at any moment, the work list is whole and nothing is on it twice', { skip, timeout: 600000 }, async (t) => {
  await plant(150)
  const id = await order()
  let kills = 0
  for (; kills < KILLS; kills++) {
    await new Promise((r) => setTimeout(r, 300 + Math.random() * (IS_LONG ? 30000 : 4000)))
    if ((await job(id)).state === 'DONE') break
    if (kills === 1) { closeDatabase(); await killDatabase(); startDatabase() } else { await killServer(); await startServer() }
    await freed()
  }
  const done = await until('the comparison is over', async () => { const j = await job(id); return ['DONE', 'FAILED'].includes(j.state) && j }, 400000)
  assert.equal(done.state, 'DONE', JSON.stringify(done))
  t.diagnostic(`${kills} kills; ${JSON.stringify(done.result)}`)
  assert.deepEqual(await planted(), [{ kind: 'PERSON', n: 150, apart: 150 }, { kind: 'COMPANY', n: 150, apart: 150 }].sort((x, y) => x.kind < y.kind ? -1 : 1))
  if (!IS_LONG) return          // a comparison of the demo base takes ten seconds of a quiet machine
  const before = await row('select count(*)::int as n from core.duplicate')
  const again = await order()
  const second = await until('the second comparison is over', async () => { const j = await job(again); return ['DONE', 'FAILED'].includes(j.state) && j }, 400000)
  assert.equal(second.state, 'DONE')
  assert.deepEqual(await row('select count(*)::int as n from core.duplicate'), before, 'a comparison without kills finds nothing more')
})

test('R27: a comparison that is cancelled ends at once, and another can be ordered', { skip, timeout: 120000 }, async () => {
  const id = await order()
  await until('it runs', async () => (await job(id)).state === 'RUNNING', 20000)
  const reply = await steward.post(`/v1/jobs/${id}/cancel`)
  assert.ok(reply.status < 300, reply.text)
  assert.equal((await job(id)).state, 'CANCELLED')
  const again = await order()
  await steward.post(`/v1/jobs/${again}/cancel`)
})
