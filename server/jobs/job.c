/* SPDX-License-Identifier: Apache-2.0
 * The life of one leased job: its calls, its retries, its end. See job.h. */
#include "jobs/job.h"

#include <stdio.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

enum { TRIES_MAX = 10, RETRY_FIRST_MS = 100, RETRY_MAX_MS = 5000 };

static void log_job(level_t level, const char *event, const job_t *job, const char *reason)
{
    log_t line;
    log_open(&line, level, event);
    log_int(&line, "job", job->id);
    log_id(&line, "kind", str_of(job->kind));
    log_id(&line, "reason", str_of(reason));
    log_close(&line);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    job_t *job = arg;
    (void)fd;
    (void)what;
    job->go(job);
}

void job_free(job_t *job)
{
    runner_t *runner = job->runner;
    for (unsigned i = 0; i < runner->job_count; i++) {
        if (runner->jobs[i] == job) {
            runner->jobs[i] = runner->jobs[--runner->job_count];
            break;
        }
    }
    if (job->is_calling) {
        db_call_abandon(&job->call);
    }
    db_call_clear(&job->call);
    if (job->drop != NULL) {
        job->drop(job);
    }
    event_free(job->timer);
    arena_free(job->scratch);
    arena_free(job->memory);
    mem_free(job);
}

void job_later(job_t *job, int ms)
{
    struct timeval wait = {ms / 1000, (ms % 1000) * 1000};
    (void)event_add(job->timer, &wait);
}

/* Again after a pause that doubles, at most TRIES_MAX times; then the lease runs out by itself. */
static void retry(job_t *job, const char *reason)
{
    if (++job->tries > TRIES_MAX) {
        log_job(LEVEL_ERROR, "job_left", job, reason);
        job_leave(job, false);
        return;
    }
    int ms = RETRY_FIRST_MS << (job->tries < 8 ? job->tries : 8);
    job_later(job, ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS);
}

void job_ask(job_t *job, bool is_bound, const db_statement_t *statement, db_params_t *params,
             void (*done)(db_call_t *))
{
    unsigned steps = 0;
    CHECK(!job->is_calling);
    memset(&job->call, 0, sizeof job->call);
    job->call.owner = job;
    if (is_bound) {
        db_params_t *bind = db_params_new(job->scratch);
        db_params_int(bind, job->id);
        db_params_bytes(bind, job->lease, sizeof job->lease);
        job->call.steps[steps++] = db_step_of(job->runner->statements.bind, bind);
    }
    job->call.steps[steps++] = db_step_of(statement, params);
    job->call.step_count = (uint8_t)steps;
    job->call.deadline_ms = clock_mono_us() / 1000 + JOB_CALL_MS;
    job->call.done = done;
    if (db_pool_submit(job->runner->db, is_bound ? job->user : JOB_SYSTEM, DB_WRITE, &job->call) ==
        DB_OK) {
        job->is_calling = true;
        return;
    }
    arena_reset(job->scratch);
    retry(job, "database");
}

bool job_is_transient(const char *sqlstate)
{
    static const char *const states[] = {"40001", "40P01", "55P03", "57014",
                                         "57P01", "57P02", "57P03", "53300"};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i], sqlstate) == 0) {
            return true;
        }
    }
    return false;
}

db_rows_t *job_answered(db_call_t *call)
{
    job_t *job = call->owner;
    char sqlstate[sizeof call->sqlstate];
    db_outcome_t outcome = call->outcome;
    db_rows_t *result = outcome == DB_OK ? db_call_take(call, call->step_count - 1u) : NULL;
    memcpy(sqlstate, call->sqlstate, sizeof sqlstate);
    job->is_calling = false;
    db_call_clear(call);
    arena_reset(job->scratch);
    if (outcome == DB_OK) {
        return result;
    }
    if (outcome != DB_REFUSED || job_is_transient(sqlstate)) {
        retry(job, outcome == DB_REFUSED ? sqlstate : "database");
    } else if (strcmp(sqlstate, "ZC401") == 0) {
        log_job(LEVEL_WARN, "job_lease_lost", job, sqlstate);
        job_leave(job, false);
    } else {
        job_finish(job, sqlstate);
    }
    return NULL;
}

static void on_ended(db_call_t *call)
{
    job_t *job = call->owner;
    job->is_calling = false;
    job_free(job);
}

void job_finish(job_t *job, const char *error)
{
    char word[40];
    (void)snprintf(word, sizeof word, "%s", error == NULL ? "" : error);
    if (error != NULL) {
        log_job(LEVEL_WARN, "job_failed", job, word);
    }
    db_params_t *params = db_params_new(job->scratch);
    db_params_int(params, job->id);
    db_params_bytes(params, job->lease, sizeof job->lease);
    db_params_bool(params, error == NULL);
    db_params_text(params, error == NULL ? str_n(NULL, 0) : str_of(word));
    job->go = NULL;
    memset(&job->call, 0, sizeof job->call);
    job->call.owner = job;
    job->call.steps[0] = db_step_of(job->runner->statements.end, params);
    job->call.step_count = 1;
    job->call.deadline_ms = clock_mono_us() / 1000 + JOB_CALL_MS;
    job->call.done = on_ended;
    job->is_calling = db_pool_submit(job->runner->db, JOB_SYSTEM, DB_WRITE, &job->call) == DB_OK;
    if (!job->is_calling) {
        job_free(job); /* the next runner finds it at the same place */
    }
}

void job_leave(job_t *job, bool is_released)
{
    if (!is_released) {
        job_free(job);
        return;
    }
    db_params_t *params = db_params_new(job->scratch);
    db_params_int(params, job->id);
    db_params_bytes(params, job->lease, sizeof job->lease);
    memset(&job->call, 0, sizeof job->call);
    job->call.owner = job;
    job->call.steps[0] = db_step_of(job->runner->statements.release, params);
    job->call.step_count = 1;
    job->call.deadline_ms = clock_mono_us() / 1000 + JOB_CALL_MS;
    job->call.done = on_ended;
    job->is_calling = db_pool_submit(job->runner->db, JOB_SYSTEM, DB_WRITE, &job->call) == DB_OK;
    if (!job->is_calling) {
        job_free(job);
    }
}

static bool user_of(str_t letter, job_user_t *user)
{
    static const char letters[JOB_USERS] = {'S', 'D', 'H', 'A'};
    for (int i = 0; i < JOB_USERS; i++) {
        if (letter.len == 1 && letter.ptr[0] == letters[i]) {
            *user = (job_user_t)i;
            return true;
        }
    }
    return false;
}

job_t *job_new(runner_t *runner, const db_rows_t *rows, int row)
{
    str_t lease = db_text(rows, row, 1);
    str_t kind = db_text(rows, row, 3);
    job_user_t user;
    if (lease.len != JOB_LEASE_BYTES || kind.len >= JOB_KIND_BYTES ||
        !user_of(db_text(rows, row, 2), &user) || runner->job_count == JOBS_MAX) {
        log_event(LEVEL_ERROR, "job_not_understood", NULL);
        return NULL;
    }
    job_t *job = MEM_NEW(job_t);
    job->runner = runner;
    job->id = db_int(rows, row, 0);
    job->user = user;
    memcpy(job->lease, lease.ptr, JOB_LEASE_BYTES);
    memcpy(job->kind, kind.ptr, kind.len);
    job->memory = arena_new(1 << 20);
    job->scratch = arena_new(16 << 20);
    job->spec = arena_copy(job->memory, db_text(rows, row, 4));
    job->timer = event_new(runner->base, -1, 0, on_timer, job);
    runner->jobs[runner->job_count++] = job;
    return job;
}
