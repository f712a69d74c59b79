/* SPDX-License-Identifier: Apache-2.0
 * HTTP/2, receiving: header blocks become requests, DATA becomes bodies, abuse is counted.
 *
 * nghttp2 checks the messages' form (RFC 9113 8.1-8.3); what it leaves open is checked here: sizes,
 * the target, Host against :authority. */
#include "base/clock.h"
#include "http/message.h"
#include "http/uri.h"
#include "net/h2_own.h"
#include "net/refusal.h"
#include "net/worker_own.h"

#define HEADER_OVERHEAD_BYTES   32
#define CONTROL_FRAMES_A_SECOND 400

static conn_t *conn_of(void *user)
{
    return user;
}

static void refuse_stream(nghttp2_session *session, int32_t id, uint32_t code)
{
    (void)nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, id, code);
}

void h2_in_forget(conn_t *conn)
{
    h2_t *h2 = h2_of(conn);
    h2->head = NULL; /* it lies in the stream's arena */
    h2->head_of = NULL;
    h2->head_due_us = 0;
}

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    conn_t *conn = conn_of(user);
    h2_t *h2 = h2_of(conn);
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) {
        return 0;
    }
    arena_t *arena = worker_take_arena(conn->worker);
    stream_t *stream = stream_new(conn, arena);
    if (!stream) {
        worker_give_arena(conn->worker, arena);
        refuse_stream(session, frame->hd.stream_id, NGHTTP2_REFUSED_STREAM);
        return 0;
    }
    stream->id = frame->hd.stream_id;
    stream->request.is_http2 = true;
    stream->next = h2->first;
    if (stream->next) {
        stream->next->previous = stream;
    }
    h2->first = stream;
    h2->count++;
    h2->head = ARENA_NEW(arena, h2_head_t);
    h2->head_of = stream;
    h2->head_due_us = clock_mono_us() + CONN_HEAD_US;
    (void)nghttp2_session_set_stream_user_data(session, stream->id, stream);
    h2_set_deadline(conn);
    return 0;
}

static void take_pseudo(h2_head_t *head, stream_t *stream, str_t name, str_t value)
{
    if (str_eq(name, STR(":method"))) {
        stream->request.method_text = value;
    } else if (str_eq(name, STR(":path"))) {
        head->path = value;
    } else if (str_eq(name, STR(":scheme"))) {
        head->scheme = value;
    } else if (str_eq(name, STR(":authority"))) {
        head->authority = value;
    } else {
        head->is_bad = true;
    }
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags,
                     void *user)
{
    (void)session;
    (void)flags;
    h2_t *h2 = h2_of(conn_of(user));
    stream_t *stream = h2->head_of;
    if (!stream || stream->id != frame->hd.stream_id ||
        frame->headers.cat != NGHTTP2_HCAT_REQUEST) {
        return 0; /* trailers: checked by nghttp2, dropped */
    }
    h2_head_t *head = h2->head;
    head->bytes += name_len + value_len + HEADER_OVERHEAD_BYTES;
    if (head->bytes > H2_HEADERS_BYTES || head->count == H2_HEADERS) {
        head->is_too_large = true;
        return 0;
    }
    str_t own_value = arena_copy(stream->arena, str_n((const char *)value, value_len));
    str_t own_name = arena_copy(stream->arena, str_n((const char *)name, name_len));
    if (own_name.len > 0 && own_name.ptr[0] == ':') {
        take_pseudo(head, stream, own_name, own_value);
    } else {
        head->headers[head->count++] = (http_header_t){own_name, own_value};
    }
    return 0;
}

/* Lower-case copy in the arena. */
static str_t lower_copy(arena_t *arena, str_t text)
{
    char *copy = arena_alloc(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        copy[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    return str_n(copy, text.len);
}

/* Make the request from the complete head. errors: BAD_REQUEST, HEAD_TOO_LARGE, URI_TOO_LONG */
static err_t make_request(stream_t *stream, h2_head_t *head, bool is_end)
{
    http_request_t *request = &stream->request;
    request->headers = head->headers;
    request->header_count = head->count;
    request->path = STR("/");
    request->host = STR("");
    if (head->is_too_large) {
        return err_of(ERR_HEAD_TOO_LARGE);
    }
    str_t host = http_header(request, STR("host"));
    bool is_twofold = host.ptr && head->authority.ptr && !str_eq_nocase(host, head->authority);
    uri_t uri;
    err_t error = uri_parse(stream->arena, head->path, &uri);
    request->host = lower_copy(stream->arena, head->authority.ptr ? head->authority : host);
    if (head->is_bad || is_twofold || request->host.len == 0 || error.code == ERR_BAD_REQUEST ||
        !http_method(request->method_text, &request->method) || uri.authority.ptr ||
        (str_eq(uri.path, STR("*")) && request->method != METHOD_OPTIONS)) {
        return err_of(ERR_BAD_REQUEST);
    }
    if (error.code != ERR_OK) {
        return error;
    }
    request->target = uri.target;
    request->path = uri.path;
    request->query = uri.query;
    str_t length = http_header(request, STR("content-length"));
    uint64_t bytes;
    bool is_known = length.ptr && str_to_u64(length, INT64_MAX, &bytes);
    request->content_length = is_end ? 0 : is_known ? (int64_t)bytes : -1;
    request->expects_continue =
        !is_end && str_eq_nocase(http_header(request, STR("expect")), STR("100-continue"));
    return ERR_NONE;
}

static void head_complete(conn_t *conn, stream_t *stream, bool is_end)
{
    h2_t *h2 = h2_of(conn);
    h2_head_t *head = h2->head;
    h2_in_forget(conn);
    err_t error = make_request(stream, head, is_end);
    stream->is_body_ended = is_end;
    stream_describe(stream);
    if (error.code != ERR_OK) {
        /* Refused here: the application never hears of it, so on_end is not raised either. */
        refusal_log(conn, error.code, stream->request.request_id);
        stream->is_refused = true;
        stream_problem(stream, error, STR(""), STR(""), 0);
    } else {
        stream_raise_request(stream);
    }
    h2_set_deadline(conn);
}

/* Frames that cost us work but carry no request are limited, against floods of them. */
static bool is_flood(h2_t *h2, const nghttp2_frame_hd *hd)
{
    bool is_empty =
        hd->type == NGHTTP2_DATA && hd->length == 0 && (hd->flags & NGHTTP2_FLAG_END_STREAM) == 0;
    if (!is_empty && (hd->type == NGHTTP2_DATA || hd->type == NGHTTP2_HEADERS ||
                      hd->type == NGHTTP2_WINDOW_UPDATE)) {
        return false;
    }
    int64_t now_us = clock_mono_us();
    if (now_us - h2->window_us > 1000000) {
        h2->window_us = now_us;
        h2->control_frames = 0;
    }
    return ++h2->control_frames > CONTROL_FRAMES_A_SECOND;
}

void h2_count_reset(nghttp2_session *session, h2_t *h2)
{
    int64_t now_us = clock_mono_us();
    int64_t forgiven = (now_us - h2->resets_us) * H2_RESET_RATE / 1000000;
    if (forgiven > 0) {
        h2->resets = h2->resets > forgiven ? h2->resets - forgiven : 0;
        h2->resets_us = now_us;
    }
    if (++h2->resets > H2_RESET_BURST) {
        (void)nghttp2_session_terminate_session(session, NGHTTP2_ENHANCE_YOUR_CALM);
    }
}

static int on_frame_recv(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    conn_t *conn = conn_of(user);
    h2_t *h2 = h2_of(conn);
    if (is_flood(h2, &frame->hd)) {
        (void)nghttp2_session_terminate_session(session, NGHTTP2_ENHANCE_YOUR_CALM);
        return 0;
    }
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) {
        return 0;
    }
    stream_t *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    bool is_end = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (!stream) {
        return 0;
    }
    if (stream == h2->head_of && frame->hd.type == NGHTTP2_HEADERS) {
        head_complete(conn, stream, is_end);
    } else if (is_end) {
        stream_end_body(stream, ERR_OK);
        h2_set_deadline(conn);
    }
    if (is_end) {
        stream_raise_body(stream);
    }
    return 0;
}

static int on_data_chunk(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *data,
                         size_t len, void *user)
{
    (void)flags;
    (void)user;
    stream_t *stream = nghttp2_session_get_stream_user_data(session, id);
    if (!stream || stream->is_answered || stream->is_body_ended) {
        (void)nghttp2_session_consume_connection(session, len); /* nobody wants it */
        return 0;
    }
    str_t bytes = str_n((const char *)data, len);
    if (!stream->is_body_wanted) { /* held: the window bounds it */
        if (stream->held.max == 0) {
            stream->held = buf_make(H2_WINDOW_BYTES + 1);
        }
        (void)buf_add_str(&stream->held, bytes);
        return 0;
    }
    stream_take_body(stream, bytes);
    stream->unconsumed += len;
    h2_consume(stream);
    stream_raise_body(stream);
    return 0;
}

static int on_stream_close(nghttp2_session *session, int32_t id, uint32_t code, void *user)
{
    conn_t *conn = conn_of(user);
    h2_t *h2 = h2_of(conn);
    stream_t *stream = nghttp2_session_get_stream_user_data(session, id);
    if (!stream) {
        return 0;
    }
    if (stream == h2->head_of) {
        h2_in_forget(conn);
    }
    (void)nghttp2_session_set_stream_user_data(session, id, NULL);
    bool is_whole = code == NGHTTP2_NO_ERROR && stream_is_done(stream) && !stream->is_aborted;
    h2_end_stream(conn, stream, is_whole);
    return 0;
}

void h2_in_callbacks(nghttp2_session_callbacks *callbacks)
{
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_recv);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data_chunk);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
}
