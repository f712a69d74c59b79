/* SPDX-License-Identifier: Apache-2.0
 * Which column feeds which field: by the header's names, by a map file, by constants.
 *
 * Map file, one rule a line, `#` begins a comment:
 *   field = Column name          the column, compared like a header name
 *   field := text {Column}       a constant, in which {Column} stands for that row's cell
 *   field =                      leave the field out
 * A rule beats the header's own name. */
#ifndef CLIENTELE_DEALER_COLUMNS_H
#define CLIENTELE_DEALER_COLUMNS_H

#include <jansson.h>

#include "base/str.h"
#include "fault.h"

#define COLUMNS_MAX 256

typedef struct columns columns_t;

/** Make the rules for rows of a kind.
 *  in: map_path  map file or NULL.   errors: EXIT_USAGE - unknown kind, unreadable or wrong map
 * file */
MUST_CHECK columns_t *columns_new(str_t kind, const char *map_path, fault_t *fault);

/** Kind the rules are for. */
str_t columns_kind(const columns_t *columns);

/** Bind the rules to a header. in: names - count slices, copied.
 *  errors: EXIT_USAGE - a rule names a column that the file lacks, or no field is fed at all */
MUST_CHECK bool columns_bind(columns_t *columns, const str_t *names, size_t count, fault_t *fault);

/** Name of the next column that feeds nothing, from index *at on (advanced). out: empty at the end
 */
str_t columns_unused(const columns_t *columns, size_t *at);

/** Make a row's data. in: cells of the bound header, UTF-8. out: object to decref */
json_t *columns_row(const columns_t *columns, const str_t *cells, size_t count);

/** Free; NULL is accepted. */
void columns_free(columns_t *columns);

#endif
