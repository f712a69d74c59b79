/* SPDX-License-Identifier: Apache-2.0
 * The answers of a connection: whose turn it is in the ring, and what each message means to it. */
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "db/pgconn_own.h"

/* Which step the next answer belongs to; step_count behind the last. */
static unsigned step_of(const segment_t *segment)
{
    return segment->item < segment->prepare_count
               ? 0
               : (unsigned)segment->item - segment->prepare_count;
}

static bool is_preparing(const segment_t *segment)
{
    return segment->item < segment->prepare_count;
}

static void take_error(pgconn_t *conn, segment_t *segment, str_t body)
{
    const char *state = message_field(body, PG_DIAG_SQLSTATE);
    if (!state)
        state = "08006";
    if (is_preparing(segment) || strcmp(state, "26000") == 0 || strcmp(state, "0A000") == 0)
        conn->is_stale = true; /* what this connection knows of its statements is wrong */
    segment->is_refused = true;
    db_call_t *call = segment->call;
    if (!call)
        return;
    bool is_loss = strncmp(state, "57P0", 4) == 0 || strncmp(state, "08", 2) == 0;
    unsigned step = step_of(segment);
    if (step >= segment->step_count)
        step = segment->step_count - 1u; /* at the commit */
    db_rows_free(call->results[step]);
    call->results[step] = NULL;
    call->outcome = is_loss ? DB_UNAVAILABLE : DB_REFUSED;
    call->error = buf_make(MESSAGE_MAX_BYTES);
    buf_add_str(&call->error, body);
    snprintf(call->sqlstate, sizeof call->sqlstate, "%s", state);
    call->error_step = (uint8_t)step;
}

/* The answer to a prepare is whole. out: false when it makes no sense */
static bool take_shape(pgconn_t *conn, segment_t *segment, str_t body)
{
    if (!is_preparing(segment))
        return false;
    known_t *known = &conn->known[segment->prepares[segment->item]];
    db_shape_drop(known->shape);
    known->shape = db_shape_read(body);
    segment->item++;
    return known->shape != NULL;
}

/* The rows of the step that is being answered, made on demand. */
static db_rows_t *rows_of(pgconn_t *conn, segment_t *segment)
{
    unsigned step = step_of(segment);
    db_rows_t **rows = &segment->call->results[step];
    if (!*rows)
        *rows = db_rows_new(conn->known[segment->steps[step]].shape);
    return *rows;
}

static bool is_stepping(const pgconn_t *conn, const segment_t *segment)
{
    return !is_preparing(segment) && step_of(segment) < segment->step_count &&
           conn->known[segment->steps[step_of(segment)]].shape;
}

/* Whether the rows of this step are handed over one by one. */
static bool is_single(const segment_t *segment)
{
    return segment->is_by_row && step_of(segment) == segment->step_count - 1u;
}

static bool take_row(pgconn_t *conn, segment_t *segment, str_t body)
{
    if (!is_stepping(conn, segment))
        return false;
    if (!segment->call)
        return true;
    db_rows_t *rows = rows_of(conn, segment);
    if (is_single(segment))
        db_rows_empty(rows);
    if (!db_rows_add(rows, body))
        return false;
    if (is_single(segment) && !segment->call->row(segment->call, rows) && segment->call) {
        conn->is_paused = true;
        if (conn->readable)
            event_del(conn->readable);
    }
    return true;
}

static bool take_done(pgconn_t *conn, segment_t *segment)
{
    if (!is_stepping(conn, segment))
        return false;
    if (segment->call) {
        db_rows_t *rows = rows_of(conn, segment);
        if (is_single(segment))
            db_rows_empty(rows);
    }
    segment->item++;
    return true;
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

/* out: false when PostgreSQL says what it cannot say here */
static bool take_message(pgconn_t *conn, const message_t *message)
{
    segment_t *segment = &conn->ring[conn->head];
    switch (message->type) {
    case MESSAGE_NOTICE:
    case MESSAGE_SETTING:
    case MESSAGE_NOTIFICATION:
        return true;
    case MESSAGE_ERROR:
        if (conn->count > 0 && !segment->is_refused)
            take_error(conn, segment, message->body);
        return true; /* with nothing asked it is a farewell: the socket closes next */
    default:
        break;
    }
    if (conn->count == 0)
        return false;
    switch (message->type) {
    case MESSAGE_PARSED:
    case MESSAGE_PARAMETERS:
    case MESSAGE_BOUND:
        return true;
    case MESSAGE_COLUMNS:
    case MESSAGE_NO_COLUMNS:
        return take_shape(conn, segment, message->body);
    case MESSAGE_ROW:
        return take_row(conn, segment, message->body);
    case MESSAGE_DONE:
    case MESSAGE_NOTHING:
        return take_done(conn, segment);
    case MESSAGE_READY:
        end_segment(conn);
        return true;
    default:
        return false;
    }
}

/* Hand out every answer that has arrived. Stops at a pause; safe when a callback closes us. */
void pgconn_process(pgconn_t *conn)
{
    if (conn->is_processing)
        return;
    conn->is_processing = true;
    bool is_sane = true;
    while (is_sane && pgconn_is_open(conn) && !conn->is_paused) {
        message_t message;
        str_t unread = str_skip(str_n(conn->in.ptr, conn->in.len), conn->in_read);
        int64_t bytes = message_read(unread, &message);
        if (bytes == 0)
            break;
        conn->in_read += bytes > 0 ? (size_t)bytes : 0;
        is_sane = bytes > 0 && take_message(conn, &message);
    }
    conn->is_processing = false;
    if (!pgconn_is_open(conn))
        return;
    if (!is_sane)
        pgconn_close(conn, "not PostgreSQL's protocol");
    else if (conn->state == PGCONN_LEAVING && conn->count == 0)
        pgconn_close(conn, conn->is_stale ? "stale" : "left");
}
