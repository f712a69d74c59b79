/* SPDX-License-Identifier: Apache-2.0
 * OpenAPI 3.1 from the routes and the catalogue: what the contract check has proven, as a document.
 */
#ifndef CLIENTELE_API_OPENAPI_H
#define CLIENTELE_API_OPENAPI_H

#include "api/catalog.h"
#include "api/route.h"

/** Append the whole description. out: false when the buffer is full */
MUST_CHECK bool openapi_write(buf_t *out, const catalog_t *catalog, const route_table_t *routes);

#endif
