/* SPDX-License-Identifier: Apache-2.0
 * One call: up to DB_STEPS_MAX statements and one Sync, which PostgreSQL runs as one implicit
 * transaction (bind the identity, then call the function). The struct lives in its owner's memory
 * from db_pool_submit until `done`, together with every parameter it points to.
 *
 * Invariant: a call is in exactly one place: idle, in a lane's queue, or in a connection's ring. */
#ifndef CLIENTELE_DB_CALL_H
#define CLIENTELE_DB_CALL_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/rows.h"
#include "db/statement.h"

enum { DB_STEPS_MAX = 3 };

typedef enum {
    DB_OK,          /* every step succeeded; results[] are set                                  */
    DB_REFUSED,     /* PostgreSQL refused a step: sqlstate, error and error_step are set        */
    DB_BUSY,        /* the lane is full, or the call waited in it past its deadline: never sent */
    DB_UNAVAILABLE, /* PostgreSQL is away, or went away while the call ran                      */
    DB_TIMEOUT,     /* sent, no answer before the deadline; what it did is unknown              */
} db_outcome_t;

typedef enum {
    DB_CALL_IDLE,   /* belongs to its owner alone                                       */
    DB_CALL_QUEUED, /* in a lane's queue; ended by a free connection or by the deadline */
    DB_CALL_SENT,   /* in a connection's ring; ended by its answer or by the deadline   */
} db_call_state_t;

typedef struct {
    const db_statement_t *statement;
    const char *const *values; /* text or binary, NULL for null; param_count of them */
    const int *lengths;        /* of binary values; NULL when all are text           */
    const int *formats;        /* 1 binary, 0 text; NULL when all are text           */
} db_step_t;

typedef struct db_call db_call_t;
typedef struct db_lane db_lane_t;
typedef struct pgconn pgconn_t;

struct db_call {
    /* --- set by the owner before db_pool_submit --------------------------------------------- */
    void *owner;
    db_step_t steps[DB_STEPS_MAX];
    uint8_t step_count;
    bool is_retryable;   /* may run twice: sent again once after 40001, 40P01 or a stale plan    */
    bool is_by_row;      /* rows of the last step arrive one by one through `row` (slow lane)    */
    int64_t deadline_ms; /* monotonic; waiting and running together                              */
    /** The call is over; runs on the pool's event loop. Takes nothing: results stay in the call
     *  until the owner takes them (db_call_take) or db_call_clear is called. */
    void (*done)(db_call_t *call);
    /** One row of a by-row call, alone in `row`, borrowed until return.
     *  out: false to pause; db_call_resume goes on. */
    bool (*row)(db_call_t *call, const db_rows_t *row);
    /* --- set by the pool -------------------------------------------------------------------- */
    db_outcome_t outcome;
    db_rows_t *results[DB_STEPS_MAX]; /* owned by the call until taken; of by-row: the shape      */
    buf_t error;      /* body of the refusal, for its fields (db_call_field)        */
    char sqlstate[6]; /* "" unless DB_REFUSED                                     */
    uint8_t error_step;
    /* --- private ---------------------------------------------------------------------------- */
    db_call_state_t state;
    uint8_t tries;
    bool is_abandoned;
    db_lane_t *lane;
    pgconn_t *conn;
    db_call_t *next, *prev;
    int64_t queued_ms, sent_ms;
};

/** Take a result out of the call; the caller ends it with db_rows_free. NULL when there is none. */
db_rows_t *db_call_take(db_call_t *call, unsigned step);

/** A field of the refusal, "" when it has none. in: field - PG_DIAG_CONSTRAINT_NAME ... */
const char *db_call_field(const db_call_t *call, int field);

/** Clear every result still in the call. Safe at any time but while it is queued or sent. */
void db_call_clear(db_call_t *call);

/** Forget a queued or sent call: `done` and `row` will not be called, its memory may go at once.
 *  A sent statement runs to its end and its answer is dropped; on the slow lane it is also
 * cancelled. */
void db_call_abandon(db_call_t *call);

/** Go on after `row` returned false. Rows may arrive before it returns. */
void db_call_resume(db_call_t *call);

#endif
