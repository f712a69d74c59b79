/* SPDX-License-Identifier: Apache-2.0
 * The throw-away PostgreSQL of tests/unit/db, for this folder too. */
#include "../db/cluster.c"
