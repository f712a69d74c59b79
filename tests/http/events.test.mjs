// SPDX-License-Identifier: Apache-2.0
// Story: the open line to the browser: progress and notices, taken up again after a break.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { cpus } from 'node:os'
import { listen, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, sql, unique } from '../lib/network.mjs'

let dealer, manager, sleeping
const skip = noNetwork
before(async () => {
  if (skip) return
  dealer = await makeDealer({ seats: ['manager', 'seller', 'seller'] }); manager = await signIn(dealer.staff.manager)
  sleeping = sleeper(dealer.staff.seller2)
})
after(() => { manager?.close(); closeDatabase() })

/** The stream of one whose session ended meanwhile: the clock tidies once a minute, so this waits beside the other tests. */
async function sleeper(staff) {
  const caller = await signIn(staff), stream = await listen(caller)
  await sql(`update session.session set idle_until = core.now() - interval '1 second' where staff_id = ${staff.staff_id} and revoked_at is null`)
  const began = Date.now()
  return { caller, stream, status: stream.status, closed: stream.closed.then(() => Date.now() - began) }
}

/** Order a job whose progress shows. */
async function order() {
  const made = await manager.send('POST', '/v1/imports?name=x&kind=client', { body: `name,phone\nСобытийный,${phone()}\n`, headers: { 'Content-Type': 'text/csv' } })
  assert.equal(made.status, 202, made.text)
  return made.json.job_id
}

test('progress of one\'s own job arrives while one listens', { skip, timeout: 30000 }, async () => {
  const stream = await listen(manager)
  assert.equal(stream.status, 200)
  assert.match(stream.headers['content-type'], /^text\/event-stream/)
  assert.match(stream.headers['cache-control'], /no-store|no-cache/)
  const job = await order()
  await until('the job is told', () => stream.events.some((e) => e.event === 'job' && e.data.id === job && e.data.state === 'DONE'), 15000)
  assert.ok(stream.events.every((e) => e.id))
  stream.close()
})

test('after a break the stream goes on behind Last-Event-ID, without gap or repeat', { skip, timeout: 40000 }, async () => {
  const first = await listen(manager)
  const job = await order()
  await until('first job', () => first.events.some((e) => e.data.id === job && e.data.state === 'DONE'), 15000)
  const last = first.events.at(-1).id
  first.close()
  const missed = await order()
  await until('missed job done', async () => (await manager.get(`/v1/jobs/${missed}`)).json.state === 'DONE', 15000)
  const second = await listen(manager, { 'Last-Event-ID': last })
  await until('what was missed', () => second.events.some((e) => e.data.id === missed && e.data.state === 'DONE'), 10000)
  assert.ok(!second.events.some((e) => e.data.id === job), 'no repeat')
  second.close()
  const whole = await listen(manager, { 'Last-Event-ID': first.events[0].id })
  await until('all behind the first', () => whole.events.some((e) => e.data.id === missed && e.data.state === 'DONE'), 10000)
  assert.deepEqual(whole.events.map((e) => e.id), [...new Set(whole.events.map((e) => e.id))])
  whole.close()
})

test('nobody hears the events of another', { skip, timeout: 30000 }, async () => {
  const neighbour = await signIn(dealer.staff.seller), stranger = await signIn(await makeStaff(0, 'marketer'))
  const streams = [await listen(neighbour), await listen(stranger)]
  const job = await order()
  await until('done', async () => (await manager.get(`/v1/jobs/${job}`)).json.state === 'DONE', 15000)
  await new Promise((r) => setTimeout(r, 1500))
  for (const stream of streams) { assert.ok(!stream.text.includes(job)); stream.close() }
  neighbour.close(); stranger.close()
})

test('a made-up Last-Event-ID harms nothing', { skip, timeout: 30000 }, async () => {
  for (const id of ['x', '-1', '99999999999999999999', "1' or '1'='1", '9'.repeat(3000)]) {
    const stream = await listen(manager, { 'Last-Event-ID': id }).catch(() => ({ status: 0, close() {} }))
    assert.ok([200, 400, 431].includes(stream.status), `${id.slice(0, 20)}: ${stream.status}`)
    stream.close()
  }
})

/** Transactions a second of the whole network. */
async function rateOf(ms) {
  const count = async () => Number(await sql('select xact_commit from pg_stat_database where datname = current_database()'))
  const before = await count(), began = Date.now()
  await new Promise((r) => setTimeout(r, ms))
  return (await count() - before) * 1000 / (Date.now() - began)
}

test('a Last-Event-ID of the future, as after a restore, means now: the stream hears what comes, and nobody pays for it', { skip, timeout: 30000 }, async () => {
  const neighbour = await signIn(dealer.staff.seller)
  const streams = []
  for (let i = 0; i < 6; i++) streams.push(await listen(manager, { 'Last-Event-ID': '9000000000000000000' }))
  for (let i = 0; i < 4; i++) streams.push(await listen(neighbour))
  assert.ok(streams.every((s) => s.status === 200))
  const rate = await rateOf(2000)
  assert.ok(rate < 150, `${rate.toFixed(0)} transactions a second while nothing happens`)
  await sql('delete from core.event') // as the clock does after a quiet day; then nothing is left to be level with
  streams.push(await listen(neighbour))
  const quiet = await rateOf(2000)
  assert.ok(quiet < 150, `${quiet.toFixed(0)} transactions a second after a quiet day`)
  const mark = unique()
  for (const staff of [dealer.staff.manager, dealer.staff.seller]) await sql(`select core.event_add(${staff.staff_id}, 'notice', '{"kind": "N2", "mark": "${mark}"}')`)
  const heard = () => streams.map((s) => s.events.filter((e) => e.data.mark === mark).length)
  await until('each hears its event', () => heard().every((n) => n > 0), 10000).catch(() => {})
  for (const stream of streams) stream.close()
  assert.deepEqual(heard(), streams.map(() => 1), JSON.stringify(streams.map((s) => s.events)))
  neighbour.close()
})

test('logging out and losing the role close the stream', { skip, timeout: 30000 }, async () => {
  for (const path of ['/v1/logout', '/v1/logout/everywhere']) {
    const leaver = await signIn(dealer.staff.seller), stream = await listen(leaver)
    assert.equal((await leaver.post(path)).status, 204)
    const began = Date.now()
    await Promise.race([stream.closed, new Promise((r) => setTimeout(r, 8000).unref())])
    assert.ok(Date.now() - began < 3000, `${path}: ${Date.now() - began} ms`)
    leaver.close()
  }
  const staff = await makeStaff(dealer.dealer_id, 'seller'), dismissed = await signIn(staff)
  const second = await listen(dismissed)
  const reply = await manager.get('/v1/staff')
  const him = reply.json.items.find((s) => s.id === staff.id)
  const edited = await manager.patch(`/v1/staff/${staff.id}`, { is_active: false }, him.version)
  assert.ok(edited.status < 300, edited.text)
  const since = Date.now()
  await Promise.race([second.closed, new Promise((r) => setTimeout(r, 8000).unref())])
  assert.ok(Date.now() - since < 3000, `${Date.now() - since} ms`)
  dismissed.close()
})

test('a stream without a session is refused; one person has a largest number of streams', { skip, timeout: 30000 }, async () => {
  assert.equal((await listen({ address: manager.address, cookie: '' })).status, 401)
  const most = 16 * cpus().length, many = []  // of each event loop thread
  for (let i = 0; i < most + 4; i++) many.push(await listen(manager))
  const refused = many.filter((s) => s.status !== 200)
  assert.ok(refused.length >= 4 && refused.every((s) => s.status === 429 && s.headers['retry-after']), many.map((s) => s.status).join())
  for (const stream of many) stream.close()
  assert.equal((await manager.get('/v1/session')).status, 200)
})

test('while many listen, events cost the others nothing', { skip, timeout: 30000 }, async () => {
  const listeners = await Promise.all(Array.from({ length: 8 }, () => listen(manager)))
  await sql(`select core.event_add(${dealer.staff.manager.staff_id}, 'notice', json_build_object('id', i, 'kind', 'N2')::jsonb) from generate_series(1, 500) i`)
  const times = []
  for (let i = 0; i < 20; i++) times.push((await manager.get('/v1/session')).ms)
  times.sort((x, y) => x - y)
  assert.ok(times[15] < 500, `${times[15]} ms`)
  await until('all 500 arrive', () => listeners.filter((s) => s.status === 200).every((s) => s.events.filter((e) => e.event === 'notice').length >= 500), 15000)
  for (const stream of listeners) stream.close()
})

test('the end of a session that nobody uses closes its stream within the clock\'s minute', { skip, timeout: 150000 }, async () => {
  const { caller, stream, status, closed } = await sleeping
  assert.equal(status, 200)
  const took = await Promise.race([closed, new Promise((r) => setTimeout(r, 90000, 'open').unref())])
  stream.close(); caller.close()
  assert.ok(took < 90000, `${took}`)
})
