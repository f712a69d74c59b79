/* SPDX-License-Identifier: Apache-2.0
 * The handlers of NATIVE rows: those few that are more, or less, than one SQL call. */
#ifndef CLIENTELE_API_NATIVE_H
#define CLIENTELE_API_NATIVE_H

#include "api/request.h"

#define ROUTE(...)
#define NATIVE(METHOD, PATH, HANDLER, ...) step_t native_##HANDLER(request_t *rq);
#include "routes.def"
#undef ROUTE
#undef NATIVE

/** Read a JSON body of exactly these text members.
 *  in:     count names; values in the same order
 *  errors: BAD_JSON, UNKNOWN_FIELD, MISSING_FIELD, BAD_FIELD (not text, empty, over 1000 bytes) */
MUST_CHECK err_t native_fields(request_t *rq, const char *const *names, str_t *values,
                               unsigned count);

/** Rows of the last answered step; 0 when there is none. */
int native_rows(const request_t *rq);

/** A user agent or another free header as a parameter: at most max bytes, NULL when absent. */
const char *native_header(request_t *rq, str_t name, size_t max);

#endif
