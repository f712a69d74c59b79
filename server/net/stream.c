/* SPDX-License-Identifier: Apache-2.0
 * What both protocols share of a stream: body collection, reply bookkeeping, events. */
#include "net/stream.h"
#include "base/clock.h"
#include "base/mem.h"
#include "http/problem.h"
#include "net/stream_own.h"
#include "net/worker_own.h"

#include <assert.h>

#define FIRST_RESERVE_BYTES (64 * 1024)

const http_request_t *stream_request(const stream_t *stream)
{
    return &stream->request;
}

arena_t *stream_arena(stream_t *stream)
{
    return stream->arena;
}

worker_t *stream_worker(stream_t *stream)
{
    return stream->conn->worker;
}

void stream_set_user(stream_t *stream, void *user)
{
    stream->user = user;
}

void *stream_user(const stream_t *stream)
{
    return stream->user;
}

int64_t stream_sent_bytes(const stream_t *stream)
{
    return stream->sent_bytes;
}

bool stream_is_answered(const stream_t *stream)
{
    return stream->is_answered;
}

/* --- life ---------------------------------------------------------------------------------- */

stream_t *stream_new(conn_t *conn, arena_t *arena)
{
    stream_t *stream = slab_get(conn->worker->streams);
    if (stream) {
        stream->conn = conn;
        stream->arena = arena;
        stream->body.fd = -1;
        metric_add(conn->worker->metrics->streams, 1);
    }
    return stream;
}

void stream_describe(stream_t *stream)
{
    http_request_t *request = &stream->request;
    conn_t *conn = stream->conn;
    unsigned char random[16];
    worker_random(conn->worker, random, sizeof random);
    http_request_id(http_header(request, STR("traceparent")), random, request->request_id);
    request->begun_us = clock_mono_us();
    request->listener = conn->listener;
    address_text(&conn->address, request->peer);
    request->has_certificate = conn->peer != NULL;
    if (conn->peer) {
        memcpy(request->spki_sha256, conn->peer->spki_sha256, 32);
        memcpy(request->certificate_sha256, conn->peer->certificate_sha256, 32);
    }
}

void stream_raise_request(stream_t *stream)
{
    worker_t *worker = stream->conn->worker;
    metric_add(
        stream->request.is_http2 ? worker->metrics->requests_h2 : worker->metrics->requests_h1, 1);
    worker->events->on_request(worker->app, stream);
}

bool stream_is_done(const stream_t *stream)
{
    return stream->is_ended && stream->ref.at == stream->ref.bytes.len &&
           stream->out_at == stream->out.len;
}

static void release_ref(stream_t *stream)
{
    if (stream->ref.release) {
        stream->ref.release(stream->ref.argument);
    }
    stream->ref = (stream_ref_t){0};
}

void stream_free(stream_t *stream, bool is_complete)
{
    worker_t *worker = stream->conn->worker;
    if (!stream->is_refused && stream->request.begun_us != 0) {
        worker->events->on_end(worker->app, stream, is_complete);
    }
    metric_add(worker->metrics->streams, -1);
    int class = stream->status / 100;
    if (class >= 1 && class <= 5) {
        metric_add(worker->metrics->responses[class], 1);
    } else {
        metric_add(worker->metrics->responses[0], 1);
    }
    release_ref(stream);
    spool_free(stream->spool);
    if (stream->memory.max > 0) {
        buf_free(&stream->memory);
    }
    if (stream->out.max > 0) {
        buf_free(&stream->out);
    }
    if (stream->held.max > 0) {
        buf_free(&stream->held);
    }
    worker_give_arena(worker, stream->arena);
    slab_put(worker->streams, stream);
}

/* --- body of the request ------------------------------------------------------------------- */

static void spool_progress(void *argument)
{
    stream_t *stream = argument;
    if (spool_is_failed(stream->spool) && !stream->is_body_ended) {
        stream_end_body(stream, ERR_INTERNAL);
    }
    conn_touch(stream->conn);
    stream_raise_body(stream);
}

err_t stream_read_body(stream_t *stream, int64_t limit_bytes, body_mode_t mode)
{
    worker_t *worker = stream->conn->worker;
    assert(!stream->is_body_wanted);
    if (stream->request.content_length > limit_bytes) {
        return err_of(ERR_BODY_TOO_LARGE);
    }
    if (mode == BODY_SPOOL) {
        stream->spool = spool_new(worker->pool, worker->port, worker->config->files_dir,
                                  spool_progress, stream);
        if (!stream->spool) {
            return err_of(ERR_INTERNAL);
        }
    } else {
        size_t max = limit_bytes > 0 ? (size_t)limit_bytes : 1;
        size_t length =
            stream->request.content_length > 0 ? (size_t)stream->request.content_length : 0;
        stream->memory = buf_make(max);
        (void)buf_reserve(&stream->memory,
                          length < FIRST_RESERVE_BYTES ? length : FIRST_RESERVE_BYTES);
    }
    stream->mode = mode;
    stream->limit_bytes = limit_bytes;
    stream->is_body_wanted = true;
    if (!stream->is_body_ended) {
        rate_begin(&stream->body_rate, clock_mono_us(), CONN_BODY_WINDOW_US);
    }
    stream->conn->protocol->want_body(stream);
    if (stream->is_body_ended && stream->spool) {
        spool_finish(stream->spool);
    }
    conn_touch(stream->conn);
    return ERR_NONE;
}

const body_t *stream_body(const stream_t *stream)
{
    return &stream->body;
}

bool stream_has_room(const stream_t *stream)
{
    return !stream->spool || stream->is_body_ended || spool_has_room(stream->spool);
}

void stream_take_body(stream_t *stream, str_t bytes)
{
    stream->received_bytes += (int64_t)bytes.len;
    stream->body_rate.bytes += (int64_t)bytes.len;
    if (stream->is_body_ended) {
        return;
    }
    if (stream->received_bytes > stream->limit_bytes) {
        stream_end_body(stream, ERR_BODY_TOO_LARGE);
    } else if (stream->spool) {
        spool_put(stream->spool, bytes);
    } else {
        (void)buf_add_str(&stream->memory, bytes);
    }
}

void stream_end_body(stream_t *stream, err_code_t code)
{
    if (stream->is_body_ended) {
        return;
    }
    stream->is_body_ended = true;
    stream->body_code = code;
    rate_end(&stream->body_rate);
    if (stream->spool && code == ERR_OK) {
        spool_finish(stream->spool);
    }
}

/* Describe the complete body. */
static void fill_body(stream_t *stream)
{
    stream->body.length = stream->received_bytes;
    if (stream->spool) {
        stream->body.fd = spool_fd(stream->spool);
        memcpy(stream->body.sha256, spool_sha256(stream->spool), 32);
    } else {
        stream->body.bytes = stream->memory.len > 0 ? buf_str(&stream->memory) : STR("");
    }
}

void stream_raise_body(stream_t *stream)
{
    worker_t *worker = stream->conn->worker;
    bool is_due = stream->is_body_wanted && stream->is_body_ended && !stream->is_body_raised &&
                  !stream->is_answered;
    bool is_waiting =
        stream->spool && stream->body_code == ERR_OK && !spool_is_settled(stream->spool);
    if (!is_due || is_waiting) {
        return;
    }
    stream->is_body_raised = true;
    if (stream->body_code == ERR_OK && stream->spool && spool_is_failed(stream->spool)) {
        stream->body_code = ERR_INTERNAL;
    }
    if (stream->body_code == ERR_OK) {
        fill_body(stream);
    }
    worker->events->on_body(worker->app, stream, stream->body_code);
}

/* --- reply --------------------------------------------------------------------------------- */

size_t stream_unsent(const stream_t *stream)
{
    return stream->conn->protocol->unsent(stream);
}

void stream_raise_drain(stream_t *stream)
{
    worker_t *worker = stream->conn->worker;
    if (stream->is_drain_wanted && !stream->is_ended && stream_unsent(stream) <= STREAM_LOW_BYTES) {
        stream->is_drain_wanted = false;
        worker->events->on_drain(worker->app, stream);
    }
}

static void give_head(stream_t *stream, int status, const http_header_t *headers,
                      size_t header_count, int64_t length)
{
    assert(!stream->is_answered);
    conn_t *conn = stream->conn;
    stream->is_answered = true;
    stream->status = status;
    stream->is_bodiless =
        stream->request.method == METHOD_HEAD || status == 204 || status == 304 || length == 0;
    write_head_t head = {.status = status,
                         .headers = headers,
                         .header_count = header_count,
                         .body_bytes = length,
                         .is_secure = conn->ssl != NULL,
                         .wall_us = clock_wall_us(),
                         .request_id = stream->request.request_id};
    conn->protocol->reply_head(stream, &head);
    conn_touch(conn);
}

void stream_reply_ref(stream_t *stream, int status, const http_header_t *headers,
                      size_t header_count, str_t body, void (*release)(void *), void *argument)
{
    give_head(stream, status, headers, header_count, (int64_t)body.len);
    stream->is_ended = true;
    if (stream->is_bodiless) {
        if (release) {
            release(argument);
        }
        return;
    }
    stream->ref = (stream_ref_t){body, 0, release, argument};
}

void stream_reply(stream_t *stream, int status, const http_header_t *headers, size_t header_count,
                  str_t body)
{
    assert(body.len <= STREAM_REPLY_MAX_BYTES);
    if (body.len > STREAM_COPY_BYTES) {
        char *copy = mem_copy(body.ptr, body.len);
        stream_reply_ref(stream, status, headers, header_count, str_n(copy, body.len), mem_free,
                         copy);
        return;
    }
    give_head(stream, status, headers, header_count, (int64_t)body.len);
    if (!stream->is_bodiless) {
        stream->sent_bytes += (int64_t)body.len;
        (void)stream->conn->protocol->reply_write(stream, body);
    }
    stream->is_ended = true;
}

void stream_begin(stream_t *stream, int status, const http_header_t *headers, size_t header_count,
                  int64_t length)
{
    give_head(stream, status, headers, header_count, length);
}

bool stream_write(stream_t *stream, str_t piece)
{
    assert(stream->is_answered && !stream->is_ended);
    if (stream->is_bodiless || stream->is_aborted || piece.len == 0) {
        return true;
    }
    stream->sent_bytes += (int64_t)piece.len;
    bool is_taken = stream->conn->protocol->reply_write(stream, piece);
    conn_touch(stream->conn);
    size_t unsent = stream_unsent(stream);
    if (!is_taken || unsent > STREAM_CUT_BYTES) {
        stream_abort(stream);
        return true;
    }
    stream->is_drain_wanted = unsent >= STREAM_HIGH_BYTES;
    return !stream->is_drain_wanted;
}

void stream_end(stream_t *stream)
{
    assert(stream->is_answered && !stream->is_ended);
    stream->is_ended = true;
    if (!stream->is_bodiless && !stream->is_aborted) {
        (void)stream->conn->protocol->reply_write(stream, STR(""));
    }
    conn_touch(stream->conn);
}

void stream_abort(stream_t *stream)
{
    if (!stream->is_aborted) {
        stream->is_aborted = true;
        stream->conn->protocol->reply_abort(stream);
        conn_touch(stream->conn);
    }
}

void stream_problem(stream_t *stream, err_t error, str_t detail, str_t info_json, int retry_after_s)
{
    buf_t text = buf_make(64 * 1024);
    problem_write(&text, error, http_language(&stream->request), detail, info_json,
                  stream->request.request_id);
    http_header_t headers[2] = {{STR("content-type"), PROBLEM_TYPE}};
    size_t count = 1;
    if (retry_after_s > 0) {
        str_t seconds = arena_printf(stream->arena, "%d", retry_after_s);
        headers[count++] = (http_header_t){STR("retry-after"), seconds};
    }
    stream_reply(stream, err_info(error.code)->status, headers, count, buf_str(&text));
    buf_free(&text);
}
