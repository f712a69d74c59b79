// SPDX-License-Identifier: Apache-2.0
// Where each rule of schema/rules.tsv is enforced and which tests promise it, found by its number.
//   node tests/rules.mjs [R31 ...]      a table: rule, files of the product that name it, titles of tests
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
const read = (path) => readFileSync(new URL(path, root), 'utf8')
const files = (folders, ends) => folders.flatMap((folder) => readdirSync(new URL(folder, root), { recursive: true, withFileTypes: true })
  .filter((f) => f.isFile() && ends.test(f.name)).map((f) => `${f.parentPath ?? f.path}/${f.name}`.replace(fileURLToPath(root), '').replace(/^\//, ''))
  .filter((path) => !/node_modules|\/dist\/|snapshot/.test(path)))

// the numbers in a text: R31, R32-R34
export function numbers(text) {
  return [...text.matchAll(/\bR(\d{1,3})(?:-R(\d{1,3}))?\b/g)].flatMap(([, a, b]) => Array.from({ length: Math.max(1, Number(b ?? a) - a + 1) }, (_, i) => `R${Number(a) + i}`))
}

// a title is what a test says: the last string of a pgTAP line, the first of test(...), it(...), step(...)
const titles = (path, text) => path.endsWith('.sql')
  ? text.split('\n').flatMap((line) => { const m = /'((?:[^']|'')*)'\);?\s*$/.exec(line); return m ? [m[1].replaceAll("''", "'")] : [] })
  : [...text.matchAll(/\b(?:test|it|describe|step|say|T)\w*\(\s*(['"`])((?:(?!\1).)*)\1/g)].map((m) => m[2])

export function rules() {
  const all = new Map(read('schema/rules.tsv').split('\n').filter((l) => /^R\d/.test(l)).map((l) => l.split('\t')).map(([id, kind, words]) => [id, { id, kind, words, places: [], tests: [] }]))
  for (const path of files(['schema', 'server', 'roles', 'clients'], /\.(sql|c|h|def|ts|svelte)$/)) {
    for (const id of new Set(numbers(read(path)))) all.get(id)?.places.push(path)
  }
  for (const path of files(['tests', 'clients/web/src'], /(_test\.sql|\.test\.mjs|\.test\.ts|_test\.c)$/)) {
    for (const title of titles(path, read(path))) for (const id of new Set(numbers(title))) all.get(id)?.tests.push({ path, title })
  }
  return [...all.values()]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = new Set(process.argv.slice(2))
  for (const r of rules().filter((x) => asked.size === 0 || asked.has(x.id))) {
    console.log(`${r.id} ${r.words}${r.kind === 'rule' ? '' : ` (${r.kind})`}\n  in ${r.places.join(', ') || '-'}`)
    for (const t of asked.size ? r.tests : r.tests.slice(0, 3)) console.log(`  ${t.path}: ${t.title}`)
    if (!asked.size && r.tests.length > 3) console.log(`  ... and ${r.tests.length - 3} more`)
  }
}
