/* SPDX-License-Identifier: Apache-2.0
 * One connection to PostgreSQL on the event loop. See pgconn.h; the traps of libpq 15 that this
 * file steps around are listed in README.md next to it. */
#include "db/pgconn.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/mem.h"
#include "db/pgconn_own.h"

enum { READ_ROUNDS = 8 }; /* of libpq's 16 KB in one turn: others wait too */

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

static bool is_prepared(const pgconn_t *conn, unsigned index)
{
    return conn->prepared[index / 64] >> (index % 64) & 1u;
}

static void set_prepared(pgconn_t *conn, unsigned index, bool is)
{
    uint64_t bit = UINT64_C(1) << (index % 64);
    if (is)
        conn->prepared[index / 64] |= bit;
    else
        conn->prepared[index / 64] &= ~bit;
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
    return conn;
}

void pgconn_free(pgconn_t *conn)
{
    if (!conn)
        return;
    pgconn_drop_events(conn);
    if (conn->pg)
        PQfinish(conn->pg);
    mem_free(conn);
}

void pgconn_close(pgconn_t *conn, const char *reason)
{
    if (conn->state == PGCONN_CLOSED)
        return;
    pgconn_drop_events(conn);
    PQfinish(conn->pg);
    conn->pg = NULL;
    pgconn_set_state(conn, PGCONN_CLOSED);
    conn->is_paused = conn->is_stale = false;
    memset(conn->prepared, 0, sizeof conn->prepared);
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

/* --- answers -------------------------------------------------------------------------------- */

static void take_error(pgconn_t *conn, segment_t *segment, PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!state)
        state = "08006";
    if (segment->item < segment->prepare_count)
        for (unsigned i = segment->item; i < segment->prepare_count; i++)
            set_prepared(conn, segment->prepares[i], false);
    if (strcmp(state, "26000") == 0 || strcmp(state, "0A000") == 0)
        conn->is_stale = true;
    db_call_t *call = segment->call;
    if (!call || call->error) {
        PQclear(result);
        return;
    }
    bool is_loss = strncmp(state, "57P0", 4) == 0 || strncmp(state, "08", 2) == 0;
    call->outcome = is_loss ? DB_UNAVAILABLE : DB_REFUSED;
    call->error = result;
    snprintf(call->sqlstate, sizeof call->sqlstate, "%s", state);
    unsigned step = segment->item >= segment->prepare_count
                        ? (unsigned)(segment->item - segment->prepare_count)
                        : 0;
    call->error_step = (uint8_t)(step < segment->step_count ? step : segment->step_count - 1u);
}

static void take_rows(segment_t *segment, PGresult *result)
{
    unsigned step = (unsigned)segment->item - segment->prepare_count;
    db_call_t *call = segment->call;
    if (!call || segment->item < segment->prepare_count || step >= segment->step_count ||
        call->results[step]) {
        PQclear(result);
        return;
    }
    call->results[step] = result;
}

static void end_segment(pgconn_t *conn)
{
    segment_t *segment = &conn->ring[conn->head];
    db_call_t *call = segment->call;
    conn->head = (conn->head + 1) % PGCONN_DEPTH_MAX;
    conn->count--;
    conn->since_ms = (clock_mono_us() / 1000);
    if (conn->is_stale && conn->state == PGCONN_READY)
        pgconn_set_state(conn, PGCONN_LEAVING);
    if (call)
        conn->events->on_call(conn->ctx, conn, call);
    if (conn->state == PGCONN_READY)
        conn->events->on_free_slot(conn->ctx, conn);
}

/* A statement of the head segment is answered whole; the next one may want single-row mode, which
 * libpq takes only now: after the NULL, before anything of the next answer is parsed. */
static void next_item(pgconn_t *conn)
{
    segment_t *segment = &conn->ring[conn->head];
    segment->item++;
    if (segment->is_by_row && segment->item == segment->prepare_count + segment->step_count - 1)
        PQsetSingleRowMode(conn->pg);
}

static void take_result(pgconn_t *conn, PGresult *result)
{
    segment_t *segment = &conn->ring[conn->head];
    switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
        PQclear(result);
        end_segment(conn);
        return;
    case PGRES_SINGLE_TUPLE:
        if (segment->call && segment->call->row && !segment->call->row(segment->call, result)) {
            conn->is_paused = true;
            if (conn->readable)
                event_del(conn->readable);
        }
        PQclear(result);
        return;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        take_rows(segment, result);
        return;
    case PGRES_PIPELINE_ABORTED:
        PQclear(result);
        return;
    default:
        take_error(conn, segment, result);
        return;
    }
}

/* Hand out every answer that has arrived. Stops at a pause; safe when a callback closes us. */
static void process(pgconn_t *conn)
{
    if (conn->is_processing)
        return;
    conn->is_processing = true;
    while (conn->pg && conn->count > 0 && !conn->is_paused && !PQisBusy(conn->pg)) {
        PGresult *result = PQgetResult(conn->pg);
        if (result)
            take_result(conn, result);
        else if (PQstatus(conn->pg) == CONNECTION_BAD)
            break;
        else
            next_item(conn);
    }
    conn->is_processing = false;
    if (!conn->pg)
        return;
    if (PQstatus(conn->pg) == CONNECTION_BAD)
        pgconn_close(conn, "lost");
    else if (conn->state == PGCONN_LEAVING && conn->count == 0)
        pgconn_close(conn, conn->is_stale ? "stale" : "left");
}

static void flush(pgconn_t *conn)
{
    int rest = PQflush(conn->pg);
    if (rest < 0)
        pgconn_close(conn, "lost");
    else if (rest == 1)
        event_add(conn->writable, NULL);
}

/* Whether the rest of an answer that came in part has arrived: libpq reads 16 KB at a time. */
static bool has_more(const pgconn_t *conn, int fd)
{
    int waiting = 0;
    bool is_part = conn->pg && conn->count > 0 && conn->ring[conn->head].item > 0;
    return is_part && !conn->is_paused && ioctl(fd, FIONREAD, &waiting) == 0 && waiting > 0;
}

void pgconn_on_readable(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    pgconn_t *conn = arg;
    int rounds = READ_ROUNDS;
    do {
        bool is_read = PQconsumeInput(conn->pg) == 1;
        process(conn); /* what had arrived before a loss still counts */
        if (!is_read && conn->pg) {
            pgconn_close(conn, "lost");
            return;
        }
    } while (--rounds > 0 && has_more(conn, fd));
}

void pgconn_on_writable(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    pgconn_t *conn = arg;
    /* the other side may be blocked on its own answers: read before writing more */
    if (!conn->is_paused && !PQconsumeInput(conn->pg)) {
        pgconn_close(conn, "lost");
        return;
    }
    flush(conn);
    if (conn->pg)
        process(conn);
}

/* --- sending --------------------------------------------------------------------------------- */

static bool send_prepares(pgconn_t *conn, const db_call_t *call, segment_t *segment)
{
    for (unsigned i = 0; i < call->step_count; i++) {
        const db_statement_t *statement = call->steps[i].statement;
        if (is_prepared(conn, statement->index))
            continue;
        if (!PQsendPrepare(conn->pg, statement->name, statement->sql, 0, NULL))
            return false;
        set_prepared(conn, statement->index, true);
        segment->prepares[segment->prepare_count++] = statement->index;
    }
    return true;
}

bool pgconn_send(pgconn_t *conn, db_call_t *call, int64_t now_ms)
{
    CHECK(pgconn_has_slot(conn));
    segment_t *segment = &conn->ring[(conn->head + conn->count) % PGCONN_DEPTH_MAX];
    *segment = (segment_t){.call = call,
                           .step_count = call->step_count,
                           .is_by_row = call->is_by_row,
                           .sent_ms = now_ms};
    bool is_sent = send_prepares(conn, call, segment);
    for (unsigned i = 0; is_sent && i < call->step_count; i++) {
        const db_step_t *step = &call->steps[i];
        is_sent = PQsendQueryPrepared(conn->pg, step->statement->name, step->statement->param_count,
                                      step->values, step->lengths, step->formats, 1);
    }
    if (!is_sent || !PQpipelineSync(conn->pg)) {
        pgconn_close(conn, "send failed");
        return false;
    }
    conn->count++;
    /* without prepares the by-row step could be the first item, whose answer is parsed only later
     */
    if (segment->is_by_row && conn->count == 1 && segment->prepare_count + segment->step_count == 1)
        PQsetSingleRowMode(conn->pg);
    if (PQflush(conn->pg) == 1)
        event_add(conn->writable, NULL);
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
    process(conn);
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
