// SPDX-License-Identifier: Apache-2.0
// The demo network is a function of its seed and moment: made twice it is the same, row by row; another seed, another network.
import test, { after } from 'node:test'
import assert from 'node:assert/strict'
import { run } from '../lib/data.mjs'
import { NET, noNetwork } from '../lib/network.mjs'
import { ROOT } from '../lib/tree.mjs'

// What the real clock, the transaction or chance decides: when a row was written, its transaction, the secret-like number of a receipt.
const FREE = ['core.dealer_party.updated_at', 'core.dealer_quality.kept_at', 'core.routing_version.at', 'core.waiting_claim.public_id', 'core.ledger.xid', 'core.receipt.public_id', 'core.repair_order.recorded_at', 'core.right_kpi.kept_at',
  'core.sale.recorded_at']
const names = ['clientele_demo', 'clientele_demo_1', 'clientele_demo_2', 'clientele_demo_3']

/** A line of shell with the functions of deploy/lib; $2 is the network's folder. out: its output; errors: thrown with it */
function shell(line) {
  const done = run('bash', ['-c', `. "$1/deploy/lib/cluster.sh"; ${line}`, 'x', ROOT, NET])
  assert.equal(done.status, 0, done.stderr + done.stdout)
  return done.stdout.trim()
}
const drop = () => shell(`CLUSTER_DATABASE=postgres cluster_psql "$2" ${names.map((name) => `-c 'drop database if exists ${name} with (force)'`).join(' ')}`)
after(() => { if (!noNetwork) drop() })

/** A database with a generated network. out: {table: 'rows md5'} of every table of core and session */
function generated(name, seed, moment) {
  shell(`CLUSTER_DATABASE=postgres cluster_psql "$2" -c 'create database ${name} template ${names[0]}'
    root=$(readable_root "$2") && as_user "$DATABASE_USER" env PGHOST="$(cluster_socket "$2")" PGPORT=5432 PGUSER="$DATABASE_USER" PGDATABASE=${name} \
      bash "$root/deploy/demo/generate" --quiet --past --people 500 --seed ${seed} --at '${moment}'`)
  const query = `select format('select %L, count(*), md5(string_agg(v, e''\\n'' order by v)) from (select (to_jsonb(t) - %L::text[])::text as v from %I.%I t) x',
      n.nspname || '.' || c.relname, (select coalesce(array_agg(split_part(f, '.', 3)), '{}') from unnest('{${FREE}}'::text[]) f
      where starts_with(f, n.nspname || '.' || c.relname || '.')), n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('core', 'session') and c.relkind = 'r' order by 1 \\gexec`
  const answer = run('bash', ['-c', `. "$1/deploy/lib/cluster.sh"; CLUSTER_DATABASE=${name} cluster_psql "$2" -At -F ' ' -f -`, 'x', ROOT, NET],
    { input: query, stdio: ['pipe', 'pipe', 'pipe'] })
  assert.equal(answer.status, 0, answer.stderr)
  return Object.fromEntries(answer.stdout.trim().split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]))
}

test('the same seed and moment give the same network, another seed another one', { skip: noNetwork, timeout: 300000 }, (t) => {
  drop()
  shell(`CLUSTER_DATABASE=${names[0]} cluster_migrate "$2"`)
  const moment = new Date().toISOString()
  const first = generated(names[1], 7, moment), second = generated(names[2], 7, moment), other = generated(names[3], 8, moment)
  assert.deepEqual(second, first)
  const filled = Object.keys(first).filter((table) => !first[table].startsWith('0 '))
  const same = filled.filter((table) => first[table] === other[table])
  t.diagnostic(`${filled.length} tables with rows; the same with every seed: ${same.join(', ')}`)
  assert.ok(filled.length > 30, filled.join())
  for (const table of ['core.party', 'core.contact_point', 'core.vehicle', 'core.sale', 'core.ownership', 'core.interaction', 'core.message', 'core.ledger'])
    assert.notEqual(other[table], first[table], table)
})
