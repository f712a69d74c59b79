/* SPDX-License-Identifier: Apache-2.0
 * One value of a request, checked against its type and written as PostgreSQL's text form. Pure.
 *
 * Typing is strict: "12" is not a number in JSON, 1 is not true, a date must exist. PostgreSQL
 * checks again (domains, ranges); this check exists so that the answer can name the field. */
#ifndef CLIENTELE_API_VALUE_H
#define CLIENTELE_API_VALUE_H

#include "api/catalog.h"
#include "api/json.h"

/** Take a value from a path or a query.
 *  in:     text  valid UTF-8 without NUL; an array is a comma-separated list
 *  out:    *value  NUL-terminated, in the arena
 *  errors: BAD_FIELD (field left for the caller to name) */
MUST_CHECK err_t value_from_text(arena_t *arena, const type_t *type, str_t text,
                                 const char **value);

/** Take a value from JSON. JSON null gives *value NULL. Same output and errors. */
MUST_CHECK err_t value_from_json(arena_t *arena, const type_t *type, const json_t *json,
                                 const char **value);

/** Whether the text is a UUID in its canonical form, either case. */
bool value_is_uuid(str_t text);

/** Whether the text is an existing date YYYY-MM-DD, years 1900..2200. */
bool value_is_date(str_t text);

/** Whether the text is an RFC 3339 time with zone. */
bool value_is_time(str_t text);

#endif
