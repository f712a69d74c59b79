/* SPDX-License-Identifier: Apache-2.0
 * The start-up proof: routes.def, the grants and the catalogue say the same, and the fences stand.
 *
 * Completes every route (function, shape, statement) and collects every difference as one line of
 * text, so that a refusal to start names them all at once. */
#ifndef CLIENTELE_API_CONTRACT_H
#define CLIENTELE_API_CONTRACT_H

#include "api/catalog.h"
#include "api/route.h"

/** Prove and complete.
 *  in:     arena of the process; statements take the routes' calls; source answers as role login
 *  out:    differences appended, one a line; none means the server may start
 *  errors: false when a query failed (source->reason) */
MUST_CHECK bool contract_check(arena_t *arena, const catalog_t *catalog, route_table_t *routes,
                               db_statements_t *statements, catalog_source_t *source,
                               buf_t *differences);

#endif
