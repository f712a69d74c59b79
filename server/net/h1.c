/* SPDX-License-Identifier: Apache-2.0
 * HTTP/1.1: heads, bodies, replies, keep-alive.
 *
 * The state exists from the first byte of a head to the end of its reply, so an idle connection
 * holds none. A message whose end cannot be known, or was not read, ends the connection. */
#include "net/h1.h"
#include "base/clock.h"
#include "http/chunk.h"
#include "http/parse.h"
#include "net/refusal.h"
#include "net/stream_own.h"
#include "net/worker_own.h"

typedef struct {
    parse_t parse;
    parse_framing_t framing;
    chunk_t chunk;
    stream_t *stream;
    int64_t body_left;  /* bytes of a body with a length still to come */
    size_t available;   /* input bytes after what was used, when last looked */
    bool is_head_timed; /* the head's deadline is set */
    bool is_body_done;
    bool is_last; /* the connection ends with this reply */
} h1_t;

size_t h1_bytes(void)
{
    return sizeof(h1_t);
}

static h1_t *h1_of(const conn_t *conn)
{
    return conn->state_of_protocol;
}

static void h1_release(conn_t *conn)
{
    slab_put(conn->worker->h1s, conn->state_of_protocol);
    conn->state_of_protocol = NULL;
}

/* Tell whether bytes other than line ends follow a message that was to be the last. */
static bool has_trailing(str_t rest)
{
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.ptr[i] != '\r' && rest.ptr[i] != '\n') {
            return true;
        }
    }
    return false;
}

/* Answer an error of the head without the application, and end the connection. */
static void h1_refuse(conn_t *conn, err_code_t code)
{
    refusal_send(conn, code);
    if (h1_of(conn)) {
        h1_release(conn);
    }
    conn_finish(conn);
}

/* --- input --------------------------------------------------------------------------------- */

/* Tell whether the part of a chunked body that has come already is malformed, or is followed by
 * bytes although the message was to be the last. So a hostile message is refused as such, whatever
 * the application would have answered before reading it. */
static bool is_broken_ahead(const h1_t *h1, str_t rest)
{
    chunk_t probe = {0};
    bool is_done = !h1->framing.is_chunked;
    while (rest.len > 0 && !is_done) {
        size_t used;
        str_t data;
        if (chunk_next(&probe, rest, &used, &data, &is_done).code != ERR_OK) {
            return true;
        }
        rest = str_skip(rest, used);
    }
    return is_done && h1->framing.is_chunked && h1->is_last && has_trailing(rest);
}

/* A head is complete: make its stream and raise on_request. */
static void h1_begin(conn_t *conn, arena_t *arena, const http_request_t *request, str_t rest)
{
    h1_t *h1 = h1_of(conn);
    bool has_body = h1->framing.is_chunked || request->content_length > 0;
    int64_t in_body = has_body ? request->content_length : 0;
    h1->is_last = h1->framing.is_close;
    h1->is_body_done = !has_body;
    h1->body_left = in_body;
    h1->available = rest.len;
    bool is_bounded = !h1->framing.is_chunked && in_body <= (int64_t)rest.len;
    bool is_trailed = h1->is_last && is_bounded && has_trailing(str_skip(rest, (size_t)in_body));
    if (is_trailed || is_broken_ahead(h1, rest)) {
        worker_give_arena(conn->worker, arena);
        h1_refuse(conn, ERR_BAD_REQUEST);
        return;
    }
    stream_t *stream = stream_new(conn, arena);
    if (!stream) {
        worker_give_arena(conn->worker, arena);
        h1_refuse(conn, ERR_BUSY);
        return;
    }
    conn->deadline_us = 0;
    h1->stream = stream;
    stream->request = *request;
    stream->is_body_ended = !has_body;
    stream_describe(stream);
    stream_raise_request(stream);
}

/* Take a head off the input. out: bytes used, 0 when more is needed or it was refused */
static size_t h1_take_head(conn_t *conn, str_t bytes)
{
    h1_t *h1 = h1_of(conn);
    if (bytes.len == 0) {
        return 0;
    }
    if (conn_unsent(conn) >= STREAM_HIGH_BYTES) { /* replies of pipelined requests wait */
        conn->is_held = true;
        return 0;
    }
    if (!h1) {
        h1 = slab_get(conn->worker->h1s);
        if (!h1) {
            conn_close(conn, CLOSE_ABRUPT);
            return 0;
        }
        conn->state_of_protocol = h1;
    }
    size_t used;
    http_request_t request;
    arena_t *arena = worker_take_arena(conn->worker);
    err_t error = parse_head(&h1->parse, arena, bytes, &request, &h1->framing, &used);
    if (error.code == ERR_OK && used > 0) {
        h1_begin(conn, arena, &request, str_skip(bytes, used));
        return used;
    }
    worker_give_arena(conn->worker, arena);
    if (error.code != ERR_OK) {
        h1_refuse(conn, error.code);
    } else if (!h1->is_head_timed) {
        h1->is_head_timed = true;
        conn->deadline_us = clock_mono_us() + CONN_HEAD_US;
    }
    return 0;
}

/* The whole body has been read. */
static void h1_end_body(conn_t *conn, str_t rest)
{
    h1_t *h1 = h1_of(conn);
    h1->is_body_done = true;
    h1->available = rest.len;
    conn->deadline_us = 0;
    bool is_smuggled = h1->is_last && has_trailing(rest);
    stream_end_body(h1->stream, is_smuggled ? ERR_BAD_REQUEST : ERR_OK);
}

/* Take body bytes. out: bytes used; 0 when the body is not wanted, has no room, or is complete */
static size_t h1_take_body(conn_t *conn, str_t bytes)
{
    h1_t *h1 = h1_of(conn);
    stream_t *stream = h1->stream;
    h1->available = bytes.len;
    if (h1->is_body_done || !stream->is_body_wanted || stream->is_answered || bytes.len == 0 ||
        !stream_has_room(stream) || stream->is_body_ended) {
        return 0;
    }
    size_t used = bytes.len;
    str_t data = bytes;
    bool is_done = false;
    err_t error = ERR_NONE;
    if (h1->framing.is_chunked) {
        error = chunk_next(&h1->chunk, bytes, &used, &data, &is_done);
    } else {
        used = (uint64_t)h1->body_left < bytes.len ? (size_t)h1->body_left : bytes.len;
        data.len = used;
        h1->body_left -= (int64_t)used;
        is_done = h1->body_left == 0;
    }
    if (data.len > 0) {
        stream_take_body(stream, data);
    }
    h1->available = bytes.len - used;
    if (error.code != ERR_OK) {
        stream_end_body(stream, ERR_BAD_REQUEST);
    } else if (is_done) {
        h1_end_body(conn, str_skip(bytes, used));
    }
    return used;
}

/* If the reply is complete: end the stream, make ready for the next request or close.
 * skip: bytes of an unread body that lie in the input. out: true when a stream ended */
static bool h1_settle(conn_t *conn, size_t *skip)
{
    h1_t *h1 = h1_of(conn);
    *skip = 0;
    if (!h1 || !h1->stream || !stream_is_done(h1->stream) || h1->stream->is_aborted) {
        return false;
    }
    bool is_last = h1->is_last;
    *skip = h1->is_body_done ? 0 : (size_t)h1->body_left;
    stream_t *stream = h1->stream;
    h1->stream = NULL;
    stream_free(stream, true);
    h1_release(conn);
    conn->deadline_us = clock_mono_us() + CONN_IDLE_US;
    if (is_last) {
        conn_finish(conn);
    }
    return true;
}

static size_t h1_input(conn_t *conn, str_t bytes)
{
    size_t used = 0;
    while (conn->state == CONN_OPEN) {
        h1_t *h1 = h1_of(conn);
        str_t rest = str_skip(bytes, used);
        size_t skip;
        if (h1 && h1->stream) {
            size_t step = h1_take_body(conn, rest);
            used += step;
            stream_raise_body(h1->stream);
            if (!h1_settle(conn, &skip) && step == 0) {
                break;
            }
            used += skip;
            continue;
        }
        size_t step = h1_take_head(conn, rest);
        used += step;
        if (step == 0) {
            break;
        }
    }
    return conn->state == CONN_OPEN ? used : bytes.len;
}

/* --- output -------------------------------------------------------------------------------- */

/* Move bytes of the reference into out, framed, while there is room. */
static void h1_pump(conn_t *conn, stream_t *stream)
{
    stream_ref_t *ref = &stream->ref;
    while (ref->at < ref->bytes.len && conn_unsent(conn) < STREAM_LOW_BYTES) {
        size_t rest = ref->bytes.len - ref->at;
        size_t take = rest < STREAM_LOW_BYTES ? rest : STREAM_LOW_BYTES;
        (void)buf_add(&conn->out, ref->bytes.ptr + ref->at, take);
        ref->at += take;
        stream->sent_bytes += (int64_t)take;
    }
}

static bool h1_turn(conn_t *conn)
{
    h1_t *h1 = h1_of(conn);
    if (!h1 || !h1->stream) {
        return false;
    }
    stream_t *stream = h1->stream;
    stream_raise_body(stream);
    if (stream->is_aborted) { /* what is framed goes out; the missing end shows that it is torn */
        h1_release(conn);
        stream_free(stream, false);
        conn_finish(conn);
        return false;
    }
    h1_pump(conn, stream);
    stream_raise_drain(stream);
    size_t skip;
    bool has_more = stream->ref.at < stream->ref.bytes.len || stream->is_drain_wanted;
    if (h1_settle(conn, &skip) && conn->state == CONN_OPEN) {
        buf_consume(&conn->in, skip < conn->in.len ? skip : conn->in.len);
        if (conn->in.len > 0) {
            conn_touch(conn);
        } else {
            buf_free(&conn->in);
            conn_pause(conn, false);
        }
    }
    return has_more;
}

static void h1_reply_head(stream_t *stream, const write_head_t *head)
{
    conn_t *conn = stream->conn;
    h1_t *h1 = h1_of(conn);
    bool is_skippable = !h1->framing.is_chunked && !stream->request.expects_continue &&
                        (uint64_t)h1->body_left <= h1->available;
    bool is_unread = !h1->is_body_done && !is_skippable;
    bool is_torn = stream->is_body_ended && stream->body_code != ERR_OK;
    bool is_endless = head->body_bytes < 0 && h1->framing.is_http10;
    h1->is_last |= is_unread || is_torn || is_endless || conn->worker->is_draining;
    write_head_t own = *head;
    own.is_close = h1->is_last;
    own.is_http10 = h1->framing.is_http10;
    stream->is_chunked = head->body_bytes < 0 && !own.is_http10;
    conn->deadline_us = 0;
    if (!conn->out.ptr && conn->worker->spare_out.ptr) {
        conn->out = conn->worker->spare_out;
        conn->worker->spare_out = buf_make(CONN_OUT_MAX_BYTES);
    }
    (void)write_head(&conn->out, &own);
}

/* An empty piece ends the chunked coding. */
static bool h1_reply_write(stream_t *stream, str_t piece)
{
    buf_t *out = &stream->conn->out;
    if (stream->is_chunked) {
        return write_chunk(out, piece.ptr, piece.len);
    }
    return buf_add_str(out, piece);
}

static void h1_reply_abort(stream_t *stream)
{
    conn_touch(stream->conn); /* h1_turn closes */
}

static size_t h1_unsent(const stream_t *stream)
{
    return conn_unsent(stream->conn) + stream->ref.bytes.len - stream->ref.at;
}

static void h1_want_body(stream_t *stream)
{
    conn_t *conn = stream->conn;
    h1_t *h1 = h1_of(conn);
    if (h1->is_body_done) {
        return;
    }
    if (stream->request.expects_continue && h1->available == 0) {
        (void)BUF_ADD(&conn->out, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    conn->deadline_us = rate_deadline_us(&stream->body_rate);
}

/* --- ends ---------------------------------------------------------------------------------- */

static void h1_gone(conn_t *conn)
{
    stream_t *stream = h1_of(conn)->stream;
    h1_release(conn);
    if (stream) {
        stream_free(stream, false);
    }
}

static void h1_drain(conn_t *conn)
{
    if (h1_of(conn)) {
        h1_of(conn)->is_last = true;
    } else {
        conn_finish(conn);
    }
}

static void h1_expired(conn_t *conn, int64_t now_us)
{
    h1_t *h1 = h1_of(conn);
    if (!h1) {
        conn_finish(conn); /* idle */
        return;
    }
    if (!h1->stream) {
        metric_add(conn->worker->metrics->late_head, 1);
        h1_refuse(conn, ERR_TIMEOUT);
        return;
    }
    stream_t *stream = h1->stream;
    if (rate_is_late(&stream->body_rate, now_us)) {
        metric_add(conn->worker->metrics->late_body, 1);
        conn->deadline_us = 0;
        stream_end_body(stream, ERR_TIMEOUT);
        stream_raise_body(stream);
    } else {
        conn->deadline_us = rate_deadline_us(&stream->body_rate);
    }
}

const protocol_t h1_protocol = {.input = h1_input,
                                .turn = h1_turn,
                                .gone = h1_gone,
                                .drain = h1_drain,
                                .expired = h1_expired,
                                .reply_head = h1_reply_head,
                                .reply_write = h1_reply_write,
                                .reply_abort = h1_reply_abort,
                                .unsent = h1_unsent,
                                .want_body = h1_want_body};
