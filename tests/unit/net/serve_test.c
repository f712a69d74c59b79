/* SPDX-License-Identifier: Apache-2.0
 * HTTP/1.1 over TLS against a running worker: bodies, order, refusals, ends, deadlines. */
#include "client.h"

#include "base/clock.h"

#include <openssl/err.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static server_t *server;
static char answer[16 * 1024 * 1024];

static client_t connected(void)
{
    client_t client;
    client_options_t options = {.port = server->port, .name = "localhost"};
    assert_true(client_open(&client, server, &options));
    return client;
}

/* Send text on a fresh connection, read to the close. out: bytes read */
static size_t exchange(const char *text, size_t len, bool *is_polite)
{
    client_t client = connected();
    client_send(&client, text, len);
    size_t got = client_read(&client, answer, sizeof answer, NULL, is_polite);
    client_close(&client);
    return got;
}

static int count_of(const char *needle)
{
    int count = 0;
    for (const char *at = strstr(answer, needle); at; at = strstr(at + 1, needle)) {
        count++;
    }
    return count;
}

#define HOST "Host: localhost\r\n"

static void pipelined_requests_are_answered_in_order_and_the_end_is_polite(void **state)
{
    (void)state;
    static const char text[] = "GET /hello HTTP/1.1\r\n" HOST "\r\n"
                               "GET /later HTTP/1.1\r\n" HOST "\r\n"
                               "HEAD /hello HTTP/1.1\r\n" HOST "\r\n"
                               "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nfirst"
                               "GET /copied HTTP/1.1\r\n" HOST "\r\n"
                               "GET /nowhere HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    bool is_polite = false;
    (void)exchange(text, sizeof text - 1, &is_polite);
    assert_true(is_polite);
    assert_int_equal(count_of("HTTP/1.1 200 OK"), 5);
    char *at = strstr(answer, "\r\n\r\nhello\n");
    assert_non_null(at);
    at = strstr(at, "\r\n\r\nlater\n");
    assert_non_null(at);
    at = strstr(at, "content-length: 6\r\n\r\nHTTP/1.1 200"); /* HEAD has no body */
    assert_non_null(at);
    at = strstr(at, "\r\n\r\nfirst");
    assert_non_null(at);
    at = strstr(at, "content-length: 200000");
    assert_non_null(at);
    at = strstr(at, "HTTP/1.1 404 Not Found");
    assert_non_null(at);
    assert_non_null(strstr(at, "connection: close"));
    assert_non_null(strstr(at, "strict-transport-security"));
}

static void a_chunked_body_is_read_over_every_split(void **state)
{
    (void)state;
    static const char text[] =
        "\r\nPOST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
        "4;x=\"y\"\r\nabcd\r\n003\r\nefg\r\n0\r\nTrailer: z\r\n\r\n";
    client_t client = connected();
    for (size_t split = 1; split < sizeof text - 1; split++) {
        client_send(&client, text, split);
        client_send(&client, text + split, sizeof text - 1 - split);
        size_t len = client_read(&client, answer, sizeof answer, "abcdefg", NULL);
        assert_true(len > 7 && strncmp(answer, "HTTP/1.1 200", 12) == 0);
    }
    for (size_t i = 0; i < sizeof text - 1; i++) {
        client_send(&client, text + i, 1);
    }
    (void)client_read(&client, answer, sizeof answer, "abcdefg", NULL);
    assert_non_null(strstr(answer, "content-length: 7"));
    client_close(&client);
}

static void a_request_that_can_be_read_in_two_ways_is_refused_and_the_connection_ends(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "GET /hello HTTP/1.1\r\n\r\n",
        "GET /hello HTTP/1.1\nHost: a\n\n",
        "GET /hello HTTP/5.6",
        "POST /echo HTTP/1.1\r\n" HOST
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST /echo HTTP/1.1\r\n" HOST
        "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\n" HOST
        "Connection: close\r\nContent-Length: 4\r\n\r\nq=42GET / HTTP/1.1\r\n",
        "POST /echo HTTP/1.1\r\n" HOST
        "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
        "GET /hello HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n",
        "PUT /hello HTTP/1.0\r\n" HOST "\r\nPUT /hello HTTP/1.1\r\n" HOST "\r\n"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        bool is_polite = false;
        (void)exchange(forms[i], strlen(forms[i]), &is_polite);
        if (strncmp(answer, "HTTP/1.1 400 Bad Request", 24) != 0 || !is_polite ||
            count_of("HTTP/1.1") != 1) {
            print_error("not refused: %s\n%s\n", forms[i], answer);
            fail();
        }
        assert_non_null(strstr(answer, "application/problem+json"));
        assert_non_null(strstr(answer, "strict-transport-security"));
    }
}

static void limits_are_answered_with_their_status(void **state)
{
    (void)state;
    static char text[40000];
    int n = sprintf(text, "GET /%05000d HTTP/1.1\r\n" HOST "\r\n", 1);
    (void)exchange(text, (size_t)n, NULL);
    assert_memory_equal(answer, "HTTP/1.1 414", 12);
    n = sprintf(text, "GET / HTTP/1.1\r\n" HOST "A: %09000d\r\n\r\n", 1);
    (void)exchange(text, (size_t)n, NULL);
    assert_memory_equal(answer, "HTTP/1.1 431", 12);
    n = sprintf(text, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1048577\r\n\r\nabc");
    (void)exchange(text, (size_t)n, NULL);
    assert_memory_equal(answer, "HTTP/1.1 413", 12);
    assert_non_null(strstr(answer, "connection: close"));
}

static void a_refused_request_with_its_small_body_keeps_the_connection(void **state)
{
    (void)state;
    static const char text[] = "POST /refuse HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
                               "GET /hello HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    (void)exchange(text, sizeof text - 1, NULL);
    assert_memory_equal(answer, "HTTP/1.1 401", 12);
    assert_non_null(strstr(answer, "\r\n\r\nhello\n"));
}

static void expect_is_answered_before_the_body(void **state)
{
    (void)state;
    static const char head[] =
        "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    client_t client = connected();
    client_send(&client, head, sizeof head - 1);
    (void)client_read(&client, answer, sizeof answer, "\r\n\r\n", NULL);
    assert_string_equal(answer, "HTTP/1.1 100 Continue\r\n\r\n");
    client_send(&client, "abc", 3);
    (void)client_read(&client, answer, sizeof answer, "abc", NULL);
    assert_memory_equal(answer, "HTTP/1.1 200", 12);
    client_close(&client);
}

static void long_replies_arrive_whole(void **state)
{
    (void)state;
    static const char large[] = "GET /large HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    size_t len = exchange(large, sizeof large - 1, NULL);
    char *body = strstr(answer, "\r\n\r\n") + 4;
    assert_int_equal((size_t)(answer + len - body), HELLO_LARGE_BYTES);
    assert_memory_equal(body, server->hello.large, HELLO_LARGE_BYTES);
    static const char pieces[] =
        "GET /pieces HTTP/1.0\r\n" HOST "\r\n"; /* ends with the connection */
    len = exchange(pieces, sizeof pieces - 1, NULL);
    body = strstr(answer, "\r\n\r\n") + 4;
    assert_int_equal((size_t)(answer + len - body), HELLO_PIECES_BYTES);
    static const char chunked[] = "GET /pieces HTTP/1.1\r\n" HOST "\r\n";
    client_t client = connected();
    client_send(&client, chunked, sizeof chunked - 1);
    (void)usleep(100000); /* the writer must wait for us */
    len = client_read(&client, answer, sizeof answer, "\r\n0\r\n\r\n", NULL);
    assert_true(len > HELLO_PIECES_BYTES);
    assert_non_null(strstr(answer, "transfer-encoding: chunked"));
    client_close(&client);
}

static void a_spooled_body_is_hashed(void **state)
{
    (void)state;
    static char text[700000];
    int n = sprintf(text, "POST /spool HTTP/1.1\r\n" HOST "Content-Length: 600000\r\n\r\n");
    memset(text + n, 'a', 600000);
    client_t client = connected();
    client_send(&client, text, (size_t)n + 600000);
    (void)client_read(&client, answer, sizeof answer, "\n", NULL);
    char *body = strstr(answer, "\r\n\r\n");
    if (!body || !body[4]) {
        (void)client_read(&client, answer, sizeof answer, "\n", NULL);
        body = answer - 4;
    }
    assert_string_equal(
        body + 4, "600000 ded93777580eeaa7d906cb0f16b9706b1000067eaf0f3b6c1d03a8bc6a15bf15\n");
    client_close(&client);
}

static void a_peer_that_leaves_is_noticed(void **state)
{
    (void)state;
    static const char text[] = "GET /never HTTP/1.1\r\n" HOST "\r\n";
    int gone = atomic_load(&server->hello.gone);
    client_t client = connected();
    client_send(&client, text, sizeof text - 1);
    (void)usleep(50000);
    client_close(&client);
    assert_true(wait_for(&server->hello.gone, gone + 1));
}

static void deadlines_are_total(void **state)
{
    (void)state;
    int64_t now_us = clock_mono_us();
    client_t head = connected();
    client_t body = connected();
    client_t idle = connected();
    static const char begun[] = "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 30\r\n\r\nabc";
    client_send(&head, "GET / HT", 8);
    client_send(&body, begun, sizeof begun - 1);
    (void)usleep(100000);
    clock_fix_mono(now_us + 11000000);
    bool is_polite = false;
    (void)client_read(&head, answer, sizeof answer, NULL, &is_polite);
    assert_memory_equal(answer, "HTTP/1.1 408", 12);
    assert_true(is_polite);
    (void)client_read(&body, answer, sizeof answer, NULL, &is_polite);
    assert_memory_equal(answer, "HTTP/1.1 408", 12);
    clock_fix_mono(now_us + 61000000);
    assert_int_equal(client_read(&idle, answer, sizeof answer, NULL, &is_polite), 0);
    assert_true(is_polite);
    clock_fix_mono(-1);
    client_close(&head);
    client_close(&body);
    client_close(&idle);
}

static void a_peer_that_does_not_read_is_cut(void **state)
{
    (void)state;
    static const char text[] = "GET /large HTTP/1.1\r\n" HOST "\r\n";
    int64_t now_us = clock_mono_us();
    int gone = atomic_load(&server->hello.gone);
    client_t client = connected();
    for (int i = 0; i < 4; i++) { /* the kernel alone may hold one reply */
        client_send(&client, text, sizeof text - 1);
    }
    (void)usleep(300000);
    clock_fix_mono(now_us + 20000000);
    (void)usleep(600000);
    assert_int_equal(atomic_load(&server->hello.gone), gone);
    for (int64_t later_s = 31; later_s < 200 && atomic_load(&server->hello.gone) == gone;
         later_s += 31) {
        clock_fix_mono(now_us + (20 + later_s) * 1000000); /* the first window may be well filled */
        (void)usleep(600000);
    }
    assert_int_equal(atomic_load(&server->hello.gone), gone + 1);
    clock_fix_mono(-1);
    client_close(&client);
}

static void tls_refuses_what_it_must(void **state)
{
    (void)state;
    client_t client;
    client_options_t options = {.port = server->port, .name = "mail.example"};
    assert_false(client_open(&client, server, &options));
    assert_int_equal(client.error, SSL_R_TLSV1_UNRECOGNIZED_NAME);
    options = (client_options_t){
        .port = server->port, .alpn = (const unsigned char *)"\4smtp", .alpn_len = 5};
    assert_false(client_open(&client, server, &options));
    assert_int_equal(client.error, SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL);
    options = (client_options_t){.port = server->port, .max_version = TLS1_1_VERSION};
    assert_false(client_open(&client, server, &options));
    options = (client_options_t){.port = server->port, .max_version = TLS1_2_VERSION};
    assert_true(client_open(&client, server, &options));
    assert_int_equal(SSL_renegotiate(client.ssl), 1);
    assert_int_not_equal(SSL_do_handshake(client.ssl), 1);
    client_close(&client);
}

static void the_dealers_listener_wants_their_certificate(void **state)
{
    (void)state;
    client_t client;
    client_options_t options = {
        .port = server->dealer_port, .name = "localhost", .max_version = TLS1_2_VERSION};
    assert_false(client_open(&client, server, &options));
    options.max_version = 0;
    options.has_certificate = true;
    assert_true(client_open(&client, server, &options));
    static const char text[] = "GET /head?a=b HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    client_send(&client, text, sizeof text - 1);
    (void)client_read(&client, answer, sizeof answer, NULL, NULL);
    char *body = strstr(answer, "GET /head ?a=b localhost 1 ");
    assert_non_null(body);
    assert_int_equal(strspn(body + 27, "0123456789abcdef"), 64);
    client_close(&client);
}

static void a_drain_finishes_what_is_under_way(void **state)
{
    (void)state;
    server_t *own = server_start(NULL);
    client_options_t options = {.port = own->port, .name = "localhost"};
    client_t idle;
    client_t busy;
    assert_true(client_open(&idle, own, &options));
    assert_true(client_open(&busy, own, &options));
    static const char text[] = "GET /later HTTP/1.1\r\n" HOST "\r\n";
    client_send(&busy, text, sizeof text - 1);
    assert_true(wait_for(&own->hello.requests, 1));
    server_drain(own);
    bool is_polite = false;
    (void)client_read(&busy, answer, sizeof answer, NULL, &is_polite);
    assert_non_null(strstr(answer, "later\n"));
    assert_non_null(strstr(answer, "connection: close"));
    assert_true(is_polite);
    assert_int_equal(client_read(&idle, answer, sizeof answer, NULL, &is_polite), 0);
    assert_true(is_polite);
    client_t late;
    assert_false(client_open(&late, own, &options));
    client_close(&idle);
    client_close(&busy);
    server_stop(own);
}

static void an_address_may_hold_so_many_connections(void **state)
{
    (void)state;
    char exempt[] = "address_exempt=10.0.0.0/8";
    server_t *own = server_start(exempt);
    /* 256 connections an address by default, 200 in all for this worker: fill it, then it pauses.
     */
    client_options_t options = {.port = own->port, .name = "localhost"};
    client_t clients[200];
    for (int i = 0; i < 200; i++) {
        assert_true(client_open(&clients[i], own, &options));
    }
    client_close(&clients[0]);
    client_t next;
    assert_true(client_open(&next, own, &options)); /* accepting went on by itself */
    client_close(&next);
    for (int i = 1; i < 200; i++) {
        client_close(&clients[i]);
    }
    server_stop(own);
}

static int start(void **state)
{
    (void)state;
    server = server_start(NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server_stop(server);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pipelined_requests_are_answered_in_order_and_the_end_is_polite),
        cmocka_unit_test(a_chunked_body_is_read_over_every_split),
        cmocka_unit_test(a_request_that_can_be_read_in_two_ways_is_refused_and_the_connection_ends),
        cmocka_unit_test(limits_are_answered_with_their_status),
        cmocka_unit_test(a_refused_request_with_its_small_body_keeps_the_connection),
        cmocka_unit_test(expect_is_answered_before_the_body),
        cmocka_unit_test(long_replies_arrive_whole),
        cmocka_unit_test(a_spooled_body_is_hashed),
        cmocka_unit_test(a_peer_that_leaves_is_noticed),
        cmocka_unit_test(deadlines_are_total),
        cmocka_unit_test(a_peer_that_does_not_read_is_cut),
        cmocka_unit_test(tls_refuses_what_it_must),
        cmocka_unit_test(the_dealers_listener_wants_their_certificate),
        cmocka_unit_test(a_drain_finishes_what_is_under_way),
        cmocka_unit_test(an_address_may_hold_so_many_connections),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, start, stop);
}
