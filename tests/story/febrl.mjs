// SPDX-License-Identifier: Apache-2.0
// The rows of FEBRL dataset2 as five dealers know them, and a replay of what must become of each: plain JS, sharing nothing with the
// program. Run it by hand to see the figures: node tests/story/febrl.mjs
//
// The data have no contacts and a registration needs one (R30), so each record is given what an intake would have written down. The gold
// cluster (the number in rec_id) says who it really is: his own telephone and address come from it. Which of them a record has, and how it is
// written, comes from the record's own words (not from soc_sec_id, which nobody would have), so that a person's five records differ:
//   of 20 records 12 have the telephone, 3 of them written as 8 (9xx); 3 have it mistyped (a number that nobody has); 3 have the e-mail
//   alone; 1 has telephone and e-mail, by which the two become one person; 1 has no contact and is a draft.
// rec_id and soc_sec_id are never sent.
//
// Rules of the replay: R20 telephone and e-mail as one number, one lower-case address; R22 EXACT = the same telephone or e-mail and the same
// surname however written (R21: case, parting signs, doubled letters, c for k, ie and io for е),
// or, where that finds nobody, surname and given name exchanged; R30 no contact or no name at all = draft;
// R31 the first in the order of effect has the right; his own dealer again is YOURS and adds contacts (R27), every other PROTECTED (R33).
import { csvRows, data } from '../lib/data.mjs'

export const FILE = 'linkage-febrl/dataset2.csv'
/** Which part of the list each of the five dealers has: every record is with two dealers or one. */
export const SLICES = [[0, 0.3], [0.2, 0.5], [0.4, 0.7], [0.6, 0.9], [0.75, 1]]

const words = (text) => { let n = 2166136261; for (const c of text) n = Math.imul(n ^ c.codePointAt(0), 16777619) >>> 0; return (n ^ (n >>> 15)) >>> 0 }

/** The first five digits of a run's telephones. */
export const prefix = (run) => `9${String(run).padStart(4, '0')}`

/** Records with contacts. in: all - every record, or those of each fifth person; run - a number from 0 to 9999 whose telephones are free, word - a label: no two runs share a contact */
export function records(all, run, word) {
  return csvRows(data(FILE)).map((r) => {
    const person = Number(r.rec_id.split('-')[1]), n = words(Object.values(r).slice(1, -1).join('|')) % 20
    const number = `${prefix(run)}${String(person * 7919 % 10000).padStart(4, '0')}`
    const own = `${number}0`, wrong = `${number}${1 + n % 9}`
    const email = `c${person}@${word}.example`
    const phone = n < 9 || n === 18 ? `+7${own}` : n < 12 ? `8 (${own.slice(0, 3)}) ${own.slice(3, 6)}-${own.slice(6, 8)}-${own.slice(8)}` : n < 15 ? `+7${wrong}` : ''
    return { person, surname: r.surname.trim(), given_name: r.given_name.trim(), born_on: r.date_of_birth.trim(), city: r.suburb.trim(),
      address: `${r.street_number} ${r.address_1}`.trim(), phone, email: n >= 15 && n <= 18 ? (n % 2 ? email : email.toUpperCase()) : '',
      keys: [phone && `tel ${n < 12 || n === 18 ? own : wrong}`, n >= 15 && n <= 18 && `mail ${email}`].filter(Boolean) }
  }).filter((r) => all || r.person % 5 === 0)
}

export const plain = (surname) => surname.toLowerCase().replace(/[^\p{L}]/gu, '').replaceAll('c', 'k').replace(/i[eo]/g, 'e').replace(/(.)\1+/gu, '$1')
const ways = (name) => plain(name.replace(/ h/g, 'ħ'))        // th, kh, sh are one sound; parted by a slip of the space bar they are none
export const plainly = (a, b) => plain(a.surname) !== '' && plain(a.surname) === plain(b.surname)
/** Whether a record's name is that of a person it shares a contact with: surname and given name exchanged. Who has no surname goes by his first
 *  name, typed or stored, so that it does not matter who came first. */
export const exchanged = (r, p) => {
  const [mine, his] = [r.surname || r.given_name, p.surname || p.given_name]
  return mine !== '' && (ways(mine) === ways(his) || (r.given_name !== '' && ways(mine) === ways(p.given_name) && ways(r.given_name) === ways(his)))
}
export const sameName = (r, p) => plainly(r, p) || exchanged(r, p)
const isDay = (text) => {
  const day = new Date(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}T00:00:00Z`)
  return /^\d{8}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10).replaceAll('-', '') === text
}

/** A world in which rows take effect one after another.
 *  judge(dealer, record, channel, choose) - choose of several persons who are as good (same owner, both known by a contact of the row)
 *  out: {verdict, person, same} */
export function world() {
  const known = new Map()                              // contact -> persons
  const persons = []
  return { persons,
    judge(dealer, r, channel, choose = (list) => list[0]) {
      if (channel !== 'hand' && r.born_on !== '' && !isDay(r.born_on)) return { verdict: 'error' }
      if (r.keys.length === 0 || (r.surname === '' && r.given_name === '')) return { verdict: 'draft' }
      const near = [...new Set(r.keys.flatMap((key) => [...known.get(key) ?? []]))].sort((a, b) => a.no - b.no)
      const sure = near.filter((p) => plainly(r, p))
      const same = sure.length > 0 ? sure : near.filter((p) => exchanged(r, p))
      const own = same.filter((p) => p.owner === dealer)
      const person = own.length > 0 ? choose(own) : same.length > 0 ? choose(same) : undefined
      if (person && person.owner !== dealer) return { verdict: 'PROTECTED', person, same }
      const one = person ?? { owner: dealer, no: persons.length, surname: r.surname, given_name: r.given_name }
      if (!person) persons.push(one)
      one.given_name ||= r.given_name
      for (const key of r.keys) known.set(key, (known.get(key) ?? new Set()).add(one))
      return { verdict: person ? 'YOURS' : channel === 'hand' ? 'FREE' : 'created', person: one, same }
    } }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  for (const all of [false, true]) {
    const list = records(all, 1, 'x'), made = world(), counts = {}
    for (const [dealer, [from, to]] of SLICES.entries())
      for (const r of list.slice(Math.round(from * list.length), Math.round(to * list.length))) {
        const { verdict } = made.judge(dealer, r, 'exchange')
        counts[verdict] = (counts[verdict] ?? 0) + 1
      }
    console.log({ all, records: list.length, persons: made.persons.length, cluster: new Set(list.map((r) => r.person)).size, counts })
  }
}
