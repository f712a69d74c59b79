// SPDX-License-Identifier: Apache-2.0
// A part of the clock that cannot be done in the time of a statement: the others go on (R14).
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { until } from '../lib/http.mjs'
import { NET, closeDatabase, databaseAs, makeDealer, noNetwork, row, sql } from '../lib/network.mjs'
import { crowd, registerMany } from '../lib/people.mjs'

const skip = noNetwork
const holder = skip ? null : databaseAs()
after(() => { holder?.close(); closeDatabase() })

test('R14: while a part of the clock is cut off again and again, terms end as they do', { skip, timeout: 120000 }, async () => {
  const dealer = await makeDealer(), [person] = crowd(1)
  await registerMany(dealer, dealer.staff.seller, [person])
  const logged = () => readFileSync(join(NET, 'log', 'server.log'), 'utf8').split('\n').filter((l) => l.includes('"clock_part_failed"') && l.includes('"seal"')).length
  const before = logged()
  await holder.run('select pg_advisory_lock(4270004)')          // the seal of the ledger waits for it
  await sql("delete from core.clock_mark where name = 'seal'")
  await until('the seal waits', async () => (await row("select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = 4270004 and not granted")).n > 0, 20000, 50)
  await sql(`update core.ownership o set protect_until = core.now() - interval '1 second', event = 'activity', rule = 'R52', ver = o.ver + 1,
    changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond') from core.party p where p.party_id = o.party_id and p.surname = '${person.surname}'`)
  const state = () => row(`select o.state::text as state from core.ownership o join core.party p using (party_id) where p.surname = '${person.surname}'`)
  await until('the term has ended', async () => (await state()).state === 'GRACE', 40000)
  assert.ok((await row("select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = 4270004 and granted")).n > 0, 'all the while the seal could not be made')
  assert.ok(logged() > before, 'the log names the part that was cut off')
  await holder.run('select pg_advisory_unlock(4270004)')
  const last = await row('select coalesce(max(seal_id), 0)::int as id from core.ledger_seal')
  await sql("delete from core.clock_mark where name = 'seal'")
  await until('and the seal is made when it can be', async () => (await row(`select count(*)::int as n from core.ledger_seal where seal_id > ${last.id}`)).n > 0, 20000)
})
