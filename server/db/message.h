/* SPDX-License-Identifier: Apache-2.0
 * Messages of PostgreSQL's protocol 3.0, as far as a pipeline of prepared statements needs them.
 * Pure: bytes in, bytes out. libpq opens the connection (settings, authentication, cancelling);
 * from then on pgconn.c speaks by this, because libpq describes and copies every value of every
 * row a second time: measured in README.md.
 *
 * source: PostgreSQL 15 documentation, 55.2.3 Extended Query, 55.7 Message Formats */
#ifndef CLIENTELE_DB_MESSAGE_H
#define CLIENTELE_DB_MESSAGE_H

#include "base/str.h"
#include "db/statement.h"

enum { MESSAGE_MAX_BYTES = 64 * 1024 * 1024 }; /* longest answer that is believed */

/** Types of what PostgreSQL says. */
enum {
    MESSAGE_PARSED = '1',
    MESSAGE_BOUND = '2',
    MESSAGE_PARAMETERS = 't', /* of a described statement */
    MESSAGE_COLUMNS = 'T',    /* RowDescription */
    MESSAGE_NO_COLUMNS = 'n',
    MESSAGE_ROW = 'D',
    MESSAGE_DONE = 'C',
    MESSAGE_NOTHING = 'I', /* an empty statement is done */
    MESSAGE_ERROR = 'E',
    MESSAGE_READY = 'Z',
    /* may come at any time and say nothing to us */
    MESSAGE_NOTICE = 'N',
    MESSAGE_SETTING = 'S',
    MESSAGE_NOTIFICATION = 'A',
};

typedef struct {
    char type;
    str_t body;
} message_t;

/** Read the message that input begins with.
 *  out:    its bytes, body borrowed from input; 0 when it is not whole yet; -1 when it is none */
int64_t message_read(str_t input, message_t *out);

/** Bytes of the message that input begins with, as soon as its head is here; else 0. */
size_t message_bytes(str_t input);

/** Value of a field of an ERROR body, NUL-terminated; NULL when it has none.
 *  in:     field  one of PG_DIAG_SQLSTATE ... (postgres_ext.h) */
const char *message_field(str_t body, int field);

/** Parse and describe a statement: answered by PARSED, PARAMETERS and COLUMNS or NO_COLUMNS. */
void message_prepare(buf_t *out, const db_statement_t *statement);

/** Bind values and execute, all columns binary: answered by BOUND, ROW..., DONE.
 *  in:     as many values, lengths and formats as the statement has parameters (db_step_t) */
void message_execute(buf_t *out, const db_statement_t *statement, const char *const *values,
                     const int *lengths, const int *formats);

/** Sync: the end of a transaction, answered by READY. */
void message_sync(buf_t *out);

#endif
