/* SPDX-License-Identifier: Apache-2.0
 * A small thread pool with a bounded queue, for work that would block a loop: Argon2id, file work,
 * PQcancel. Results come back to the caller's loop through its port. */
#ifndef CLIENTELE_BASE_POOL_H
#define CLIENTELE_BASE_POOL_H

#include "base/port.h"

typedef struct pool pool_t;

/** Start threads. in: threads 1..16; max_queued - tasks that may wait. */
pool_t *pool_new(int threads, size_t max_queued);

/** Queue task->work for a pool thread; afterwards task->done runs on the loop of reply.
 *  The memory of task and all it points to must live until done ran (a request that dies earlier
 *  leaves its task orphaned: mark it, free it in done).
 *  out: false when the queue is full (answer ERR_BUSY); nothing was queued then */
MUST_CHECK bool pool_submit(pool_t *pool, port_t *reply, task_t *task);

/** Tasks that wait now, for metrics. */
size_t pool_queued(pool_t *pool);

/** Finish what is queued, join the threads, free. NULL is accepted. */
void pool_free(pool_t *pool);

#endif
