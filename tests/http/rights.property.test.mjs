// SPDX-License-Identifier: Apache-2.0
// R161: random sequences of acts and time against a small reference model (tests/lib/right_model.mjs). After every act the database has the
// model's state and term; R1 and R11 never break; at the end of a sequence the history rebuilds the present. A sequence that fails is
// shrunk to the acts that are needed and printed with its seed. 2,000 acts, 100,000 with --long.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { IS_LONG, NET, noNetwork } from '../lib/network.mjs'
import { DAY, LINES, Model, TABLE } from '../lib/right_model.mjs'
import { ROOT } from '../lib/tree.mjs'

const skip = noNetwork, ACTS = IS_LONG ? 100000 : 2000, LENGTH = 100
const DATABASE = `clientele_property_${process.pid}`
const START = Date.UTC(2027, 2, 2, 10, 30)                                // hours of it never meet a midnight
const seed = Number(process.env.CLIENTELE_TEST_SEED ?? randomBytes(4).readUInt32LE())
const shell = (script) => execFileSync('bash', ['-c', `. "$1/deploy/lib/cluster.sh"; ${script}`, 'psql', ROOT, NET], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CLUSTER_DATABASE: DATABASE } })
let child, out = '', wake

/** One psql on a database of this file's own: time moves there by months, and nobody else's rights may end. */
function ask(sql) {
  const mark = `END ${randomBytes(6).toString('hex')}`
  out = ''
  child.stdin.write(`${sql}\n;\n\\echo\n\\echo ${mark}\n`)
  return new Promise((resolve, reject) => {
    wake = () => {
      if (!out.includes(mark)) return
      const text = out.slice(0, out.indexOf(mark)).trim()
      if (/ERROR|FATAL/.test(text)) reject(new Error(`${text}\nin ${sql.slice(0, 300)}`)); else resolve(text)
    }
    wake()
  })
}

// The acts as functions of one session. What the database's functions do with a right is under test; this only calls them.
const ACT = `
create function pg_temp.own(p bigint, l core.line) returns core.ownership language sql as $$ select o from core.ownership o where o.party_id = p and o.brand_id = 1 and o.line = l $$;
create function pg_temp.act(a jsonb) returns text language plpgsql as $$
declare d int := (a ->> 'd')::int; p bigint := (a ->> 'p')::bigint; l core.line := (a ->> 'l')::core.line; o core.ownership; j core.judgement_of_claim; r core.ownership;
begin
  begin
    perform set_config('clientele.clock_offset_s', round(extract(epoch from to_timestamp((a ->> 'now')::float8 / 1000) - now()))::bigint::text, true);
    o := pg_temp.own(p, l);
    case a ->> 'op'
    when 'register' then
      j := core.claim_judge(array[p], 1::smallint, l, null, d);
      if j.verdict = 'YOURS' then return 'ok'; elsif j.verdict <> 'FREE' then return 'refused'; end if;
      perform core.ban_guard(array[p], 1::smallint, l, d, 'other');
      o := core.prospect_claim(d, p, 1::smallint, l, null, null, 'test', 'F7', null, false, null, case when (a ->> 'review')::boolean then '{night}' else '{}' end::text[]);
      if o.ownership_id is null then return 'refused'; end if;
    when 'offer' then
      o := core.right_claim(p, 1::smallint, l, null, d, null, 'offer', jsonb_build_object('accept_until', core.working_until(d, core.now(), core.policy_int('P1.accept'))), 'test', null);
      if o.ownership_id is null then return 'refused'; end if;
    when 'accept' then
      o.state := 'ACTIVE'; o.accept_until := null; o.registered_at := core.now(); o.contact_until := core.working_until(o.dealer_id, core.now(), core.policy_int('P2.limit'));
      o.protect_until := core.term_end(o.dealer_id, core.now(), core.policy_int('P3.' || l)); o.limit_until := core.term_end(o.dealer_id, core.now(), core.policy_int('P5.' || l));
      perform core.right_change(o, 'accept');
    when 'decline' then perform core.right_close(o, 'decline', 'declined');
    when 'check' then o.state := 'ACTIVE'; o.accept_until := null; perform core.right_change(o, 'checked');
    when 'activity' then perform core.activity_add(p, d, null, (a ->> 'kind')::core.interaction_kind, core.now(), null, case when (a ->> 'evidence')::boolean then 'call 1' end);
    when 'lost' then perform core.right_close(o, 'lost', 'lost', (a ->> 'reason')::core.lost_reason, case when a ->> 'reason' = 'no_money' then core.now() + make_interval(days => core.policy_int('R57.no_money')) end);
    when 'hold' then
      o.state := 'HELD'; o.protect_until := core.term_end(o.dealer_id, core.now(), core.policy_int('P7.hold')); o.contact_until := null; o.first_contact_at := coalesce(o.first_contact_at, core.now());
      perform core.right_change(o, 'order');
    when 'cancel' then
      o.state := 'ACTIVE'; o.protect_until := least(core.term_end(o.dealer_id, core.now(), core.policy_int('P4.' || l)), greatest(o.limit_until, core.now()));
      perform core.right_change(o, 'cancel_order');
    when 'deliver' then
      o.state := 'CUSTOMER'; o.protect_until := core.document_term(o.dealer_id, l, core.dealer_local_on(o.dealer_id, core.now())); o.limit_until := null;
      perform core.right_change(o, 'delivery');
    when 'document' then perform core.right_prove(d, null, p, 1::smallint, l, null, core.now()::date - (a ->> 'days')::int, gen_random_uuid()::text, 'test');
    when 'dispute' then o.state := 'DISPUTED'; perform core.right_change(o, 'dispute');
    when 'decide' then
      if a ->> 'to' = 'CLOSED' then perform core.right_close(o, 'decide', 'conflict'); else o.state := (a ->> 'to')::core.right_state; perform core.right_change(o, 'decide'); end if;
    when 'void' then if o.state is null or o.state = 'CLOSED' then return 'refused'; end if; perform core.right_void(o);
    when 'park' then perform core.right_park(o, core.now()::date + (a ->> 'days')::int);
    when 'transfer' then
      if o.state is null or o.state = 'CLOSED' then return 'refused'; end if;
      perform core.right_succeed(o, d, null, 'transfer', 'transferred');
    when 'wild' then
      if o.ownership_id is null then return 'refused'; end if;
      o.state := (a ->> 'to')::core.right_state; o.reason := case when a ->> 'to' = 'CLOSED' then 'conflict'::core.close_reason end; o.lost := null;
      perform core.right_change(o, a ->> 'event');
    when 'wait' then null;
    when 'clock' then perform core.clock_rights();
    end case;
    return 'ok';
  exception when sqlstate 'ZC011' or sqlstate 'ZC017' or sqlstate 'ZC055' then return 'refused';
  end;
end $$;
create function pg_temp.seen() returns jsonb language sql as $$
  select coalesce(jsonb_object_agg(o.party_id || ' ' || o.line, jsonb_build_object('state', o.state, 'd', o.dealer_id, 'reason', o.reason, 'manual', o.manual_run,
    'free', case when isfinite(o.free_from) then round(extract(epoch from o.free_from) * 1000) end, 'accept', round(extract(epoch from o.accept_until) * 1000),
    'protect', round(extract(epoch from o.protect_until) * 1000), 'limit', round(extract(epoch from o.limit_until) * 1000))), '{}') from core.ownership o $$;
create function pg_temp.step(a jsonb) returns text language plpgsql as $$
declare said text := pg_temp.act(a);
begin return said || ' ' || pg_temp.seen(); end $$;`

before(async () => {
  if (skip) return
  shell('cluster_migrate "$2" >/dev/null')
  child = spawn('bash', ['-c', '. "$1/deploy/lib/cluster.sh"; cluster_psql "$2" -At -v ON_ERROR_STOP=0 -f - 2>&1', 'psql', ROOT, NET], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, CLUSTER_DATABASE: DATABASE } })
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (chunk) => { out += chunk; wake?.() })
  await ask('set client_min_messages = error; set synchronous_commit = off; delete from core.calendar_day')
  await ask(`insert into core.brand (brand_id, name) values (1, 'Марка');
    insert into core.dealer (dealer_id, name, legal_name, city, time_zone, sender_address, opens_at, closes_at) select n, 'Д' || n, 'ООО Д' || n, 'Казань', 'UTC', 'n@d' || n || '.example', '00:00', '24:00' from generate_series(1, 3) n;
    insert into core.dealer_brand select d, 1, l from generate_series(1, 3) d, unnest(enum_range(null::core.line)) l;
    insert into core.party (kind, name, surname) select 'PERSON', 'Модельный ' || n, 'Модельный' from generate_series(1, 4) n`)
  await ask(ACT)
})
after(() => {
  child?.stdin.end()
  if (!skip) try { shell(`CLUSTER_DATABASE=postgres cluster_psql "$2" -q -c 'drop database if exists ${DATABASE} with (force)'`) } catch { /* the network goes anyway */ }
})

/** mulberry32: the same numbers for the same seed, everywhere. */
const dice = (s) => () => { s = (s + 0x6D2B79F5) | 0; let t = Math.imul(s ^ (s >>> 15), 1 | s); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) / 4294967296 }

function draw(random) {
  const one = (list) => list[Math.floor(random() * list.length)]
  const OPS = ['register', 'register', 'register', 'offer', 'accept', 'accept', 'decline', 'check', 'activity', 'activity', 'activity', 'activity', 'lost', 'hold', 'cancel', 'deliver', 'document', 'dispute', 'decide', 'void',
    'park', 'transfer', 'wild', 'wild', 'wait', 'wait', 'wait', 'clock', 'clock', 'clock']
  const op = one(OPS), act = { op, d: 1 + Math.floor(random() * 3), p: 1 + Math.floor(random() * 2), l: one(LINES) }
  if (op === 'register') act.review = random() < 0.2
  if (op === 'activity') Object.assign(act, { kind: one(['CALL_OUT', 'CALL_IN', 'MAIL_OUT', 'MAIL_IN', 'VISIT', 'TEST_DRIVE', 'APPOINTMENT', 'NOTE']), evidence: random() < 0.4 })
  if (op === 'lost') act.reason = one(['other', 'no_money'])
  if (op === 'decide') act.to = one(['ACTIVE', 'HELD', 'CUSTOMER', 'CLOSED'])
  if (op === 'document') act.days = one([0, 1, 30, 400, 1200])
  if (op === 'park') act.days = one([0, 1, 60, 180, 181])
  if (op === 'wild') Object.assign(act, { event: one(Object.keys(TABLE)), to: one(['OFFERED', 'PENDING', 'ACTIVE', 'HELD', 'CUSTOMER', 'GRACE', 'DISPUTED', 'CLOSED']) })
  if (op === 'wait') act.hours = one([1, 2, 5, 12, 24, 24 * 3, 24 * 8, 24 * 15, 24 * 40])
  return act
}

/** What the sequences reached: a property that is never met proves nothing. */
const met = { ok: new Set(), refused: new Set(), states: new Set() }
const MUST = {
  ok: ['register', 'offer', 'accept', 'decline', 'check', 'activity', 'lost', 'hold', 'cancel', 'deliver', 'document', 'dispute', 'decide', 'void', 'park', 'transfer'],
  refused: ['register', 'offer', 'accept', 'decline', 'lost', 'hold', 'deliver', 'decide', 'park', 'wild'],
  states: ['OFFERED', 'PENDING', 'ACTIVE', 'HELD', 'CUSTOMER', 'GRACE', 'DISPUTED', 'CLOSED'],
}
const unmet = () => Object.entries(MUST).flatMap(([what, list]) => list.filter((x) => !met[what].has(x)).map((x) => `${x}: ${what}`))

/** Runs a sequence in a transaction that is taken back. out: null, or what is wrong after which act */
async function run(acts) {
  const model = new Model(START)
  await ask('begin')
  try {
    for (const [i, act] of acts.entries()) {
      if (act.op === 'wild' && !model.at(act.p, act.l)) continue
      const want = model.act(act)
      if (want === 'skip') continue                                       // allowed by the table: its own act does it properly
      const told = await ask(`select pg_temp.step('${JSON.stringify({ ...act, now: model.now })}')`), got = told.slice(0, told.indexOf(' '))
      if (got !== want) return { i, what: `the model says ${want}, the database ${got}` }
      const seen = JSON.parse(told.slice(got.length + 1))
      met[got].add(act.op)
      for (const s of Object.values(seen)) met.states.add(s.state)
      const made = Object.keys(seen).find((key) => !model.rights.has(key))
      if (made) return { i, what: `${made}: the model has no right, the database ${JSON.stringify(seen[made])}` }
      for (const [key, r] of model.rights) {
        const s = seen[key]
        const wrong = !s || s.state !== r.state || s.d !== r.d || (r.state === 'CLOSED' && s.reason !== (r.reason ?? 'transferred'))
          || (r.state === 'GRACE' && differs(s.free, r.free)) || (['OFFERED', 'PENDING'].includes(r.state) && differs(s.accept, r.accept))
          || (['ACTIVE', 'HELD', 'CUSTOMER'].includes(r.state) && (differs(s.protect, r.protect) || s.manual !== r.manual || differs(s.limit, r.limit)))
        if (wrong) return { i, what: `${key}: the model has ${JSON.stringify(r)}, the database ${JSON.stringify(s)}` }
      }
    }
    const broken = await ask(`select concat_ws('; ',
      (select 'R161 differs: ' || string_agg(d.party_id || ' ' || d.line || ' ' || d.columns::text, ', ') from core.right_differences() d),
      (select 'R1 broken: ' || string_agg(x.k, ', ') from (select party_id || ' ' || line as k from core.ownership where state <> 'CLOSED' group by party_id, brand_id, line, vehicle_id having count(*) > 1) x),
      (select 'R11 broken: ' || string_agg(x.what, ', ') from (
        select h.event || ' ' || coalesce(h.was::text, '-') || ' ' || h.state as what from (
          select y.*, lag(y.state) over (partition by y.ownership_id order by y.ver) as was from core.ownership_history y) h
        where not exists (select from core.right_transition t where t.event = h.event and t.to_state = h.state and t.from_state is not distinct from h.was)) x),
      (select 'R1 broken in valid time: ' || string_agg(x.k, ', ') from (
        select a.party_id || ' ' || a.line as k from core.ownership_history a cross join lateral core.right_as_of(a.valid_from, 'infinity', array[a.party_id]) s
        where s.brand_id = a.brand_id and s.line = a.line group by a.ownership_id, a.ver, a.party_id, a.line having count(*) > 1) x))`)
    return broken ? { i: acts.length - 1, what: broken } : null
  } finally { await ask('rollback') }
}

/** The database's clock is moved by whole seconds: a term counted from now stands up to one beside the model's. */
const differs = (a, b) => ((a ?? null) === null || (b ?? null) === null ? (a ?? null) !== (b ?? null) : Math.abs(a - b) > 1000)

/** Leaves out what is not needed for the failure, halves first. */
async function shrink(acts) {
  for (let size = Math.ceil(acts.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < acts.length;) {
      const less = [...acts.slice(0, from), ...acts.slice(from + size)]
      if (less.length && await run(less)) acts = less; else from += size
    }
  return acts
}

test(`random acts agree with the reference model, R1 and R11 hold, the history rebuilds the present (R161): ${ACTS} acts`, { skip, timeout: IS_LONG ? 7200e3 : 600e3 }, async (t) => {
  t.diagnostic(`seed ${seed}`)
  const random = dice(seed)
  // a short sample may miss a rare act: it goes on until everything was met
  for (let done = 0; done < ACTS || (unmet().length && done < 50 * ACTS); done += LENGTH) {
    const acts = Array.from({ length: LENGTH }, () => draw(random)), wrong = await run(acts)
    if (!wrong) continue
    const small = await shrink(acts.slice(0, wrong.i + 1)), again = await run(small)
    assert.fail(`seed ${seed}, acts ${done}..: ${again?.what ?? wrong.what}\nshrunk to ${small.length} acts:\n${small.map((a) => JSON.stringify(a)).join('\n')}`)
  }
  assert.deepEqual(unmet(), [], 'never met: the rules above were compared with nothing there')
})

test('R11: the database allows the transitions of the model, each and no other', { skip }, async () => {
  const rows = JSON.parse(await ask("select json_agg(json_build_array(t.event, t.from_state, t.to_state)) from core.right_transition t"))
  const flat = (list) => list.map(([event, from, to]) => `${event}: ${from ?? '-'} -> ${to}`).sort()
  const has = flat(rows), want = flat(Object.entries(TABLE).flatMap(([event, pairs]) => pairs.map(([from, to]) => [event, from, to])))
  assert.deepEqual([has.filter((x) => !want.includes(x)), want.filter((x) => !has.includes(x))], [[], []], 'of the database alone, of the model alone')
  assert.ok(has.length > 100)
})

test('R161: a model that is wrong is found: each of its numbers moved by a day disagrees with the database', { skip, timeout: 60000 }, async () => {
  const at = { d: 1, p: 1, l: 'NEW' }, act = Model.prototype.act
  for (const [what, acts] of [['protection', [{ op: 'register', ...at, review: false }]], ['order', [{ op: 'register', ...at, review: false }, { op: 'hold', ...at }]],
    ['customer', [{ op: 'document', ...at, days: 1 }]]]) {
    assert.equal(await run(acts), null, `${what}: as it is`)
    Model.prototype.act = function (a) { const said = act.call(this, a); for (const r of this.rights.values()) r.protect += DAY; return said }
    try { assert.match((await run(acts))?.what ?? 'nothing found', /the model has/, what) } finally { Model.prototype.act = act }
  }
})
