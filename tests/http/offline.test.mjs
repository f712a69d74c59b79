// SPDX-License-Identifier: Apache-2.0
// R156: a registration that a dealer's own system spools while its line is down, and a competing one that reaches the server first.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { registration, signIn } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork, phone, row, sql } from '../lib/network.mjs'
import { closeAdmin, makeSystem } from '../lib/dealer.mjs'

const skip = noNetwork
let a, b, system, sellerB, managerA
before(async () => {
  if (skip) return
  a = await makeDealer({ seats: ['manager', 'seller', 'system'] }); b = await makeDealer({ seats: ['manager', 'seller'] })
  system = await makeSystem(a)
  ;[sellerB, managerA] = [await signIn(b.staff.seller), await signIn(a.staff.manager)]
})
after(() => { sellerB?.close(); managerA?.close(); closeAdmin(); closeDatabase() })

const rowOf = (id, surname, number) => `external_id;surname;given_name;phone;brand;line;consent_evidence\n${id};${surname};Анна;${number};1;NEW;анкета\n`

test('R156: spooled while our monitor saw the line down, refused at the server: a dispute is open, the right stays where it began', { skip, timeout: 60000 }, async () => {
  const number = phone()
  // the line came steadily for hours and has been silent for forty minutes
  await sql(`insert into core.link_watch (dealer_id, seen_at, steady_at) values (${a.dealer_id}, core.now() - interval '40 minutes', core.now() - interval '4 hours')
    on conflict (dealer_id) do update set seen_at = excluded.seen_at, steady_at = excluded.steady_at`)
  const kept = await system.push(rowOf('o1', 'Отключенова', number), ['--offline'])
  assert.equal(kept.status, 0, kept.stderr)
  await new Promise((done) => setTimeout(done, 1100))
  assert.equal((await sellerB.post('/v1/registrations', registration({ surname: 'Отключенова', phone: number }))).json.state, 'ACTIVE')
  const sent = await system.run(['push'])
  assert.match(sent.stdout, /PROTECTED 1/, sent.stdout + sent.stderr)
  const right = await row(`select o.dealer_id, o.state from core.ownership o join core.match_key k using (party_id) where k.kind = 'PHONE' and k.value = '${number}' and o.line = 'NEW'`)
  assert.equal(right.dealer_id, b.dealer_id, 'never an automatic win')
  const mine = (await managerA.get('/v1/disputes')).json.items.filter((d) => d.kind === 'offline')
  assert.equal(mine.length, 1, 'the dispute stands in the dealer\'s list')
  assert.equal(mine[0].person_id ?? null, null, 'and names nobody (R24, R105)')
  const one = (await managerA.get(`/v1/disputes/${mine[0].id}`)).json
  assert.deepEqual(one.evidence.map((e) => e.kind), ['offline'])
  assert.match(one.evidence[0].note, /local time \d{4}-.*Z\nsha256 [0-9a-f]{64}/)
})

test('R156: the same while the line was up opens nothing', { skip, timeout: 60000 }, async () => {
  const number = phone()
  await new Promise((done) => setTimeout(done, 2100))       // the local time has whole seconds
  const kept = await system.push(rowOf('o2', 'Подключенова', number), ['--offline'])
  assert.equal(kept.status, 0, kept.stderr)
  assert.equal((await sellerB.post('/v1/registrations', registration({ surname: 'Подключенова', phone: number }))).json.state, 'ACTIVE')
  assert.match((await system.run(['push'])).stdout, /PROTECTED 1/)
  assert.equal((await managerA.get('/v1/disputes')).json.items.filter((d) => d.kind === 'offline').length, 1)
})
