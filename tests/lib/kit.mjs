// SPDX-License-Identifier: Apache-2.0
// Sample files of clients/kit, each time about other people: their telephones, cars and numbers are changed, everything else stays as
// the trade program wrote it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serial } from './network.mjs'
import { ROOT } from './tree.mjs'

export const kitPath = (name) => join(ROOT, 'clients/kit/samples', name)

/** Text as windows-1251. */
export const cp1251 = (text) => Buffer.from([...text].map((c) => { const u = c.charCodeAt(0); return u < 128 ? u : u === 0x401 ? 0xa8 : u === 0x451 ? 0xb8 : u === 0x2116 ? 0xb9 : u === 0xa0 ? 0xa0 : u - 0x350 }))
/** The name of a sample's alphabet. */
export const isOld = (name) => /^1c77|commerceml/.test(name)

/** A tax number of a company with its check digit. */
const inn = (n) => { const d = `77${5000000 + n * 211}`; const k = [2, 4, 10, 3, 5, 9, 4, 6, 8]; return d + ([...d].reduce((sum, c, i) => sum + c * k[i], 0) % 11 % 10) }

const next = serial('kits', 10)    // the code 971 is that of phone()
/** A change of people that is the same for several files. out: (text) => text */
export function others() {
  const n = next() % 8010, code = String(10 + (n % 89 < 61 ? n % 89 : n % 89 + 1)), mid = String(10 + Math.floor(n / 89)), vin = String(1000 + n), company = inn(n), word = code + mid
  return (text) => text.replace(/900([) \-]*)00(\d)/g, `9${code}$1${mid}$2`).replace(/XZGFF04A0KA/g, `XZGFF${vin}KA`.slice(0, 11))
    .replace(/(ДЦ00-|ЗН00-|ЗН-|ПР-)(\d+)/g, `$1${word}$2`).replace(/0b5a0b0e-/g, `${word}0b0e-`).replace(/\bc-20(\d)/g, `c-${word}$1`).replace(/000(\d\d)\b/g, `${word}$1`).replace(/L-90017/g, `L-${word}`)
    .replace(/7707083893/g, company).replace(/@client.example/g, `${word}@client.example`).replace(/А117ВС777/g, `А${100 + n % 900}ВС777`)
}

/** Bytes of a sample about other people. */
export function kit(name, change = others()) {
  const bytes = readFileSync(kitPath(name))
  if (!isOld(name)) return Buffer.from(change(bytes.toString('utf8')))
  return cp1251(change(new TextDecoder('windows-1251').decode(bytes)))
}
