/* SPDX-License-Identifier: Apache-2.0
 * Descriptions and rows, copied once and checked on the way. */
#include "db/rows.h"

#include "base/mem.h"

enum {
    COLUMN_BYTES = 18, /* of a RowDescription after the name: table 4, attribute 2, type 4, ... */
    COLUMN_TYPE = 6,   /* where the type stands in them */
    FIRST_BYTES = 2048,
    FIRST_ROWS = 8,
};

static uint32_t big_endian(const char *at, size_t len)
{
    uint32_t value = 0;
    for (size_t i = 0; i < len; i++)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

/* --- shapes ---------------------------------------------------------------------------------- */

db_shape_t *db_shape_read(str_t body)
{
    unsigned count = body.len < 2 ? 0 : big_endian(body.ptr, 2);
    if (count > DB_COLUMNS_MAX)
        return NULL;
    size_t columns = sizeof(db_column_t) * count;
    db_shape_t *shape = mem_new(sizeof *shape + columns + body.len);
    char *names = (char *)shape + sizeof *shape + columns;
    shape->holders = 1;
    shape->count = count;
    str_t rest = str_skip(body, 2);
    for (unsigned i = 0; i < count; i++) {
        size_t len = str_find(rest, 0);
        if (rest.len < len + 1 + COLUMN_BYTES) {
            mem_free(shape);
            return NULL;
        }
        memcpy(names, rest.ptr, len + 1);
        shape->columns[i] =
            (db_column_t){big_endian(rest.ptr + len + 1 + COLUMN_TYPE, 4), str_n(names, len)};
        names += len + 1;
        rest = str_skip(rest, len + 1 + COLUMN_BYTES);
    }
    return shape;
}

void db_shape_drop(db_shape_t *shape)
{
    if (shape && --shape->holders == 0)
        mem_free(shape);
}

/* --- rows ------------------------------------------------------------------------------------ */

db_rows_t *db_rows_new(db_shape_t *shape)
{
    db_rows_t *rows = MEM_NEW(db_rows_t);
    rows->shape = shape;
    shape->holders++;
    rows->bytes = buf_make(DB_ROWS_MAX_BYTES);
    return rows;
}

void db_rows_free(db_rows_t *rows)
{
    if (!rows)
        return;
    db_shape_drop(rows->shape);
    buf_free(&rows->bytes);
    mem_free(rows->cells);
    mem_free(rows);
}

/* Room for the cells of one more row. */
static db_cell_t *next_cells(db_rows_t *rows)
{
    size_t width = rows->shape->count, used = rows->count * width;
    if (!rows->cells || used + width > rows->cell_room) { /* a row may have no columns at all */
        rows->cell_room = used ? 2 * used : FIRST_ROWS * (width + 1);
        rows->cells = mem_resize(rows->cells, rows->cell_room * sizeof *rows->cells);
    }
    return rows->cells + used;
}

bool db_rows_add(db_rows_t *rows, str_t body)
{
    if (body.len < 2 || big_endian(body.ptr, 2) != rows->shape->count)
        return false;
    size_t room = rows->bytes.ptr || body.len > FIRST_BYTES ? body.len : FIRST_BYTES;
    char *to = buf_reserve(&rows->bytes, room);
    if (!to)
        return false;
    memcpy(to, body.ptr, body.len);
    db_cell_t *cells = next_cells(rows);
    size_t at = 2;
    for (unsigned i = 0; i < rows->shape->count; i++) {
        if (body.len - at < 4)
            return false;
        int32_t len = (int32_t)big_endian(body.ptr + at, 4);
        at += 4;
        if (len < -1 || (len > 0 && (size_t)len > body.len - at))
            return false;
        cells[i] = (db_cell_t){(uint32_t)(rows->bytes.len + at), len};
        at += len > 0 ? (size_t)len : 0;
    }
    rows->bytes.len += body.len;
    rows->count++;
    return at == body.len;
}

void db_rows_empty(db_rows_t *rows)
{
    rows->count = 0;
    buf_reset(&rows->bytes);
}

/* --- reading --------------------------------------------------------------------------------- */

int db_row_count(const db_rows_t *rows)
{
    return (int)rows->count;
}

int db_column_count(const db_rows_t *rows)
{
    return (int)rows->shape->count;
}

const db_column_t *db_column(const db_rows_t *rows, int column)
{
    return &rows->shape->columns[column];
}

bool db_is_null(const db_rows_t *rows, int row, int column)
{
    return !db_text(rows, row, column).ptr;
}

str_t db_text(const db_rows_t *rows, int row, int column)
{
    if (row >= (int)rows->count || column >= (int)rows->shape->count)
        return (str_t){NULL, 0};
    const db_cell_t *cell = &rows->cells[(size_t)row * rows->shape->count + (size_t)column];
    return cell->len < 0 ? (str_t){NULL, 0} : str_n(rows->bytes.ptr + cell->at, (size_t)cell->len);
}

int64_t db_int(const db_rows_t *rows, int row, int column)
{
    str_t raw = db_text(rows, row, column);
    uint64_t value = 0;
    for (size_t i = 0; i < raw.len && i < 8; i++)
        value = value << 8 | (unsigned char)raw.ptr[i];
    if (raw.len == 2)
        return (int16_t)value;
    if (raw.len == 4)
        return (int32_t)value;
    return (int64_t)value;
}

bool db_bool(const db_rows_t *rows, int row, int column)
{
    str_t raw = db_text(rows, row, column);
    return raw.len == 1 && raw.ptr[0] != 0;
}
