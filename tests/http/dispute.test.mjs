// SPDX-License-Identifier: Apache-2.0
// Story S19: a dispute from the refused registration to the signed file for the auditor (R38, R100-R109).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { registration, signIn, signInDirectly, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, NET, noNetwork, phone, row, rows, sql, unique } from '../lib/network.mjs'
import { ROOT } from '../lib/tree.mjs'

const skip = noNetwork
let a, b, c, sellerA, managerA, sellerB, managerB, sellerC, auditor
const open = []
const callers = async (...staff) => Promise.all(staff.map(async (s) => { const made = await signIn(s); open.push(made); return made }))
before(async () => {
  if (skip) return
  ;[a, b, c] = [await makeDealer(), await makeDealer(), await makeDealer()]
  const auditors = await makeStaff(0, 'auditor')
  await makeStaff(0, 'arbiter'); await makeStaff(0, 'arbiter'); await makeStaff(0, 'arbiter')
  ;[sellerA, managerA, sellerB, managerB, sellerC, auditor] = await callers(a.staff.seller, a.staff.manager, b.staff.seller, b.staff.manager, c.staff.seller, auditors)
})
after(() => { for (const one of open) one.close(); closeDatabase() })

const ago = (days) => new Date(Date.now() - days * 86400e3).toISOString()
const upload = (caller, kind, happened, bytes = randomBytes(300)) => caller.send('POST',
  `/v1/evidence?kind=${kind}&happened_at=${encodeURIComponent(happened)}&name=${encodeURIComponent('акт визита.pdf')}`,
  { body: bytes, headers: { 'Content-Type': 'application/pdf' } })
const contested = async (surname) => {
  const number = phone()
  const won = await sellerA.post('/v1/registrations', registration({ surname, phone: number }))
  assert.equal(won.json.state, 'ACTIVE', won.text)
  const lost = await sellerB.post('/v1/registrations', registration({ surname, phone: number }))
  assert.equal(lost.json.verdict, 'PROTECTED', lost.text)
  return { number, surname, person: won.json.person_id, right: won.json.right_id }
}
const file = (caller, client, evidence, kind = 'earlier_evidence') => caller.post('/v1/disputes',
  { kind, brand_id: 1, line: 'NEW', phone: client.number, surname: client.surname, claim: 'Клиент приходил к нам раньше', evidence_ids: evidence })
const stateOf = (id) => row(`select state, dispute_id, arbiter_id, refused from core.dispute where public_id = '${id}'`)
const become = (id, state) => until(`dispute ${state}`, async () => (await stateOf(id)).state === state)
const judgeOf = async (id) => {
  const { arbiter_id } = await stateOf(id)
  const made = await signInDirectly({ staff_id: arbiter_id, role: 'arbiter' }); open.push(made)
  return made
}
const due = (id) => sql(`update core.dispute set due_at = core.now() where public_id = '${id}'`)

test('S19, R101: a forged note loses to a signed order, and counts against the seat that wrote it', { skip }, async () => {
  const client = await contested(`Спорный${unique()}`)
  const held = await sellerA.post(`/v1/rights/${client.right}/hold`, { document: 'C-19' })
  assert.equal(held.json?.state, 'HELD', held.text)
  const note = await sellerB.post('/v1/evidence/notes', { happened_at: ago(40), name: 'заметка', text: 'Клиент обещал прийти ещё в октябре' })
  assert.equal(note.json.sha256, createHash('sha256').update('Клиент обещал прийти ещё в октябре').digest('hex'))
  assert.equal(note.json.weight, 10)
  const filed = await file(sellerB, client, [note.json.id])
  assert.equal(filed.json?.is_filed, true, filed.text)
  await become(filed.json.dispute_id, 'ADMITTED')
  assert.equal((await row(`select state from core.ownership where public_id = '${client.right}'`)).state, 'DISPUTED')
  const answer = await managerA.post(`/v1/disputes/${filed.json.dispute_id}/answer`, { answer: 'Есть подписанный договор', evidence_ids: [] })
  assert.equal(answer.json?.state, 'ANSWERED', answer.text)
  const judge = await judgeOf(filed.json.dispute_id)
  const seen = await judge.get(`/v1/disputes/${filed.json.dispute_id}`)
  assert.equal(seen.json?.facts.step, 'order', seen.text)
  assert.equal(seen.json.facts.outcome, 'OWNER')
  const found = await judge.post(`/v1/disputes/${filed.json.dispute_id}/findings`, { ref: note.json.id, is_false: true })
  assert.equal(found.json?.facts.claimant.false, 1, found.text)
  const decided = await judge.post(`/v1/disputes/${filed.json.dispute_id}/decide`, { outcome: 'OWNER', decision: 'Заметка заявителя опровергнута; у владельца подписанный заказ.' })
  assert.equal(decided.json?.state, 'DECIDED', decided.text)
  const right = await row(`select state, dealer_id from core.ownership where public_id = '${client.right}'`)
  assert.deepEqual(right, { state: 'HELD', dealer_id: a.dealer_id })
  const marks = await rows(`select staff_id, kind from core.seat_mark where subject = '${filed.json.dispute_id}'`)
  assert.deepEqual(marks, [{ staff_id: b.staff.seller.staff_id, kind: 'lost_dispute' }])
})

test('R105, R24: neither side\'s view holds anything of the other', { skip }, async () => {
  const client = await contested(`Тайный${unique()}`)
  const secret = { a: unique(), b: unique() }
  const proof = await upload(sellerB, 'visit', ago(20))
  assert.ok(proof.status < 300, proof.text)
  const filed = await sellerB.post('/v1/disputes', { kind: 'earlier_evidence', brand_id: 1, line: 'NEW', phone: client.number, surname: client.surname,
    claim: `Приходил раньше ${secret.b}`, evidence_ids: [proof.json.id] })
  assert.equal(filed.json?.is_filed, true, filed.text)
  const id = filed.json.dispute_id
  assert.equal((await managerA.get(`/v1/disputes/${id}`)).status, 404, 'not before it is admitted')
  await become(id, 'ADMITTED')
  const own = await upload(managerA, 'test_drive', ago(1))
  const answered = await managerA.post(`/v1/disputes/${id}/answer`, { answer: `Клиент наш ${secret.a}`, evidence_ids: [own.json.id] })
  assert.equal(answered.json?.state, 'ANSWERED', answered.text)
  const names = await row(`select name from core.party where public_id = '${client.person}'`)
  for (const caller of [sellerB, managerB]) {
    const text = (await caller.get(`/v1/disputes/${id}`)).text + (await caller.get('/v1/disputes')).text
    for (const word of [secret.a, a.name, a.id, client.person, own.json.id, own.json.sha256, names.name]) assert.ok(!text.includes(word), word)
    assert.ok(text.includes(secret.b))
    assert.equal((await caller.get(`/v1/disputes/${id}/evidence/${own.json.id}`)).status, 404)
  }
  const text = (await managerA.get(`/v1/disputes/${id}`)).text + (await managerA.get('/v1/disputes')).text
  for (const word of [secret.b, b.name, b.id, proof.json.id, proof.json.sha256]) assert.ok(!text.includes(word), word)
  assert.equal((await managerA.get(`/v1/disputes/${id}/evidence/${proof.json.id}`)).status, 404)
  const judge = await judgeOf(id), both = (await judge.get(`/v1/disputes/${id}`)).text
  for (const word of [secret.a, secret.b, own.json.id, proof.json.id]) assert.ok(both.includes(word), word)
  const bytes = await judge.get(`/v1/disputes/${id}/evidence/${proof.json.id}`)
  assert.equal(createHash('sha256').update(bytes.bytes).digest('hex'), proof.json.sha256)
  for (const stranger of [sellerC]) {
    assert.equal((await stranger.get(`/v1/disputes/${id}`)).status, 404)
    assert.equal((await stranger.get('/v1/disputes')).json.items.length, 0)
  }
})

test('R25: filed, refused by a running dispute or aimed at nobody, the answer is equally long', { skip }, async () => {
  const client = await contested(`Ровный${unique()}`)
  const proof = await upload(sellerB, 'visit', ago(20)), mine = await upload(sellerC, 'visit', ago(20))
  const first = await file(sellerB, client, [proof.json.id])
  await become(first.json.dispute_id, 'ADMITTED')
  const heard = await sellerC.post('/v1/registrations', registration({ surname: client.surname, phone: client.number }))
  assert.equal(heard.json.verdict, 'DISPUTED', heard.text)
  const second = await file(sellerC, client, [mine.json.id])
  assert.equal(second.json?.is_filed, false, second.text)
  assert.equal(first.text.length, second.text.length, `${first.text}\n${second.text}`)
})

test('R101: a file changed on the disk is never shown as evidence', { skip }, async () => {
  const client = await contested(`Подменный${unique()}`)
  const proof = await upload(sellerB, 'order', ago(9), Buffer.from(`договор ${unique()}`))
  const filed = await file(sellerB, client, [proof.json.id])
  await become(filed.json.dispute_id, 'ADMITTED')
  const address = `/v1/disputes/${filed.json.dispute_id}/evidence/${proof.json.id}`
  assert.equal((await sellerB.get(address)).status, 200)
  const path = execFileSync('find', [NET, '-name', proof.json.sha256], { encoding: 'utf8' }).trim()
  writeFileSync(path, 'другой договор')
  const broken = await sellerB.get(address)
  assert.equal(broken.status, 500)
  assert.match(broken.json.type, /evidence-broken/)
})

test('R102, R104: decided for the claimant, overturned by the committee only when both agree', { skip }, async () => {
  const client = await contested(`Апелляция${unique()}`)
  const proof = await upload(sellerB, 'test_drive', ago(12))
  const filed = await file(sellerB, client, [proof.json.id]), id = filed.json.dispute_id
  await become(id, 'ADMITTED')
  await due(id); await become(id, 'ANSWERED')
  const judge = await judgeOf(id)
  const seen = await judge.get(`/v1/disputes/${id}`)
  assert.equal(seen.json.is_accepted, true, 'the owner was silent')
  assert.equal(seen.json.facts.outcome, 'CLAIMANT')
  const bare = await judge.post(`/v1/disputes/${id}/decide`, { outcome: 'OWNER', decision: 'Регистрация раньше визита.' })
  assert.equal(bare.status, 400); assert.match(bare.json.type, /departure-missing/)
  const named = await judge.post(`/v1/disputes/${id}/decide`, { outcome: 'CLAIMANT', decision: `Клиент ${client.surname} был раньше.` })
  assert.equal(named.status, 400); assert.match(named.json.type, /decision-names/)
  const decided = await judge.post(`/v1/disputes/${id}/decide`, { outcome: 'CLAIMANT', decision: 'Тест-драйв заявителя предшествует регистрации.' })
  assert.equal(decided.json?.state, 'DECIDED', decided.text)
  const owner = () => row(`select dealer_id, state, successor_of is not null as is_successor from core.ownership o join core.party p using (party_id)
    where p.public_id = '${client.person}' and o.line = 'NEW' and o.state <> 'CLOSED'`)
  assert.deepEqual(await owner(), { dealer_id: b.dealer_id, state: 'ACTIVE', is_successor: true })
  assert.equal((await sellerB.get(`/v1/people/${client.person}`)).status, 200, 'the claimant has the person now')
  const appeal = await managerA.post(`/v1/disputes/${id}/appeal`, { reason: 'Тест-драйв не подписан клиентом' })
  assert.equal(appeal.json?.state, 'APPEALED', appeal.text)
  const seats = await rows(`select s.staff_id from core.dispute_seat s join core.dispute d using (dispute_id)
    where d.public_id = '${id}' and s.role = 'committee' and s.left_at is null order by 1`)
  assert.equal(seats.length, 2)
  for (const [n, seat] of seats.entries()) {
    const member = await signInDirectly({ staff_id: seat.staff_id, role: 'arbiter' }); open.push(member)
    const vote = await member.post(`/v1/disputes/${id}/vote`, { outcome: 'OWNER', text: 'Подписи клиента на соглашении нет.' })
    assert.equal(vote.json?.state, n ? 'FINAL' : 'APPEALED', vote.text)
  }
  assert.deepEqual(await owner(), { dealer_id: a.dealer_id, state: 'ACTIVE', is_successor: true })
  const precedents = await sellerC.get(`/v1/precedents?q=${encodeURIComponent('соглашения с клиентом')}`)
  assert.ok(precedents.json.items.some((p) => p.number === filed.json.number && p.is_overturned), precedents.text)
  assert.ok(!precedents.text.includes(client.surname) && !precedents.text.includes(a.name) && !precedents.text.includes(b.name))
})

test('R109: a case goes out as one signed file that an independent script verifies', { skip }, async () => {
  const client = await contested(`Файлов${unique()}`)
  const proof = await upload(sellerB, 'consent', ago(3))
  const filed = await sellerB.post('/v1/disputes', { kind: 'false_evidence', brand_id: 1, line: 'NEW', phone: client.number, surname: client.surname,
    claim: `Клиент ${client.surname}, телефон ${client.number}, говорит, что визита не было`, evidence_ids: [proof.json.id] })
  await become(filed.json.dispute_id, 'ADMITTED')
  const got = await auditor.get(`/v1/disputes/${filed.json.dispute_id}/export`)
  assert.equal(got.status, 200, got.text)
  const [line, seal] = got.text.split('\n'), signature = JSON.parse(seal), document = JSON.parse(line)
  const key = createPublicKey(readFileSync(join(NET, 'sign-public.pem')))
  assert.equal(signature.algorithm, 'Ed25519')
  assert.ok(verify(null, Buffer.from(line), key, Buffer.from(signature.signature, 'base64url')), 'the signature holds')
  assert.ok(!verify(null, Buffer.from(line.replace('ADMITTED', 'DECIDED ')), key, Buffer.from(signature.signature, 'base64url')))
  assert.equal(document.evidence[0].sha256, proof.json.sha256)
  assert.deepEqual(document.steps.map((s) => s.event), ['file', 'admit'])
  for (const word of [client.surname, client.number, client.number.slice(2)]) assert.ok(!line.includes(word), word)
  const folder = mkdtempSync(join(tmpdir(), 'case-'))
  try {
    writeFileSync(join(folder, 'case.jsonl'), got.bytes)
    assert.match(execFileSync(join(ROOT, 'deploy/verify-case'), [join(folder, 'case.jsonl'), join(NET, 'sign-public.pem')], { encoding: 'utf8' }), /as it was signed/)
    writeFileSync(join(folder, 'case.jsonl'), got.text.replace('ADMITTED', 'FINAL'))
    assert.throws(() => execFileSync(join(ROOT, 'deploy/verify-case'), [join(folder, 'case.jsonl'), join(NET, 'sign-public.pem')], { stdio: 'pipe' }))
  } finally { rmSync(folder, { recursive: true }) }
  assert.equal((await managerA.get(`/v1/disputes/${filed.json.dispute_id}/export`)).status, 403)
})

test('R100: of twenty disputes filed at once about one person one is filed', { skip }, async () => {
  const client = await contested(`Разом${unique()}`)
  const proof = await upload(sellerB, 'visit', ago(20))
  const replies = await Promise.all(Array.from({ length: 20 }, () => file(managerB, client, [proof.json.id]).catch((e) => ({ status: 0, text: String(e) }))))
  assert.equal(replies.filter((r) => r.json?.is_filed).length <= 1, true)
  const n = await row(`select count(*)::int as n from core.dispute d join core.party p using (party_id) where p.public_id = '${client.person}'`)
  assert.equal(n.n, 1, replies.map((r) => `${r.status} ${r.text?.slice(0, 80)}`).join('\n'))
})

test('R141: one notice for one event and receiver, however many tell it at once', { skip }, async () => {
  const subject = unique()
  const tell = `select core.notify(${a.staff.manager.staff_id}, 'N8', '${subject}', 'x'), pg_sleep(0.2)`
  await Promise.all(Array.from({ length: 8 }, () => promisify(execFile)('bash', ['-c', '. "$1/deploy/lib/cluster.sh"; cluster_psql "$2" -c "$3"', 'psql', ROOT, NET, tell])))
  assert.equal((await row(`select count(*)::int as n from core.notice where subject = '${subject}'`)).n, 1)
})
