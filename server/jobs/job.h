/* SPDX-License-Identifier: Apache-2.0
 * One leased job on its way: what jobs.c, step.c and parse.c share. Private to server/jobs. */
#ifndef CLIENTELE_JOBS_JOB_H
#define CLIENTELE_JOBS_JOB_H

#include <event2/event.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/pool.h"
#include "db/params.h"
#include "db/pool.h"

enum { JOBS_MAX = 4 /* under way at once on one node */ };
enum { JOB_LEASE_BYTES = 32, JOB_KIND_BYTES = 48, JOB_CALL_MS = 15000 };

/** Database logins of the runner, in the order of its pool. */
typedef enum { JOB_SYSTEM, JOB_DEALER, JOB_HEAD_OFFICE, JOB_AUDITOR, JOB_USERS } job_user_t;

/** Statements of the runner. */
typedef struct {
    const db_statement_t *lease, *clock_next, *clock_part, *bind, *step, *progress, *end, *release;
    const db_statement_t *header_set, *rows_add, *parsed, *purged;
    const db_statement_t *scan_page, *scan_pairs, *scan_keys, *scan_end;
} job_statements_t;

typedef struct job job_t;

/** What all jobs of a runner share. */
typedef struct {
    struct event_base *base;
    const config_t *config;
    pool_t *pool;
    port_t *port;
    db_pool_t *db;
    job_statements_t statements;
    bool is_draining;
    job_t *jobs[JOBS_MAX];
    unsigned job_count;
} runner_t;

struct job {
    runner_t *runner;
    int64_t id;
    unsigned char lease[JOB_LEASE_BYTES];
    job_user_t user;
    char kind[JOB_KIND_BYTES];
    str_t spec;       /* JSON, in the arena of the job */
    arena_t *memory;  /* for the job's life */
    arena_t *scratch; /* for one call */
    db_call_t call;
    bool is_calling;
    struct event *timer;
    unsigned tries;        /* of the present step */
    void *own;             /* of a native kind */
    void (*go)(job_t *);   /* do the next thing: first, after a pause, after a retry */
    void (*drop)(job_t *); /* free `own`; NULL when there is none */
};

/** A row of session.job_lease as a job with its place in the runner.
 *  out:    NULL for a row that is not understood (logged) */
job_t *job_new(runner_t *runner, const db_rows_t *rows, int row);

/** Forget it: a call under way is abandoned, its place is free. */
void job_free(job_t *job);

/** SQLSTATEs after which the same call may well succeed: conflicts, deadlocks, timeouts, shutdown.
 */
bool job_is_transient(const char *sqlstate);

/** Send [bind_job, statement] as the one who ordered the job, or [statement] alone as system.
 *  in:     params   in job->scratch      done   runs with the answer; calls job_answered first */
void job_ask(job_t *job, bool is_bound, const db_statement_t *statement, db_params_t *params,
             void (*done)(db_call_t *));

/** Take the answer of job_ask.
 *  out:    the last result (db_rows_free it), or NULL when the call failed: the job was then
 * retried, ended or let go already, and the caller returns at once */
db_rows_t *job_answered(db_call_t *call);

/** Call job->go after a while. */
void job_later(job_t *job, int ms);

/** The job is over for this runner: write its end (a word or SQLSTATE, NULL when all is well). */
void job_finish(job_t *job, const char *error);

/** Let go without a word; with is_released the job is free for another runner at once. */
void job_leave(job_t *job, bool is_released);

/** The generic kind: steps in SQL. */
void step_begin(job_t *job);

/** The kind import_parse: an uploaded list into rows. */
void parse_begin(job_t *job);

/** The kind files_purge: bytes that nobody may have any more, off the disk. */
void purge_begin(job_t *job);

/** The kind match_scan: the whole base compared with itself. */
void scan_begin(job_t *job);

#endif
