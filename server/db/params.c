/* SPDX-License-Identifier: Apache-2.0
 * Values on their way in. */
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
