/* SPDX-License-Identifier: Apache-2.0
 * The clock's hand. See clockwork.h. */
#include "jobs/clockwork.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

enum {
    REST_MS = 1000,    /* between two rounds */
    REST_BUSY_MS = 20, /* while much is due: turns are short, so that the desk never waits long */
    BUSY_ROWS = 1000,  /* of a part that may leave work for the next round */
    PART_NAME_BYTES = 32
};

struct clockwork {
    runner_t *runner;
    struct event *due;
    arena_t *memory;
    db_call_t call;
    bool is_calling;
    int64_t place; /* in this round; 0 before its first part */
    bool is_busy;  /* a part of this round has left work */
    bool is_bulk;  /* the part under way may leave work */
    char part[PART_NAME_BYTES];
};

static void rest(clockwork_t *w, int64_t ms)
{
    struct timeval time = {ms / 1000, (suseconds_t)(ms % 1000 * 1000)};
    (void)evtimer_add(w->due, &time);
}

static void ask(clockwork_t *w, const db_statement_t *statement, db_params_t *params,
                void (*done)(db_call_t *))
{
    memset(&w->call, 0, sizeof w->call);
    w->call.owner = w;
    w->call.steps[0] = db_step_of(statement, params);
    w->call.step_count = 1;
    w->call.deadline_ms = clock_mono_us() / 1000 + JOB_CALL_MS;
    w->call.done = done;
    w->is_calling = db_pool_submit(w->runner->db, JOB_SYSTEM, DB_WRITE, &w->call) == DB_OK;
    if (!w->is_calling) {
        arena_reset(w->memory);
        rest(w, REST_MS);
    }
}

/* Clears the call. out: rows of its answer or NULL; a refusal is told, for nobody else waits for it
 */
static db_rows_t *answered(clockwork_t *w, const char *what)
{
    db_rows_t *rows = w->call.outcome == DB_OK ? db_call_take(&w->call, 0) : NULL;
    w->is_calling = false;
    if (w->call.outcome == DB_REFUSED) {
        log_t line;
        log_open(&line, LEVEL_ERROR, "clock_part_failed");
        log_word(&line, "part", what);
        log_word(&line, "reason", w->call.sqlstate);
        log_close(&line);
    }
    db_call_clear(&w->call);
    arena_reset(w->memory);
    return rows;
}

static void on_part(db_call_t *call)
{
    clockwork_t *w = call->owner;
    db_rows_t *rows = answered(w, w->part);
    if (rows != NULL && w->is_bulk && db_int(rows, 0, 0) >= BUSY_ROWS) {
        w->is_busy = true;
    }
    db_rows_free(rows);
    rest(w, 0);
}

static void on_next(db_call_t *call)
{
    clockwork_t *w = call->owner;
    db_rows_t *rows = answered(w, "next");
    str_t name = rows == NULL ? (str_t){0} : db_text(rows, 0, 1);
    if (name.len == 0 || name.len >= sizeof w->part) {
        rest(w, w->is_busy ? REST_BUSY_MS : REST_MS);
        w->place = 0;
        w->is_busy = false;
    } else {
        w->place = db_int(rows, 0, 0);
        w->is_bulk = db_bool(rows, 0, 2);
        (void)snprintf(w->part, sizeof w->part, "%.*s", (int)name.len, name.ptr);
        db_params_t *params = db_params_new(w->memory);
        db_params_word(params, w->part);
        ask(w, w->runner->statements.clock_part, params, on_part);
    }
    db_rows_free(rows);
}

static void on_due(evutil_socket_t fd, short what, void *arg)
{
    clockwork_t *w = arg;
    (void)fd;
    (void)what;
    if (w->runner->is_draining) {
        return;
    }
    db_params_t *params = db_params_new(w->memory);
    db_params_int(params, w->place);
    ask(w, w->runner->statements.clock_next, params, on_next);
}

void clockwork_statements(job_statements_t *statements, db_statements_t *list)
{
    statements->clock_next =
        db_statements_add(list, "select place, name, is_bulk from core.clock_next($1::int)", 1);
    statements->clock_part = db_statements_add(list, "select core.clock_part($1::text)", 1);
}

clockwork_t *clockwork_start(runner_t *runner)
{
    clockwork_t *w = MEM_NEW(clockwork_t);
    w->runner = runner;
    w->memory = arena_new(1 << 12);
    w->due = evtimer_new(runner->base, on_due, w);
    rest(w, 0);
    return w;
}

bool clockwork_is_calling(const clockwork_t *clockwork)
{
    return clockwork->is_calling;
}

void clockwork_stop(clockwork_t *clockwork)
{
    if (clockwork == NULL) {
        return;
    }
    if (clockwork->is_calling) {
        db_call_abandon(&clockwork->call);
    }
    event_free(clockwork->due);
    arena_free(clockwork->memory);
    mem_free(clockwork);
}
