/* SPDX-License-Identifier: Apache-2.0
 * Messages and rows without a PostgreSQL: cut anywhere, lying about their lengths, empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <libpq-fe.h>

#include "base/arena.h"
#include "db/message.h"
#include "db/params.h"
#include "db/rows.h"

#define BYTES(literal) str_n("" literal, sizeof(literal) - 1)

static void a_message_is_read_only_when_it_is_whole(void **state)
{
    (void)state;
    static const char two[] = "Z\0\0\0\5IS\0\0\0\4";
    message_t message;
    for (size_t len = 0; len < 6; len++)
        assert_int_equal(message_read(str_n(two, len), &message), 0);
    assert_int_equal(message_read(BYTES("Z\0\0\0\5IS\0\0\0\4"), &message), 6);
    assert_int_equal(message.type, MESSAGE_READY);
    assert_true(str_eq(message.body, STR("I")));
    assert_int_equal(message_read(str_n(two + 6, 5), &message), 5);
    assert_int_equal(message.body.len, 0);
}

static void a_length_that_cannot_be_is_no_message(void **state)
{
    (void)state;
    message_t message;
    assert_int_equal(message_read(BYTES("D\0\0\0\3abc"), &message), -1);
    assert_int_equal(message_read(BYTES("D\xff\xff\xff\xff"), &message), -1);
    assert_int_equal(message_read(BYTES("D\x7f\0\0\0"), &message), -1);
}

static void a_refusal_names_its_fields(void **state)
{
    (void)state;
    str_t body = BYTES("SERROR\0C23505\0Mdouble\0nparty_key\0\0");
    assert_string_equal(message_field(body, PG_DIAG_SQLSTATE), "23505");
    assert_string_equal(message_field(body, PG_DIAG_CONSTRAINT_NAME), "party_key");
    assert_null(message_field(body, PG_DIAG_COLUMN_NAME));
    assert_null(message_field(BYTES("C23505"), PG_DIAG_SQLSTATE)); /* not ended */
    assert_null(message_field(STR(""), PG_DIAG_SQLSTATE));
}

/* Two columns: "a" int4 (23) and "b" text (25). */
#define COLUMN(name, type)                                                                         \
    name "\0"                                                                                      \
         "\0\0\0\0\0\0"                                                                            \
         "\0\0\0" type "\0\0\0\0\0\0\0\0"
#define SHAPE "\0\2" COLUMN("a", "\x17") COLUMN("b", "\x19")

static void a_description_cut_anywhere_is_refused(void **state)
{
    (void)state;
    str_t whole = BYTES(SHAPE);
    for (size_t len = 2; len < whole.len; len++)
        assert_null(db_shape_read(str_n(whole.ptr, len)));
    db_shape_t *shape = db_shape_read(whole);
    assert_non_null(shape);
    assert_int_equal(shape->count, 2);
    assert_int_equal(shape->columns[0].oid, 23);
    assert_string_equal(shape->columns[1].name.ptr, "b");
    db_shape_drop(shape);
    assert_null(db_shape_read(BYTES("\xff\xff")));
    shape = db_shape_read(STR("")); /* a statement without rows */
    assert_int_equal(shape->count, 0);
    db_rows_t *rows = db_rows_new(shape);
    db_shape_drop(shape);
    assert_true(db_rows_add(rows, BYTES("\0\0"))); /* select from t */
    assert_int_equal(db_row_count(rows), 1);
    assert_true(db_is_null(rows, 0, 0));
    db_rows_free(rows);
}

static void rows_keep_what_came_and_refuse_what_lies(void **state)
{
    (void)state;
    db_shape_t *shape = db_shape_read(BYTES(SHAPE));
    db_rows_t *rows = db_rows_new(shape);
    db_shape_drop(shape);
    str_t row = BYTES("\0\2"
                      "\0\0\0\4\xff\xff\xff\xfe"
                      "\0\0\0\3abc");
    for (int i = 0; i < 1000; i++)
        assert_true(db_rows_add(rows, row));
    assert_true(db_rows_add(rows, BYTES("\0\2"
                                        "\xff\xff\xff\xff"
                                        "\0\0\0\0")));
    assert_int_equal(db_row_count(rows), 1001);
    assert_int_equal(db_int(rows, 999, 0), -2);
    assert_true(str_eq(db_text(rows, 999, 1), STR("abc")));
    assert_true(db_is_null(rows, 1000, 0));
    assert_false(db_is_null(rows, 1000, 1)); /* empty is not null */
    assert_int_equal(db_text(rows, 1000, 1).len, 0);
    assert_true(db_is_null(rows, 1001, 0));
    assert_true(db_is_null(rows, 0, 2));
    assert_false(db_rows_add(rows, BYTES("\0\2"
                                         "\0\0\0\0"
                                         "\0\0\0\0"
                                         "x"))); /* too much */
    assert_int_equal(db_row_count(rows), 1001);
    db_rows_empty(rows);
    assert_int_equal(db_row_count(rows), 0);
    for (size_t len = 0; len < row.len; len++)
        assert_false(db_rows_add(rows, str_n(row.ptr, len)));
    assert_false(db_rows_add(rows, BYTES("\0\1\0\0\0\0"))); /* another shape */
    assert_false(db_rows_add(rows, BYTES("\0\2"
                                         "\xff\xff\xff\xfe"
                                         "\0\0\0\0"))); /* length -2 */
    assert_false(db_rows_add(rows, BYTES("\0\2"
                                         "\x7f\xff\xff\xff"
                                         "\0\0\0\0")));
    db_rows_free(rows);
}

/* What PostgreSQL is sent for a bind and a sync, byte by byte. */
static void values_go_out_as_they_are(void **state)
{
    (void)state;
    db_statement_t statement = {.index = 1, .param_count = 3, .name = "s1", .sql = "select 1"};
    arena_t *arena = arena_new(1 << 16);
    db_params_t *params = db_params_new(arena);
    db_params_text(params, STR("x"));
    db_params_bytes(params, "\0\1", 2);
    db_params_null(params);
    db_step_t step = db_step_of(&statement, params);
    buf_t out = buf_make(1000);
    message_execute(&out, &statement, step.values, step.lengths, step.formats);
    message_sync(&out);
    str_t expected = BYTES("B\0\0\0\x25"
                           "\0s1\0"
                           "\0\3"
                           "\0\0\0\1\0\0"
                           "\0\3"
                           "\0\0\0\1x"
                           "\0\0\0\2\0\1"
                           "\xff\xff\xff\xff"
                           "\0\1\0\1"
                           "E\0\0\0\x09\0\0\0\0\0"
                           "S\0\0\0\4");
    assert_int_equal(out.len, expected.len);
    assert_memory_equal(out.ptr, expected.ptr, expected.len);
    buf_free(&out);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_read_only_when_it_is_whole),
        cmocka_unit_test(a_length_that_cannot_be_is_no_message),
        cmocka_unit_test(a_refusal_names_its_fields),
        cmocka_unit_test(a_description_cut_anywhere_is_refused),
        cmocka_unit_test(rows_keep_what_came_and_refuse_what_lies),
        cmocka_unit_test(values_go_out_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
