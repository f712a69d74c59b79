// SPDX-License-Identifier: Apache-2.0
// The two folders of a dealer's trade program: what it drops into one, and what clientele-dealer leaves for it in the other.
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { csvTable } from './data.mjs'
import { makeSystem } from './dealer.mjs'
import { signIn } from './http.mjs'
import { makeDealer } from './network.mjs'
import { ROOT } from './tree.mjs'

/** A dealer with an enrolled system, his manager signed in, and the two folders.
 *  out: {dealer, system, manager, in, out, drop(name, bytes, ahead_s), exchange(words), bytes(name), table(name), verdicts(name), close()} */
export async function makeExchange() {
  const dealer = await makeDealer({ seats: ['manager', 'seller', 'system'] })
  const system = await makeSystem(dealer), manager = await signIn(dealer.staff.manager)
  const folder = { in: join(system.folder, 'in'), out: join(system.folder, 'out') }
  mkdirSync(folder.in, { recursive: true })
  const bytes = (name) => readFileSync(join(folder.out, name))
  const table = (name) => csvTable(new TextDecoder('windows-1251').decode(bytes(name)), ';')
  return {
    dealer, system, manager, ...folder,
    /** Put a file there as one that was whole ten seconds ago, or as from a clock that is ahead. */
    drop(name, content, ahead_s = -10) {
      writeFileSync(join(folder.in, name), content)
      const then = Date.now() / 1000 + ahead_s
      utimesSync(join(folder.in, name), then, then)
    },
    /** One round. out: as client() of lib/dealer.mjs */
    exchange: (words = ['--map', join(ROOT, 'clients/kit/maps')]) => system.run(['exchange', '--in', folder.in, '--out', folder.out, ...words]),
    bytes, table,
    /** The verdicts of a file's rows, in the order of the file. */
    verdicts: (name) => table(`${name}.verdicts.csv`).slice(1).map((r) => r[2]),
    close: () => manager.close(),
  }
}
