/* SPDX-License-Identifier: Apache-2.0
 * Binary rows to JSON and CSV. The forms equal those of PostgreSQL's own to_json, so that an answer
 * stored by session.remember and one written here look the same. */
#include "api/rowenc.h"

#include "api/scalar.h"

/* --- nested ---------------------------------------------------------------------------------- */

static type_kind_t kind_of(const catalog_t *catalog, Oid oid, const type_t **type)
{
    *type = catalog ? catalog_type(catalog, oid) : NULL;
    return *type ? (*type)->kind : TYPE_OTHER;
}

/* One dimension of an array; *rest moves past its elements. */
static bool add_items(buf_t *out, const catalog_t *catalog, const type_t *type, type_kind_t kind,
                      const int32_t *sizes, int32_t dimensions, str_t *rest, unsigned depth)
{
    buf_add_c(out, '[');
    for (int32_t i = 0; i < sizes[0]; i++) {
        if (i)
            buf_add_c(out, ',');
        if (dimensions > 1) {
            if (!add_items(out, catalog, type, kind, sizes + 1, dimensions - 1, rest, depth))
                return false;
            continue;
        }
        if (rest->len < 4)
            return false;
        int32_t len = scalar_int32(rest->ptr);
        *rest = str_skip(*rest, 4);
        if (len == -1) {
            BUF_ADD(out, "null");
            continue;
        }
        if (len < 0 || (size_t)len > rest->len || out->is_full ||
            !rowenc_json_value(out, catalog, type, kind, str_n(rest->ptr, (size_t)len), depth + 1))
            return false;
        *rest = str_skip(*rest, (size_t)len);
    }
    return buf_add_c(out, ']');
}

static bool add_array(buf_t *out, const catalog_t *catalog, str_t value, unsigned depth)
{
    enum { DIMENSIONS_MAX = 4 };
    int32_t sizes[DIMENSIONS_MAX] = {0};
    if (value.len < 12)
        return false;
    int32_t dimensions = scalar_int32(value.ptr);
    const type_t *type;
    type_kind_t kind = kind_of(catalog, (Oid)scalar_big_endian(value.ptr + 8, 4), &type);
    if (dimensions == 0)
        return BUF_ADD(out, "[]");
    if (dimensions < 0 || dimensions > DIMENSIONS_MAX || value.len < 12 + 8 * (size_t)dimensions)
        return false;
    for (int32_t i = 0; i < dimensions; i++) {
        sizes[i] = scalar_int32(value.ptr + 12 + 8 * i);
        if (sizes[i] <= 0 || (size_t)sizes[i] > value.len)
            return false;
    }
    str_t rest = str_skip(value, 12 + 8 * (size_t)dimensions);
    return add_items(out, catalog, type, kind, sizes, dimensions, &rest, depth) && rest.len == 0;
}

static bool add_record(buf_t *out, const catalog_t *catalog, const type_t *record, str_t value,
                       unsigned depth)
{
    if (value.len < 4 || !record)
        return false;
    int32_t count = scalar_int32(value.ptr);
    str_t rest = str_skip(value, 4);
    if (count < 0 || (unsigned)count != record->column_count)
        return false;
    buf_add_c(out, '{');
    for (int32_t i = 0; i < count; i++) {
        if (rest.len < 8)
            return false;
        const type_t *type;
        type_kind_t kind = kind_of(catalog, (Oid)scalar_big_endian(rest.ptr, 4), &type);
        int32_t len = scalar_int32(rest.ptr + 4);
        rest = str_skip(rest, 8);
        if (i)
            buf_add_c(out, ',');
        buf_add_c(out, '"');
        buf_add_json(out, str_of(record->columns[i].name));
        BUF_ADD(out, "\":");
        if (len == -1) {
            BUF_ADD(out, "null");
            continue;
        }
        if (len < 0 || (size_t)len > rest.len || out->is_full ||
            !rowenc_json_value(out, catalog, type, kind, str_n(rest.ptr, (size_t)len), depth + 1))
            return false;
        rest = str_skip(rest, (size_t)len);
    }
    return buf_add_c(out, '}') && rest.len == 0;
}

/* --- one value ------------------------------------------------------------------------------- */

static bool add_quoted(buf_t *out, str_t text)
{
    buf_add_c(out, '"');
    buf_add_json(out, text);
    return buf_add_c(out, '"');
}

/* A value whose text has no character that JSON escapes. */
static bool add_plain(buf_t *out, type_kind_t kind, str_t value)
{
    switch (kind) {
    case TYPE_UUID:
        return scalar_uuid(out, value);
    case TYPE_DATE:
        return scalar_date(out, value);
    case TYPE_TIMESTAMPTZ:
        return scalar_time(out, value);
    default:
        return scalar_inet(out, value);
    }
}

static bool add_base64(buf_t *out, str_t value)
{
    char *to = buf_reserve(out, (value.len * 4 + 2) / 3 + 1);
    if (!to)
        return false;
    out->len += str_to_base64url((const unsigned char *)value.ptr, value.len, to);
    return true;
}

bool rowenc_json_value(buf_t *out, const catalog_t *catalog, const type_t *type, type_kind_t kind,
                       str_t value, unsigned depth)
{
    switch (kind) {
    case TYPE_BOOL:
        return value.len == 1 && (value.ptr[0] ? BUF_ADD(out, "true") : BUF_ADD(out, "false"));
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
        return scalar_integer(out, value);
    case TYPE_FLOAT8:
        return scalar_double(out, value);
    case TYPE_NUMERIC:
        return scalar_numeric(out, value);
    case TYPE_UUID:
    case TYPE_DATE:
    case TYPE_TIMESTAMPTZ:
    case TYPE_INET:
        return buf_add_c(out, '"') && add_plain(out, kind, value) && buf_add_c(out, '"');
    case TYPE_JSON:
        return value.len > 0 && buf_add_str(out, value);
    case TYPE_JSONB:
        return value.len > 1 && value.ptr[0] == 1 && buf_add_str(out, str_skip(value, 1));
    case TYPE_BYTEA:
        return buf_add_c(out, '"') && add_base64(out, value) && buf_add_c(out, '"');
    case TYPE_VOID:
        return BUF_ADD(out, "null");
    case TYPE_ARRAY:
        return depth < ROWENC_DEPTH_MAX && add_array(out, catalog, value, depth);
    case TYPE_COMPOSITE:
        return depth < ROWENC_DEPTH_MAX && add_record(out, catalog, type, value, depth);
    default:
        return add_quoted(out, value);
    }
}

/* --- rows ------------------------------------------------------------------------------------ */

const rowenc_plan_t *rowenc_plan(arena_t *arena, const catalog_t *catalog, const db_rows_t *result)
{
    int count = db_column_count(result);
    if (count > ROWENC_COLUMNS_MAX)
        return NULL;
    rowenc_plan_t *plan = ARENA_NEW(arena, rowenc_plan_t);
    plan->count = (unsigned)count;
    plan->cursor_column = plan->estimate_column = plan->status_column = plan->version_column = -1;
    for (int i = 0; i < count; i++) {
        rowenc_column_t *column = &plan->columns[i];
        column->oid = db_column(result, i)->oid;
        column->kind = kind_of(catalog, column->oid, &column->type);
        column->name = arena_copy(arena, db_column(result, i)->name);
        column->key = arena_printf(arena, ",\"%s\":", column->name.ptr);
        column->is_hidden = column->name.len > 0 && column->name.ptr[column->name.len - 1] == '_';
        if (str_eq(column->name, STR("cursor_")))
            plan->cursor_column = i;
        else if (str_eq(column->name, STR("estimate_")))
            plan->estimate_column = i;
        else if (str_eq(column->name, STR("status_")))
            plan->status_column = i;
        else if (str_eq(column->name, STR("version")))
            plan->version_column = i;
    }
    return plan;
}

bool rowenc_fits(const rowenc_plan_t *plan, const db_rows_t *result)
{
    if (db_column_count(result) != (int)plan->count)
        return false;
    for (unsigned i = 0; i < plan->count; i++)
        if (db_column(result, (int)i)->oid != plan->columns[i].oid)
            return false;
    return true;
}

bool rowenc_json_row(buf_t *out, const catalog_t *catalog, const rowenc_plan_t *plan,
                     const db_rows_t *result, int row)
{
    bool is_first = true;
    buf_add_c(out, '{');
    for (unsigned i = 0; i < plan->count; i++) {
        const rowenc_column_t *column = &plan->columns[i];
        if (column->is_hidden)
            continue;
        buf_add_str(out, str_skip(column->key, is_first));
        is_first = false;
        str_t value = db_text(result, row, (int)i);
        if (!value.ptr)
            BUF_ADD(out, "null");
        else if (!rowenc_json_value(out, catalog, column->type, column->kind, value, 0))
            return false;
    }
    return buf_add_c(out, '}') && !out->is_full;
}

bool rowenc_csv_cell(buf_t *out, str_t text, bool is_text, char separator)
{
    bool is_formula = is_text && text.len > 0 && memchr("=+-@\t\r", text.ptr[0], 6) != NULL;
    bool is_quoted = false;
    for (size_t i = 0; i < text.len && !is_quoted; i++) {
        char c = text.ptr[i];
        is_quoted = c == separator || c == '"' || c == '\n' || c == '\r';
    }
    if (is_quoted)
        buf_add_c(out, '"');
    if (is_formula)
        buf_add_c(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            buf_add_c(out, '"');
        buf_add_c(out, text.ptr[i]);
    }
    if (is_quoted)
        buf_add_c(out, '"');
    return !out->is_full;
}

bool rowenc_csv_head(buf_t *out, const rowenc_plan_t *plan, char separator)
{
    bool is_first = true;
    for (unsigned i = 0; i < plan->count; i++) {
        if (plan->columns[i].is_hidden)
            continue;
        if (!is_first)
            buf_add_c(out, separator);
        is_first = false;
        rowenc_csv_cell(out, plan->columns[i].name, true, separator);
    }
    return BUF_ADD(out, "\r\n");
}

static bool add_csv_value(buf_t *out, const catalog_t *catalog, const rowenc_column_t *column,
                          str_t value, char separator)
{
    switch (column->kind) {
    case TYPE_BOOL:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_FLOAT8:
    case TYPE_NUMERIC:
        return rowenc_json_value(out, catalog, column->type, column->kind, value, 0);
    case TYPE_UUID:
    case TYPE_DATE:
    case TYPE_TIMESTAMPTZ:
    case TYPE_INET:
        return add_plain(out, column->kind, value);
    case TYPE_ARRAY:
    case TYPE_COMPOSITE: {
        buf_t json = buf_make((size_t)1 << 20);
        bool is_done = rowenc_json_value(&json, catalog, column->type, column->kind, value, 0) &&
                       rowenc_csv_cell(out, buf_str(&json), true, separator);
        buf_free(&json);
        return is_done;
    }
    case TYPE_JSONB:
        return rowenc_csv_cell(out, str_skip(value, 1), true, separator);
    default:
        return rowenc_csv_cell(out, value, true, separator);
    }
}

bool rowenc_csv_row(buf_t *out, const catalog_t *catalog, const rowenc_plan_t *plan,
                    const db_rows_t *result, int row, char separator)
{
    bool is_first = true;
    for (unsigned i = 0; i < plan->count; i++) {
        if (plan->columns[i].is_hidden)
            continue;
        if (!is_first)
            buf_add_c(out, separator);
        is_first = false;
        str_t value = db_text(result, row, (int)i);
        if (value.ptr && !add_csv_value(out, catalog, &plan->columns[i], value, separator))
            return false;
    }
    return BUF_ADD(out, "\r\n");
}
