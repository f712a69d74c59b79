/* SPDX-License-Identifier: Apache-2.0
 * The mail gateway: a few SMTP sessions, opened on demand, fewer when the gateway complains.
 *
 * Finds the gateway's address (a number, or a name through the loop's own resolver), keeps as many
 * sessions as there is work for, waits longer after each failed attempt (1 s to 60 s), halves the
 * number of sessions after a 421, 450, 451 or 454 and takes one back each clean minute. It chooses
 * no letters and remembers none. */
#ifndef CLIENTELE_DELIVER_GATEWAY_H
#define CLIENTELE_DELIVER_GATEWAY_H

#include "base/config.h"
#include "deliver/smtp.h"

enum { GATEWAY_SESSIONS_MAX = 32 };

/** What the sender hears; as smtp_events_t without `ended`. */
typedef struct {
    smtp_letter_t *(*next)(void *ctx);
    void (*dotted)(void *ctx, smtp_letter_t *letter);
    void (*result)(void *ctx, smtp_letter_t *letter, smtp_result_t result, int code, str_t text);
} gateway_events_t;

typedef struct gateway gateway_t;

/** Make it; nothing connects yet. Reads the password file and the system's certificates (blocks).
 *  in:     config   held      events, ctx   borrowed for its life
 *  out:    NULL with a static sentence in *flaw when a setting is wrong */
gateway_t *gateway_new(struct event_base *base, const config_t *config,
                       const gateway_events_t *events, void *ctx, const char **flaw);

/** Cut all sessions; their letters go back through `result` first. NULL is accepted. */
void gateway_free(gateway_t *gateway);

/** There are this many letters waiting: wake sessions, open more where that helps. */
void gateway_wake(gateway_t *gateway, size_t waiting);

/** End all sessions after the letters under way; none is opened any more. */
void gateway_drain(gateway_t *gateway);

/** Sessions open now. */
unsigned gateway_sessions(const gateway_t *gateway);

/** Whether the last attempt failed and none is open: letters should not be taken out of the queue.
 */
bool gateway_is_away(const gateway_t *gateway);

#endif
