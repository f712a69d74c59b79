/* SPDX-License-Identifier: Apache-2.0
 * The line of a request and its counters. */
#include "api/logline.h"

#include "base/clock.h"
#include "base/log.h"

void logline_write(const request_t *rq, bool is_complete)
{
    int64_t took_us = clock_mono_us() - rq->http->begun_us;
    const app_shared_t *shared = rq->app->shared;
    log_t line;
    log_open(&line, rq->status >= 500 ? LEVEL_WARN : LEVEL_INFO, "request");
    log_id(&line, "request_id", str_of(rq->http->request_id));
    log_word(&line, "method", http_method_name(rq->http->method));
    log_word(&line, "route", rq->route ? rq->route->name : rq->status == 404 ? "none" : "asset");
    log_word(&line, "class", rq->has_secret ? class_infos[rq->class].user : NULL);
    log_int(&line, "status", rq->status);
    log_word(&line, "error", rq->error.code ? err_info(rq->error.code)->slug : NULL);
    log_ms(&line, "ms", took_us);
    if (rq->work_us)
        log_ms(&line, "work_ms", rq->work_us);
    if (rq->flush_us)
        log_ms(&line, "flush_ms", rq->flush_us);
    if (rq->db_us)
        log_ms(&line, "db_ms", rq->db_us);
    log_int(&line, "bytes", stream_sent_bytes(rq->stream));
    if (!is_complete)
        log_word(&line, "end", "torn");
    log_close(&line);
    if (!rq->route)
        return;
    unsigned digit = (unsigned)rq->status / 100;
    metric_add(rq->route->answers[digit < 6 ? digit : 5], 1);
    metric_observe_us(shared->answer_us[rq->route->is_native ? DB_KINDS : rq->route->lane],
                      took_us);
}
