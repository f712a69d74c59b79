// SPDX-License-Identifier: Apache-2.0
// Story: clients that are slow on purpose. Total deadlines end them; the others do not notice (threats 41, 46).
import test, { after } from 'node:test'
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { registration, signIn } from '../lib/http.mjs'
import { HOST, IS_LONG, PORT, closeDatabase, makeDealer, noNetwork, phone } from '../lib/network.mjs'
import { connect, connectPlain, statuses } from '../lib/raw.mjs'
import { together } from '../lib/together.mjs'

after(closeDatabase)
const skip = noNetwork
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const host = `Host: ${HOST}:${PORT}`
/** Seconds until the server cuts a socket; Infinity when it did not within limit_s. */
async function cutAfter(socket, limit_s) {
  const began = Date.now()
  const is = await Promise.race([socket.ended.then(() => true), new Promise((resolve) => setTimeout(resolve, limit_s * 1000, false).unref())])
  return is ? (Date.now() - began) / 1000 : Infinity
}
/** Send a byte every pause_ms until the socket ends. */
async function drip(socket, bytes, pause_ms) {
  for (const byte of bytes) {
    if (socket.destroyed || socket.writableEnded) return
    socket.write(Buffer.from([byte]))
    await sleep(pause_ms)
  }
}

together([['a handshake that does not come is cut', { skip, timeout: 20000 }, async () => {
  const socket = await connectPlain(PORT), half = await connectPlain(PORT)
  half.write(Buffer.from('160301', 'hex'))
  for (const cut of await Promise.all([cutAfter(socket, 12), cutAfter(half, 12)])) assert.ok(cut < 10, `after ${cut} s`)
}],

['a head that drips is cut in total time, not per byte', { skip, timeout: 20000 }, async () => {
  const socket = await connect()
  const began = Date.now()
  drip(socket, Buffer.from(`GET /livez HTTP/1.1\r\n${host}\r\nX-Slow: ${'a'.repeat(200)}`), 200)
  const cut = await cutAfter(socket, 15)
  assert.ok(cut < 10, `after ${cut} s`)
  assert.ok(Date.now() - began < 12000)
  const codes = statuses(socket.received.toString('latin1'))
  assert.ok(codes.length === 0 || codes[0] === 408, codes.join())
}],

['a body that drips is cut, and nothing of it is kept', { skip, timeout: 40000 }, async () => {
  const dealer = await makeDealer(), seller = await signIn(dealer.staff.seller)
  const socket = await connect()
  const body = JSON.stringify(registration({ phone: phone() }))
  socket.write(`POST /v1/registrations HTTP/1.1\r\n${host}\r\nCookie: __Host-s=${seller.cookie}\r\nX-CSRF-Token: ${seller.csrf}\r\nOrigin: https://${HOST}:${PORT}\r\nIdempotency-Key: k1\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`)
  drip(socket, Buffer.from(body), 400)
  const cut = await cutAfter(socket, 30)
  assert.ok(cut < 20, `after ${cut} s`)
  assert.equal((await seller.get('/v1/people')).json.items.length, 0)
  seller.close()
}],

['a kept connection without a next request is closed after a while', { skip: skip || (IS_LONG ? false : 'long: it takes minutes'), timeout: 200000 }, async () => {
  const socket = await connect()
  socket.write(`GET /livez HTTP/1.1\r\n${host}\r\n\r\n`)
  assert.ok(await cutAfter(socket, 180) < 180)
}],

['an answer that nobody reads is cut', { skip, timeout: 60000 }, async () => {
  const socket = await connect()
  socket.pause()
  const one = `GET /v1/openapi.json HTTP/1.1\r\n${host}\r\n\r\n`
  const began = Date.now()
  socket.write(one.repeat(40))
  let isCut = false
  socket.on('error', () => { isCut = true })
  socket.on('close', () => { isCut = true })
  while (!isCut && Date.now() - began < 50000) {
    await sleep(500)
    socket.write(Buffer.from(one)) // a cut connection answers a write with RST
  }
  assert.ok(isCut || socket.destroyed, 'still open after 50 s')
}],

['an upload at a crawl is cut; a steady one goes through', { skip, timeout: 60000 }, async () => {
  const dealer = await makeDealer(), seller = await signIn(dealer.staff.seller)
  const { person_id } = (await seller.post('/v1/registrations', registration({ phone: phone() }))).json
  const head = (length) => `POST /v1/people/${person_id}/attachments?name=s HTTP/1.1\r\n${host}\r\nCookie: __Host-s=${seller.cookie}\r\nX-CSRF-Token: ${seller.csrf}\r\nOrigin: https://${HOST}:${PORT}\r\n` +
    `Idempotency-Key: ${randomBytes(8).toString('hex')}\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\n\r\n`
  const crawl = await connect(), steady = await connect()
  crawl.write(head(100000)); drip(crawl, Buffer.alloc(100), 300)
  steady.write(head(200000))
  for (let i = 0; i < 20; i++) { steady.write(Buffer.alloc(10000)); await sleep(60) }
  await sleep(1500)
  assert.deepEqual(statuses(steady.received.toString('latin1')).map((s) => Math.floor(s / 100)), [2], steady.received.toString('latin1').slice(0, 300))
  assert.ok(await cutAfter(crawl, 45) < 40)
  steady.destroy(); seller.close()
}]])

test('while hundreds are slow, others wait less than 50 ms', { skip, timeout: 90000 }, async (t) => {
  const dealer = await makeDealer(), manager = await signIn(dealer.staff.manager)
  const count = IS_LONG ? 2000 : 300
  const slow = []
  for (let i = 0; i < count; i += 20)
    slow.push(...await Promise.all(Array.from({ length: 20 }, () => connect().catch(() => null))))
  const alive = slow.filter(Boolean)
  for (const socket of alive) socket.write(`POST /v1/login HTTP/1.1\r\n${host}\r\nContent-Length: 1000\r\n`)
  let isOver = false
  const dripping = (async () => { while (!isOver) { for (const socket of alive) if (!socket.destroyed) socket.write('X: y\r\n'); await sleep(900) } })()
  const times = []
  for (let i = 0; i < 150; i++) { times.push((await manager.get('/v1/session')).ms); await sleep(8) }
  isOver = true
  await dripping
  times.sort((x, y) => x - y)
  const p99 = times[Math.floor(times.length * 0.99)], median = times[times.length >> 1]
  t.diagnostic(`sampled ${alive.length} slow connections: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)
  assert.ok(median < 50, `median ${median} ms`)
  assert.ok(p99 < 250, `p99 ${p99} ms`)
  for (const socket of alive) socket.destroy()
  manager.close()
})
