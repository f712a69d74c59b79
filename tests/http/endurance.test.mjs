// SPDX-License-Identifier: Apache-2.0
// Story: bad input, thousands of times. Nothing of it stays in the server: its memory is the same afterwards.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { registration, signIn } from '../lib/http.mjs'
import { HOST, IS_LONG, PORT, closeDatabase, makeDealer, noNetwork, phone } from '../lib/network.mjs'
import { SEED, data, generator, noData, unpacked } from '../lib/data.mjs'
import { connect } from '../lib/raw.mjs'
import { memoryKib, serverPid } from '../lib/server.mjs'

const skip = noNetwork || noData('json-parsing/cases.tar.gz') || (process.env.CLIENTELE_TEST_SANITIZE ? 'memory is not judged under the sanitizer' : false)
const repeats = IS_LONG ? 10000 : 1500
let seller
before(async () => { if (!skip) seller = await signIn((await makeDealer()).staff.seller) })
after(() => { seller?.close(); closeDatabase() })

/** What is sent, by kind; each returns when its answer, or the end of its connection, has come. */
function attacks() {
  const broken = unpacked('json-parsing/cases.tar.gz').filter(({ name }) => /\/[ni]_[^/]*\.json$/.test(name)).map(({ bytes }) => Buffer.from(bytes))
  const strings = JSON.parse(data('naughty-strings/strings.json')).filter((s) => s !== '' && !s.includes('\0'))
  const host = `Host: ${HOST}:${PORT}\r\n`
  const raw = [`GET / HTTP/1.1\r\n${host}Bad Header\r\n\r\n`, `POST /v1/login HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, `GET /${'a'.repeat(9000)} HTTP/1.1\r\n${host}\r\n`,
    `POST /v1/login HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, `GET / HTTP/1.1\r\n${host}X: ${'b'.repeat(40000)}\r\n\r\n`, '\r\n\r\n\r\nGET', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']
  const of = (list, i) => list[i % list.length]
  const word = (i, most) => encodeURIComponent([...of(strings, i)].slice(0, most).join('').toWellFormed?.() ?? 'x')
  return [
    (i) => seller.send('POST', '/v1/views', { body: of(broken, i), headers: { 'Content-Type': 'application/json' } }),
    (i) => seller.get(`/v1/people/search?q=${word(i, 60)}`),
    (i) => seller.post('/v1/registrations', registration({ phone: i % 2 ? of(strings, i) : phone(), surname: of(strings, i + 7), consent_evidence: '' })),
    (i) => seller.get(`/v1/people/${word(i, 40)}`),
    (i) => seller.send('POST', '/v1/tasks', { body: Buffer.alloc(70000, 97), headers: { 'Content-Type': 'application/json' } }),
    (i) => seller.get('/v1/people', { headers: { Authorization: `Bearer ${'x'.repeat(i % 3000)}` } }),
    async (i) => { const socket = await connect(); socket.write(of(raw, i)); await Promise.race([socket.ended, new Promise((r) => setTimeout(r, 150))]); socket.destroy() },
  ]
}

test('the memory of the server is the same within 5 % after bad input in thousands', { skip, timeout: 600000 }, async (t) => {
  const kinds = attacks(), random = generator(SEED)
  const send = async (count) => {
    let left = count, unanswered = 0
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (left-- > 0) await kinds[Math.floor(random() * kinds.length)](Math.floor(random() * 1e6)).catch(() => { unanswered++ })
    }))
    return unanswered
  }
  await send(Math.max(600, repeats / 5)) // pools, caches and statements reach their size
  const begun = memoryKib(serverPid())
  const unanswered = await send(repeats)
  const ended = memoryKib(serverPid())
  t.diagnostic(`seed ${SEED}: ${repeats} requests of ${kinds.length} kinds; ${begun} KiB before, ${ended} KiB after; ${unanswered} without an answer`)
  assert.ok(begun > 0 && ended <= begun * 1.05, `${begun} KiB before, ${ended} KiB after`)
  assert.equal((await seller.get('/v1/session')).status, 200)
})
