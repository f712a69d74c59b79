// SPDX-License-Identifier: Apache-2.0
// The server's own description as a list of operations; roles come from server/routes.def.
import { defRows } from './tree.mjs'

const HQ = ['admin', 'marketer', 'router', 'arbiter', 'steward', 'dpo'], DEALER = ['manager', 'seller', 'adviser', 'operator']
export const ROLES = [...HQ, ...DEALER, 'auditor', 'system']

/** Roles of a ROLES column: "DEALER|router" -> [...]; PUBLIC -> []. */
export const rolesOf = (text) => text === 'PUBLIC' ? [] : [...new Set(text.split('|').flatMap((word) => ({ HQ, DEALER, STAFF: [...HQ, ...DEALER, 'auditor'] })[word.trim()] ?? [word.trim()]))]

/** Rows of routes.def: {macro, method, path, name, roles, isPublic, lane, flags}. */
export const routes = () => defRows('server/routes.def').map(({ macro, args }) => macro === 'ROUTE'
  ? { macro, method: args[0], path: args[1], name: args[2], roles: rolesOf(args[3]), isPublic: args[3] === 'PUBLIC', lane: args[4], flags: args[5].split('|').map((f) => f.trim()) }
  : { macro, method: args[0], path: args[1], name: args[2], roles: rolesOf(args[3]), isPublic: args[3] === 'PUBLIC', lane: 'NATIVE', flags: args[4].split('|').map((f) => f.trim()) })

/** Operations of an OpenAPI document: {method, path, roles, isPublic, query: [{name}], body: [{name, isRequired, schema}] | undefined, needsMatch, isUpload, flags}. */
export function operations(document) {
  const known = new Map(routes().map((r) => [`${r.method} ${r.path}`, r]))
  const resolve = (schema) => schema?.$ref ? schema.$ref.slice(2).split('/').reduce((at, key) => at?.[key.replaceAll('~1', '/')], document) : schema
  const list = []
  for (const [path, item] of Object.entries(document.paths))
    for (const [verb, operation] of Object.entries(item)) {
      if (!['get', 'post', 'put', 'patch', 'delete'].includes(verb)) continue
      const method = verb.toUpperCase(), route = known.get(`${method} ${path}`)
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve)
      const schema = resolve(resolve(operation.requestBody)?.content?.['application/json']?.schema)
      list.push({ method, path, roles: route?.roles ?? [], isPublic: route?.isPublic ?? false, flags: route?.flags ?? [], macro: route?.macro,
        query: parameters.filter((p) => p.in === 'query').map((p) => ({ name: p.name, schema: resolve(p.schema) })),
        needsMatch: parameters.some((p) => p.in === 'header' && /if-match/i.test(p.name)),
        isUpload: route?.flags.includes('UPLOAD') ?? false,
        body: schema?.properties ? Object.entries(schema.properties).map(([name, s]) => ({ name, isRequired: (schema.required ?? []).includes(name), schema: resolve(s) })) : undefined })
    }
  return list
}
