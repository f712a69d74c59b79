/* SPDX-License-Identifier: Apache-2.0
 * HTTP/2, sending and life: the frames of all streams of a turn gather in the connection's out. */
#include "net/h2.h"
#include "base/clock.h"
#include "base/mem.h"
#include "net/h2_own.h"
#include "net/worker_own.h"

#define CONNECTION_WINDOW_BYTES (1024 * 1024)
#define RESET_GRACE_US          1000000
#define MAX_ACKS                200

/* --- streams of the connection ------------------------------------------------------------- */

void h2_end_stream(conn_t *conn, stream_t *stream, bool is_complete)
{
    h2_t *h2 = h2_of(conn);
    if (stream->previous) {
        stream->previous->next = stream->next;
    } else {
        h2->first = stream->next;
    }
    if (stream->next) {
        stream->next->previous = stream->previous;
    }
    h2->count--;
    stream_free(stream, is_complete);
    h2_set_deadline(conn);
}

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    return a_us == 0 ? b_us : b_us == 0 || a_us < b_us ? a_us : b_us;
}

void h2_set_deadline(conn_t *conn)
{
    h2_t *h2 = h2_of(conn);
    int64_t due_us = h2->head_due_us;
    for (const stream_t *stream = h2->first; stream; stream = stream->next) {
        due_us = earlier(due_us, rate_deadline_us(&stream->body_rate));
        due_us = earlier(due_us, rate_deadline_us(&stream->out_rate));
        due_us = earlier(due_us, stream->reset_due_us);
    }
    conn->deadline_us = h2->count == 0 ? clock_mono_us() + CONN_IDLE_US : due_us;
}

static void h2_expired(conn_t *conn, int64_t now_us)
{
    h2_t *h2 = h2_of(conn);
    if (h2->count == 0) {
        (void)nghttp2_session_terminate_session(h2->session, NGHTTP2_NO_ERROR);
        conn->deadline_us = now_us + CONN_LINGER_US;
        if (h2->is_draining) {
            conn_close(conn, CLOSE_POLITE);
            return;
        }
        h2->is_draining = true;
        conn_touch(conn);
        return;
    }
    if (h2->head_due_us != 0 && now_us > h2->head_due_us) {
        metric_add(conn->worker->metrics->late_head, 1);
        conn_close(conn, CLOSE_POLITE);
        return;
    }
    for (stream_t *stream = h2->first; stream; stream = stream->next) {
        if (rate_is_late(&stream->body_rate, now_us)) {
            metric_add(conn->worker->metrics->late_body, 1);
            stream_end_body(stream, ERR_TIMEOUT);
            stream_raise_body(stream);
        } else if (rate_is_late(&stream->out_rate, now_us)) {
            metric_add(conn->worker->metrics->late_reply, 1);
            rate_end(&stream->out_rate);
            stream_abort(stream);
        } else if (stream->reset_due_us != 0 && now_us > stream->reset_due_us) {
            stream->reset_due_us = 0;
            (void)nghttp2_submit_rst_stream(h2->session, NGHTTP2_FLAG_NONE, stream->id,
                                            NGHTTP2_NO_ERROR);
        }
    }
    h2_set_deadline(conn);
    conn_touch(conn);
}

/* --- input
 * ---------------------------------------------------------------------------------------- */

static size_t h2_input(conn_t *conn, str_t bytes)
{
    h2_t *h2 = h2_of(conn);
    if (conn_unsent(conn) >= STREAM_HIGH_BYTES) { /* the peer does not take what it asked for */
        conn->is_held = true;
        return 0;
    }
    ssize_t used = nghttp2_session_mem_recv(h2->session, (const uint8_t *)bytes.ptr, bytes.len);
    if (used < 0) {
        metric_add(conn->worker->metrics->requests_refused, 1);
        if (used != NGHTTP2_ERR_BAD_CLIENT_MAGIC) {
            (void)nghttp2_session_terminate_session(h2->session, NGHTTP2_PROTOCOL_ERROR);
        }
        h2->is_draining = true;
        conn_touch(conn);
        return bytes.len;
    }
    conn_touch(conn);
    return bytes.len;
}

void h2_consume(stream_t *stream)
{
    h2_t *h2 = h2_of(stream->conn);
    if (stream->unconsumed > 0 && stream_has_room(stream)) {
        (void)nghttp2_session_consume(h2->session, stream->id, stream->unconsumed);
        stream->unconsumed = 0;
    }
}

static void h2_want_body(stream_t *stream)
{
    conn_t *conn = stream->conn;
    h2_t *h2 = h2_of(conn);
    if (stream->held.len > 0) {
        /* Bytes that came before they were asked for; the end of the body may be known already. */
        bool was_ended = stream->is_body_ended;
        stream->is_body_ended = false;
        stream_take_body(stream, buf_str(&stream->held));
        stream->unconsumed += stream->held.len;
        if (was_ended) {
            stream_end_body(stream, ERR_OK);
        }
        h2_consume(stream);
        buf_free(&stream->held);
    } else if (stream->request.expects_continue && !stream->is_body_ended) {
        nghttp2_nv status = {(uint8_t *)":status", (uint8_t *)"100", 7, 3, NGHTTP2_NV_FLAG_NONE};
        (void)nghttp2_submit_headers(h2->session, NGHTTP2_FLAG_NONE, stream->id, NULL, &status, 1,
                                     NULL);
    }
    h2_set_deadline(conn);
}

/* --- output
 * --------------------------------------------------------------------------------------- */

/* Move what the stream holds into a DATA frame. */
static ssize_t read_reply(nghttp2_session *session, int32_t id, uint8_t *to, size_t len,
                          uint32_t *flags, nghttp2_data_source *source, void *user)
{
    (void)session;
    (void)id;
    (void)user;
    stream_t *stream = source->ptr;
    size_t n = stream->out.len - stream->out_at;
    if (n > 0) {
        n = n < len ? n : len;
        memcpy(to, stream->out.ptr + stream->out_at, n);
        stream->out_at += n;
        if (stream->out_at == stream->out.len) {
            stream->out_at = 0;
            buf_free(&stream->out);
        }
    } else {
        stream_ref_t *ref = &stream->ref;
        n = ref->bytes.len - ref->at;
        n = n < len ? n : len;
        if (n > 0) {
            memcpy(to, ref->bytes.ptr + ref->at, n);
        }
        ref->at += n;
        stream->sent_bytes += (int64_t)n;
    }
    stream->out_rate.bytes += (int64_t)n;
    if (stream_is_done(stream)) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    } else if (n == 0) {
        return NGHTTP2_ERR_DEFERRED;
    }
    return (ssize_t)n;
}

static size_t h2_unsent(const stream_t *stream)
{
    return stream->out.len - stream->out_at + stream->ref.bytes.len - stream->ref.at;
}

static void h2_reply_head(stream_t *stream, const write_head_t *head)
{
    h2_t *h2 = h2_of(stream->conn);
    http_header_t list[WRITE_MAX_HEADERS];
    nghttp2_nv pairs[WRITE_MAX_HEADERS + 1];
    char scratch[64];
    char status[3] = {(char)('0' + head->status / 100), (char)('0' + head->status / 10 % 10),
                      (char)('0' + head->status % 10)};
    size_t count = write_headers(head, scratch, list);
    pairs[0] = (nghttp2_nv){(uint8_t *)":status", (uint8_t *)status, 7, 3, NGHTTP2_NV_FLAG_NONE};
    for (size_t i = 0; i < count; i++) {
        bool is_secret = str_eq(list[i].name, STR("set-cookie"));
        pairs[i + 1] = (nghttp2_nv){(uint8_t *)(uintptr_t)list[i].name.ptr,
                                    (uint8_t *)(uintptr_t)list[i].value.ptr, list[i].name.len,
                                    list[i].value.len,
                                    is_secret ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE};
    }
    stream->out = buf_make(CONN_OUT_MAX_BYTES);
    nghttp2_data_provider provider = {.source.ptr = stream, .read_callback = read_reply};
    (void)nghttp2_submit_response(h2->session, stream->id, pairs, count + 1,
                                  stream->is_bodiless ? NULL : &provider);
    rate_end(&stream->body_rate);
    h2_set_deadline(stream->conn);
}

static bool h2_reply_write(stream_t *stream, str_t piece)
{
    if (stream->out_at > CONN_OUT_MAX_BYTES / 4) {
        buf_consume(&stream->out, stream->out_at);
        stream->out_at = 0;
    }
    bool is_taken = buf_add_str(&stream->out, piece);
    (void)nghttp2_session_resume_data(h2_of(stream->conn)->session, stream->id);
    return is_taken;
}

static void h2_reply_abort(stream_t *stream)
{
    h2_t *h2 = h2_of(stream->conn);
    (void)nghttp2_submit_rst_stream(h2->session, NGHTTP2_FLAG_NONE, stream->id,
                                    NGHTTP2_INTERNAL_ERROR);
}

/* A reply has ended while the request's body still comes. The peer has a moment to read the reply
 * and stop by itself (its window is not opened further); then it is told to. */
static int on_frame_send(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    if (frame->hd.type == NGHTTP2_RST_STREAM && frame->rst_stream.error_code != NGHTTP2_NO_ERROR) {
        h2_count_reset(session, h2_of(user));
    }
    bool is_end = (frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS) &&
                  (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (is_end && nghttp2_session_get_stream_remote_close(session, frame->hd.stream_id) == 0) {
        stream_t *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
        if (stream) {
            stream->reset_due_us = clock_mono_us() + RESET_GRACE_US;
        }
    }
    return 0;
}

/* Gather frames while the peer takes them. out: true when nghttp2 has more to give */
static bool gather(conn_t *conn, h2_t *h2)
{
    while (conn_unsent(conn) < STREAM_HIGH_BYTES) {
        const uint8_t *frames;
        ssize_t len = nghttp2_session_mem_send(h2->session, &frames);
        if (len < 0) {
            conn_close(conn, CLOSE_ABRUPT);
            return false;
        }
        if (len == 0) {
            return false;
        }
        if (!conn->out.ptr && conn->worker->spare_out.ptr) {
            conn->out = conn->worker->spare_out;
            conn->worker->spare_out = buf_make(CONN_OUT_MAX_BYTES);
        }
        (void)buf_add(&conn->out, frames, (size_t)len);
    }
    return nghttp2_session_want_write(h2->session) != 0;
}

/* Raise what became due by sending: bodies whose spool settled, writers that may go on. */
static void raise_due(conn_t *conn, h2_t *h2)
{
    int64_t now_us = clock_mono_us();
    for (stream_t *stream = h2->first; stream; stream = stream->next) {
        h2_consume(stream);
        stream_raise_body(stream);
        stream_raise_drain(stream);
        if (stream->is_answered && h2_unsent(stream) > 0) {
            rate_begin(&stream->out_rate, now_us, CONN_REPLY_WINDOW_US);
        } else {
            rate_end(&stream->out_rate);
        }
    }
    h2_set_deadline(conn);
}

/* Tell whether a writer may go on now that its bytes have become frames. */
static bool is_drain_due(const h2_t *h2)
{
    for (const stream_t *stream = h2->first; stream; stream = stream->next) {
        if (stream->is_drain_wanted && h2_unsent(stream) <= STREAM_LOW_BYTES) {
            return true;
        }
    }
    return false;
}

static bool h2_turn(conn_t *conn)
{
    h2_t *h2 = h2_of(conn);
    if (h2->count > 0) {
        raise_due(conn, h2);
    }
    bool has_more = gather(conn, h2);
    if (conn->state != CONN_OPEN) {
        return false;
    }
    bool is_over =
        !nghttp2_session_want_read(h2->session) && !nghttp2_session_want_write(h2->session);
    if (is_over || (h2->is_draining && h2->count == 0 && !has_more)) {
        conn_finish(conn);
        return false;
    }
    return has_more || is_drain_due(h2);
}

/* --- life
 * ------------------------------------------------------------------------------------------ */

static void h2_gone(conn_t *conn)
{
    h2_t *h2 = h2_of(conn);
    h2_in_forget(conn);
    while (h2->first) {
        h2_end_stream(conn, h2->first, false);
    }
    nghttp2_session_del(h2->session);
    mem_free(h2);
    conn->state_of_protocol = NULL;
}

static void h2_drain(conn_t *conn)
{
    h2_t *h2 = h2_of(conn);
    if (!h2->is_draining) {
        h2->is_draining = true;
        (void)nghttp2_submit_goaway(h2->session, NGHTTP2_FLAG_NONE,
                                    nghttp2_session_get_last_proc_stream_id(h2->session),
                                    NGHTTP2_NO_ERROR, NULL, 0);
    }
}

static nghttp2_session *new_session(conn_t *conn)
{
    nghttp2_session *session = NULL;
    nghttp2_session_callbacks *callbacks = NULL;
    nghttp2_option *option = NULL;
    if (nghttp2_session_callbacks_new(&callbacks) == 0 && nghttp2_option_new(&option) == 0) {
        h2_in_callbacks(callbacks);
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_send);
        nghttp2_option_set_no_auto_window_update(option, 1);
        nghttp2_option_set_max_outbound_ack(option, MAX_ACKS);
        nghttp2_option_set_stream_reset_rate_limit(option, H2_RESET_BURST, H2_RESET_RATE);
        nghttp2_option_set_no_closed_streams(option, 1);
        (void)nghttp2_session_server_new2(&session, callbacks, conn, option);
    }
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_option_del(option);
    return session;
}

bool h2_begin(conn_t *conn)
{
    nghttp2_session *session = new_session(conn);
    if (!session) {
        return false;
    }
    static const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, H2_STREAMS},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, H2_WINDOW_BYTES},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, H2_HEADERS_BYTES},
        {NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 0}};
    h2_t *h2 = MEM_NEW(h2_t);
    h2->session = session;
    conn->state_of_protocol = h2;
    conn->protocol = &h2_protocol;
    (void)nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings,
                                  sizeof settings / sizeof settings[0]);
    (void)nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0,
                                                CONNECTION_WINDOW_BYTES);
    conn_touch(conn);
    return true;
}

const protocol_t h2_protocol = {.input = h2_input,
                                .turn = h2_turn,
                                .gone = h2_gone,
                                .drain = h2_drain,
                                .expired = h2_expired,
                                .reply_head = h2_reply_head,
                                .reply_write = h2_reply_write,
                                .reply_abort = h2_reply_abort,
                                .unsent = h2_unsent,
                                .want_body = h2_want_body};
