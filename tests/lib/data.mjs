// SPDX-License-Identifier: Apache-2.0
// Public test data beside the checkout (../shared/data); a test that needs it is skipped, saying so, where it is absent.
import { existsSync, readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ROOT } from './tree.mjs'
import { IS_LONG } from './network.mjs'

const DATA = process.env.CLIENTELE_TEST_DATA ?? join(ROOT, '..', 'shared', 'data')

/** Path of a data file. */
export const dataPath = (name) => join(DATA, name)
/** What test() takes as `skip` for a test that needs a data file. */
export const noData = (name) => existsSync(dataPath(name)) ? false : `no data: ${name}`
/** Text of a data file, unpacked when it ends in .gz. */
export const data = (name) => name.endsWith('.gz') ? gunzipSync(readFileSync(dataPath(name))).toString('utf8') : readFileSync(dataPath(name), 'utf8')
/** Files of a tar.gz: [{name, bytes}]. */
export function unpacked(name) {
  const bytes = gunzipSync(readFileSync(dataPath(name)))
  const found = []
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const field = (from, len) => bytes.subarray(at + from, at + from + len).toString('utf8').replace(/\0.*$/s, '')
    const size = Number.parseInt(field(124, 12).trim() || '0', 8)
    const path = (field(345, 155) ? field(345, 155) + '/' : '') + field(0, 100)
    if (bytes[at + 156] === 48 || bytes[at + 156] === 0) found.push({ name: path, bytes: bytes.subarray(at + 512, at + 512 + size) })
    at += 512 + Math.ceil(size / 512) * 512
  }
  return found
}
/** Rows of a CSV text as objects; quotes as RFC 4180. */
export function csvRows(text, separator = ',') {
  const table = csvTable(text, separator)
  const [header, ...rest] = table
  return rest.filter((cells) => cells.length > 1 || cells[0] !== '').map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])))
}
/** Cells of a CSV text. */
export function csvTable(text, separator = ',') {
  const table = [[]]
  let cell = '', isQuoted = false
  const body = text.replace(/^\uFEFF/, '')
  for (let i = 0; i < body.length; i++) {
    const c = body[i]
    if (isQuoted) {
      if (c === '"' && body[i + 1] === '"') { cell += '"'; i++ } else if (c === '"') isQuoted = false
      else cell += c
    } else if (c === '"' && cell === '') isQuoted = true
    else if (c === separator) { table.at(-1).push(cell); cell = '' }
    else if (c === '\n' || (c === '\r' && body[i + 1] === '\n')) {
      if (c === '\r') i++
      table.at(-1).push(cell); cell = ''; table.push([])
    } else cell += c
  }
  if (cell !== '' || table.at(-1).length > 0) table.at(-1).push(cell)
  else table.pop()
  return table
}
/** A reproducible sample of a list: all of it with --long. The seed is printed by the test through t.diagnostic. */
export function sample(list, count, seed = SEED) {
  if (IS_LONG || list.length <= count) return list
  const random = generator(seed)
  return list.map((item) => [random(), item]).sort((a, b) => a[0] - b[0]).slice(0, count).map(([, item]) => item)
}
/** Seed of this run; set CLIENTELE_TEST_SEED to repeat one. */
export const SEED = Number(process.env.CLIENTELE_TEST_SEED ?? Date.now() % 1000000)
/** Numbers in [0, 1) from a seed (mulberry32). */
export function generator(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
/** Run a program; out: {status, stdout, stderr}. */
export function run(program, words, options = {}) {
  try {
    return { status: 0, stdout: execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26, ...options }), stderr: '' }
  } catch (error) {
    if (error.status === undefined || error.status === null) throw error
    return { status: error.status, stdout: error.stdout ?? '', stderr: error.stderr ?? '' }
  }
}
