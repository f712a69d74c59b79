// SPDX-License-Identifier: Apache-2.0
// deploy/up where it cannot work: one sentence with the next step, nothing made; and its parts when a disk is full or a run was killed.
import test, { after } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../lib/data.mjs'
import { NET, PORT, noNetwork } from '../lib/network.mjs'
import { ROOT } from '../lib/tree.mjs'

const skip = noNetwork
const place = mkdtempSync('/tmp/deploy-up-')
chmodSync(place, 0o755)
const disks = []
after(() => {
  for (const disk of disks) execFileSync('umount', [disk])
  rmSync(place, { recursive: true })
})
/** A small disk of its own. out: its path, or undefined where mounting is not allowed */
function disk(name, options) {
  const path = join(place, name)
  mkdirSync(path)
  try { execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' }) } catch { return undefined }
  disks.push(path)
  return path
}
/** A line of shell with the functions of deploy/lib; $2 is the network's folder, $3 the place of this test. */
const shell = (line, options) => run('bash', ['-c', `. "$1/deploy/lib/cluster.sh"; . "$1/deploy/lib/packages.sh"; ${line}`, 'x', ROOT, NET, place], options)
const free = ['--port', '18443', '--dealer-port', '18444', '--metrics-port', '19443', '--mail-port', '18025'] // what comes later wins

for (const [what, words, sentence] of [
  ['an unknown option', ['--colour', 'red'], /^error: unknown option --colour \(see --help\)$/],
  ['an option without its value', ['--data'], /^error: --data needs a value/],
  ['an empty data folder', ['--data', ''], /^error: --data needs a folder/],
  ['a port that is none', ['--port', '70000'], /^error: --port needs a port from 1 to 65535$/],
  ['a port with a leading zero', ['--mail-port', '08025'], /^error: --mail-port needs a port/],
  ['two ports that are the same', ['--dealer-port', '18443'], /^error: the four ports must differ.*18443 18443/],
  ['a port that is taken', ['--port', String(PORT)], new RegExp(`^error: port ${PORT} is taken by another program: choose another one with --port$`)],
  ['a port that only root has', ['--port', '80'], /^error: only root may listen on port 80 .*--port$/],
  ['a file in the place of the folder', ['--data', join(place, 'file')], /^error: cannot make the data folder .*: give --data a folder/],
  ['a disk that may not be written', ['--data', () => disk('ro', 'ro')], /^error: cannot write into .*: give --data a folder on another disk$/],
  ['a disk from which no program runs', ['--data', () => disk('noexec', 'noexec')], /^error: programs may not run from .*: give --data a folder on another disk$/],
  ['a disk that is too small', ['--data', () => disk('small', 'size=200m')], /^error: \d+ MB are free in .*: make room or give --data a folder on another disk$/],
])
  test(`deploy/up tells ${what} in one sentence`, { skip, timeout: 30000 }, (t) => {
    writeFileSync(join(place, 'file'), '')
    const real = words.map((word) => typeof word === 'function' ? word() : word)
    if (real.includes(undefined)) return t.skip('mounting is not allowed here')
    const data = real[0] === '--data' ? [] : ['--data', join(place, 'never')]
    const done = run(join(ROOT, 'deploy/up'), [...free, ...data, ...real])
    assert.equal(done.status, 1, done.stdout)
    assert.match(done.stderr.trim(), sentence)
    assert.equal(done.stderr.trim().split('\n').length, 1, done.stderr)
    assert.ok(!existsSync(join(place, 'never/pg')), 'a cluster was made')
  })

test('a step with progress lines ends when it ends, also into a pipe', { skip, timeout: 30000 }, () => {
  const begun = Date.now()
  const done = shell('with_progress "a short step" true') // waits until the pipe is closed
  assert.equal(done.status, 0)
  assert.ok(Date.now() - begun < 5000, `${Date.now() - begun} ms`)
})

test('a step that fails ends the command and gives its own reason', { skip, timeout: 30000 }, () => {
  const done = shell('LOG_FILE=$3/step.log; step() { fail "the archive is away: try again"; }; with_progress "a step" step; echo went on')
  assert.equal(done.status, 1)
  assert.doesNotMatch(done.stdout, /went on/)
  assert.match(done.stderr, /error: a step: the archive is away: try again\n$/)
})

test("a killed installation leaves the machine's own policy for services to the next one", { skip, timeout: 30000 }, () => {
  const policy = join(place, 'policy-rc.d')
  writeFileSync(policy, '# of the machine\n')
  for (const next of ['packages_quietly grep -q "exit 101" "$3/policy-rc.d"', 'packages_missing() { :; }; packages_install']) {
    shell('( POLICY=$3/policy-rc.d; me=$BASHPID; packages_quietly sh -c "kill -KILL $me" ); true')
    assert.doesNotMatch(readFileSync(policy, 'utf8'), /of the machine/)
    assert.equal(shell(`POLICY=$3/policy-rc.d; ${next}`).status, 0)
    assert.equal(readFileSync(policy, 'utf8'), '# of the machine\n')
  }
  assert.ok(!existsSync(`${policy}.clientele`))
})

test('a settings file on a full disk stays as it was', { skip, timeout: 30000 }, (t) => {
  const full = disk('full', 'size=64k')
  if (!full) return t.skip('mounting is not allowed here')
  writeFileSync(join(full, 'accounts.json'), 'kept')
  const done = shell('head -c 1000000 /dev/zero | file_put "$3/full/accounts.json" 0600')
  assert.equal(done.status, 1)
  assert.match(done.stderr, /error: cannot write .*accounts\.json/)
  assert.equal(readFileSync(join(full, 'accounts.json'), 'utf8'), 'kept')
})

test('the server cannot lay a link among its secrets that root would follow', { skip, timeout: 30000 }, (t) => {
  if (process.getuid() !== 0) return t.skip('only root gives files away')
  const made = shell('. "$1/deploy/lib/certs.sh"; mkdir "$3/net"; secrets_make "$3/net"; stat -c "%U %a" "$3/net/secrets" "$3/net/secrets/totp.key"')
  assert.equal(made.stdout, 'root 750\nclientele 600\n', made.stderr)
  const linked = shell('. "$1/deploy/lib/certs.sh"; : >"$3/victim"; ln -s "$3/victim" "$3/net/secrets/x"; secrets_make "$3/net"')
  assert.equal(linked.status, 1)
  assert.match(linked.stderr, /^error: .*secrets may hold plain files only: .* run deploy\/up again\n$/)
  assert.equal(statSync(join(place, 'victim')).uid, 0, 'the file behind the link was given away')
})

test("from a folder the database's user may not enter, the tools say nothing of it", { skip, timeout: 30000 }, () => {
  const closed = join(place, 'closed')
  mkdirSync(join(closed, 'in'), { recursive: true })
  chmodSync(closed, 0o700)
  const done = run('bash', ['-c', '. "$1/deploy/lib/cluster.sh"; cluster_psql "$2" -Atc "select 1" 2>&1', 'x', ROOT, NET], { cwd: join(closed, 'in') })
  assert.equal(done.stdout, '1\n')
})
