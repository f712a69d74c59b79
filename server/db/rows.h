/* SPDX-License-Identifier: Apache-2.0
 * The rows of one answer: their binary values as PostgreSQL sent them, in one block, found by row
 * and column; and the shape they share with every answer of the same prepared statement.
 *
 * Belongs to one thread. Readers know the binary forms of PostgreSQL's own types and trust the
 * statement for the type. */
#ifndef CLIENTELE_DB_ROWS_H
#define CLIENTELE_DB_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { DB_COLUMNS_MAX = 1664, DB_ROWS_MAX_BYTES = 256 * 1024 * 1024 };

typedef struct {
    uint32_t oid; /* of the type */
    str_t name;   /* NUL-terminated */
} db_column_t;

/** Columns of a statement; held by the connection that described it and by the rows that have it.
 */
typedef struct {
    unsigned holders, count;
    size_t bytes_seen,
        rows_seen; /* most in an answer so far, within reason: the next begins so big */
    db_column_t columns[];
} db_shape_t;

typedef struct {
    uint32_t at;
    int32_t len; /* -1: null */
} db_cell_t;

typedef struct {
    db_shape_t *shape; /* held */
    unsigned count;    /* rows */
    char *bytes;       /* used of room; behind the struct until they outgrow it, as the cells are */
    size_t used, room;
    db_cell_t *cells; /* count * shape->count of cell_room */
    size_t cell_room;
    bool is_moved, is_cells_moved; /* out of the first block */
} db_rows_t;

/** Read a RowDescription.
 *  in:     body  of the message; empty for a statement that gives no rows
 *  out:    held once; NULL when it is malformed */
db_shape_t *db_shape_read(str_t body);

/** Let go; the last one frees it. Accepts NULL. */
void db_shape_drop(db_shape_t *shape);

/** No rows of a shape yet. out: never NULL; ended by db_rows_free */
db_rows_t *db_rows_new(db_shape_t *shape);

/** Release; accepts NULL. */
void db_rows_free(db_rows_t *rows);

/** Append a DataRow.
 *  in:     body  of the message, copied
 *  out:    false when it is malformed, is not of this shape or passes DB_ROWS_MAX_BYTES
 *  cost:   one copy of the row */
bool db_rows_add(db_rows_t *rows, str_t body);

/** Forget the rows, keep shape and memory. */
void db_rows_empty(db_rows_t *rows);

/** How many. */
int db_row_count(const db_rows_t *rows);
int db_column_count(const db_rows_t *rows);

/** What a column is. in: column < db_column_count */
const db_column_t *db_column(const db_rows_t *rows, int column);

/** Read one value. A null or absent value reads as zero, false or ptr NULL. */
bool db_is_null(const db_rows_t *rows, int row, int column);
str_t db_text(const db_rows_t *rows, int row, int column);  /* text, bytea, uuid: raw bytes */
int64_t db_int(const db_rows_t *rows, int row, int column); /* int2, int4, int8 by length  */
bool db_bool(const db_rows_t *rows, int row, int column);

#endif
