// SPDX-License-Identifier: Apache-2.0
// The processes of the test network: the server killed and started again, PostgreSQL taken away, a second server with other
// settings. Everything by pid, through deploy/lib.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Caller, until } from './http.mjs'
import { NET, serial } from './network.mjs'
import { tempFolder } from './temp.mjs'
import { ROOT } from './tree.mjs'

/** Run a line of shell with the functions of deploy/lib. out: its output */
export const shell = (line) => execFileSync('bash', ['-c', `. "$1/deploy/lib/cluster.sh"; for p in place packages build certs server accounts; do . "$CLIENTELE_ROOT/deploy/lib/$p.sh"; done; ${line}`, 'x', ROOT, NET],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: ROOT })

/** Pid of the network's server. */
export const serverPid = () => Number(readFileSync(join(NET, 'pid/server.pid'), 'utf8').trim())
/** Resident memory of a process in KiB. */
export const memoryKib = (pid) => Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
/** kill -9 the server and wait until it is gone: one that is still dying would be taken for one that runs. */
export async function killServer() {
  const pid = serverPid()
  process.kill(pid, 'SIGKILL')
  // a dead one that nobody has reaped yet has no command line
  await until('the server is gone', () => { try { return !readFileSync(`/proc/${pid}/cmdline`).length } catch { return true } }, 20000, 5)
}
/** Start the server again and wait until it is ready. */
export async function startServer() {
  shell('server_start "$2"; server_wait "$2" 30')
  const caller = new Caller()
  await until('the server is ready', async () => (await caller.get('/readyz').catch(() => ({}))).status === 200, 20000)
  caller.close()
}
/** kill -9 every process of the cluster, as a power cut does, and wait until they are gone. */
export async function killDatabase() {
  const pid = Number(readFileSync(join(NET, 'pg/postmaster.pid'), 'utf8').split('\n')[0])
  const children = execFileSync('bash', ['-c', `ps -o pid= --ppid ${pid} || true`], { encoding: 'utf8' }).split(/\s+/).filter(Boolean)
  const all = [pid, ...children.map(Number)]
  for (const child of all) try { process.kill(child, 'SIGKILL') } catch { /* gone with its parent */ }
  // a dead postmaster that nobody has reaped yet still looks alive to pg_ctl
  await until('the cluster is gone', () => all.every((child) => !existsSync(`/proc/${child}`)), 20000, 50)
}
export const startDatabase = () => shell('cluster_start "$2"')
export const stopDatabase = () => shell('cluster_stop "$2"')

/** Two free ports in a row, below those that the kernel hands out in the meantime and above those of the network. */
async function freePair() {
  const isFree = (port) => new Promise((resolve) => { const s = createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => s.close(() => resolve(true))) })
  for (let base = 10000 + pairNext() * 2 % 9000; ; base = 10000 + pairNext() * 2 % 9000) if (await isFree(base) && await isFree(base + 1)) return base
}
const pairNext = serial('ports', 10)

/** A second server on ports of its own with some settings changed.
 *  out: {status, log} when it refused to start, else {child, port, log(), stop()} */
export async function otherServer(settings = {}, wait_ms = 15000) {
  const folder = tempFolder('other-server-')
  const base = await freePair()
  execFileSync('bash', ['-c', `mkdir -p ${folder}/journal && chown -R clientele: ${folder} 2>/dev/null || true; chmod 755 ${folder}`])
  const words = Object.entries({ listen_port: base, dealer_port: base + 1, metrics_port: 0, public_url: `https://localhost:${base}`, journal_dir: `${folder}/journal`, workers: 1, ...settings }).map(([k, v]) => `${k}=${v}`)
  const program = [readFileSync(join(NET, 'server.path'), 'utf8').trim(), '--config', join(NET, 'server.conf'), ...words]
  // each program of the chain becomes the next one, so the child's pid is the server's
  const asServer = process.getuid() === 0 ? ['setpriv', '--reuid=clientele', '--regid=clientele', '--init-groups', '--inh-caps=-all', '--no-new-privs', '--'] : []
  const [first, ...rest] = [...asServer, ...program]
  const child = spawn(first, rest, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' })
  let text = ''
  child.stdout.on('data', (c) => { text += c })
  child.stderr.on('data', (c) => { text += c })
  let status
  const ended = new Promise((resolve) => child.on('close', (code) => { status = code; resolve() }))
  const caller = new Caller({ port: base })
  const begun = Date.now()
  while (status === undefined && Date.now() - begun < wait_ms) {
    if ((await caller.get('/livez').catch(() => ({}))).status === 200) break
    await new Promise((r) => setTimeout(r, 100))
  }
  caller.close()
  if (status !== undefined) return { status, log: text }
  return { child, port: base, folder, log: () => text, async stop() { child.kill('SIGTERM'); await ended; return status } }
}
export const isBuilt = () => existsSync(join(NET, 'server.path'))

/** The log line of an answered request; waits until it is written. in: the reply, of the network's server */
export const logLine = (reply) => until('the line of a request', () => {
  const line = readFileSync(join(NET, 'log/server.log'), 'utf8').split('\n').findLast((l) => l.includes(reply.headers['x-request-id']))
  return line && JSON.parse(line)
}, 5000, 50)
