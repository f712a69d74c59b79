// SPDX-License-Identifier: Apache-2.0
// Where each rule of schema/rules.tsv is enforced and which tests promise it.
//   node tests/rules.mjs [R31 ...]      a table: rule, what enforces it, titles of tests
// A place is a thing of the product that stops existing when it is taken away: a function whose body or contract names the rule, a row policy,
// a refusal of errors.def that code raises; and what rules.tsv names because it cannot carry a number: a constraint, an index, a function of C.
// A comment, a file's head, a word of the screens is no place.
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
  : [...text.matchAll(/\b(?:test|it|describe|step|say|T)\w*\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g)].map((m) => m[2])

// the functions and policies of a text of SQL with the numbers each names; comments count for nothing
export function sqlPlaces(text) {
  const bare = text.replace(/--[^\n]*/g, ''), found = []
  for (const [, name, rest] of bare.matchAll(/^create (?:or replace )?(?:function|procedure) ([\w.]+)\s*\(([\s\S]*?)(?=^create |^comment on |$(?![\s\S]))/gim)) found.push([`${name}()`, numbers(rest)])
  for (const [, name, contract] of bare.matchAll(/^comment on function ([\w.]+)[\s\S]*?\bis\s+(\$\$[\s\S]*?\$\$|'(?:[^']|'')*')\s*;/gim)) found.push([`${name}()`, numbers(contract)])
  for (const [, name, rest] of bare.matchAll(/^create policy "([^"]+)"([\s\S]*?);/gim)) found.push([`policy "${name}"`, numbers(name + rest)])
  return found
}

// the acceptance scenarios of D.19 with the titles that name each, among what is proved over HTTP
export function scenarios() {
  const told = files(['tests/http', 'tests/fault', 'tests/story'], /\.test\.mjs$/).flatMap((path) => titles(path, read(path)))
  return Array.from({ length: 28 }, (_, i) => ({ id: `S${i + 1}`, titles: told.filter((title) => new RegExp(`\\bS${i + 1}\\b`).test(title)) }))
}

// a refusal counts where it is raised: its line alone refuses nobody
const raised = new Set(files(['schema'], /\.sql$/).flatMap((path) => [...read(path).replace(/--[^\n]*/g, '').matchAll(/'(ZC\w{3})'/g)].map((m) => m[1])))
const bareC = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/[^\n]*/g, '')
const nativeText = files(['server', 'clients/dealer'], /\.c$/).map((path) => bareC(read(path))).join('\n')
export const refusals = () => [...read('server/errors.def').matchAll(/^ERR\((\w+), "(\w*)", (\d+), "([\w-]+)", "([^"]*)", \w+, "([^"]*)", "([^"]*)", "([^"]*)", "([^"]*)"\)$/gm)]
  .map(([, name, state, status, slug, rule, ru, en, nextRu, nextEn]) => ({ name, state, status: Number(status), slug, rule, ru, en, nextRu, nextEn }))

// what rules.tsv names beside: constraint, index or trigger of the catalogue (schema/snapshot.sql), or file.c:function
const catalogue = new Set([...read('schema/snapshot.sql').matchAll(/\b(?:CONSTRAINT|INDEX|TRIGGER) (\w+)/g)].map((m) => m[1]))
export function exists(place) {
  const [file, name] = place.split(':')
  if (!name) return catalogue.has(place)
  const path = files(['server', 'clients/dealer'], /\.c$/).find((p) => p.endsWith(`/${file}`))
  return Boolean(path) && new RegExp(`^[a-z][\\w *]*\\b${name}\\(`, 'm').test(bareC(read(path)))
}

export function rules() {
  const all = new Map(read('schema/rules.tsv').split('\n').filter((l) => /^R\d/.test(l)).map((l) => l.split('\t'))
    .map(([id, kind, words, places]) => [id, { id, kind, words, named: places?.split(' ') ?? [], places: [...places?.split(' ') ?? []], tests: [] }]))
  for (const path of files(['schema', 'roles'], /\.sql$/)) for (const [place, ids] of sqlPlaces(read(path))) for (const id of new Set(ids)) all.get(id)?.places.push(place)
  for (const e of refusals()) if (raised.has(e.state) || new RegExp(`\\bERR_${e.name}\\b`).test(nativeText)) for (const id of numbers(e.rule)) all.get(id)?.places.push(`refusal ${e.slug}`)
  // what holds this list speaks of every number and proves none
  for (const path of files(['tests', 'clients/web/tests', 'clients/web/src'], /(_test\.sql|\.test\.mjs|\.test\.ts|_test\.c)$/).filter((path) => !path.endsWith('gates/rules.test.mjs'))) {
    for (const title of titles(path, read(path))) for (const id of new Set(numbers(title))) all.get(id)?.tests.push({ path, title })
  }
  return [...all.values()].map((r) => ({ ...r, places: [...new Set(r.places)] }))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = new Set(process.argv.slice(2))
  for (const r of rules().filter((x) => asked.size === 0 || asked.has(x.id))) {
    console.log(`${r.id} ${r.words}${r.kind === 'rule' ? '' : ` (${r.kind})`}\n  in ${r.places.join(', ') || '-'}`)
    for (const t of asked.size ? r.tests : r.tests.slice(0, 3)) console.log(`  ${t.path}: ${t.title}`)
    if (!asked.size && r.tests.length > 3) console.log(`  ... and ${r.tests.length - 3} more`)
  }
}
