/* SPDX-License-Identifier: Apache-2.0
 * One connection to PostgreSQL on the event loop: connect, pipeline, prepare on demand, drain,
 * close. Used by the pool only. Never blocks. libpq opens it, message.c speaks on it.
 *
 * Invariant: answers arrive in the order of the ring; only the head of the ring receives results.
 * It does not choose which call runs, does not retry and does not reconnect: the pool does. */
#ifndef CLIENTELE_DB_PGCONN_H
#define CLIENTELE_DB_PGCONN_H

#include <event2/event.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/call.h"

enum { PGCONN_DEPTH_MAX = 8 };

typedef enum {
    PGCONN_CLOSED, /* no socket; the pool frees it or connects it                              */
    PGCONN_CONNECTING, /* waits for PostgreSQL's handshake; ended by the connect deadline */
    PGCONN_READY,   /* idle or with calls in its ring; ended by the watchdog, idleness or loss  */
    PGCONN_LEAVING, /* takes no new call; closes when its ring is empty or the watchdog bites   */
} pgconn_state_t;

typedef struct {
    const char *conninfo;     /* libpq settings without the user                                  */
    const char *user;         /* login role                                                       */
    const char *application;  /* application_name                                                 */
    int statement_timeout_ms; /* 0 for none                                                       */
    unsigned depth;           /* calls in flight at most, 1..PGCONN_DEPTH_MAX                     */
} pgconn_options_t;

/** What the pool wants to know. Called on the event loop, never from inside pgconn_send. */
typedef struct {
    void (*on_ready)(void *ctx, pgconn_t *conn);     /* connected                      */
    void (*on_free_slot)(void *ctx, pgconn_t *conn); /* a call ended; room in the ring */
    void (*on_call)(void *ctx, pgconn_t *conn, db_call_t *call);      /* outcome is set      */
    void (*on_closed)(void *ctx, pgconn_t *conn, const char *reason); /* after its calls ended */
} pgconn_events_t;

/** Make a closed connection.
 *  in:     options and events borrowed for its life */
pgconn_t *pgconn_new(struct event_base *base, const pgconn_options_t *options,
                     const pgconn_events_t *events, void *ctx);

/** Close without events and release; accepts NULL. Calls in its ring are forgotten. */
void pgconn_free(pgconn_t *conn);

/** Begin to connect.
 *  in:     a closed connection
 *  out:    false when libpq refuses at once (on_closed is not called) */
bool pgconn_connect(pgconn_t *conn, int64_t now_ms);

/** Send one call: its missing prepares, its steps, one Sync. An idle PostgreSQL gets it at once; a
 *  busy one at the end of the loop's turn, in one write with the other calls of the turn.
 *  in:     a ready connection with a free slot
 *  out:    false when the connection broke (the call was not taken; on_closed follows) */
bool pgconn_send(pgconn_t *conn, db_call_t *call, int64_t now_ms);

/** Drop a sent call from the ring; its answer will be read and thrown away. */
void pgconn_forget(pgconn_t *conn, db_call_t *call);

/** Read on after a by-row call was paused. */
void pgconn_resume(pgconn_t *conn);

/** Take no further call and close when the ring is empty. */
void pgconn_leave(pgconn_t *conn);

/** End now: every call in the ring ends as DB_UNAVAILABLE, then on_closed. */
void pgconn_close(pgconn_t *conn, const char *reason);

/** Which state it is in. */
pgconn_state_t pgconn_state(const pgconn_t *conn);
/** Calls in the ring. */
unsigned pgconn_in_flight(const pgconn_t *conn);
/** Whether it is ready and may take one more call. */
bool pgconn_has_slot(const pgconn_t *conn);
/** When the state was entered, or for a ready connection the last call ended (monotonic ms). */
int64_t pgconn_since_ms(const pgconn_t *conn);
/** When the head of the ring was sent; 0 with an empty ring. */
int64_t pgconn_head_sent_ms(const pgconn_t *conn);
/** The slot of the ring at `place` (0 is the head); NULL when forgotten. For the watchdog. */
db_call_t *pgconn_call_at(const pgconn_t *conn, unsigned place);
/** A cancel handle for PQcancel on another thread; the caller frees it with PQfreeCancel. */
PGcancel *pgconn_cancel_handle(const pgconn_t *conn);

#endif
