/* SPDX-License-Identifier: Apache-2.0
 * CSV against published data: the pairs of csv-parsing and the naughty strings. Without the data
 * the tests are skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "data.h"
#include "intake/csv.h"

#define PIECES_MAX 60000

static str_t slurp(const char *name, char *room, size_t cap)
{
    FILE *file = data_open(name);
    if (file == NULL) {
        skip();
    }
    size_t len = fread(room, 1, cap, file);
    (void)fclose(file);
    return str_n(room, len);
}

/* Compare one row with the object that the published JSON has for it. */
static void row_is(const csv_row_t *row, str_t *header, json_t *object)
{
    assert_int_equal(row->count, json_object_size(object));
    for (unsigned i = 0; i < row->count; i++) {
        char name[200];
        if (str_eq(header[i], STR("Contact Phone Number"))) {
            continue; /* the published pair itself disagrees about this number */
        }
        snprintf(name, sizeof name, "%.*s", (int)header[i].len, header[i].ptr);
        json_t *value = json_object_get(object, name);
        assert_non_null(value);
        assert_true(
            str_eq(row->cells[i], str_n(json_string_value(value), json_string_length(value))));
    }
}

/* The copy of the published files lost the CR of its CR LF: put them back. */
static str_t with_crlf(str_t text, char *room)
{
    size_t at = 0;
    if (str_find(text, '\r') < text.len) {
        return text;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n') {
            room[at++] = '\r';
        }
        room[at++] = text.ptr[i];
    }
    return str_n(room, at);
}

static void published_pairs_are_read_alike(void **state)
{
    static const char *const names[] = {"comma_in_quotes",
                                        "empty",
                                        "empty_crlf",
                                        "escaped_quotes",
                                        "json",
                                        "newlines",
                                        "newlines_crlf",
                                        "quotes_and_newlines",
                                        "simple",
                                        "simple_crlf",
                                        "utf8",
                                        "location_coordinates"};
    static char csv_room[PIECES_MAX];
    static char json_room[PIECES_MAX];
    static char header_room[2000];
    static char crlf_room[2 * PIECES_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[200];
        form_t form;
        csv_row_t row;
        str_t header[CSV_CELLS_MAX];
        size_t used = 0;
        size_t rows = 0;
        snprintf(path, sizeof path, "csv-parsing/csvs/%s.csv", names[i]);
        str_t text = slurp(path, csv_room, sizeof csv_room);
        text = strstr(names[i], "_crlf") != NULL ? with_crlf(text, crlf_room) : text;
        snprintf(path, sizeof path, "csv-parsing/json/%s.json", names[i]);
        str_t expected = slurp(path, json_room, sizeof json_room);
        json_t *list = json_loadb(expected.ptr, expected.len, 0, NULL);
        assert_non_null(list);
        assert_true(form_detect(text, true, &form));
        csv_t *csv = csv_new(form, CSV_LIMITS);
        csv_feed(csv, text, true);
        assert_int_equal(csv_next(csv, &row), CSV_ROW);
        for (unsigned k = 0; k < row.count; k++) {
            memcpy(header_room + used, row.cells[k].ptr, row.cells[k].len);
            header[k] = str_n(header_room + used, row.cells[k].len);
            used += row.cells[k].len;
        }
        while (csv_next(csv, &row) == CSV_ROW) {
            json_t *object = json_is_array(list) ? json_array_get(list, rows) : list;

            assert_non_null(object);
            row_is(&row, header, object);
            rows++;
        }
        assert_int_equal(csv_next(csv, &row), CSV_END);
        assert_int_equal(rows, json_is_array(list) ? json_array_size(list) : 1);
        csv_free(csv);
        json_decref(list);
    }
}

static void naughty_strings_survive(void **state)
{
    static char room[PIECES_MAX];
    str_t text = slurp("naughty-strings/strings.json", room, sizeof room);
    json_t *list = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL, NULL);
    buf_t csv_text = buf_make(1 << 20);
    form_t form = {ENCODING_UTF8, 0, ';'};
    csv_row_t row;
    size_t i;
    json_t *value;
    (void)state;
    assert_non_null(list);
    json_array_foreach(list, i, value)
    {
        const char *c = json_string_value(value);
        BUF_ADD(&csv_text, "x;\"");
        for (size_t k = 0; k < json_string_length(value); k++) {
            buf_add_c(&csv_text, c[k]);
            if (c[k] == '"') {
                buf_add_c(&csv_text, '"');
            }
        }
        BUF_ADD(&csv_text, "\"\r\n");
    }
    csv_t *csv = csv_new(form, CSV_LIMITS);
    csv_feed(csv, buf_str(&csv_text), true);
    json_array_foreach(list, i, value)
    {
        assert_int_equal(csv_next(csv, &row), CSV_ROW);
        assert_int_equal(row.count, 2);
        assert_true(
            str_eq(row.cells[1], str_n(json_string_value(value), json_string_length(value))));
    }
    assert_int_equal(csv_next(csv, &row), CSV_END);
    csv_free(csv);
    buf_free(&csv_text);
    json_decref(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_pairs_are_read_alike),
        cmocka_unit_test(naughty_strings_survive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
