// SPDX-License-Identifier: Apache-2.0
// Disks that are full: uploads are refused and leave nothing, the dealer client says so and loses nothing.
import test, { after } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Caller, registration, signIn } from '../lib/http.mjs'
import { closeDatabase, makeDealer, noNetwork, phone, row, unique } from '../lib/network.mjs'
import { client, closeAdmin, makeSystem } from '../lib/dealer.mjs'
import { otherServer } from '../lib/server.mjs'

after(() => { closeAdmin(); closeDatabase() })

/** A folder of few kilobytes; out: its path, or undefined where mounting is not allowed. */
function smallDisk(kib, owner) {
  const folder = mkdtempSync('/tmp/small-disk-')
  try { execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k,mode=0755`, 'tmpfs', folder], { stdio: 'ignore' }) } catch { rmSync(folder, { recursive: true }); return undefined }
  if (owner) execFileSync('chown', [owner, folder])
  return folder
}
const drop = (folder) => execFileSync('umount', [folder])
const probe = noNetwork ? undefined : smallDisk(64)
if (probe) drop(probe)
const skip = noNetwork || (probe ? false : 'mounting a small disk is not allowed here')

test('an upload onto a full disk is refused and leaves nothing', { skip, timeout: 60000 }, async () => {
  const disk = smallDisk(256, 'clientele:')
  const server = await otherServer({ files_dir: disk })
  try {
    assert.ok(server.stop, server.log)
    const dealer = await makeDealer(), seller = new Caller({ port: server.port })
    seller.agent.options.port = server.port
    await signIn(dealer.staff.seller).then((c) => { seller.cookie = c.cookie; seller.csrf = c.csrf; c.close() })
    const { person_id } = (await seller.post('/v1/registrations', registration({ phone: phone() }))).json
    const put = (bytes) => seller.send('POST', `/v1/people/${person_id}/attachments?name=f`, { body: Buffer.alloc(bytes, 1), headers: { 'Content-Type': 'application/octet-stream' } })
    const big = await put(2 << 20).catch(() => ({ status: 507 }))
    assert.ok(big.status >= 500 || big.status === 413, `${big.status} ${big.text}`)
    assert.equal((await row(`select count(*)::int as n from core.attachment a join core.party p using (party_id) where p.public_id = '${person_id}'`)).n, 0)
    assert.equal(readdirSync(disk, { recursive: true }).filter((f) => !/^(tmp|spool|incoming)$/.test(String(f))).length, 0, readdirSync(disk, { recursive: true }).join())
    const small = await put(1000)
    assert.ok(small.status < 300, small.text)
    seller.close()
  } finally { await server.stop?.(); drop(disk) }
})

test('a spool on a full disk says so, keeps what was safe, and goes on when there is room', { skip, timeout: 60000 }, async () => {
  const dealer = await makeDealer({ seats: ['manager', 'system'] }), system = await makeSystem(dealer)
  const disk = smallDisk(128)
  try {
    const list = `/tmp/list-${unique()}.csv`
    const count = 2000
    writeFileSync(list, 'external_id,surname,phone,brand,line\n' + Array.from({ length: count }, (_, i) => `${i},Дисков${i},+7971${String(i).padStart(7, '0')},1,NEW`).join('\n') + '\n')
    const full = await client(disk, ['push', list, '--offline'])
    assert.equal(full.status, 4, full.stdout + full.stderr)
    assert.match(full.stderr, /disk full|No space/)
    execFileSync('mount', ['-o', 'remount,size=4096k', disk])
    const rest = await client(disk, ['push', list, '--offline'])
    assert.equal(rest.status, 0, rest.stderr)
    const status = await client(disk, ['status', '--local'])
    assert.match(status.stdout, new RegExp(`${count} wait`))
    rmSync(list)
  } finally { drop(disk); rmSync(join(system.folder, 'x'), { force: true }) }
})

test('a changed byte in rows that were stored stops the client; nothing is cut, and the way out works', { skip: noNetwork, timeout: 60000 }, async () => {
  const system = await makeSystem(await makeDealer({ seats: ['manager', 'system'] })), count = 50
  const list = join(system.folder, 'list.csv'), spool = join(system.folder, 'spool')
  writeFileSync(list, 'external_id,surname,phone,brand,line\n' + Array.from({ length: count }, (_, i) => `${i},Сбоев${i},${phone()},1,NEW`).join('\n') + '\n')
  assert.equal((await system.run(['push', list, '--offline'])).status, 0)
  const bytes = readFileSync(spool)
  bytes[200] ^= 1
  writeFileSync(spool, bytes)
  for (const words of [['push', list], ['status', '--local']]) {
    const stopped = await system.run(words)
    assert.equal(stopped.status, 4, stopped.stdout + stopped.stderr)
    assert.match(stopped.stderr, /damaged at byte .*--again/)
  }
  assert.deepEqual(readFileSync(spool), bytes)
  renameSync(spool, `${spool}.damaged`)
  const again = await system.run(['push', list, '--again', '--wait', '20'])
  assert.equal(again.status, 0, again.stderr)
  assert.match(again.stdout, new RegExp(`${count} rows answered: draft ${count}`))
})

test('a client killed at any moment and a server that is away: every row arrives exactly once', { skip: noNetwork, timeout: 120000 }, async (t) => {
  const dealer = await makeDealer({ seats: ['manager', 'system'] }), system = await makeSystem(dealer)
  const word = unique(), count = 600
  const text = 'external_id,surname,phone,brand,line,consent_evidence\n' + Array.from({ length: count }, (_, i) => `${i},Раз${word}${i},${phone()},1,NEW,form`).join('\n') + '\n'
  const path = join(system.folder, 'kill.csv')
  writeFileSync(path, text)
  let kills = 0
  for (let i = 0; i < 60; i++) {
    const done = await system.run(['push', path, '--wait', '20'], { kill_ms: 20 + Math.random() * 250 })
    if (done.signal === 'SIGKILL') kills++
    else if (done.status === 0) break
  }
  const last = await system.run(['push', path, '--wait', '30'])
  assert.equal(last.status, 0, last.stderr)
  const kept = await row(`select count(*)::int as n, count(distinct seq)::int as seqs, count(*) filter (where verdict = 'created')::int as created from core.exchange_row where dealer_id = ${dealer.dealer_id}`)
  t.diagnostic(`${kills} kills on the way of ${count} rows`)
  assert.deepEqual(kept, { n: count, seqs: count, created: count })
  const people = await row(`select count(*)::int as n from core.party where surname like 'Раз${word}%'`)
  assert.equal(people.n, count)
  const away = await client(system.folder, ['push', '--wait', '2'])
  assert.equal(away.status, 0)
})
