/* SPDX-License-Identifier: Apache-2.0
 * JSON in: Jansson, narrowed to what a request may be.
 *
 * Refused beyond RFC 8259: duplicate names, \u0000, nesting above JSON_DEPTH_MAX, bytes after the
 * value, integers beyond 64 bits, reals beyond double. JSON goes out through rowenc, never through
 * here. */
#ifndef CLIENTELE_API_JSON_H
#define CLIENTELE_API_JSON_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"

enum { JSON_DEPTH_MAX = 32 };

/** Parse a whole text.
 *  in:     arena  owns the value, which dies with it      text  any bytes
 *  out:    *value, any JSON value
 *  errors: BAD_JSON with the byte offset
 *  cost:   O(len); recursion at most JSON_DEPTH_MAX deep */
MUST_CHECK err_t json_parse(arena_t *arena, str_t text, json_t **value);

/** Member of an object as text; ptr NULL when absent or not a string. Borrowed from the value. */
str_t json_text(const json_t *object, const char *name);

/** Write a value as compact text in the arena; NULL when it cannot be written. */
const char *json_dump(arena_t *arena, const json_t *value);

#endif
