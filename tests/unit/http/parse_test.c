/* SPDX-License-Identifier: Apache-2.0
 * The parser against a table of our own: refusals, limits to the byte, what a request holds. */
#include "walk.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define LINE "GET / HTTP/1.1\r\n"
#define HOST "Host: a\r\n"

static void each_smuggling_form_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        err_code_t code;
    } forms[] = {
        {LINE "\r\n", ERR_BAD_REQUEST},
        {LINE HOST HOST "\r\n", ERR_BAD_REQUEST},
        {LINE "Host:\r\n\r\n", ERR_BAD_REQUEST},
        {LINE "Host: a b\r\n\r\n", ERR_BAD_REQUEST},
        {LINE "Host: a/b\r\n\r\n", ERR_BAD_REQUEST},
        {LINE "Host: user@a\r\n\r\n", ERR_BAD_REQUEST},
        {"GET / HTTP/1.1\n" HOST "\r\n", ERR_BAD_REQUEST},
        {LINE "Host: a\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "\n", ERR_BAD_REQUEST},
        {LINE HOST "A: b\r\n c\r\n\r\n", ERR_BAD_REQUEST},
        {LINE " " HOST "\r\n", ERR_BAD_REQUEST},
        {LINE HOST "A : b\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST ": b\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "A b\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "A: \x01\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "A: \x7f\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "A: b\rc\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Content-Length: +5\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Content-Length: -0\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Content-Length: 0x5\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Content-Length: 5 5\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Content-Length: 5, 5\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Content-Length:\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Content-Length: 9223372036854775808\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Transfer-Encoding: chunked, chunked\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
         ERR_BAD_REQUEST},
        {LINE HOST "Transfer-Encoding: identity\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Transfer-Encoding: \"chunked\"\r\n\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Transfer-Encoding:\x0b"
                   "chunked\r\n\r\n",
         ERR_BAD_REQUEST},
        {"POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", ERR_BAD_REQUEST},
        {"GET / HTTP/2.0\r\n", ERR_BAD_REQUEST},
        {"GET / HTTP/1.2\r\n", ERR_BAD_REQUEST},
        {"GET / http/1.1\r\n", ERR_BAD_REQUEST},
        {"GET  / HTTP/1.1\r\n", ERR_BAD_REQUEST},
        {"GET /  HTTP/1.1\r\n", ERR_BAD_REQUEST},
        {"GET / HTTP/1.1 \r\n", ERR_BAD_REQUEST},
        {"GET /\r\n", ERR_BAD_REQUEST},
        {"get / HTTP/1.1\r\n", ERR_BAD_REQUEST},
        {"CONNECT a:443 HTTP/1.1\r\n", ERR_BAD_REQUEST},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ERR_BAD_REQUEST},
        {"\r\n\r\n\r\n\r\n\r\n\r\n" LINE, ERR_BAD_REQUEST},
        {"\nGET / HTTP/1.1\r\n", ERR_BAD_REQUEST},
        {"GET http://b/ HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET ftp://a/ HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET a/b HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET * HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET /a/../b HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET /%2e%2E/b HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET /a%2fb HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET /a%5cb HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET /a%00 HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET /a%c0%af HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET /a%4 HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET /a#b HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {"GET /a%zz HTTP/1.1\r\n" HOST "\r\n", ERR_BAD_REQUEST},
        {LINE HOST "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n", ERR_BAD_REQUEST},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t len = strlen(forms[i].bytes);
        walk_t result = walk(forms[i].bytes, len, len, len);
        walk_t single = walk(forms[i].bytes, len, 1, 1);
        if (!result.is_refused || result.code != forms[i].code || !single.is_refused) {
            print_error("must be refused: %s\n", forms[i].bytes);
            fail();
        }
    }
    walk_t nul = walk(LINE "Host: a\r\nA: b\0c\r\n\r\n", 34, 34, 34);
    assert_true(nul.is_refused);
}

static void bad_chunks_are_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = {"0x5\r\nhello\r\n0\r\n\r\n",
                                         "+5\r\nhello\r\n0\r\n\r\n",
                                         "-0\r\n\r\n",
                                         " 5\r\nhello\r\n0\r\n\r\n",
                                         "5 \r\nhello\r\n0\r\n\r\n",
                                         "5\nhello\r\n0\r\n\r\n",
                                         "5\r\nhello0\r\n\r\n",
                                         "5\r\nhello\n0\r\n\r\n",
                                         "5;\r\nhello\r\n0\r\n\r\n",
                                         "5;a=\r\nhello\r\n0\r\n\r\n",
                                         "5;a=\"b\r\nhello\r\n0\r\n\r\n",
                                         "\r\n",
                                         "1000000000000000\r\n",
                                         "0\r\nA\r\n\r\n",
                                         "0\r\n a: b\r\n\r\n",
                                         "0\r\nA: b\n\r\n",
                                         "0\r\n\n",
                                         "g\r\n"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        char bytes[400];
        int len =
            snprintf(bytes, sizeof bytes,
                     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n%s", bodies[i]);
        walk_t result = walk(bytes, (size_t)len, (size_t)len, 1);
        if (!result.is_refused) {
            print_error("must be refused: %s\n", bodies[i]);
            fail();
        }
    }
}

static err_code_t parse_one(const char *bytes, size_t len, http_request_t *request, arena_t *arena)
{
    parse_t p = {0};
    parse_framing_t framing;
    size_t used;
    err_t error = parse_head(&p, arena, str_n(bytes, len), request, &framing, &used);
    assert_true(error.code != ERR_OK || used == len || used == 0);
    return error.code;
}

static void limits_hold_to_the_byte(void **state)
{
    (void)state;
    static char bytes[40000];
    arena_t *arena = arena_new(1 << 20);
    http_request_t request;
    for (int extra = 0; extra <= 1; extra++) { /* target of 4096 and 4097 bytes */
        int n = sprintf(bytes, "GET /%0*d HTTP/1.1\r\n" HOST "\r\n", 4095 + extra, 7);
        assert_int_equal(parse_one(bytes, (size_t)n, &request, arena),
                         extra ? ERR_URI_TOO_LONG : ERR_OK);
    }
    for (int count = 63; count <= 64; count++) { /* with Host: 64 and 65 headers */
        int n = sprintf(bytes, LINE HOST);
        for (int i = 0; i < count; i++) {
            n += sprintf(bytes + n, "h%d: v\r\n", i);
        }
        n += sprintf(bytes + n, "\r\n");
        assert_int_equal(parse_one(bytes, (size_t)n, &request, arena),
                         count == 63 ? ERR_OK : ERR_HEAD_TOO_LARGE);
    }
    for (int extra = 0; extra <= 1; extra++) { /* head of 8192 and 8193 bytes */
        int n = sprintf(bytes, LINE HOST "x: ");
        memset(bytes + n, 'y', (size_t)(8192 + extra - n - 4));
        memcpy(bytes + 8192 + extra - 4, "\r\n\r\n", 4);
        assert_int_equal(parse_one(bytes, (size_t)(8192 + extra), &request, arena),
                         extra ? ERR_HEAD_TOO_LARGE : ERR_OK);
    }
    arena_free(arena);
}

static void a_request_is_read_as_sent(void **state)
{
    (void)state;
    static const char bytes[] = "POST /v1/%D0%96a+b?x=%26&y=a+b&&z HTTP/1.1\r\n"
                                "HOST: Example.COM:8443\r\n"
                                "Cookie: a=1; __Host-s=Hxyz\r\n"
                                "accept-encoding:\tgzip;q=0 , br;q=0.5,zstd \r\n"
                                "Accept-Language: de, en-GB;q=0.8, ru\r\n"
                                "Expect: 100-Continue\r\n"
                                "Content-Length: 003\r\n"
                                "Empty:   \r\n"
                                "\r\n";
    arena_t *arena = arena_new(1 << 20);
    http_request_t request;
    assert_int_equal(parse_one(bytes, sizeof bytes - 1, &request, arena), ERR_OK);
    assert_int_equal(request.method, METHOD_POST);
    assert_true(str_eq(request.path, STR("/v1/\xD0\x96"
                                         "a+b")));
    assert_true(str_eq(request.host, STR("example.com:8443")));
    assert_int_equal(request.content_length, 3);
    assert_true(request.expects_continue);
    assert_true(str_eq(http_header(&request, STR("empty")), STR("")));
    assert_null(http_header(&request, STR("missing")).ptr);
    assert_true(str_eq(http_cookie(&request, STR("__Host-s")), STR("Hxyz")));
    assert_null(http_cookie(&request, STR("b")).ptr);
    str_t coding = http_header(&request, STR("accept-encoding"));
    assert_false(http_header_has(coding, STR("gzip")));
    assert_true(http_header_has(coding, STR("br")));
    assert_true(http_header_has(coding, STR("zstd")));
    assert_int_equal(http_language(&request), LANG_EN);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_smuggling_form_is_refused),
        cmocka_unit_test(bad_chunks_are_refused),
        cmocka_unit_test(limits_hold_to_the_byte),
        cmocka_unit_test(a_request_is_read_as_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
