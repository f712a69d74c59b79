/* SPDX-License-Identifier: Apache-2.0
 * The inside of a worker, for net/ only. */
#ifndef CLIENTELE_NET_WORKER_OWN_H
#define CLIENTELE_NET_WORKER_OWN_H

#include "base/metric.h"
#include "base/slab.h"
#include "net/conn.h"
#include "net/listener.h"
#include "net/worker.h"

#define WORKER_SCRATCH_BYTES     (32 * 1024)
#define WORKER_SPARE_ARENAS      64
#define WORKER_LISTENERS         4
#define WORKER_HANDSHAKES_A_TURN 8

/** Series of the connection layer. */
typedef struct {
    metric_t connections;
    metric_t accepted;
    metric_t refused_address;
    metric_t paused_listeners;
    metric_t handshakes_failed;
    metric_t requests_h1;
    metric_t requests_h2;
    metric_t requests_refused;
    metric_t responses[6]; /* by class; 0: none was sent */
    metric_t streams;
    metric_t late_handshake;
    metric_t late_head;
    metric_t late_body;
    metric_t late_reply;
    metric_t bytes_in;
    metric_t bytes_out;
    metric_t slow_turns;
} worker_metrics_t;

struct worker {
    struct event_base *base;
    int index;
    int count;
    bool is_draining;
    bool is_stopped;
    const config_t *config;
    tls_t *tls;
    pool_t *pool;
    port_t *port;
    const stream_events_t *events;
    void *app;
    const worker_metrics_t *metrics;

    listener_t *listeners[WORKER_LISTENERS];
    size_t listener_count;
    address_table_t *addresses;
    slab_t *conns;
    slab_t *h1s;
    slab_t *streams;
    conn_t *first_conn;
    size_t max_conns;
    conn_t *first_dirty;
    conn_t *last_dirty;
    int handshakes_left; /* budget of this turn */
    int touched;         /* connections that sent or read in the last turn */
    long rest_us;        /* pause before a turn while the database is crowded */

    char *scratch;   /* where sockets are read to */
    buf_t spare_out; /* one empty send buffer, kept for the next reply */
    arena_t *arenas[WORKER_SPARE_ARENAS];
    size_t arena_count;
    unsigned char random[1024];
    size_t random_left;
    struct event port_event;
    struct event check_event;
};

/** Take an empty arena for a request, and give it back. */
arena_t *worker_take_arena(worker_t *worker);
void worker_give_arena(worker_t *worker, arena_t *arena);

/** A connection has ended: a listener that paused may go on. */
void worker_conn_ended(worker_t *worker);

#endif
