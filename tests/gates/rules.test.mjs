// SPDX-License-Identifier: Apache-2.0
// Every rule of ownership is enforced by code that names it and promised by the title of a test: whoever takes either away is told.
import test from 'node:test'
import assert from 'node:assert/strict'
import { exists, rules, scenarios, sqlPlaces } from '../rules.mjs'

const all = rules()
test('the list holds every rule from R1 to R162, once', () => {
  assert.deepEqual(all.map((r) => r.id), Array.from({ length: 162 }, (_, i) => `R${i + 1}`))
  assert.deepEqual(all.filter((r) => !['rule', 'proof', 'later'].includes(r.kind) || !r.words), [])
})
test('every rule is enforced by a function, a policy or a constraint that names it; a refusal alone enforces nothing', () => {
  assert.deepEqual(all.filter((r) => r.kind === 'rule' && r.places.every((p) => p.startsWith('refusal '))).map((r) => `${r.id} ${r.words}`), [])
})
test('what the list names as enforcing a rule is there', () => {
  assert.deepEqual(all.flatMap((r) => r.named.filter((place) => !exists(place)).map((place) => `${r.id}: no ${place}`)), [])
  assert.ok(all.filter((r) => r.named.length).length > 15)
  assert.ok(!exists('ownership_two_owners') && !exists('pad.c:pad_nothing') && !exists('nobody.c:pad_hold'))
})
test('a comment, a head of a file or an insert of words is no place', () => {
  assert.deepEqual(sqlPlaces('-- R31 first registration\ncreate table core.x (a int);  -- R31\n').flatMap(([, ids]) => ids), [])
  assert.deepEqual(sqlPlaces('create function core.f() returns int\nlanguage sql as $$\n-- R31\nselect 1 $$;\ncreate table core.x (a int);').flatMap(([, ids]) => ids), [])
  assert.deepEqual(sqlPlaces("create function core.f(a int) returns int\nlanguage sql as $$ select core.ledger_add('R31') $$;\ncomment on function core.f(int) is $$\nTakes.\nsource: R1$$;"),
    [['core.f()', ['R31']], ['core.f()', ['R1']]])
  assert.deepEqual(sqlPlaces('create policy "who serves reads (R81)" on core.x for select to dealer using (true);'), [['policy "who serves reads (R81)"', ['R81']]])
})
test('every rule and every proof is promised by the title of a test', () => {
  assert.deepEqual(all.filter((r) => r.kind !== 'later' && r.tests.length === 0).map((r) => `${r.id} ${r.words}`), [])
})
test('every acceptance scenario of ownership is a test over HTTP named after it', () => {
  // those of campaigns are proved in SQL, where the clock and the gateway can be held: tests/sql/campaign_test.sql and its neighbours
  const inSql = ['S10', 'S11', 'S22', 'S28']
  assert.deepEqual(scenarios().filter((s) => s.titles.length === 0 && !inSql.includes(s.id)).map((s) => s.id), [])
})
test('what is for later is not said to be there', () => {
  assert.deepEqual(all.filter((r) => r.kind === 'later' && r.tests.length > 0).map((r) => `${r.id} is tested: call it a rule`), [])
})
