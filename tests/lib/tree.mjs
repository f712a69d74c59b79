// SPDX-License-Identifier: Apache-2.0
// The project's files as the gates see them: what git tracks, or the folder itself when there is no git.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

const SKIPPED = /(^|\/)(\.git|node_modules|dist|build|var|out)\//

function walk(folder, found) {
  for (const name of readdirSync(join(ROOT, folder))) {
    const path = folder ? `${folder}/${name}` : name
    if (SKIPPED.test(path + '/')) continue
    if (statSync(join(ROOT, path)).isDirectory()) walk(path, found)
    else found.push(path)
  }
  return found
}

/** Paths of all files of the project, relative to its root, sorted. */
export function files(pattern = /./) {
  let all
  try {
    all = execFileSync('git', ['-C', ROOT, '-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')
  } catch {
    all = walk('', [])
  }
  return all.filter((path) => {
    if (!path || SKIPPED.test(path) || !pattern.test(path)) return false
    try { return statSync(join(ROOT, path)).isFile() } catch { return false }
  }).sort()
}

/** Text of a file of the project. */
export const text = (path) => readFileSync(join(ROOT, path), 'utf8')

/** C without comments and string contents, line numbers kept. */
export function bareC(source) {
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
    (piece) => piece[0] === '/' ? piece.replace(/[^\n]/g, ' ') : piece[0] + piece[0])
}

/** Lines of source that match a pattern, as "path:line: text". */
export function hits(path, source, pattern) {
  return source.split('\n').flatMap((line, i) => pattern.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 120)}`] : [])
}

/** Rows of a .def table: [{macro, args: [text...]}], strings unquoted. */
export function defRows(path) {
  const rows = []
  for (const m of text(path).matchAll(/^([A-Z]+)\((.*)\)\s*$/gm)) { // a row is one line; comments never begin with a macro
    const args = [...m[2].matchAll(/\s*("(?:\\.|[^"\\])*"|[^,"]+)\s*(?:,|$)/g)].map((a) => a[1].trim())
    rows.push({ macro: m[1], args: args.map((a) => a[0] === '"' ? JSON.parse(a) : a) })
  }
  return rows
}
