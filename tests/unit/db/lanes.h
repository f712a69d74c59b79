/* SPDX-License-Identifier: Apache-2.0
 * One pool on one loop, for tests of db. */
#ifndef CLIENTELE_TEST_LANES_H
#define CLIENTELE_TEST_LANES_H

#include <event2/event.h>

#include "base/arena.h"
#include "db/pool.h"

extern const char *conninfo;
extern struct event_base *base;
extern db_statements_t *statements;
extern arena_t *arena;
extern db_pool_t *pool;
extern unsigned ended; /* calls that are over */

/** Open the pool; adjust may change its options. open_default and close_pool are for cmocka. */
void open_pool(void (*adjust)(db_pool_options_t *options));
int open_default(void **state);
int close_pool(void **state);

/** Begin a call; add a step with at most one text parameter. */
void prepare(db_call_t *call, int64_t deadline_ms);
void set_step(db_call_t *call, const char *sql, const char *value);

/** Turn the loop until this many calls are over. */
void wait_for(unsigned count);

/** Submit and wait. */
void run(db_call_t *call, db_kind_t kind);
db_outcome_t run_one(const char *sql, const char *value, db_kind_t kind);

#endif
