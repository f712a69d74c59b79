// SPDX-License-Identifier: Apache-2.0
// The throw-away network that tests/run has started: where it listens, its database, and dealers made for one test.
//
// tests/run sets CLIENTELE_TEST_NET to a folder that deploy/up filled, and CLIENTELE_TEST_PORTS to the ports as JSON.
// One psql process a test file, as the cluster's superuser: for making dealers and staff with known passwords, for moving
// the clock, and for looking behind the curtain. What is tested goes through the server.
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { setDefaultResultOrder } from 'node:dns'
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './tree.mjs'

export const NET = process.env.CLIENTELE_TEST_NET ?? ''
/** What test() takes as `skip`: false, or why there is no network. */
export const noNetwork = NET ? false : 'no network: run tests/run'
const ports = JSON.parse(process.env.CLIENTELE_TEST_PORTS ?? '{}')
export const HOST = 'localhost'
// the server listens on 127.0.0.1; where /etc/hosts names ::1 too, Node 18 would go there alone
setDefaultResultOrder('ipv4first')
export const PORT = ports.port
export const DEALER_PORT = ports.dealer_port
export const METRICS_PORT = ports.metrics_port
export const URL_BASE = `https://${HOST}:${PORT}`
export const CA_PATH = NET && join(NET, 'ca.pem')
export const CA = NET ? readFileSync(CA_PATH) : undefined
/** True when tests/run was called with --long: whole corpora instead of samples. */
export const IS_LONG = process.env.CLIENTELE_TEST_LONG === '1'

/** A psql process kept open; one question at a time. */
class Database {
  #child; #out = ''; #turn = Promise.resolve(); #wake
  constructor(role) {
    // an application login is met as the server meets it: by its own operating system user
    const script = role
      ? `. "$1/deploy/lib/cluster.sh"; as_user "$SERVER_USER" psql -X -q -At -v VERBOSITY=verbose -h "$(cluster_socket "$2")" -p 5432 -U ${role} -d clientele -f - 2>&1`
      : `. "$1/deploy/lib/cluster.sh"; cluster_psql "$2" -At -v ON_ERROR_STOP=0 -v VERBOSITY=verbose -f - 2>&1`
    this.#child = spawn('bash', ['-c', script, 'psql', ROOT, NET],
      { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/' })
    this.#child.stdout.setEncoding('utf8')
    this.#child.stdout.on('data', (chunk) => { this.#out += chunk; this.#wake?.() })
    this.#child.on('exit', () => { this.#out += '\nEND dead\n'; this.#wake?.() })
    this.#child.unref(); this.#child.stdin.unref?.(); this.#child.stdout.unref?.()
  }
  /** Run SQL; out: its output without the last newline. errors: thrown with psql's words */
  run(sql) {
    const turn = this.#turn.then(() => this.#ask(sql))
    this.#turn = turn.catch(() => {})
    return turn
  }
  async #ask(sql) {
    const mark = 'END ' + randomBytes(8).toString('hex')
    this.#out = ''
    this.#child.stdout.ref?.()
    this.#child.stdin.write(`${sql}\n;\n\\echo\n\\echo ${mark}\n`)
    while (!this.#out.includes(mark)) {
      if (this.#out.includes('END dead')) throw new Error(`psql ended: ${this.#out}`)
      await new Promise((resolve) => { this.#wake = resolve })
    }
    this.#child.stdout.unref?.()
    const text = this.#out.slice(0, this.#out.indexOf(mark)).trimEnd()
    if (/(^|\n)psql:.*(ERROR|FATAL)|(^|\n)(ERROR|FATAL):/.test(text)) throw new Error(`${text}\nin: ${sql.slice(0, 400)}`)
    return text
  }
  close() { this.#child.stdin.end() }
}

let database
/** Run SQL as the cluster's superuser; out: psql's unaligned output. */
export const sql = (text) => (database ??= new Database()).run(text)
/** Rows of a query as objects. */
export const rows = async (query) => JSON.parse(await sql(`select coalesce(json_agg(t), '[]') from (${query}) t`) || '[]')
/** The only row of a query. */
export const row = async (query) => (await rows(query))[0]
/** A statement with RETURNING, as objects. */
export const change = async (statement) =>
  JSON.parse((await sql(`with t as (${statement}) select coalesce(json_agg(t), '[]') from t`)) || '[]')
/** SQL text literal. */
export const quote = (value) => value === null || value === undefined ? 'null' : `'${String(value).replaceAll("'", "''")}'`
/** End the psql process: call it after the last test of a file, or before the cluster is killed; the next sql() has one of its own. */
export const closeDatabase = () => { database?.close(); database = undefined }
/** A psql of its own as one of the five application logins (fence tests). */
export const databaseAs = (role) => new Database(role)

export const PASSWORD = 'korrekt-pferd-stapel-7'
// Argon2id of PASSWORD with the server's parameters (m=19456 KiB, t=2, p=1)
const PHC = '$argon2id$v=19$m=19456,t=2,p=1$Y2xpZW50ZWxldGVzdHNhbA$pcme8B1+PxhlltUijYFqI9ye13J4q13EMsmCkk++m8g'

/** A short word no other test has. */
export const unique = () => randomBytes(5).toString('hex')
/** Numbers 0, 1, ... that no other process on this network has, `size` at a time: what is drawn by lot is some day drawn twice. */
export function serial(what, size) {
  let at = 0, end = NET ? 0 : Infinity
  return () => {
    if (at === end) { at = claim(join(NET, 'test-serials', what)) * size; end = at + size }
    return at++
  }
}
/** The first number that has no file in a folder yet. */
function claim(folder) {
  mkdirSync(folder, { recursive: true })
  for (let n = readdirSync(folder).length; ; n++)
    try { closeSync(openSync(join(folder, String(n)), 'wx')); return n } catch (error) { if (error.code !== 'EEXIST') throw error }
}
const phoneNext = serial('phones', 512)
/** A phone nobody has: +7 971, a code without operator. Never two in a row: numbers one after another are looked at (R32). */
export const phone = () => `+7971${String(phoneNext() * 7919 % 10000000).padStart(7, '0')}`

/** Make staff who can sign in with PASSWORD. in: dealer number, 0 = head office. out: {staff_id, id, login, role} */
export async function makeStaff(dealerId, role, name = `${role} ${unique()}`, lang = 'ru') {
  const login = `${role}.${unique()}@test.example`
  const [made] = await change(`insert into core.staff (dealer_id, role, name, email, lang)
    values (${dealerId}, '${role}', ${quote(name)}, '${login}', '${lang}') returning staff_id, public_id as id`)
  await sql(`insert into session.account (staff_id, login, password_phc) values (${made.staff_id}, '${login}', ${quote(PHC)})`)
  return { ...made, login, role, name, password: PASSWORD }
}

/** Where it is no night now, nor will be while a test runs: what is done at a dealer's night is looked at (R32), so a test must not
 *  depend on the hour it is started at. */
function wakingZone() {
  const hour = Number(new Intl.DateTimeFormat('en', { timeZone: 'Europe/Moscow', hour: 'numeric', hourCycle: 'h23' }).format(new Date()))
  return hour === 23 ? 'Europe/Kaliningrad' : hour < 5 ? 'Asia/Vladivostok' : 'Europe/Moscow'
}

/** Make a dealer with staff.
 *  in:  zone - default: one where it is no night; seats - roles to make; brands - brand numbers, every line each
 *  out: {dealer_id, id, name, staff: {manager, seller, ...}} ; a second seat of a role is role2 */
export async function makeDealer({ seats = ['manager', 'seller'], name = `Дилер ${unique()}`, city = 'Казань', zone = wakingZone(),
  brands = [1], lines = ['NEW', 'USED', 'FLEET', 'SERVICE', 'PARTS', 'FIN'] } = {}) {
  const [dealer] = await change(`insert into core.dealer (dealer_id, name, legal_name, city, time_zone, area_code, sender_address)
    select coalesce(max(dealer_id), 0) + 1, ${quote(name)}, ${quote(`ООО «${name}»`)}, ${quote(city)}, ${quote(zone)}, '843',
      'news@d${unique()}.example' from core.dealer returning dealer_id, public_id as id`)
  for (const brand of brands) {
    await sql(`insert into core.brand (brand_id, name) values (${brand}, 'Марка ${brand}') on conflict do nothing`)
    await sql(`insert into core.dealer_brand select ${dealer.dealer_id}, ${brand}, l::core.line from unnest(array[${lines.map(quote)}]) l`)
  }
  const staff = {}
  for (const role of seats) {
    const key = staff[role] ? `${role}2` : role
    staff[key] = await makeStaff(dealer.dealer_id, role)
  }
  return { ...dealer, name, staff }
}

/** A session row made directly, for tests that need hundreds. out: cookie value and secret */
export async function makeSession(staff) {
  const secret = randomBytes(32)
  const letter = { admin: 'H', marketer: 'H', router: 'H', arbiter: 'H', steward: 'H', dpo: 'H', auditor: 'A', system: 'S' }[staff.role] ?? 'D'
  await sql(`insert into session.session (secret_hash, staff_id, letter, agent, address, created_at, seen_at, authenticated_at,
      idle_until, expires_at)
    values ('\\x${createHash('sha256').update(secret).digest('hex')}', ${staff.staff_id}, '${letter}', 'test', '127.0.0.1',
      core.now(), core.now(), core.now(), core.now() + interval '30 minutes', core.now() + interval '12 hours')`)
  return { cookie: letter + secret.toString('base64url'), secret }
}
