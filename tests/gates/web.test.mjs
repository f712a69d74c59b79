// SPDX-License-Identifier: Apache-2.0
// The built web client: what opening the client list loads is at most 60 KB gzip, so are the bounds of each lazy screen and
// of the charts (clients/web/tests/budget.mjs names them), and nothing in it would meet the policy.
import test from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../lib/tree.mjs'

// deploy/up builds outside the checkout: tests/run says where
const dist = process.env.CLIENTELE_TEST_ASSETS || join(ROOT, 'clients/web/dist')
const skip = existsSync(join(dist, 'index.html')) ? false : 'the web client is not built'

test('the client list loads at most 60 KB gzip at the first visit; screens, charts and packages keep their bounds', { skip }, (t) => {
  const run = spawnSync(process.execPath, [join(ROOT, 'clients/web/tests/budget.mjs'), dist], { encoding: 'utf8' })
  for (const line of run.stdout.trim().split('\n').slice(0, 1)) t.diagnostic(line)
  assert.equal(run.status, 0, run.stdout + run.stderr)
  assert.match(run.stdout, /^ok +first load, client list/)
})

test('the built client holds no source maps and no inline script', { skip }, () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)[^>]*>/, 'inline script')
  assert.doesNotMatch(html, /\son\w+=/, 'inline handler')
  assert.deepEqual(readdirSync(dist, { recursive: true }).filter((name) => String(name).endsWith('.map')), [])
})

// the packages are where the client was built: beside the network's assets, or in the checkout of who works on it
const made = [join(dist, '../build/web-source'), join(ROOT, 'clients/web')].find((folder) => existsSync(join(folder, 'node_modules/vitest/vitest.mjs')))

test('the client\'s own unit tests pass', { skip: made ? false : 'the packages of the web client are not installed' }, (t) => {
  const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run'], { cwd: made, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  const sum = /Tests\s+(.*)/.exec(run.stdout)?.[1]
  t.diagnostic(`vitest: ${sum}`)
  assert.equal(run.status, 0, run.stdout.slice(-6000) + run.stderr.slice(-2000))
  assert.match(sum ?? '', /^\d+ passed/)
})
