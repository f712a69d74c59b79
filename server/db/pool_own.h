/* SPDX-License-Identifier: Apache-2.0
 * Inside of the lanes, for the files of this folder only: pool.c (who sends, connections,
 * watchdog), call.c (the queue and the end of a call), lane_metrics.c (counters and defaults). */
#ifndef CLIENTELE_DB_POOL_OWN_H
#define CLIENTELE_DB_POOL_OWN_H

#include "db/pgconn.h"
#include "db/pool.h"

struct db_lane {
    db_pool_t *pool;
    pgconn_options_t options;
    unsigned conns_max, queue_max, conn_count; /* conn_count: objects made, open or closed */
    pgconn_t *conns[DB_LANE_CONNS_MAX];
    db_call_t *first, *last; /* the queue, oldest first */
    unsigned queued, busy;   /* busy: sent, not answered */
    bool is_cancellable;     /* reads alone on their connection: a cancel hits no neighbour */
    bool is_warm;
    bool is_away;     /* the last attempt failed and nothing is up */
    int64_t retry_ms; /* no attempt before this */
    int64_t backoff_ms;
    const db_lane_metrics_t *metrics;  /* NULL: not counted */
    unsigned shown_queued, shown_busy; /* last told to the gauges */
};

struct db_pool {
    struct event_base *base;
    struct event *tick;
    int64_t tick_ms;
    char *conninfo, *application, *users[DB_USERS_MAX];
    unsigned user_count, conns_max, open; /* open: connecting or better */
    uint64_t jitter;                      /* not a secret: spreads reconnections */
    void (*cancel)(void *ctx, PGcancel *handle);
    void *cancel_ctx;
    db_lane_t lanes[DB_USERS_MAX][DB_KINDS];
};

/** Count on a lane, when it is counted. */
void lane_count(const db_lane_t *lane, db_lane_counter_t counter, int64_t amount);

/** Bring the gauges of a lane up to date. */
void lane_show(db_lane_t *lane);

/** Put a call into its lane's queue, or take it out. */
void lane_queue_add(db_lane_t *lane, db_call_t *call, bool is_first);
void lane_queue_remove(db_lane_t *lane, db_call_t *call);

/** Move a call to another state; asserts that it is another. */
void call_set_state(db_call_t *call, db_call_state_t state);

/** End a call that is in no place any more: its owner is told. */
void call_finish(db_call_t *call, db_outcome_t outcome);

/** Take a sent call out of the ring without an answer; on the slow lane it is cancelled. */
void call_detach(db_call_t *call);

#endif
