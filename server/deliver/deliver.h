/* SPDX-License-Identifier: Apache-2.0
 * The sender: letters from the outbox to the gateway, results back.
 *
 *     lease (rows become ours) -> journal -> dispatch (the gate: only what may go now) -> letter
 *     -> SMTP -> journal -> record (by the hundred) -> journal slot free
 *
 * Nothing is sent that the gate did not let through in this process's epoch. After kill -9 the next
 * start reads the journal: what the gateway has taken is recorded, what was never on the wire goes
 * back to the queue, and what nobody can tell is recorded as unknown.
 * Runs on one event loop; never blocks after deliver_start. Knows rows and letters, no campaigns.
 */
#ifndef CLIENTELE_DELIVER_DELIVER_H
#define CLIENTELE_DELIVER_DELIVER_H

#include <event2/event.h>

#include "base/config.h"
#include "base/pool.h"

typedef struct deliver deliver_t;

/** Start the sender on a loop.
 *  in:     config   held     pool, port   of that loop, for what would block
 *  out:    NULL after a logged sentence when a setting is wrong or another process has the journal
 */
deliver_t *deliver_start(struct event_base *base, const config_t *config, pool_t *pool,
                         port_t *port);

/** New settings: sessions under way end, new ones follow the new settings. */
void deliver_reload(deliver_t *deliver, const config_t *config);

/** Take nothing new, give back what is not sent, finish what is on the wire. */
void deliver_drain(deliver_t *deliver);

/** Whether a drained sender has finished: no session, nothing to record. */
bool deliver_is_idle(const deliver_t *deliver);

/** Drain for at most 5 s, then cut and free; what is not recorded stays in the journal. Called when
 *  the loop no longer runs. NULL is accepted. */
void deliver_stop(deliver_t *deliver);

#endif
