/* SPDX-License-Identifier: Apache-2.0
 * A listening socket of one worker: accepts in small batches, stops when full, resumes by itself.
 */
#ifndef CLIENTELE_NET_LISTENER_H
#define CLIENTELE_NET_LISTENER_H

#include "http/message.h"
#include "net/stream.h"

typedef struct listener listener_t;

/** Open a listening socket (SO_REUSEPORT, TCP_NODELAY) and watch it.
 *  out: NULL with a reason (>= 200 bytes) */
MUST_CHECK listener_t *listener_open(worker_t *worker, listener_kind_t kind, const char *address,
                                     int port, char *reason, size_t reason_bytes);

/** Accept again after a pause, if there is room. */
void listener_resume(listener_t *listener);

/** Take what already waits in the accept queue, then close the socket and free. */
void listener_close(listener_t *listener);

#endif
