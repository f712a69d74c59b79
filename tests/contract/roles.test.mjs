// SPDX-License-Identifier: Apache-2.0
// Every route x every role, from server/routes.def: strangers 401, wrong roles 403, right roles anything but those and 5xx;
// and the description the server gives of itself is the table, no more and no less.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { Caller, signInDirectly } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, noNetwork } from '../lib/network.mjs'
import { ROLES, operations, routes } from '../lib/openapi.mjs'

const skip = noNetwork
const ID = '00000000-0000-4000-8000-000000000000'
const BROWSER_ROLES = ROLES.filter((r) => r !== 'system')
const SESSIONS = 6
let callers, stranger, document, turn = 0
before(async () => {
  if (skip) return
  const dealer = await makeDealer({ seats: ['manager', 'seller', 'adviser', 'operator'] })
  callers = {}
  // sessions in turn: what one may ask in a second is limited, and waiting for it proves nothing
  for (const role of BROWSER_ROLES) {
    const staff = dealer.staff[role] ?? await makeStaff(0, role)
    callers[role] = await Promise.all(Array.from({ length: SESSIONS }, () => signInDirectly(staff)))
  }
  stranger = new Caller()
  document = (await stranger.get('/v1/openapi.json')).json
})
after(() => { for (const c of Object.values(callers ?? {}).flat()) c.close(); stranger?.close(); closeDatabase() })

const fill = (path) => path.replace(/\{link\}/, 'x').replace(/\{[^}]+\}/g, ID)
/** Acts that would end the session of the caller who walks on: judged for wrong roles only. */
const ENDS_SESSION = /logout/
const send = async (one, route) => {
  for (const list = [one].flat(); ;) {
    const reply = await list[turn++ % list.length].send(route.method, fill(route.path), { ...(route.method === 'GET' || route.method === 'DELETE' ? {} : { json: {} }), match: route.method === 'PATCH' ? 1 : undefined })
    if (reply.status !== 429 || !/too-many/.test(reply.json?.type)) return reply
    await new Promise((r) => setTimeout(r, 200))
  }
}

test('OpenAPI is the route table: same addresses, same methods', { skip }, () => {
  const told = new Set(operations(document).map((o) => `${o.method} ${o.path}`))
  const table = new Set(routes().map((r) => `${r.method} ${r.path}`))
  assert.deepEqual([...table].filter((r) => !told.has(r)), [], 'not told')
  assert.deepEqual([...told].filter((r) => !table.has(r)), [], 'told, but not in the table')
})

for (const route of routes().filter((r) => !r.flags.includes('MTLS') && !/events$/.test(r.path))) {
  test(`${route.method} ${route.path}: strangers`, { skip }, async () => {
    const reply = await send(stranger, route)
    if (route.isPublic) assert.ok(reply.status < 500 && reply.status !== 403, `${reply.status} ${reply.text.slice(0, 200)}`)
    else assert.equal(reply.status, 401, reply.text.slice(0, 200))
  })
  if (route.isPublic) continue
  test(`${route.method} ${route.path}: roles`, { skip }, async () => {
    for (const role of BROWSER_ROLES) {
      const isAllowed = route.roles.includes(role)
      if (isAllowed && ENDS_SESSION.test(route.path)) continue
      const reply = await send(callers[role], route)
      if (!isAllowed) assert.equal(reply.status, 403, `${role} may not: ${reply.status} ${reply.text.slice(0, 200)}`)
      else assert.ok(reply.status !== 401 && reply.status < 500 && !(reply.status === 403 && /forbidden$/.test(reply.json?.type)), `${role} may: ${reply.status} ${reply.text.slice(0, 200)}`)
    }
  })
}

test('routes of the dealers\' systems do not answer browsers', { skip }, async () => {
  for (const route of routes().filter((r) => r.flags.includes('MTLS')))
    for (const role of ['manager', 'admin']) {
      const reply = await send(callers[role], route)
      assert.ok([401, 403, 404].includes(reply.status), `${route.path} ${role}: ${reply.status}`)
    }
})
