// SPDX-License-Identifier: Apache-2.0
// Folders that go with the process that made them: when it ends, is interrupted, or was killed (then the next one that makes such
// a folder takes them away, as their names hold the pid).
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made = []
const remove = (folder) => { try { rmSync(folder, { recursive: true, force: true }) } catch { /* of another user */ } }
const removeAll = () => { while (made.length) remove(made.pop()) }
process.once('exit', removeAll)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => { removeAll(); process.kill(process.pid, signal) })

/** Make a folder of this process. in: prefix 'dealer-system-'. out: its path */
export function tempFolder(prefix) {
  if (!made.some((folder) => folder.includes(prefix)))
    for (const name of readdirSync(tmpdir())) {
      const pid = name.startsWith(prefix) && /^(\d+)-/.exec(name.slice(prefix.length))?.[1]
      if (pid && Number(pid) !== process.pid && !existsSync(`/proc/${pid}`)) remove(join(tmpdir(), name))
    }
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  made.push(folder)
  return folder
}
