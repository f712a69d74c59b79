/* SPDX-License-Identifier: Apache-2.0
 * Parameters of one statement, in order.
 *
 * A db_params_t lives in the owner's memory until the call is done, like everything it points to.
 */
#ifndef CLIENTELE_DB_PARAMS_H
#define CLIENTELE_DB_PARAMS_H

#include "base/arena.h"
#include "db/call.h"

typedef struct {
    arena_t *arena;
    unsigned count;
    const char *values[DB_PARAMS_MAX];
    int lengths[DB_PARAMS_MAX];
    int formats[DB_PARAMS_MAX];
} db_params_t;

/** Begin an empty list in the arena. out: never NULL */
db_params_t *db_params_new(arena_t *arena);

/** Append one parameter; more than DB_PARAMS_MAX is a bug of ours. Text is copied and must not hold
 *  NUL bytes; a str_t whose ptr is NULL is null. Bytes are borrowed. */
void db_params_text(db_params_t *params, str_t text);
void db_params_word(db_params_t *params, const char *nul_terminated); /* borrowed; NULL is null */
void db_params_bytes(db_params_t *params, const void *ptr, size_t len);
void db_params_int(db_params_t *params, int64_t value);
void db_params_bool(db_params_t *params, bool value);
void db_params_null(db_params_t *params);

/** Make a step of a call from a statement and its parameters (as many as it has). */
db_step_t db_step_of(const db_statement_t *statement, const db_params_t *params);

#endif
