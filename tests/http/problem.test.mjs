// SPDX-License-Identifier: Apache-2.0
// Story: what a refusal looks like, in both languages, on every kind of wrong request.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { Caller, registration, signIn } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork } from '../lib/network.mjs'

let dealer, seller, manager
const skip = noNetwork
before(async () => {
  if (skip) return
  dealer = await makeDealer()
  seller = await signIn(dealer.staff.seller)
  manager = await signIn(dealer.staff.manager)
})
after(() => { seller?.close(); manager?.close(); closeDatabase() })

/** Check RFC 9457 members, language and the headers every answer has. */
function isProblem(reply, status, slug) {
  assert.equal(reply.status, status, `${reply.status} ${reply.text}`)
  assert.match(reply.headers['content-type'], /^application\/problem\+json/)
  const p = reply.json
  assert.equal(p.status, status)
  assert.match(p.type, new RegExp(`/v1/errors(#|/)${slug}$|${slug}$`))
  assert.ok(p.title.length > 3)
  assert.match(p.rule, /^(R\d+|RFC \d{4}( [\d.]+)?)$/, reply.text)
  assert.ok(p.next.length > 3, reply.text)
  assert.match(p.request_id, /^[\w-]{8,}$/)
  for (const key of Object.keys(p)) assert.ok(['type', 'title', 'status', 'detail', 'rule', 'field', 'next', 'request_id', 'info'].includes(key), key)
  for (const leak of ['ERROR:', 'SQLSTATE', 'psql', 'PL/pgSQL', 'core.', 'session.', 'DETAIL', 'violates', 'relation "'])
    assert.ok(!reply.text.includes(leak), `${leak} in ${reply.text}`)
  hasSecurityHeaders(reply)
}

function hasSecurityHeaders(reply) {
  assert.match(reply.headers['strict-transport-security'] ?? '', /max-age=(3[1-9]\d{6}|[4-9]\d{7}|\d{9,})/)
  assert.equal(reply.headers['x-content-type-options'], 'nosniff')
  assert.ok(reply.headers['content-security-policy'], 'CSP')
  assert.ok(reply.headers['referrer-policy'], 'Referrer-Policy')
  assert.equal(reply.headers['x-powered-by'], undefined)
  assert.doesNotMatch(reply.headers.server ?? '', /\d/)
}

test('an unknown address is a 404, an unknown method a 405 with Allow', { skip }, async () => {
  isProblem(await seller.get('/v1/nothing-here'), 404, 'not-found')
  isProblem(await seller.get('/v1/people/00000000-0000-4000-8000-000000000000'), 404, 'not-found')
  const reply = await seller.put('/v1/people', {})
  isProblem(reply, 405, 'method-not-allowed')
  assert.match(reply.headers.allow, /GET/)
})

test('an id that is no uuid is refused as absent or wrong, never as an error', { skip }, async () => {
  for (const id of ['x', '1', '%00', '..%2f..%2fetc', "';select", '00000000-0000-4000-8000-00000000000', 'null', '%F0%9F%98%80', '%ff'])
    assert.ok([400, 404].includes((await seller.get(`/v1/people/${id}`)).status), id)
})

test('a wrong body is named: type, syntax, shape, field', { skip }, async () => {
  isProblem(await seller.send('POST', '/v1/registrations', { body: '{"kind":', headers: { 'Content-Type': 'application/json' } }), 400, 'bad-json')
  isProblem(await seller.send('POST', '/v1/registrations', { body: '[]', headers: { 'Content-Type': 'application/json' } }), 400, 'bad-json|bad-value|bad-field')
  isProblem(await seller.send('POST', '/v1/registrations', { body: 'kind=PERSON', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }), 415, 'media-type')
  const unknown = await seller.post('/v1/registrations', registration({ is_admin: true }))
  isProblem(unknown, 400, 'unknown-field')
  assert.equal(unknown.json.field, 'is_admin')
  const wrong = await seller.post('/v1/registrations', registration({ brand_id: 'Haval' }))
  assert.equal(wrong.status, 400)
  assert.equal(wrong.json.field, 'brand_id')
  const line = await seller.post('/v1/registrations', registration({ line: 'NEWISH' }))
  assert.equal(line.status, 400)
  assert.equal(line.json.field, 'line')
})

test('an unknown or repeated query parameter is refused', { skip }, async () => {
  for (const query of ['?colour=red', '?limit=10&limit=20', '?limit=0', '?limit=101', '?limit=-1', '?limit=1e3', '?limit=ten', '?sort=hacked', '?state=OPEN', '?limit=99999999999999999999', '?after=%00', '?limit'])
    assert.equal((await seller.get(`/v1/people${query}`)).status, 400, query)
})

test('titles come in the language asked for, Russian first', { skip }, async () => {
  const title = async (lang) => (await seller.get('/v1/nothing', { headers: { 'Accept-Language': lang } })).json.title
  assert.match(await title('ru'), /[а-я]/i)
  assert.match(await title('en'), /^[\x20-\x7e]+$/)
  assert.match(await title('en-GB,en;q=0.9,ru;q=0.1'), /^[\x20-\x7e]+$/)
  assert.match(await title('de'), /\S/)
  const stranger = new Caller({ lang: 'en' })
  assert.match((await stranger.get('/v1/people')).json.title, /^[\x20-\x7e]+$/)
  stranger.close()
})

test('R162: a refusal of the trade names its R-number and the next step, in the language asked for; a general one its RFC', { skip }, async () => {
  const id = '00000000-0000-4000-8000-000000000000'
  for (const [lang, letters] of [['ru', /[а-я]{3}/i], ['en', /^[\x20-\x7e]+$/]]) {
    const said = async (method, path, json, status, slug, rule) => {
      const reply = await seller.send(method, path, { json, headers: { 'Accept-Language': lang } })
      isProblem(reply, status, slug)
      assert.equal(reply.json.rule, rule, reply.text)
      for (const member of ['title', 'next']) assert.match(reply.json[member], letters, `${member} in ${lang}: ${reply.text}`)
    }
    await said('POST', '/v1/probes', { phone: '+79710000001', brand_id: 1, line: 'NEW', purpose: ' ', consent_evidence: 'form' }, 400, 'purpose-missing', 'R26')
    await said('GET', `/v1/people/${id}`, undefined, 404, 'not-found', 'R135')
    await said('GET', '/v1/ledger', undefined, 403, 'forbidden', 'R133')
    await said('POST', '/v1/disputes', { kind: 'earlier_evidence', brand_id: 1, line: 'NEW', phone: '+79710000001', claim: 'был у нас раньше', evidence_ids: [] }, 400, 'evidence-missing', 'R101')
    await said('POST', '/v1/registrations', registration({ is_admin: true }), 400, 'unknown-field', 'RFC 9110 15.5.1')
    await said('PUT', '/v1/people', {}, 405, 'method-not-allowed', 'RFC 9110 15.5.6')
  }
})

test('every answer carries the security headers, errors too', { skip }, async () => {
  const stranger = new Caller()
  for (const path of ['/', '/v1/session', '/v1/errors', '/v1/openapi.json', '/livez', '/nothing', '/v1/people'])
    hasSecurityHeaders(await stranger.get(path))
  stranger.close()
})

test('the error page and OpenAPI are public and complete', { skip }, async () => {
  const stranger = new Caller({ lang: 'en' })
  const page = await stranger.get('/v1/errors')
  assert.equal(page.status, 200)
  for (const slug of ['not-found', 'csrf', 'probe-limit', 'in-flight', 'changed']) assert.ok(page.text.includes(slug), slug)
  const api = await stranger.get('/v1/openapi.json')
  assert.equal(api.status, 200)
  assert.match(api.json.openapi, /^3\.1/)
  assert.ok(Object.keys(api.json.paths).length > 60)
  stranger.close()
})

test('a HEAD answers like GET without a body', { skip }, async () => {
  const get = await manager.get('/v1/openapi.json'), head = await manager.send('HEAD', '/v1/openapi.json')
  assert.ok([200, 405].includes(head.status))
  if (head.status === 200) { assert.equal(head.text, ''); assert.equal(head.headers['content-type'], get.headers['content-type']) }
})
