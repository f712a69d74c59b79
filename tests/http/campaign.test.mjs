// SPDX-License-Identifier: Apache-2.0
// Story: campaigns that never compete for one person (S8, S9), one-click unsubscription, pause, resume, stop.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Caller, listen, signIn, until } from '../lib/http.mjs'
import { closeDatabase, databaseAs, makeDealer, makeStaff, noNetwork, row, rows, sql, unique } from '../lib/network.mjs'
import { checked, crowd, daytimeZone, emailCampaign, launched, registerMany, settle, settled } from '../lib/people.mjs'
import { allMail, mailTo, mailsTo } from '../lib/mail.mjs'

let a, b, managerA, managerB, marketer, auditor
const skip = noNetwork
const only = (city) => ({ and: [{ attr: 'city', op: 'in', value: [city] }] })
before(async () => {
  if (skip) return
  const zone = daytimeZone()
  a = await makeDealer({ zone, seats: ['manager', 'seller', 'operator'] }); b = await makeDealer({ zone, seats: ['manager', 'seller'] })
  ;[managerA, managerB] = [await signIn(a.staff.manager), await signIn(b.staff.manager)]
  marketer = await signIn(await makeStaff(0, 'marketer'))
  auditor = await signIn(await makeStaff(0, 'auditor'))
})
after(() => { for (const c of [managerA, managerB, marketer, auditor]) c?.close(); closeDatabase() })

test('S8: both plan for a thousand common prospects; only the holder of the right may target them', { skip, timeout: 180000 }, async () => {
  const city = `Г${unique()}`
  const people = crowd(1000).map((p) => ({ ...p, city }))
  const own = await registerMany(a, a.staff.seller, people, { seat: null })
  assert.equal(own.filter((r) => r.state === 'ACTIVE').length, 1000)
  const service = await registerMany(b, b.staff.seller, people, { line: 'SERVICE', seat: null })
  assert.equal(service.filter((r) => r.state === 'ACTIVE').length, 1000)
  assert.deepEqual(own.map((r) => r.party_id), service.map((r) => r.party_id))
  const campaignA = await checked(managerA, emailCampaign({ definition: only(city) }))
  const campaignB = await checked(managerB, emailCampaign({ definition: only(city) }))
  assert.equal(campaignA.check.total, 1000)
  assert.equal(campaignA.check.will_get, 1000, JSON.stringify(campaignA.check))
  assert.equal(campaignB.check.total, 1000)
  assert.equal(campaignB.check.will_get, 0)
  assert.deepEqual(campaignB.check.reasons, { not_owner: 1000 })
  const refused = await managerB.post(`/v1/campaigns/${campaignB.id}/launch`, { confirm_count: 0 })
  assert.equal(refused.status, 409)
  const running = await launched(managerA, campaignA)
  assert.equal(Object.values(running.counts).reduce((x, y) => x + y, 0), 1000)
  const locks = await row(`select count(*)::int as n, count(distinct l.dealer_id)::int as dealers from core.campaign_lock l
    join core.campaign k using (campaign_id) where k.public_id = '${campaignA.id}' and l.state <> 'RELEASED'`)
  assert.equal(locks.n, 1000)
  const again = await checked(managerB, emailCampaign({ definition: only(city), grp: 'AFTERSALES' }))
  assert.equal(again.check.will_get, 1000, 'another competition group is not locked')
})

test('S9: the network campaign drops those whom a running campaign holds, and breaks no lock', { skip, timeout: 180000 }, async () => {
  const city = `Г${unique()}`
  const people = crowd(500).map((p) => ({ ...p, city }))
  await registerMany(a, a.staff.seller, people.slice(0, 200), { seat: null })
  await registerMany(b, b.staff.seller, people.slice(200), { seat: null })
  const inner = { and: [{ attr: 'city', op: 'in', value: [city] }, { attr: 'owner_state', op: 'in', value: ['ACTIVE'] }] }
  const half = await row(`select count(*)::int as n from core.dealer_party where dealer_id = ${a.dealer_id} and city = '${city}'`)
  assert.equal(half.n, 200)
  const local = await launched(managerA, await checked(managerA, emailCampaign({ definition: inner })))
  const before = await rows(`select l.unit, l.grp, l.campaign_id, l.until from core.campaign_lock l join core.campaign k using (campaign_id)
    where k.public_id = '${local.id}' order by l.unit`)
  assert.equal(before.length, 200)
  const wide = await checked(marketer, emailCampaign({ definition: only(city) }))
  assert.equal(wide.check.total, 500)
  assert.equal(wide.check.will_get, 300)
  assert.deepEqual(wide.check.reasons, { locked: 200 })
  const running = await launched(marketer, wide)
  assert.equal(running.reasons.locked, 200)
  const after_ = await rows(`select l.unit, l.grp, l.campaign_id, l.until from core.campaign_lock l join core.campaign k using (campaign_id)
    where k.public_id = '${local.id}' order by l.unit`)
  assert.deepEqual(after_.map((l) => l.unit), before.map((l) => l.unit), 'A unbroken')
  const seen = (await managerA.all(`/v1/campaigns/${local.id}/recipients`))
  assert.equal(seen.length, 200)
  const part = await managerB.all(`/v1/campaigns/${wide.id}/recipients`)
  assert.equal(part.length, 300, 'the owner sees his own part of the network campaign')
  const weeks = (await managerA.all(`/v1/campaigns/${wide.id}/recipients?reason=locked`)).map((r) => r.free_week)
  assert.equal(weeks.length, 200)
  assert.ok(weeks.every((w) => new Date(w).getUTCDay() === 1), 'free weeks begin on Monday')
  await settled(marketer, wide.id); await settled(managerA, local.id)
  const got = allMail().filter((m) => m.to.endsWith(people[0].email.replace(/^[^.]*/, ''))).map((m) => m.to)
  assert.deepEqual(got.sort(), people.map((p) => p.email).sort(), 'one message each')
  const proof = await auditor.get('/v1/competing-touches')
  assert.equal(proof.json.count, 0)
  assert.ok(proof.json.checked_touches >= 500)
})

test('R160: two principals launch at the same moment over ten thousand common people: each is locked once, the locks are the union, both get exact counts', { skip, timeout: 400000 }, async () => {
  const city = `Г${unique()}`, common = 10000, alone = 600
  await settle(a, common, city); await settle(b, alone, city)
  const calls = { channel: 'CALL', script: 'Добрый день', definition: only(city) }
  const [mine, network] = await Promise.all([checked(managerA, emailCampaign(calls), 180000), checked(marketer, emailCampaign(calls), 180000)])
  assert.deepEqual([mine.check.will_get, network.check.total, network.check.is_nearly_all], [common, common + alone, true], 'both plan for all of them')
  const deadlocks = 'select deadlocks::int as n from pg_stat_database where datname = current_database()'
  const { n: before } = await row(deadlocks)
  const [one, two] = await Promise.all([launched(managerA, mine, 180000), launched(marketer, network, 180000)])
  const kept = async (k) => (await row(`select count(*)::int as n from core.recipient r join core.campaign c using (campaign_id)
    where c.public_id = '${k.id}' and r.state not in ('DROPPED', 'CANCELLED')`)).n
  const [ofOne, ofTwo] = [await kept(one), await kept(two)]
  assert.equal(ofOne + ofTwo, common + alone, 'the sum of the locks is the union')
  const locks = await row(`select count(*)::int as n, count(distinct l.unit)::int as units, count(distinct l.party_id)::int as people from core.campaign_lock l
    join core.campaign k using (campaign_id) where k.public_id in ('${mine.id}', '${network.id}') and l.state <> 'RELEASED'`)
  assert.deepEqual(locks, { n: common + alone, units: common + alone, people: common + alone }, 'nobody is locked twice, nobody is left out')
  // the arbiter gathers what is asked within two seconds; a loaded machine may have taken the dealer's request later than that
  const { late_s } = await row(`select extract(epoch from (select requested_at from core.campaign where public_id = '${mine.id}')
    - (select requested_at from core.campaign where public_id = '${network.id}'))::float8 as late_s`)
  assert.deepEqual([ofOne, ofTwo], late_s > 2 ? [0, common + alone] : [common, alone], `the lower class number wins when both ask at once (R87), else the first; ${late_s} s apart`)
  const reasons = await rows(`select k.public_id = '${mine.id}' as is_mine, c.reason, sum(c.n)::int as n from core.campaign_count c join core.campaign k using (campaign_id)
    where k.public_id in ('${mine.id}', '${network.id}') and c.reason is not null group by 1, 2`)
  assert.deepEqual(reasons, [{ is_mine: late_s > 2, reason: 'locked', n: common }], 'every loss has its one reason')
  assert.equal((late_s > 2 ? one : two).reasons.locked, common, 'and the loser is told exactly')
  assert.equal((await row(deadlocks)).n, before, 'no deadlock')
  await Promise.all([managerA.post(`/v1/campaigns/${mine.id}/stop`, { reason: 'done' }), marketer.post(`/v1/campaigns/${network.id}/stop`, { reason: 'done' })])
})

test('one click stops advertising at once, in the mail program and on the page', { skip, timeout: 90000 }, async () => {
  const city = `Г${unique()}`
  const people = crowd(3).map((p) => ({ ...p, city }))
  const registered = await registerMany(a, a.staff.seller, people)
  await launched(managerA, await checked(managerA, emailCampaign({ definition: only(city) })))
  const mail = await mailTo(people[0].email)
  assert.match(mail.headers['list-unsubscribe'], /^<https:\/\/[^>]+\/u\/[A-Za-z0-9_-]+>$/)
  assert.equal(mail.headers['list-unsubscribe-post'], 'List-Unsubscribe=One-Click')
  const path = /\/u\/[A-Za-z0-9_-]+/.exec(mail.headers['list-unsubscribe'])[0]
  assert.ok(mail.text.includes(path), 'the body has the link too')
  const client = new Caller()
  const page = await client.get(path)
  assert.equal(page.status, 200)
  assert.match(page.headers['content-type'], /text\/html/)
  assert.ok(!page.text.includes(people[0].email) && !page.text.includes(people[0].surname), 'the page tells nobody who')
  assert.equal((await row(`select is_opted_out from core.party where party_id = ${registered[0].party_id}`)).is_opted_out, false,
    'looking at the page (a mail scanner does) changes nothing')
  const click = await client.send('POST', path, { body: 'List-Unsubscribe=One-Click', key: null, csrf: false,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })
  assert.ok(click.status >= 200 && click.status < 400, `${click.status} ${click.text}`)
  const state = await row(`select count(*) filter (where withdrawn_at is null)::int as live from core.consent
    where party_id = ${registered[0].party_id} and purpose = 'ADVERTISING' and (channel is null or channel = 'EMAIL')`)
  assert.equal(state.live, 0)
  const repeat = await client.send('POST', path, { body: 'List-Unsubscribe=One-Click', key: null, csrf: false, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })
  assert.ok(repeat.status < 400)
  const later = await checked(managerA, emailCampaign({ definition: only(city), grp: 'AFTERSALES' }))
  assert.equal(later.check.reasons.opted_out ?? later.check.reasons.no_consent ?? later.check.reasons.not_owner >= 1, true)
  for (const bad of [path.slice(0, -1) + (path.endsWith('A') ? 'B' : 'A'), '/u/x', '/u/' + 'A'.repeat(38)]) {
    const gone = await client.get(bad)
    assert.ok([404, 410].includes(gone.status), bad)
    assert.match(gone.headers['content-type'], /text\/html/, 'a person gets a page')
  }
  const style = createHash('sha256').update(/<style>(.*?)<\/style>/s.exec(page.text)[1]).digest('base64')
  assert.ok(page.headers['content-security-policy'].includes(`style-src 'sha256-${style}'`), `the policy allows the page's style: ${style}`)
  client.close()
})

test('withdrawal by a seat takes queued messages back within a minute', { skip, timeout: 120000 }, async () => {
  const city = `Г${unique()}`
  const people = crowd(5).map((p) => ({ ...p, city }))
  const registered = await registerMany(a, a.staff.seller, people)
  const campaign = await checked(managerA, emailCampaign({ definition: only(city), starts_at: new Date(Date.now() + 3600e3).toISOString() }))
  await launched(managerA, campaign)
  const reply = await managerA.post(`/v1/people/${registered[0].id}/consents/withdraw`, { purpose: 'ADVERTISING', channel: 'EMAIL', scope: 'dealer', evidence: 'call 17' })
  assert.ok(reply.status < 300, reply.text)
  assert.equal(reply.json.stopped, 1)
  const recipient = await row(`select r.state, r.reason from core.recipient r join core.campaign k using (campaign_id)
    where k.public_id = '${campaign.id}' and r.party_id = ${registered[0].party_id}`)
  assert.ok(['CANCELLED', 'DROPPED'].includes(recipient.state), JSON.stringify(recipient))
  await managerA.post(`/v1/campaigns/${campaign.id}/stop`, { reason: 'test' })
  const rest = await row(`select count(*)::int as n from core.recipient r join core.campaign k using (campaign_id)
    where k.public_id = '${campaign.id}' and r.state not in ('CANCELLED', 'DROPPED')`)
  assert.equal(rest.n, 0)
  assert.equal(mailsTo(people[1].email).length, 0)
})

test('a paused campaign sends nothing until it goes on; a stopped one never', { skip, timeout: 120000 }, async () => {
  const city = `Г${unique()}`
  const people = crowd(40).map((p) => ({ ...p, city }))
  await registerMany(a, a.staff.seller, people)
  const campaign = await checked(managerA, emailCampaign({ definition: only(city), starts_at: new Date(Date.now() + 4000).toISOString() }))
  await launched(managerA, campaign)
  assert.equal((await managerA.post(`/v1/campaigns/${campaign.id}/pause`)).json.state, 'PAUSED')
  await new Promise((r) => setTimeout(r, 6000))
  assert.equal(people.filter((p) => mailsTo(p.email).length > 0).length, 0, 'paused')
  assert.equal((await managerA.post(`/v1/campaigns/${campaign.id}/resume`)).json.state, 'RUNNING')
  await settled(managerA, campaign.id)
  for (const p of people) assert.equal(mailsTo(p.email).length, 1)
  assert.equal((await managerA.post(`/v1/campaigns/${campaign.id}/resume`)).status, 409)
})

test('a campaign is stopped at once, also while a batch of its messages is being made', { skip, timeout: 120000 }, async () => {
  const city = `Г${unique()}`
  await registerMany(a, a.staff.seller, crowd(5).map((p) => ({ ...p, city })))
  const campaign = await checked(managerA, emailCampaign({ definition: only(city), starts_at: new Date(Date.now() + 3600000).toISOString() }))
  await launched(managerA, campaign)
  const batch = databaseAs()
  await batch.run(`begin; select from core.recipient r join core.campaign k using (campaign_id) where k.public_id = '${campaign.id}' for update of r`)
  const reply = await managerA.post(`/v1/campaigns/${campaign.id}/stop`, { reason: 'test' })
  assert.deepEqual([reply.status, reply.json.state], [200, 'STOPPED'])
  await batch.run('commit')
  batch.close()
  await until('its people are released', async () => (await row(`select count(*)::int as n from core.recipient r join core.campaign k using (campaign_id)
    where k.public_id = '${campaign.id}' and r.state <> 'CANCELLED'`)).n === 0)
})

test('the test message goes to the caller himself and names itself', { skip, timeout: 60000 }, async () => {
  const made = await managerA.post('/v1/campaigns', emailCampaign({ subject: 'Проба {{name}}' }))
  const reply = await managerA.post(`/v1/campaigns/${made.json.id}/test`)
  assert.equal(reply.status, 202, reply.text)
  const mail = await mailTo(a.staff.manager.login)
  assert.match(mail.subject, /Проба/)
  assert.doesNotMatch(mail.subject + mail.text, /\{\{/)
})

test('the mail is a sound message: encodings, ids, sender in the name of the owner', { skip, timeout: 60000 }, async () => {
  const city = `Г${unique()}`
  const people = crowd(1).map((p) => ({ ...p, city, given_name: 'Ёлка "=?" <b>' }))
  await registerMany(a, a.staff.seller, people)
  await launched(managerA, await checked(managerA, emailCampaign({ definition: only(city), subject: 'Тема — длинная '.repeat(8).trim(), body: 'Привет, {{name}}.\n.\nТочка в строке.\n{{unsubscribe_url}}' })))
  const mail = await mailTo(people[0].email)
  for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type']) assert.ok(mail.headers[name], name)
  assert.ok(mail.raw.split(/\r?\n/).every((line) => Buffer.byteLength(line) <= 998))
  assert.ok(mail.raw.split(/\r?\n\r?\n/)[0].split(/\r?\n/).every((line) => /^[\x00-\x7f]*$/.test(line)), 'headers are ASCII')
  assert.match(mail.headers['message-id'], /^<[a-z2-7]+@[\w.-]+>$/)
  assert.match(mail.text, /\n\.\r?\n|\n\.\n/, 'a line with a dot survives SMTP')
  assert.equal(mail.subject, 'Тема — длинная '.repeat(8).trim())
  const sender = await row(`select sender_address as s from core.dealer where dealer_id = ${a.dealer_id}`)
  assert.equal(mail.from, sender.s)
  assert.equal(new Set(allMail().map((m) => m.headers['message-id'])).size, allMail().length, 'ids are unique')
})

test('a campaign is launched once, with the number of the latest check', { skip, timeout: 60000 }, async () => {
  const city = `Г${unique()}`
  await registerMany(a, a.staff.seller, crowd(4).map((p) => ({ ...p, city })))
  const made = await managerA.post('/v1/campaigns', emailCampaign({ definition: only(city) }))
  assert.equal((await managerA.post(`/v1/campaigns/${made.json.id}/launch`, { confirm_count: 4 })).status, 409, 'unchecked')
  const campaign = await checked(managerA, emailCampaign({ definition: only(city) }))
  const wrong = await managerA.post(`/v1/campaigns/${campaign.id}/launch`, { confirm_count: 5 })
  assert.equal(wrong.status, 409)
  assert.match(wrong.json.type, /count-mismatch$/)
  const replies = await Promise.all(Array.from({ length: 5 }, () => managerA.post(`/v1/campaigns/${campaign.id}/launch`, { confirm_count: 4 })))
  assert.equal(replies.filter((r) => r.status === 202).length, 1, replies.map((r) => r.status).join())
})

test('another principal neither reads nor steers a campaign', { skip }, async () => {
  const made = await managerA.post('/v1/campaigns', emailCampaign())
  for (const caller of [managerB, marketer]) {
    assert.equal((await caller.get(`/v1/campaigns/${made.json.id}`)).status, 404)
    assert.equal((await caller.patch(`/v1/campaigns/${made.json.id}`, { name: 'x' }, 1)).status, 404)
    for (const act of ['check', 'test', 'pause', 'resume', 'stop']) assert.equal((await caller.post(`/v1/campaigns/${made.json.id}/${act}`)).status, 404, act)
  }
  assert.equal((await auditor.get(`/v1/campaigns/${made.json.id}`)).status, 200)
})

test('R136: head office counts its audiences and never lists them; small counts are "< 10"', { skip }, async () => {
  const city = `Г${unique()}`
  await registerMany(a, a.staff.seller, crowd(12).map((p) => ({ ...p, city })))
  const big = await marketer.post('/v1/segments/count', { definition: only(city) })
  assert.equal(big.json.count, 12, big.text)
  const name = `seg ${unique()}`
  await sql(`select 1`)
  const small = await marketer.post('/v1/segments/count', { definition: { and: [only(city), { attr: 'city', op: 'in', value: [`нет${city}`] }] } })
  assert.equal(small.json.count, null)
  assert.equal(small.json.is_small, true)
  const segment = await marketer.post('/v1/segments', { name, definition: only(city) })
  assert.ok(segment.status < 300)
  assert.equal((await marketer.get(`/v1/segments/${segment.json.id}/people`)).status, 403)
  const own = await managerA.post('/v1/segments', { name, definition: only(city) })
  assert.equal((await managerA.all(`/v1/segments/${own.json.id}/people`)).length, 12)
  assert.equal((await managerB.get(`/v1/segments/${own.json.id}/people`)).status, 404)
})

/** Every figure in a reply, by its path; what is no count of people is left out. */
const figures = (value, path = '') => typeof value === 'number' ? [[path, value]] : value && typeof value === 'object'
  ? Object.entries(value).flatMap(([k, v]) => ['version', 'class', 'lock_days', 'brand_id', 'definition'].includes(k) ? [] : figures(v, `${path}.${k}`)) : []
const tellsSmall = (value) => figures(value).filter(([, n]) => n < 10)
/** All that head office can read of its campaign and the jobs of it. */
async function readAll(campaign, jobs) {
  const list = await marketer.get('/v1/campaigns')
  return { campaign: (await marketer.get(`/v1/campaigns/${campaign.id}`)).json, row: list.json.items.find((k) => k.id === campaign.id),
    dealers: (await marketer.get(`/v1/campaigns/${campaign.id}/dealers`)).json.items,
    jobs: await Promise.all(jobs.map(async (id) => (await marketer.get(`/v1/jobs/${id}`)).json)) }
}

test('R136, R90: of a network campaign head office is told no figure below 10, before the launch and after', { skip, timeout: 120000 }, async () => {
  const city = `Г${unique()}`
  const people = crowd(17).map((p) => ({ ...p, city }))
  await registerMany(a, a.staff.seller, people.slice(0, 12), { seat: null })
  await registerMany(b, b.staff.seller, people.slice(12, 14), { seat: null })
  await registerMany(b, b.staff.seller, people.slice(14), { seat: null, consent_channels: ['CALL'] })
  const wide = await checked(marketer, emailCampaign({ definition: only(city) }))
  assert.equal(wide.check.total, 17)
  assert.deepEqual([wide.check.will_get, wide.check.is_nearly_all, wide.check.reasons], [null, true, {}], 'fourteen of seventeen would tell the three who are dropped')
  for (const confirm_count of [10, 13, 14, 15])
    assert.equal((await marketer.post(`/v1/campaigns/${wide.id}/launch`, { confirm_count })).status, 409, `${confirm_count} is not found by trying`)
  const running = await launched(marketer, wide)
  assert.deepEqual(running.reasons, {})
  const ended = await settled(marketer, wide.id)
  assert.deepEqual([ended.counts, ended.left_out], [{ DROPPED: null }, ['SENT']])
  const read = await readAll(wide, [wide.job_id, running.job_id])
  assert.deepEqual(tellsSmall(read), [])
  assert.deepEqual([read.row.total, read.row.sent, read.row.dropped, read.row.left_out], [17, null, null, ['sent']])
  assert.deepEqual(read.dealers.map((d) => [d.total, d.left_out.includes('total')]).sort(), [[null, false], [null, true]], 'twelve of seventeen would tell the five of the other dealer')
  assert.deepEqual(read.jobs.map((j) => [j.result.will_get, j.result.reasons]), [[null, {}], [null, {}]])
  assert.equal(read.campaign.progress.total, 17, 'nor does the progress')
  // the owner counts his own people exactly
  const part = (await managerB.get('/v1/campaigns')).json.items.find((k) => k.id === wide.id)
  assert.equal(part.total, 5)
})

test('R136: a network campaign to fewer than 10 is launched without its number being told or found by trying', { skip, timeout: 120000 }, async () => {
  const city = `Г${unique()}`
  const people = crowd(4).map((p) => ({ ...p, city }))
  await registerMany(a, a.staff.seller, people, { seat: null })
  const few = await checked(marketer, emailCampaign({ definition: only(city) }))
  assert.deepEqual([few.check.total, few.check.will_get], [null, null])
  const stream = await listen(marketer)
  const none = await checked(marketer, emailCampaign({ definition: only(`нет${city}`) }))
  assert.deepEqual({ ...few.check, at: 0 }, { ...none.check, at: 0 }, 'nobody looks like a few')
  for (const campaign of [few, none])
    for (const confirm_count of [0, 3, 4, 5, 11])
      assert.equal((await marketer.post(`/v1/campaigns/${campaign.id}/launch`, { confirm_count })).status, 409, `${confirm_count}`)
  const running = await launched(marketer, few)
  for (const p of people) await mailTo(p.email)
  const told = () => stream.events.filter((e) => [few.id, running.job_id].includes(e.data.id))
  await until('both kinds of events', () => new Set(told().map((e) => e.event)).size === 2, 15000)
  assert.deepEqual(tellsSmall(told().map((e) => e.data)), [])
  stream.close()
  assert.deepEqual(tellsSmall(await readAll(few, [few.job_id, running.job_id])), [])
  const empty = await launched(marketer, none)
  assert.deepEqual(tellsSmall(await readAll(none, [none.job_id, empty.job_id])), [])
  assert.equal(people.every((p) => mailsTo(p.email).length === 1), true)
})

for (const [name, definition] of Object.entries({ 'an unknown attribute': { and: [{ attr: 'password', op: 'in', value: ['x'] }] },
  'an unknown operator': { and: [{ attr: 'city', op: 'like', value: '%' }] }, 'a value of the wrong type': { and: [{ attr: 'city', op: 'in', value: { a: 1 } }] },
  'SQL': { and: [{ attr: "city' or 1=1 --", op: 'in', value: ["'; drop table core.party; --"] }] }, 'no tree': [], 'a deep tree':
    Array.from({ length: 60 }).reduce((d) => ({ not: d }), { attr: 'sex', op: 'in', value: ['m'] }), 'two keys in one node': { and: [], or: [] } }))
  test(`an audience of ${name} is refused`, { skip }, async () => {
    const reply = await managerA.post('/v1/segments/count', { definition })
    assert.equal(reply.status, 400, reply.text)
    assert.match(reply.json.type, /segment-invalid|bad-/)
  })

test('SQL in a value is a value', { skip }, async () => {
  const reply = await managerA.post('/v1/segments/count', { definition: { and: [{ attr: 'city', op: 'in', value: ["'); drop table core.party; --"] }] } })
  assert.equal(reply.status, 200, reply.text)
  assert.equal((await row('select count(*)::int > 0 as is_there from core.party')).is_there, true)
})
