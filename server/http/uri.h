/* SPDX-License-Identifier: Apache-2.0
 * Request targets: split, percent-decode exactly once, refuse what could be read two ways. Pure. */
#ifndef CLIENTELE_HTTP_URI_H
#define CLIENTELE_HTTP_URI_H

#include "base/arena.h"
#include "base/err.h"

typedef struct {
    str_t target;    /* origin form "/path?query", or "*" */
    str_t path;      /* decoded, in the arena */
    str_t query;     /* raw */
    str_t authority; /* of the absolute form; ptr NULL for the others */
} uri_t;

/** Take a request target apart.
 *  in:     arena  for the decoded path; target  1..4096 bytes, visible ASCII already checked or not
 *  out:    *uri, slices into target and arena
 *  errors: BAD_REQUEST (not origin, absolute http(s) or asterisk form; userinfo; byte outside
 *          0x21..0x7e or '#'; bad escape; decoded NUL, control, slash, backslash; dot segment; bad
 * UTF-8), URI_TOO_LONG source: RFC 9112 3.2, RFC 3986 2-3 */
MUST_CHECK err_t uri_parse(arena_t *arena, str_t target, uri_t *uri);

/** Take the next name=value pair off a query, decoded once ('+' is a space), in the arena.
 *  in:     *rest  begins as request->query
 *  out:    *has_pair false at the end; empty pairs ("&&") are skipped; a name without '=' has value
 * "" errors: BAD_FIELD (bad escape, NUL or other control except tab and line breaks, bad UTF-8) */
MUST_CHECK err_t uri_query_next(arena_t *arena, str_t *rest, bool *has_pair, str_t *name,
                                str_t *value);

/** Decode percent escapes. in: is_form - '+' is a space.  out: false on a bad escape */
MUST_CHECK bool uri_decode(arena_t *arena, str_t text, bool is_form, str_t *decoded);

#endif
