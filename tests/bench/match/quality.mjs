// SPDX-License-Identifier: Apache-2.0
// Quality of linkage on the public files: pair precision, recall and F1 against their gold standard.
//   node quality.mjs PROGRAM        one line a file, tab-separated: measure, value, target, met, how
// The matcher reads copies that hold neither the gold column nor soc_sec_id, with rows in random order under new ids, so no
// figure here can come from a label. All files go through the same program with the same settings; only the kinds of
// columns are declared.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const data = process.env.CLIENTELE_TEST_DATA ?? new URL('../../../../shared/data', import.meta.url).pathname
const program = process.argv[2], folder = mkdtempSync(join(tmpdir(), 'clientele-match-'))
let state = BigInt(process.env.CLIENTELE_TEST_SEED ?? 1)
const below = (n) => { state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn; return Number((state >> 33n) * BigInt(n) >> 31n) }
const rowsOf = (file, separator = ',') => {
  const lines = readFileSync(join(data, file), 'utf8').replaceAll('\r', '').split('\n').filter(Boolean)
  if (lines.some((line) => line.includes('"'))) throw new Error(`${file}: quoted cells`)
  const [header, ...rows] = lines.map((line) => line.split(separator).map((cell) => cell.trim()))
  return { header: header.map((name) => name.split('#').at(-1)), rows }
}

// A copy without gold: a new id by its place in a random order, and the declared columns. out: path, id of every row of the file
function blind(name, { header, rows }, columns) {
  const at = Object.keys(columns).map((column) => header.indexOf(column))
  if (at.includes(-1)) throw new Error(`${name}: a column is missing`)
  const order = rows.map((_, i) => i)
  for (let i = order.length - 1; i > 0; i--) { const j = below(i + 1); [order[i], order[j]] = [order[j], order[i]] }
  const shown = new Map(order.map((row, i) => [row, `${name}${i}`]))
  const path = join(folder, `${name}.csv`)
  writeFileSync(path, [['rid', ...Object.keys(columns)].join('|'), ...order.map((row) => [shown.get(row), ...at.map((i) => rows[row][i] ?? '')].join('|'))].join('\n') + '\n')
  return { path, ids: rows.map((_, i) => shown.get(i)) }
}

const key = (a, b) => (a < b ? `${a} ${b}` : `${b} ${a}`)
function link(columns, ...paths) {
  const out = execFileSync(program, ['rid', Object.entries(columns).map((c) => c.join('=')).join(','), ...paths], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 })
  return new Set(out.split('\n').filter(Boolean).map((line) => line.split(',')).filter((c) => c[3] !== 'possible').map(([a, b]) => key(a, b)))
}
const score = (found, gold) => {
  const right = [...found].filter((pair) => gold.has(pair)).length
  const precision = right / (found.size || 1), recall = right / gold.size
  return { precision, recall, f1: 2 * precision * recall / (precision + recall || 1), right }
}
const tell = (name, s, target, more) => console.log([`linkage: ${name}, pair F1`, s.f1.toFixed(3), `>= ${target}`, s.f1 >= target ? 'yes' : 'no',
  `precision ${s.precision.toFixed(3)}, recall ${s.recall.toFixed(3)}; ${more}`].join('\t'))

function one(name, file, columns, clusterOf, target, more) {
  const list = rowsOf(file), made = blind(name, list, columns), clusters = new Map(), gold = new Set()
  list.rows.forEach((row, i) => {
    const cluster = clusterOf(row)
    for (const other of clusters.get(cluster) ?? []) gold.add(key(other, made.ids[i]))
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), made.ids[i]])
  })
  tell(name, score(link(columns, made.path), gold), target, `${gold.size} true pairs; ${more}`)
}

// The gold of this file is not whole: say what is attainable, and what holds among the records it judges.
function restaurants() {
  const columns = { name: 'title', phone_number: 'phone', street: 'address' }
  const first = rowsOf('linkage-restaurants/rest1.csv', '|'), two = rowsOf('linkage-restaurants/rest2.csv', '|')
  const a = blind('a', first, columns), b = blind('b', two, columns)
  const at = (list, made) => new Map(list.rows.map((row, i) => [row[0], made.ids[i]]))
  const left = at(first, a), right = at(two, b)
  const pairs = rowsOf('linkage-restaurants/gt.csv', '|').rows
  const gold = new Set(pairs.map(([x, y]) => key(left.get(x), right.get(y))))
  const known = new Set(pairs.flatMap(([x, y]) => [left.get(x), right.get(y)]))
  const found = link(columns, a.path, b.path)
  const judged = new Set([...found].filter((pair) => pair.split(' ').some((id) => known.has(id))))
  const digits = (list, made) => new Map(list.rows.map((row, i) => [made.ids[i], (row[list.header.indexOf('phone_number')] ?? '').replace(/\D/g, '')]))
  const phones = new Map([...digits(first, a), ...digits(two, b)])
  const lost = [...found].filter((pair) => !gold.has(pair))
  const same = lost.filter((pair) => { const [x, y] = pair.split(' '); return phones.get(x).length > 6 && phones.get(x) === phones.get(y) }).length
  const best = gold.size / (gold.size + same), judgedScore = score(judged, gold)
  tell('restaurants', score(found, gold), 0.95, `${gold.size} true pairs; ${lost.length} found pairs are not in gt.csv, ${same} of them with the same telephone `
    + `and neither record in gt.csv: whoever finds these too reaches F1 ${(2 * best / (1 + best)).toFixed(3)} at most; among pairs with a record that gt.csv knows F1 is ${judgedScore.f1.toFixed(3)}`)
}

try {
  const febrl = { given_name: 'name', surname: 'surname', street_number: 'number', address_1: 'address', address_2: 'address', suburb: 'city', postcode: 'number', state: 'number', date_of_birth: 'date' }
  const number = (row) => row[0].split('-')[1]
  one('FEBRL dataset1', 'linkage-febrl/dataset1.csv', febrl, number, 0.985, 'without soc_sec_id')
  one('FEBRL dataset2', 'linkage-febrl/dataset2.csv', febrl, number, 0.985, 'without soc_sec_id')
  one('fake_1000', 'linkage-fake1000/fake_1000.csv', { first_name: 'name', surname: 'surname', dob: 'date', city: 'city', email: 'email' }, (row) => row[6], 0.90, 'cluster hidden')
  restaurants()
} finally { rmSync(folder, { recursive: true }) }
