/* SPDX-License-Identifier: Apache-2.0
 * Response heads and problems: the table of default headers, no splitting, valid JSON. */
#include "http/problem.h"
#include "http/write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static char text[20000];

static const char *head_of(const write_head_t *head)
{
    buf_t out = buf_make(sizeof text - 1);
    assert_true(write_head(&out, head));
    memcpy(text, out.ptr, out.len);
    text[out.len] = '\0';
    buf_free(&out);
    return text;
}

static void every_answer_carries_the_table(void **state)
{
    (void)state;
    write_head_t head = {.status = 404,
                         .body_bytes = 7,
                         .is_secure = true,
                         .is_close = true,
                         .wall_us = 784111777000000,
                         .request_id = "0123456789abcdef0123456789abcdef"};
    const char *bytes = head_of(&head);
    static const char *const lines[] = {"HTTP/1.1 404 Not Found\r\n",
                                        "\r\nstrict-transport-security: max-age=31536000\r\n",
                                        "\r\nx-content-type-options: nosniff\r\n",
                                        "frame-ancestors 'none'",
                                        "\r\nx-frame-options: DENY\r\n",
                                        "\r\nreferrer-policy: no-referrer\r\n",
                                        "\r\ncache-control: no-store\r\n",
                                        "\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
                                        "\r\nx-request-id: 0123456789abcdef0123456789abcdef\r\n",
                                        "\r\ncontent-length: 7\r\n",
                                        "\r\nconnection: close\r\n\r\n"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_non_null(strstr(bytes, lines[i]));
    }
}

static void the_application_may_replace_a_default_and_cannot_split_an_answer(void **state)
{
    (void)state;
    http_header_t headers[] = {{STR("cache-control"), STR("public, max-age=60")},
                               {STR("x-bad"), STR("a\r\nset-cookie: b")},
                               {STR("bad name"), STR("a")},
                               {STR("location"), STR("/\xD0\x96")}};
    write_head_t head = {
        .status = 200, .headers = headers, .header_count = 4, .body_bytes = -1, .wall_us = 0};
    const char *bytes = head_of(&head);
    assert_non_null(strstr(bytes, "cache-control: public, max-age=60\r\n"));
    assert_null(strstr(bytes, "no-store"));
    assert_null(strstr(bytes, "set-cookie"));
    assert_null(strstr(bytes, "bad name"));
    assert_null(strstr(bytes, "strict-transport"));
    assert_non_null(strstr(bytes, "transfer-encoding: chunked\r\n"));
    head.is_http10 = true;
    assert_null(strstr(head_of(&head), "chunked"));
    head.status = 204;
    head.body_bytes = 0;
    assert_null(strstr(head_of(&head), "content-length"));
}

static void a_problem_is_written_in_both_languages(void **state)
{
    (void)state;
    buf_t out = buf_make(10000);
    problem_write(&out, err_field(ERR_BAD_FIELD, "phone"), LANG_EN, STR("a \"quoted\" detail"),
                  STR("{\"n\":1}"), "0123456789abcdef0123456789abcdef");
    (void)buf_add_c(&out, '\0');
    assert_string_equal(
        out.ptr,
        "{\"type\":\"/v1/errors#bad-field\",\"status\":400,"
        "\"title\":\"A field has an invalid value\",\"detail\":\"a \\\"quoted\\\" detail\","
        "\"rule\":\"RFC 9110 15.5.1\",\"field\":\"phone\",\"next\":\"Correct this field.\","
        "\"request_id\":\"0123456789abcdef0123456789abcdef\",\"info\":{\"n\":1}}");
    buf_reset(&out);
    problem_write(&out, err_of(ERR_NOT_FOUND), LANG_RU, STR(""), STR(""), "");
    (void)buf_add_c(&out, '\0');
    assert_non_null(strstr(out.ptr, "\"title\":\"Не найдено\""));
    assert_null(strstr(out.ptr, "detail"));
    buf_free(&out);
}

static void a_chunk_is_framed(void **state)
{
    (void)state;
    buf_t out = buf_make(100);
    assert_true(write_chunk(&out, "0123456789abcdefX", 17) && write_chunk(&out, "", 0));
    assert_true(str_eq(buf_str(&out), STR("11\r\n0123456789abcdefX\r\n0\r\n\r\n")));
    buf_free(&out);
}

static void a_trace_id_becomes_the_request_id(void **state)
{
    (void)state;
    unsigned char random[16] = {0xab};
    char id[33];
    http_request_id(STR("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), random, id);
    assert_string_equal(id, "4bf92f3577b34da6a3ce929d0e0e4736");
    static const char *const bad[] = {"", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                                      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                                      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
                                      "00-4bf92f3577b34da6a3ce929d0e0e473\"-00f067aa0ba902b7-01"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        http_request_id(str_of(bad[i]), random, id);
        assert_string_equal(id, "ab000000000000000000000000000000");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_carries_the_table),
        cmocka_unit_test(the_application_may_replace_a_default_and_cannot_split_an_answer),
        cmocka_unit_test(a_problem_is_written_in_both_languages),
        cmocka_unit_test(a_chunk_is_framed),
        cmocka_unit_test(a_trace_id_becomes_the_request_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
