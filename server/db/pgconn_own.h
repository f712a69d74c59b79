/* SPDX-License-Identifier: Apache-2.0
 * Inside of a connection, for pgconn.c and pgconn_open.c only. */
#ifndef CLIENTELE_DB_PGCONN_OWN_H
#define CLIENTELE_DB_PGCONN_OWN_H

#include "db/pgconn.h"

enum { PREPARED_WORDS = (DB_STATEMENTS_MAX + 63) / 64 };

/* One segment of the pipeline: [prepare]* step* sync, answered in this order. */
typedef struct {
    db_call_t *call; /* NULL when forgotten */
    uint16_t prepares[DB_STEPS_MAX];
    uint8_t prepare_count;
    uint8_t step_count;
    uint8_t item; /* which answer comes next: 0..prepare_count + step_count, then the sync */
    bool is_by_row;
    int64_t sent_ms;
} segment_t;

struct pgconn {
    struct event_base *base;
    const pgconn_options_t *options;
    const pgconn_events_t *events;
    void *ctx;
    PGconn *pg;
    struct event *readable, *writable;
    pgconn_state_t state;
    int64_t since_ms;
    bool is_paused;     /* a by-row owner asked for a rest: nothing is read       */
    bool is_processing; /* inside process(): callbacks may call back into us      */
    bool is_stale;      /* a plan or a prepared name went bad: close when drained */
    unsigned head, count;
    segment_t ring[PGCONN_DEPTH_MAX];
    uint64_t prepared[PREPARED_WORDS];
};

/** Enter a state; asserts that the way there is legal. */
void pgconn_set_state(pgconn_t *conn, pgconn_state_t state);

/** Stop watching the socket. */
void pgconn_drop_events(pgconn_t *conn);

/** The socket of a ready connection can be read, or written. */
void pgconn_on_readable(evutil_socket_t fd, short what, void *arg);
void pgconn_on_writable(evutil_socket_t fd, short what, void *arg);

#endif
