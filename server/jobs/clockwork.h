/* SPDX-License-Identifier: Apache-2.0
 * The clock's hand: goes round the parts of core.clock_parts() on one connection, about once a
 * second and at once while much is due. Each part is a transaction of its own: one that a busy
 * machine cuts off takes no other with it. The node that holds the advisory lock runs; the others
 * find nothing to do. Private to server/jobs. */
#ifndef CLIENTELE_JOBS_CLOCKWORK_H
#define CLIENTELE_JOBS_CLOCKWORK_H

#include "jobs/job.h"

typedef struct clockwork clockwork_t;

/** Add the statements of the clock to the runner's list. */
void clockwork_statements(job_statements_t *statements, db_statements_t *list);

/** Start going round; the runner's database is open and outlives it. */
clockwork_t *clockwork_start(runner_t *runner);

/** Whether a statement is under way; a draining runner begins no other. */
bool clockwork_is_calling(const clockwork_t *clockwork);

/** End. What is still under way is abandoned and undone by the database. NULL is allowed. */
void clockwork_stop(clockwork_t *clockwork);

#endif
