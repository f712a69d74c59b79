/* SPDX-License-Identifier: Apache-2.0
 * See hello.h. */
#include "hello.h"

#include "base/mem.h"

#include <event2/event.h>

typedef struct {
    stream_t *stream;
    struct event *timer;
    size_t left;
} work_t;

static const http_header_t plain = {{"content-type", 12}, {"text/plain", 10}};

static void reply(stream_t *stream, int status, str_t text)
{
    stream_reply(stream, status, &plain, 1, text);
}

static void on_timer(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    work_t *work = argument;
    reply(work->stream, 200, STR("later\n"));
}

static void free_timer(void *timer)
{
    event_free(timer);
}

static void write_pieces(work_t *work)
{
    static const char piece[10000] = {'x'};
    while (work->left > 0) {
        size_t len = work->left < sizeof piece ? work->left : sizeof piece;
        work->left -= len;
        if (!stream_write(work->stream, str_n(piece, len))) {
            return;
        }
    }
    stream_end(work->stream);
}

static work_t *begin_work(stream_t *stream)
{
    work_t *work = ARENA_NEW(stream_arena(stream), work_t);
    work->stream = stream;
    stream_set_user(stream, work);
    return work;
}

static void describe(stream_t *stream)
{
    const http_request_t *rq = stream_request(stream);
    char spki[65] = "";
    if (rq->has_certificate) {
        str_to_hex(rq->spki_sha256, 32, spki);
    }
    str_t text = arena_printf(stream_arena(stream), "%s %.*s ?%.*s %.*s %d %s %s\n",
                              http_method_name(rq->method), (int)rq->path.len, rq->path.ptr,
                              (int)rq->query.len, rq->query.ptr, (int)rq->host.len, rq->host.ptr,
                              (int)rq->listener, spki, rq->peer);
    reply(stream, 200, text);
}

static void read_body(stream_t *stream, int64_t limit, body_mode_t mode)
{
    err_t error = stream_read_body(stream, limit, mode);
    if (error.code != ERR_OK) {
        stream_problem(stream, error, STR(""), STR(""), 0);
    }
}

static void on_request(void *app, stream_t *stream)
{
    hello_t *hello = app;
    str_t path = stream_request(stream)->path;
    atomic_fetch_add(&hello->requests, 1);
    if (str_eq(path, STR("/hello"))) {
        stream_reply_ref(stream, 200, &plain, 1, STR("hello\n"), NULL, NULL);
    } else if (str_eq(path, STR("/large"))) {
        stream_reply_ref(stream, 200, &plain, 1, str_n(hello->large, HELLO_LARGE_BYTES), NULL,
                         NULL);
    } else if (str_eq(path, STR("/copied"))) {
        reply(stream, 200, str_n(hello->large, 200000));
    } else if (str_eq(path, STR("/pieces"))) {
        work_t *work = begin_work(stream);
        work->left = HELLO_PIECES_BYTES;
        stream_begin(stream, 200, &plain, 1, -1);
        write_pieces(work);
    } else if (str_eq(path, STR("/later"))) {
        work_t *work = begin_work(stream);
        work->timer = event_new(worker_base(hello->worker), -1, 0, on_timer, work);
        (void)arena_own(stream_arena(stream), work->timer, free_timer);
        (void)event_add(work->timer, &(struct timeval){0, 20000});
    } else if (str_eq(path, STR("/torn"))) {
        stream_begin(stream, 200, &plain, 1, 1000);
        (void)stream_write(stream, str_n(hello->large, 100));
        stream_abort(stream);
    } else if (str_eq(path, STR("/echo"))) {
        read_body(stream, 1048576, BODY_MEMORY);
    } else if (str_eq(path, STR("/spool"))) {
        read_body(stream, (int64_t)1 << 30, BODY_SPOOL);
    } else if (str_eq(path, STR("/refuse"))) {
        stream_problem(stream, err_of(ERR_UNAUTHENTICATED), STR(""), STR(""), 0);
    } else if (str_eq(path, STR("/head"))) {
        describe(stream);
    } else if (!str_eq(path, STR("/never"))) {
        stream_problem(stream, err_of(ERR_NOT_FOUND), STR(""), STR(""), 0);
    }
}

static void on_body(void *app, stream_t *stream, err_code_t code)
{
    (void)app;
    const body_t *body = stream_body(stream);
    if (code != ERR_OK) {
        stream_problem(stream, err_of(code), STR(""), STR(""), 0);
    } else if (body->fd >= 0) {
        char hex[65] = "";
        str_to_hex(body->sha256, 32, hex);
        reply(stream, 200,
              arena_printf(stream_arena(stream), "%lld %s\n", (long long)body->length, hex));
    } else {
        reply(stream, 200, body->bytes);
    }
}

static void on_drain(void *app, stream_t *stream)
{
    (void)app;
    write_pieces(stream_user(stream));
}

static void on_end(void *app, stream_t *stream, bool is_complete)
{
    (void)stream;
    hello_t *hello = app;
    atomic_fetch_add(is_complete ? &hello->complete : &hello->gone, 1);
}

const stream_events_t *hello_events(void)
{
    static const stream_events_t events = {on_request, on_body, on_drain, on_end, NULL};
    return &events;
}

void hello_init(hello_t *hello, worker_t *worker)
{
    hello->worker = worker;
    hello->large = mem_new(HELLO_LARGE_BYTES);
    for (size_t i = 0; i < HELLO_LARGE_BYTES; i++) {
        hello->large[i] = (char)('a' + i % 26);
    }
    worker_serve(worker, hello_events(), hello);
}

void hello_free(hello_t *hello)
{
    mem_free(hello->large);
}
