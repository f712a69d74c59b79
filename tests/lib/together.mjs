// SPDX-License-Identifier: Apache-2.0
// Tests of one file that mostly wait, side by side: waiting costs a run of an hour's tests as much as work does.
import test from 'node:test'

/** Tests that do not touch each other's people: all begin with the first of them, each is told by its own name.
 *  in: rows [name, options of test(), work(t)]; a skipped one does not begin */
export function together(list) {
  let begun
  const begin = () => begun ??= new Map(list.filter(([, options]) => !options.skip).map(([name, , work]) => {
    const notes = [], done = Promise.resolve({ diagnostic: (text) => notes.push(text) }).then(work)
    done.catch(() => {})                                    // told by its own test
    return [name, { done, notes }]
  }))
  for (const [name, options] of list)
    test(name, options, async (t) => {
      const { done, notes } = begin().get(name)
      try { await done } finally { for (const note of notes) t.diagnostic(note) }
    })
}
