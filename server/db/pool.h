/* SPDX-License-Identifier: Apache-2.0
 * The lanes of one event loop: for each login role a fast, a write and a slow lane, each with a few
 * connections opened on demand, a bounded queue and counters. Belongs to one thread.
 *
 *   fast   2 connections x depth 8, statement_timeout 1 s: reads planned for less than 50 ms
 *   write  several connections x depth 1: a commit must not wait behind another's flush
 *   slow   2 connections x depth 1, row by row, cancellable: reports and exports
 *
 * A full queue or an absent PostgreSQL is an answer at once, never a wait. Every call ends: by its
 * answer, by its deadline, or by the loss of its connection. */
#ifndef CLIENTELE_DB_POOL_H
#define CLIENTELE_DB_POOL_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/metric.h"
#include "db/call.h"

enum {
    DB_USERS_MAX = 8,       /* login roles of one pool                                         */
    DB_LANE_CONNS_MAX = 16, /* connections of one lane                                         */
    DB_QUEUE_WAIT_MS = 900, /* longest wait for a connection; the answer must come within 1 s  */
    DB_GRACE_MS = 2000,     /* beyond the statement timeout a silent connection is closed      */
    DB_IDLE_MS = 60000,     /* an idle connection is closed after this                         */
};

typedef enum { DB_FAST, DB_WRITE, DB_SLOW, DB_KINDS } db_kind_t;

typedef struct {
    unsigned conns;           /* connections at most, 1..DB_LANE_CONNS_MAX       */
    unsigned depth;           /* calls in flight on one                          */
    unsigned queue;           /* calls waiting at most                           */
    int statement_timeout_ms; /* set at connect                                  */
} db_kind_options_t;

/** What is counted for each lane. */
typedef enum {
    DB_LANE_CALLS,
    DB_LANE_REFUSED_BUSY,
    DB_LANE_REFUSED_AWAY,
    DB_LANE_TIMEOUTS,
    DB_LANE_RETRIES,
    DB_LANE_LOSSES,
    DB_LANE_OPEN,
    DB_LANE_QUEUED,
    DB_LANE_BUSY,
    DB_LANE_COUNTERS
} db_lane_counter_t;

typedef struct {
    metric_t counters[DB_LANE_COUNTERS];
} db_lane_metrics_t;

typedef struct {
    const char *conninfo;            /* libpq settings without the user; copied                */
    const char *application;         /* application_name; copied                               */
    const char *users[DB_USERS_MAX]; /* login roles; a call names one by its place; copied     */
    unsigned user_count;
    unsigned conns_max; /* of the whole pool, over all lanes                      */
    db_kind_options_t kinds[DB_KINDS];
    /** Hand a cancel handle to a thread that may block (PQcancel of libpq 15 does), which then
     *  frees it. NULL: statements of lost clients run to their timeout. */
    void (*cancel)(void *ctx, PGcancel *handle);
    void *cancel_ctx;
    const db_lane_metrics_t *metrics; /* user_count * DB_KINDS entries, or NULL; borrowed */
} db_pool_options_t;

typedef struct db_pool db_pool_t;

/** The defaults of the lanes described above. */
void db_pool_defaults(db_pool_options_t *options);

/** Register the series of all lanes; once, before threads start.
 *  out:    metrics[user_count * DB_KINDS] filled */
void db_metrics_register(db_lane_metrics_t *metrics, const db_pool_options_t *options);

/** Make the lanes; nothing connects yet.
 *  in:     options copied; base borrowed for the pool's life
 *  out:    the pool, freed by db_pool_free on the same thread */
db_pool_t *db_pool_new(struct event_base *base, const db_pool_options_t *options);

/** Close every connection; calls under way are forgotten without `done`. Accepts NULL. */
void db_pool_free(db_pool_t *pool);

/** Send a call on a lane, or queue it.
 *  in:     call with its owner's part filled and zeroes elsewhere; user < user_count
 *  out:    DB_OK when taken (done comes later, never from inside); DB_BUSY when the queue is
 *          full; DB_UNAVAILABLE when PostgreSQL is away. When refused, done is not called.
 *  cost:   one write when a connection is free */
db_outcome_t db_pool_submit(db_pool_t *pool, unsigned user, db_kind_t kind, db_call_t *call);

/** Keep one connection of this lane open and reopen it when lost (readiness, pollers). */
void db_pool_keep_warm(db_pool_t *pool, unsigned user, db_kind_t kind);

/** Whether the lane has a connection that is up. */
bool db_pool_is_up(const db_pool_t *pool, unsigned user, db_kind_t kind);

/** Reads under way, sent or queued, while each connection of their lane may have one standing
 * behind the one it runs, and nothing waits for a write: several answers may then be taken
 * together. out: 0 when there is no such crowd. cost: a look at each lane */
unsigned db_pool_crowd(const db_pool_t *pool);

/** Close idle connections now and busy ones as they drain (drain of the server, new catalogue). */
void db_pool_recycle(db_pool_t *pool);

#endif
