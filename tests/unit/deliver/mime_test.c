/* SPDX-License-Identifier: Apache-2.0
 * Letters as bytes: server/deliver/mime. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "deliver/mime.h"

static const mime_letter_t plain = {
    .uuid = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
    .date_s = 1700000000,
    .sender_name = {"Auto Centre", 11},
    .sender_address = {"news@network.example", 20},
    .to_address = {"ivan@mail.example", 17},
    .subject = {"Service", 7},
    .text = {"Hello\n", 6},
};

static char *written(const mime_letter_t *letter, buf_t *out)
{
    buf_reset(out);
    assert_true(mime_write(letter, out));
    buf_add_c(out, '\0');
    return out->ptr;
}

static void a_plain_letter_is_whole(void **state)
{
    buf_t out = buf_make(100000);
    (void)state;
    assert_string_equal(written(&plain, &out),
                        "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
                        "From: \"Auto Centre\"\r\n <news@network.example>\r\n"
                        "To: <ivan@mail.example>\r\n"
                        "Subject: Service\r\n"
                        "Message-ID: <aebagbafaydqqcikbmga2dqpca@network.example>\r\n"
                        "MIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                        "Hello\r\n");
    buf_free(&out);
}

static void marketing_letters_carry_the_way_out(void **state)
{
    buf_t out = buf_make(100000);
    mime_letter_t letter = plain;
    (void)state;
    letter.unsubscribe_url = STR("https://x.example/u/abc");
    letter.list_name = STR("spring 2026>");
    const char *text = written(&letter, &out);
    assert_non_null(strstr(text, "\r\nList-Id: <spring-2026-.network.example>\r\n"));
    assert_non_null(strstr(text, "\r\nList-Unsubscribe: <https://x.example/u/abc>\r\n"
                                 "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    assert_null(strstr(text, "Auto-Submitted"));
    letter.is_automatic = true;
    assert_non_null(strstr(written(&letter, &out), "\r\nAuto-Submitted: auto-generated\r\n"));
    buf_free(&out);
}

static void html_makes_two_parts(void **state)
{
    buf_t out = buf_make(100000);
    mime_letter_t letter = plain;
    (void)state;
    letter.html = STR("<p a=\"b\">Привет</p>");
    const char *text = written(&letter, &out);
    assert_non_null(strstr(text, "multipart/alternative;\r\n boundary=\"=_aebag"));
    assert_non_null(strstr(text, "<p a=3D\"b\">=D0=9F"));
    const char *end = "--=_aebagbafaydqqcikbmga2dqpca--\r\n";
    assert_string_equal(text + strlen(text) - strlen(end), end);
    buf_free(&out);
}

static void no_value_can_add_a_header(void **state)
{
    buf_t out = buf_make(100000);
    mime_letter_t letter = plain;
    (void)state;
    letter.subject = STR("x\r\nBcc: all@x.example\r\n\r\nbody");
    letter.sender_name = STR("x\"\r\nBcc: all@x.example");
    const char *text = written(&letter, &out);
    assert_null(strstr(text, "Bcc"));
    letter = plain;
    letter.to_address = STR("a@b.example>\r\nBcc: <c@d.example");
    assert_false(mime_write(&letter, &out));
    letter.to_address = STR("a b@c.example");
    assert_false(mime_write(&letter, &out));
    letter.to_address = STR("a@b@c");
    assert_false(mime_write(&letter, &out));
    letter.to_address = STR("@");
    assert_false(mime_write(&letter, &out));
    letter = plain;
    letter.sender_address = STR("nobody");
    assert_false(mime_write(&letter, &out));
    letter = plain;
    letter.unsubscribe_url = STR("https://x/\r\nBcc: a@b.example");
    assert_null(strstr(written(&letter, &out), "Bcc"));
    buf_free(&out);
}

static void encoded(const char *text, const char *expected)
{
    buf_t out = buf_make(100000);
    mime_quoted_printable(str_of(text), &out);
    buf_add_c(&out, '\0');
    assert_string_equal(out.ptr, expected);
    buf_free(&out);
}

static void bodies_are_seven_bit_lines(void **state)
{
    (void)state;
    encoded("a=b\n", "a=3Db\r\n");
    encoded("a\r\nb\rc", "a\r\nb\r\nc\r\n");
    encoded(".\n..a\n", "=2E\r\n=2E.a\r\n");
    encoded("end \n\t\n", "end=20\r\n=09\r\n");
    encoded("ё", "=D1=91\r\n");
    encoded("", "");
    encoded("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\r\n"
            "aaaaa\r\n");
}

static void lines_are_short_and_begin_with_no_dot(void **state)
{
    buf_t text = buf_make(200000);
    buf_t out = buf_make(800000);
    uint32_t seed = 7;
    (void)state;
    for (int i = 0; i < 100000; i++) {
        static const char *const pieces[] = {"ж", ".", " ", "\n", "a", "=", "😀", "\r\n", "--", "x"};
        seed = seed * 1664525u + 1013904223u;
        buf_add_str(&text, str_of(pieces[(seed >> 20) % 10]));
    }
    mime_quoted_printable(buf_str(&text), &out);
    size_t line = 0;
    for (size_t i = 0; i < out.len; i++) {
        assert_true((out.ptr[i] & 0x80) == 0);
        if (out.ptr[i] == '\n') {
            assert_int_equal(out.ptr[i - 1], '\r');
            assert_true(i + 1 == out.len || out.ptr[i + 1] != '.');
            line = 0;
        } else {
            line++;
            assert_true(line <= 77);
        }
    }
    buf_free(&text);
    buf_free(&out);
}

static void header_is(const char *value, const char *expected)
{
    buf_t out = buf_make(10000);
    mime_header_text(str_of(value), sizeof "Subject: ", &out);
    buf_add_c(&out, '\0');
    assert_string_equal(out.ptr, expected);
    buf_free(&out);
}

static void headers_are_encoded_words(void **state)
{
    (void)state;
    header_is("Plain text, 5% off!", "Plain text, 5% off!");
    header_is("Привет", "=?UTF-8?B?0J/RgNC40LLQtdGC?=");
    header_is("a=?b", "=?UTF-8?B?YT0/Yg==?=");
    header_is("Приглашаем вас на сервис весной две тысячи",
              "=?UTF-8?B?0J/RgNC40LPQu9Cw0YjQsNC10Lwg0LLQsNGBINC90LAg0YHQtdGA?=\r\n"
              " =?UTF-8?B?0LLQuNGBINCy0LXRgdC90L7QuSDQtNCy0LUg0YLRi9GB0Y/Rh9C4?=");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_letter_is_whole),
        cmocka_unit_test(marketing_letters_carry_the_way_out),
        cmocka_unit_test(html_makes_two_parts),
        cmocka_unit_test(no_value_can_add_a_header),
        cmocka_unit_test(bodies_are_seven_bit_lines),
        cmocka_unit_test(lines_are_short_and_begin_with_no_dot),
        cmocka_unit_test(headers_are_encoded_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
