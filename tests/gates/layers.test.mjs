// SPDX-License-Identifier: Apache-2.0
// The walls between folders: layers, banned calls, words of the trade.
import test from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { bareC, files, hits, ROOT, text } from '../lib/tree.mjs'

const none = (found, message) => assert.equal(found.length, 0, `${message}:\n${found.join('\n')}`)
const layers = Object.fromEntries(text('server/layers.txt').split('\n')
  .filter((line) => line.trim() && !line.startsWith('#'))
  .map((line) => { const [name, may] = line.split(':'); return [name.trim(), may.trim().split(/\s+/).filter(Boolean)] }))
const clientMay = ['base', 'match', 'intake']
const sources = files(/^(server|clients\/dealer)\/.*\.[ch]$/)

test('a folder includes only what layers.txt allows', () => {
  const found = []
  for (const path of sources) {
    const folder = path.startsWith('server/') ? (path.split('/').length === 3 ? path.split('/')[1] : 'main') : 'client'
    const may = folder === 'client' ? clientMay : [folder, ...(layers[folder] ?? [])]
    if (folder !== 'client' && !layers[folder]) found.push(`${path}: folder ${folder} is not in layers.txt`)
    text(path).split('\n').forEach((line, i) => {
      const include = /^\s*#\s*include\s+"([^"]+)"/.exec(line)?.[1]
      if (!include || include.endsWith('.def') || !include.includes('/')) return
      if (!may.includes(include.split('/')[0])) found.push(`${path}:${i + 1}: includes ${include}`)
    })
  }
  none(found, 'includes against layers.txt')
})

test('layers.txt has no cycle and names only folders to the left', () => {
  const seen = []
  for (const [name, may] of Object.entries(layers)) {
    for (const other of may) assert.ok(seen.includes(other), `${name} may include ${other}, which stands to its right`)
    seen.push(name)
  }
})

test('a .c file includes its own header first', () => {
  const found = []
  const headers = new Set(sources.filter((path) => path.endsWith('.h')))
  for (const path of sources.filter((p) => p.endsWith('.c'))) {
    const own = path.replace(/\.c$/, '.h')
    if (!headers.has(own)) continue
    const first = /#\s*include\s+["<]([^">]+)[">]/.exec(text(path))?.[1]
    if (!own.endsWith('/' + first) && !own.endsWith(first)) found.push(`${path} includes ${first} first`)
  }
  none(found, 'own header not first')
})

test('banned calls do not occur', () => {
  const everywhere = /\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|alloca|system|popen|PQexec\w*|PQconnectdb\w*|getaddrinfo|gethostbyname)\s*\(/
  const memory = /(?<![\w.>])(malloc|calloc|realloc|free|strdup)\s*\(/
  const found = []
  for (const path of sources) {
    const bare = bareC(text(path))
    found.push(...hits(path, bare, everywhere))
    if (path.startsWith('server/') && !path.startsWith('server/base/')) found.push(...hits(path, bare, memory))
  }
  none(found, 'banned calls')
})

test('the core of the server knows no word of the trade', () => {
  const words = /prospect|customer|campaign|vehicle|odometer|\bowner_?ship|seller|adviser|loyalty|\bbonus|repair_?order|household|\bplate\b|\bvin\b/i
  const found = []
  for (const path of files(/^server\/(base|http|net|db|api)\/.*\.[ch]$/)) found.push(...hits(path, text(path), words))
  none(found, 'words of the trade')
})

test('clang-format decides the layout of all C', () => {
  const run = spawnSync('clang-format-14', ['--dry-run', '-Werror', ...files(/\.[ch]$/)], { cwd: ROOT, encoding: 'utf8' })
  assert.equal(run.status, 0, run.error?.message ?? run.stderr.split('\n').filter((line) => line.includes('error:')).join('\n'))
})

test('no row is spread as (f(x)).*, which calls f once a column', () => {
  none(files(/^(schema|roles)\/.*\.sql$/).flatMap((path) => hits(path, text(path).replace(/--.*$/gm, ''), /\w\([^;]*?\)\)\.\*/)), 'call it in FROM')
})
