// SPDX-License-Identifier: Apache-2.0
// Story: files on a record: kept as they are, seen by the uploading dealer only.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { registration, signIn } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork, phone, row } from '../lib/network.mjs'

let dealer, other, seller, manager, stranger, person
const skip = noNetwork
before(async () => {
  if (skip) return
  dealer = await makeDealer(); other = await makeDealer()
  ;[seller, manager, stranger] = await Promise.all([signIn(dealer.staff.seller), signIn(dealer.staff.manager), signIn(other.staff.manager)])
  person = (await seller.post('/v1/registrations', registration({ phone: phone() }))).json.person_id
})
after(() => { for (const c of [seller, manager, stranger]) c?.close(); closeDatabase() })

const put = (caller, name, body, type = 'application/octet-stream') =>
  caller.send('POST', `/v1/people/${person}/attachments?name=${encodeURIComponent(name)}`, { body, headers: { 'Content-Type': type } })

test('a file comes back byte for byte, as a download', { skip }, async () => {
  for (const size of [0, 1, 4095, 4096, 65537, 3 << 20]) {
    const bytes = randomBytes(size)
    const made = await put(seller, `скан ${size}.bin`, bytes)
    if (size === 0) { assert.ok(made.status < 300 || made.status === 400, made.text); if (made.status >= 300) continue }
    assert.ok(made.status < 300, `${size}: ${made.text}`)
    const got = await manager.get(`/v1/attachments/${made.json.id}`)
    assert.equal(got.status, 200)
    assert.equal(createHash('sha256').update(got.bytes).digest('hex'), createHash('sha256').update(bytes).digest('hex'), `${size}`)
    assert.match(got.headers['content-disposition'], /^attachment/)
    assert.equal(got.headers['x-content-type-options'], 'nosniff')
    assert.match(got.headers['content-security-policy'], /sandbox|default-src 'none'/)
  }
})

test('a page or a script is never shown, whatever its type says', { skip }, async () => {
  const made = await put(seller, 'x.html', '<script>alert(1)</script>', 'text/html')
  assert.ok(made.status < 300 || [400, 415].includes(made.status))
  if (made.status < 300) {
    const got = await seller.get(`/v1/attachments/${made.json.id}`)
    assert.match(got.headers['content-disposition'], /^attachment/)
  }
})

test('names with paths, quotes, line ends and other alphabets stay names', { skip }, async () => {
  for (const name of ['../../etc/passwd', 'a"b.txt', 'a\r\nSet-Cookie: x=y.txt', '名前.pdf', 'a;b=c', 'x'.repeat(500), '.', 'con']) {
    const made = await put(seller, name, 'x')
    if (made.status >= 300) { assert.equal(made.status, 400, `${name}: ${made.text}`); continue }
    const got = await seller.get(`/v1/attachments/${made.json.id}`)
    assert.equal(got.status, 200)
    assert.equal(got.headers['set-cookie'], undefined)
    assert.doesNotMatch(got.headers['content-disposition'], /[\r\n]/)
  }
})

test('only the uploading dealer sees, opens and deletes it', { skip }, async () => {
  const made = await put(seller, 'договор.pdf', 'pdf')
  assert.ok((await seller.all(`/v1/people/${person}/attachments`)).some((f) => f.id === made.json.id))
  const foreign = await stranger.get(`/v1/people/${person}/attachments`), absent = await stranger.get('/v1/people/00000000-0000-4000-8000-000000000000/attachments')
  assert.equal(foreign.status, absent.status, 'a foreign person answers as an absent one')
  assert.deepEqual(foreign.json.items ?? [], [])
  assert.equal((await stranger.get(`/v1/attachments/${made.json.id}`)).status, 404)
  assert.equal((await stranger.del(`/v1/attachments/${made.json.id}`)).status, 404)
  assert.ok((await seller.del(`/v1/attachments/${made.json.id}`)).status < 300)
  assert.equal((await seller.get(`/v1/attachments/${made.json.id}`)).status, 404)
  const kept = await row(`select count(*)::int as n from core.ledger where subject = '${made.json.id}' or detail::text like '%${made.json.id}%'`)
  assert.ok(kept.n >= 1, 'reading and deleting are in the ledger')
})

test('a file over the limit is refused at its head, and nothing of it stays', { skip }, async () => {
  const reply = await seller.send('POST', `/v1/people/${person}/attachments?name=big`, { body: Buffer.alloc(21 << 20), headers: { 'Content-Type': 'application/octet-stream' } })
    .catch((error) => ({ status: 413, text: String(error) }))
  assert.equal(reply.status, 413, reply.text)
  assert.ok(!(await seller.all(`/v1/people/${person}/attachments`)).some((f) => f.name === 'big'))
})

test('an upload that breaks off leaves nothing', { skip }, async () => {
  const stop = new AbortController()
  const sending = seller.send('POST', `/v1/people/${person}/attachments?name=half`, { body: Buffer.alloc(8 << 20), signal: stop.signal,
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': 9 << 20 } }).catch(() => 'broken')
  await new Promise((r) => setTimeout(r, 300))
  stop.abort()
  await sending
  await new Promise((r) => setTimeout(r, 300))
  assert.ok(!(await seller.all(`/v1/people/${person}/attachments`)).some((f) => f.name === 'half'))
})

test('a file cannot be hung on an invisible person', { skip }, async () => {
  const reply = await stranger.send('POST', `/v1/people/${person}/attachments?name=x`, { body: 'x', headers: { 'Content-Type': 'text/plain' } })
  assert.equal(reply.status, 404, reply.text)
})
