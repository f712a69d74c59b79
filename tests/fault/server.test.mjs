// SPDX-License-Identifier: Apache-2.0
// The server killed with -9 under load and drained on SIGTERM: receipts stay, each person gets one message; reloaded on SIGHUP.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import tls from 'node:tls'
import { Caller, registration, signIn, signInDirectly, until } from '../lib/http.mjs'
import { HOST, IS_LONG, NET, closeDatabase, makeDealer, makeStaff, noNetwork, phone, row, rows, unique } from '../lib/network.mjs'
import { checked, crowd, daytimeZone, emailCampaign, launched, registerMany, settled } from '../lib/people.mjs'
import { mailsTo } from '../lib/mail.mjs'
import { killServer, otherServer, shell, startServer } from '../lib/server.mjs'

const skip = noNetwork
let seller, manager, dealer
before(async () => {
  if (skip) return
  dealer = await makeDealer({ zone: daytimeZone() })
  ;[seller, manager] = [await signIn(dealer.staff.seller), await signIn(dealer.staff.manager)]
})
after(() => { seller?.close(); manager?.close(); closeDatabase() })

test('kill -9 amid registrations: every receipt given is kept, every repeat with its key is the same act', { skip, timeout: 120000 }, async (t) => {
  const accepted = [], unknown = []
  let isOver = false
  // a seat each: a seat has a largest number of prospects (P18)
  const crew = await Promise.all(Array.from({ length: 4 }, async () => signInDirectly(await makeStaff(dealer.dealer_id, 'seller'))))
  const load = crew.map(async (caller, n) => {
    for (let i = 0; !isOver; i++) {
      const body = registration({ phone: phone(), surname: 'Падучий' }), key = `kill-${unique()}-${n}-${i}`
      const reply = await caller.post('/v1/registrations', body, { key, timeout_ms: 5000 }).catch(() => null)
      if (reply?.json?.receipt) accepted.push(body.phone)
      else { unknown.push([body, key, caller]); await new Promise((r) => setTimeout(r, 100)) }
    }
  })
  for (let round = 0; round < 3; round++) {
    await new Promise((r) => setTimeout(r, 700 + Math.random() * 600))
    await killServer()
    await startServer()
  }
  isOver = true
  await Promise.all(load)
  for (const [body, key, caller] of unknown.slice(0, 40)) {
    const reply = await until('an answer', async () => { const r = await caller.post('/v1/registrations', body, { key }).catch(() => ({})); return r.status === 200 && r }, 10000)
    assert.ok(reply.json.receipt, `unknown outcome repeated with its key: ${reply.text}`)
    accepted.push(body.phone)
  }
  const kept = await rows(`select k.value, count(distinct k.party_id)::int as people, count(distinct o.ownership_id)::int as rights from core.match_key k
    join core.ownership o using (party_id) where k.kind = 'PHONE' and k.value in (${accepted.map((n) => `'${n}'`)}) group by 1`)
  t.diagnostic(`${accepted.length} registrations over 3 kills, ${unknown.length} unknown`)
  for (const caller of crew) caller.close()
  assert.equal(kept.length, accepted.length)
  assert.ok(kept.every((k) => k.people === 1 && k.rights === 1))
})

test('kill -9 amid a campaign: each person gets one message, none two', { skip, timeout: 180000 }, async (t) => {
  const city = `Г${unique()}`, people = crowd(IS_LONG ? 3000 : 400).map((p) => ({ ...p, city }))
  await registerMany(dealer, dealer.staff.seller, people, { seat: null })
  const campaign = await launched(manager, await checked(manager, emailCampaign({ definition: { and: [{ attr: 'city', op: 'in', value: [city] }] } })))
  const kills = IS_LONG ? 12 : 3
  for (let i = 0; i < kills; i++) {
    await new Promise((r) => setTimeout(r, 150 + Math.random() * 500))
    await killServer()
    await startServer()
  }
  await settled(manager, campaign.id, 120000)
  const states = await row(`select count(*) filter (where o.state = 'unknown')::int as unknown, count(*) filter (where o.state = 'accepted')::int as accepted
    from core.outbox o join core.message m using (message) join core.campaign k on k.campaign_id = m.campaign_id where k.public_id = '${campaign.id}'`)
  const counts = people.map((p) => mailsTo(p.email).length)
  t.diagnostic(`${kills} kills: ${states.accepted} accepted, ${states.unknown} left unknown and never sent again blindly`)
  assert.equal(counts.filter((n) => n > 1).length, 0, 'doubled')
  assert.equal(counts.filter((n) => n === 0).length <= states.unknown, true, `${counts.filter((n) => n === 0).length} without a message, ${states.unknown} unknown`)
})

test('a drained server finishes what it began', { skip, timeout: 60000 }, async () => {
  const caller = await signInDirectly(await makeStaff(dealer.dealer_id, 'seller'))
  await Promise.all(Array.from({ length: 10 }, () => caller.get('/v1/session'))) // ten open connections
  const flying = Promise.allSettled(Array.from({ length: 10 }, () => caller.post('/v1/registrations', registration({ phone: phone() }))))
  await new Promise((r) => setTimeout(r, 20))
  shell('server_stop "$2"')
  await startServer()
  const answered = (await flying).filter((d) => d.status === 'fulfilled')
  assert.ok(answered.every((d) => [200, 503].includes(d.value.status)), answered.map((d) => d.value.status).join())
  assert.ok(answered.length >= 8, `${answered.length} of 10 answered`)
  caller.close()
})

test('SIGHUP: a new certificate is served, open connections stay, and a broken one changes nothing', { skip, timeout: 60000 }, async () => {
  const folder = mkdtempSync('/tmp/reload-')
  const settings = { tls_certificate: join(folder, 'cert.pem'), tls_key: join(folder, 'key.pem') }
  const configured = readFileSync(join(NET, 'server.conf'), 'utf8')
  for (const [name, to] of Object.entries(settings)) copyFileSync(new RegExp(`^${name} *= *(.+)$`, 'm').exec(configured)[1].trim(), to)
  execFileSync('bash', ['-c', `chown -R clientele: ${folder} && chmod 755 ${folder} && chmod 600 ${folder}/key.pem`])
  const server = await otherServer(settings)
  assert.ok(server.stop, server.log)
  try {
    const served = () => new Promise((resolve, reject) => {
      const socket = tls.connect({ host: HOST, port: server.port, servername: 'localhost', rejectUnauthorized: false }, () => { resolve(socket.getPeerCertificate().fingerprint256); socket.destroy() })
      socket.on('error', reject)
    })
    const reload = async (word) => {
      const count = () => server.log().split(word).length
      const before = count()
      process.kill(server.child.pid, 'SIGHUP')
      await until(word, () => count() > before, 5000, 50)
    }
    const first = await served(), kept = new Caller({ port: server.port })
    kept.agent.maxSockets = 1
    const port = async () => { const reply = await kept.get('/livez'); assert.equal(reply.status, 200); return Object.values(kept.agent.freeSockets).flat()[0]?.localPort }
    await port()
    const old = await port()
    assert.ok(old, 'a kept connection')
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
      '-days', '30', '-keyout', settings.tls_key, '-out', settings.tls_certificate], { stdio: 'ignore' })
    await reload('"reloaded"')
    await until('the new certificate', async () => await served() !== first, 5000, 50)
    const second = await served()
    assert.equal(await port(), old, 'the connection from before goes on')
    writeFileSync(settings.tls_certificate, 'no certificate')
    await reload('"reload_refused"')
    assert.match(server.log(), /reload_refused.*tls_certificate/)
    assert.equal(await served(), second)
    assert.equal(await port(), old)
    kept.close()
  } finally { await server.stop(); rmSync(folder, { recursive: true }) }
})
