/* SPDX-License-Identifier: Apache-2.0
 * Parameters in, values out. */
#include "db/params.h"

#include "base/check.h"

db_params_t *db_params_new(arena_t *arena)
{
    db_params_t *params = ARENA_NEW(arena, db_params_t);
    params->arena = arena;
    return params;
}

static void add(db_params_t *params, const char *value, int length, int format)
{
    CHECK(params->count < DB_PARAMS_MAX);
    params->values[params->count] = value;
    params->lengths[params->count] = length;
    params->formats[params->count] = format;
    params->count++;
}

void db_params_text(db_params_t *params, str_t text)
{
    add(params, text.ptr ? arena_copy(params->arena, text).ptr : NULL, 0, 0);
}

void db_params_word(db_params_t *params, const char *nul_terminated)
{
    add(params, nul_terminated, 0, 0);
}

void db_params_bytes(db_params_t *params, const void *ptr, size_t len)
{
    add(params, ptr, (int)len, 1);
}

void db_params_int(db_params_t *params, int64_t value)
{
    char digits[20];
    db_params_text(params, str_n(digits, str_put_i64(value, digits)));
}

void db_params_bool(db_params_t *params, bool value)
{
    add(params, value ? "t" : "f", 0, 0);
}

void db_params_null(db_params_t *params)
{
    add(params, NULL, 0, 0);
}

db_step_t db_step_of(const db_statement_t *statement, const db_params_t *params)
{
    CHECK(statement->param_count == params->count);
    return (db_step_t){statement, params->values, params->lengths, params->formats};
}

bool db_is_null(const PGresult *result, int row, int column)
{
    return row >= PQntuples(result) || column >= PQnfields(result) ||
           PQgetisnull(result, row, column);
}

str_t db_text(const PGresult *result, int row, int column)
{
    if (db_is_null(result, row, column))
        return (str_t){NULL, 0};
    return str_n(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

int64_t db_int(const PGresult *result, int row, int column)
{
    str_t raw = db_text(result, row, column);
    uint64_t value = 0;
    for (size_t i = 0; i < raw.len && i < 8; i++)
        value = value << 8 | (unsigned char)raw.ptr[i];
    if (raw.len == 2)
        return (int16_t)value;
    if (raw.len == 4)
        return (int32_t)value;
    return (int64_t)value;
}

bool db_bool(const PGresult *result, int row, int column)
{
    str_t raw = db_text(result, row, column);
    return raw.len == 1 && raw.ptr[0] != 0;
}
