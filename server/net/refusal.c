/* SPDX-License-Identifier: Apache-2.0
 * Refusals. */
#include "net/refusal.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/problem.h"
#include "net/h1.h"
#include "net/worker_own.h"

#define TEXT_MAX_BYTES 4096

void refusal_log(const conn_t *conn, err_code_t code, const char *request_id)
{
    const err_info_t *row = err_info(code);
    metric_add(conn->worker->metrics->requests_refused, 1);
    log_t line;
    log_open(&line, row->level, "request");
    log_id(&line, "id", str_n(request_id, 32));
    log_word(&line, "protocol", conn->protocol == &h1_protocol ? "http/1.1" : "h2");
    log_word(&line, "error", row->slug);
    log_int(&line, "status", row->status);
    log_close(&line);
}

void refusal_send(conn_t *conn, err_code_t code)
{
    const err_info_t *row = err_info(code);
    unsigned char random[16];
    char id[33];
    worker_random(conn->worker, random, sizeof random);
    http_request_id(STR(""), random, id);
    buf_t text = buf_make(TEXT_MAX_BYTES);
    problem_write(&text, err_of(code), LANG_EN, STR(""), STR(""), id);
    http_header_t type = {STR("content-type"), PROBLEM_TYPE};
    write_head_t head = {.status = row->status,
                         .headers = &type,
                         .header_count = 1,
                         .body_bytes = (int64_t)text.len,
                         .is_close = true,
                         .is_secure = conn->ssl != NULL,
                         .wall_us = clock_wall_us(),
                         .request_id = id};
    (void)write_head(&conn->out, &head);
    (void)buf_add_str(&conn->out, buf_str(&text));
    buf_free(&text);
    metric_add(conn->worker->metrics->responses[row->status / 100], 1);
    refusal_log(conn, code, id);
}
