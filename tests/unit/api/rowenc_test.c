/* SPDX-License-Identifier: Apache-2.0
 * The row encoder against PostgreSQL's own to_json, and against values no server sends. */
#include "test.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <stdio.h>

#include "../db/cluster.h"
#include "answer.h"
#include "api/rowenc.h"

static arena_t *arena;
static PGconn *pg;

static const type_t t_text = {.oid = 25, .name = "text", .kind = TYPE_TEXT};
static const type_t t_int = {.oid = 23, .name = "int4", .kind = TYPE_INT4};
static const column_t pair_columns[] = {{"n", &t_int, "", false}, {"word", &t_text, "", false}};
static type_t t_pair = {
    .name = "pair", .kind = TYPE_COMPOSITE, .columns = pair_columns, .column_count = 2};
static type_t t_mood = {.name = "mood", .kind = TYPE_ENUM};

static catalog_t catalog;

/* The types that a result may name, sorted by number as the real catalogue is. */
static void make_catalog(void)
{
    static type_t builtin[] = {
        {.oid = 16, .kind = TYPE_BOOL},      {.oid = 20, .kind = TYPE_INT8},
        {.oid = 21, .kind = TYPE_INT2},      {.oid = 23, .kind = TYPE_INT4},
        {.oid = 25, .kind = TYPE_TEXT},      {.oid = 114, .kind = TYPE_JSON},
        {.oid = 701, .kind = TYPE_FLOAT8},   {.oid = 1005, .kind = TYPE_ARRAY},
        {.oid = 1007, .kind = TYPE_ARRAY},   {.oid = 1009, .kind = TYPE_ARRAY},
        {.oid = 1082, .kind = TYPE_DATE},    {.oid = 1184, .kind = TYPE_TIMESTAMPTZ},
        {.oid = 1700, .kind = TYPE_NUMERIC}, {.oid = 2950, .kind = TYPE_UUID},
        {.oid = 2951, .kind = TYPE_ARRAY},   {.oid = 3802, .kind = TYPE_JSONB}};
    static type_t pairs = {.kind = TYPE_ARRAY};
    enum { COUNT = sizeof builtin / sizeof builtin[0] };
    static const type_t *list[COUNT + 3];
    for (unsigned i = 0; i < COUNT; i++)
        list[i] = &builtin[i];
    PGresult *rows =
        PQexec(pg, "select 'unit.mood'::regtype::oid::int8, 'unit.pair'::regtype::oid::int8,"
                   " 'unit.pair[]'::regtype::oid::int8");
    t_mood.oid = (Oid)strtoul(PQgetvalue(rows, 0, 0), NULL, 10);
    t_pair.oid = (Oid)strtoul(PQgetvalue(rows, 0, 1), NULL, 10);
    pairs.oid = (Oid)strtoul(PQgetvalue(rows, 0, 2), NULL, 10);
    PQclear(rows);
    type_t *own[] = {&t_mood, &t_pair, &pairs};
    for (unsigned a = 0; a < 3; a++)
        for (unsigned b = a + 1; b < 3; b++)
            if (own[b]->oid < own[a]->oid) {
                type_t *kept = own[a];
                own[a] = own[b];
                own[b] = kept;
            }
    for (unsigned i = 0; i < 3; i++)
        list[COUNT + i] = own[i];
    catalog = (catalog_t){.types = list, .type_count = COUNT + 3};
}

/* Encode one row of a query; also ask PostgreSQL for its own JSON of it. */
static void agrees(const char *select)
{
    char sql[2000];
    db_rows_t *rows = answer(pg, select);
    const rowenc_plan_t *plan = rowenc_plan(arena, &catalog, rows);
    buf_t out = buf_make(100000);
    assert_true(rowenc_fits(plan, rows));
    assert_true(rowenc_json_row(&out, &catalog, plan, rows, 0));
    buf_add_c(&out, 0);
    snprintf(sql, sizeof sql, "select row_to_json(x)::text from (%s) x", select);
    PGresult *own = PQexec(pg, sql);
    assert_string_equal(out.ptr, PQgetvalue(own, 0, 0));
    PQclear(own);
    db_rows_free(rows);
    buf_free(&out);
}

static void every_type_looks_like_to_json(void **state)
{
    (void)state;
    if (!pg)
        skip();
    agrees("select 1::int2 a, (-2147483648)::int4 b, 9223372036854775807::int8 c, true d, "
           "null::int e");
    agrees("select 'a\"b\\c' || chr(9) || chr(10) || chr(1) || 'Привет' || chr(128512) t, '' u");
    agrees("select 0::float8 a, 1.5::float8 b, 1e300::float8 c, 0.1::float8 d, (1/3.0)::float8 e, "
           "-2.25::float8 f");
    agrees(
        "select 0::numeric a, 1.50::numeric b, -123456789012345678901234567890.000123::numeric c,"
        " 10000::numeric d, 0.0001::numeric e, 100000000::numeric f, 0.00::numeric g");
    agrees("select '6b5a03c4-8516-4be6-a8b5-8130f2b9e20f'::uuid u, '2000-01-01'::date a, "
           "'1969-12-31'::date b,"
           " '2024-02-29'::date c, '1900-03-01'::date d");
    agrees("select '2026-11-22 01:02:03+00'::timestamptz a, '1999-12-31 "
           "23:59:59.999999+00'::timestamptz b,"
           " '2026-11-22 01:02:03.5+00'::timestamptz c, '1970-01-01 00:00:00+00'::timestamptz d");
    agrees("select '{\"a\": [1, 2]}'::json a, 'happy'::unit.mood m");
    agrees("select array['a','b,\"c',null] a, array[1,2,3] b, '{}'::text[] c, array[[1,2],[3,4]] d,"
           " array['6b5a03c4-8516-4be6-a8b5-8130f2b9e20f']::uuid[] e");
    agrees("select row(1, 'x')::unit.pair p, array[row(1,'a'), row(null,'b')]::unit.pair[] q");
}

static void random_rows_look_like_to_json(void **state)
{
    (void)state;
    if (!pg)
        skip();
    PQclear(PQexec(pg, "select setseed(0.42)"));
    for (int i = 0; i < 300; i++) {
        char sql[1000];
        snprintf(sql, sizeof sql,
                 "select %d n, '2026-11-22 00:00:00+00'::timestamptz + interval '%d hours %d "
                 "microseconds' moment,"
                 " '2026-01-01'::date + (%d) held, %d.%06d::numeric num, (%d / 7.0)::float8 f, "
                 "chr(%d) c",
                 i * 7919 - 1000000, (i * 104729) % 2000000 - 1000000, i * 3571,
                 (i * 31337) % 60000 - 30000, i * 13, i * 997 % 1000000, i * 17 - 1000,
                 32 + i * 211 % 50000);
        agrees(sql);
    }
}

static void hidden_columns_stay_inside(void **state)
{
    (void)state;
    if (!pg)
        skip();
    db_rows_t *rows =
        answer(pg, "select 1 a, 'c'::text cursor_, 5::int8 estimate_, 201 status_, 3 version");
    const rowenc_plan_t *plan = rowenc_plan(arena, &catalog, rows);
    buf_t out = buf_make(1000);
    assert_true(rowenc_json_row(&out, &catalog, plan, rows, 0));
    assert_text(buf_str(&out), "{\"a\":1,\"version\":3}");
    assert_int_equal(plan->cursor_column, 1);
    assert_int_equal(plan->estimate_column, 2);
    assert_int_equal(plan->status_column, 3);
    assert_int_equal(plan->version_column, 4);
    buf_free(&out);
    db_rows_free(rows);
}

static void spreadsheets_are_not_given_formulas(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cell;
    } cases[] = {{"=1+1", "'=1+1"},      {"+7 903", "'+7 903"},
                 {"-1", "'-1"},          {"@x", "'@x"},
                 {"\tx", "'\tx"},        {"a;b", "\"a;b\""},
                 {"a\"b", "\"a\"\"b\""}, {"a\nb", "\"a\nb\""},
                 {"plain", "plain"},     {"", ""},
                 {"=a;b", "\"'=a;b\""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buf_t out = buf_make(100);
        assert_true(rowenc_csv_cell(&out, str_of(cases[i].text), true, ';'));
        assert_int_equal(out.len, strlen(cases[i].cell));
        if (out.len)
            assert_memory_equal(out.ptr, cases[i].cell, out.len);
        buf_free(&out);
    }
}

static void torn_values_are_refused(void **state)
{
    (void)state;
    static const type_kind_t kinds[] = {TYPE_BOOL,      TYPE_INT4, TYPE_FLOAT8,      TYPE_NUMERIC,
                                        TYPE_UUID,      TYPE_DATE, TYPE_TIMESTAMPTZ, TYPE_ARRAY,
                                        TYPE_COMPOSITE, TYPE_INET};
    char bytes[64];
    memset(bytes, 0x7f, sizeof bytes);
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (size_t len = 0; len < sizeof bytes; len++) {
            if (len == 1 || len == 2 || len == 4 || len == 8 || len == 16)
                continue;
            buf_t out = buf_make(1000);
            assert_false(
                rowenc_json_value(&out, &catalog, &t_pair, kinds[k], str_n(bytes, len), 0));
            buf_free(&out);
        }
}

int main(void)
{
    arena = arena_new((size_t)256 << 20);
    const char *settings = cluster_start();
    if (settings) {
        char conninfo[600];
        snprintf(conninfo, sizeof conninfo, "%s user=clientele-db options='-c timezone=UTC'",
                 settings);
        pg = PQconnectdb(conninfo);
        PQclear(PQexec(pg, "create schema unit; create type unit.mood as enum ('happy', 'sad');"
                           " create type unit.pair as (n int, word text)"));
        make_catalog();
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_looks_like_to_json),
        cmocka_unit_test(random_rows_look_like_to_json),
        cmocka_unit_test(hidden_columns_stay_inside),
        cmocka_unit_test(spreadsheets_are_not_given_formulas),
        cmocka_unit_test(torn_values_are_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    PQfinish(pg);
    if (settings)
        cluster_remove();
    arena_free(arena);
    return failed;
}
