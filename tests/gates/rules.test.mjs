// SPDX-License-Identifier: Apache-2.0
// Every rule of ownership is named where it is enforced and in the title of a test: whoever takes either away is told.
import test from 'node:test'
import assert from 'node:assert/strict'
import { rules } from '../rules.mjs'

const all = rules()
test('the list holds every rule from R1 to R162, once', () => {
  assert.deepEqual(all.map((r) => r.id), Array.from({ length: 162 }, (_, i) => `R${i + 1}`))
  assert.deepEqual(all.filter((r) => !['rule', 'proof', 'later'].includes(r.kind) || !r.words), [])
})
test('every rule is named where it is enforced', () => {
  assert.deepEqual(all.filter((r) => r.kind === 'rule' && r.places.length === 0).map((r) => `${r.id} ${r.words}`), [])
})
test('every rule and every proof is promised by the title of a test', () => {
  assert.deepEqual(all.filter((r) => r.kind !== 'later' && r.tests.length === 0).map((r) => `${r.id} ${r.words}`), [])
})
test('what is for later is not said to be there', () => {
  assert.deepEqual(all.filter((r) => r.kind === 'later' && r.tests.length > 0).map((r) => `${r.id} is tested: call it a rule`), [])
})
