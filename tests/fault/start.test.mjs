// SPDX-License-Identifier: Apache-2.0
// The server refuses to start rather than run unsafely: weak or readable secrets, unknown settings, a table without forced
// row security, a route without its function, a grant too much, a missing preload.
import test, { after } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Caller } from '../lib/http.mjs'
import { IS_LONG, closeDatabase, noNetwork, sql } from '../lib/network.mjs'
import { SEED, data, dataPath, noData, sample } from '../lib/data.mjs'
import { connect } from '../lib/raw.mjs'
import { otherServer } from '../lib/server.mjs'
import { tempFolder } from '../lib/temp.mjs'

const skip = noNetwork
after(closeDatabase)

/** A secret in a file only the server's user reads. */
function secretFile(text, mode = '0600') {
  const folder = tempFolder('secret-')
  const path = join(folder, 'key')
  writeFileSync(path, text)
  execFileSync('bash', ['-c', `chown -R clientele: ${folder} && chmod 755 ${folder} && chmod ${mode} ${path}`])
  return path
}
const refuses = async (settings, words) => {
  const server = await otherServer(settings)
  if (server.stop) await server.stop()
  assert.ok(!server.stop, `it started with ${JSON.stringify(settings)}`)
  assert.notEqual(server.status, 0)
  if (words) assert.match(server.log, words)
  return server
}

test('as it is configured it starts, and stops on SIGTERM with status 0', { skip, timeout: 60000 }, async () => {
  const server = await otherServer()
  assert.ok(server.stop, server.log)
  assert.equal(await server.stop(), 0)
})

test('known and weak secrets are refused', { skip: skip || noData('jwt/weak_secrets.txt'), timeout: 120000 }, async (t) => {
  const all = data('jwt/weak_secrets.txt').split('\n').filter((s) => s.length > 0)
  // each is a start of the server: the whole list is gone through by unit/base/config
  const step = Math.ceil(all.length / 500)
  const chosen = IS_LONG ? all.filter((_, i) => i % step === SEED % step) : sample(all, 8)
  t.diagnostic(`sampled ${chosen.length} of ${all.length}, seed ${SEED}`)
  for (const secret of chosen) await refuses({ csrf_key: secretFile(secret), weak_secrets: dataPath('jwt/weak_secrets.txt') })
  for (const secret of ['', 'short', 'a'.repeat(64), '0'.repeat(64), '0123456789abcdef'.repeat(4)]) await refuses({ csrf_key: secretFile(secret) })
})

test('a secret that others may read is refused', { skip, timeout: 60000 }, async () => {
  const good = execFileSync('openssl', ['rand', '-hex', '32'], { encoding: 'utf8' }).trim()
  await refuses({ csrf_key: secretFile(good, '0644') })
  const server = await otherServer({ csrf_key: secretFile(good, '0600') })
  assert.ok(server.stop, server.log)
  await server.stop()
})

test('an unknown setting, a value out of range, a missing file are refused with their name', { skip, timeout: 60000 }, async () => {
  await refuses({ colour: 'red' }, /colour/)
  await refuses({ workers: 'many' }, /workers/)
  await refuses({ listen_port: 70000 }, /listen_port/)
  await refuses({ tls_key: '/nonexistent' }, /tls_key|nonexistent/)
})

for (const [name, [harm, heal, words]] of Object.entries({
  'a table without forced row security': ['create table core.loose (n int)', 'drop table core.loose', /loose|row security/],
  'a table whose row security is not forced': ['alter table core.task no force row level security', 'alter table core.task force row level security', /task|row security/],
  'a public function no route names': [`create function api.stray() returns void language sql as ''`, 'drop function api.stray()', /stray/],
  'a function of a route that is gone': ['alter function api.notices_list rename to notices_gone', 'alter function api.notices_gone rename to notices_list', /notices/],
  'a grant too much': ['grant execute on function api.people_export to auditor', 'revoke execute on function api.people_export from auditor', /people_export/],
  'a grant too little': ['revoke execute on function api.tasks_list from dealer', 'grant execute on function api.tasks_list to dealer', /tasks_list/],
}))
  test(`the contract refuses ${name}`, { skip, timeout: 60000 }, async () => {
    await sql(harm)
    try { await refuses({}, words) } finally { await sql(heal) }
  })

test('one address has a largest number of connections; others are served', { skip, timeout: 60000 }, async () => {
  const server = await otherServer({ address_exempt: '10.0.0.0/8', address_connections: 10 })
  assert.ok(server.stop, server.log)
  const sockets = []
  let refused = 0
  for (let i = 0; i < 30; i++) {
    try { sockets.push(await Promise.race([connect({ port: server.port, address: '127.77.0.1' }), new Promise((_, no) => setTimeout(() => no(new Error('slow')), 1500))])) } catch { refused++ }
    if (refused > 3) break
  }
  assert.ok(sockets.length <= 10 && refused > 0, `${sockets.length} open, ${refused} refused`)
  const other = new Caller({ port: server.port, address: '127.77.0.2' })
  assert.equal((await other.get('/livez')).status, 200)
  for (const socket of sockets) socket.destroy()
  other.close()
  await server.stop()
})
