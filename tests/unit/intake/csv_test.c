/* SPDX-License-Identifier: Apache-2.0
 * CSV files: server/intake/csv, form, encoding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data.h"
#include "intake/csv.h"

/* Read a whole text in chunks of `chunk` bytes; write cells as "a|b|c;" rows, flaws as "!name". */
static void read_all(str_t text, form_t form, size_t chunk, buf_t *out)
{
    csv_t *csv = csv_new(form, CSV_LIMITS);
    csv_row_t row;
    size_t at = 0;
    csv_step_t step;
    do {
        size_t len = text.len - at < chunk ? text.len - at : chunk;
        csv_feed(csv, str_n(text.ptr + at, len), at + len == text.len);
        at += len;
        while ((step = csv_next(csv, &row)) == CSV_ROW || step == CSV_BAD) {
            buf_addf(out, "%d:", row.line);
            for (unsigned i = 0; i < row.count; i++) {
                buf_add_c(out, '[');
                buf_add_str(out, row.cells[i]);
                buf_add_c(out, ']');
            }
            if (step == CSV_BAD) {
                buf_addf(out, "!%s", csv_flaw_name(row.flaw));
            }
            buf_add_c(out, ';');
        }
    } while (step == CSV_MORE);
    assert_int_equal(step, CSV_END);
    assert_int_equal(csv_next(csv, &row), CSV_END);
    csv_free(csv);
}

/* Detect, then read in one piece and byte by byte; both must agree. */
static void reads(str_t text, const char *expected)
{
    form_t form;
    buf_t whole = buf_make(1 << 20);
    buf_t bytewise = buf_make(1 << 20);
    assert_true(form_detect(text, true, &form));
    read_all(text, form, text.len == 0 ? 1 : text.len, &whole);
    read_all(text, form, 1, &bytewise);
    buf_add_c(&whole, '\0');
    buf_add_c(&bytewise, '\0');
    assert_string_equal(whole.ptr, expected);
    assert_string_equal(bytewise.ptr, expected);
    buf_free(&whole);
    buf_free(&bytewise);
}

static void rows_of_every_usual_form_are_read(void **state)
{
    (void)state;
    reads(STR("a,b\n1,2\n"), "1:[a][b];2:[1][2];");
    reads(STR("a;b\r\n1;2\r\n"), "1:[a][b];2:[1][2];");
    reads(STR("a\tb\r1\t2"), "1:[a][b];2:[1][2];");
    reads(STR("a|b\n1|2"), "1:[a][b];2:[1][2];");
    reads(STR("a;b\n1,5;2,5\n"), "1:[a][b];2:[1,5][2,5];");
    reads(STR("sep=;\r\na,x;b\r\n1;2"), "2:[a,x][b];3:[1][2];");
    reads(STR("\xEF\xBB\xBFимя;город\nИван;Омск"), "1:[имя][город];2:[Иван][Омск];");
    reads(STR("a,b\n\n\n1,2\n"), "1:[a][b];4:[1][2];");
    reads(STR("a,b\n\"x\ny\",2\n3,4"), "1:[a][b];2:[x\ny][2];4:[3][4];");
    reads(STR("a,b\n\"x\r\ny\",\"\"\r\n\"\"\"q\"\"\",4"), "1:[a][b];2:[x\r\ny][];4:[\"q\"][4];");
    reads(STR("a,b\nООО \"Ромашка\",2"), "1:[a][b];2:[ООО \"Ромашка\"][2];");
    reads(STR("a,b\n\"x\" ,2"), "1:[a][b];2:[x][2];");
    reads(STR("phone\n89031234560\n"), "1:[phone];2:[89031234560];");
    reads(STR("a,b,\n1,2,"), "1:[a][b][];2:[1][2][];");
    reads(STR("a,b\n1"), "1:[a][b];2:[1];");
    reads(STR("\"\"\n"), "1:[];");
    reads(STR(""), "");
    reads(STR("\n\r\n\r"), "");
}

static void broken_rows_are_named_and_the_next_is_read(void **state)
{
    (void)state;
    reads(STR("a,b\n\"x\"y,2\n3,4"), "1:[a][b];2:!quote-broken;3:[3][4];");
    reads(STR("a,b\n\"x,2\n3,4"), "1:[a][b];2:!quote-open;");
    reads(STR("a,b\n1,2\0\n3,4"), "1:[a][b];2:[1]!zero-byte;3:[3][4];");
    reads(STR("\xEF\xBB\xBF"
              "a,b\n\xFFx,2\n3,4"),
          "1:[a][b];2:[][2]!bad-bytes;3:[3][4];");
}

static void oversized_rows_cost_no_memory(void **state)
{
    buf_t text = buf_make(64 << 20);
    form_t form = {ENCODING_UTF8, 0, ','};
    csv_t *csv = csv_new(form, (csv_limits_t){1000, 5000});
    csv_row_t row;
    (void)state;
    for (int i = 0; i < 2000; i++) {
        BUF_ADD(&text, "0123456789");
    }
    BUF_ADD(&text, ",1\na,b\n\"");
    for (int i = 0; i < 2000; i++) {
        BUF_ADD(&text, "line\n,\"\"");
    }
    BUF_ADD(&text, "\",2\n3,4\n");
    for (int i = 0; i < 600; i++) {
        BUF_ADD(&text, ",");
    }
    BUF_ADD(&text, "\n5,6\n");
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < 90; k++) {
            BUF_ADD(&text, "01234567");
        }
        BUF_ADD(&text, ",");
    }
    BUF_ADD(&text, "\n7,8\n");
    csv_feed(csv, buf_str(&text), true);
    assert_int_equal(csv_next(csv, &row), CSV_BAD);
    assert_int_equal(row.flaw, CSV_CELL_TOO_LONG);
    assert_int_equal(csv_next(csv, &row), CSV_ROW);
    assert_int_equal(row.line, 2);
    assert_int_equal(csv_next(csv, &row), CSV_BAD);
    assert_int_equal(row.flaw, CSV_CELL_TOO_LONG);
    assert_int_equal(row.line, 3);
    assert_int_equal(csv_next(csv, &row), CSV_ROW);
    assert_int_equal(row.line, 2004);
    assert_int_equal(csv_next(csv, &row), CSV_BAD);
    assert_int_equal(row.flaw, CSV_TOO_MANY);
    assert_int_equal(row.count, CSV_CELLS_MAX);
    assert_int_equal(csv_next(csv, &row), CSV_ROW);
    assert_int_equal(csv_next(csv, &row), CSV_BAD);
    assert_int_equal(row.flaw, CSV_ROW_TOO_LONG);
    assert_int_equal(csv_next(csv, &row), CSV_ROW);
    assert_true(str_eq(row.cells[1], STR("8")));
    assert_int_equal(csv_next(csv, &row), CSV_END);
    csv_free(csv);
    buf_free(&text);
}

/* Encode UTF-8 Cyrillic text by table look-up the other way round. */
static str_t encoded(const char *text, encoding_t encoding, char *out)
{
    size_t at = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0';) {
        uint32_t scalar = *c < 0x80 ? *c : ((uint32_t)(c[0] & 0x1F) << 6 | (c[1] & 0x3F));
        c += *c < 0x80 ? 1 : 2;
        if (encoding == ENCODING_UTF16LE || encoding == ENCODING_UTF16BE) {
            bool is_little = encoding == ENCODING_UTF16LE;
            out[at++] = (char)(is_little ? scalar & 0xFF : scalar >> 8);
            out[at++] = (char)(is_little ? scalar >> 8 : scalar & 0xFF);
            continue;
        }
        for (unsigned byte = 0; byte < 256; byte++) {
            if (encoding_scalar(encoding, (unsigned char)byte) == scalar) {
                out[at++] = (char)byte;
                break;
            }
        }
    }
    return str_n(out, at);
}

static void encodings_are_told_apart(void **state)
{
    static const char *const texts[] = {
        "Фамилия;Имя;Телефон\nИванов;Пётр;8 903 123-45-60\nСидорова;Анна;8 916 000-11-22\n",
        "ФАМИЛИЯ;ИМЯ;ТЕЛЕФОН\nИВАНОВ;ПЕТР;8 903 123-45-60\nСИДОРОВА;АННА;8 916 000-11-22\n",
        "name;city\nивано;омск\n",
    };
    static const encoding_t encodings[] = {ENCODING_UTF16LE, ENCODING_UTF16BE,
                                           ENCODING_WINDOWS_1251, ENCODING_KOI8_R};
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        for (size_t e = 0; e < 4; e++) {
            char bytes[1000];
            form_t form;
            str_t text = encoded(texts[t], encodings[e], bytes);
            assert_true(form_detect(text, true, &form));
            assert_int_equal(form.encoding, encodings[e]);
            assert_int_equal(form.separator, ';');
            buf_t got = buf_make(4000);
            buf_t plain = buf_make(4000);
            read_all(text, form, 3, &got);
            read_all(str_of(texts[t]), (form_t){ENCODING_UTF8, 0, ';'}, 1000, &plain);
            assert_true(str_eq(buf_str(&got), buf_str(&plain)));
            buf_free(&got);
            buf_free(&plain);
        }
    }
}

static void russian_surnames_tell_the_encoding(void **state)
{
    FILE *file = data_open("names-ru/surnames.misc.tsv");
    char line[512];
    int lines = 0;
    int right = 0;
    (void)state;
    if (file == NULL) {
        skip();
    }
    while (fgets(line, sizeof line, file) != NULL && lines < 2000) {
        char bytes[1024];
        size_t mark = 0;
        for (int e = ENCODING_WINDOWS_1251; e <= ENCODING_KOI8_R; e++) {
            str_t text = encoded(line, (encoding_t)e, bytes);
            right += encoding_detect(text, true, &mark) == (encoding_t)e;
            lines++;
        }
    }
    (void)fclose(file);
    print_message("%d of %d single lines recognised\n", right, lines);
    assert_true(right * 100 >= lines * 95);
}

static void what_is_no_text_is_refused(void **state)
{
    form_t form;
    (void)state;
    assert_false(form_detect(STR("PK\x03\x04rest"), true, &form));
    assert_false(form_detect(STR("\xD0\xCF\x11\xE0\xA1\xB1"), true, &form));
    assert_false(form_detect(STR("%PDF-1.7"), true, &form));
    char zeros[64] = "\x7F"
                     "ELF";
    assert_false(form_detect(str_n(zeros, sizeof zeros), true, &form));
}

static void surrogates_are_checked(void **state)
{
    (void)state;
    reads(STR("\xFF\xFE"
              "a\0,\0"
              "b\0\n\0\x3D\xD8\x00\xDE,\0"
              "2\0"),
          "1:[a][b];2:[😀][2];");
    reads(STR("\xFF\xFE"
              "a\0,\0"
              "b\0\n\0\x3D\xD8,\0"
              "2\0\n\0"
              "3\0,\0"
              "4\0"),
          "1:[a][b];2:!bad-bytes;3:[3][4];");
    reads(STR("\xFF\xFE"
              "a\0,\0"
              "b"),
          "1:[a]!bad-bytes;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_every_usual_form_are_read),
        cmocka_unit_test(broken_rows_are_named_and_the_next_is_read),
        cmocka_unit_test(oversized_rows_cost_no_memory),
        cmocka_unit_test(encodings_are_told_apart),
        cmocka_unit_test(russian_surnames_tell_the_encoding),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(surrogates_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
