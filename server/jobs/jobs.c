/* SPDX-License-Identifier: Apache-2.0
 * The runner of jobs and the clock. See jobs.h. */
#include "jobs/jobs.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "jobs/job.h"

enum {
    JOBS_MAX = 4, /* under way at once on one node */
    TICK_MS = 250,
    POLL_TICKS = 2,
    TRIES_MAX = 10,
    RETRY_FIRST_MS = 100,
    RETRY_MAX_MS = 5000,
    CLOCK_LEAST_MS = 50,
    CLOCK_MOST_MS = 60000,
    CLOCK_AWAY_MS = 1000,
    STOP_MS = 5000
};

/** Kinds that C does itself. */
static const struct {
    const char *kind;
    void (*begin)(job_t *job);
} native[] = {
    {"import_parse", parse_begin},
};

struct jobs {
    struct event_base *base;
    const config_t *config;
    pool_t *pool;
    port_t *port;
    db_pool_t *db;
    db_statements_t *list;
    job_statements_t statements;
    char node[80];
    job_t *jobs[JOBS_MAX];
    unsigned job_count;
    bool is_draining;
    struct event *tick;
    unsigned ticks;
    /* leasing */
    db_call_t lease_call;
    bool is_leasing;
    arena_t *lease_memory;
    /* the clock */
    db_call_t clock_call;
    bool is_clock_calling;
    int64_t clock_us; /* when it is due */
};

db_pool_t *job_db(const job_t *job)
{
    return job->jobs->db;
}

const job_statements_t *job_statements(const job_t *job)
{
    return &job->jobs->statements;
}

pool_t *job_pool(const job_t *job)
{
    return job->jobs->pool;
}

port_t *job_port(const job_t *job)
{
    return job->jobs->port;
}

const char *job_files_dir(const job_t *job)
{
    return job->jobs->config->files_dir;
}

bool job_is_draining(const job_t *job)
{
    return job->jobs->is_draining;
}

static void log_job(level_t level, const char *event, const job_t *job, const char *reason)
{
    log_t line;
    log_open(&line, level, event);
    log_int(&line, "job", job->id);
    log_id(&line, "kind", str_of(job->kind));
    log_id(&line, "reason", str_of(reason));
    log_close(&line);
}

/* --- the life of one job ---------------------------------------------------------------------- */

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    job_t *job = arg;
    (void)fd;
    (void)what;
    job->go(job);
}

/* Free a job and its place. */
static void job_free(job_t *job)
{
    jobs_t *jobs = job->jobs;
    for (unsigned i = 0; i < jobs->job_count; i++) {
        if (jobs->jobs[i] == job) {
            jobs->jobs[i] = jobs->jobs[--jobs->job_count];
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
        job->call.steps[steps++] = db_step_of(job_statements(job)->bind, bind);
    }
    job->call.steps[steps++] = db_step_of(statement, params);
    job->call.step_count = (uint8_t)steps;
    job->call.deadline_ms = clock_mono_us() / 1000 + JOB_CALL_MS;
    job->call.done = done;
    if (db_pool_submit(job_db(job), is_bound ? job->user : JOB_SYSTEM, DB_WRITE, &job->call) ==
        DB_OK) {
        job->is_calling = true;
        return;
    }
    arena_reset(job->scratch);
    retry(job, "database");
}

/* SQLSTATEs after which the same step may well succeed: conflicts, deadlocks, timeouts, shutdown.
 */
static bool is_transient(const char *sqlstate)
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

PGresult *job_answered(db_call_t *call)
{
    job_t *job = call->owner;
    char sqlstate[sizeof call->sqlstate];
    db_outcome_t outcome = call->outcome;
    PGresult *result = outcome == DB_OK ? db_call_take(call, call->step_count - 1u) : NULL;
    memcpy(sqlstate, call->sqlstate, sizeof sqlstate);
    job->is_calling = false;
    db_call_clear(call);
    arena_reset(job->scratch);
    if (outcome == DB_OK) {
        return result;
    }
    if (outcome != DB_REFUSED || is_transient(sqlstate)) {
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
    job->call.steps[0] = db_step_of(job_statements(job)->end, params);
    job->call.step_count = 1;
    job->call.deadline_ms = clock_mono_us() / 1000 + JOB_CALL_MS;
    job->call.done = on_ended;
    job->is_calling = db_pool_submit(job_db(job), JOB_SYSTEM, DB_WRITE, &job->call) == DB_OK;
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
    job->call.steps[0] = db_step_of(job_statements(job)->release, params);
    job->call.step_count = 1;
    job->call.deadline_ms = clock_mono_us() / 1000 + JOB_CALL_MS;
    job->call.done = on_ended;
    job->is_calling = db_pool_submit(job_db(job), JOB_SYSTEM, DB_WRITE, &job->call) == DB_OK;
    if (!job->is_calling) {
        job_free(job);
    }
}

/* --- leasing ---------------------------------------------------------------------------------- */

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

static void begin_job(jobs_t *jobs, const PGresult *rows, int row)
{
    str_t lease = db_text(rows, row, 1);
    str_t kind = db_text(rows, row, 3);
    job_user_t user;
    if (lease.len != JOB_LEASE_BYTES || kind.len >= JOB_KIND_BYTES ||
        !user_of(db_text(rows, row, 2), &user) || jobs->job_count == JOBS_MAX) {
        log_event(LEVEL_ERROR, "job_not_understood", NULL);
        return;
    }
    job_t *job = MEM_NEW(job_t);
    job->jobs = jobs;
    job->id = db_int(rows, row, 0);
    job->user = user;
    memcpy(job->lease, lease.ptr, JOB_LEASE_BYTES);
    memcpy(job->kind, kind.ptr, kind.len);
    job->memory = arena_new(1 << 20);
    job->scratch = arena_new(16 << 20);
    job->spec = arena_copy(job->memory, db_text(rows, row, 4));
    job->timer = event_new(jobs->base, -1, 0, on_timer, job);
    jobs->jobs[jobs->job_count++] = job;
    void (*begin)(job_t *) = step_begin;
    for (size_t i = 0; i < sizeof native / sizeof native[0]; i++) {
        begin = strcmp(native[i].kind, job->kind) == 0 ? native[i].begin : begin;
    }
    begin(job);
}

static void on_leased(db_call_t *call)
{
    jobs_t *jobs = call->owner;
    PGresult *rows = call->outcome == DB_OK ? db_call_take(call, 0) : NULL;
    jobs->is_leasing = false;
    if (call->outcome == DB_REFUSED) {
        log_event(LEVEL_ERROR, "job_lease_failed", call->sqlstate);
    }
    db_call_clear(call);
    arena_reset(jobs->lease_memory);
    for (int i = 0; rows != NULL && i < PQntuples(rows); i++) {
        begin_job(jobs, rows, i);
    }
    PQclear(rows);
}

static void lease(jobs_t *jobs)
{
    if (jobs->is_draining || jobs->is_leasing || jobs->job_count == JOBS_MAX) {
        return;
    }
    db_params_t *params = db_params_new(jobs->lease_memory);
    db_params_word(params, jobs->node);
    db_params_int(params, JOBS_MAX - (int64_t)jobs->job_count);
    memset(&jobs->lease_call, 0, sizeof jobs->lease_call);
    jobs->lease_call.owner = jobs;
    jobs->lease_call.steps[0] = db_step_of(jobs->statements.lease, params);
    jobs->lease_call.step_count = 1;
    jobs->lease_call.deadline_ms = clock_mono_us() / 1000 + JOB_CALL_MS;
    jobs->lease_call.done = on_leased;
    jobs->is_leasing = db_pool_submit(jobs->db, JOB_SYSTEM, DB_WRITE, &jobs->lease_call) == DB_OK;
    if (!jobs->is_leasing) {
        arena_reset(jobs->lease_memory);
    }
}

/* --- the clock -------------------------------------------------------------------------------- */

static void on_clock(db_call_t *call)
{
    jobs_t *jobs = call->owner;
    int64_t ms = CLOCK_AWAY_MS;
    jobs->is_clock_calling = false;
    if (call->outcome == DB_OK) {
        ms = db_int(call->results[0], 0, 0);
        ms = ms < CLOCK_LEAST_MS ? CLOCK_LEAST_MS : (ms > CLOCK_MOST_MS ? CLOCK_MOST_MS : ms);
    } else if (call->outcome == DB_REFUSED && !is_transient(call->sqlstate)) {
        log_event(LEVEL_ERROR, "clock_tick_failed", call->sqlstate);
    }
    jobs->clock_us = clock_mono_us() + ms * 1000;
    db_call_clear(call);
}

static void tick_clock(jobs_t *jobs)
{
    if (jobs->is_draining || jobs->is_clock_calling || clock_mono_us() < jobs->clock_us) {
        return;
    }
    memset(&jobs->clock_call, 0, sizeof jobs->clock_call);
    jobs->clock_call.owner = jobs;
    jobs->clock_call.steps[0] = (db_step_t){jobs->statements.clock, NULL, NULL, NULL};
    jobs->clock_call.step_count = 1;
    jobs->clock_call.deadline_ms = clock_mono_us() / 1000 + JOB_CALL_MS;
    jobs->clock_call.done = on_clock;
    jobs->is_clock_calling =
        db_pool_submit(jobs->db, JOB_SYSTEM, DB_WRITE, &jobs->clock_call) == DB_OK;
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    jobs_t *jobs = arg;
    (void)fd;
    (void)what;
    tick_clock(jobs);
    if (jobs->ticks++ % POLL_TICKS == 0) {
        lease(jobs);
    }
}

/* --- start and stop --------------------------------------------------------------------------- */

static void add_statements(jobs_t *jobs)
{
    job_statements_t *s = &jobs->statements;
    db_statements_t *list = jobs->list = db_statements_new();
    s->lease = db_statements_add(list,
                                 "select job_id, lease, letter, kind, spec::text from "
                                 "session.job_lease($1::text, $2::int)",
                                 2);
    s->clock = db_statements_add(list, "select core.clock_tick()", 0);
    s->bind = db_statements_add(list, "select session.bind_job($1::bigint, $2::bytea)", 2);
    s->step =
        db_statements_add(list, "select is_done, done, total from core.job_step($1::bigint)", 1);
    s->progress = db_statements_add(
        list, "select session.job_progress($1::bigint, $2::bytea, $3::bigint, $4::bigint)", 4);
    s->end = db_statements_add(
        list, "select session.job_end($1::bigint, $2::bytea, $3::boolean, $4::text, null::jsonb)",
        4);
    s->release = db_statements_add(list, "select session.job_release($1::bigint, $2::bytea)", 2);
    s->header_set = db_statements_add(
        list, "select core.import_header_set($1::bigint, $2::text, $3::text, $4::json)", 4);
    s->rows_add =
        db_statements_add(list, "select core.import_rows_add($1::bigint, $2::int, $3::json)", 3);
    s->parsed = db_statements_add(list, "select core.import_parsed($1::bigint, $2::text)", 2);
}

static void open_database(jobs_t *jobs)
{
    static const char *const users[JOB_USERS] = {"system", "dealer", "head_office", "auditor"};
    db_pool_options_t options;
    db_pool_defaults(&options);
    options.conninfo = jobs->config->database;
    options.application = "clientele-jobs";
    for (int i = 0; i < JOB_USERS; i++) {
        options.users[i] = users[i];
    }
    options.user_count = JOB_USERS;
    options.conns_max = 8;
    options.kinds[DB_WRITE].conns = 4;
    jobs->db = db_pool_new(jobs->base, &options);
}

jobs_t *jobs_start(struct event_base *base, const config_t *config, pool_t *pool, port_t *port)
{
    struct timeval tick = {0, TICK_MS * 1000};
    char host[60];
    jobs_t *jobs = MEM_NEW(jobs_t);
    jobs->base = base;
    jobs->config = config_hold(config);
    jobs->pool = pool;
    jobs->port = port;
    if (gethostname(host, sizeof host) != 0) {
        host[0] = '\0';
    }
    host[sizeof host - 1] = '\0';
    (void)snprintf(jobs->node, sizeof jobs->node, "%s/%d", host, (int)getpid());
    jobs->lease_memory = arena_new(1 << 16);
    add_statements(jobs);
    open_database(jobs);
    jobs->tick = event_new(base, -1, EV_PERSIST, on_tick, jobs);
    (void)event_add(jobs->tick, &tick);
    return jobs;
}

void jobs_reload(jobs_t *jobs, const config_t *config)
{
    const config_t *before = jobs->config;
    jobs->config = config_hold(config);
    config_drop(before);
}

void jobs_drain(jobs_t *jobs)
{
    jobs->is_draining = true;
}

bool jobs_is_idle(const jobs_t *jobs)
{
    return jobs->job_count == 0 && !jobs->is_leasing && !jobs->is_clock_calling;
}

/* Let what is under way come to its next rest; the loop itself no longer runs. */
static void settle(jobs_t *jobs)
{
    int64_t until_us = clock_mono_us() + (int64_t)STOP_MS * 1000;
    while (!jobs_is_idle(jobs) && clock_mono_us() < until_us) {
        struct pollfd wait = {.fd = port_fd(jobs->port), .events = POLLIN};
        (void)event_base_loop(jobs->base, EVLOOP_NONBLOCK);
        (void)poll(&wait, 1, 10);
        (void)port_run(jobs->port);
    }
}

void jobs_stop(jobs_t *jobs)
{
    if (jobs == NULL) {
        return;
    }
    jobs_drain(jobs);
    settle(jobs);
    while (jobs->job_count > 0) {
        job_free(jobs->jobs[0]);
    }
    if (jobs->is_leasing) {
        db_call_abandon(&jobs->lease_call);
    }
    if (jobs->is_clock_calling) {
        db_call_abandon(&jobs->clock_call);
    }
    event_free(jobs->tick);
    db_pool_free(jobs->db);
    db_statements_free(jobs->list);
    arena_free(jobs->lease_memory);
    config_drop(jobs->config);
    mem_free(jobs);
}
