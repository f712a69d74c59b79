// SPDX-License-Identifier: Apache-2.0
// What must come out of the story, computed from the two public files alone: a model of the rules in plain words, sharing
// nothing with the program. Run it by hand to see the figures: node tests/story/expected.mjs
//
// Rules used: R20 e-mail in lower case; R22 EXACT = same e-mail and same surname however written (R21: case, doubled letters, c for k, ie for е),
// or, where that finds nobody, surname and given name exchanged;
// R30 a registration needs a name and a contact, else it is a draft; R154 the document of a client who waits as a draft makes him a
// client: he needs a name then, and no contact; R31 the first registration of a person wins, his owner registering again is YOURS,
// everybody else PROTECTED; R90 one address gets one message of a campaign, who has none is dropped; R86 whom a running
// campaign holds, another does not get.
import { csvRows, data } from '../lib/data.mjs'
import { exchanged, plainly } from './febrl.mjs'

/** The three overlapping lists: rows [from, to) of fake_1000, in the order in which they are pushed. */
export const SLICES = [[0, 500], [250, 750], [500, 1000]]
/** The local campaign of the first dealer is for clients who bought at least so often. */
export const LOCAL_SALES = 3

export const people = () => csvRows(data('linkage-fake1000/fake_1000.csv'))

/** CDNOW customers by row: customer k is row k of fake_1000; dates move so that the last one is today. */
export function sales(today) {
  const all = csvRows(data('purchases-cdnow/transactions.csv'))
  const order = [...new Set(all.map((t) => t.customer_id))]
  const row = new Map(order.map((id, at) => [id, at]))
  const last = Math.max(...all.map((t) => Date.parse(t.date)))
  const shift = Math.floor((Date.parse(today) - last) / 86400000)
  return all.filter((t) => row.get(t.customer_id) < 1000).map((t, n) => ({
    row: row.get(t.customer_id), number: `CD-${n + 1}`, amount: t.amount,
    on: new Date(Date.parse(t.date) + shift * 86400000).toISOString().slice(0, 10) }))
}

const hasName = (p) => p.first_name.trim() !== '' || p.surname.trim() !== ''
// what an address must have to be one, below a domain that the story adds; the file's other values are none
const isAddress = (email) => {
  const [local, domain, ...more] = email.split('@')
  const isDotted = (text) => text.split('.').every((part) => part !== '')
  return more.length === 0 && domain !== undefined && isDotted(local) && isDotted(domain) && /^[\w.+-]+$/.test(local) && /^[a-z0-9.-]+$/.test(domain) && !/(^|\.)-|-(\.|$)/.test(domain)
}

/** out: {verdicts: per dealer, per row, owned: persons a dealer, persons, local, network, messages: Map address -> count} */
export function expected() {
  const list = people(), today = new Date().toISOString().slice(0, 10)
  const persons = []                                  // {owner, email, surname, sales}
  const known = new Map()                             // e-mail -> persons
  const drafts = new Map()                            // "dealer:row" -> row that waits
  const ofRow = new Map()                             // "dealer:row" -> person
  const verdicts = SLICES.map(([from, to], dealer) => list.slice(from, to).map((p, at) => {
    const email = (p.email ?? "").trim().toLowerCase()
    if (email !== '' && !isAddress(email)) return 'error'
    if (!hasName(p) || email === '') { drafts.set(`${dealer}:${from + at}`, p); return 'draft' }
    const r = { surname: p.surname.trim(), given_name: p.first_name.trim() }
    const near = known.get(email) ?? [], sure = near.filter((one) => plainly(r, one))
    const same = sure.length > 0 ? sure : near.filter((one) => exchanged(r, one))
    const old = same.find((one) => one.owner === dealer)
    if (same.length > 0 && !old) return 'PROTECTED'
    if (!old && p.dob > today) return 'error'           // nobody is born tomorrow
    const person = old ?? { owner: dealer, email, sales: 0, ...r }
    person.given_name ||= r.given_name
    if (!old) { persons.push(person); known.set(email, [...near, person]) }
    ofRow.set(`${dealer}:${from + at}`, person)
    return old ? 'YOURS' : 'created'
  }))
  // each sale is pushed by the first dealer whose list holds its row; clients it does not know by number cannot have one, but whom it
  // named in a draft is known: with the document he is a client, if he has a name and a birthday that can be
  const saleVerdicts = SLICES.map(() => [])
  for (const sale of sales(today)) {
    const dealer = SLICES.findIndex(([from, to]) => sale.row >= from && sale.row < to)
    const key = `${dealer}:${sale.row}`, draft = drafts.get(key)
    if (draft && hasName(draft) && draft.dob <= today) {
      const made = { owner: dealer, email: '', sales: 0 }    // with an e-mail it were no draft: nobody else can be the same
      persons.push(made); ofRow.set(key, made); drafts.delete(key)
    }
    const person = ofRow.get(key)
    if (person) person.sales++
    saleVerdicts[dealer].push({ ...sale, verdict: person ? 'stored' : 'error' })
  }
  const messages = new Map()
  const add = (email) => messages.set(email, (messages.get(email) ?? 0) + 1)
  const taken = new Map()                             // address -> persons the local campaign holds (one an address)
  const local = persons.filter((p) => p.owner === 0 && p.sales >= LOCAL_SALES)
  for (const p of local) if (p.email !== '' && !taken.has(p.email)) { taken.set(p.email, 1); add(p.email) }
  const left = new Map()
  for (const p of persons) if (p.email !== '') left.set(p.email, (left.get(p.email) ?? 0) + 1)
  let network = 0
  for (const [email, n] of left) if (n - (taken.get(email) ?? 0) > 0) { network++; add(email) }
  return { verdicts, saleVerdicts, persons: persons.length, owned: SLICES.map((_, d) => persons.filter((p) => p.owner === d).length),
    emails: SLICES.map((_, d) => persons.filter((p) => p.owner === d && p.email !== '').map((p) => p.email)),
    localAudience: local.length, local: taken.size, network, messages }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const e = expected()
  const count = (list) => list.reduce((sum, v) => ({ ...sum, [v]: (sum[v] ?? 0) + 1 }), {})
  console.log({ persons: e.persons, owned: e.owned, localAudience: e.localAudience, local: e.local, network: e.network, addresses: e.messages.size,
    verdicts: e.verdicts.map(count), sales: e.saleVerdicts.map((s) => count(s.map((x) => x.verdict))) })
}
