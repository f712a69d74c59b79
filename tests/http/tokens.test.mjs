// SPDX-License-Identifier: Apache-2.0
// Story: forged tokens. Every token of data/jwt, and the tricks of threat 24, meet one and the same refusal.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import https from 'node:https'
import { createHmac, createPublicKey, createSign, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CA, DEALER_PORT, HOST, NET, closeDatabase, makeDealer, noNetwork } from '../lib/network.mjs'
import { closeAdmin, makeSystem } from '../lib/dealer.mjs'
import { SEED, data, noData, sample } from '../lib/data.mjs'

let identity, agent, good
const skip = noNetwork
const ask = (token, path = '/v1/exchange/status') => new Promise((resolve, reject) => {
  https.get({ host: HOST, port: DEALER_PORT, path, ca: CA, cert: identity, key: identity, agent, headers: token === undefined ? {} : { Authorization: token } }, (reply) => {
    let text = ''
    reply.on('data', (c) => { text += c })
    reply.on('end', () => { let json; try { json = JSON.parse(text) } catch { /* no JSON */ } resolve({ status: reply.statusCode, text, json }) })
  }).on('error', reject)
})
before(async () => {
  if (skip) return
  const system = await makeSystem(await makeDealer({ seats: ['manager', 'system'] }))
  identity = readFileSync(join(system.folder, 'identity.pem'))
  agent = new https.Agent({ keepAlive: true, maxSockets: 8 })
  const mint = () => new Promise((resolve, reject) => {
    const request = https.request({ host: HOST, port: DEALER_PORT, method: 'POST', path: '/v1/token', ca: CA, cert: identity, key: identity, agent,
      headers: { 'Content-Type': 'application/json', 'Content-Length': 2 } }, (reply) => {
      let text = ''
      reply.on('data', (c) => { text += c })
      reply.on('end', () => resolve(JSON.parse(text).access_token))
    })
    request.on('error', reject)
    request.end('{}')
  })
  // one in fifteen signatures has neither letter in which base64url differs from base64
  do good = await mint(); while (!/[-_]/.test(good.split('.')[2]))
})
after(() => { agent?.destroy(); closeAdmin(); closeDatabase() })

const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const parts = () => { const [head, body, signature] = good.split('.'); return { head: JSON.parse(Buffer.from(head, 'base64url')), body: JSON.parse(Buffer.from(body, 'base64url')), signature, raw: { head, body } } }
const refused = async (token, name) => {
  const reply = await ask(`Bearer ${token}`)
  assert.equal(reply.status, 401, `${name}: ${reply.status} ${reply.text}`)
  return reply
}

test('a good token opens, in any case of the scheme\'s name', { skip }, async () => {
  assert.equal((await ask(`Bearer ${good}`)).status, 200)
  assert.equal((await ask(`bearer ${good}`)).status, 200)
  for (const wrong of [undefined, good, `Basic ${good}`, `Bearer  ${good} x`, `Bearer ${good},`, 'Bearer', 'Bearer ', `Bearer ${good} ${good}`])
    assert.ok([400, 401].includes((await ask(wrong)).status), String(wrong).slice(0, 30))
})

test('every token of the wycheproof file is refused', { skip: skip || noData('jwt/json_web_signature_test.json'), timeout: 120000 }, async (t) => {
  const all = JSON.parse(data('jwt/json_web_signature_test.json')).testGroups.flatMap((g) => g.tests)
  const chosen = sample(all.filter((c) => typeof c.jws === 'string'), 150)
  t.diagnostic(`sampled ${chosen.length} of ${all.length}, seed ${SEED}`)
  const wrong = []
  const queue = [...chosen]
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let c; (c = queue.shift());) {
      const token = c.jws.replace(/[^\x21-\x7e]/g, '')
      if (token.length > 6000) continue
      const reply = await ask(`Bearer ${token}`)
      if (![400, 401].includes(reply.status)) wrong.push(`${c.tcId} ${c.comment}: ${reply.status}`)
    }
  }))
  assert.deepEqual(wrong, [])
})

test('tricks with the algorithm, the key, the claims and the shape are refused with one word', { skip, timeout: 60000 }, async () => {
  const { head, body, signature, raw } = parts()
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const es256 = (h, b, key) => { const s = createSign('SHA256'); s.update(`${h}.${b}`); return s.sign({ key, dsaEncoding: 'ieee-p1363' }).toString('base64url') }
  const own = (h = {}, b = {}, key = other.privateKey) => { const [x, y] = [b64({ ...head, ...h }), b64({ ...body, ...b })]; return `${x}.${y}.${es256(x, y, key)}` }
  const publicPem = createPublicKey(readFileSync(join(NET, 'secrets/token.pem'), 'utf8')).export({ type: 'spki', format: 'pem' })
  const hs = (secret, h = {}) => { const x = b64({ ...head, alg: 'HS256', ...h }); return `${x}.${raw.body}.${createHmac('sha256', secret).update(`${x}.${raw.body}`).digest('base64url')}` }
  const now = Math.floor(Date.now() / 1000)
  const tokens = {
    'alg none': `${b64({ ...head, alg: 'none' })}.${raw.body}.`, 'alg None': `${b64({ ...head, alg: 'None' })}.${raw.body}.`, 'no signature': `${raw.head}.${raw.body}.`,
    'HS256 with the public key as secret': hs(publicPem), 'HS256 with an empty secret': hs(''), 'HS384': hs('secret', { alg: 'HS384' }),
    'RS256': `${b64({ ...head, alg: 'RS256' })}.${raw.body}.${createSign('SHA256').update('x').sign(rsa.privateKey).toString('base64url')}`,
    'a strange key': own(), 'a strange key with its jwk': own({ jwk: other.publicKey.export({ format: 'jwk' }) }), 'jku': own({ jku: 'https://evil.example/k' }),
    'x5u': own({ x5u: 'https://evil.example/c' }), 'kid as a path': own({ kid: '../../../dev/null' }), 'kid as SQL': own({ kid: "' or 1=1 --" }), 'crit': own({ crit: ['b64'], b64: false }),
    'another body': `${raw.head}.${b64({ ...body, exp: body.exp + 3600 })}.${signature}`, 'another head': `${b64({ ...head, kid: 'x' })}.${raw.body}.${signature}`,
    'expired': own({}, { exp: now - 1, iat: now - 700 }), 'not yet': own({}, { nbf: now + 3600 }), 'no end': own({}, { exp: undefined }), 'far end': own({}, { exp: now + 1e9 }),
    'end as text': own({}, { exp: String(body.exp) }), 'another audience': own({}, { aud: 'x' }), 'another issuer': own({}, { iss: 'x' }), 'a zero signature': `${raw.head}.${raw.body}.${Buffer.alloc(64).toString('base64url')}`,
    'a signature of ones': `${raw.head}.${raw.body}.${Buffer.alloc(64, 255).toString('base64url')}`, 'a DER signature': `${raw.head}.${raw.body}.${createSign('SHA256').update('x').sign(other.privateKey).toString('base64url')}`,
    'padding': `${raw.head}=.${raw.body}.${signature}`, 'a changed last letter': good.slice(0, -1) + (good.endsWith('A') ? 'B' : 'A'), 'a second dot': good + '.', 'four parts': good + '.x',
    'two parts': `${raw.head}.${raw.body}`, 'nothing': '', 'dots': '..', 'plus and slash': good.replace(/[-_]/g, '+'), 'a doubled alg': `${b64(`{"alg":"none","alg":"ES256","typ":"JWT"}`)}.${raw.body}.${signature}`,
    'a deep head': `${b64('{"alg":"ES256","x":' + '['.repeat(1000) + ']'.repeat(1000) + '}')}.${raw.body}.${signature}`, 'no JSON': `${b64('x')}.${b64('y')}.${signature}`, 'a list': `${b64([1])}.${b64([2])}.${signature}`,
    'a NUL': `${b64('{"alg":"ES256\u0000"}')}.${raw.body}.${signature}`, 'JWE': 'a.b.c.d.e', 'long': 'A'.repeat(5000), 'unicode escapes': `${b64('{"\\u0061lg":"none"}')}.${raw.body}.`,
  }
  const answers = new Set()
  for (const [name, token] of Object.entries(tokens)) {
    const { json } = await refused(token, name)
    const { request_id: _, ...said } = json
    answers.add(JSON.stringify(said))
  }
  assert.equal(answers.size, 1, [...answers].join('\n'))
  assert.equal((await ask(`Bearer ${good}`)).status, 200, 'the good one still opens')
})

test('the token in a cookie, a query or a body opens nothing', { skip }, async () => {
  assert.ok([400, 401].includes((await ask(undefined, `/v1/exchange/status?access_token=${good}`)).status))
})
