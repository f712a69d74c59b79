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

struct event_base;

/** libevent base, for timers and descriptors of the application (events must not block). */
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

/** Fast non-cryptographic identifiers are never made here: fill with cryptographic random bytes. */
void worker_random(worker_t *worker, void *out, size_t len);

/** True once SIGTERM came: start nothing long, end event streams. */
bool worker_is_draining(const worker_t *worker);

#endif
