/* SPDX-License-Identifier: Apache-2.0
 * The closed list of statements this process may send. Filled once at start, read by every thread
 * after that; nothing else in the server turns text into SQL (style 6.2).
 *
 * Each statement has a number; a connection remembers in a bit set which numbers it has prepared
 * and prepares the others on demand, inside the pipeline that needs them. */
#ifndef CLIENTELE_DB_STATEMENT_H
#define CLIENTELE_DB_STATEMENT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    DB_STATEMENTS_MAX = 1024,      /* statements of one process */
    DB_STATEMENT_SQL_BYTES = 8192, /* longest statement */
    DB_PARAMS_MAX = 48,            /* parameters of one statement */
};

typedef struct db_statement {
    uint16_t index;       /* place in the list, bit in a connection's prepared set */
    uint16_t param_count; /* number of $n */
    char name[8];         /* "s17": its name in PostgreSQL */
    const char *sql;      /* owned by the list */
} db_statement_t;

typedef struct db_statements db_statements_t;

/** Make an empty list.
 *  out:    the list, freed by db_statements_free      cost: one allocation */
db_statements_t *db_statements_new(void);

/** Release the list and every statement in it; accepts NULL. No connection may use it any more. */
void db_statements_free(db_statements_t *list);

/** Add a statement; the same text twice gives the same statement.
 *  in:     sql   copied, at most DB_STATEMENT_SQL_BYTES; param_count 0..DB_PARAMS_MAX
 *  out:    the statement, valid until db_statements_free; NULL when the list is full
 *  cost:   O(list), start-up only; not thread-safe */
const db_statement_t *db_statements_add(db_statements_t *list, const char *sql,
                                        unsigned param_count);

#endif
