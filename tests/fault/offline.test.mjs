// SPDX-License-Identifier: Apache-2.0
// Fault: a dealer's day without connection. 100,000 records (a sample in the short run) go into the spool while the program is killed
// again and again, its file's tail is torn and its disk is full; when the line is back, every record is in exactly once, and the
// records of one person in their order. D.17, R153, R156.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { closeDatabase, IS_LONG, makeDealer, noNetwork, row, rows, sql } from '../lib/network.mjs'
import { closeAdmin, makeSystem, PROGRAM } from '../lib/dealer.mjs'
import { SEED } from '../lib/data.mjs'

const skip = noNetwork
const RECORDS = IS_LONG ? 100000 : 3000, KILLS = IS_LONG ? 100 : 20
let dealer, system
before(async () => {
  if (skip) return
  dealer = await makeDealer({ seats: ['manager', 'system'] }); system = await makeSystem(dealer)
  if (IS_LONG) await sql(`insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) select name, core.now(), 10000000, unit, min_int, max_int from core.policy where name = 'R36.push_day' order by valid_from desc limit 1`)
})
after(async () => {
  if (!skip && IS_LONG) await sql(`delete from core.policy where name = 'R36.push_day' and value_int = 10000000`)
  closeAdmin(); closeDatabase()
})

/** A generator that the seed repeats. */
let state = (Number(SEED) || 1) >>> 0
const draw = (n) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 2 ** 32 * n) }

/** Run the program and kill it after so long, or let it end under a limit of file size. out: exit status or signal */
function run(words, { kill_ms, file_kb } = {}) {
  return new Promise((resolve) => {
    const args = ['--data', system.folder, ...words]
    const child = file_kb ? spawn('sh', ['-c', `ulimit -f ${file_kb}; exec "$0" "$@"`, PROGRAM, ...args]) : spawn(PROGRAM, args)
    let text = ''
    child.stdout.on('data', (c) => { text += c }); child.stderr.on('data', (c) => { text += c })
    child.on('close', (status, signal) => resolve({ status, signal, text }))
    if (kill_ms !== undefined) setTimeout(() => child.kill('SIGKILL'), kill_ms)
  })
}

test('a day offline: kills, torn tails and a full disk lose nothing, double nothing, and keep each person\'s order', { skip, timeout: IS_LONG ? 7200000 : 600000 }, async (t) => {
  t.diagnostic(`seed ${SEED}; ${RECORDS} records, ${KILLS} kills`)
  const perFile = Math.ceil(RECORDS / 10), people = Math.ceil(RECORDS / 5), files = [], sent = []
  mkdirSync(join(system.folder, 'day'), { recursive: true })
  for (let f = 0, n = 0; f < 10; f++) {
    const lines = []
    for (let i = 0; i < perFile; i++, n++) {
      const person = draw(people)
      lines.push(JSON.stringify({ kind: 'client', data: { external_id: `p${person}`, surname: `Дневной${person}`, note: n } }))
      sent.push({ person, n })
    }
    files.push(join(system.folder, 'day', `${f}.jsonl`))
    writeFileSync(files[f], lines.join('\n') + '\n')
  }
  const spool = join(system.folder, 'spool')
  let kills = 0, torn = 0, full = 0
  for (let f = 0; f < files.length; f++) {
    for (let tries = 0; ; tries++) {
      const share = KILLS / files.length
      const isKilled = tries < share
      const done = await run(['push', files[f], '--offline'], isKilled ? { kill_ms: 1 + draw(IS_LONG ? 60 : 12) } : {})
      if (done.signal === 'SIGKILL') kills++
      if (done.status === 0) break
      if (isKilled && existsSync(spool) && draw(3) === 0) { appendFileSync(spool, Buffer.from(Array.from({ length: draw(200) + 1 }, () => draw(256)))); torn++ }
      if (isKilled && existsSync(spool) && draw(4) === 0) {
        const limit = Math.max(1, Math.ceil(statSync(spool).size / 512))      // blocks of 512 bytes: no room for more
        const met = await run(['push', files[f], '--offline'], { file_kb: limit })
        // a run that was killed behind its last record left nothing to write, and that needs no room
        if (met.status === 0) assert.match((await run(['status', '--local'])).text, new RegExp(`${(f + 1) * perFile} wait`), 'a full disk is told')
        else full++
      }
      assert.ok(tries < 200, done.text)
    }
  }
  t.diagnostic(`${kills} kills, ${torn} torn tails, ${full} full disks`)
  assert.ok(torn + full > 0)
  const spooled = await run(['status', '--local'])
  assert.match(spooled.text, new RegExp(`${sent.length} wait`), spooled.text)
  // the line is back; the program is killed while it sends
  for (let tries = 0; ; tries++) {
    const done = await run(['push'], tries < 5 ? { kill_ms: 100 + draw(400) } : {})
    if (done.status === 0 || done.status === 2) break
    assert.ok(tries < 20, done.text)
  }
  const stored = await row(`select count(*)::int as n, count(distinct (source, seq))::int as d, min(seq)::int as a, max(seq)::int as b from core.exchange_row where dealer_id = ${dealer.dealer_id}`)
  assert.deepEqual([stored.n, stored.d, stored.b - stored.a + 1], [sent.length, sent.length, sent.length], 'all exactly once, no number left out')
  // drafts are made in the order of arrival: each person's notes must ascend
  const drafts = await rows(`select data ->> 'external_id' as p, (data ->> 'note')::int as n from core.draft where dealer_id = ${dealer.dealer_id} order by draft_id`)
  assert.equal(drafts.length, sent.length)
  const last = new Map()
  for (const d of drafts) { assert.ok(!(last.get(d.p) >= d.n), `${d.p}: ${last.get(d.p)} before ${d.n}`); last.set(d.p, d.n) }
  const answered = readFileSync(join(system.folder, 'verdicts.jsonl'), 'utf8').trim().split('\n').map((l) => JSON.parse(l).seq)
  assert.equal(new Set(answered).size, sent.length)
})
