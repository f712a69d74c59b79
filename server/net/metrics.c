/* SPDX-License-Identifier: Apache-2.0
 * The metrics page. */
#include "net/metrics.h"
#include "base/metric.h"

#define PAGE_MAX_BYTES (4 * 1024 * 1024)

static void reply_text(stream_t *stream, int status, str_t type, str_t text)
{
    http_header_t header = {STR("content-type"), type};
    stream_reply(stream, status, &header, 1, text);
}

static void on_request(void *app, stream_t *stream)
{
    const metrics_page_t *page = app;
    const http_request_t *request = stream_request(stream);
    if (request->method != METHOD_GET && request->method != METHOD_HEAD) {
        stream_problem(stream, err_of(ERR_METHOD), STR(""), STR(""), 0);
    } else if (str_eq(request->path, STR("/metrics"))) {
        if (page->refresh) {
            page->refresh(page->argument);
        }
        buf_t text = buf_make(PAGE_MAX_BYTES);
        metric_write(&text);
        reply_text(stream, 200, STR("text/plain; version=0.0.4"), buf_str(&text));
        buf_free(&text);
    } else if (str_eq(request->path, STR("/livez"))) {
        reply_text(stream, 200, STR("text/plain"), STR("ok\n"));
    } else if (str_eq(request->path, STR("/readyz"))) {
        bool is_ready = page->is_ready(page->argument);
        reply_text(stream, is_ready ? 200 : 503, STR("text/plain"),
                   is_ready ? STR("ready\n") : STR("not ready\n"));
    } else {
        stream_problem(stream, err_of(ERR_NOT_FOUND), STR(""), STR(""), 0);
    }
}

static void on_body(void *app, stream_t *stream, err_code_t code)
{
    (void)app;
    (void)stream;
    (void)code;
}

static void on_drain(void *app, stream_t *stream)
{
    (void)app;
    (void)stream;
}

static void on_end(void *app, stream_t *stream, bool is_complete)
{
    (void)app;
    (void)stream;
    (void)is_complete;
}

const stream_events_t *metrics_events(void)
{
    static const stream_events_t events = {on_request, on_body, on_drain, on_end, NULL};
    return &events;
}
