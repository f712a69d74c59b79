/* SPDX-License-Identifier: Apache-2.0
 * Descriptions and rows, copied once and checked on the way. */
#include "db/rows.h"

#include "base/mem.h"

enum {
    COLUMN_BYTES = 18,  /* of a RowDescription after the name: table 4, attribute 2, type 4, ... */
    COLUMN_TYPE = 6,    /* where the type stands in them */
    FIRST_BYTES = 1024, /* of an answer of which nothing is known */
    FIRST_ROWS = 1,
    SEEN_BYTES_MAX = 64 * 1024, /* one large answer must not make all later ones begin large */
    SEEN_ROWS_MAX = 256,
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
    size_t room = shape->bytes_seen > FIRST_BYTES ? shape->bytes_seen : FIRST_BYTES;
    size_t rows_room = shape->rows_seen > FIRST_ROWS ? shape->rows_seen : FIRST_ROWS;
    size_t cell_room = rows_room * shape->count;
    db_rows_t *rows = mem_resize(NULL, sizeof *rows + cell_room * sizeof(db_cell_t) + room);
    db_cell_t *cells = (db_cell_t *)(rows + 1);
    *rows = (db_rows_t){.shape = shape,
                        .bytes = (char *)(cells + cell_room),
                        .room = room,
                        .cells = cells,
                        .cell_room = cell_room};
    shape->holders++;
    return rows;
}

static void see(db_shape_t *shape, const db_rows_t *rows)
{
    if (rows->used > shape->bytes_seen && rows->used <= SEEN_BYTES_MAX)
        shape->bytes_seen = rows->used;
    if (rows->count > shape->rows_seen && rows->count <= SEEN_ROWS_MAX)
        shape->rows_seen = rows->count;
}

void db_rows_free(db_rows_t *rows)
{
    if (!rows)
        return;
    see(rows->shape, rows);
    db_shape_drop(rows->shape);
    if (rows->is_moved)
        mem_free(rows->bytes);
    if (rows->is_cells_moved)
        mem_free(rows->cells);
    mem_free(rows);
}

/* The same bytes with more room, outside of the first block. */
static void *move(void *from, size_t used, size_t room, bool *is_moved)
{
    if (*is_moved)
        return mem_resize(from, room);
    void *to = mem_resize(NULL, room);
    memcpy(to, from, used);
    *is_moved = true;
    return to;
}

/* Room for one more row. out: false beyond DB_ROWS_MAX_BYTES */
static bool make_room(db_rows_t *rows, size_t bytes)
{
    size_t need = rows->used + bytes, cells = ((size_t)rows->count + 1) * rows->shape->count;
    if (need > DB_ROWS_MAX_BYTES)
        return false;
    if (need > rows->room) {
        rows->room = need > 2 * rows->room ? need : 2 * rows->room;
        rows->bytes = move(rows->bytes, rows->used, rows->room, &rows->is_moved);
    }
    if (cells > rows->cell_room) {
        size_t used = rows->count * (size_t)rows->shape->count * sizeof *rows->cells;
        rows->cell_room = 2 * cells;
        rows->cells =
            move(rows->cells, used, rows->cell_room * sizeof *rows->cells, &rows->is_cells_moved);
    }
    return true;
}

bool db_rows_add(db_rows_t *rows, str_t body)
{
    unsigned count = rows->shape->count;
    if (body.len < 2 || big_endian(body.ptr, 2) != count || !make_room(rows, body.len))
        return false;
    memcpy(rows->bytes + rows->used, body.ptr, body.len);
    db_cell_t *cell = rows->cells + (size_t)rows->count * count;
    size_t at = 2;
    for (const db_cell_t *end = cell + count; cell < end; cell++) {
        if (body.len - at < 4)
            return false;
        int32_t len = (int32_t)big_endian(body.ptr + at, 4);
        at += 4;
        if (len < -1 || (len > 0 && (size_t)len > body.len - at))
            return false;
        *cell = (db_cell_t){(uint32_t)(rows->used + at), len};
        at += len > 0 ? (size_t)len : 0;
    }
    if (at != body.len)
        return false;
    rows->used += body.len;
    rows->count++;
    return true;
}

void db_rows_empty(db_rows_t *rows)
{
    rows->count = 0;
    rows->used = 0;
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
    return cell->len < 0 ? (str_t){NULL, 0} : str_n(rows->bytes + cell->at, (size_t)cell->len);
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
