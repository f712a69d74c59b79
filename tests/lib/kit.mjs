// SPDX-License-Identifier: Apache-2.0
// Sample files of clients/kit, each time about other people: their telephones, cars and numbers are changed, everything else stays as
// the trade program wrote it.
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './tree.mjs'

export const kitPath = (name) => join(ROOT, 'clients/kit/samples', name)

/** Text as windows-1251. */
export const cp1251 = (text) => Buffer.from([...text].map((c) => { const u = c.charCodeAt(0); return u < 128 ? u : u === 0x401 ? 0xa8 : u === 0x451 ? 0xb8 : u === 0x2116 ? 0xb9 : u === 0xa0 ? 0xa0 : u - 0x350 }))
/** The name of a sample's alphabet. */
export const isOld = (name) => /^1c77|commerceml/.test(name)

/** A tax number of a company with its check digit. */
const inn = () => { const d = `77${String(randomInt(1e6, 1e7))}`; const k = [2, 4, 10, 3, 5, 9, 4, 6, 8]; return d + ([...d].reduce((sum, c, i) => sum + c * k[i], 0) % 11 % 10) }

/** A change of people that is the same for several files. out: (text) => text */
export function others() {
  const two = () => String(randomInt(10, 99)), code = two(), mid = two(), vin = String(randomInt(1000, 9999)), company = inn(), word = two() + two()
  return (text) => text.replace(/900([) \-]*)00(\d)/g, `9${code}$1${mid}$2`).replace(/XZGFF04A0KA/g, `XZGFF${vin}KA`.slice(0, 11))
    .replace(/(ДЦ00-|ЗН00-|ЗН-|ПР-)(\d+)/g, `$1${word}$2`).replace(/0b5a0b0e-/g, `${word}0b0e-`).replace(/\bc-20(\d)/g, `c-${word}$1`).replace(/000(\d\d)\b/g, `${word}$1`).replace(/L-90017/g, `L-${word}`)
    .replace(/7707083893/g, company).replace(/@client.example/g, `${word}@client.example`).replace(/А117ВС777/g, `А${vin.slice(0, 3)}ВС777`)
}

/** Bytes of a sample about other people. */
export function kit(name, change = others()) {
  const bytes = readFileSync(kitPath(name))
  if (!isOld(name)) return Buffer.from(change(bytes.toString('utf8')))
  return cp1251(change(new TextDecoder('windows-1251').decode(bytes)))
}
