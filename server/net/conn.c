/* SPDX-License-Identifier: Apache-2.0
 * Socket, TLS and buffers of a connection. */
#include "net/conn.h"
#include "base/clock.h"
#include "base/mem.h"
#include "net/conn_own.h"
#include "net/h1.h"
#include "net/worker_own.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURN_ROUNDS 8
#define SPARE_BYTES (64 * 1024)

static void on_writable(evutil_socket_t fd, short what, void *argument);

/* --- state --------------------------------------------------------------------------------- */

void conn_set_state(conn_t *conn, conn_state_t state)
{
    assert(state > conn->state || conn->state == CONN_HANDSHAKE);
    conn->state = state;
}

void conn_pause(conn_t *conn, bool is_paused)
{
    if (conn->is_paused != is_paused && !conn->is_peer_done) {
        conn->is_paused = is_paused;
        if (is_paused) {
            (void)event_del(&conn->read_event);
        } else {
            (void)event_add(&conn->read_event, NULL);
            conn_read_later(conn);
        }
    }
}

void conn_touch(conn_t *conn)
{
    worker_t *worker = conn->worker;
    if (conn->is_dirty) {
        return;
    }
    conn->is_dirty = true;
    conn->next_dirty = NULL;
    if (worker->last_dirty) {
        worker->last_dirty->next_dirty = conn;
    } else {
        worker->first_dirty = conn;
    }
    worker->last_dirty = conn;
}

static void link_conn(conn_t *conn)
{
    worker_t *worker = conn->worker;
    conn->next = worker->first_conn;
    if (conn->next) {
        conn->next->previous = conn;
    }
    worker->first_conn = conn;
    metric_add(worker->metrics->connections, 1);
}

static void unlink_conn(conn_t *conn)
{
    worker_t *worker = conn->worker;
    if (conn->previous) {
        conn->previous->next = conn->next;
    } else {
        worker->first_conn = conn->next;
    }
    if (conn->next) {
        conn->next->previous = conn->previous;
    }
    metric_add(worker->metrics->connections, -1);
}

conn_t *conn_open(worker_t *worker, listener_kind_t kind, int fd, const address_t *address)
{
    struct ssl_st *ssl = NULL;
    conn_t *conn = slab_get(worker->conns);
    if (conn && kind != LISTENER_METRICS) {
        ssl = tls_accept(worker->tls, kind, fd);
    }
    if (!conn || (kind != LISTENER_METRICS && !ssl)) {
        if (conn) {
            slab_put(worker->conns, conn);
        }
        (void)close(fd);
        return NULL;
    }
    conn->worker = worker;
    conn->fd = fd;
    conn->ssl = ssl;
    conn->listener = kind;
    conn->address = *address;
    conn->protocol = &h1_protocol;
    conn->in = buf_make(CONN_IN_MAX_BYTES);
    conn->out = buf_make(CONN_OUT_MAX_BYTES);
    conn->state = ssl ? CONN_HANDSHAKE : CONN_OPEN;
    conn->deadline_us = clock_mono_us() + (ssl ? CONN_HANDSHAKE_US : CONN_IDLE_US);
    (void)event_assign(&conn->read_event, worker->base, fd, EV_READ | EV_PERSIST, conn_on_readable,
                       conn);
    (void)event_assign(&conn->write_event, worker->base, fd, EV_WRITE, on_writable, conn);
    (void)event_add(&conn->read_event, NULL);
    link_conn(conn);
    return conn;
}

void conn_close(conn_t *conn, close_how_t how)
{
    worker_t *worker = conn->worker;
    if (conn->state == CONN_DEAD) {
        return;
    }
    conn_state_t before = conn->state;
    conn_set_state(conn, CONN_DEAD);
    if (conn->state_of_protocol) {
        conn->protocol->gone(conn);
    }
    if (conn->ssl) {
        bool is_polite = how == CLOSE_POLITE && !conn->is_broken;
        if (is_polite && (before == CONN_OPEN || before == CONN_CLOSING)) {
            (void)SSL_shutdown(conn->ssl);
        }
        SSL_free(conn->ssl);
        ERR_clear_error();
    }
    (void)event_del(&conn->read_event);
    (void)event_del(&conn->write_event);
    (void)close(conn->fd);
    mem_free(conn->peer);
    buf_free(&conn->in);
    buf_free(&conn->out);
    unlink_conn(conn);
    address_leave(worker->addresses, &conn->address);
    slab_put(worker->conns, conn);
    worker_conn_ended(worker);
}

/* --- sending ------------------------------------------------------------------------------- */

/* The send buffer is empty: let it go, keeping one per worker for the next reply. */
static void recycle_out(conn_t *conn)
{
    buf_t *spare = &conn->worker->spare_out;
    conn->out_at = 0;
    buf_reset(&conn->out);
    if (!spare->ptr && conn->out.cap <= SPARE_BYTES) {
        *spare = conn->out;
        conn->out = buf_make(CONN_OUT_MAX_BYTES);
    } else {
        buf_free(&conn->out);
    }
}

/* Send what is in out. out: false when the connection broke (it is closed then) */
static bool flush(conn_t *conn)
{
    while (conn_unsent(conn) > 0) {
        ssize_t n =
            wire_write(conn->ssl, conn->fd, conn->out.ptr + conn->out_at, conn_unsent(conn));
        if (n < 0) {
            conn->is_broken = true;
            conn_close(conn, CLOSE_ABRUPT);
            return false;
        }
        if (n == 0) {
            rate_begin(&conn->out_rate, clock_mono_us(), CONN_REPLY_WINDOW_US);
            if (!conn->is_writing) {
                conn->is_writing = true;
                (void)event_add(&conn->write_event, NULL);
            }
            if (conn->out_at > CONN_OUT_MAX_BYTES / 4) {
                buf_consume(&conn->out, conn->out_at);
                conn->out_at = 0;
            }
            return true;
        }
        conn->out_at += (size_t)n;
        conn->out_rate.bytes += n;
        metric_add(conn->worker->metrics->bytes_out, n);
    }
    rate_end(&conn->out_rate);
    if (conn->out.ptr) {
        recycle_out(conn);
    }
    return true;
}

static void on_writable(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    conn_t *conn = argument;
    conn->is_writing = false;
    if (conn->state == CONN_HANDSHAKE) {
        conn_handshake(conn);
    } else {
        conn_touch(conn);
    }
}

/* Everything is sent: say goodbye and wait for the peer's, so that no reset can eat the answer. */
static void say_goodbye(conn_t *conn)
{
    if (conn->is_peer_done) {
        conn_close(conn, CLOSE_POLITE);
        return;
    }
    if (conn->ssl && !conn->is_broken) {
        ERR_clear_error();
        (void)SSL_shutdown(conn->ssl);
    }
    (void)shutdown(conn->fd, SHUT_WR);
    conn_set_state(conn, CONN_LINGER);
    conn->deadline_us = clock_mono_us() + CONN_LINGER_US;
    conn_pause(conn, false);
}

void conn_finish(conn_t *conn)
{
    if (conn->state == CONN_OPEN) {
        conn_set_state(conn, CONN_CLOSING);
        conn->deadline_us = 0;
        buf_free(&conn->in);
        conn_touch(conn);
    }
}

/* --- the turn
 * ------------------------------------------------------------------------------------- */

void conn_turn(conn_t *conn)
{
    conn->is_dirty = false;
    if (conn->state == CONN_OPEN && conn->in.len > 0) {
        conn_offer(conn);
    }
    bool has_more = true;
    for (int round = 0; round < TURN_ROUNDS && has_more; round++) {
        if (conn->state != CONN_OPEN && conn->state != CONN_CLOSING) {
            return;
        }
        has_more = conn->state == CONN_OPEN && conn->protocol->turn(conn);
        if ((conn->state != CONN_OPEN && conn->state != CONN_CLOSING) || !flush(conn)) {
            return;
        }
        has_more = has_more && conn_unsent(conn) == 0;
    }
    if (has_more && !conn->is_writing) { /* others first: go on when the socket takes more */
        rate_begin(&conn->out_rate, clock_mono_us(), CONN_REPLY_WINDOW_US);
        conn->is_writing = true;
        (void)event_add(&conn->write_event, NULL);
    }
    if (conn->is_held && conn_unsent(conn) < STREAM_HIGH_BYTES) {
        conn->is_held = false;
        conn_touch(conn);
    }
    if (conn->state == CONN_CLOSING && conn_unsent(conn) == 0) {
        say_goodbye(conn);
    } else if (conn->is_peer_done && conn->state == CONN_OPEN) {
        if (conn_unsent(conn) == 0 || conn->is_broken) {
            conn_close(conn, CLOSE_POLITE);
        } else {
            conn_finish(conn);
        }
    }
}

/* While input is not read the loop does not hear of the peer's leaving: ask the kernel. (libevent's
 * EV_CLOSED is not told of resets.) */
static bool has_left(const conn_t *conn)
{
    struct pollfd probe = {.fd = conn->fd, .events = POLLRDHUP};
    return poll(&probe, 1, 0) == 1 && (probe.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void conn_check(conn_t *conn, int64_t now_us)
{
    const worker_metrics_t *metrics = conn->worker->metrics;
    if (conn->is_paused && has_left(conn)) {
        conn_close(conn, CLOSE_ABRUPT);
    } else if (rate_is_late(&conn->out_rate, now_us)) {
        metric_add(metrics->late_reply, 1);
        conn_close(conn, CLOSE_ABRUPT);
    } else if (conn->deadline_us == 0 || now_us <= conn->deadline_us) {
        return;
    } else if (conn->state == CONN_HANDSHAKE) {
        metric_add(metrics->late_handshake, 1);
        conn_close(conn, CLOSE_ABRUPT);
    } else if (conn->state == CONN_OPEN) {
        conn->protocol->expired(conn, now_us);
    } else {
        conn_close(conn, CLOSE_ABRUPT);
    }
}

void conn_drain(conn_t *conn)
{
    if (conn->state == CONN_OPEN) {
        conn->protocol->drain(conn);
        if (conn->state == CONN_OPEN) {
            conn_touch(conn);
        }
    }
}
