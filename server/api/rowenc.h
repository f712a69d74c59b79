/* SPDX-License-Identifier: Apache-2.0
 * The typed row encoder: binary rows of PostgreSQL to JSON and CSV, one for every list, card and
 * export. Pure: bytes in, bytes out.
 *
 * A plan says how each column is written; it is made once from a result's description and is good
 * for every later result of the same shape. Columns whose names end in '_' are for the server:
 * cursor_ (of the next page), estimate_, status_; they are never sent. */
#ifndef CLIENTELE_API_ROWENC_H
#define CLIENTELE_API_ROWENC_H

#include "api/catalog.h"

enum { ROWENC_COLUMNS_MAX = 128, ROWENC_DEPTH_MAX = 4 };

typedef struct {
    Oid oid;
    const type_t *type; /* NULL: unknown, written as text */
    type_kind_t kind;
    str_t key; /* ,"name": ready for JSON */
    str_t name;
    bool is_hidden;
} rowenc_column_t;

typedef struct {
    unsigned count;
    int cursor_column, estimate_column, status_column, version_column; /* -1 when absent */
    rowenc_column_t columns[ROWENC_COLUMNS_MAX];
} rowenc_plan_t;

/** Make a plan for results of this shape, in the arena. NULL with too many columns. */
const rowenc_plan_t *rowenc_plan(arena_t *arena, const catalog_t *catalog, const db_rows_t *result);

/** Whether a plan fits a result. cost: O(columns) */
bool rowenc_fits(const rowenc_plan_t *plan, const db_rows_t *result);

/** Append one row as a JSON object.
 *  out:    false when the buffer is full or a value is not what its type says (our bug, or a
 *          corrupt server): nothing of the reply may be sent */
MUST_CHECK bool rowenc_json_row(buf_t *out, const catalog_t *catalog, const rowenc_plan_t *plan,
                                const db_rows_t *result, int row);

/** Append one value as JSON. in: value of len bytes in binary form; depth of nesting so far */
MUST_CHECK bool rowenc_json_value(buf_t *out, const catalog_t *catalog, const type_t *type,
                                  type_kind_t kind, str_t value, unsigned depth);

/** Append the head line, or one row, as CSV (RFC 4180, CRLF). Text that a spreadsheet would take
 * for a formula is led by an apostrophe. */
MUST_CHECK bool rowenc_csv_head(buf_t *out, const rowenc_plan_t *plan, char separator);
MUST_CHECK bool rowenc_csv_row(buf_t *out, const catalog_t *catalog, const rowenc_plan_t *plan,
                               const db_rows_t *result, int row, char separator);

/** Append one cell. in: is_text  may hold a formula */
bool rowenc_csv_cell(buf_t *out, str_t text, bool is_text, char separator);

#endif
