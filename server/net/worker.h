/* SPDX-License-Identifier: Apache-2.0
 * One event loop on one thread, with everything that belongs to it; nothing writable is shared.
 *
 * A worker accepts, owns its connections, and serves one application instance. Other threads reach
 * it only through worker_port. */
#ifndef CLIENTELE_NET_WORKER_H
#define CLIENTELE_NET_WORKER_H

#include "base/config.h"
#include "base/pool.h"
#include "net/stream.h"
#include "net/tls.h"

struct event_base;

/* --- for the application ------------------------------------------------------------------- */

/** libevent base, for timers and descriptors of the application (its callbacks must not block). */
struct event_base *worker_base(worker_t *worker);

/** Number of this worker, 0 .. count-1, and how many there are. */
int worker_index(const worker_t *worker);
int worker_count(const worker_t *worker);

/** Settings in force now. Read them anew each time: a reload replaces them; do not keep the
 * pointer. */
const config_t *worker_config(const worker_t *worker);

/** Mailbox of this loop: post tasks here from other threads. */
port_t *worker_port(worker_t *worker);

/** Shared thread pool; give worker_port(worker) as the reply port. */
pool_t *worker_pool(worker_t *worker);

/** Fill with cryptographic random bytes (from a pool of the kernel's, refilled in blocks). */
void worker_random(worker_t *worker, void *out, size_t len);

/** True once SIGTERM came: start nothing long, end event streams. */
bool worker_is_draining(const worker_t *worker);

/* --- for main ------------------------------------------------------------------------------ */

typedef struct {
    int index;
    int count;
    const config_t *config; /* held by the worker */
    tls_t *tls;             /* held by the worker; NULL for a worker with a plain listener only */
    pool_t *pool;
    size_t max_connections; /* of this worker */
} worker_options_t;

/** Register the series of the connection layer; once, before threads. */
void worker_register_metrics(void);

/** Make a worker; it has no listener and no application yet. */
worker_t *worker_new(const worker_options_t *options);

/** Say who is served. in: events and app live until worker_free */
void worker_serve(worker_t *worker, const stream_events_t *events, void *app);

/** Open a listener (SO_REUSEPORT). out: false with a reason (>= 200 bytes) */
MUST_CHECK bool worker_listen(worker_t *worker, listener_kind_t kind, const char *address, int port,
                              char *reason, size_t reason_bytes);

/** Run the loop on this thread until worker_stop. */
void worker_run(worker_t *worker);

/* The following run on the worker's thread: post a task. */

/** Use new settings and contexts for what comes; takes references of its own. tls NULL: keep. */
void worker_reload(worker_t *worker, const config_t *config, tls_t *tls);

/** Close the listeners, finish what is under way; worker_connections falls to 0. */
void worker_drain(worker_t *worker);

/** Connections that live now. */
size_t worker_connections(const worker_t *worker);

/** Cut what is left and leave worker_run. */
void worker_stop(worker_t *worker);

/** Free, after worker_run returned. NULL is accepted. */
void worker_free(worker_t *worker);

#endif
