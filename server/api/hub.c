/* SPDX-License-Identifier: Apache-2.0
 * Events from rows to streams. */
#include "api/hub.h"

#include <event2/event.h>

#include "api/native.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

typedef struct subscriber subscriber_t;
struct subscriber {
    request_t *rq;
    hub_t *hub;
    int64_t staff;
    int64_t seen_id;  /* the last event given to it, or passed over */
    int64_t end_id;   /* the last event before its session was bound */
    int64_t asked_id; /* how far the poller was when the batch under way was asked for */
    bool is_listed;
    subscriber_t *next, *prev;
};

struct hub {
    app_t *app;
    arena_t *arena; /* parameters of the poll under way */
    struct event *timer;
    subscriber_t *first;
    unsigned count;
    db_call_t call;
    bool is_polling;
    int64_t last_id; /* of the last row read */
    int64_t beat_ms;
    buf_t text;
};

/* --- list ------------------------------------------------------------------------------------ */

static unsigned count_of(const hub_t *hub, int64_t staff)
{
    unsigned count = 0;
    for (const subscriber_t *s = hub->first; s; s = s->next)
        count += s->staff == staff;
    return count;
}

static void set_timer(hub_t *hub)
{
    struct timeval period = {0, HUB_POLL_MS * 1000};
    if (hub->count == 1)
        event_add(hub->timer, &period);
    else if (hub->count == 0)
        event_del(hub->timer);
}

static void list(hub_t *hub, subscriber_t *s)
{
    s->next = hub->first;
    s->prev = NULL;
    if (s->next)
        s->next->prev = s;
    hub->first = s;
    s->is_listed = true;
    hub->count++;
    metric_add(hub->app->shared->streams_open, 1);
    if (hub->count == 1) /* nobody listened: begin where this one stands */
        hub->last_id = s->seen_id;
    set_timer(hub);
}

static void unlist(subscriber_t *s)
{
    hub_t *hub = s->hub;
    if (!s->is_listed)
        return;
    if (s->prev)
        s->prev->next = s->next;
    else
        hub->first = s->next;
    if (s->next)
        s->next->prev = s->prev;
    s->is_listed = false;
    hub->count--;
    metric_add(hub->app->shared->streams_open, -1);
    set_timer(hub);
}

static void on_gone(request_t *rq)
{
    unlist(rq->native);
}

/* --- giving ---------------------------------------------------------------------------------- */

/* One event as the protocol writes it. Line breaks of the stored text would end it early; in JSON
 * they stand only between tokens, so a space means the same. source: HTML standard, server-sent
 * events */
static void format(buf_t *out, int64_t id, str_t kind, str_t payload)
{
    buf_reset(out);
    BUF_ADD(out, "id: ");
    buf_add_i64(out, id);
    BUF_ADD(out, "\nevent: ");
    buf_add_str(out, kind);
    BUF_ADD(out, "\ndata: ");
    for (size_t i = 0; i < payload.len; i++)
        buf_add_c(out, payload.ptr[i] == '\n' || payload.ptr[i] == '\r' ? ' ' : payload.ptr[i]);
    BUF_ADD(out, "\n\n");
}

/* out: false when the stream ended */
static bool give(subscriber_t *s, str_t text)
{
    if (stream_unsent(s->rq->stream) > STREAM_HIGH_BYTES) { /* does not read; it will resume */
        unlist(s);
        stream_abort(s->rq->stream);
        return false;
    }
    stream_write(s->rq->stream, text);
    return true;
}

static void end_stream(subscriber_t *s)
{
    unlist(s);
    stream_end(s->rq->stream);
}

static void give_row(hub_t *hub, const db_rows_t *rows, int row)
{
    int64_t id = db_int(rows, row, 0), staff = db_int(rows, row, 1);
    bool is_for_all = db_is_null(rows, row, 1);
    str_t kind = db_text(rows, row, 2);
    bool is_end = str_eq(kind, STR("session.revoked"));
    format(&hub->text, id, kind, db_text(rows, row, 3));
    for (subscriber_t *s = hub->first, *next; s; s = next) {
        next = s->next;
        if ((!is_for_all && s->staff != staff) || s->seen_id >= id)
            continue;
        s->seen_id = id;
        if (give(s, buf_str(&hub->text)) && is_end)
            end_stream(s);
    }
}

/* --- polling --------------------------------------------------------------------------------- */

static void set_call(app_t *app, arena_t *arena, db_call_t *call, int64_t after_id)
{
    db_params_t *params = db_params_new(arena);
    db_params_int(params, after_id);
    db_params_int(params, HUB_BATCH);
    *call = (db_call_t){.step_count = 1, .is_retryable = true};
    call->deadline_ms = clock_mono_us() / 1000 + 2000;
    call->steps[0] = db_step_of(app->shared->sql.events_after, params);
}

static void on_polled(db_call_t *call)
{
    hub_t *hub = call->owner;
    hub->is_polling = false;
    db_rows_t *rows = call->outcome == DB_OK ? db_call_take(call, 0) : NULL;
    db_call_clear(call);
    if (!rows)
        return;
    int count = db_row_count(rows);
    bool is_start = count == 1 && str_eq(db_text(rows, 0, 2), STR("start"));
    for (int i = 0; i < count && !is_start; i++)
        give_row(hub, rows, i);
    if (count > 0 && (!is_start || hub->last_id < 0))
        hub->last_id = db_int(rows, count - 1, 0);
    db_rows_free(rows);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    hub_t *hub = arg;
    int64_t now_ms = clock_mono_us() / 1000;
    if (now_ms >= hub->beat_ms) {
        hub->beat_ms = now_ms + HUB_BEAT_MS;
        for (subscriber_t *s = hub->first, *next; s; s = next) {
            next = s->next;
            give(s, STR(":\n\n"));
        }
    }
    if (hub->is_polling || hub->count == 0)
        return;
    arena_reset(hub->arena);
    set_call(hub->app, hub->arena, &hub->call, hub->last_id);
    hub->call.owner = hub;
    hub->call.done = on_polled;
    hub->is_polling = db_pool_submit(hub->app->pool, CLASS_SYSTEM, DB_FAST, &hub->call) == DB_OK;
}

hub_t *hub_new(app_t *app)
{
    hub_t *hub = MEM_NEW(hub_t);
    hub->app = app;
    hub->arena = arena_new((size_t)1 << 20);
    hub->last_id = -1;
    hub->text = buf_make((size_t)1 << 20);
    hub->timer = event_new(worker_base(app->worker), -1, EV_PERSIST, on_timer, hub);
    return hub;
}

void hub_free(hub_t *hub)
{
    if (!hub)
        return;
    db_call_abandon(&hub->call);
    event_free(hub->timer);
    arena_free(hub->arena);
    buf_free(&hub->text);
    mem_free(hub);
}

void hub_end_all(hub_t *hub)
{
    while (hub->first)
        end_stream(hub->first);
}

/* --- one stream ------------------------------------------------------------------------------ */

enum { ASKED_END = 1, BOUND, CATCHING_UP };

static void begin_stream(request_t *rq)
{
    http_header_t headers[] = {{STR("content-type"), STR("text/event-stream")},
                               {STR("cache-control"), STR("no-store")},
                               {STR("x-accel-buffering"), STR("no")}};
    rq->status = 200;
    rq->on_gone = on_gone;
    stream_begin(rq->stream, 200, headers, 3, -1);
    stream_write(rq->stream, STR("retry: 2000\n\n"));
}

static step_t catch_up(request_t *rq, subscriber_t *s)
{
    s->asked_id = s->hub->last_id;
    db_call_clear(&rq->call);
    set_call(rq->app, rq->arena, &rq->call, s->seen_id);
    rq->stage = CATCHING_UP;
    return request_call(rq, CLASS_SYSTEM, DB_FAST, 2000);
}

/* The end of the events is read before the bind: what ends the session later comes after it. */
static step_t ask_end(request_t *rq)
{
    set_call(rq->app, rq->arena, &rq->call, -1);
    rq->stage = ASKED_END;
    return request_call(rq, CLASS_SYSTEM, DB_FAST, 2000);
}

static step_t asked_end(request_t *rq)
{
    subscriber_t *s = ARENA_NEW(rq->arena, subscriber_t);
    uint64_t last_id;
    s->rq = rq;
    s->hub = rq->app->hub;
    s->seen_id = s->end_id = db_int(request_result(rq), 0, 0);
    str_t header = http_header(rq->http, STR("last-event-id"));
    /* a number beyond the end (made up, or older than a restore of the database) means now */
    if (header.ptr && str_to_u64(header, INT64_MAX, &last_id) && (int64_t)last_id < s->end_id)
        s->seen_id = (int64_t)last_id;
    rq->native = s;
    rq->stage = BOUND;
    return request_call_bound(rq, 'r', rq->app->shared->sql.staff, db_params_new(rq->arena));
}

static step_t bound(request_t *rq)
{
    subscriber_t *s = rq->native;
    s->staff = db_int(request_result(rq), 0, 0);
    if (s->staff == 0)
        return request_fail(rq, ERR_UNAUTHENTICATED);
    if (s->hub->count >= HUB_STREAMS_MAX || count_of(s->hub, s->staff) >= HUB_STREAMS_STAFF) {
        rq->retry_after_s = 30;
        return request_fail(rq, ERR_TOO_MANY);
    }
    return catch_up(rq, s);
}

/* What the stream missed: its own events after Last-Event-ID, batch by batch. */
static step_t caught(request_t *rq)
{
    subscriber_t *s = rq->native;
    const db_rows_t *rows = request_result(rq);
    int count = rows ? db_row_count(rows) : 0;
    if (!stream_is_answered(rq->stream))
        begin_stream(rq);
    for (int i = 0; i < count; i++) {
        s->seen_id = db_int(rows, i, 0);
        if (db_int(rows, i, 1) != s->staff)
            continue;
        bool is_end = str_eq(db_text(rows, i, 2), STR("session.revoked"));
        if (is_end && s->seen_id > s->end_id) {
            stream_end(rq->stream);
            return STEP_DONE;
        }
        if (is_end) /* of a session before this one */
            continue;
        format(&s->hub->text, s->seen_id, db_text(rows, i, 2), db_text(rows, i, 3));
        if (!give(s, buf_str(&s->hub->text)))
            return STEP_DONE;
    }
    /* What the poller had read before this batch was asked for is in it or gone by now (events are
     * kept for a day): only what it read meanwhile is asked for again. */
    if (count < HUB_BATCH && s->seen_id < s->asked_id)
        s->seen_id = s->asked_id;
    if (count == HUB_BATCH || s->hub->last_id > s->seen_id)
        return catch_up(rq, s);
    list(s->hub, s);
    return STEP_DONE;
}

step_t native_events(request_t *rq)
{
    if (worker_is_draining(rq->app->worker))
        return request_fail(rq, ERR_UNAVAILABLE);
    if (rq->stage == 0)
        return ask_end(rq);
    if (!request_succeeded(rq)) {
        if (!stream_is_answered(rq->stream))
            return STEP_FAIL;
        stream_end(rq->stream); /* it comes again with the same Last-Event-ID */
        return STEP_DONE;
    }
    if (rq->stage == ASKED_END)
        return asked_end(rq);
    return rq->stage == BOUND ? bound(rq) : caught(rq);
}
