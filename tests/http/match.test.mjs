// SPDX-License-Identifier: Apache-2.0
// Story: one person, however he is written (S1). A registers, B comes with the same person in the writings of the public data and
// gets PROTECTED and nothing else. Some hundreds by seed over TLS, with --long every writing; every time all are given to the functions of the
// database that decide: there they take seconds, through the door an hour.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { registration, signIn, signInDirectly, until } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork, phone, row, rows, sql } from '../lib/network.mjs'
import { data, dataPath, noData, sample, SEED } from '../lib/data.mjs'

const LANES = 8
let a, b, sellerA, sellerB, lanes = []
const skip = noNetwork || noData('names-ru/people.tsv') || noData('phones/ru_def_ranges.csv')
const read = (name) => data(name).replaceAll('\r', '').split('\n').filter(Boolean)
const title = (word) => word.toLowerCase().replace(/(^|[-\s])(\S)/g, (m, p, c) => p + c.toUpperCase())
// an empty list would prove nothing
const some = (list, n) => { assert.ok(list.length >= n, `only ${list.length} of the data`); return sample(list, n) }

before(async () => {
  if (skip) return
  a = await makeDealer(); b = await makeDealer()
  // a manager registers into the queue, whose length has no limit (P18)
  ;[sellerA, sellerB] = await Promise.all([signIn(a.staff.manager), signIn(b.staff.seller)])
  // an answer waits for its step of time: several seats of A and B ask side by side
  for (let i = 0; i < LANES; i++) lanes.push({ mine: await signInDirectly(await makeStaff(a.dealer_id, 'manager')), theirs: await signInDirectly(await makeStaff(b.dealer_id, 'seller')), asked: 0 })
})
after(() => { for (const c of [sellerA, sellerB, ...lanes.flatMap((l) => [l.mine, l.theirs])]) c?.close(); closeDatabase() })

/** Work over every item, a lane each. in: work(item, lane) */
async function each(list, work) {
  const rest = list.values()
  await Promise.all(lanes.map(async (lane) => { for (const item of rest) await work(item, lane) }))
}
let writings = 0
after(() => console.log(`sampled ${writings} writings over TLS, seed ${SEED}`))
// the data's numbers are fixed: who has them is new in every run, so that the story can be repeated on one network
const letters = Array.from({ length: 7 }, () => 'абвгдзклмнопрст'[Math.floor(Math.random() * 15)]).join('а')
const latin = [...letters].map((c) => 'abvgdzklmnoprst'['абвгдзклмнопрст'.indexOf(c)]).join('')
const [NOW, NOW_LATIN] = [title(letters + 'ов'), title(latin + 'ov')]
async function first(person, { mine } = { mine: sellerA }) {
  const reply = await mine.post('/v1/registrations', registration(person))
  assert.equal(reply.status, 200, reply.text)
  assert.ok(['FREE', 'YOURS'].includes(reply.json.verdict), reply.text)   // YOURS: the data have some numbers twice
}
async function second(person, lane = lanes[0]) {
  // the limits of probing (P16) have a story of their own
  if (lane.asked++ % 20 === 0) await sql(`delete from core.probe where dealer_id = ${b.dealer_id}`)
  writings++
  return lane.theirs.post('/v1/registrations', registration(person))
}
/** B's registration is refused and tells what a refusal tells to anybody. */
async function protectedAndNothingElse(person, what, lane) {
  const reply = await second(person, lane)
  assert.equal(reply.status, 200, `${what}: ${reply.text}`)
  assert.equal(reply.json.verdict, 'PROTECTED', `${what}: ${reply.text}`)
  const told = Object.entries(reply.json).filter(([, v]) => v !== null).map(([k]) => k).sort()
  assert.deepEqual(told, ['claim_from', 'is_claim_possible', 'padding', 'rule', 'verdict'], what)
}

function russian(ten) {
  const [c, x, y, z] = [ten.slice(0, 3), ten.slice(3, 6), ten.slice(6, 8), ten.slice(8)]
  return [`8${ten}`, `7${ten}`, ten, `+7 (${c}) ${x}-${y}-${z}`, `8 (${c}) ${x} ${y} ${z}`, `8-${c}-${x}-${y}-${z}`, `8${c}.${x}.${y}.${z}`,
    `тел. 8 ${c} ${x}${y}${z}`, `+7\u00a0${c}\u00a0${x}\u2011${y}\u2011${z}`, `007${ten}`, `8~107${ten}`, `+7 (8) ${c} ${x}-${y}-${z}`]
}
const foreign = (code, national, e164) => [e164, `00${e164.slice(1)}`, `8~10${e164.slice(1)}`, `+${code} ${national.replace(/(\d{2})(?=\d)/g, '$1 ')}`]

test('S1, R20: a Russian number in every writing is one number', { skip }, async () => {
  const ranges = read('phones/ru_def_ranges.csv').slice(1).map((line) => line.split(';'))
  await each(some(ranges, 30), async (range, lane) => {
    const ten = range[0].trim() + range[1].trim().padStart(7, '0')
    await first({ surname: NOW, given_name: 'Иван', phone: `+7${ten}` }, lane)
    for (const writing of russian(ten)) await protectedAndNothingElse({ surname: NOW, given_name: 'Иван', phone: writing }, writing, lane)
  })
})

test('S1, R20: a foreign number of every country is one number nationally exchanged or not', { skip }, async () => {
  const numbers = read('phones/example_numbers.csv').slice(1).map((line) => line.split(',')).filter((c) => c[2] === 'mobile' || c[2] === 'fixedLine')
  await each(some(numbers, 40), async ([region, code, , national, e164], lane) => {
    await first({ surname: NOW, given_name: 'Олег', phone: e164 }, lane)
    for (const writing of foreign(code, national, e164))
      await protectedAndNothingElse({ surname: NOW_LATIN, given_name: 'Oleg', phone: writing }, `${region} ${writing}`, lane)
  })
})

test('S1, R20: local digits are completed by the area code of the dealer who types them', { skip }, async () => {
  const areas = await rows(`select dealer_id, area_code from core.dealer where dealer_id in (${a.dealer_id}, ${b.dealer_id})`)
  const area = areas.find((d) => d.dealer_id === b.dealer_id).area_code.replace(/\D/g, '').slice(-5)
  const local = phone().slice(-(10 - area.length)).replace(/^0/, '2')
  await first({ surname: 'Местный', given_name: 'Иван', phone: `+7${area}${local}` })
  await protectedAndNothingElse({ surname: 'Местный', given_name: 'Иван', phone: local }, `${area} ${local}`)
})

function transliterate({ mapping, prev_mapping: prev, next_mapping: next, ending_mapping: ending }, word) {
  const lower = word.toLowerCase(), end = lower.length > 2 ? ending?.[lower.slice(-2)] : undefined
  const stem = end === undefined ? lower : lower.slice(0, -2)
  return title([...stem].map((c, i) => prev?.[(stem[i - 1] ?? '') + c] ?? next?.[c + (stem[i + 1] ?? '')] ?? mapping[c] ?? c).join('') + (end ?? ''))
}

test('S1, R21: a name in every scheme of transliteration is one name', { skip }, async () => {
  const surnames = read('names-ru/surnames.gender.tsv').slice(1).map((line) => title(line.split('\t')[0]))
  const schemes = readdirSync(dataPath('transliteration')).filter((n) => n.endsWith('.json')).map((n) => JSON.parse(data(`transliteration/${n}`)))
  assert.equal(schemes.length, 14)
  await each(some(surnames, 16), async (surname, lane) => {
    const number = phone()
    await first({ surname, given_name: 'Юлия', phone: number }, lane)
    for (const scheme of schemes)
      await protectedAndNothingElse({ surname: transliterate(scheme, surname), given_name: transliterate(scheme, 'Юлия'), phone: number }, `${scheme.name} ${surname}`, lane)
  })
})

test('S1, R21: a name typed in the wrong keyboard layout is that name', { skip }, async () => {
  const keys = Object.fromEntries([...'йцукенгшщзхъфывапролджэячсмитьбюё'].map((c, i) => [c, 'qwertyuiop[]asdfghjkl;\'zxcvbnm,.`'[i]]))
  const turned = (word) => [...word.toLowerCase()].map((c) => keys[c] ?? c).join('')
  await each(some(read('names-ru/surnames.gender.tsv').slice(1).map((line) => title(line.split('\t')[0])), 40), async (surname, lane) => {
    const number = phone()
    await first({ surname, given_name: 'Иван', phone: number }, lane)
    await protectedAndNothingElse({ surname: turned(surname), given_name: turned('Иван'), phone: number }, turned(surname), lane)
  })
})

test('S1, R21: a name in every case is that name when the given name agrees', { skip }, async () => {
  const people = read('names-ru/people.tsv').slice(1).map((line) => line.split('\t')).filter((c) => c[0] && c[1] && c[3] && c[4])
  const firstnames = read('names-ru/firstnames.tsv').slice(1).map((line) => line.split('\t')).filter((c) => c[0].length > 2)
  const cases = [...people.map((c) => [c[0], c[1], c[3], c[4]]), ...some(firstnames, 40).map(([lemma, form]) => ['Пушкин', title(lemma), 'Пушкину', title(form)])]
  await each(cases, async ([surname, given, surnameForm, givenForm], lane) => {
    const number = phone()
    await first({ surname, given_name: given, phone: number }, lane)
    await protectedAndNothingElse({ surname: surnameForm, given_name: givenForm, phone: number }, `${surnameForm} ${givenForm}`, lane)
  })
})

/** Rows [what, ours, theirs, ...] that the database's condition does not hold for. */
async function wrongOf(list, columns, condition) {
  const wrong = []
  for (let at = 0; at < list.length; at += 20000) {
    const json = JSON.stringify(list.slice(at, at + 20000)).replaceAll("'", "''")
    wrong.push(...await rows(`select ${columns} from (select ${columns.split(', ').map((c, i) => `e ->> ${i} as ${c}`).join(', ')} from jsonb_array_elements('${json}') e) x where not coalesce(${condition}, false) limit 20`))
  }
  return wrong
}

test('S1, R21: every name of the data in every scheme, layout and case, for the function that decides', { skip, timeout: 300000 }, async (t) => {
  const schemes = readdirSync(dataPath('transliteration')).filter((n) => n.endsWith('.json')).map((n) => JSON.parse(data(`transliteration/${n}`)))
  const surnames = read('names-ru/surnames.gender.tsv').slice(1).map((line) => title(line.split('\t')[0]))
  const keys = Object.fromEntries([...'йцукенгшщзхъфывапролджэячсмитьбюё'].map((c, i) => [c, 'qwertyuiop[]asdfghjkl;\'zxcvbnm,.`'[i]]))
  const turned = (word) => [...word.toLowerCase()].map((c) => keys[c] ?? c).join('')
  const list = surnames.flatMap((s) => [...schemes.map((scheme) => [scheme.name, s, 'Юлия', transliterate(scheme, s), transliterate(scheme, 'Юлия')]), ['layout', s, 'Иван', turned(s), turned('Иван')]])
  for (const [lemma, form] of read('names-ru/firstnames.tsv').slice(1).map((line) => line.split('\t')).filter((c) => c[0].length > 2)) list.push(['case', 'Пушкин', title(lemma), 'Пушкину', title(form)])
  t.diagnostic(`${list.length} writings`)
  assert.ok(list.length > 150000)
  // whoever came first: the match must not depend on it
  assert.deepEqual(await wrongOf(list, 'what, surname, given, surname2, given2',
    'core.surname_key(surname) = core.surname_key(surname2) or (core.person_alike(surname, given, surname2, given2) and core.person_alike(surname2, given2, surname, given))'), [])
})

test('S1, R20: every range and country of the data in every writing, for the function that decides', { skip, timeout: 300000 }, async (t) => {
  const list = []
  for (const line of read('phones/ru_def_ranges.csv').slice(1).map((l) => l.split(';')))
    for (const end of [1, 2]) {
      const ten = line[0].trim() + line[end].trim().padStart(7, '0')
      for (const writing of russian(ten)) list.push(['ru', `+7${ten}`, writing])
    }
  const numbers = read('phones/example_numbers.csv').slice(1).map((line) => line.split(',')).filter((c) => c[2] === 'mobile' || c[2] === 'fixedLine')
  for (const [region, code, , national, e164] of numbers) for (const writing of foreign(code, national, e164)) list.push([region, e164, writing])
  t.diagnostic(`${list.length} writings`)
  assert.ok(list.length > 200000)
  assert.deepEqual(await wrongOf(list, 'region, number, writing', 'core.phone_norm(writing, null) = number'), [])
})

test('S1, R21: pet names, ё, hyphens and exchanged names are writings too', { skip }, async () => {
  for (const [one, other] of [[['Кузнецов', 'Александр'], ['Кузнецову', 'Саша']], [['Ковалёв', 'Пётр'], ['Ковалев', 'Петр']],
    [['Римский-Корсаков', 'Глеб'], ['Римский Корсаков', 'Глеб']], [['Зуев', 'Егор'], ['Егор', 'Зуев']]]) {
    const number = phone()
    await first({ surname: one[0], given_name: one[1], phone: number })
    await protectedAndNothingElse({ surname: other[0], given_name: other[1], phone: number }, other.join(' '))
  }
})

test('R21, R22: a wife on her husband\'s number is another person, and the pair waits for the steward', { skip }, async () => {
  const number = phone()
  await first({ surname: 'Громов', given_name: 'Павел', phone: number })
  const wife = await second({ surname: 'Громова', given_name: 'Анна', phone: number })
  assert.equal(wife.json.verdict, 'FREE', wife.text)
  const pair = await row(`select d.class::text, d.state::text, d.weights::text from core.duplicate d join core.party p on p.party_id in (d.party_low, d.party_high)
    where p.public_id = '${wife.json.person_id}'`)
  assert.equal(pair.class, 'POSSIBLE')
  assert.equal(pair.state, 'OPEN')
  assert.ok(!pair.weights.includes(number.slice(-7)) && !/Громов/.test(pair.weights))
})

test('R22, R27: the steward has the whole base compared, and finds two rows of one person without a common key', { skip }, async (t) => {
  const steward = await signIn(await makeStaff(0, 'steward'))
  t.after(() => steward.close())
  const one = { surname: `Верещагин${'абвгдежзик'[Number(phone().slice(-1))]}`, given_name: 'Аристарх', patronymic: 'Львович', born_on: '1971-02-13', city: 'Казань' }
  const [here, there] = [await sellerA.post('/v1/registrations', registration({ ...one, phone: phone(), email: 'aristarh.vereshchagin@mail.example' })),
    await second({ ...one, given_name: 'Аристраx', born_on: '1971-02-14', phone: phone(), email: 'aristarh.vereschagin@mail.example' })]
  assert.equal(here.json.verdict, 'FREE', here.text); assert.equal(there.json.verdict, 'FREE', there.text)
  for (const other of [sellerA, sellerB]) assert.equal((await other.post('/v1/duplicates/scan', {})).status, 403)

  const [order, again] = await Promise.all([steward.post('/v1/duplicates/scan', {}), steward.post('/v1/duplicates/scan', {})])
  assert.deepEqual([order.status, again.status].sort(), [200, 409], `${order.text}\n${again.text}`)
  const { id } = (order.status === 200 ? order : again).json
  const job = await until('the comparison is over', async () => {
    const { json } = await steward.get(`/v1/jobs/${id}`)
    return ['DONE', 'FAILED'].includes(json.state) && json
  }, 240000)
  assert.equal(job.state, 'DONE', JSON.stringify(job))
  const people = (await row(`select count(*)::int as n from core.party where kind = 'PERSON' and merged_into is null and source <> 'undone'`)).n
  assert.ok(Math.abs(job.result.people - people) <= people / 100, `${job.result.people} of ${people}`)
  t.diagnostic(`${job.result.people} people, ${job.result.pairs} pairs`)

  const pair = await row(`select d.public_id as id, d.class::text, d.source::text, d.weights from core.duplicate d
    join core.party l on l.party_id = d.party_low join core.party h on h.party_id = d.party_high
    where array[l.public_id, h.public_id] @> array['${here.json.person_id}', '${there.json.person_id}']::uuid[]`)
  assert.ok(pair, 'the pair is on the list')
  assert.equal(pair.source, 'scan')
  assert.ok(pair.weights.some((w) => w.field === 'surname' && w.level === 'same' && w.weight > 0))
  assert.ok(pair.weights.every((w) => Object.keys(w).sort().join() === 'field,level,weight'), JSON.stringify(pair.weights))
  const shown = await steward.get(`/v1/duplicates/${pair.id}`)
  assert.equal(shown.status, 200, shown.text)
})
