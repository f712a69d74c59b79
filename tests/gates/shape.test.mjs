// SPDX-License-Identifier: Apache-2.0
// A change of the database's shape is seen in review: schema/snapshot.sql is what the table files, roles and policies make.
import test from 'node:test'
import assert from 'node:assert/strict'
import { noNetwork } from '../lib/network.mjs'
import { shell } from '../lib/server.mjs'
import { text } from '../lib/tree.mjs'

test('schema/snapshot.sql is the shape of the migrated database (deploy/snapshot writes it)', { skip: noNetwork }, () => {
  const is = shell('PGHOST=$(cluster_socket "$2") PGUSER=$DATABASE_USER PGDATABASE=clientele as_user "$DATABASE_USER" bash -s <"$1/deploy/snapshot"').split('\n')
  const said = text('schema/snapshot.sql').split('\n')
  const differs = is.findIndex((line, i) => line !== said[i])
  assert.ok(differs < 0 && is.length === said.length, `line ${differs + 1}: the database has\n${is.slice(differs, differs + 5).join('\n')}\nthe snapshot says\n${said.slice(differs, differs + 5).join('\n')}`)
})
