/* SPDX-License-Identifier: Apache-2.0
 * One connection to PostgreSQL on the event loop: the ring of calls and whose answer comes next. */
#include "db/pgconn.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/mem.h"
#include "db/pgconn_own.h"

enum {
    IN_BYTES = 32 * 1024,       /* read at once                                  */
    IN_KEEP_BYTES = 256 * 1024, /* a buffer that grew beyond is given back       */
    READ_ROUNDS = 4,            /* in one turn: others wait too                  */
    OUT_MAX_BYTES = 256 * 1024 * 1024,
};

void pgconn_set_state(pgconn_t *conn, pgconn_state_t state)
{
    static const uint8_t legal[] = {
        [PGCONN_CLOSED] = 1u << PGCONN_CONNECTING,
        [PGCONN_CONNECTING] = 1u << PGCONN_READY | 1u << PGCONN_CLOSED,
        [PGCONN_READY] = 1u << PGCONN_LEAVING | 1u << PGCONN_CLOSED,
        [PGCONN_LEAVING] = 1u << PGCONN_CLOSED,
    };
    CHECK(legal[conn->state] >> state & 1u);
    conn->state = state;
    conn->since_ms = (clock_mono_us() / 1000);
}

void pgconn_drop_events(pgconn_t *conn)
{
    if (conn->readable)
        event_free(conn->readable);
    if (conn->writable)
        event_free(conn->writable);
    conn->readable = conn->writable = NULL;
}

pgconn_t *pgconn_new(struct event_base *base, const pgconn_options_t *options,
                     const pgconn_events_t *events, void *ctx)
{
    pgconn_t *conn = mem_new(sizeof *conn);
    conn->base = base;
    conn->options = options;
    conn->events = events;
    conn->ctx = ctx;
    conn->in = buf_make(2 * (size_t)MESSAGE_MAX_BYTES);
    conn->out = buf_make(OUT_MAX_BYTES);
    return conn;
}

/* What belonged to this socket. */
static void forget_all(pgconn_t *conn)
{
    pgconn_drop_events(conn);
    if (conn->pg)
        PQfinish(conn->pg);
    conn->pg = NULL;
    conn->fd = -1;
    for (unsigned i = 0; i < DB_STATEMENTS_MAX; i++)
        db_shape_drop(conn->known[i].shape);
    memset(conn->known, 0, sizeof conn->known);
    buf_free(&conn->in);
    buf_free(&conn->out);
    conn->in_read = conn->out_sent = 0;
}

void pgconn_free(pgconn_t *conn)
{
    if (!conn)
        return;
    forget_all(conn);
    mem_free(conn);
}

void pgconn_close(pgconn_t *conn, const char *reason)
{
    if (conn->state == PGCONN_CLOSED)
        return;
    forget_all(conn);
    pgconn_set_state(conn, PGCONN_CLOSED);
    conn->is_paused = conn->is_stale = false;
    segment_t ring[PGCONN_DEPTH_MAX];
    unsigned count = conn->count;
    for (unsigned i = 0; i < count; i++)
        ring[i] = conn->ring[(conn->head + i) % PGCONN_DEPTH_MAX];
    conn->head = conn->count = 0;
    for (unsigned i = 0; i < count; i++) {
        db_call_t *call = ring[i].call;
        if (!call)
            continue;
        call->outcome = DB_UNAVAILABLE;
        conn->events->on_call(conn->ctx, conn, call);
    }
    conn->events->on_closed(conn->ctx, conn, reason);
}

void pgconn_leave(pgconn_t *conn)
{
    if (conn->state == PGCONN_READY)
        pgconn_set_state(conn, PGCONN_LEAVING);
    if (conn->state == PGCONN_LEAVING && conn->count == 0 && !conn->is_processing)
        pgconn_close(conn, "left");
}

bool pgconn_is_open(const pgconn_t *conn)
{
    return conn->state == PGCONN_READY || conn->state == PGCONN_LEAVING;
}

/* --- the socket ------------------------------------------------------------------------------- */

static bool is_for_later(ssize_t result)
{
    return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

/* Room for one more read, and for all of the message that has begun. */
static char *make_room(pgconn_t *conn, size_t *room)
{
    buf_consume(&conn->in, conn->in_read);
    conn->in_read = 0;
    if (conn->in.len == 0 && conn->in.cap > IN_KEEP_BYTES)
        buf_free(&conn->in);
    size_t whole = message_bytes(str_n(conn->in.ptr, conn->in.len));
    *room = whole > conn->in.len + IN_BYTES && whole <= MESSAGE_MAX_BYTES ? whole - conn->in.len
                                                                          : IN_BYTES;
    return buf_reserve(&conn->in, *room);
}

/* out: whether the socket may have more */
static bool take_in(pgconn_t *conn)
{
    size_t room;
    char *to = make_room(conn, &room);
    ssize_t got = to ? recv(conn->fd, to, room, 0) : 0;
    if (got > 0) {
        conn->in.len += (size_t)got;
        pgconn_process(conn); /* what had arrived before a loss still counts */
        return (size_t)got == room;
    }
    if (!is_for_later(got))
        pgconn_close(conn, "lost");
    return false;
}

void pgconn_on_readable(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    pgconn_t *conn = arg;
    int rounds = READ_ROUNDS;
    while (rounds-- > 0 && pgconn_is_open(conn) && !conn->is_paused && take_in(conn)) {
    }
}

/* out: false when the connection is lost */
static bool flush(pgconn_t *conn)
{
    while (conn->out_sent < conn->out.len) {
        ssize_t sent = send(conn->fd, conn->out.ptr + conn->out_sent,
                            conn->out.len - conn->out_sent, MSG_NOSIGNAL);
        if (sent < 0 && !is_for_later(sent))
            return false;
        if (sent < 0) {
            event_add(conn->writable, NULL);
            return true;
        }
        conn->out_sent += (size_t)sent;
    }
    conn->out_sent = 0;
    buf_reset(&conn->out);
    if (conn->out.cap > IN_KEEP_BYTES)
        buf_free(&conn->out);
    return true;
}

void pgconn_on_writable(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    pgconn_t *conn = arg;
    if (!flush(conn))
        pgconn_close(conn, "lost");
}

/* --- sending --------------------------------------------------------------------------------- */

static void put_call(pgconn_t *conn, const db_call_t *call, segment_t *segment)
{
    for (unsigned i = 0; i < call->step_count; i++) {
        const db_statement_t *statement = call->steps[i].statement;
        segment->steps[i] = statement->index;
        if (conn->known[statement->index].is_prepared)
            continue;
        message_prepare(&conn->out, statement);
        conn->known[statement->index].is_prepared = true;
        segment->prepares[segment->prepare_count++] = statement->index;
    }
    for (unsigned i = 0; i < call->step_count; i++) {
        const db_step_t *step = &call->steps[i];
        message_execute(&conn->out, step->statement, step->values, step->lengths, step->formats);
    }
    message_sync(&conn->out);
}

bool pgconn_send(pgconn_t *conn, db_call_t *call, int64_t now_ms)
{
    CHECK(pgconn_has_slot(conn));
    segment_t *segment = &conn->ring[(conn->head + conn->count) % PGCONN_DEPTH_MAX];
    *segment = (segment_t){.call = call,
                           .step_count = call->step_count,
                           .is_by_row = call->is_by_row,
                           .sent_ms = now_ms};
    put_call(conn, call, segment);
    bool is_idle = conn->count == 0;
    if (conn->out.is_full || (is_idle && !flush(conn))) {
        pgconn_close(conn, "send failed");
        return false;
    }
    conn->count++;
    if (!is_idle)
        event_active(conn->writable, EV_WRITE, 0);
    return true;
}

void pgconn_forget(pgconn_t *conn, db_call_t *call)
{
    for (unsigned i = 0; i < conn->count; i++) {
        segment_t *segment = &conn->ring[(conn->head + i) % PGCONN_DEPTH_MAX];
        if (segment->call == call)
            segment->call = NULL;
    }
    pgconn_resume(conn);
}

void pgconn_resume(pgconn_t *conn)
{
    if (!conn->is_paused)
        return;
    conn->is_paused = false;
    if (conn->readable)
        event_add(conn->readable, NULL);
    pgconn_process(conn);
}

/* --- questions ------------------------------------------------------------------------------- */

pgconn_state_t pgconn_state(const pgconn_t *conn)
{
    return conn->state;
}

unsigned pgconn_in_flight(const pgconn_t *conn)
{
    return conn->count;
}

bool pgconn_has_slot(const pgconn_t *conn)
{
    return conn->state == PGCONN_READY && conn->count < conn->options->depth;
}

int64_t pgconn_since_ms(const pgconn_t *conn)
{
    return conn->since_ms;
}

int64_t pgconn_head_sent_ms(const pgconn_t *conn)
{
    return conn->count ? conn->ring[conn->head].sent_ms : 0;
}

db_call_t *pgconn_call_at(const pgconn_t *conn, unsigned place)
{
    return place < conn->count ? conn->ring[(conn->head + place) % PGCONN_DEPTH_MAX].call : NULL;
}

PGcancel *pgconn_cancel_handle(const pgconn_t *conn)
{
    return conn->pg ? PQgetCancel(conn->pg) : NULL;
}
