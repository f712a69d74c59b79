/* SPDX-License-Identifier: Apache-2.0
 * From path, query and body to the parameters of a function, by the function's own signature. Pure.
 *
 * Every argument is bound, absent optional ones as null; where all are absent, those of the route's
 * plain call alone. A name the function does not have, a name
 * given twice, a value of the wrong type and a missing value are refused with the field's name. */
#ifndef CLIENTELE_API_ARGS_H
#define CLIENTELE_API_ARGS_H

#include "api/keys.h"
#include "api/route.h"

enum { ARGS_LIMIT_DEFAULT = 50, ARGS_LIMIT_MAX = 100 };

/** What the request brought. Empty parts have ptr NULL. */
typedef struct {
    const keys_t *keys; /* open positions in lists */
    const route_t *route;
    const str_t *path_values; /* route->param_count of them */
    str_t query;              /* raw */
    str_t body;               /* JSON text, or empty */
    str_t if_match;           /* header value; ptr NULL when absent */
    const char *link;         /* UUID a verified {link} carries; NULL without */
    /* UPLOAD: the stored file */
    const char *upload_sha256, *upload_type;
    int64_t upload_bytes;
} args_input_t;

typedef struct {
    const db_params_t *params; /* in the function's order */
    bool is_plain;             /* they are those of route->plain */
    int64_t limit;             /* rows of a page; 0 when the function has no p_limit */
    int64_t version;           /* of If-Match; 0 when not asked for */
} args_t;

/** Build the parameters.
 *  in:     arena  of the request; owns everything in *args
 *  errors: BAD_JSON, UNKNOWN_FIELD, MISSING_FIELD, BAD_FIELD (field named), IF_MATCH (428),
 *          CHANGED (an If-Match that cannot be ours), NOT_FOUND (a malformed id in the path) */
MUST_CHECK err_t args_build(arena_t *arena, const args_input_t *input, args_t *args);

#endif
