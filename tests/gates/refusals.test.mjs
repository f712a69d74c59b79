// SPDX-License-Identifier: Apache-2.0
// Every refusal names its rule and the next possible step, in both languages, wherever it is shown (R162). What goes over HTTP is held by
// tests/lib/http.mjs at every answer of every test; here stand the table and the places that show it.
import test from 'node:test'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { refusals, rules } from '../rules.mjs'

const root = new URL('../../', import.meta.url)
const read = (path) => readFileSync(new URL(path, root), 'utf8')
const all = refusals().filter((e) => e.status >= 400)

// no rule of the network refuses these: the form of a request, who somebody is, how much a machine can take
const GENERAL = ['BAD_REQUEST', 'HEAD_TOO_LARGE', 'URI_TOO_LONG', 'BODY_TOO_LARGE', 'TIMEOUT', 'LENGTH_REQUIRED', 'MEDIA_TYPE', 'METHOD', 'BAD_JSON', 'UNKNOWN_FIELD',
  'MISSING_FIELD', 'BAD_FIELD', 'UNAUTHENTICATED', 'CSRF', 'CERTIFICATE', 'TOO_MANY', 'INTERNAL', 'UNAVAILABLE', 'BUSY', 'KEY_MISSING', 'KEY_REUSED', 'CONTRADICTS',
  'IN_FLIGHT', 'IF_MATCH', 'CHANGED', 'BAD_LOGIN', 'BAD_LINK', 'WEAK_PASSWORD', 'STEP_UP', 'LOGIN_TAKEN', 'JOB_STATE']

test('R162: the table was read whole', () => {
  assert.equal(refusals().length, read('server/errors.def').split('\n').filter((l) => l.startsWith('ERR(')).length)
})
test('R162: every refusal names a rule of ownership that exists; the general ones their RFC', () => {
  const known = new Set(rules().map((r) => r.id))
  assert.deepEqual(all.filter((e) => !GENERAL.includes(e.name) && !known.has(e.rule)).map((e) => `${e.name}: "${e.rule}"`), [])
  assert.deepEqual(all.filter((e) => GENERAL.includes(e.name) && !/^RFC \d{4}( [\d.]+)?$/.test(e.rule)).map((e) => `${e.name}: "${e.rule}"`), [])
  assert.deepEqual(GENERAL.filter((name) => !all.some((e) => e.name === name)), [])
})
test('R162: every refusal says what happened and what to do next, in Russian and in English', () => {
  const ru = /^[А-ЯЁA-Z].*[а-яё]{3}/, en = /^[A-Z][\x20-\x7e]{5,}$/
  assert.deepEqual(all.filter((e) => !ru.test(e.ru) || !en.test(e.en)).map((e) => `${e.name}: ${e.ru} | ${e.en}`), [])
  assert.deepEqual(all.filter((e) => !ru.test(e.nextRu)).map((e) => `${e.name}: ${e.nextRu}`), [])
  assert.deepEqual(all.filter((e) => !en.test(e.nextEn) || !/[.)]$/.test(e.nextEn) || !/[.)]$/.test(e.nextRu)).map((e) => `${e.name}: ${e.nextRu} | ${e.nextEn}`), [])
  assert.deepEqual(all.filter((e) => e.nextRu === e.ru || e.nextEn === e.en).map((e) => e.name), [])
})
test('R162: SQL raises no refusal that the table does not hold', () => {
  const states = new Set(refusals().map((e) => e.state))
  const internal = new Set(['ZC999', 'ZC000'])         // a trial that takes its work back; the name of the class
  const wrong = readdirSync(new URL('schema', root), { recursive: true, withFileTypes: true }).filter((f) => f.isFile() && f.name.endsWith('.sql') && f.name !== 'snapshot.sql')
    .flatMap((f) => [...readFileSync(`${f.parentPath ?? f.path}/${f.name}`, 'utf8').matchAll(/core\.fail\('(\w+)'|errcode = '(ZC\w+)'/g)].map((m) => [f.name, m[1] ?? m[2]]))
    .filter(([, state]) => !states.has(state) && !internal.has(state))
  assert.deepEqual(wrong, [])
})
