// SPDX-License-Identifier: Apache-2.0
// PostgreSQL stopped or killed under load: 503 with Retry-After within a second, never a hang; within three seconds of its
// return all goes on; nothing acknowledged is lost (threat 54, C18).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { Caller, registration, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork, phone } from '../lib/network.mjs'
import { killDatabase, startDatabase, stopDatabase } from '../lib/server.mjs'
import { run } from '../lib/data.mjs'
import { NET } from '../lib/network.mjs'
import { ROOT } from '../lib/tree.mjs'

const skip = noNetwork
// a dealer each, made while the database is there: a seat has a largest number of prospects (P18)
const sellers = []
before(async () => { if (!skip) for (let i = 0; i < 2; i++) sellers.push(await signIn((await makeDealer()).staff.seller)) })
after(() => { for (const c of sellers) c.close(); closeDatabase() })

/** Rows of a query by a psql of its own: the kept one died with the cluster. */
const ask = (query) => run('bash', ['-c', '. "$1/deploy/lib/cluster.sh"; cluster_psql "$2" -Atc "$3"', 'x', ROOT, NET, query]).stdout.trim()

for (const [how, take] of [['stopped', stopDatabase], ['killed with -9', killDatabase]])
  test(`PostgreSQL ${how} under load`, { skip, timeout: 120000 }, async (t) => {
    const seller = sellers.shift()
    const accepted = []
    let isOver = false
    const load = Array.from({ length: 4 }, async () => {
      const caller = new Caller()
      caller.cookie = seller.cookie; caller.csrf = seller.csrf
      while (!isOver) {
        const number = phone()
        const reply = await caller.post('/v1/registrations', registration({ phone: number, surname: 'Нагрузкин' })).catch(() => ({}))
        if (reply.json?.receipt) accepted.push(number)
        else await new Promise((r) => setTimeout(r, 50))
      }
      caller.close()
    })
    await new Promise((r) => setTimeout(r, 1500))
    await take()
    await new Promise((r) => setTimeout(r, 300))
    const during = []
    for (let i = 0; i < 15; i++) { during.push(await seller.get('/v1/people')); await new Promise((r) => setTimeout(r, 50)) }
    const live = await seller.get('/livez'), ready = await seller.get('/readyz')
    startDatabase()
    ask('select count(*) from core.staff')    // it is back when it answers a stranger: after a stop it may read its pages from a slow disk
    const back = Date.now()
    await until('service is back', async () => (await seller.get('/v1/session').catch(() => ({}))).status === 200, 15000, 100)
    const took = Date.now() - back
    await new Promise((r) => setTimeout(r, 500))
    isOver = true
    await Promise.all(load)
    t.diagnostic(`${accepted.length} receipts; slowest answer of the outage ${Math.max(...during.map((d) => d.ms)).toFixed(0)} ms; back after ${took} ms`)
    for (const reply of during) {
      assert.equal(reply.status, 503, reply.text)
      assert.ok(reply.headers['retry-after'], 'Retry-After')
      assert.ok(reply.ms < 1500, `${reply.ms} ms`)
    }
    assert.equal(live.status, 200, 'alive')
    assert.equal(ready.status, 503, 'not ready')
    assert.ok(took <= 3000, `back after ${took} ms`)
    assert.ok(accepted.length > 5)
    const kept = Number(ask(`select count(*) from core.match_key where kind = 'PHONE' and value in (${accepted.map((n) => `'${n}'`)})`))
    assert.equal(kept, accepted.length, 'every receipt was kept')
    seller.close()
  })
