// SPDX-License-Identifier: Apache-2.0
// Two worlds that differ only in another dealer's rows (threat 3, R135, S25): everything one dealer may ask, each list, filter, sort,
// count, file, first letters typed, write and error, is answered alike in both: status, headers, lengths and bytes. What may differ is declared:
// the verdict on a person the other dealer has, and nothing else in that answer.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { registration } from '../lib/http.mjs'
import { noNetwork } from '../lib/network.mjs'
import { operations } from '../lib/openapi.mjs'
import { Normal, makeWorld } from '../lib/worlds.mjs'

const skip = noNetwork || (process.getuid() === 0 ? false : 'a second server runs as root only')
let worlds = []
const ROLES = ['manager', 'seller', 'adviser', 'operator']
const OURS = ['Абрамов', 'Борисов', 'Власов', 'Громов', 'Дроздов', 'Егоров', 'Жуков', 'Зайцев']
const phoneOf = (n) => `+7971500${String(n).padStart(4, '0')}`
/** People of the other dealer; 0-2 are asked about by ours. */
const THEIRS = Array.from({ length: 40 }, (_, n) => ({ surname: n < 20 ? `Абрам${n}` : `Чужой${n}`, given_name: 'Ян', phone: phoneOf(5000 + n), email: `t${n}@other.example`, city: n % 2 ? 'Казань' : 'Тверь' }))

/** The same steps in each world: brands, dealers, staff. */
async function furnish(world) {
  await world.sql(`insert into core.brand (brand_id, name) values (1, 'Первая'), (2, 'Вторая');
    insert into core.dealer (dealer_id, name, legal_name, city, time_zone, area_code, sender_address) values
      (1, 'Наш', 'ООО «Наш»', 'Казань', 'Etc/GMT-3', '843', 'news@ours.example'), (2, 'Другой', 'ООО «Другой»', 'Москва', 'Etc/GMT-3', '495', 'news@other.example');
    insert into core.dealer_brand select d, b, l from generate_series(1, 2) d, generate_series(1, 2) b, unnest(enum_range(null::core.line)) l;
    insert into core.staff (dealer_id, role, name, email)
      select d, r::core.staff_role, r || ' ' || d, r || d || '@staff.example' from generate_series(1, 2) d, unnest('{manager,seller,adviser,operator}'::text[]) r;
    insert into core.staff (dealer_id, role, name, email) select 0, r::core.staff_role, r, r || '@staff.example' from unnest('{router,marketer,admin,auditor}'::text[]) r`)
  world.staff = await world.rows('select staff_id, public_id as id, dealer_id, role::text from core.staff')
  const of = (dealer, role) => world.staff.find((s) => s.dealer_id === dealer && s.role === role)
  world.us = {}; world.them = {}
  for (const role of ROLES) {
    world.us[role] = await world.signIn(of(1, role).staff_id, role)
    world.them[role] = await world.signIn(of(2, role).staff_id, role)
  }
  world.router = await world.signIn(of(0, 'router').staff_id, 'router')
  world.seller_id = of(1, 'seller').id
  world.normal = new Normal()
  world.ids = {}
}

/** What the other dealer does, in the second world alone. */
async function otherActs(world, part) {
  const { seller, manager, adviser } = world.them
  const good = (reply) => { assert.ok(reply.status < 300, `${reply.status} ${reply.text}`); return reply.json }
  for (const person of THEIRS.slice(part * 20, part * 20 + 20)) {
    const made = good(await seller.post('/v1/registrations', registration({ ...person, consent_channels: ['EMAIL', 'CALL', 'SMS'] })))
    if (!made.person_id) continue
    good(await seller.post(`/v1/people/${made.person_id}/interactions`, { kind: 'NOTE', text: `Заметка ${person.surname}` }))
    good(await manager.post('/v1/tasks', { title: 'Позвонить', kind: 'call', due_at: new Date(Date.now() + 864e5).toISOString(), person_id: made.person_id }))
  }
  // the first of ours is theirs in service: a shared client, of whom each has his own papers
  // (his name and town are the person's own, one for all who have him)
  const shared = { surname: OURS[part], given_name: 'Пётр', phone: phoneOf(part), city: part ? 'Казань' : 'Уфа' }
  const id = good(await adviser.post('/v1/registrations', registration({ ...shared, line: 'SERVICE', email: `only${part}@other.example` }))).person_id
  good(await adviser.post(`/v1/people/${id}/repair-orders`, { number: `Т-${part}`, opened_on: '2026-01-15', amount_kopecks: 990000, what: 'ТО' }))
  good(await adviser.post(`/v1/people/${id}/interactions`, { kind: 'VISIT', text: 'был у нас', evidence: 'V1' }))
  good(await adviser.post(`/v1/people/${id}/contacts`, { kind: 'PHONE', value: phoneOf(9000 + part) }))
  good(await adviser.post(`/v1/people/${id}/consents`, { purpose: 'ADVERTISING', channel: 'SMS', text_version: '1', evidence: 'их анкета' }))
  good(await manager.post('/v1/segments', { name: `Их отбор ${part}`, definition: { and: [] } }))
  const campaign = good(await manager.post('/v1/campaigns', { name: `Их кампания ${part}`, grp: 'AFTERSALES', channel: 'CALL', definition: { and: [] }, body: 'x', script: 'x', lock_days: 7 }))
  await manager.post(`/v1/campaigns/${campaign.id}/check`)
  good(await manager.send('POST', `/v1/imports?name=their${part}.csv&kind=client&brand_id=1&line=NEW`, { body: 'name,phone\nИванов,89715009999\n', headers: { 'Content-Type': 'text/csv' } }))
  good(await world.router.post('/v1/leads', { name: 'Лидов Лев', phone: phoneOf(7000 + part), brand_id: 1, line: 'NEW', interest: 'x', source: 'site', consent_evidence: 'web',
    dealer_id: (await world.rows('select public_id as id from core.dealer where dealer_id = 2'))[0].id }))
}

before(async () => {
  if (skip) return
  worlds = [await makeWorld('alone'), await makeWorld('beside')]
  for (const world of worlds) await furnish(world)
}, { timeout: 120000 })
after(async () => { for (const world of worlds) await world.stop() })

let asked = 0
const answered = {}, skipped = new Set()
const wrong = []
/** Ask both worlds the same and compare. in: ask(world) -> reply; pick(reply) keeps an id for later. out: replies */
async function both(label, ask, { keep, verdict } = {}) {
  const replies = await Promise.all(worlds.map(ask))
  asked++
  for (const reply of replies) { const kind = `${Math.floor(reply.status / 100)}xx`; answered[kind] = (answered[kind] ?? 0) + 1 }
  if (keep) replies.forEach((reply, i) => { worlds[i].ids[keep[0]] = keep[1](reply.json ?? {}) })
  const [one, two] = replies.map((reply, i) => worlds[i].normal.reply(reply))
  if (verdict) return replies
  if (one !== two) {
    const a = one.split(/\n|(?<=,)/), b = two.split(/\n|(?<=,)/), at = a.findIndex((line, i) => line !== b[i])
    wrong.push(`${label}: alone «${(a[at] ?? '').slice(0, 200)}», beside «${(b[at] ?? '').slice(0, 200)}»`)
  }
  return replies
}

/** Every address without parameters that this dealer may read, with filters, orders, pages and first letters. */
async function readEverything(stage) {
  for (const w of worlds) await w.sql('select core.kpi_refresh()') // figures are kept a minute long: both worlds' now
  const all = operations((await worlds[0].us.manager.get('/v1/openapi.json')).json).filter((o) => o.method === 'GET' && o.macro === 'ROUTE' && !o.flags.includes('MTLS') && !o.isPublic)
  for (const o of all) for (const role of ROLES.filter((r) => o.roles.includes(r))) {
    const names = [...o.path.matchAll(/\{([^}]+)\}/g)].map((m) => m[1])
    if (names.some((name) => !worlds[0].ids[name])) { skipped.add(o.path); continue }
    const at = (world) => o.path.replace(/\{([^}]+)\}/g, (_, name) => world.ids[name])
    const queries = ['']
    for (const q of o.query) {
      if (q.name === 'limit') queries.push('?limit=2', '?limit=100')
      if (q.name === 'q') queries.push('?q=А', '?q=абр', '?q=Чужой', `?q=${encodeURIComponent(phoneOf(5000))}`, '?q=%2B7971500', '?q=t1', '?q=other.example')
      if (q.name === 'city') queries.push('?city=Казань', '?city=Тверь')
      if (q.name === 'after') queries.push('?after=00', '?after=zz')
      for (const value of q.schema?.enum ?? []) queries.push(`?${q.name}=${encodeURIComponent(value)}`)
      if (q.schema?.type === 'integer' && q.name !== 'limit') queries.push(`?${q.name}=1`, `?${q.name}=999`)
    }
    for (const query of queries) await both(`${stage} ${role} GET ${o.path}${query}`, (world) => world.us[role].get(at(world) + encodeURI(query).replaceAll('%25', '%')))
  }
}

test('whatever another dealer has, what we are told is the same', { skip, timeout: 300000 }, async (t) => {
  const [alone, beside] = worlds
  await otherActs(beside, 0)
  // we work: register, note, sell, upload, plan
  for (const [n, surname] of OURS.entries()) {
    const [reply] = await both(`register ${surname}`, (w) => w.us.seller.post('/v1/registrations', registration({ surname, given_name: 'Пётр', phone: phoneOf(n), email: `o${n}@ours.example`,
      city: n % 2 ? 'Казань' : 'Уфа' })), { keep: ['person_id', (j) => j.person_id] })
    assert.equal(reply.status, 200, reply.text)
    if (n === 0) for (const w of worlds) w.ids.first = w.ids.person_id
    for (const w of worlds) w.ids.right_id = (await w.us.seller.get(`/v1/people/${w.ids.person_id}`)).json.rights[0].id
  }
  for (const w of worlds) { w.ids.last = w.ids.person_id; w.ids.person_id = w.ids.first }
  await both('receipt', (w) => w.us.seller.post('/v1/registrations', registration({ surname: 'Квитков', phone: phoneOf(100) })), { keep: ['receipt_id', (j) => j.receipt?.number] })
  await both('note', (w) => w.us.seller.post(`/v1/people/${w.ids.first}/interactions`, { kind: 'NOTE', text: 'наша заметка' }))
  await both('call', (w) => w.us.seller.post(`/v1/people/${w.ids.first}/interactions`, { kind: 'CALL_IN', text: 'звонил', evidence: 'c-1' }))
  await both('vehicle', (w) => w.us.seller.post(`/v1/people/${w.ids.last}/vehicles`, { vin: 'X9FMXXEEB00000001', plate: 'А111АА116', brand_id: 1, model: 'F7' }), { keep: ['vehicle_id', (j) => j.id] })
  await both('sale', (w) => w.us.manager.post(`/v1/people/${w.ids.last}/sales`, { number: 'П-1', sold_on: '2026-02-01', brand_id: 1, line: 'NEW', amount_kopecks: 1000000 }))
  await both('repair order', (w) => w.us.manager.post(`/v1/people/${w.ids.last}/repair-orders`, { number: 'З-1', opened_on: '2026-03-01', amount_kopecks: 10000, what: 'ТО' }))
  await both('task', (w) => w.us.manager.post('/v1/tasks', { title: 'Дело', kind: 'call', due_at: '2030-01-01T10:00:00Z', person_id: w.ids.first }), { keep: ['task_id', (j) => j.id] })
  await both('file', (w) => w.us.seller.send('POST', `/v1/people/${w.ids.first}/attachments?name=a.txt`, { body: 'наш файл', headers: { 'Content-Type': 'text/plain' } }), { keep: ['attachment_id', (j) => j.id] })
  await both('segment', (w) => w.us.manager.post('/v1/segments', { name: 'Наши', definition: { and: [{ attr: 'city', op: 'in', value: ['Казань'] }] } }), { keep: ['segment_id', (j) => j.id] })
  for (const definition of [{ and: [] }, { and: [{ attr: 'city', op: 'in', value: ['Тверь'] }] }, { and: [{ attr: 'state', op: 'in', value: ['ACTIVE'] }] }])
    await both(`count ${JSON.stringify(definition)}`, (w) => w.us.manager.post('/v1/segments/count', { definition }))
  await both('campaign', (w) => w.us.manager.post('/v1/campaigns', { name: 'Наша', grp: 'SALES', channel: 'EMAIL', definition: { and: [] }, subject: 'x', body: 'Здравствуйте {{unsubscribe_url}}', lock_days: 7 }),
    { keep: ['campaign_id', (j) => j.id] })
  await both('list', (w) => w.us.manager.send('POST', '/v1/imports?name=ours.csv&kind=client&brand_id=1&line=NEW', { body: 'name,phone\nПетров Пётр,89715008888\n', headers: { 'Content-Type': 'text/csv' } }),
    { keep: ['import_id', (j) => j.id] })
  await both('draft', (w) => w.us.seller.post('/v1/registrations', { kind: 'PERSON', surname: 'Неполный', phone: phoneOf(200) }))
  await both('lead', async (w) => { await w.router.post('/v1/leads', { name: 'Нашев Лид', phone: phoneOf(300), brand_id: 1, line: 'NEW', interest: 'x', source: 'site', consent_evidence: 'web',
    dealer_id: (await w.rows('select public_id as id from core.dealer where dealer_id = 1'))[0].id }); return w.us.manager.get('/v1/leads') })
  await new Promise((r) => setTimeout(r, 2000)) // the list is read
  await readEverything('after their first part')
  await otherActs(beside, 1)
  await readEverything('after their second part')
  // errors and foreign things: whatever is there is not there
  const foreign = (await beside.rows("select public_id as id from core.party where surname = 'Абрам1'"))[0].id
  const right = (await beside.rows('select public_id as id from core.ownership where dealer_id = 2 limit 1'))[0].id
  const task = (await beside.rows('select public_id as id from core.task where dealer_id = 2 limit 1'))[0].id
  for (const role of ROLES) for (const path of [`/v1/people/${foreign}`, `/v1/people/${foreign}/timeline`, `/v1/people/${foreign}/sight`, `/v1/people/${foreign}/print`, `/v1/people/${foreign}/ownership`, `/v1/people/${foreign}/attachments`])
    await both(`${role} GET ${path}`, (w) => w.us[role].get(path))
  for (const [path, body] of [[`/v1/people/${foreign}/interactions`, { kind: 'NOTE', text: 'x' }], [`/v1/people/${foreign}/unmask`, { reason: 'urgent' }], [`/v1/rights/${right}/lost`, { reason: 'other' }],
    [`/v1/tasks/${task}/done`, { outcome: 'x' }], [`/v1/people/${foreign}/consents/withdraw`, { purpose: 'ADVERTISING', scope: 'everybody', evidence: 'x' }]])
    await both(`manager POST ${path}`, (w) => w.us.manager.post(path, body))
  t.diagnostic(`${asked} questions to each world, answered ${JSON.stringify(answered)}; not asked for want of a thing of our own: ${[...skipped].join(' ')}`)
  assert.equal(answered['5xx'] ?? 0, 0, 'two errors are alike, too')
  assert.ok(answered['2xx'] > 0.6 * 2 * asked, `most questions have an answer: ${JSON.stringify(answered)}`)
  const theirs = (w) => w.rows("select (select count(*)::int from core.ownership where dealer_id = 2 and state <> 'CLOSED') as rights, (select count(*)::int from core.task where dealer_id = 2) as tasks, (select count(*)::int from core.campaign where dealer_id = 2) as campaigns")
  assert.deepEqual(await theirs(alone), [{ rights: 0, tasks: 0, campaigns: 0 }])
  const [has] = await theirs(beside)
  assert.ok(has.rights >= 40 && has.tasks >= 38 && has.campaigns === 2, `they really are there: ${JSON.stringify(has)}`)
  assert.deepEqual(wrong.slice(0, 40), [], `${wrong.length} answers differ`)
})

test('the comparison sees a difference where there is one', { skip, timeout: 60000 }, async () => {
  const before_ = wrong.length
  for (const path of ['/v1/people', '/v1/tasks?scope=team', '/v1/people?q=Чужой', '/v1/campaigns', '/v1/people/export'])
    await both(`them ${path}`, (w) => w.them.manager.get(encodeURI(path)))
  assert.equal(wrong.splice(before_).length, 5, 'what the other dealer himself reads differs in each')
})

test('the verdict is the only thing an asker learns, and every refusal has one length', { skip, timeout: 60000 }, async () => {
  const ask = (path, person, more = {}) => both(`${path} ${person.surname}`, (w) => w.us.seller.post(path, { phone: person.phone, surname: person.surname, brand_id: 1, line: 'NEW', ...more }), { verdict: true })
  const probe = { purpose: 'visit', consent_evidence: 'form' }
  const pop = ({ phone }) => both(`pop-up ${phone}`, (w) => w.us.operator.post('/v1/calls/arrived', { number: phone, brand_id: 1, line: 'NEW' }), { verdict: true })
  for (const [path, more] of [['/v1/probes', probe], ['/v1/sight/why', {}], ['/v1/waiting-claims', probe], ['pop-up', {}]])
    for (const person of THEIRS.slice(1, 3)) {
      const [alone, beside] = await (path === 'pop-up' ? pop(person) : ask(path, person, more))
      assert.equal(alone.json.verdict, 'FREE', alone.text); assert.equal(beside.json.verdict, 'PROTECTED', beside.text)
      assert.equal(alone.bytes.length, beside.bytes.length, `${path}: ${alone.text} ${beside.text}`)
      assert.deepEqual(Object.keys(alone.json), Object.keys(beside.json))
      const declared = ['verdict', 'claim_from', 'is_claim_possible', 'rule', 'padding']
      for (const key of Object.keys(alone.json)) if (!declared.includes(key) && key !== 'id') assert.deepEqual(alone.json[key], beside.json[key], key)
      const headers = ({ headers }) => Object.keys(headers).sort().join()
      assert.equal(headers(alone), headers(beside))
    }
})

test('what we do leaves the other dealer\'s rows untouched (threat 2)', { skip }, async () => {
  const beside = worlds[1]
  const sum = () => beside.rows(`select md5(string_agg(t, '|' order by t)) as sum from (select o::text as t from core.ownership o where dealer_id = 2 union all select i::text from core.interaction i where dealer_id = 2
    union all select k::text from core.task k where dealer_id = 2 union all select c::text from core.consent c where dealer_id = 2 union all select d::text from core.dealer_party d where dealer_id = 2) x`)
  const before_ = await sum()
  assert.equal((await beside.us.manager.post('/v1/registrations', registration({ surname: THEIRS[3].surname, phone: THEIRS[3].phone }))).json.verdict, 'PROTECTED')
  assert.ok((await beside.us.seller.post(`/v1/people/${beside.ids.first}/interactions`, { kind: 'NOTE', text: 'ещё' })).status < 300)
  const patched = await beside.us.manager.patch(`/v1/people/${beside.ids.first}`, { address: 'Казань, Баумана, 1' }, (await beside.us.manager.get(`/v1/people/${beside.ids.first}`)).json.version)
  assert.ok(patched.status < 300, patched.text)
  assert.ok(before_[0].sum)
  assert.deepEqual(await sum(), before_)
})
