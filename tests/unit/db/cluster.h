/* SPDX-License-Identifier: Apache-2.0
 * A throw-away PostgreSQL for tests that need a real one; made once a program, removed at its end.
 */
#ifndef CLIENTELE_TEST_CLUSTER_H
#define CLIENTELE_TEST_CLUSTER_H

#include <stdbool.h>

/** Make and start it. out: libpq settings without the user, or NULL with a line on why (skip then).
 */
const char *cluster_start(void);

/** Apply schema, roles and grants: database "clientele". */
bool cluster_migrate(void);

/** Run SQL in that database as superuser. */
bool cluster_sql(const char *sql);

/** Stop it, start it again, remove it. */
bool cluster_halt(void);
bool cluster_resume(void);
void cluster_remove(void);

#endif
