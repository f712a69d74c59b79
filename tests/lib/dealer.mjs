// SPDX-License-Identifier: Apache-2.0
// A dealer's own system: clientele-dealer with a data folder of its own, enrolled at the test network.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { csvRows } from './data.mjs'
import { signIn } from './http.mjs'
import { CA_PATH, DEALER_PORT, HOST, NET, URL_BASE, makeStaff } from './network.mjs'
import { tempFolder } from './temp.mjs'

export const PROGRAM = join(NET, 'bin/clientele-dealer')
export const EXCHANGE_BASE = `https://${HOST}:${DEALER_PORT}`

let admin
/** A signed-in administrator of the test network. */
export const anAdmin = async () => (admin ??= await signIn(await makeStaff(0, 'admin')))

/** Run clientele-dealer. out: {status, signal, stdout, stderr}. kill_ms: send SIGKILL after so long */
export function client(folder, words, { kill_ms, input = '', env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(PROGRAM, ['--data', folder, ...words], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    let stdout = '', stderr = ''
    child.stdout.on('data', (chunk) => { stdout += chunk })
    child.stderr.on('data', (chunk) => { stderr += chunk })
    child.on('error', (error) => resolve({ status: -1, stdout, stderr: String(error) }))
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }))
    child.stdin.end(input)
    if (kill_ms !== undefined) setTimeout(() => child.kill('SIGKILL'), kill_ms)
  })
}

/** Make an enrolled system of a dealer (which needs a seat 'system').
 *  out: {folder, push(text, words), run(words)} */
export async function makeSystem(dealer) {
  const folder = tempFolder('dealer-system-')
  const reply = await (await anAdmin()).post(`/v1/dealers/${dealer.id}/enrol-code`)
  if (reply.status >= 300) throw new Error(`enrol-code: ${reply.status} ${reply.text}`)
  const enrolled = await client(folder, ['enrol', '--server', URL_BASE, '--exchange', EXCHANGE_BASE, '--code', '-', '--ca', CA_PATH],
    { input: reply.json.code + '\n' })
  if (enrolled.status !== 0) throw new Error(`enrol: ${enrolled.status} ${enrolled.stderr}`)
  let count = 0
  return {
    folder,
    code: reply.json.code,
    run: (words, options) => client(folder, words, options),
    /** Write text to a file of its own and push it. out: as client(), with rows of the result file */
    async push(text, words = [], options = {}) {
      mkdirSync(join(folder, 'in'), { recursive: true })
      const path = join(folder, 'in', `${++count}.${text.startsWith('{') ? 'jsonl' : 'csv'}`)
      writeFileSync(path, text)
      const done = await client(folder, ['push', path, '--result', `${path}.result`, ...words], options)
      try { done.rows = csvRows(readFileSync(`${path}.result`, 'utf8')) } catch { done.rows = [] }
      return { ...done, path }
    },
  }
}

/** End the shared administrator's connections: after the last test of a file. */
export const closeAdmin = () => admin?.close()
