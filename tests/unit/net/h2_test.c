/* SPDX-License-Identifier: Apache-2.0
 * HTTP/2 against a running worker, with nghttp2 as the client: many streams, bodies, windows,
 * abuse. */
#include "client.h"

#include <nghttp2/nghttp2.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define MAX_STREAMS 300

/* One request of the client and what came back. */
typedef struct {
    int32_t id;
    int status;
    size_t received;
    char first[400]; /* beginning of the body */
    bool is_closed;
    uint32_t code;
    const char *body; /* to send */
    size_t body_len;
    size_t body_at;
} call_t;

typedef struct {
    client_t client;
    nghttp2_session *session;
    call_t calls[MAX_STREAMS];
    int count;
    int open;
    uint32_t goaway; /* error code + 1 */
    bool is_over;
} peer_t;

static server_t *server;

static call_t *call_of(peer_t *peer, int32_t id)
{
    for (int i = 0; i < peer->count; i++) {
        if (peer->calls[i].id == id) {
            return &peer->calls[i];
        }
    }
    return NULL;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags,
                     void *user)
{
    (void)session;
    (void)flags;
    (void)value_len;
    call_t *call = call_of(user, frame->hd.stream_id);
    if (call && name_len == 7 && memcmp(name, ":status", 7) == 0) {
        call->status = (int)strtol((const char *)value, NULL, 10);
    }
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *data,
                   size_t len, void *user)
{
    (void)session;
    (void)flags;
    call_t *call = call_of(user, id);
    if (call->received + len < sizeof call->first) {
        memcpy(call->first + call->received, data, len);
    }
    call->received += len;
    return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t code, void *user)
{
    (void)session;
    peer_t *peer = user;
    call_t *call = call_of(peer, id);
    call->is_closed = true;
    call->code = code;
    peer->open--;
    return 0;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    (void)session;
    if (frame->hd.type == NGHTTP2_GOAWAY) {
        ((peer_t *)user)->goaway = frame->goaway.error_code + 1;
    }
    return 0;
}

static ssize_t give_body(nghttp2_session *session, int32_t id, uint8_t *to, size_t len,
                         uint32_t *flags, nghttp2_data_source *source, void *user)
{
    (void)session;
    (void)id;
    (void)user;
    call_t *call = source->ptr;
    size_t n = call->body_len - call->body_at;
    n = n < len ? n : len;
    memcpy(to, call->body + call->body_at, n);
    call->body_at += n;
    if (call->body_at == call->body_len) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    }
    return (ssize_t)n;
}

static peer_t *peer_open(void)
{
    peer_t *peer = calloc(1, sizeof *peer);
    client_options_t options = {.port = server->port,
                                .name = "localhost",
                                .alpn = (const unsigned char *)"\x02h2",
                                .alpn_len = 3};
    assert_true(client_open(&peer->client, server, &options));
    nghttp2_session_callbacks *callbacks;
    (void)nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    (void)nghttp2_session_client_new(&peer->session, callbacks, peer);
    nghttp2_session_callbacks_del(callbacks);
    (void)nghttp2_submit_settings(peer->session, 0, NULL, 0);
    return peer;
}

static void peer_close(peer_t *peer)
{
    nghttp2_session_del(peer->session);
    client_close(&peer->client);
    free(peer);
}

#define PAIR(name, value)                                                                          \
    {                                                                                              \
        (uint8_t *)(uintptr_t)(name), (uint8_t *)(uintptr_t)(value), strlen(name), strlen(value),  \
            0                                                                                      \
    }

static call_t *call(peer_t *peer, const char *method, const char *path, const char *body,
                    size_t len, const char *name, const char *value)
{
    call_t *made = &peer->calls[peer->count++];
    nghttp2_nv pairs[] = {PAIR(":method", method), PAIR(":scheme", "https"),
                          PAIR(":authority", "localhost"), PAIR(":path", path), PAIR(name, value)};
    nghttp2_data_provider provider = {.source.ptr = made, .read_callback = give_body};
    made->body = body;
    made->body_len = len;
    made->id = nghttp2_submit_request(peer->session, NULL, pairs, 5, body ? &provider : NULL, NULL);
    assert_true(made->id > 0);
    peer->open++;
    return made;
}

static void send_all(peer_t *peer)
{
    const uint8_t *bytes;
    ssize_t len = nghttp2_session_mem_send(peer->session, &bytes);
    while (len > 0) {
        client_send(&peer->client, (const char *)bytes, (size_t)len);
        len = nghttp2_session_mem_send(peer->session, &bytes);
    }
}

/* Exchange frames until no call is open or the server ends. */
static void run(peer_t *peer)
{
    char bytes[65536];
    send_all(peer);
    while (peer->open > 0 && !peer->is_over) {
        int n = SSL_read(peer->client.ssl, bytes, sizeof bytes);
        if (n <= 0) {
            peer->is_over = true;
            break;
        }
        assert_true(nghttp2_session_mem_recv(peer->session, (uint8_t *)bytes, (size_t)n) >= 0);
        send_all(peer);
    }
}

static void many_streams_are_served_at_once(void **state)
{
    (void)state;
    static char body[60000];
    memset(body, 'b', sizeof body);
    peer_t *peer = peer_open();
    for (int i = 0; i < 60; i++) {
        (void)call(peer, "GET", "/hello", NULL, 0, "x", "y");
        (void)call(peer, "GET", "/later", NULL, 0, "x", "y");
        (void)call(peer, "POST", "/echo", body, 5, "x", "y");
    }
    call_t *head = call(peer, "HEAD", "/hello", NULL, 0, "x", "y");
    call_t *large = call(peer, "GET", "/large", NULL, 0, "x", "y");
    call_t *pieces = call(peer, "GET", "/pieces", NULL, 0, "x", "y");
    call_t *echo = call(peer, "POST", "/echo", body, sizeof body, "content-length", "60000");
    run(peer);
    for (int i = 0; i < 180; i += 3) {
        assert_string_equal(peer->calls[i].first, "hello\n");
        assert_string_equal(peer->calls[i + 1].first, "later\n");
        assert_string_equal(peer->calls[i + 2].first, "bbbbb");
    }
    assert_true(head->status == 200 && head->received == 0 && head->is_closed);
    assert_int_equal(large->received, HELLO_LARGE_BYTES);
    assert_int_equal(pieces->received, HELLO_PIECES_BYTES);
    assert_int_equal(echo->received, sizeof body);
    assert_int_equal(pieces->code, NGHTTP2_NO_ERROR);
    peer_close(peer);
}

static void bodies_are_bounded_and_an_early_answer_ends_the_upload(void **state)
{
    (void)state;
    static char body[3000000];
    memset(body, 'a', sizeof body);
    peer_t *peer = peer_open();
    call_t *over = call(peer, "POST", "/echo", body, 1048577, "content-length", "1048577");
    call_t *unknown = call(peer, "POST", "/echo", body, sizeof body, "x", "y");
    call_t *refused = call(peer, "POST", "/refuse", body, sizeof body, "x", "y");
    call_t *spool = call(peer, "POST", "/spool", body, 600000, "x", "y");
    run(peer);
    assert_int_equal(over->status, 413);
    assert_int_equal(unknown->status, 413);
    assert_int_equal(refused->status, 401);
    assert_int_equal(spool->status, 200);
    assert_memory_equal(spool->first,
                        "600000 ded93777580eeaa7d906cb0f16b9706b1000067eaf0f3b6c1d03a8bc6a15bf15",
                        71);
    peer_close(peer);
}

static void bad_heads_are_answered_or_reset(void **state)
{
    (void)state;
    static char long_path[5000];
    long_path[0] = '/';
    memset(long_path + 1, 'p', sizeof long_path - 2);
    static char long_value[6000];
    memset(long_value, 'v', sizeof long_value - 1);
    peer_t *peer = peer_open();
    call_t *dots = call(peer, "GET", "/a/%2e%2e/b", NULL, 0, "x", "y");
    call_t *longest = call(peer, "GET", long_path, NULL, 0, "x", "y");
    call_t *absolute = call(peer, "GET", "https://localhost/hello", NULL, 0, "x", "y");
    call_t *host = call(peer, "GET", "/hello", NULL, 0, "host", "other");
    call_t *method = call(peer, "BREW", "/hello", NULL, 0, "x", "y");
    call_t *large = call(peer, "GET", long_path, NULL, 0, "x", long_value);
    call_t *fine = call(peer, "GET", "/hello", NULL, 0, "x", "y");
    run(peer);
    assert_int_equal(dots->status, 400);
    assert_int_equal(longest->status, 414);
    assert_int_equal(absolute->code, NGHTTP2_PROTOCOL_ERROR);
    assert_int_equal(host->status, 400);
    assert_int_equal(method->status, 400);
    assert_int_equal(large->status, 431);
    assert_int_equal(fine->status, 200);
    peer_close(peer);
}

static void a_torn_reply_is_a_reset(void **state)
{
    (void)state;
    peer_t *peer = peer_open();
    call_t *torn = call(peer, "GET", "/torn", NULL, 0, "x", "y");
    run(peer);
    assert_int_equal(torn->code, NGHTTP2_INTERNAL_ERROR);
    peer_close(peer);
}

static void a_cancelled_stream_is_noticed(void **state)
{
    (void)state;
    int gone = atomic_load(&server->hello.gone);
    peer_t *peer = peer_open();
    call_t *never = call(peer, "GET", "/never", NULL, 0, "x", "y");
    send_all(peer);
    (void)nghttp2_submit_rst_stream(peer->session, 0, never->id, NGHTTP2_CANCEL);
    send_all(peer);
    assert_true(wait_for(&server->hello.gone, gone + 1));
    (void)call(peer, "GET", "/never", NULL, 0, "x", "y");
    send_all(peer);
    (void)usleep(50000);
    peer_close(peer);
    assert_true(wait_for(&server->hello.gone, gone + 2));
}

static void a_flood_of_resets_ends_the_connection(void **state)
{
    (void)state;
    peer_t *peer = peer_open();
    for (int i = 0; i < 290; i++) {
        call_t *made = call(peer, "GET", "/never", NULL, 0, "x", "y");
        send_all(peer);
        (void)nghttp2_submit_rst_stream(peer->session, 0, made->id, NGHTTP2_CANCEL);
        send_all(peer);
    }
    peer->open = 1;
    run(peer);
    assert_true(peer->goaway > 0 || peer->is_over);
    peer_close(peer);
}

static void a_flood_of_resets_it_is_made_to_send_ends_the_connection(void **state)
{
    (void)state;
    peer_t *peer = peer_open();
    for (int i = 0; i < 290 && !peer->goaway && !peer->is_over; i++) {
        call_t *made = call(peer, "GET", "/never", NULL, 0, "x", "y");
        send_all(peer);
        /* a window opened beyond its limit: a stream error. source: RFC 9113 6.9.1 */
        char frame[13] = {0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7f, (char)0xff, (char)0xff, (char)0xff};
        frame[7] = (char)(made->id >> 8);
        frame[8] = (char)made->id;
        client_send(&peer->client, frame, sizeof frame);
        run(peer);
    }
    assert_true(peer->goaway > 0 || peer->is_over);
    peer_close(peer);
}

static void a_drain_says_goaway_and_finishes(void **state)
{
    (void)state;
    server_t *before = server;
    server = server_start(NULL);
    peer_t *peer = peer_open();
    call_t *later = call(peer, "GET", "/later", NULL, 0, "x", "y");
    send_all(peer);
    assert_true(wait_for(&server->hello.requests, 1));
    server_drain(server);
    run(peer);
    peer->open = 1; /* read on to the end of the connection */
    run(peer);
    assert_string_equal(later->first, "later\n");
    assert_int_equal(peer->goaway, NGHTTP2_NO_ERROR + 1);
    assert_true(peer->is_over);
    assert_int_equal(SSL_get_shutdown(peer->client.ssl) & SSL_RECEIVED_SHUTDOWN,
                     SSL_RECEIVED_SHUTDOWN);
    peer_close(peer);
    server_stop(server);
    server = before;
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
        cmocka_unit_test(many_streams_are_served_at_once),
        cmocka_unit_test(bodies_are_bounded_and_an_early_answer_ends_the_upload),
        cmocka_unit_test(bad_heads_are_answered_or_reset),
        cmocka_unit_test(a_torn_reply_is_a_reset),
        cmocka_unit_test(a_cancelled_stream_is_noticed),
        cmocka_unit_test(a_flood_of_resets_ends_the_connection),
        cmocka_unit_test(a_flood_of_resets_it_is_made_to_send_ends_the_connection),
        cmocka_unit_test(a_drain_says_goaway_and_finishes),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, start, stop);
}
