/* SPDX-License-Identifier: Apache-2.0
 * A connection's receiving half: handshake, reading, what the protocol did not use yet. */
#include "net/conn_own.h"
#include "base/clock.h"
#include "base/mem.h"
#include "net/h2.h"
#include "net/worker_own.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#define READ_ROUNDS  4
#define LINGER_READS 8

void conn_read_later(conn_t *conn)
{
    if (conn->state == CONN_OPEN && wire_has_pending(conn->ssl)) {
        event_active(&conn->read_event, EV_READ, 0);
    }
}

/* Keep what the protocol did not use, and stop reading while much of it waits. */
static void keep_rest(conn_t *conn, str_t rest)
{
    if (!buf_add_str(&conn->in, rest)) {
        conn_close(conn, CLOSE_ABRUPT);
        return;
    }
    if (conn->in.len >= CONN_IN_PAUSE_BYTES) {
        conn_pause(conn, true);
    }
}

void conn_offer(conn_t *conn)
{
    size_t used = conn->protocol->input(conn, buf_str(&conn->in));
    if (conn->state != CONN_OPEN) {
        return;
    }
    buf_consume(&conn->in, used);
    if (conn->in.len == 0) {
        buf_free(&conn->in);
    }
    if (conn->in.len < CONN_IN_PAUSE_BYTES) {
        conn_pause(conn, false);
    }
}

static void take(conn_t *conn, str_t bytes)
{
    metric_add(conn->worker->metrics->bytes_in, (int64_t)bytes.len);
    if (conn->in.len > 0) {
        keep_rest(conn, bytes);
        if (conn->state == CONN_OPEN) {
            conn_offer(conn);
        }
        return;
    }
    size_t used = conn->protocol->input(conn, bytes);
    if (conn->state == CONN_OPEN && used < bytes.len) {
        keep_rest(conn, str_skip(bytes, used));
    }
}

static void read_input(conn_t *conn)
{
    char *scratch = conn->worker->scratch;
    for (int round = 0; round < READ_ROUNDS && conn->state == CONN_OPEN && !conn->is_paused;
         round++) {
        ssize_t n = wire_read(conn->ssl, conn->fd, scratch, WORKER_SCRATCH_BYTES);
        if (n == 0) {
            break;
        }
        if (n < 0) {
            conn->is_broken = n == WIRE_BROKEN;
            conn->is_peer_done = true;
            (void)event_del(&conn->read_event);
            break;
        }
        take(conn, str_n(scratch, (size_t)n));
        bool has_more = conn->ssl ? wire_has_pending(conn->ssl) : (size_t)n == WORKER_SCRATCH_BYTES;
        if (!has_more) {
            break;
        }
        if (round + 1 == READ_ROUNDS && conn->state == CONN_OPEN) {
            conn_read_later(conn);
        }
    }
    if (conn->state == CONN_OPEN || conn->state == CONN_CLOSING) {
        conn_touch(conn);
    }
}

/* The TLS handshake is complete: remember the certificate, choose the protocol. */
static void established(conn_t *conn)
{
    if (conn->listener == LISTENER_DEALER) {
        conn->peer = MEM_NEW(tls_peer_t);
        if (!tls_peer(conn->ssl, conn->peer)) {
            conn_close(conn, CLOSE_ABRUPT);
            return;
        }
    }
    conn_set_state(conn, CONN_OPEN);
    conn->deadline_us = clock_mono_us() + CONN_IDLE_US;
    /* A client with Nagle's algorithm waits for this acknowledgement before its first request. */
    (void)setsockopt(conn->fd, IPPROTO_TCP, TCP_QUICKACK, &(int){1}, sizeof(int));
    if (tls_is_http2(conn->ssl) && !h2_begin(conn)) {
        conn_close(conn, CLOSE_ABRUPT);
        return;
    }
    conn_touch(conn);
    if (conn->worker->is_draining) {
        conn_drain(conn);
    } else if (wire_has_pending(conn->ssl)) {
        read_input(conn);
    }
}

void conn_handshake(conn_t *conn)
{
    if (conn->worker->handshakes_left <= 0) {
        return; /* the loop will say again that this socket is readable */
    }
    conn->worker->handshakes_left--;
    ERR_clear_error();
    int n = SSL_do_handshake(conn->ssl);
    if (n == 1) {
        established(conn);
        return;
    }
    int error = SSL_get_error(conn->ssl, n);
    if (error == SSL_ERROR_WANT_WRITE && !conn->is_writing) {
        conn->is_writing = true;
        (void)event_add(&conn->write_event, NULL);
    } else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        metric_add(conn->worker->metrics->handshakes_failed, 1);
        conn->is_broken = true;
        conn_close(conn, CLOSE_ABRUPT);
    }
}

/* After our goodbye: throw away what still comes until the peer closes. */
static void linger(conn_t *conn)
{
    for (int i = 0; i < LINGER_READS; i++) {
        ssize_t n = recv(conn->fd, conn->worker->scratch, WORKER_SCRATCH_BYTES, 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        if (n <= 0) {
            conn_close(conn, CLOSE_ABRUPT);
            return;
        }
    }
}

void conn_on_readable(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    conn_t *conn = argument;
    switch (conn->state) {
    case CONN_HANDSHAKE:
        conn_handshake(conn);
        break;
    case CONN_OPEN:
        read_input(conn);
        break;
    case CONN_LINGER:
        linger(conn);
        break;
    default: /* CONN_CLOSING: the answer first */
        conn_pause(conn, true);
        break;
    }
}
