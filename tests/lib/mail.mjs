// SPDX-License-Identifier: Apache-2.0
// What the network's SMTP gateway has delivered: messages as files below the data folder, read as a mail program would.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { NET } from './network.mjs'
import { until } from './http.mjs'

const parsed = new Map() // path -> message; files never change once written

/** Decode quoted-printable or base64. */
function decoded(text, encoding) {
  if (/base64/i.test(encoding)) return Buffer.from(text, 'base64').toString('utf8')
  if (!/quoted-printable/i.test(encoding)) return text
  const bytes = []
  const joined = text.replace(/=\r?\n/g, '')
  for (let i = 0; i < joined.length; i++) {
    const hex = joined[i] === '=' && /^[0-9A-F]{2}$/i.test(joined.slice(i + 1, i + 3))
    if (hex) { bytes.push(Number.parseInt(joined.slice(i + 1, i + 3), 16)); i += 2 } else bytes.push(...Buffer.from(joined[i]))
  }
  return Buffer.from(bytes).toString('utf8')
}

/** RFC 2047 words in a header. */
const words = (value) => value.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind, text) =>
  /b/i.test(kind) ? Buffer.from(text, 'base64').toString('utf8') : decoded(text.replaceAll('_', ' '), 'quoted-printable'))

function headersOf(head) {
  const headers = {}
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const at = line.indexOf(':')
    if (at > 0) headers[line.slice(0, at).toLowerCase()] = words(line.slice(at + 1).trim())
  }
  return headers
}

/** Read one message. out: {path, headers, to, from, subject, text, html, raw} */
export function parseMail(raw, path = '') {
  const cut = raw.search(/\r?\n\r?\n/)
  const headers = headersOf(raw.slice(0, cut))
  const body = raw.slice(cut).replace(/^\r?\n\r?\n/, '')
  const parts = { text: '', html: '' }
  const read = (type, encoding, content) => {
    const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
    if (boundary) {
      for (const piece of content.split(`--${boundary}`).slice(1)) {
        if (piece.startsWith('--')) break
        const at = piece.search(/\r?\n\r?\n/)
        const inner = headersOf(piece.slice(0, at).trim())
        read(inner['content-type'] ?? 'text/plain', inner['content-transfer-encoding'] ?? '', piece.slice(at).replace(/^\r?\n\r?\n/, ''))
      }
    } else parts[/html/i.test(type) ? 'html' : 'text'] += decoded(content, encoding)
  }
  read(headers['content-type'] ?? 'text/plain', headers['content-transfer-encoding'] ?? '', body)
  const address = (value = '') => (/<([^>]*)>/.exec(value)?.[1] ?? value).trim().toLowerCase()
  return { path, headers, to: address(headers.to), from: address(headers.from), subject: headers.subject ?? '', ...parts, raw }
}

function walk(folder, found) {
  let names
  try { names = readdirSync(folder) } catch { return found }
  for (const name of names) {
    const path = join(folder, name)
    let info
    try { info = statSync(path) } catch { continue }
    if (info.isDirectory()) walk(path, found)
    else if (!name.startsWith('.') && !/\.(tmp|lock|pid)$/.test(name)) found.push(path)
  }
  return found
}

/** All delivered messages, oldest path first. */
export function allMail() {
  for (const path of walk(join(NET, 'mail'), []).sort()) {
    if (parsed.has(path)) continue
    try {
      const raw = readFileSync(path, 'utf8')
      if (/\n\r?\n/.test(raw)) parsed.set(path, parseMail(raw, path))
    } catch { /* being written: read the next time */ }
  }
  return [...parsed.values()]
}

/** Messages to an address. */
export const mailsTo = (address) => allMail().filter((mail) => mail.to === address.toLowerCase())

/** The newest message to an address, waiting for it. */
export const mailTo = (address, count = 1, timeout_ms = 30000) =>
  until(`mail to ${address}`, () => { const list = mailsTo(address); return list.length >= count && list.at(-1) }, timeout_ms)

/** The link= token of a page's address in a text. */
export function linkIn(text, page) {
  const m = new RegExp(`https://\\S*${page}\\S*[?&]link=([A-Za-z0-9_-]+)`).exec(text) ?? new RegExp(`https://\\S*/${page}/([A-Za-z0-9_-]+)`).exec(text)
  if (!m) throw new Error(`no ${page} link in: ${text}`)
  return m[1]
}
