/* SPDX-License-Identifier: Apache-2.0
 * Jobs: long work as rows of a table, done in short steps as the one who ordered it; and the clock
 * that lets due things happen.
 *
 * Every half second the runner leases waiting jobs. A job is repeated [bind_job, job_step] on a
 * connection of its own class until it is done; kinds of jobs.c's native table are done by C. About
 * once a second clockwork.c goes round the parts of the clock. A runner that dies leaves leases
 * that another takes over after a minute; steps are idempotent. Runs on one event loop; never
 * blocks. It knows no kind but the native ones. */
#ifndef CLIENTELE_JOBS_JOBS_H
#define CLIENTELE_JOBS_JOBS_H

#include <event2/event.h>

#include "base/config.h"
#include "base/pool.h"

typedef struct jobs jobs_t;

/** Start the runner and the clock on a loop.
 *  in:     config   held     pool, port   of that loop, for file work
 *  out:    never NULL; it waits for a database that is away */
jobs_t *jobs_start(struct event_base *base, const config_t *config, pool_t *pool, port_t *port);

/** New settings. */
void jobs_reload(jobs_t *jobs, const config_t *config);

/** Take no new jobs; those under way end after their present step and wait for another runner. */
void jobs_drain(jobs_t *jobs);

/** Whether a drained runner has nothing under way. */
bool jobs_is_idle(const jobs_t *jobs);

/** Drain for at most 5 s, then cut and free. Called when the loop no longer runs. NULL is accepted.
 */
void jobs_stop(jobs_t *jobs);

#endif
