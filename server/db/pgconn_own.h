/* SPDX-License-Identifier: Apache-2.0
 * Inside of a connection: pgconn.c (its life, sending), pgconn_open.c (connecting), pgconn_answer.c
 * (reading). */
#ifndef CLIENTELE_DB_PGCONN_OWN_H
#define CLIENTELE_DB_PGCONN_OWN_H

#include "db/message.h"
#include "db/pgconn.h"

/* One segment of the pipeline: [prepare]* step* sync, answered in this order. */
typedef struct {
    db_call_t *call;                                      /* NULL when forgotten */
    uint16_t prepares[DB_STEPS_MAX], steps[DB_STEPS_MAX]; /* numbers of statements */
    uint8_t prepare_count;
    uint8_t step_count;
    uint8_t item; /* which answer comes next: 0..prepare_count + step_count, then the sync */
    bool is_by_row;
    bool is_refused; /* PostgreSQL skips the rest of it */
    int64_t sent_ms;
} segment_t;

/* What a connection knows of a statement. */
typedef struct {
    bool is_prepared;  /* or will be, when what was sent is answered */
    db_shape_t *shape; /* held; NULL until described */
} known_t;

struct pgconn {
    struct event_base *base;
    const pgconn_options_t *options;
    const pgconn_events_t *events;
    void *ctx;
    PGconn *pg; /* opened the socket, keeps it, closes it; knows how to cancel */
    int fd;     /* of pg, once ready */
    struct event *readable, *writable;
    pgconn_state_t state;
    int64_t since_ms;
    bool is_paused;     /* a by-row owner asked for a rest: nothing is read       */
    bool is_processing; /* inside process(): callbacks may call back into us      */
    bool is_stale;      /* a plan or a prepared name went bad: close when drained */
    unsigned head, count;
    segment_t ring[PGCONN_DEPTH_MAX];
    buf_t in, out;
    size_t in_read, out_sent; /* how far they are used up */
    known_t known[DB_STATEMENTS_MAX];
};

/** Enter a state; asserts that the way there is legal. */
void pgconn_set_state(pgconn_t *conn, pgconn_state_t state);

/** Stop watching the socket. */
void pgconn_drop_events(pgconn_t *conn);

/** Whether messages may come and go. */
bool pgconn_is_open(const pgconn_t *conn);

/** Hand out every answer that has arrived. Stops at a pause; a callback may close the connection.
 */
void pgconn_process(pgconn_t *conn);

/** The socket of a ready connection can be read, or written. */
void pgconn_on_readable(evutil_socket_t fd, short what, void *arg);
void pgconn_on_writable(evutil_socket_t fd, short what, void *arg);

#endif
