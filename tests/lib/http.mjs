// SPDX-License-Identifier: Apache-2.0
// Requests as a browser sends them: own TLS connection per session, cookie, CSRF header, Idempotency-Key, JSON.
import https from 'node:https'
import { createHmac, randomUUID } from 'node:crypto'
import { CA, HOST, PASSWORD, PORT, makeSession, serial } from './network.mjs'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const IDLE_MS = 50000 // the server closes a connection after 60 s without a request (server/net/conn.h)
const addressNext = serial('addresses', 250)
/** A loopback address of its own, so that limits per address of one test do not meet another. */
export function ownAddress() {
  const n = addressNext() % 15000000
  return `127.${10 + Math.floor(n / 62500)}.${Math.floor(n / 250) % 250}.${1 + n % 250}`
}

/** A caller: connections, address, and after sign-in cookie and CSRF token. */
export class Caller {
  constructor({ address = ownAddress(), port = PORT, lang = 'ru', tls = {} } = {}) {
    this.address = address
    this.port = port
    this.lang = lang
    this.cookie = ''
    this.csrf = ''
    this.agent = new https.Agent({ keepAlive: true, maxSockets: 64, localAddress: address, ca: CA, servername: HOST, ...tls })
    this.agent.on('free', (socket) => { socket.freeAt = performance.now() })
  }

  /** Send one request.
   *  in:  json - body as a value; body - body as bytes; key - Idempotency-Key (null: none; default: a new one for POST)
   *       match - version for If-Match; csrf: false - leave the token and Origin out; headers - added last
   *  out: {status, headers, text, json, ms}; json is undefined when the reply is not JSON */
  send(method, path, { json, body, key, match, csrf, headers = {}, timeout_ms = 30000, signal } = {}) {
    const bytes = body ?? (json === undefined ? undefined : Buffer.from(JSON.stringify(json)))
    const all = { 'Accept-Language': this.lang }
    if (this.cookie) all.Cookie = `__Host-s=${this.cookie}`
    if (this.token) all.Authorization = `Bearer ${this.token}`
    if (json !== undefined) all['Content-Type'] = 'application/json'
    if (bytes !== undefined || !SAFE.has(method)) all['Content-Length'] = Buffer.byteLength(bytes ?? '')
    if (!SAFE.has(method) && csrf !== false) {
      all.Origin = `https://${HOST}:${this.port}`
      if (this.csrf) all['X-CSRF-Token'] = this.csrf
    }
    if (method === 'POST' && key !== null) all['Idempotency-Key'] = key ?? randomUUID()
    if (match !== undefined) all['If-Match'] = typeof match === 'number' ? `"v${match}"` : match
    Object.assign(all, headers)
    for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name]
    const begun = performance.now()
    // a test that was long busy has not seen yet that the server closed: such a connection is not used again
    for (const socket of Object.values(this.agent.freeSockets).flat()) if (begun - socket.freeAt > IDLE_MS) socket.destroy()
    return new Promise((resolve, reject) => {
      const request = https.request({ host: HOST, port: this.port, method, path, headers: all, agent: this.agent, signal,
        timeout: timeout_ms }, (reply) => {
        const chunks = []
        reply.on('data', (chunk) => chunks.push(chunk))
        reply.on('error', reject)
        reply.on('end', () => {
          const bytesIn = Buffer.concat(chunks)
          const text = bytesIn.toString('utf8')
          let value
          if (/json/.test(reply.headers['content-type'] ?? '')) try { value = JSON.parse(text) } catch { /* told by undefined */ }
          // R162, at every refusal that any test meets. A page for people and a proxy's own words are no problem document
          const lacks = reply.statusCode >= 400 && /problem\+json/.test(reply.headers['content-type'] ?? '') && method !== 'HEAD'
            && ['title', 'rule', 'next'].filter((member) => !(value?.[member]?.length > 1))
          if (lacks && lacks.length) return reject(new Error(`R162: a refusal without ${lacks.join(', ')}: ${method} ${path}: ${text}`))
          resolve({ status: reply.statusCode, headers: reply.headers, rawHeaders: reply.rawHeaders, bytes: bytesIn, text,
            json: value, ms: performance.now() - begun })
        })
      })
      request.on('timeout', () => request.destroy(new Error(`no reply within ${timeout_ms} ms: ${method} ${path}`)))
      request.on('error', reject)
      request.end(bytes)
    })
  }
  get(path, options) { return this.send('GET', path, options) }
  post(path, json = {}, options) { return this.send('POST', path, { json, ...options }) }
  patch(path, json, match, options) { return this.send('PATCH', path, { json, match, ...options }) }
  put(path, json, options) { return this.send('PUT', path, { json, ...options }) }
  del(path, options) { return this.send('DELETE', path, options) }

  /** All items of a list, page by page. */
  async all(path, limit = 100) {
    const items = []
    for (let after = ''; ;) {
      const page = await this.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${after && `&after=${encodeURIComponent(after)}`}`)
      if (page.status !== 200) throw new Error(`${path}: ${page.status} ${page.text}`)
      items.push(...page.json.items)
      if (!page.json.next) return items
      after = page.json.next
    }
  }

  /** Sign in through the front door. out: this; errors: thrown with the reply */
  async login(login, password = PASSWORD, secret) {
    const reply = await this.post('/v1/login', { login, password }, { key: null })
    if (reply.status !== 200) throw new Error(`login ${login}: ${reply.status} ${reply.text}`)
    let last = reply
    if (reply.json.state === 'totp')
      last = await this.post('/v1/login/totp', { challenge: reply.json.challenge, code: totp(secret) }, { key: null })
    this.keepCookie(last)
    if (!this.cookie) throw new Error(`login ${login}: no cookie: ${last.text}`)
    return this.fetchCsrf()
  }
  keepCookie(reply) {
    for (const line of reply.headers['set-cookie'] ?? []) {
      const m = /^__Host-s=([^;]*)/.exec(line)
      if (m) this.cookie = m[1]
    }
  }
  async fetchCsrf() {
    const reply = await this.get('/v1/session')
    if (reply.status !== 200) throw new Error(`session: ${reply.status} ${reply.text}`)
    this.session = reply.json
    this.csrf = reply.json.csrf
    return this
  }
  close() { this.agent.destroy() }
}

/** A caller signed in as staff of makeDealer/makeStaff, through the front door. */
export const signIn = (staff, options) => new Caller(options).login(staff.login, staff.password)

/** A caller with a session made in the database: for crowds. */
export async function signInDirectly(staff, options) {
  const caller = new Caller(options)
  caller.cookie = (await makeSession(staff)).cookie
  return caller.fetchCsrf()
}

/** RFC 6238 code: SHA-1, 30 s, 6 digits. in: secret base32; step offset */
export function totp(secret, offset = 0, now_ms = Date.now()) {
  let bits = ''
  for (const c of secret.replace(/=+$/, '').toUpperCase()) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(now_ms / 30000) + offset))
  const mac = createHmac('sha1', key).update(step).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0')
}

/** Wait until ask() gives something truthy. errors: thrown after timeout_ms with the words of what */
export async function until(what, ask, timeout_ms = 30000, pause_ms = 100) {
  const end = Date.now() + timeout_ms
  for (;;) {
    const got = await ask()
    if (got) return got
    if (Date.now() > end) throw new Error(`not within ${timeout_ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, pause_ms))
  }
}

/** Open the stream of events. out: {status, headers, events: [{event, id, data}], closed: promise, close()} */
export function listen(caller, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request({ host: HOST, port: PORT, path: '/v1/events', ca: CA, agent: false, localAddress: caller.address,
      headers: { Accept: 'text/event-stream', Cookie: `__Host-s=${caller.cookie}`, ...headers } }, (reply) => {
      const stream = { status: reply.statusCode, headers: reply.headers, events: [], text: '', close: () => request.destroy() }
      stream.closed = new Promise((end) => { reply.on('end', () => end('end')); reply.on('error', () => end('error')); reply.on('close', () => end('close')) })
      let rest = ''
      reply.setEncoding('utf8')
      reply.on('data', (chunk) => {
        stream.text += chunk
        rest += chunk
        const blocks = rest.split('\n\n')
        rest = blocks.pop()
        for (const block of blocks) {
          const fields = Object.fromEntries(block.split('\n').filter((l) => l && !l.startsWith(':')).map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 1).trim()]))
          if (fields.data !== undefined) stream.events.push({ event: fields.event, id: fields.id, data: JSON.parse(fields.data) })
        }
      })
      resolve(stream)
    })
    request.on('error', reject)
    request.end()
  })
}

/** Follow a job to its end. out: the job; errors: thrown when it failed */
export async function jobDone(caller, jobId, timeout_ms = 60000) {
  const job = await until(`job ${jobId}`, async () => {
    const reply = await caller.get(`/v1/jobs/${jobId}`)
    if (reply.status !== 200) throw new Error(`job: ${reply.status} ${reply.text}`)
    return ['DONE', 'FAILED', 'CANCELLED'].includes(reply.json.state) && reply.json
  }, timeout_ms)
  if (job.state !== 'DONE') throw new Error(`job ${job.kind} ${job.state}: ${job.error}`)
  return job
}

/** A registration with everything R30 asks for; override what the test is about. */
export const registration = (over = {}) => ({ kind: 'PERSON', surname: 'Проверкин', given_name: 'Пётр', brand_id: 1, line: 'NEW',
  source: 'phone', occasion: 'call', interest: 'test drive', consent_evidence: 'form 1', consent_channels: ['EMAIL', 'CALL'], ...over })
