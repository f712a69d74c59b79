/* SPDX-License-Identifier: Apache-2.0
 * CSV with back-pressure from the client's socket to PostgreSQL's. */
#include "api/export.h"

#include <time.h>

#include "base/clock.h"
#include "http/write.h"

enum { PIECE_BYTES = 16 * 1024, ROW_BYTES_MAX = 4 * 1024 * 1024 };

typedef struct {
    buf_t out; /* rows not yet handed to the stream */
    const rowenc_plan_t *plan;
    char separator;
    str_t mark; /* the last cell of every row */
    bool is_begun, is_failed;
} export_t;

/* The rows end with CRLF: put one more cell before it. */
static bool add_mark(export_t *export, str_t text)
{
    if (export->out.len < 2)
        return false;
    export->out.len -= 2;
    buf_add_c(&export->out, export->separator);
    rowenc_csv_cell(&export->out, text, true, export->separator);
    return BUF_ADD(&export->out, "\r\n");
}

static void begin(request_t *rq, export_t *export, const db_rows_t *result)
{
    const db_rows_t *opened = rq->call.results[rq->call.step_count - 2];
    str_t number = db_text(opened, 0, 0);
    export->mark = arena_copy(rq->arena, db_text(opened, 0, 1));
    const char *name = rq->route->name;
    size_t len = strlen(name);
    if (len > 7 && strcmp(name + len - 7, "_export") == 0)
        len -= 7;
    time_t now_s = (time_t)(clock_wall_us() / 1000000);
    struct tm parts;
    char day[16];
    gmtime_r(&now_s, &parts);
    strftime(day, sizeof day, "%Y-%m-%d", &parts);
    str_t disposition = arena_printf(rq->arena, "attachment; filename=\"%.*s-%s-%.*s.csv\"",
                                     (int)len, name, day, (int)number.len, number.ptr);
    http_header_t headers[] = {
        {STR("content-type"), STR("text/csv; charset=utf-8; header=present")},
        {STR("content-disposition"), disposition}};
    export->plan = rowenc_plan(rq->arena, rq->app->shared->catalog, result);
    export->is_begun = true;
    rq->status = 200;
    stream_begin(rq->stream, 200, headers, 2, -1);
    if (rq->lang == LANG_RU) /* the spreadsheet of a Russian desktop needs the mark */
        BUF_ADD(&export->out, "\xEF\xBB\xBF");
    export->is_failed = !export->plan ||
                        !rowenc_csv_head(&export->out, export->plan, export->separator) ||
                        !add_mark(export, STR("export"));
}

static bool flush(request_t *rq, export_t *export)
{
    bool is_room = stream_write(rq->stream, buf_str(&export->out));
    buf_reset(&export->out);
    return is_room;
}

static bool on_row(db_call_t *call, const db_rows_t *row)
{
    request_t *rq = call->owner;
    export_t *export = rq->native;
    if (!export->is_begun)
        begin(rq, export, row);
    if (!export->is_failed && (!rowenc_csv_row(&export->out, rq->app->shared->catalog, export->plan,
                                               row, 0, export->separator) ||
                               !add_mark(export, export->mark)))
        export->is_failed = true;
    return export->is_failed || export->out.len < PIECE_BYTES || flush(rq, export);
}

static void on_drain(request_t *rq)
{
    db_call_resume(&rq->call);
}

static void free_out(void *export)
{
    buf_free(&((export_t *)export)->out);
}

void export_prepare(request_t *rq)
{
    export_t *export = ARENA_NEW(rq->arena, export_t);
    export->out = buf_make(ROW_BYTES_MAX);
    export->separator = rq->lang == LANG_RU ? ';' : ',';
    arena_own(rq->arena, export, free_out);
    rq->native = export;
    rq->on_drain = on_drain;
    rq->call.is_by_row = true;
    rq->call.row = on_row;
}

step_t export_finish(request_t *rq)
{
    export_t *export = rq->native;
    bool is_good = request_succeeded(rq) && !export->is_failed;
    if (!export->is_begun) {
        const db_rows_t *result = request_result(rq);
        if (!is_good || !result)
            return rq->error.code ? STEP_FAIL : request_fail(rq, ERR_INTERNAL);
        begin(rq, export, result);
        is_good = !export->is_failed;
    }
    if (!is_good) {
        stream_abort(rq->stream);
        return STEP_DONE;
    }
    flush(rq, export);
    stream_end(rq->stream);
    return STEP_DONE;
}
