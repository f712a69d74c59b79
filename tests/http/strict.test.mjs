// SPDX-License-Identifier: Apache-2.0
// Story: what is not exactly HTTP is refused and the line is cut. Cases of data/http-requests and of threat 45.
import test, { after } from 'node:test'
import assert from 'node:assert/strict'
import http2 from 'node:http2'
import { readdirSync } from 'node:fs'
import { CA, HOST, PORT, closeDatabase, noNetwork } from '../lib/network.mjs'
import { data, dataPath, noData } from '../lib/data.mjs'
import { exchange, statuses } from '../lib/raw.mjs'

after(closeDatabase)
const skip = noNetwork
const head = (lines) => lines.join('\r\n') + '\r\n\r\n'
const host = `Host: ${HOST}:${PORT}`

/** Blocks of one llhttp document: {title, meta, request (bytes), log}. */
function cases(markdown) {
  const found = []
  let title = '', meta = {}
  for (const m of markdown.matchAll(/^#+ (.*)$|<!-- meta=(\{.*?\}) -->|```http\n([\s\S]*?)```\s*```log\n([\s\S]*?)```/gm)) {
    if (m[1] !== undefined) { title = m[1]; meta = {} } else if (m[2] !== undefined) meta = JSON.parse(m[2])
    else {
      // llhttp's own test reader: a newline in the block is CRLF, \r \n \t \f \xHH are escapes, a line ending in \ goes on
      const request = m[3].replace(/\n$/, '').replace(/\\(\r\n|\r|\n)/g, '').replace(/\r\n|\r|\n/g, '\r\n')
        .replace(/\\r/g, '\r').replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\f/g, '\f')
        .replace(/\\x([0-9a-fA-F]+)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
      found.push({ title, meta, request: Buffer.from(request, 'latin1'), log: m[4] })
    }
  }
  return found
}

test('every case of llhttp: what must fail gets 400 and a closed line, what is leniency is refused', { skip: skip || noData('http-requests'), timeout: 240000 }, async (t) => {
  const wrong = []
  let refused = 0, passed = 0, foreign = 0
  const work = []
  for (const file of readdirSync(dataPath('http-requests')).filter((name) => name.endsWith('.md')))
    for (const one of cases(data(`http-requests/${file}`))) work.push({ file, ...one })
  const judge = async ({ file, title, meta, request, log }) => {
    const kind = meta.type ?? ''
    const text = request.toString('latin1')
    if (/response/.test(kind) || /^(ICY|HTTP\/)/.test(text) || /RTSP|ICE\/|SOURCE |\*\s*HTTP\/2/.test(text.split('\r\n')[0])) { foreign++; return }
    const isLenient = /lenient/.test(kind)
    const isError = /error code=/.test(log)
    const { text: got, isClosed } = await exchange(request, { quiet_ms: 250, limit_ms: 7000 })
    const codes = statuses(got)
    if (isLenient || isError) {
      refused++
      // the refusal may follow a good request on the same line, so the last answer counts
      const last = codes.at(-1)
      if (!(last >= 400 && last < 600 && isClosed) && !(codes.length === 0 && isClosed))
        wrong.push(`${file} "${title}" ${kind}: ${codes.join()} closed=${isClosed}\n  ${JSON.stringify(text.slice(0, 120))}`)
    } else {
      passed++
      if (codes.some((code) => code >= 500 && code !== 501 && code !== 505)) wrong.push(`${file} "${title}": ${codes.join()}`)
    }
  }
  const queue = [...work]
  await Promise.all(Array.from({ length: 12 }, async () => { while (queue.length) await judge(queue.shift()) }))
  t.diagnostic(`${work.length} cases: ${refused} to refuse, ${passed} sound, ${foreign} of other protocols`)
  assert.ok(refused > 40 && passed > 20)
  assert.equal(wrong.length, 0, wrong.join('\n'))
})

const hostile = {
  'two different lengths': head(['POST /livez HTTP/1.1', host, 'Content-Length: 4', 'Content-Length: 5']) + 'abcde',
  'two equal lengths': head(['POST /livez HTTP/1.1', host, 'Content-Length: 4', 'Content-Length: 4']) + 'abcd',
  'a list of lengths': head(['POST /livez HTTP/1.1', host, 'Content-Length: 4, 4']) + 'abcd',
  'length with a sign': head(['POST /livez HTTP/1.1', host, 'Content-Length: +4']) + 'abcd',
  'length in hex': head(['POST /livez HTTP/1.1', host, 'Content-Length: 0x4']) + 'abcd',
  'length with a space inside': head(['POST /livez HTTP/1.1', host, 'Content-Length: 1 0']) + 'abcdefghij',
  'length beyond 64 bits': head(['POST /livez HTTP/1.1', host, 'Content-Length: 18446744073709551620']) + 'abcd',
  'length and chunked': head(['POST /livez HTTP/1.1', host, 'Content-Length: 4', 'Transfer-Encoding: chunked']) + '0\r\n\r\n',
  'chunked twice': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: chunked, chunked']) + '0\r\n\r\n',
  'chunked not last': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: chunked, gzip']) + '0\r\n\r\n',
  'gzip before chunked': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: gzip, chunked']) + '0\r\n\r\n',
  'unknown coding': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: xchunked']) + '0\r\n\r\n',
  'chunked with a tab before the colon': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding\t: chunked']) + '0\r\n\r\n',
  'chunked behind vertical tab': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: \x0bchunked']) + '0\r\n\r\n',
  'chunk size with a sign': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: chunked']) + '+4\r\nabcd\r\n0\r\n\r\n',
  'chunk size in C notation': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: chunked']) + '0x4\r\nabcd\r\n0\r\n\r\n',
  'chunk size beyond 64 bits': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: chunked']) + '10000000000000004\r\nabcd\r\n0\r\n\r\n',
  'chunk ended by a bare line feed': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: chunked']) + '4\nabcd\n0\n\n',
  'chunk longer than its size': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: chunked']) + '4\r\nabcde\r\n0\r\n\r\n',
  'line feed in a chunk extension': head(['POST /livez HTTP/1.1', host, 'Transfer-Encoding: chunked']) + '4;x=\n\r\nabcd\r\n0\r\n\r\n',
  'bare line feeds': `GET /livez HTTP/1.1\n${host}\n\n`,
  'bare carriage return in a value': head(['GET /livez HTTP/1.1', host, 'X: a\rb']),
  'NUL in a value': head(['GET /livez HTTP/1.1', host, 'X: a\0b']),
  'no Host': head(['GET /livez HTTP/1.1', 'X: y']),
  'two Hosts': head(['GET /livez HTTP/1.1', host, host]),
  'a Host that is no host': head(['GET /livez HTTP/1.1', 'Host: a b']),
  'space before the colon': head(['GET /livez HTTP/1.1', host, 'X : y']),
  'an empty header name': head(['GET /livez HTTP/1.1', host, ': y']),
  'a folded header': head(['GET /livez HTTP/1.1', host, 'X: a', ' b']),
  'a header without colon': head(['GET /livez HTTP/1.1', host, 'nonsense']),
  'space before the first header': head(['GET /livez HTTP/1.1', ` ${host}`]),
  'a space too many in the request line': head(['GET  /livez HTTP/1.1', host]),
  'a tab in the request line': head(['GET\t/livez HTTP/1.1', host]),
  'HTTP/1.2': head(['GET /livez HTTP/1.2', host]),
  'HTTP/2.0 in words': head(['GET /livez HTTP/2.0', host]),
  'HTTP/9.9': head(['GET /livez HTTP/9.9', host]),
  'HTTP/0.9': 'GET /livez\r\n',
  'lower case version': head(['GET /livez http/1.1', host]),
  'a method in small letters with a colon': head(['get: /livez HTTP/1.1', host]),
  'a target that is no path': head(['GET livez HTTP/1.1', host]),
  'an absolute target of another host': head(['GET https://evil.example/livez HTTP/1.1', host]),
  'a fragment in the target': head(['GET /livez#x HTTP/1.1', host]),
  'a target with a control byte': head(['GET /liv\x7fez HTTP/1.1', host]),
  'CONNECT': head(['CONNECT evil.example:443 HTTP/1.1', host]),
  'HTTP/1.0 with chunks': head(['POST /livez HTTP/1.0', host, 'Connection: keep-alive', 'Transfer-Encoding: chunked']) + '0\r\n\r\n',
  'an HTTP/2 preface without ALPN': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'TLS inside TLS': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'SMTP': 'EHLO x\r\nMAIL FROM:<a@b>\r\n',
}
for (const [name, bytes] of Object.entries(hostile))
  test(`refused and cut: ${name}`, { skip }, async () => {
    const smuggled = head(['GET /readyz?smuggled HTTP/1.1', host])
    const { text, isClosed } = await exchange(Buffer.from(bytes + smuggled, 'latin1'))
    const codes = statuses(text)
    assert.ok(codes.length <= 1, `answers ${codes.join()}: the hidden request was answered`)
    if (codes.length) assert.ok([400, 404, 405, 411, 421, 501, 505].includes(codes[0]), `answer ${codes[0]}`)
    assert.ok(isClosed, 'the line stays open')
  })

test('sound requests on one line are all answered, in order', { skip }, async () => {
  const one = head(['GET /livez HTTP/1.1', host])
  const { text } = await exchange(one + one + one + head(['GET /nothing HTTP/1.1', host, 'Connection: close']))
  assert.deepEqual(statuses(text), [200, 200, 200, 404])
})

test('a request cut at every byte is the same request', { skip }, async () => {
  const { connect } = await import('../lib/raw.mjs')
  const socket = await connect()
  const bytes = Buffer.from(head(['GET /livez HTTP/1.1', host, 'Connection: close']))
  for (const byte of bytes) { socket.write(Buffer.from([byte])); await new Promise((r) => setTimeout(r, 3)) }
  await socket.ended
  assert.deepEqual(statuses(socket.received.toString('latin1')), [200])
})

const oversized = {
  'a path of 5,000 bytes': [head([`GET /${'a'.repeat(5000)} HTTP/1.1`, host]), 414],
  'a query of 5,000 bytes': [head([`GET /v1/people?q=${'a'.repeat(5000)} HTTP/1.1`, host]), 414],
  'one header of 9,000 bytes': [head(['GET /livez HTTP/1.1', host, `X: ${'a'.repeat(9000)}`]), 431],
  'a hundred headers': [head(['GET /livez HTTP/1.1', host, ...Array.from({ length: 100 }, (_, i) => `X-${i}: y`)]), 431],
  'a header name of 9,000 bytes': [head(['GET /livez HTTP/1.1', host, `${'X'.repeat(9000)}: y`]), 431],
  'a body said to be a gigabyte': [head(['POST /v1/login HTTP/1.1', host, 'Content-Type: application/json', 'Content-Length: 1073741824']), 413],
  'a chunked body beyond the limit': [head(['POST /v1/login HTTP/1.1', host, 'Content-Type: application/json', 'Transfer-Encoding: chunked']) + ('1000\r\n' + ' '.repeat(4096) + '\r\n').repeat(4), 413],
}
for (const [name, [bytes, status]] of Object.entries(oversized))
  test(`told and cut: ${name}`, { skip }, async () => {
    const { text, isClosed } = await exchange(bytes)
    const codes = statuses(text)
    assert.equal(codes.length, 1, codes.join())
    assert.ok([status, 400, 431].includes(codes[0]), `answer ${codes[0]}, expected ${status}`)
    assert.ok(isClosed)
  })

test('HTTP/2: sound requests in parallel, hostile ones end their stream only', { skip }, async () => {
  const session = http2.connect(`https://${HOST}:${PORT}`, { ca: CA })
  await new Promise((resolve, reject) => { session.once('connect', resolve); session.once('error', reject) })
  const ask = (headers, body) => new Promise((resolve) => {
    let stream
    try { stream = session.request(headers, { endStream: !body }) } catch (error) { resolve(`local ${error.code}`); return }
    let status = 0
    stream.on('response', (h) => { status = h[':status'] })
    stream.on('error', () => resolve(status || 'reset'))
    stream.on('close', () => resolve(status || 'reset'))
    stream.resume()
    if (body) stream.end(body)
  })
  const many = await Promise.all(Array.from({ length: 60 }, () => ask({ ':path': '/livez' })))
  assert.ok(many.every((s) => s === 200), many.join())
  assert.equal(await ask({ ':path': '/v1/nothing' }), 404)
  assert.equal(await ask({ ':path': '/v1/people' }), 401)
  for (const bad of [{ ':path': 'livez' }, { ':path': '/a b' }, { ':path': '/livez#x' }, { ':path': '/livez', 'x-big': 'a'.repeat(20000) },
    { ':path': `/${'a'.repeat(6000)}` }]) {
    const status = await ask(bad)
    assert.ok(status === 'reset' || String(status).startsWith('local') || (status >= 400 && status < 500), `${JSON.stringify(bad).slice(0, 40)}: ${status}`)
  }
  if (!session.closed && !session.destroyed) assert.equal(await ask({ ':path': '/livez' }), 200)
  session.destroy()
})

test('HTTP/2: a thousand resets do not stop the server', { skip, timeout: 60000 }, async () => {
  const session = http2.connect(`https://${HOST}:${PORT}`, { ca: CA })
  session.on('error', () => {})
  await new Promise((resolve) => session.once('connect', resolve))
  for (let i = 0; i < 1000 && !session.destroyed && !session.closed; i++) {
    try {
      const stream = session.request({ ':path': '/v1/openapi.json' })
      stream.on('error', () => {})
      stream.close(http2.constants.NGHTTP2_CANCEL)
    } catch { break }
    if (i % 100 === 0) await new Promise((r) => setTimeout(r, 5))
  }
  session.destroy()
  const { text } = await exchange(head(['GET /livez HTTP/1.1', host, 'Connection: close']))
  assert.deepEqual(statuses(text), [200])
})
