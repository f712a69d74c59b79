// SPDX-License-Identifier: Apache-2.0
// Records for linkage: people of a Russian network, one in five a second writing of another, with slips of the pen.
//   node generate.mjs COUNT SEED [EVERY] >records.csv      one record in EVERY (5) is a copy, 0: none; columns: id (person-copy), surname, name, born_on, phone, email, city, address
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const data = process.env.CLIENTELE_TEST_DATA ?? new URL('../../../../shared/data', import.meta.url).pathname
const count = Number(process.argv[2] ?? 1000), letters = 'абвгдежзиклмнопрстуя'
const every = Number(process.argv[4] ?? 5)
let state = BigInt(process.argv[3] ?? 1)
const below = (n) => {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
  return Number((state >> 33n) * BigInt(n) >> 31n)
}
// a frequent value is taken more often than a rare one, as people's names are
const pick = (list) => list[Math.floor(list.length * (below(1e6) / 1e6) ** 2.5)]
const title = (word) => word[0] + word.slice(1).toLowerCase()
const column = (file, rule) => readFileSync(join(data, file), 'utf8').split('\n').slice(1).map((line) => line.split('\t'))
  .filter((cells) => cells.length > 1 && rule(cells)).map((cells) => title(cells[0].trim()))
const surnames = column('names-ru/surnames.gender.tsv', (c) => c[1].startsWith('мр'))
const names = column('names-ru/firstnames.gender.tsv', (c) => c[1].startsWith('мр'))
const cities = readFileSync(join(data, 'cities-ru/city.csv'), 'utf8').split('\n').slice(1).map((line) => line.split(',')[0].replaceAll('"', '')).filter(Boolean)
const streets = surnames.slice(0, 900).map((name) => `ул. ${name}а`)
const two = (n) => String(n).padStart(2, '0')

function slip(text) {
  if (text.length < 3) return text
  const at = 1 + below(text.length - 1), kind = below(4)
  if (kind === 0) return text.slice(0, at) + text.slice(at + 1)
  if (kind === 1) return text.slice(0, at) + letters[below(letters.length)] + text.slice(at)
  if (kind === 2) return text.slice(0, at) + letters[below(letters.length)] + text.slice(at + 1)
  return text.slice(0, at - 1) + text[at] + text[at - 1] + text.slice(at + 1)
}
const digit = (text) => { const at = 2 + below(text.length - 2); return text[at] >= '0' && text[at] <= '9' ? text.slice(0, at) + below(10) + text.slice(at + 1) : text }

const person = (n) => ({ n, copies: 0,
  cells: [pick(surnames), pick(names), `${1940 + below(66)}-${two(1 + below(12))}-${two(1 + below(28))}`, `+79${String(below(1e9)).padStart(9, '0')}`,
    `user${below(count * 5)}@mail${below(40)}.ru`, pick(cities), `${pick(streets)}, ${1 + below(150)}-${1 + below(300)}`] })

function copy(p) {
  const cells = [...p.cells]
  for (let slips = 1 + below(3); slips > 0; slips--) {
    const at = below(7)
    cells[at] = below(3) === 0 ? '' : at === 2 || at === 3 ? digit(cells[at]) : slip(cells[at])
  }
  return cells
}

const recent = []
let out = 'id,surname,name,born_on,phone,email,city,address\n'
for (let made = 0, n = 0; made < count; made++) {
  const again = every > 0 && recent.length > 0 && below(every) === 0 ? recent[below(recent.length)] : null
  const p = again ?? person(n++)
  const cells = again ? copy(p) : p.cells
  if (again) p.copies++
  else if (recent.length < 50000) recent.push(p)
  else recent[below(recent.length)] = p
  out += `${p.n}-${p.copies},${cells.map((c) => (c.includes(',') ? `"${c}"` : c)).join(',')}\n`
  if (out.length > 1 << 20) { process.stdout.write(out); out = '' }
}
process.stdout.write(out)
