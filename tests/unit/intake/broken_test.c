/* SPDX-License-Identifier: Apache-2.0
 * Broken files of every form, by a table: what each is told, line by line, and never more than its
 * bounds. A file is refused at its head ("no: flaw"), or its good rows come, each bad row is named
 * by its line, and the end says whether the rest could be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "intake/table.h"
#include "intake/table_fields.h"
#include "scratch.h"

static void write_file(str_t bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    (void)fclose(file);
}

/* What the reader says of the file: "csv windows-1251; 1:a|b; 2!quote-open; end". */
static void tell(buf_t *told)
{
    table_row_t row;
    const char *flaw = NULL;
    buf_reset(told);
    table_t *table = table_open(path, NULL, &flaw);
    if (table == NULL) {
        buf_addf(told, "no: %s", flaw);
        buf_add_c(told, '\0');
        return;
    }
    buf_addf(told, "%s %s;", table_facts(table)->format, table_facts(table)->encoding);
    bool is_head = table_facts(table)->is_named;
    while (table_next(table, &row)) {
        if (is_head) { /* always the same names */
            is_head = false;
            continue;
        }
        buf_addf(told, " %d%s%s", row.line, row.flaw == NULL ? ":" : "!",
                 row.flaw == NULL ? "" : row.flaw);
        unsigned count = row.flaw == NULL ? row.count : 0;
        while (count > 0 && row.cells[count - 1].len == 0) {
            count--;
        }
        for (unsigned i = 0; i < count; i++) {
            assert_true(row.cells[i].len <= TABLE_CELL_BYTES);
            assert_true(str_is_utf8(row.cells[i]));
            if (i > 0) {
                buf_add_c(told, '|');
            }
            buf_add_str(told, row.cells[i]);
        }
        buf_add_c(told, ';');
    }
    buf_addf(told, table_flaw(table) == NULL ? " end" : " end: %s", table_flaw(table));
    buf_add_c(told, '\0');
    table_close(table);
}

typedef struct {
    const char *what;
    str_t bytes;
    const char *told;
} broken_t;

#define BROKEN(what, bytes, told)                                                                  \
    {                                                                                              \
        what, {bytes, sizeof(bytes) - 1}, told                                                     \
    }

static void expect_all(const broken_t *files, size_t count)
{
    unsigned wrong = 0;
    buf_t told = buf_make(1 << 20);
    for (size_t i = 0; i < count; i++) {
        write_file(files[i].bytes);
        tell(&told);
        if (strcmp(told.ptr, files[i].told) != 0) {
            print_error("%s: \"%s\" and not \"%s\"\n", files[i].what, told.ptr, files[i].told);
            wrong++;
        }
    }
    buf_free(&told);
    assert_int_equal(wrong, 0);
}

#define EXPECT_ALL(files) expect_all(files, sizeof(files) / sizeof *(files))

static void text_lists_name_the_line_and_go_on(void **state)
{
    static const broken_t files[] = {
        BROKEN("nothing", "", "no: empty"),
        BROKEN("blank lines alone", "\r\n\r\n\n", "csv utf-8; end"),
        BROKEN("a mark alone", "\xEF\xBB\xBF", "csv utf-8; end"),
        BROKEN("windows-1251 behind a mark of UTF-8",
               "\xEF\xBB\xBF\xC8\xEC\xFF;\xD2\xE5\xEB\r\n1;2\r\n",
               "csv windows-1251; 1:Имя|Тел; 2:1|2; end"),
        BROKEN("two marks",
               "\xEF\xBB\xBF\xEF\xBB\xBF"
               "a;b\r\n1;2\r\n",
               "csv utf-8; 1:a|b; 2:1|2; end"),
        BROKEN("one damaged letter behind a mark", "\xEF\xBB\xBF\xD0\x98;\xD0\x98\r\n\xD0;2\r\n",
               "csv utf-8; 1:И|И; 2!bad-bytes; end"),
        BROKEN("a mark inside, of files put together",
               "\xEF\xBB\xBF"
               "a;b\r\n1;2\r\n\xEF\xBB\xBF"
               "3;4\r\n",
               "csv utf-8; 1:a|b; 2:1|2; 3:3|4; end"),
        BROKEN("a mark of UTF-16 alone", "\xFF\xFE", "csv utf-16le; end"),
        BROKEN("header alone, no line end", "a;b", "csv utf-8; 1:a|b; end"),
        BROKEN("cut in the middle of a row", "a;b\r\n1;2\r\n3",
               "csv utf-8; 1:a|b; 2:1|2; 3:3; end"),
        BROKEN("cut inside quotes", "a;b\r\n1;2\r\n3;\"4\r\n5;6\r\n",
               "csv utf-8; 1:a|b; 2:1|2; 3!quote-open; end"),
        BROKEN("letters after a quote", "a;b\r\n\"1\"x;2\r\n3;4\r\n",
               "csv utf-8; 1:a|b; 2!quote-broken; 3:3|4; end"),
        BROKEN("a quote inside a cell", "a;b\r\n1\"2;3\r\n", "csv utf-8; 1:a|b; 2:1\"2|3; end"),
        BROKEN("all line ends in one file", "a;b\r\n1;2\n3;4\r5;6\n\r7;8",
               "csv utf-8; 1:a|b; 2:1|2; 3:3|4; 4:5|6; 6:7|8; end"),
        BROKEN("NUL bytes", "a;b\r\n1;2\r\nx\0y;3\r\n4;5\r\n",
               "csv utf-8; 1:a|b; 2:1|2; 3!zero-byte; 4:4|5; end"),
        BROKEN("NUL at the head", "\0\0\0\0", "csv utf-8; 1!zero-byte; end"),
        BROKEN("bytes of no letter", "a;b\r\n1;\xD0\r\n\xFF\xFE;2\r\n3;\xD0\xB6\r\n",
               "csv windows-1251; 1:a|b; 2:1|Р; 3:яю|2; 4:3|Р¶; end"),
        BROKEN("UTF-16 cut in a letter",
               "\xFF\xFE"
               "a\0;\0b\0\r\0\n\0"
               "1\0;\0"
               "2",
               "csv utf-16le; 1:a|b; 2!bad-bytes; end"),
        BROKEN("UTF-16 half of a pair",
               "\xFF\xFE"
               "a\0;\0b\0\n\0"
               "\x00\xD8;\0"
               "2\0\n\0"
               "3\0;\0"
               "4\0",
               "csv utf-16le; 1:a|b; 2!bad-bytes; 3:3|4; end"),
        BROKEN("another separator than named", "sep=|\r\na;b\r\n1;2\r\n",
               "csv utf-8; 2:a;b; 3:1;2; end"),
        BROKEN("a separator that changes", "a;b;c\r\n1;2;3\r\n4,5,6\r\n",
               "csv utf-8; 1:a|b|c; 2:1|2|3; 3:4,5,6; end"),
        BROKEN("a row too wide", "a;b\r\n1;2;3;4\r\n5;6\r\n",
               "csv utf-8; 1:a|b; 2:1|2|3|4; 3:5|6; end"),
        BROKEN("a page of a browser", "<!DOCTYPE html><html><body>Sign in</body></html>",
               "no: xml-doctype"),
        BROKEN("a page without a type",
               "<html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>",
               "xml utf-8; 0:title|h1; 1:502; 2:|Bad gateway; end"),
        BROKEN("a PDF", "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n1 0 obj\n", "no: not-text"),
        BROKEN("an old Excel", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0\0\0\0\0", "no: not-text"),
        BROKEN("a gzip", "\x1F\x8B\x08\0\0\0\0\0\0\x03", "no: not-text"),
        BROKEN("an archive of another kind", "Rar!\x1A\x07\0", "csv utf-8; 1!zero-byte; end"),
        BROKEN("a DBF of 1C 7.7",
               "\x03\x7A\x0B\x14\x02\0\0\0\x41\0\x1E\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xC9\0\0NAM"
               "E\0\0\0\0\0\0\0C",
               "no: not-text"),
    };
    (void)state;
    EXPECT_ALL(files);
}

static void json_lines_name_the_line_and_go_on(void **state)
{
    static const broken_t files[] = {
        BROKEN("marks before and inside",
               "\xEF\xBB\xBF\xEF\xBB\xBF{\"a\":1}\n\xEF\xBB\xBF{\"a\":2}\n",
               "json-lines utf-8; 0:a; 1:1; 2:2; end"),
        BROKEN("cut", "{\"a\":1}\n{\"a\":", "json-lines utf-8; 0:a; 1:1; 2!json-broken; end"),
        BROKEN("an array of rows", "[{\"a\":1},{\"a\":2}]", "no: not-table"),
        BROKEN("NUL in a text", "{\"a\":1}\n{\"a\":\"\\u0000\"}\n{\"a\":2}\n",
               "json-lines utf-8; 0:a; 1:1; 2!json-broken; 3:2; end"),
        BROKEN("raw NUL", "{\"a\":1}\n{\"a\":\"\0\"}\n{\"a\":2}\n",
               "json-lines utf-8; 0:a; 1:1; 2!json-broken; 3:2; end"),
        BROKEN("half of a pair", "{\"a\":1}\n{\"a\":\"\\ud800\"}\n",
               "json-lines utf-8; 0:a; 1:1; 2!json-broken; end"),
        BROKEN("bytes of no letter in JSON", "{\"a\":1}\n{\"a\":\"\xD0\"}\n{\"a\":2}\n",
               "json-lines utf-8; 0:a; 1:1; 2!json-broken; 3:2; end"),
        BROKEN("windows-1251", "{\"a\":\"\xC8\xE2\xE0\xED\"}\n", "no: not-table"),
        BROKEN("a number beyond", "{\"a\":1e999}\n{\"a\":99999999999999999999}\n{\"a\":2}\n",
               "json-lines utf-8; 0:a; 1!json-broken; 2!json-broken; 3:2; end"),
        BROKEN("a mark and CR LF", "\xEF\xBB\xBF{\"a\":1}\r\n{\"a\":2}\r\n",
               "json-lines utf-8; 0:a; 1:1; 2:2; end"),
        BROKEN("one object over lines", "{\n\"a\":1\n}\n", "no: not-table"),
        BROKEN("lists in lists", "{\"a\":[[1]],\"b\":[1,2]}\n",
               "json-lines utf-8; 0:a|b; 1:[[1]]|1,2; end"),
    };
    (void)state;
    EXPECT_ALL(files);
}

static void xml_is_read_to_the_place_that_is_broken(void **state)
{
    static const broken_t files[] = {
        BROKEN("cut in a row", "<r><c><n>1</n></c><c><n>2</n></c><c><n>3", "no: xml-broken"),
        BROKEN("cut in a tag", "<r><c><n>1</n></c><c><n", "no: xml-broken"),
        BROKEN("a million laughs",
               "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b "
               "\"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]><r><c><n>&c;</n></c></r>",
               "no: xml-doctype"),
        BROKEN("an entity from a file",
               "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r><c><n>&x;</n></c></r>",
               "no: xml-doctype"),
        BROKEN("a type from elsewhere",
               "<!DOCTYPE r SYSTEM \"http://example.com/r.dtd\"><r><c><n>1</n></c></r>",
               "no: xml-doctype"),
        BROKEN("a name nobody declared", "<r><c><n>&nbsp;</n></c><c><n>2</n></c></r>",
               "no: xml-broken"),
        BROKEN("a NUL by number", "<r><c><n>&#0;</n></c></r>", "no: xml-broken"),
        BROKEN("a raw NUL", "<r><c><n>1\0</n></c></r>", "no: xml-broken"),
        BROKEN("an alphabet nobody knows",
               "<?xml version=\"1.0\" encoding=\"martian\"?><r><c><n>1</n></c></r>",
               "no: xml-broken"),
        BROKEN("says UTF-8 and is windows-1251",
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?><r><c><n>\xC8\xE2\xE0\xED</n></c></r>",
               "xml windows-1251; 0:n; 1:Иван; end"),
        BROKEN("says windows-1251 and has the mark of UTF-8",
               "\xEF\xBB\xBF<?xml version=\"1.0\" "
               "encoding=\"windows-1251\"?><r><c><n>\xD0\x98</n></c></r>",
               "xml utf-8; 0:n; 1:И; end"),
        BROKEN("two roots", "<r><c><n>1</n></c></r><r><c><n>2</n></c></r>", "no: xml-broken"),
        BROKEN("an attribute twice", "<r><c a=\"1\" a=\"2\"><n>1</n></c></r>", "no: xml-broken"),
        BROKEN("letters behind the root", "<r><c><n>1</n></c></r> the end", "no: xml-broken"),
        BROKEN("all line ends", "<r>\r\n<c><n>1</n></c>\r<c><n>2</n></c>\n</r>\r\n",
               "xml utf-8; 0:n; 2:1; 3:2; end"),
        BROKEN("EnterpriseData cut",
               "<?xml "
               "version=\"1.0\"?><Message><Header><Format>http://v8.1c.ru/edi/edi_stnd/"
               "EnterpriseData/1.8</Format></"
               "Header><Body><"
               "\xD0\xA1\xD0\xBF\xD1\x80\xD0\xB0\xD0\xB2\xD0\xBE\xD1\x87\xD0\xBD\xD0\xB8\xD0\xBA."
               "\xD0\x9A\xD0\xBE\xD0\xBD\xD1\x82\xD1\x80\xD0\xB0\xD0\xB3\xD0\xB5\xD0\xBD\xD1\x82"
               "\xD1\x8B>",
               "enterprise-data utf-8; end: xml-broken"),
        BROKEN("EnterpriseData without records",
               "<?xml "
               "version=\"1.0\"?><Message><Header><Format>http://v8.1c.ru/edi/edi_stnd/"
               "EnterpriseData/1.8</Format></Header><Body></Body></Message>",
               "enterprise-data utf-8; end"),
        BROKEN("windows-1251 by its head, behind a mark of UTF-8",
               "\xEF\xBB\xBF<?xml version=\"1.0\" "
               "encoding=\"windows-1251\"?><r><c><n>\xC8\xE2\xE0\xED</n></c></r>",
               "xml windows-1251; 0:n; 1:Иван; end"),
        BROKEN("two marks before XML",
               "\xEF\xBB\xBF\xEF\xBB\xBF<?xml version=\"1.0\"?><r><c><n>1</n></c></r>",
               "xml utf-8; 0:n; 1:1; end"),
        BROKEN("a mark inside XML",
               "\xEF\xBB\xBF<r><c><n>\xEF\xBB\xBF"
               "1</n></c>\xEF\xBB\xBF<c><n>2</n></c></r>",
               "xml utf-8; 0:n; 1:1; 2:2; end"),
        BROKEN("ADF with a type",
               "<?ADF VERSION \"1.0\"?><!DOCTYPE adf [<!ENTITY a \"b\">]><adf><prospect/></adf>",
               "adf utf-8; end: xml-doctype"),
        BROKEN("ADF empty", "<?ADF VERSION \"1.0\"?><?XML VERSION \"1.0\"?><adf></adf>",
               "adf utf-8; end"),
        BROKEN("ADF behind a mark",
               "\xEF\xBB\xBF<?ADF VERSION \"1.0\"?>\r\n<?xml "
               "version=\"1.0\"?>\r\n<adf><prospect><id source=\"s\">1</id></prospect></adf>",
               "adf utf-8; 2:lead|s 1|||||||||||||||||||||||||1|||||web_request; end"),
    };
    (void)state;
    EXPECT_ALL(files);
}

/* A text of many letters in one place of each form: named, and never held whole. */
static void a_huge_field_is_named_and_not_held(void **state)
{
    static const struct {
        const char *what, *head, *tail, *told;
    } files[] = {
        {"a cell", "a;b\n1;2\n3;", "\n5;6\n",
         "csv utf-8; 1:a|b; 2:1|2; 3!cell-too-long; 4:5|6; end"},
        {"a quoted cell", "a;b\n1;2\n3;\"", "\"\n5;6\n",
         "csv utf-8; 1:a|b; 2:1|2; 3!cell-too-long; 4:5|6; end"},
        {"a quote that never closes", "a;b\n1;2\n3;\"", "",
         "csv utf-8; 1:a|b; 2:1|2; 3!cell-too-long; end"},
        {"a header", "", ";b\n1;2\n", "csv utf-8; 1!cell-too-long; 2:1;2; end"},
        {"a JSON text", "{\"a\":1}\n{\"a\":\"", "\"}\n{\"a\":2}\n",
         "json-lines utf-8; 0:a; 1:1; 2!row-too-long; 3:2; end"},
        {"an XML text", "<r><c><n>1</n></c><c><n>", "</n></c><c><n>2</n></c></r>",
         "xml utf-8; 0:n; 1:1; 2!cell-too-long; 3:2; end"},
        {"an XML name", "<r><c><n>1</n></c><c><", "", "no: xml-broken"},
        {"an XML attribute", "<r><c><n>1</n></c><c a=\"", "\"/></r>", "no: xml-broken"},
        {"an ADF text", "<adf><prospect><id>", "</id></prospect></adf>",
         "adf utf-8; 1!cell-too-long; end"},
    };
    struct rusage before, after;
    buf_t bytes = buf_make(64 << 20);
    buf_t told = buf_make(1 << 20);
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        buf_reset(&bytes);
        buf_add_str(&bytes, str_of(files[i].head));
        for (int n = 0; n < 40 << 20; n += 64) {
            buf_add_str(&bytes,
                        STR("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
        }
        buf_add_str(&bytes, str_of(files[i].tail));
        write_file(buf_str(&bytes));
        (void)getrusage(RUSAGE_SELF, &before);
        tell(&told);
        (void)getrusage(RUSAGE_SELF, &after);
        if (strcmp(told.ptr, files[i].told) != 0) {
            fail_msg("%s: \"%s\" and not \"%s\"", files[i].what, told.ptr, files[i].told);
        }
        assert_true(after.ru_maxrss - before.ru_maxrss < 32 << 10); /* KiB: less than the file */
    }
    buf_free(&bytes);
    buf_free(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_lists_name_the_line_and_go_on),
        cmocka_unit_test(json_lines_name_the_line_and_go_on),
        cmocka_unit_test(xml_is_read_to_the_place_that_is_broken),
        cmocka_unit_test(a_huge_field_is_named_and_not_held),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
