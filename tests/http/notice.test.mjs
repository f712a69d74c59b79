// SPDX-License-Identifier: Apache-2.0
// Story: being told. A letter names no person, urgent kinds are never silenced, what is read is read (R140-R145).
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { signIn, until } from '../lib/http.mjs'
import { mailsTo } from '../lib/mail.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, row, sql, unique } from '../lib/network.mjs'

const skip = noNetwork
let a, manager, seller, person
before(async () => {
  if (skip) return
  a = await makeDealer()
  ;[manager, seller] = await Promise.all([signIn(a.staff.manager), signIn(a.staff.seller)])
  person = (await row('select gen_random_uuid() as id')).id
})
after(() => { for (const c of [manager, seller]) c?.close(); closeDatabase() })
const tell = (staff, kind, subject, occurrence = '') => sql(`select core.notify(${staff.staff_id}, '${kind}', '${subject}', '${occurrence}')`)

test('R140, R141: an urgent notice comes as one letter that names nobody, and its state is kept', { skip }, async () => {
  await Promise.all([tell(a.staff.seller, 'N1', person, '7'), tell(a.staff.seller, 'N1', person, '7')])
  const letters = await until('the letter', () => { const found = mailsTo(a.staff.seller.login); return found.length ? found : null }, 60000)
  assert.equal(letters.length, 1)
  assert.match(letters[0].subject, /Вам предложен клиент/)
  assert.ok(!`${letters[0].subject}${letters[0].text}`.includes(person))
  assert.doesNotMatch(letters[0].text, /\+7|[0-9a-f]{8}-[0-9a-f]{4}/)
  await until('sent', async () => (await seller.get('/v1/notices')).json.items[0].mail_state === 'sent', 30000)
})

test('R143: settings are one\'s own; N1, N8, N13 and N14 cannot be muted', { skip }, async () => {
  for (const kind of ['N1', 'N8', 'N13', 'N14']) {
    const refused = await manager.send('PUT', '/v1/notice-settings', { json: { muted: [kind] } })
    assert.equal(refused.status, 400, refused.text)
    assert.match(refused.json.type, /notice-urgent/)
  }
  const kept = await manager.send('PUT', '/v1/notice-settings', { json: { muted: ['N15'], is_digest: true, digest_hour: 10, quiet_from: 20, quiet_to: 8 } })
  assert.equal(kept.status, 200, kept.text)
  assert.deepEqual((await manager.get('/v1/notice-settings')).json.muted, ['N15'])
  assert.deepEqual((await seller.get('/v1/notice-settings')).json.muted, [])
})

test('R142, R145: an unread notice goes on to the manager, and no right changes by it', { skip }, async () => {
  const subject = unique()
  await tell(a.staff.seller, 'N5', subject)
  await sql(`update core.notice set escalate_at = core.now() where subject = '${subject}'`)
  await until('escalated', async () => (await manager.get('/v1/notices')).json.items.some((n) => n.subject === subject && n.is_escalated), 30000)
  const read = (await manager.get('/v1/notices?is_unread=true')).json.items.map((n) => n.id)
  assert.ok((await manager.post('/v1/notices/read', { ids: read })).status < 300)
  assert.equal((await manager.get('/v1/notices?is_unread=true')).json.items.length, 0)
})

test('a notice wakes its reader\'s screen and nobody else\'s list', { skip }, async () => {
  const other = await makeStaff(a.dealer_id, 'seller'), stranger = await signIn(other)
  try {
    await tell(a.staff.seller, 'N9', unique())
    assert.equal((await stranger.get('/v1/notices')).json.items.length, 0)
  } finally { stranger.close() }
})
