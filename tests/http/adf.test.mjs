// SPDX-License-Identifier: Apache-2.0
// Story: a portal posts leads as ADF documents, with its site's key as bearer token. R24, R40, R153, R154.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { Caller, signIn, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, quote, row, serial, unique } from '../lib/network.mjs'
import { kit } from '../lib/kit.mjs'

const skip = noNetwork
let admin, site, portal, sample
before(async () => {
  if (skip) return
  const brand = 20000 + serial('brands', 1)() % 12000
  await makeDealer({ brands: [brand] })
  admin = await signIn(await makeStaff(0, 'admin'))
  site = (await admin.post('/v1/web-sites', { name: `Портал ${unique()}`, brand_id: brand, line: 'NEW' })).json
  portal = new Caller()
  sample = kit('portal-lead.xml').toString('utf8')
})
after(() => { admin?.close(); portal?.close(); closeDatabase() })

const post = (body, { key = site.key, type = 'application/xml', headers = {} } = {}) => portal.send('POST', '/v1/web-leads',
  { body: Buffer.from(body), key: null, headers: { 'Content-Type': type, ...(key === null ? {} : { Authorization: `Bearer ${key}` }), ...headers } })
const kept = (id) => row(`select w.lead_id, w.error, w.data, (select count(*)::int from core.web_lead x where x.external_id = ${quote(id)}) as n from core.web_lead w where w.external_id = ${quote(id)}`)
const idOf = (text) => `avto-portal ${/<id[^>]*>([^<]+)</.exec(text)[1]}`

test('R40, R154: an ADF document as a portal posts it becomes a lead; its number, source and date are what the person agreed to', { skip, timeout: 60000 }, async () => {
  const reply = await post(sample)
  assert.equal(reply.status, 202, reply.text)
  assert.equal(reply.text, '')
  const lead = await until('the clock took it', async () => { const w = await kept(idOf(sample)); return (w?.lead_id || w?.error) && w })
  assert.equal(lead.error, null)
  const made = await row(`select p.given_name, p.surname, l.interest from core.lead l join core.party p using (party_id) where l.lead_id = ${lead.lead_id}`)
  assert.deepEqual([made.given_name, made.surname], ['Оксана', 'Зимина'])
  assert.match(made.interest, /Jolion/, 'the car he asks for, not the one he gives in exchange')
})

test('R153: the same request again, in any of the usual types, is a no-op', { skip, timeout: 60000 }, async () => {
  for (const type of ['application/xml', 'text/xml; charset=utf-8', 'Application/XML']) assert.equal((await post(sample, { type })).status, 202, type)
  assert.equal((await kept(idOf(sample))).n, 1)
  const both = kit('portal-lead.xml').toString('utf8')
  assert.deepEqual((await Promise.all(Array.from({ length: 8 }, () => post(both)))).map((r) => r.status), Array(8).fill(202))
  assert.equal((await kept(idOf(both))).n, 1, 'of eight at once one is kept')
})

test('R24: what cannot be taken is refused by name, and nothing of it is kept', { skip, timeout: 60000 }, async () => {
  const fresh = () => kit('portal-lead.xml').toString('utf8')
  const count = async () => (await row(`select count(*)::int as n from core.web_lead w join core.web_site s using (site_id) where s.public_id = ${quote(site.id)}`)).n
  const before_ = await count()
  const refusals = [
    ['no key', [fresh(), { key: null }], 'site_key'],
    ['a key of nobody', [fresh(), { key: 'wl_' + '0'.repeat(40) }], 'site_key'],
    ['another scheme', [fresh(), { key: null, headers: { Authorization: 'Basic eDp5' } }], 'site_key'],
    ['an empty body', [''], undefined],
    ['no XML', ['hello'], 'adf'],
    ['cut', [fresh().slice(0, 300)], 'adf'],
    ['another document', ['<rss><channel/></rss>'], 'adf'],
    ['no prospect', ['<adf></adf>'], 'adf'],
    ['two prospects', ['<adf><prospect><id>1</id></prospect><prospect><id>2</id></prospect></adf>'], 'adf'],
    ['a document type', [fresh().replace('<adf>', '<!DOCTYPE adf [<!ENTITY a "b">]><adf>')], 'adf'],
    ['entities that grow', ['<!DOCTYPE adf [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><adf><prospect><id>&b;</id></prospect></adf>'], 'adf'],
    ['an entity from a file', ['<!DOCTYPE adf [<!ENTITY a SYSTEM "file:///etc/passwd">]><adf><prospect><id>&a;</id></prospect></adf>'], 'adf'],
    ['a NUL', [fresh().replace('Jolion', 'Jo\0ion')], 'adf'],
    ['bytes of no letter', [Buffer.concat([Buffer.from('<adf><prospect><id>'), Buffer.from([0xc8, 0xe2]), Buffer.from('</id></prospect></adf>')])], 'adf'],
    ['a long document', [fresh().replace('<comments>', '<comments>' + 'x'.repeat(21000))], 'adf'],
    ['no number', [fresh().replace(/<id[^>]*>[^<]*<\/id>/, '')], 'consent'],
    ['no date', [fresh().replace(/<requestdate>[^<]*<\/requestdate>/, '')], 'consent'],
    ['no way to reach him', [fresh().replace(/<phone.*<\/phone>/, '').replace(/<email>.*<\/email>/, '')], 'phone'],
    ['a telephone that is none', [fresh().replace(/(<phone[^>]*>)[^<]*/, '$1later')], 'phone'],
  ]
  for (const [what, words, field] of refusals) {
    const reply = await post(...words)
    assert.equal(reply.status, 400, `${what}: ${reply.status} ${reply.text}`)
    assert.equal(reply.json.field, field, `${what}: ${reply.text}`)
  }
  assert.equal((await post(fresh(), { type: 'text/plain' })).status, 415)
  assert.equal((await post(fresh().replace('<comments>', '<comments>' + 'x'.repeat(70000)))).status, 413)
  assert.equal((await portal.send('POST', '/v1/login', { body: Buffer.from('<a/>'), key: null, headers: { 'Content-Type': 'application/xml' } })).status, 415, 'no other address takes XML')
  assert.equal(await count(), before_)
})
