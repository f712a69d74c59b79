/* SPDX-License-Identifier: Apache-2.0
 * Reads a byte stream the way a connection does: heads, bodies, the next message, the end.
 * Shared by the unit test and the fuzz target, so that both compare the same thing over all splits.
 */
#ifndef TESTS_UNIT_HTTP_WALK_H
#define TESTS_UNIT_HTTP_WALK_H

#include "http/parse.h"

typedef struct {
    int messages;    /* complete messages */
    bool is_refused; /* an error was returned, or bytes followed a closing message */
    bool is_open;    /* stopped inside a message */
    err_code_t code;
    uint64_t body_hash; /* over all payload bytes, in order */
    uint64_t head_hash; /* over methods, paths, queries and headers */
} walk_t;

/** Walk bytes that arrive in steps: first_bytes first, then step_bytes at a time. */
walk_t walk(const char *bytes, size_t len, size_t first_bytes, size_t step_bytes);

#endif
