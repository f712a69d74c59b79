/* SPDX-License-Identifier: Apache-2.0
 * Letters of rows: server/deliver/letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "deliver/letter.h"

static const unsigned char uuid[16] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                                       0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF};

static letter_options_t options;
static letter_maker_t *maker;
static buf_t content;
static char from[LETTER_ADDRESS_BYTES];
static char to[LETTER_ADDRESS_BYTES];
static unsigned missing;

static int set_up(void **state)
{
    (void)state;
    options = (letter_options_t){STR("0123456789abcdef0123456789abcdef"),
                                 STR("https://clientele.example"), STR("robot@network.example")};
    maker = letter_maker_new(&options);
    content = buf_make(4 << 20);
    clock_fix_wall(1700000000LL * 1000000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    letter_maker_free(maker);
    buf_free(&content);
    return 0;
}

static letter_row_t row_of(const char *text, const char *vars)
{
    return (letter_row_t){.uuid = uuid,
                          .address = STR("ivan@mail.example"),
                          .subject = STR("For {{name}}"),
                          .text = str_of(text),
                          .vars = str_of(vars)};
}

static const char *made(const letter_row_t *row)
{
    missing = 0;
    const char *flaw = letter_make(maker, row, &content, from, to, &missing);
    buf_add_c(&content, '\0');
    content.len--;
    return flaw;
}

static void values_and_envelope_are_filled_in(void **state)
{
    letter_row_t row = row_of("{{name}} {{n}} {{f}} {{yes}} {{none}}",
                              "{\"name\":\"Ann\",\"n\":5,\"f\":1.5,\"yes\":true}");
    (void)state;
    assert_null(made(&row));
    assert_int_equal(missing, 1);
    assert_string_equal(from, "robot@network.example");
    assert_string_equal(to, "ivan@mail.example");
    assert_non_null(strstr(content.ptr, "\r\nSubject: For Ann\r\n"));
    assert_non_null(strstr(content.ptr, "\r\n\r\nAnn 5 1.5 true=20\r\n"));
    assert_non_null(strstr(content.ptr, "Auto-Submitted"));
    assert_null(strstr(content.ptr, "List-Unsubscribe"));
}

static void marketing_letters_always_show_the_way_out(void **state)
{
    static const char *const token = "ABEiM0RVZneImaq7zN3u_4GWXeOffsumz3s03g";
    letter_row_t row = row_of("Hello", "{}");
    char header[200];
    (void)state;
    row.is_marketing = true;
    row.html = STR("<p>Hello</p>");
    (void)snprintf(header, sizeof header,
                   "\r\nList-Unsubscribe: <https://clientele.example/u/%s>\r\n", token);
    assert_null(made(&row));
    assert_non_null(strstr(content.ptr, header));
    assert_non_null(strstr(content.ptr, "=D0=9E=D1=82=D0=BF")); /* Отп... ends the text */
    assert_non_null(strstr(content.ptr, "<a href=3D\"https://clientele.example/u/"));
    row.text = STR("{{unsubscribe_url}}");
    row.html = STR("");
    assert_null(made(&row));
    assert_null(strstr(content.ptr, "=D0=9E=D1=82=D0=BF"));
    assert_non_null(strstr(content.ptr, "\r\n\r\nhttps://clientele.example/u/ABEi"));
}

static void password_links_are_signed_for_their_purpose(void **state)
{
    letter_row_t row =
        row_of("{{password_url}}", "{\"password_link\":\"00112233-4455-6677-8899-aabbccddeeff\"}");
    (void)state;
    row.subject = STR("x");
    assert_null(made(&row));
    assert_non_null(strstr(content.ptr, "https://clientele.example/set-password?link=3DABEi"));
    assert_null(strstr(content.ptr, "4GWXeOffsumz3s03g")); /* the unsubscribe token is another */
    row.vars = STR("{\"password_link\":\"nonsense\"}");
    assert_null(made(&row));
    assert_int_equal(missing, 1);
}

static void values_cannot_break_headers_or_html(void **state)
{
    letter_row_t row =
        row_of("x", "{\"name\":\"A\\r\\nBcc: all@x.example\\r\\n\\r\\n<b>\\u2028\"}");
    (void)state;
    row.html = STR("{{name}}");
    row.sender_name = STR("N\r\nBcc: x@y.example");
    assert_null(made(&row));
    assert_non_null(strstr(content.ptr, "&lt;b&gt;"));
    *strstr(content.ptr, "\r\n\r\n") = '\0'; /* the head */
    assert_null(strstr(content.ptr, "\nBcc"));
}

static void rows_that_make_no_letter_are_named(void **state)
{
    letter_row_t row = row_of("{{#a}}", "{}");
    (void)state;
    assert_string_equal(made(&row), "template");
    row = row_of("x", "[1]");
    assert_string_equal(made(&row), "vars");
    row = row_of("x", "{\"a\"");
    assert_string_equal(made(&row), "vars");
    row = row_of("x", "{}");
    row.address = STR("a@b.example\r\nX: y");
    assert_string_equal(made(&row), "address");
    row.address = STR("");
    assert_string_equal(made(&row), "address");
    static char big[2 << 20];
    memset(big, 'x', sizeof big);
    row = row_of("x", "{}");
    row.text = str_n(big, sizeof big);
    assert_string_equal(made(&row), "size");
}

static void the_same_row_gives_the_same_bytes(void **state)
{
    letter_row_t row = row_of("Привет, {{name}}", "{\"name\":\"Ёж\"}");
    static char first[20000];
    (void)state;
    assert_null(made(&row));
    size_t length = content.len;
    memcpy(first, content.ptr, length);
    for (int i = 0; i < 30; i++) { /* the cache turns over in between */
        char text[20];
        (void)snprintf(text, sizeof text, "other %d", i);
        letter_row_t other = row_of(text, "{}");
        assert_null(made(&other));
    }
    assert_null(made(&row));
    assert_int_equal(content.len, length);
    assert_memory_equal(content.ptr, first, length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_envelope_are_filled_in),
        cmocka_unit_test(marketing_letters_always_show_the_way_out),
        cmocka_unit_test(password_links_are_signed_for_their_purpose),
        cmocka_unit_test(values_cannot_break_headers_or_html),
        cmocka_unit_test(rows_that_make_no_letter_are_named),
        cmocka_unit_test(the_same_row_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
