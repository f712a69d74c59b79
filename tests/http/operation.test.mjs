// SPDX-License-Identifier: Apache-2.0
// Story: what an operator and a scanner see: health, metrics, TLS, the log.
import test, { after } from 'node:test'
import assert from 'node:assert/strict'
import http from 'node:http'
import tls from 'node:tls'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { networkInterfaces, tmpdir } from 'node:os'
import { Caller, registration, signIn } from '../lib/http.mjs'
import { CA, CA_PATH, DEALER_PORT, HOST, IS_LONG, METRICS_PORT, NET, PORT, closeDatabase, makeDealer, noNetwork, phone, unique } from '../lib/network.mjs'
import { connect, connectPlain, exchange } from '../lib/raw.mjs'
import { noData, data } from '../lib/data.mjs'

after(closeDatabase)
const skip = noNetwork
const plain = (port, path) => new Promise((resolve, reject) => http.get({ host: '127.0.0.1', port, path }, (reply) => {
  let text = ''
  reply.on('data', (c) => { text += c })
  reply.on('end', () => resolve({ status: reply.statusCode, text, headers: reply.headers }))
}).on('error', reject))

test('livez and readyz answer strangers on 8443 and say nothing more than they must', { skip }, async () => {
  const caller = new Caller()
  for (const path of ['/livez', '/readyz']) {
    const reply = await caller.get(path)
    assert.equal(reply.status, 200, reply.text)
    assert.ok(reply.text.length < 600)
    assert.ok(!/password|socket|\/tmp|host=/.test(reply.text), reply.text)
  }
  caller.close()
})

test('metrics: Prometheus text on loopback only, with few series and no people in labels', { skip }, async () => {
  const reply = await plain(METRICS_PORT, '/metrics')
  assert.equal(reply.status, 200)
  assert.match(reply.headers['content-type'], /^text\/plain/)
  const lines = reply.text.split('\n').filter((l) => l && !l.startsWith('#'))
  assert.ok(lines.length > 10 && lines.length < 5000, `${lines.length} series`)
  for (const line of lines) assert.match(line, /^[a-z_:][a-z0-9_:]*(\{[^}]*\})? [0-9eE.+-]+( \d+)?$/i, line)
  assert.ok(!/@|\+7\d{6}/.test(reply.text))
  const caller = new Caller()
  assert.equal((await caller.get('/metrics')).status, 404)
  caller.close()
  const outside = Object.values(networkInterfaces()).flat().find((i) => i.family === 'IPv4' && !i.internal)
  if (outside) await assert.rejects(new Promise((resolve, reject) => http.get({ host: outside.address, port: METRICS_PORT, path: '/metrics', timeout: 2000 }, resolve)
    .on('error', reject).on('timeout', function () { this.destroy(new Error('timeout')) })), 'metrics are open on an outer address')
})

test('TLS: 1.2 with AEAD and 1.3, nothing older; ALPN is honoured', { skip }, async () => {
  for (const [version, alpn] of [['TLSv1.3', 'h2'], ['TLSv1.2', 'h2'], ['TLSv1.3', 'http/1.1'], ['TLSv1.2', 'http/1.1']]) {
    const socket = await connect({ minVersion: version, maxVersion: version, alpn: [alpn] })
    assert.equal(socket.getProtocol(), version)
    assert.equal(socket.alpnProtocol, alpn)
    assert.match(socket.getCipher().name, /GCM|CHACHA20/)
    const certificate = socket.getPeerCertificate()
    assert.equal(certificate.asn1Curve ?? 'prime256v1', 'prime256v1')
    socket.destroy()
  }
  for (const version of ['TLSv1', 'TLSv1.1'])
    await assert.rejects(connect({ minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }), version)
  for (const ciphers of ['AES128-SHA', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-ECDSA-AES128-SHA256', 'NULL', 'DES-CBC3-SHA'])
    await assert.rejects(connect({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: `${ciphers}@SECLEVEL=0` }), ciphers)
})

test('testssl.sh finds nothing of LOW or worse', { skip: skip || (IS_LONG ? false : 'long: two minutes'), timeout: 600000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'testssl-')), report = join(folder, 'report.json')
  execFileSync('testssl', ['--quiet', '--color', '0', '--warnings', 'off', '--add-ca', CA_PATH, '--jsonfile', report, `${HOST}:${PORT}`], { stdio: 'ignore' })
  // a CAA record belongs to the DNS of a public name, not to a server called localhost
  const findings = JSON.parse(readFileSync(report, 'utf8')).filter((f) => f.id !== 'DNS_CAArecord')
  rmSync(folder, { recursive: true })
  assert.ok(findings.length > 100, `${findings.length} findings`)
  assert.deepEqual(findings.filter((f) => /LOW|MEDIUM|HIGH|CRITICAL/.test(f.severity)).map((f) => `${f.severity} ${f.id}: ${f.finding}`), [])
})

test('a foreign protocol in ALPN is refused by alert', { skip }, async () => {
  for (const alpn of [['smtp'], ['ftp'], ['spdy/3']]) {
    let outcome
    try { const socket = await connect({ alpn }); outcome = socket.alpnProtocol; socket.destroy() } catch (error) { outcome = error.code }
    assert.match(String(outcome), /ALPN|NO_APPLICATION_PROTOCOL|ECONNRESET/i, alpn.join())
  }
})

test('plain HTTP and garbage on the TLS port get no answer and cost no more than a few seconds', { skip, timeout: 30000 }, async () => {
  for (const bytes of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\x16\x03\x01\xff\xff' + 'a'.repeat(300), '\0'.repeat(100)]) {
    const socket = await connectPlain(PORT)
    socket.write(bytes)
    await Promise.race([socket.ended, new Promise((r) => setTimeout(r, 8000))])
    assert.ok(socket.destroyed || socket.closed || socket.readableEnded, 'the line stays open')
    assert.ok(!socket.received.includes('HTTP/1.1 200'))
    socket.destroy()
  }
})

test('the dealers\' listener asks for a certificate of its own CA', { skip }, async () => {
  const outcome = await new Promise((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port: DEALER_PORT, servername: HOST, ca: CA }, () => {
      socket.write(`POST /v1/token HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}`)
    })
    let text = ''
    socket.on('data', (c) => { text += c })
    socket.on('error', (e) => resolve(e.code))
    socket.on('close', () => resolve(text))
    setTimeout(() => { resolve(text); socket.destroy() }, 3000)
  })
  assert.match(String(outcome), /CERTIFICATE_REQUIRED|ECONNRESET|HTTP\/1\.1 40[13]/)
})

test('every request is one line of the log, without personal data, token or SQL values', { skip }, async () => {
  const dealer = await makeDealer(), seller = await signIn(dealer.staff.seller)
  const canary = { surname: `Канарейка${unique()}`, phone: phone(), email: `${unique()}@canary.example`, city: `Тайноград${unique()}` }
  const made = await seller.post('/v1/registrations', registration(canary))
  assert.equal(made.json.state, 'ACTIVE', made.text)
  await seller.get(`/v1/people/search?q=${encodeURIComponent(canary.phone)}`)
  await seller.get(`/v1/people?q=${encodeURIComponent(canary.surname)}`)
  await seller.post('/v1/registrations', registration({ ...canary, line: canary.surname }))
  const bad = await seller.get('/v1/nothing', { headers: { 'User-Agent': `evil ${canary.phone}`, Referer: `https://x/${canary.email}` } })
  await exchange(`GET /v1/\x1b[31m HTTP/1.1\r\nHost: ${HOST}:${PORT}\r\nUser-Agent: \x1b[31m${canary.phone}\r\n\r\n`)
  await new Promise((r) => setTimeout(r, 600))
  const log = readFileSync(join(NET, 'log/server.log'), 'utf8')
  for (const secret of [canary.surname, canary.phone, canary.phone.slice(2), canary.email, canary.city, encodeURIComponent(canary.surname), seller.cookie,
    seller.cookie.slice(1), seller.csrf, dealer.staff.seller.login, dealer.staff.seller.password, '\x1b'])
    assert.ok(!log.includes(secret), `in the log: ${secret.slice(0, 12)}`)
  const lines = log.trim().split('\n').filter((l) => l.startsWith('{'))
  const mine = lines.map((l) => JSON.parse(l)).filter((l) => l.request_id === bad.json.request_id)
  assert.equal(mine.length, 1)
  assert.equal(mine[0].status, 404)
  const audit = readFileSync(join(NET, 'log/server.log'), 'utf8').split('\n').filter((l) => l && !l.startsWith('{'))
  assert.ok(audit.length === 0 || audit.every((l) => !/Sanitizer|runtime error/.test(l)), audit.slice(0, 5).join('\n'))
  seller.close()
})

test('the naughty strings in headers and paths do not reach the log raw', { skip: skip || noData('naughty-strings/strings.json') }, async (t) => {
  const caller = new Caller()
  const strings = JSON.parse(data('naughty-strings/strings.json'))
  let sent = 0
  for (const s of strings.slice(0, 120)) {
    const value = Buffer.from(s).toString('latin1')
    try { await caller.get(`/v1/${encodeURIComponent(s).slice(0, 1000)}`, { headers: { 'X-Naughty': value } }); sent++ } catch { /* node itself refuses control bytes */ }
  }
  t.diagnostic(`sampled ${sent} of ${strings.length}`)
  assert.ok(sent > 60)
  assert.equal((await caller.get('/livez')).status, 200)
  caller.close()
})

test('the request id of the caller is not believed, a traceparent does no harm', { skip }, async () => {
  const caller = new Caller()
  for (const headers of [{ 'X-Request-Id': 'mine' }, { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }, { traceparent: '00-zz' }, { 'X-Forwarded-For': '1.2.3.4' }]) {
    const reply = await caller.get('/v1/nothing', { headers })
    assert.equal(reply.status, 404)
    assert.notEqual(reply.json.request_id, 'mine')
  }
  caller.close()
})
