// SPDX-License-Identifier: Apache-2.0
// Story: who was first. Verdicts, receipts, limits, and two hundred clients at once (S1, S2, S25, R160).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { registration, signIn, signInDirectly, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, row, rows, sql, unique } from '../lib/network.mjs'
import { crowd, registerMany } from '../lib/people.mjs'

let a, b, sellerA, sellerB, managerA
const skip = noNetwork
before(async () => {
  if (skip) return
  a = await makeDealer(); b = await makeDealer()
  ;[sellerA, sellerB, managerA] = await Promise.all([signIn(a.staff.seller), signIn(b.staff.seller), signIn(a.staff.manager)])
})
after(() => { for (const c of [sellerA, sellerB, managerA]) c?.close(); closeDatabase() })

const rights = (number) => row(`select count(*)::int as n from core.ownership o join core.match_key k using (party_id)
  where k.kind = 'PHONE' and k.value = '${number}' and o.state <> 'CLOSED'`)

test('S1: the first registration wins, the second gets PROTECTED and nothing else', { skip }, async () => {
  const number = phone(), local = `8 (${number.slice(2, 5)}) ${number.slice(5, 8)}-${number.slice(8, 10)}-${number.slice(10)}`
  const [one, two] = await Promise.all([
    sellerA.post('/v1/registrations', registration({ surname: 'Иванов', given_name: 'Иван', phone: number })),
    new Promise((r) => setTimeout(r, 1)).then(() => sellerB.post('/v1/registrations',
      registration({ surname: 'Ivanov', given_name: 'Ivan', phone: local }))),
  ])
  const [won, lost] = one.json.state === 'ACTIVE' ? [one, two] : [two, one]
  assert.equal(won.status, 200, won.text); assert.equal(lost.status, 200, lost.text)
  assert.equal(won.json.state, 'ACTIVE')
  assert.ok(won.json.receipt.number && won.json.receipt.at)
  assert.match(won.json.receipt.sha256, /^[0-9a-f]{64}$/)
  assert.equal(lost.json.verdict, 'PROTECTED')
  assert.ok(!lost.json.receipt && !lost.json.person_id && !lost.json.right_id)
  assert.ok(!/Иванов|Ivanov|Дилер|@/.test(lost.text), lost.text)
  assert.equal((await rights(number)).n, 1)
  const receipts = await rows(`select body, sha256 from core.receipt where number = '${won.json.receipt.number}'`)
  assert.equal(receipts.length, 1)
  assert.equal((await row(`select count(*)::int as n from core.receipt r join core.match_key k on k.kind = 'PHONE' and k.value = '${number}'
    join core.ownership o on o.ownership_id = r.ownership_id and o.party_id = k.party_id`)).n, 1, 'one receipt')
  assert.equal((await row(`select count(distinct party_id)::int as n from core.match_key where kind = 'PHONE' and value = '${number}'`)).n, 1, 'one person, however he is spelled')
  assert.equal(createHash('sha256').update(receipts[0].body).digest('hex'), receipts[0].sha256)
})

test('registering one\'s own again says YOURS', { skip }, async () => {
  const number = phone()
  const first = await sellerA.post('/v1/registrations', registration({ surname: 'Свой', phone: number }))
  const again = await sellerA.post('/v1/registrations', registration({ surname: 'Свой', phone: number }))
  assert.equal(again.json.verdict, 'YOURS')
  assert.equal(again.json.person_id, first.json.person_id)
})

test('R25: every verdict but FREE has the same length', { skip }, async () => {
  const [protectedPhone, optedOut] = [phone(), phone()]
  await sellerA.post('/v1/registrations', registration({ surname: 'Занятов', phone: protectedPhone }))
  const gone = await sellerA.post('/v1/registrations', registration({ surname: 'Отказов', phone: optedOut }))
  const withdrawn = await sellerA.post(`/v1/people/${gone.json.person_id}/consents/withdraw`,
    { purpose: 'ADVERTISING', scope: 'everybody', evidence: 'call' })
  assert.ok(withdrawn.status < 300, withdrawn.text)
  await sellerA.post(`/v1/rights/${gone.json.right_id}/lost`, { reason: 'do_not_contact' })
  const probe = (number) => sellerB.post('/v1/probes', { phone: number, surname: 'Занятов', brand_id: 1, line: 'NEW', purpose: 'visit', consent_evidence: 'form' })
  const one = await probe(protectedPhone)
  const two = await sellerB.post('/v1/probes', { phone: optedOut, surname: 'Отказов', brand_id: 1, line: 'NEW', purpose: 'visit', consent_evidence: 'form' })
  assert.equal(one.json.verdict, 'PROTECTED')
  assert.equal(two.json.verdict, 'OPTED_OUT', two.text)
  assert.equal(one.text.length, two.text.length, `${one.text}\n${two.text}`)
  assert.equal(one.headers['content-length'], two.headers['content-length'])
})

test('R30: what is missing makes a draft, which protects nothing', { skip }, async () => {
  const number = phone()
  const reply = await sellerA.post('/v1/registrations', registration({ phone: number, consent_evidence: '' }))
  assert.equal(reply.status, 200, reply.text)
  assert.equal(reply.json.state, 'DRAFT')
  assert.deepEqual(reply.json.missing, ['consent_evidence'])
  const other = await sellerB.post('/v1/registrations', registration({ phone: number }))
  assert.equal(other.json.state, 'ACTIVE')
  assert.ok((await sellerA.all('/v1/drafts')).length >= 1)
  assert.equal((await sellerB.all('/v1/drafts')).length, 0)
})

test('R35: a right for one line or brand gives nothing in another', { skip }, async () => {
  const number = phone()
  await sellerA.post('/v1/registrations', registration({ surname: 'Разнов', phone: number, line: 'NEW' }))
  const service = await sellerB.post('/v1/registrations', registration({ surname: 'Разнов', phone: number, line: 'SERVICE' }))
  assert.equal(service.json.state, 'ACTIVE', service.text)
  const used = await sellerB.post('/v1/registrations', registration({ surname: 'Разнов', phone: number, line: 'USED' }))
  assert.equal(used.json.state, 'ACTIVE', used.text)
})

test('R22: one key with another surname is not the same person', { skip }, async () => {
  const number = phone()
  await sellerA.post('/v1/registrations', registration({ surname: 'Первый', phone: number }))
  const other = await sellerB.post('/v1/registrations', registration({ surname: 'Совсемдругой', phone: number }))
  assert.equal(other.status, 200)
  assert.ok(['FREE', 'PROTECTED'].includes(other.json.verdict), other.text)
  const count = await row(`select count(distinct party_id)::int as n from core.match_key where kind = 'PHONE' and value = '${number}'`)
  assert.equal(count.n, other.json.verdict === 'FREE' ? 2 : 1)
})

for (const [name, values] of [['VIN', ['X9FMXXEEBMC######', 'x9fmxxeebmc###### ']], ['INN', ['7707083893', '7707083893']],
  ['e-mail', ['Key@Example.test', 'key@example.TEST']]])
  test(`R20: the same ${name} written in two ways is the same person`, { skip }, async () => {
    const key = { VIN: 'vin', INN: 'inn', 'e-mail': 'email' }[name]
    const [first, second] = values.map((v) => key === 'email' ? v.replace(/key/i, (k) => k + unique.word) : v.replace('#####', digits).replace('#', '1'))
    const kind = key === 'inn' ? { kind: 'COMPANY', name: 'ООО «Ключ»', surname: undefined, given_name: undefined } : { surname: 'Ключев' }
    await sql(`delete from core.match_key where value in ('7707083893') and party_id in
      (select party_id from core.party where source <> 'demo')`)
    const one = await sellerA.post('/v1/registrations', registration({ phone: phone(), ...kind, [key]: first }))
    assert.equal(one.json.state, 'ACTIVE', one.text)
    const two = await sellerB.post('/v1/registrations', registration({ phone: phone(), ...kind, [key]: second }))
    assert.equal(two.json.verdict, 'PROTECTED', two.text)
  })
unique.word = unique()
const digits = String(Math.floor(Math.random() * 90000) + 10000)

test('R20: a plate typed with look-alike letters is found', { skip }, async () => {
  const digits = String(Math.floor(Math.random() * 900) + 100)
  const made = await sellerA.post('/v1/registrations', registration({ phone: phone(), plate: `А${digits}ВС 716` }))
  assert.equal(made.json.state, 'ACTIVE', made.text)
  for (const q of [`a${digits}bc716`, `А${digits}ВС716`, `а${digits}вс`])
    assert.ok((await sellerA.get(`/v1/people/search?q=${encodeURIComponent(q)}`)).json.items.some((i) => i.id === made.json.person_id), q)
})

test('S2: the thirty-first probe of an hour is refused and the auditor is told', { skip }, async () => {
  const staff = await makeStaff(b.dealer_id, 'seller')
  const prober = await signInDirectly(staff), auditor = await signInDirectly(await makeStaff(0, 'auditor'))
  let reply
  for (let i = 1; i <= 31; i++) {
    reply = await prober.post('/v1/probes', { phone: phone(), surname: 'Пробов', brand_id: 1, line: 'NEW', purpose: 'visit', consent_evidence: 'form' })
    if (i <= 30) assert.equal(reply.status, 200, `${i}: ${reply.text}`)
  }
  assert.equal(reply.status, 429)
  assert.match(reply.json.type, /probe-limit$/)
  assert.equal(reply.json.rule, 'R26')
  assert.ok(Number(reply.headers['retry-after']) > 0)
  const told = (await auditor.all('/v1/notices')).filter((n) => n.kind === 'N14' && n.subject === staff.id)
  assert.equal(told.length, 1, 'the auditor reads who it was, once')
  auditor.close()
  assert.equal((await row(`select count(*)::int as n from core.ledger where staff_id = ${staff.staff_id} and kind = 'probe.limit'`)).n >= 1, true)
  prober.close()
})

test('a probe is in the ledger without the number that was probed', { skip }, async () => {
  const number = phone()
  await sellerB.post('/v1/probes', { phone: number, surname: 'Тихий', brand_id: 1, line: 'NEW', purpose: 'visit', consent_evidence: 'form' })
  const found = await rows(`select kind, subject, detail::text from core.ledger where staff_id = ${b.staff.seller.staff_id} and kind like 'probe%'`)
  assert.ok(found.length > 0)
  assert.ok(!JSON.stringify(found).includes(number.slice(2)))
  assert.equal((await rows(`select 1 from core.probe where encode(key_hash, 'escape') like '%${number.slice(-7)}%'`)).length, 0)
})

test('R18, R32: a seat has a largest number of open prospects', { skip }, async () => {
  const staff = await makeStaff(a.dealer_id, 'seller')
  const { n: limit } = await row(`select value_int as n from core.policy where name like 'P18%' order by valid_from desc limit 1`)
  const full = await registerMany(a, staff, crowd(limit))
  assert.equal(full.filter((r) => r.state === 'ACTIVE').length, limit)
  const seat = await signInDirectly(staff)
  const reply = await seat.post('/v1/registrations', registration({ phone: phone() }))
  assert.equal(reply.status, 409, reply.text)
  assert.match(reply.json.type, /seat-limit$/)
  seat.close()
})

test('R160: two hundred clients register one person at once: exactly one right', { skip, timeout: 120000 }, async (t) => {
  const dealers = await Promise.all(Array.from({ length: 10 }, () => makeDealer({ seats: ['seller'] })))
  const staff = []
  for (const dealer of dealers) {
    staff.push(dealer.staff.seller)
    for (let i = 0; i < 19; i++) staff.push(await makeStaff(dealer.dealer_id, 'seller'))
  }
  const crowd = await Promise.all(staff.map((s) => signInDirectly(s)))
  const number = phone()
  await Promise.all(crowd.map((c) => c.get('/v1/session')))
  let unavailable = 0
  const replies = await Promise.all(crowd.map(async (c) => {
    for (;;) {
      const reply = await c.post('/v1/registrations', registration({ surname: 'Общий', given_name: 'Олег', phone: number }), { timeout_ms: 60000 })
      if (reply.status !== 503) return reply
      unavailable++
      await new Promise((r) => setTimeout(r, 100 + Math.random() * 400))
    }
  }))
  const won = replies.filter((r) => r.json?.state === 'ACTIVE' && r.json.receipt)
  assert.equal(won.length, 1, JSON.stringify(replies.reduce((n, r) => ({ ...n, [`${r.status} ${r.json?.verdict}`]: (n[`${r.status} ${r.json?.verdict}`] ?? 0) + 1 }), {})))
  for (const reply of replies) {
    assert.equal(reply.status, 200, reply.text)
    assert.ok(['FREE', 'YOURS', 'PROTECTED'].includes(reply.json.verdict), reply.text)
  }
  const { n } = await rights(number)
  assert.equal(n, 1)
  assert.equal((await row(`select count(distinct party_id)::int as n from core.match_key where kind = 'PHONE' and value = '${number}'`)).n, 1)
  assert.equal(replies.filter((r) => r.json.verdict === 'YOURS' || r.json.verdict === 'FREE').length, 20, 'the winner and his nineteen colleagues')
  t.diagnostic(`${unavailable} answers of 503 on the way`)
  for (const c of crowd) c.close()
})

test('R24: a waiting claim is taken, once a dealer', { skip }, async () => {
  const number = phone()
  await sellerA.post('/v1/registrations', registration({ surname: 'Ждущев', phone: number }))
  const claim = () => sellerB.post('/v1/waiting-claims', { phone: number, surname: 'Ждущев', brand_id: 1, line: 'NEW', purpose: 'visit', consent_evidence: 'form' })
  const first = await claim()
  assert.ok(first.status < 300, first.text)
  const again = await claim()
  assert.ok(again.status < 300 || again.status === 409, again.text)
  assert.equal((await row(`select count(*)::int as n from core.waiting_claim where dealer_id = ${b.dealer_id} and party_id in
    (select party_id from core.match_key where kind = 'PHONE' and value = '${number}')`)).n, 1)
})

test('a manager reads his dealer\'s receipt; another dealer does not', { skip }, async () => {
  const reply = await sellerA.post('/v1/registrations', registration({ phone: phone() }))
  const path = `/v1/receipts/${encodeURIComponent(reply.json.receipt.number)}`
  const mine = await managerA.get(path), foreign = await sellerB.get(path)
  assert.equal(mine.status, 200, mine.text)
  assert.equal(foreign.status, 404)
})
