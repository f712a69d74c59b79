// SPDX-License-Identifier: Apache-2.0
// Two worlds: two databases in the cluster of the test network, each with a server of its own, made by the same steps. What one
// dealer asks of both in lockstep must be answered alike, but for what is declared (spec/security.md threat 3).
import { createHash, randomBytes } from 'node:crypto'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Caller } from './http.mjs'
import { NET } from './network.mjs'
import { otherServer, shell } from './server.mjs'
import { ROOT } from './tree.mjs'

const LETTER = { manager: 'D', seller: 'D', adviser: 'D', operator: 'D', auditor: 'A', system: 'S' }

/** Run SQL in a database of the cluster, as its superuser. out: unaligned output; errors: thrown */
function psql(database, text) {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', '. "$1/deploy/lib/cluster.sh"; CLUSTER_DATABASE="$3" cluster_psql "$2" -At -f -', 'psql', ROOT, NET, database], { cwd: '/' })
    let out = '', wrong = ''
    child.stdout.on('data', (c) => { out += c }); child.stderr.on('data', (c) => { wrong += c })
    child.on('close', (code) => code === 0 ? resolve(out.trimEnd()) : reject(new Error(`${wrong}\nin: ${text.slice(0, 300)}`)))
    child.stdin.end(`${text}\n;\n`)
  })
}

/** Make one world: a fresh database, migrated, with a server. out: {sql, rows, staff(role, dealer), signIn(staff), stop()} */
export async function makeWorld(name) {
  const database = `clientele_${name}`
  shell(`CLUSTER_DATABASE=postgres cluster_psql "$2" -c 'drop database if exists ${database} with (force)'; CLUSTER_DATABASE=${database} cluster_migrate "$2"`)
  const settings = /^database *= *(.*)$/m.exec(readFileSync(join(NET, 'server.conf'), 'utf8'))[1].trim()
  const server = await otherServer({ database: settings.replace(/dbname=\S+/, `dbname=${database}`), session_per_second: 0, address_per_second: 0 }, 30000)
  if (!server.child) throw new Error(`the server of ${name}: ${server.log}`)
  const sql = (text) => psql(database, text)
  const rows = async (query) => JSON.parse(await sql(`select coalesce(json_agg(t), '[]') from (${query}) t`) || '[]')
  const callers = []
  return {
    name, sql, rows, port: server.port,
    async signIn(staffId, role) {
      const secret = randomBytes(32), letter = LETTER[role] ?? 'H'
      await sql(`insert into session.session (secret_hash, staff_id, letter, agent, address, created_at, seen_at, authenticated_at, idle_until, expires_at)
        values ('\\x${createHash('sha256').update(secret).digest('hex')}', ${staffId}, '${letter}', 'test', '127.0.0.1', core.now(), core.now(), core.now(),
          core.now() + interval '30 minutes', core.now() + interval '12 hours')`)
      const caller = new Caller({ port: server.port })
      caller.cookie = letter + secret.toString('base64url')
      callers.push(caller)
      return caller.fetchCsrf()
    },
    async stop() {
      for (const c of callers) c.close()
      await server.stop()
      shell(`CLUSTER_DATABASE=postgres cluster_psql "$2" -c 'drop database if exists ${database} with (force)'`)
    },
  }
}

/** What two worlds may differ in without telling anything: instants, random ids and numbers. Ids become their place of first appearance. */
export class Normal {
  #ids = new Map()
  /** A text with its random parts replaced. */
  text(text) {
    return text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => `<id ${this.#place(id)}>`)
      .replace(/(\d{4}-\d\d-\d\dT\d\d):\d\d:\d\d(\.\d+)?(Z|\+00:00)/g, '$1<time>')
      .replace(/"next":"([0-9a-f]+)"/g, (_, hex) => `"next":"<${hex.length} digits>"`) // sealed (server/api/keys.h)
      .replace(/\b[0-9a-f]{64}\b/g, (hash) => `<hash ${this.#place(hash)}>`)
      .replace(/\b[0-9A-F]{14}\b/g, (number) => `<number ${this.#place(number)}>`)
      .replace(/\b[0-9A-F]{10}\b/g, (number) => `<number ${this.#place(number)}>`)
  }
  #place(id) {
    if (!this.#ids.has(id)) this.#ids.set(id, this.#ids.size)
    return this.#ids.get(id)
  }
  /** Status, headers and body as they may be compared. */
  reply(reply) {
    const headers = Object.entries(reply.headers).filter(([name]) => !['date', 'x-request-id', 'set-cookie', 'content-length', 'server-timing'].includes(name))
      .map(([name, value]) => `${name}: ${this.text(String(value))}`).sort().join('\n')
    const length = reply.headers['content-length']
    const isHonest = length === undefined || Number(length) === reply.bytes.length || reply.status === 304
    const body = this.text(reply.text).replace(/"request_id":"[^"]*"/, '"request_id":"<request>"').replace(/"csrf":"[^"]*"/, '"csrf":"<csrf>"')
      .replace(/"mail_state":(null|"[a-z]+")/g, '"mail_state":<in its time>').replace(/"printed_at":"[^"]*"/, '').replace(/"mark":"[0-9A-F]{10}"/, '"mark":"<mark>"')
    return `${reply.status}\n${headers}\n${isHonest ? '' : `Content-Length ${length} of ${reply.bytes.length}\n`}\n${body}`
  }
}
