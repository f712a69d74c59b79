// SPDX-License-Identifier: Apache-2.0
// People in bulk, registered by the same function as one at a time; campaigns taken from draft to running.
import { jobDone, until } from './http.mjs'
import { phone, quote, rows, sql, unique } from './network.mjs'

/** A time zone in which it is about one in the afternoon now: outside quiet hours at any moment of a test. */
export function daytimeZone() {
  const offset = ((13 - new Date().getUTCHours() + 36) % 24) - 12
  return `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`
}

/** Register people for a dealer.
 *  in:  people - list of field objects of POST /v1/registrations; seat - staff of makeDealer
 *  out: rows {n, verdict, state, party_id, id} in order */
export async function registerMany(dealer, seat, people, over = {}) {
  const list = people.map((p) => ({ kind: 'PERSON', given_name: 'Имя', brand_id: 1, line: 'NEW', source: 'phone', occasion: 'call', interest: 'car',
    consent_evidence: 'form', consent_channels: ['EMAIL', 'CALL'], seat: seat.staff_id, ...over, ...p }))
  const made = await rows(`select o.n, r.verdict, r.state, r.party_id
    from json_array_elements(${quote(JSON.stringify(list))}::json) with ordinality o(v, n)
    cross join lateral core.register(${dealer.dealer_id}, ${seat.staff_id}, o.v::jsonb, 'hand') r order by o.n`)
  const ids = await rows(`select party_id, public_id as id from core.party
    where party_id = any ('{${made.map((r) => r.party_id).filter(Boolean)}}'::bigint[])`)
  const idOf = new Map(ids.map((r) => [r.party_id, r.id]))
  return made.map((r) => ({ ...r, id: idOf.get(r.party_id) }))
}

/** n people with surname, phone and e-mail of their own. */
export function crowd(n, word = unique()) {
  return Array.from({ length: n }, (_, i) => ({ surname: `Толпин${word}${i}`, phone: phone(),
    email: `c${i}.${word}@test.example` }))
}

/** n people of a dealer at once, as registrations leave them, without the match that takes its 3 ms each.
 *  in:  dealer - of makeDealer; n; city - by which a campaign finds them    out: nothing */
export async function settle(dealer, n, city) {
  const word = unique()
  await sql(`with people as (
      insert into core.party (kind, name, surname, given_name, city, source, is_pool)
      select 'PERSON', 'Толпин${word}' || i || ' Имя', 'Толпин${word}' || i, 'Имя', ${quote(city)}, 'test', false from generate_series(1, ${n}) i returning party_id),
    contacts as (
      insert into core.contact_point (party_id, kind, value, raw, is_primary, source_dealer_id, source)
      select p.party_id, 'PHONE', '+7978' || lpad((p.party_id % 10000000)::text, 7, '0'), 'n', true, ${dealer.dealer_id}, 'test' from people p),
    consents as (
      insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
      select p.party_id, ${dealer.dealer_id}, 'ADVERTISING', 'CALL', '1', 'form', 'test', core.now() - interval '1 day' from people p)
    select count(*) from people`)
  // a thousand at a time, as a list is brought in
  for (let i = 0; i < n; i += 1000) {
    await sql(`insert into core.ownership (party_id, brand_id, line, dealer_id, state, since, registered_at, protect_until, limit_until, free_from, source, event, rule, ver, changed_at)
      select p.party_id, 1, 'NEW', ${dealer.dealer_id}, 'ACTIVE', core.now(), core.now(), core.now() + interval '20 days', core.now() + interval '90 days', 'infinity', 'test', 'checked', 'R32', 2, core.clock()
      from core.party p where p.surname like 'Толпин${word}%' order by p.party_id offset ${i} limit 1000`)
  }
  await sql('analyze core.party, core.contact_point, core.consent, core.ownership, core.dealer_party')       // what autovacuum does a minute later
}

export const emailCampaign = (over = {}) => ({ name: `Кампания ${unique()}`, grp: 'SALES', channel: 'EMAIL', definition: { and: [] },
  subject: 'Приглашаем на тест-драйв', body: 'Здравствуйте, {{name}}! Ждём вас. Отписаться: {{unsubscribe_url}}', lock_days: 21, ...over })

/** Create and check a campaign. out: the campaign with its check */
export async function checked(caller, campaign, timeout_ms = 60000) {
  const made = await caller.post('/v1/campaigns', campaign)
  if (made.status >= 300) throw new Error(`campaign: ${made.status} ${made.text}`)
  const check = await caller.post(`/v1/campaigns/${made.json.id}/check`)
  if (check.status !== 202) throw new Error(`check: ${check.status} ${check.text}`)
  await jobDone(caller, check.json.job_id, timeout_ms)
  const got = await caller.get(`/v1/campaigns/${made.json.id}`)
  if (got.json?.state !== 'CHECKED') throw new Error(`after check: ${got.text}`)
  return got.json
}

/** Launch a checked campaign and wait for the job. out: the campaign */
export async function launched(caller, campaign, timeout_ms = 120000) {
  const launch = await caller.post(`/v1/campaigns/${campaign.id}/launch`, { confirm_count: campaign.check.confirm_count })
  if (launch.status !== 202) throw new Error(`launch: ${launch.status} ${launch.text}`)
  await jobDone(caller, launch.json.job_id, timeout_ms)
  return (await caller.get(`/v1/campaigns/${campaign.id}`)).json
}

/** Wait until nothing of a campaign waits to be sent. out: the campaign */
export const settled = (caller, id, timeout_ms = 120000) => until(`campaign ${id} sends all`, async () => {
  const { json } = await caller.get(`/v1/campaigns/${id}`)
  // head office is told no figure below 10, nor one that leaves such a one (R136): then it knows the state alone
  const isDone = json.progress.done === null ? json.state === 'FINISHED' : json.progress.done >= json.progress.total
  return isDone && ['RUNNING', 'FINISHED', 'STOPPED'].includes(json.state) && json
}, timeout_ms, 300)
