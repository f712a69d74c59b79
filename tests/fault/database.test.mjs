// SPDX-License-Identifier: Apache-2.0
// PostgreSQL stopped or killed under load: 503 with Retry-After within a second, never a hang; within three seconds of its
// return all goes on; nothing acknowledged is lost (threat 54, C18), also where the flush is not the commit's (server/api/flush.h).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Caller, jobDone, registration, signIn, signInDirectly, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone } from '../lib/network.mjs'
import { checked, emailCampaign } from '../lib/people.mjs'
import { killDatabase, startDatabase, stopDatabase } from '../lib/server.mjs'
import { run } from '../lib/data.mjs'
import { NET } from '../lib/network.mjs'
import { ROOT } from '../lib/tree.mjs'

const skip = noNetwork
// a dealer each, made while the database is there: a seat has a largest number of prospects (P18)
const sellers = [], crowd = []
let marketer
before(async () => {
  if (skip) return
  for (let i = 0; i < 4; i++) sellers.push(await signIn((await makeDealer()).staff.seller))
  for (let i = 0; i < 12; i++) crowd.push(await signInDirectly((await makeDealer()).staff.seller))
  marketer = await signInDirectly(await makeStaff(0, 'marketer'))
})
after(() => { for (const c of [...sellers, ...crowd, marketer]) c?.close(); closeDatabase() })

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

test('killed with -9 right after a crowd got receipts: every one of them is kept', { skip, timeout: 120000 }, async (t) => {
  const receipts = []
  let isOver = false
  const load = crowd.flatMap((caller) => [1, 2].map(async () => {
    while (!isOver) {
      const reply = await caller.post('/v1/registrations', registration({ phone: phone(), surname: 'Обрывов' })).catch(() => ({}))
      if (reply.status < 300 && reply.json?.receipt) receipts.push(reply.json.receipt.number)
      else if (!isOver) await new Promise((r) => setTimeout(r, 100))
    }
  }))
  try {
    for (let round = 1; round <= 3; round++) {
      const before = receipts.length
      await until('receipts are given', () => receipts.length > before + 60, 20000, 5)
      await killDatabase()
      const given = receipts.slice()
      startDatabase()
      const kept = Number(ask(`select count(*) from core.receipt where number in (${given.map((n) => `'${n}'`)})`))
      t.diagnostic(`round ${round}: ${given.length} receipts, ${kept} kept`)
      assert.equal(kept, given.length, 'every receipt was kept')
    }
  } finally { isOver = true; await Promise.all(load) }
})

// the steps of a launch do not wait for the disk: what a crash takes back is done again
test('killed with -9 amid a launch: it goes on, everybody is judged once and locked once', { skip, timeout: 180000 }, async (t) => {
  const tomorrow = new Date(Date.now() + 24 * 3600 * 1000).toISOString()      // no letter leaves before the end of this test
  const campaign = await checked(marketer, emailCampaign({ grp: 'RELATION', starts_at: tomorrow }))
  const launch = await marketer.post(`/v1/campaigns/${campaign.id}/launch`, { confirm_count: campaign.check.confirm_count })
  assert.equal(launch.status, 202, launch.text)
  const at = []
  for (let kill = 0; kill < 2; kill++) {
    const { json } = await until('it moves', async () => { const r = await marketer.get(`/v1/jobs/${launch.json.job_id}`).catch(() => ({})); return (r.json?.done > (at.at(-1) ?? 0) || r.json?.state === 'DONE') && r }, 60000, 10)
    at.push(json.done)
    await killDatabase()
    startDatabase()
    await until('service is back', async () => (await marketer.get('/v1/session').catch(() => ({}))).status === 200, 15000, 100)
  }
  const { result } = await jobDone(marketer, launch.json.job_id, 90000)
  t.diagnostic(`killed at ${at.join(' and ')} of ${2 * campaign.check.total}; ${result.total} judged, ${result.will_get} locked`)
  const answer = JSON.parse(ask(`select json_build_object('total', count(*), 'will_get', count(*) filter (where r.state = 'LOCKED'), 'open', count(*) filter (where r.state not in ('LOCKED', 'DROPPED')),
    'units', count(distinct r.unit) filter (where r.state = 'LOCKED'), 'locks', (select count(*) from core.campaign_lock l where l.campaign_id = k.campaign_id and l.state = 'HELD'),
    'counted', (select sum(n.n) from core.campaign_count n where n.campaign_id = k.campaign_id), 'addresses', (select count(*) from core.campaign_address))
    from core.campaign k join core.recipient r using (campaign_id) where k.public_id = '${campaign.id}' group by k.campaign_id`))
  assert.equal((await marketer.post(`/v1/campaigns/${campaign.id}/stop`, { reason: 'test' })).status, 200)
  assert.ok(answer.will_get > 1000 && answer.total >= campaign.check.total, JSON.stringify(answer))
  assert.deepEqual(answer, { total: result.total, will_get: result.will_get, open: 0, units: answer.locks, locks: answer.locks, counted: result.total, addresses: 0 })
})

test('a flush that cannot happen: 503 and no receipt, and the same key finds out afterwards', { skip, timeout: 60000 }, async () => {
  const seller = sellers.shift(), key = randomUUID(), number = phone(), body = registration({ phone: number })
  let lost, replayed
  await until('service is back', async () => (await seller.post('/v1/registrations', registration({ phone: phone() }))).json?.receipt, 15000, 100)
  ask('revoke execute on function session.flush() from login')
  try {
    lost = await seller.post('/v1/registrations', body, { key })
    replayed = await seller.post('/v1/registrations', body, { key })
    assert.ok((await seller.post('/v1/views', { screen: 'people', name: key, query: 'q=1' })).status < 300, 'other writes do not need it')
  } finally { ask('grant execute on function session.flush() to login') }
  for (const reply of [lost, replayed]) {
    assert.equal(reply.status, 503, reply.text)
    assert.ok(reply.headers['retry-after'], 'Retry-After')
    assert.equal(reply.json.receipt, undefined, reply.text)
  }
  const told = await seller.post('/v1/registrations', body, { key })
  assert.ok(told.json.receipt, told.text)
  assert.equal(ask(`select count(*) from core.receipt where number = '${told.json.receipt.number}'`), '1')
  assert.equal(ask(`select count(*) from core.match_key where kind = 'PHONE' and value = '${number}'`), '1', 'it happened once')
})

test('a flush that does not answer: 503 in time for all who wait, and the next one works', { skip, timeout: 60000 }, async () => {
  const seller = sellers.shift()
  for (let i = 0; i < 10; i++) assert.ok((await seller.post('/v1/registrations', registration({ phone: phone() }))).json.receipt)
  const stopped = ask("select pid from pg_stat_activity where usename = 'login' and query like '%session.flush%'").split('\n').filter(Boolean).map(Number)
  assert.ok(stopped.length > 0)
  const bodies = Array.from({ length: 6 }, () => [registration({ phone: phone() }), randomUUID()])
  let replies
  for (const pid of stopped) process.kill(pid, 'SIGSTOP')
  try { replies = await Promise.all(bodies.map(([body, key]) => seller.post('/v1/registrations', body, { key }))) } finally { for (const pid of stopped) process.kill(pid, 'SIGCONT') }
  assert.ok(replies.some((r) => r.status === 503), replies.map((r) => r.status).join())
  for (const reply of replies) {
    assert.ok(reply.status === 503 ? !reply.json.receipt : reply.json.receipt, reply.text)
    assert.ok(reply.ms < 5500, `${reply.ms} ms`)
  }
  for (const [body, key] of bodies) assert.ok((await seller.post('/v1/registrations', body, { key })).json.receipt)
})
