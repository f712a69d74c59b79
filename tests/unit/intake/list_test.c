/* SPDX-License-Identifier: Apache-2.0
 * Uploaded lists in batches: server/intake/list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <jansson.h>

#include "intake/list.h"
#include "scratch.h"

static void write_file(str_t text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    (void)fclose(file);
}

static void rows_come_in_batches_and_resume(void **state)
{
    buf_t text = buf_make(4 << 20);
    buf_t json = buf_make(2 * LIST_BATCH_BYTES);
    const char *flaw = NULL;
    int first_line = 0;
    int rows = 0;
    int line = 2;
    (void)state;
    BUF_ADD(&text, "имя;телефон\r\n");
    for (int i = 2; i <= 1301; i++) {
        buf_addf(&text, "\"Имя \"\"%d\"\"\";8903%07d\r\n", i, i);
    }
    write_file(buf_str(&text));
    list_t *list = list_open(path, NULL, &flaw);
    assert_non_null(list);
    assert_int_equal(list_facts(list)->separator, ';');
    assert_null(list_header(list, &json));
    buf_add_c(&json, '\0');
    assert_string_equal(json.ptr, "[\"имя\",\"телефон\"]");
    while ((rows = list_rows(list, 0, &json, &first_line)) > 0) {
        assert_int_equal(first_line, line);
        json_t *batch = json_loadb(json.ptr, json.len, 0, NULL);
        assert_int_equal(json_array_size(batch), rows);
        json_t *row = json_array_get(batch, 0);
        assert_int_equal(json_integer_value(json_object_get(row, "line")), line);
        assert_int_equal(json_array_size(json_object_get(row, "cells")), 2);
        json_decref(batch);
        line += rows;
    }
    assert_int_equal(rows, 0);
    assert_int_equal(line, 1302);
    assert_int_equal(list_done_bytes(list), list_total_bytes(list));
    list_close(list);

    list = list_open(path, NULL, &flaw);
    assert_null(list_header(list, &json));
    assert_int_equal(list_rows(list, 1000, &json, &first_line), 301);
    assert_int_equal(first_line, 1001);
    list_close(list);
    buf_free(&text);
    buf_free(&json);
}

static void broken_rows_carry_their_flaw(void **state)
{
    buf_t json = buf_make(2 * LIST_BATCH_BYTES);
    const char *flaw = NULL;
    int first_line = 0;
    (void)state;
    write_file(STR("a,b\n\"x\"y,2\n3,\"\t\x01\xF0\x9F\x98\x80\"\n"));
    list_t *list = list_open(path, NULL, &flaw);
    assert_null(list_header(list, &json));
    assert_int_equal(list_rows(list, 0, &json, &first_line), 2);
    buf_add_c(&json, '\0');
    assert_string_equal(json.ptr, "[{\"line\":2,\"cells\":[],\"flaw\":\"quote-broken\"},"
                                  "{\"line\":3,\"cells\":[\"3\",\"\\t\\u0001😀\"]}]");
    list_close(list);
    buf_free(&json);
}

static void rows_that_swell_are_named_not_lost(void **state)
{
    buf_t text = buf_make(64 << 20);
    buf_t json = buf_make(2 * LIST_BATCH_BYTES);
    const char *flaw = NULL;
    int first_line = 0;
    int total = 0;
    int rows = 0;
    (void)state;
    BUF_ADD(&text, "a,b\n");
    for (int i = 0; i < 12; i++) { /* each row 900 KB of control characters: 5.4 MB of JSON */
        for (int k = 0; k < 15; k++) {
            for (int n = 0; n < 60000; n++) {
                buf_add_c(&text, '\x01');
            }
            buf_add_c(&text, ',');
        }
        BUF_ADD(&text, "end\n");
    }
    write_file(buf_str(&text));
    list_t *list = list_open(path, NULL, &flaw);
    assert_null(list_header(list, &json));
    while ((rows = list_rows(list, 0, &json, &first_line)) > 0) {
        assert_false(json.is_full);
        total += rows;
    }
    assert_int_equal(total, 12);
    list_close(list);
    buf_free(&text);
    buf_free(&json);
}

static void files_that_are_no_lists_are_named(void **state)
{
    buf_t json = buf_make(2 * LIST_BATCH_BYTES);
    const char *flaw = NULL;
    (void)state;
    write_file(STR(""));
    assert_null(list_open(path, NULL, &flaw));
    assert_string_equal(flaw, "empty");
    write_file(STR("PK\x03\x04xlsx"));
    assert_null(list_open(path, NULL, &flaw));
    assert_string_equal(flaw, "zip-broken");
    assert_null(list_open("/nonexistent", NULL, &flaw));
    assert_string_equal(flaw, "file");
    assert_null(list_open("/tmp", NULL, &flaw));
    assert_string_equal(flaw, "file");
    write_file(STR("\n\n"));
    list_t *list = list_open(path, NULL, &flaw);
    assert_string_equal(list_header(list, &json), "empty");
    list_close(list);
    write_file(STR("\"a\"b\n1\n"));
    list = list_open(path, NULL, &flaw);
    assert_string_equal(list_header(list, &json), "header");
    list_close(list);
    buf_free(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_batches_and_resume),
        cmocka_unit_test(broken_rows_carry_their_flaw),
        cmocka_unit_test(rows_that_swell_are_named_not_lost),
        cmocka_unit_test(files_that_are_no_lists_are_named),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
