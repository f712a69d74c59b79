/* SPDX-License-Identifier: Apache-2.0
 * Strict typing of request values. */
#include "api/value.h"

#include <stdio.h>

static const err_t bad = {ERR_BAD_FIELD, NULL, -1};

/* Read exactly n digits. */
static bool digits(str_t text, size_t at, size_t n, int *value)
{
    *value = 0;
    if (at + n > text.len)
        return false;
    for (size_t i = at; i < at + n; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        *value = *value * 10 + (text.ptr[i] - '0');
    }
    return true;
}

bool value_is_uuid(str_t text)
{
    if (text.len != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        char c = text.ptr[i];
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (is_dash ? c != '-' : !is_hex)
            return false;
    }
    return true;
}

static bool is_date_at(str_t text, size_t at)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!digits(text, at, 4, &year) || !digits(text, at + 5, 2, &month) ||
        !digits(text, at + 8, 2, &day) || text.ptr[at + 4] != '-' || text.ptr[at + 7] != '-')
        return false;
    if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1)
        return false;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && is_leap);
}

bool value_is_date(str_t text)
{
    return text.len == 10 && is_date_at(text, 0);
}

bool value_is_time(str_t text)
{
    int hour, minute, second, zone_hour, zone_minute;
    if (text.len < 20 || text.len > 35 || !is_date_at(text, 0) ||
        (text.ptr[10] != 'T' && text.ptr[10] != 't'))
        return false;
    if (!digits(text, 11, 2, &hour) || !digits(text, 14, 2, &minute) ||
        !digits(text, 17, 2, &second) || text.ptr[13] != ':' || text.ptr[16] != ':' || hour > 23 ||
        minute > 59 || second > 59)
        return false;
    size_t i = 19;
    if (text.ptr[i] == '.') {
        size_t first = ++i;
        while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9')
            i++;
        if (i == first || i - first > 9)
            return false;
    }
    if (i + 1 == text.len && (text.ptr[i] == 'Z' || text.ptr[i] == 'z'))
        return true;
    return i + 6 == text.len && (text.ptr[i] == '+' || text.ptr[i] == '-') &&
           text.ptr[i + 3] == ':' && digits(text, i + 1, 2, &zone_hour) &&
           digits(text, i + 4, 2, &zone_minute) && zone_hour <= 14 && zone_minute <= 59;
}

static bool is_integer(str_t text, type_kind_t kind)
{
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    uint64_t limit = kind == TYPE_INT2 ? INT16_MAX : kind == TYPE_INT4 ? INT32_MAX : INT64_MAX;
    uint64_t value;
    return str_to_u64(str_skip(text, is_negative), limit, &value);
}

static bool is_decimal(str_t text)
{
    size_t i = text.len > 0 && text.ptr[0] == '-', whole = 0, part = 0;
    for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
        whole++;
    if (i < text.len && text.ptr[i] == '.')
        for (i++; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
            part++;
    return i == text.len && whole > 0 && whole <= 30 && part <= 30;
}

static bool is_label(const type_t *type, str_t text)
{
    for (unsigned i = 0; i < type->label_count; i++)
        if (str_eq(str_of(type->labels[i]), text))
            return true;
    return false;
}

/* Whether the text is a value of a scalar type, as PostgreSQL reads it. */
static bool is_scalar(const type_t *type, str_t text)
{
    switch (type->kind) {
    case TYPE_TEXT:
        return memchr(text.ptr, 0, text.len) == NULL;
    case TYPE_BOOL:
        return str_eq(text, STR("true")) || str_eq(text, STR("false"));
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
        return is_integer(text, type->kind);
    case TYPE_NUMERIC:
    case TYPE_FLOAT8:
        return is_decimal(text);
    case TYPE_UUID:
        return value_is_uuid(text);
    case TYPE_DATE:
        return value_is_date(text);
    case TYPE_TIMESTAMPTZ:
        return value_is_time(text);
    case TYPE_ENUM:
        return is_label(type, text);
    default:
        return false;
    }
}

/* Append one element of an array literal, quoted. */
static void add_element(buf_t *literal, str_t element)
{
    buf_add_c(literal, literal->len > 1 ? ',' : ' ');
    buf_add_c(literal, '"');
    for (size_t i = 0; i < element.len; i++) {
        if (element.ptr[i] == '"' || element.ptr[i] == '\\')
            buf_add_c(literal, '\\');
        buf_add_c(literal, element.ptr[i]);
    }
    buf_add_c(literal, '"');
}

static void free_buf(void *buf)
{
    buf_free(buf);
}

static buf_t *literal_new(arena_t *arena)
{
    buf_t *literal = ARENA_NEW(arena, buf_t);
    *literal = buf_make((size_t)1 << 24);
    arena_own(arena, literal, free_buf);
    buf_add_c(literal, '{');
    return literal;
}

static const char *literal_end(buf_t *literal)
{
    buf_add_c(literal, '}');
    buf_add_c(literal, 0);
    return literal->is_full ? NULL : literal->ptr;
}

err_t value_from_text(arena_t *arena, const type_t *type, str_t text, const char **value)
{
    if (type->kind == TYPE_JSON || type->kind == TYPE_JSONB) {
        json_t *json;
        if (json_parse(arena, text, &json).code != ERR_OK)
            return bad;
        *value = json_dump(arena, json);
        return *value ? ERR_NONE : bad;
    }
    if (type->kind != TYPE_ARRAY) {
        if (!is_scalar(type, text))
            return bad;
        *value = arena_copy(arena, text).ptr;
        return ERR_NONE;
    }
    buf_t *literal = literal_new(arena);
    str_t rest = text, piece;
    while (text.len > 0 && str_split(&rest, ',', &piece)) {
        if (!is_scalar(type->element, piece))
            return bad;
        add_element(literal, piece);
    }
    *value = literal_end(literal);
    return *value ? ERR_NONE : bad;
}

/* The text of a JSON scalar when its JSON type fits the SQL type; ptr NULL otherwise. */
static str_t scalar_text(arena_t *arena, const type_t *type, const json_t *json)
{
    switch (type->kind) {
    case TYPE_BOOL:
        if (json_is_boolean(json))
            return json_is_true(json) ? STR("true") : STR("false");
        break;
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
        if (json_is_integer(json))
            return arena_printf(arena, "%lld", (long long)json_integer_value(json));
        break;
    case TYPE_NUMERIC:
    case TYPE_FLOAT8:
        if (json_is_integer(json))
            return arena_printf(arena, "%lld", (long long)json_integer_value(json));
        if (json_is_real(json))
            return arena_printf(arena, "%.12f", json_real_value(json));
        break;
    default:
        if (json_is_string(json))
            return str_n(json_string_value(json), json_string_length(json));
        break;
    }
    return (str_t){NULL, 0};
}

err_t value_from_json(arena_t *arena, const type_t *type, const json_t *json, const char **value)
{
    *value = NULL;
    if (json_is_null(json))
        return ERR_NONE;
    if (type->kind == TYPE_JSON || type->kind == TYPE_JSONB) {
        *value = json_dump(arena, json);
        return *value ? ERR_NONE : bad;
    }
    if (type->kind != TYPE_ARRAY) {
        str_t text = scalar_text(arena, type, json);
        if (!text.ptr || !is_scalar(type, text))
            return bad;
        *value = arena_copy(arena, text).ptr;
        return ERR_NONE;
    }
    if (!json_is_array(json))
        return bad;
    buf_t *literal = literal_new(arena);
    for (size_t i = 0; i < json_array_size(json); i++) {
        str_t text = scalar_text(arena, type->element, json_array_get(json, i));
        if (!text.ptr || !is_scalar(type->element, text))
            return bad;
        add_element(literal, text);
    }
    *value = literal_end(literal);
    return *value ? ERR_NONE : bad;
}
