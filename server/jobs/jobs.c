/* SPDX-License-Identifier: Apache-2.0
 * The runner of jobs and the clock. See jobs.h. */
#include "jobs/jobs.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "jobs/clockwork.h"
#include "jobs/job.h"

enum { TICK_MS = 250, POLL_TICKS = 2, STOP_MS = 5000 };

/** Kinds that C does itself. */
static const struct {
    const char *kind;
    void (*begin)(job_t *job);
} native[] = {
    {"import_parse", parse_begin},
    {"files_purge", purge_begin},
    {"match_scan", scan_begin},
};

struct jobs {
    runner_t runner;
    db_statements_t *list;
    char node[80];
    struct event *tick;
    unsigned ticks;
    clockwork_t *clockwork;
    /* leasing */
    db_call_t lease_call;
    bool is_leasing;
    arena_t *lease_memory;
};

/* --- leasing ---------------------------------------------------------------------------------- */

static void begin_job(jobs_t *jobs, const db_rows_t *rows, int row)
{
    job_t *job = job_new(&jobs->runner, rows, row);
    void (*begin)(job_t *) = step_begin;
    if (job == NULL) {
        return;
    }
    for (size_t i = 0; i < sizeof native / sizeof native[0]; i++) {
        begin = strcmp(native[i].kind, job->kind) == 0 ? native[i].begin : begin;
    }
    begin(job);
}

static void on_leased(db_call_t *call)
{
    jobs_t *jobs = call->owner;
    db_rows_t *rows = call->outcome == DB_OK ? db_call_take(call, 0) : NULL;
    jobs->is_leasing = false;
    if (call->outcome == DB_REFUSED) {
        log_event(LEVEL_ERROR, "job_lease_failed", call->sqlstate);
    }
    db_call_clear(call);
    arena_reset(jobs->lease_memory);
    for (int i = 0; rows != NULL && i < db_row_count(rows); i++) {
        begin_job(jobs, rows, i);
    }
    db_rows_free(rows);
}

static void lease(jobs_t *jobs)
{
    if (jobs->runner.is_draining || jobs->is_leasing || jobs->runner.job_count == JOBS_MAX) {
        return;
    }
    db_params_t *params = db_params_new(jobs->lease_memory);
    db_params_word(params, jobs->node);
    db_params_int(params, JOBS_MAX - (int64_t)jobs->runner.job_count);
    memset(&jobs->lease_call, 0, sizeof jobs->lease_call);
    jobs->lease_call.owner = jobs;
    jobs->lease_call.steps[0] = db_step_of(jobs->runner.statements.lease, params);
    jobs->lease_call.step_count = 1;
    jobs->lease_call.deadline_ms = clock_mono_us() / 1000 + JOB_CALL_MS;
    jobs->lease_call.done = on_leased;
    jobs->is_leasing =
        db_pool_submit(jobs->runner.db, JOB_SYSTEM, DB_WRITE, &jobs->lease_call) == DB_OK;
    if (!jobs->is_leasing) {
        arena_reset(jobs->lease_memory);
    }
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    jobs_t *jobs = arg;
    (void)fd;
    (void)what;
    if (jobs->ticks++ % POLL_TICKS == 0) {
        lease(jobs);
    }
}

/* --- start and stop --------------------------------------------------------------------------- */

static void add_statements(jobs_t *jobs)
{
    job_statements_t *s = &jobs->runner.statements;
    db_statements_t *list = jobs->list = db_statements_new();
    s->lease = db_statements_add(list,
                                 "select job_id, lease, letter, kind, spec::text from "
                                 "session.job_lease($1::text, $2::int)",
                                 2);
    clockwork_statements(s, list);
    s->bind = db_statements_add(list, "select session.bind_job($1::bigint, $2::bytea)", 2);
    s->step =
        db_statements_add(list, "select is_done, done, total from core.job_step($1::bigint)", 1);
    s->progress = db_statements_add(
        list, "select session.job_progress($1::bigint, $2::bytea, $3::bigint, $4::bigint)", 4);
    s->end = db_statements_add(
        list, "select session.job_end($1::bigint, $2::bytea, $3::boolean, $4::text, null::jsonb)",
        4);
    s->release = db_statements_add(list, "select session.job_release($1::bigint, $2::bytea)", 2);
    s->header_set =
        db_statements_add(list, "select core.import_header_set($1::bigint, $2::json, $3::json)", 3);
    s->rows_add =
        db_statements_add(list, "select core.import_rows_add($1::bigint, $2::int, $3::json)", 3);
    s->parsed = db_statements_add(list, "select core.import_parsed($1::bigint, $2::text)", 2);
    s->purged = db_statements_add(list, "select core.files_purged($1::bigint)", 1);
    s->scan_page = db_statements_add(list,
                                     "select party_id, surname, given_name, patronymic, born_on, "
                                     "phone, email, city, address "
                                     "from core.match_scan_page($1::bigint, $2::bigint, $3::int, "
                                     "$4::core.party_kind)",
                                     4);
    s->scan_pairs =
        db_statements_add(list, "select core.match_scan_pairs($1::bigint, $2::json)", 2);
    s->scan_keys =
        db_statements_add(list, "select core.match_scan_keys($1::bigint, $2::bigint, $3::int)", 3);
    s->scan_end = db_statements_add(list, "select core.match_scan_end($1::bigint, $2::json)", 2);
}

static void open_database(jobs_t *jobs)
{
    static const char *const users[JOB_USERS] = {"system", "dealer", "head_office", "auditor"};
    db_pool_options_t options;
    db_pool_defaults(&options);
    options.conninfo = jobs->runner.config->database;
    options.application = "clientele-jobs";
    for (int i = 0; i < JOB_USERS; i++) {
        options.users[i] = users[i];
    }
    options.user_count = JOB_USERS;
    options.conns_max = 8;
    options.kinds[DB_WRITE].conns = 4;
    jobs->runner.db = db_pool_new(jobs->runner.base, &options);
}

jobs_t *jobs_start(struct event_base *base, const config_t *config, pool_t *pool, port_t *port)
{
    struct timeval tick = {0, TICK_MS * 1000};
    char host[60];
    jobs_t *jobs = MEM_NEW(jobs_t);
    jobs->runner.base = base;
    jobs->runner.config = config_hold(config);
    jobs->runner.pool = pool;
    jobs->runner.port = port;
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
    jobs->clockwork = clockwork_start(&jobs->runner);
    return jobs;
}

void jobs_reload(jobs_t *jobs, const config_t *config)
{
    const config_t *before = jobs->runner.config;
    jobs->runner.config = config_hold(config);
    config_drop(before);
}

void jobs_drain(jobs_t *jobs)
{
    jobs->runner.is_draining = true;
}

bool jobs_is_idle(const jobs_t *jobs)
{
    return jobs->runner.job_count == 0 && !jobs->is_leasing &&
           !clockwork_is_calling(jobs->clockwork);
}

/* Let what is under way come to its next rest; the loop itself no longer runs. */
static void settle(jobs_t *jobs)
{
    int64_t until_us = clock_mono_us() + (int64_t)STOP_MS * 1000;
    while (!jobs_is_idle(jobs) && clock_mono_us() < until_us) {
        struct pollfd wait = {.fd = port_fd(jobs->runner.port), .events = POLLIN};
        (void)event_base_loop(jobs->runner.base, EVLOOP_NONBLOCK);
        (void)poll(&wait, 1, 10);
        (void)port_run(jobs->runner.port);
    }
}

void jobs_stop(jobs_t *jobs)
{
    if (jobs == NULL) {
        return;
    }
    jobs_drain(jobs);
    settle(jobs);
    while (jobs->runner.job_count > 0) {
        job_free(jobs->runner.jobs[0]);
    }
    if (jobs->is_leasing) {
        db_call_abandon(&jobs->lease_call);
    }
    clockwork_stop(jobs->clockwork);
    event_free(jobs->tick);
    db_pool_free(jobs->runner.db);
    db_statements_free(jobs->list);
    arena_free(jobs->lease_memory);
    config_drop(jobs->runner.config);
    mem_free(jobs);
}
