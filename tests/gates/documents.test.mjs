// SPDX-License-Identifier: Apache-2.0
// What a reader is promised: contracts at public C and SQL functions, short files, no leftovers, tables in both languages.
import test from 'node:test'
import assert from 'node:assert/strict'
import { defRows, files, hits, text } from '../lib/tree.mjs'

const none = (found, message) => assert.equal(found.length, 0, `${message}:\n${found.join('\n')}`)

test('every public C function has a contract above it', () => {
  const found = []
  for (const path of files(/^(server|clients\/dealer)\/.*\.h$/)) {
    const lines = text(path).split('\n')
    let isInComment = false, isAfterContract = false, depth = 0
    lines.forEach((line, i) => {
      const bare = line.trim()
      if (isInComment) { if (bare.includes('*/')) { isInComment = false; isAfterContract = true } return }
      if (bare.startsWith('/**')) { isInComment = !bare.includes('*/'); isAfterContract = true; return }
      if (bare.startsWith('/*')) { isInComment = !bare.includes('*/'); return }
      const starts = depth === 0 && /^[A-Za-z_].*?\b([a-z][a-z0-9_]*)\s*\(/.exec(line)
      if (starts && !/^(typedef|#|return|static const|extern "C"|_Static_assert|__attribute__\(\(format)/.test(line) && !isAfterContract)
        found.push(`${path}:${i + 1}: ${bare}`)
      depth += (line.match(/\{/g)?.length ?? 0) - (line.match(/\}/g)?.length ?? 0)
      if (bare === '' ) isAfterContract = false
    })
  }
  none(found, 'public C functions without a contract (/** ... */)')
})

test('every SQL function has a comment', () => {
  const found = []
  for (const path of files(/^schema\/(api|core|extension)\/.*\.sql$|^schema\/session\.sql$/)) {
    const source = text(path).replace(/--[^\n]*/g, '')
    const commented = new Set([...source.matchAll(/comment\s+on\s+(?:function|procedure)\s+([\w.]+)/gi)].map((m) => m[1].toLowerCase()))
    for (const m of source.matchAll(/create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+([\w.]+)/gi))
      if (!commented.has(m[1].toLowerCase())) found.push(`${path}: ${m[1]}`)
  }
  none(found, 'SQL functions without a comment')
})

// made by a program from another file: the web client's types (from OpenAPI), the schema's snapshot, corpora
const GENERATED = /generated|schema\.d\.ts$|snapshot\.sql|corpus/

test('no module is longer than 400 lines', () => {
  const found = files(/\.(c|h|sql|ts|svelte|mjs|sh)$/)
    .filter((path) => !GENERATED.test(path))
    .map((path) => [path, text(path).split('\n').length - 1])
    .filter(([, lines]) => lines > 400).map(([path, lines]) => `${path}: ${lines}`)
  none(found, 'files over 400 lines')
})

test('source files carry the licence line', () => {
  none(files(/\.(c|h|sql|ts|svelte|mjs|sh|def)$/).filter((path) => !GENERATED.test(path))
    .filter((path) => !text(path).slice(0, 300).includes('SPDX-License-Identifier: Apache-2.0')), 'no SPDX line')
})

test('nothing is left for later', () => {
  const words = /\b(TODO|FIXME|XXX)\b|not implemented|for now\b/i
  const found = []
  for (const path of files(/\.(c|h|sql|ts|svelte|def|sh)$|^deploy\//))
    if (!/corpus|package-lock|\.(png|ico|svg|txt)$/.test(path)) found.push(...hits(path, text(path), words))
  none(found, 'unfinished parts')
})

test('no file names this machine', () => {
  const machine = new RegExp(['/wo' + 'rk/(main|shared)', '/tmp' + '/w/', '/ro' + 'ot/', '/ho' + 'me/[a-z]'].join('|'))
  const found = []
  for (const path of files())
    if (!/\.(png|ico|gz|woff2?|zst|br)$|corpus/.test(path)) found.push(...hits(path, text(path), machine))
  none(found, 'paths of a machine')
})

test('no private key lies in the tree', () => {
  const found = []
  const head = new RegExp('BEGIN [A-Z ]*PRIVATE' + ' KEY')
  for (const path of files())
    if (!/corpus|\.(png|ico|gz|woff2?)$/.test(path)) found.push(...hits(path, text(path), head).filter((hit) => !hit.includes('grep')))
  none(found, 'private keys')
})

test('every error has both languages, one slug, one SQLSTATE', () => {
  const slugs = new Set(), states = new Set(), found = []
  for (const { macro, args } of defRows('server/errors.def')) {
    assert.equal(macro, 'ERR')
    const [name, state, status, slug, , level, titleRu, titleEn, nextRu, nextEn] = args
    if (args.length !== 10) found.push(`${name}: ${args.length} columns`)
    if (slugs.has(slug)) found.push(`${name}: slug ${slug} twice`)
    if (state && states.has(state)) found.push(`${name}: SQLSTATE ${state} twice`)
    if (state && !/^ZC[0-9A-Z]{3}$/.test(state)) found.push(`${name}: SQLSTATE ${state}`)
    slugs.add(slug); states.add(state)
    if (!/^[2-5]\d\d$/.test(status) || !/^[a-z0-9-]+$/.test(slug)) found.push(`${name}: ${status} ${slug}`)
    if (!/[а-я]/i.test(titleRu) || !/[a-z]/i.test(titleEn) || (name !== 'REPLAY' && (!/[а-я]/i.test(nextRu) || !/[a-z]/i.test(nextEn))))
      found.push(`${name}: a language is missing`)
    if (!/^(DEBUG|INFO|WARN|ERROR)$/.test(level)) found.push(`${name}: level ${level}`)
  }
  none(found, 'errors.def')
})

test('every number of the rules has a word in both languages', () => {
  const names = new Set()
  for (const path of files(/^schema\/(core|tables)\/.*\.sql$/))
    for (const [, body] of text(path).matchAll(/insert into core\.policy([\s\S]*?);/g))
      for (const [, name] of body.matchAll(/\('([A-Za-z]\w*\.\w+)'/g)) names.add(name)
  assert.ok(names.size > 100, `${names.size} numbers found`)
  const found = []
  for (const lang of ['ru', 'en']) {
    const words = text(`clients/web/src/i18n/${lang}/life.ts`)
    for (const name of names) if (!words.includes(`'${name}':`)) found.push(`${lang}: ${name}`)
  }
  none(found, 'a rule would stand on the screen of rules by its code')
})

test('every route is told once and every function it names stands in schema/api', () => {
  const api = files(/^schema\/api\/.*\.sql$/).map(text).join('\n')
  const seen = new Set(), found = []
  for (const { macro, args } of defRows('server/routes.def')) {
    const key = `${args[0]} ${args[1]}`
    if (seen.has(key)) found.push(`${key} twice`)
    seen.add(key)
    if (macro === 'ROUTE' && !new RegExp(`function\\s+api\\.${args[2]}\\b`, 'i').test(api)) found.push(`${key}: no api.${args[2]}`)
  }
  none(found, 'routes.def')
})

test('every ZC code raised in SQL stands in errors.def', () => {
  const known = new Set(defRows('server/errors.def').map(({ args }) => args[1]))
  known.add('ZC999') // the private signal by which a trial run takes itself back (core.intake_row); it never leaves that function
  const found = []
  for (const path of files(/^schema\/.*\.sql$/))
    for (const m of text(path).matchAll(/'(ZC[0-9A-Z]{3})'/g)) if (!known.has(m[1])) found.push(`${path}: ${m[1]}`)
  none([...new Set(found)], 'unknown codes')
})

test('every folder with a README promised by the tree has one', () => {
  none(['README.md', 'server/README.md', 'schema/README.md', 'roles/README.md', 'clients/web/README.md',
    'clients/dealer/README.md', 'tests/README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'LICENSE']
    .filter((path) => files().indexOf(path) < 0), 'missing documents')
})
