/* SPDX-License-Identifier: Apache-2.0
 * Binary rows to JSON and CSV. The forms equal those of PostgreSQL's own to_json, so that an answer
 * stored by session.remember and one written here look the same. */
#include "api/rowenc.h"

#include <math.h>
#include <stdio.h>

static uint64_t big_endian(const char *ptr, size_t len)
{
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++)
        value = value << 8 | (unsigned char)ptr[i];
    return value;
}

static int32_t int32_at(const char *ptr)
{
    return (int32_t)(uint32_t)big_endian(ptr, 4);
}

/* --- scalars that need arithmetic ------------------------------------------------------------ */

static char *put_digits(char *out, unsigned value, unsigned width)
{
    for (unsigned i = width; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + width;
}

/* Days since 2000-01-01 to YYYY-MM-DD. source: Howard Hinnant, days_from_civil, the inverse */
static char *put_date(char *out, int64_t days)
{
    int64_t z = days + 10957 + 719468; /* 1970 is 10957 days before 2000 */
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    unsigned day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
    int64_t year = (int64_t)yoe + era * 400 + (month <= 2);
    out = put_digits(out, (unsigned)(year < 0 ? 0 : year > 9999 ? 9999 : year), 4);
    *out++ = '-';
    out = put_digits(out, month, 2);
    *out++ = '-';
    return put_digits(out, day, 2);
}

static bool add_date(buf_t *out, str_t value)
{
    char text[16];
    if (value.len != 4)
        return false;
    int32_t days = int32_at(value.ptr);
    if (days == INT32_MAX || days == INT32_MIN)
        return BUF_ADD(out, "infinity");
    return buf_add(out, text, (size_t)(put_date(text, days) - text));
}

static bool add_time(buf_t *out, str_t value)
{
    char text[48], *end = text;
    if (value.len != 8)
        return false;
    int64_t us = (int64_t)big_endian(value.ptr, 8);
    if (us == INT64_MAX || us == INT64_MIN)
        return BUF_ADD(out, "infinity");
    int64_t day_us = 86400000000, days = us / day_us, rest = us % day_us;
    if (rest < 0) {
        rest += day_us;
        days--;
    }
    unsigned seconds = (unsigned)(rest / 1000000), fraction = (unsigned)(rest % 1000000);
    end = put_date(end, days);
    *end++ = 'T';
    end = put_digits(end, seconds / 3600, 2);
    *end++ = ':';
    end = put_digits(end, seconds / 60 % 60, 2);
    *end++ = ':';
    end = put_digits(end, seconds % 60, 2);
    if (fraction) {
        *end++ = '.';
        end = put_digits(end, fraction, 6);
        while (end[-1] == '0')
            end--;
    }
    memcpy(end, "+00:00", 6);
    return buf_add(out, text, (size_t)(end + 6 - text));
}

static bool add_uuid(buf_t *out, str_t value)
{
    static const char hex[] = "0123456789abcdef";
    char text[36];
    if (value.len != 16)
        return false;
    for (unsigned i = 0, at = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[at++] = '-';
        text[at++] = hex[(unsigned char)value.ptr[i] >> 4];
        text[at++] = hex[value.ptr[i] & 15];
    }
    return buf_add(out, text, sizeof text);
}

/* The shortest text that reads back as the same double; null for what JSON has no word for. */
static bool add_double(buf_t *out, str_t value)
{
    if (value.len != 8)
        return false;
    uint64_t bits = big_endian(value.ptr, 8);
    double number;
    memcpy(&number, &bits, 8);
    if (!isfinite(number))
        return BUF_ADD(out, "null");
    char text[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*g", precision, number);
        double back = 0;
        if (sscanf(text, "%lf", &back) == 1 && memcmp(&back, &number, 8) == 0)
            break;
    }
    return buf_add_str(out, str_of(text));
}

/* numeric: groups of four decimal digits. source: numeric_send in PostgreSQL 15 */
static bool add_numeric(buf_t *out, str_t value)
{
    if (value.len < 8)
        return false;
    int groups = (int)big_endian(value.ptr, 2), scale = (int)big_endian(value.ptr + 6, 2);
    int weight = (int16_t)big_endian(value.ptr + 2, 2);
    unsigned sign = (unsigned)big_endian(value.ptr + 4, 2);
    if (sign == 0xC000 || sign == 0xD000 || sign == 0xF000)
        return BUF_ADD(out, "null");
    if (value.len != 8 + 2 * (size_t)groups || scale > 1000 || weight > 100)
        return false;
    if (sign == 0x4000)
        buf_add_c(out, '-');
    if (weight < 0)
        buf_add_c(out, '0');
    for (int i = 0; i <= weight; i++) {
        char text[4];
        unsigned group = i < groups ? (unsigned)big_endian(value.ptr + 8 + 2 * i, 2) : 0;
        put_digits(text, group, 4);
        size_t skip = 0;
        while (i == 0 && skip < 3 && text[skip] == '0')
            skip++;
        buf_add(out, text + skip, 4 - skip);
    }
    if (scale > 0)
        buf_add_c(out, '.');
    for (int i = 0; i < scale; i++) {
        int place = weight + 1 + i / 4;
        char text[4];
        unsigned group =
            place >= 0 && place < groups ? (unsigned)big_endian(value.ptr + 8 + 2 * place, 2) : 0;
        put_digits(text, group, 4);
        buf_add_c(out, text[i % 4]);
    }
    return !out->is_full;
}

/* inet: family, bits, is_cidr, length, address. Only the address is shown, without a host mask. */
static bool add_inet(buf_t *out, str_t value)
{
    if (value.len < 4)
        return false;
    const unsigned char *at = (const unsigned char *)value.ptr + 4;
    unsigned bits = (unsigned char)value.ptr[1];
    if (value.ptr[3] == 4 && value.len == 8)
        return buf_addf(out, "%u.%u.%u.%u", at[0], at[1], at[2], at[3]) &&
               (bits == 32 || buf_addf(out, "/%u", bits));
    if (value.ptr[3] != 16 || value.len != 20)
        return false;
    for (unsigned i = 0; i < 8; i++)
        buf_addf(out, "%s%x", i ? ":" : "", (unsigned)at[2 * i] << 8 | at[2 * i + 1]);
    return bits == 128 || buf_addf(out, "/%u", bits);
}

static bool add_integer(buf_t *out, str_t value)
{
    if (value.len == 8)
        return buf_add_i64(out, (int64_t)big_endian(value.ptr, 8));
    if (value.len == 4)
        return buf_add_i64(out, int32_at(value.ptr));
    if (value.len == 2)
        return buf_add_i64(out, (int16_t)big_endian(value.ptr, 2));
    return false;
}

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
        int32_t len = int32_at(rest->ptr);
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
    int32_t dimensions = int32_at(value.ptr);
    const type_t *type;
    type_kind_t kind = kind_of(catalog, (Oid)big_endian(value.ptr + 8, 4), &type);
    if (dimensions == 0)
        return BUF_ADD(out, "[]");
    if (dimensions < 0 || dimensions > DIMENSIONS_MAX || value.len < 12 + 8 * (size_t)dimensions)
        return false;
    for (int32_t i = 0; i < dimensions; i++) {
        sizes[i] = int32_at(value.ptr + 12 + 8 * i);
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
    int32_t count = int32_at(value.ptr);
    str_t rest = str_skip(value, 4);
    if (count < 0 || (unsigned)count != record->column_count)
        return false;
    buf_add_c(out, '{');
    for (int32_t i = 0; i < count; i++) {
        if (rest.len < 8)
            return false;
        const type_t *type;
        type_kind_t kind = kind_of(catalog, (Oid)big_endian(rest.ptr, 4), &type);
        int32_t len = int32_at(rest.ptr + 4);
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
        return add_uuid(out, value);
    case TYPE_DATE:
        return add_date(out, value);
    case TYPE_TIMESTAMPTZ:
        return add_time(out, value);
    default:
        return add_inet(out, value);
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
        return add_integer(out, value);
    case TYPE_FLOAT8:
        return add_double(out, value);
    case TYPE_NUMERIC:
        return add_numeric(out, value);
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

const rowenc_plan_t *rowenc_plan(arena_t *arena, const catalog_t *catalog, const PGresult *result)
{
    int count = PQnfields(result);
    if (count > ROWENC_COLUMNS_MAX)
        return NULL;
    rowenc_plan_t *plan = ARENA_NEW(arena, rowenc_plan_t);
    plan->count = (unsigned)count;
    plan->cursor_column = plan->estimate_column = plan->status_column = plan->version_column = -1;
    for (int i = 0; i < count; i++) {
        rowenc_column_t *column = &plan->columns[i];
        column->oid = PQftype(result, i);
        column->kind = kind_of(catalog, column->oid, &column->type);
        column->name = arena_copy(arena, str_of(PQfname(result, i)));
        column->key = arena_printf(arena, "\"%s\":", column->name.ptr);
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

bool rowenc_fits(const rowenc_plan_t *plan, const PGresult *result)
{
    if (PQnfields(result) != (int)plan->count)
        return false;
    for (unsigned i = 0; i < plan->count; i++)
        if (PQftype(result, (int)i) != plan->columns[i].oid)
            return false;
    return true;
}

static str_t cell(const PGresult *result, int row, unsigned column)
{
    return str_n(PQgetvalue(result, row, (int)column),
                 (size_t)PQgetlength(result, row, (int)column));
}

bool rowenc_json_row(buf_t *out, const catalog_t *catalog, const rowenc_plan_t *plan,
                     const PGresult *result, int row)
{
    char before = '{';
    for (unsigned i = 0; i < plan->count; i++) {
        const rowenc_column_t *column = &plan->columns[i];
        if (column->is_hidden)
            continue;
        buf_add_c(out, before);
        before = ',';
        buf_add_str(out, column->key);
        if (PQgetisnull(result, row, (int)i))
            BUF_ADD(out, "null");
        else if (!rowenc_json_value(out, catalog, column->type, column->kind, cell(result, row, i),
                                    0))
            return false;
    }
    if (before == '{')
        buf_add_c(out, '{');
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
                    const PGresult *result, int row, char separator)
{
    bool is_first = true;
    for (unsigned i = 0; i < plan->count; i++) {
        if (plan->columns[i].is_hidden)
            continue;
        if (!is_first)
            buf_add_c(out, separator);
        is_first = false;
        if (!PQgetisnull(result, row, (int)i) &&
            !add_csv_value(out, catalog, &plan->columns[i], cell(result, row, i), separator))
            return false;
    }
    return BUF_ADD(out, "\r\n");
}
