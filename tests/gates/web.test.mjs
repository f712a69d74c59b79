// SPDX-License-Identifier: Apache-2.0
// The budget of the web client: what a first visit loads, compressed, is at most 60 KB; both languages are complete.
import test from 'node:test'
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../lib/tree.mjs'

const dist = process.env.CLIENTELE_TEST_ASSETS || join(ROOT, 'clients/web/dist')
const isBuilt = existsSync(join(dist, 'index.html'))
const skip = isBuilt ? false : 'the web client is not built'

test('a first visit loads at most 60 KB gzip', { skip }, (t) => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const names = new Set()
  const take = (name) => {
    if (names.has(name) || !existsSync(join(dist, name))) return
    names.add(name)
    if (!name.endsWith('.js')) return
    // static imports of a loaded module are loaded with it; import("...") only when asked for
    for (const m of readFileSync(join(dist, name), 'utf8').matchAll(/(?:^|[;\s}])(?:import|export)\b[^"'();]*["']\.\/([^"']+\.js)["']/g))
      take(join(name, '..', m[1]))
  }
  for (const m of html.matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css))"/g)) take(m[1])
  let total = gzipSync(html).length
  for (const name of names) total += gzipSync(readFileSync(join(dist, name)), { level: 9 }).length
  t.diagnostic(`${names.size} files, ${total} bytes gzip`)
  assert.ok(names.size > 0, 'index.html loads nothing')
  assert.ok(total <= 60 * 1024, `${total} bytes`)
})

test('the built client holds no source maps and no inline script', { skip }, () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)[^>]*>/, 'inline script')
  assert.doesNotMatch(html, /\son\w+=/, 'inline handler')
  assert.deepEqual(readdirSync(dist, { recursive: true }).filter((name) => String(name).endsWith('.map')), [])
})
