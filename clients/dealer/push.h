/* SPDX-License-Identifier: Apache-2.0
 * From the spool to the server: batches in order, each answered row written down before the next
 * batch.
 *
 * Killed anywhere, a new run sends the first unanswered row again with the same number; the server
 * knows (dealer, source, number) and repeats its answer (R153). A server that is away is tried
 * again with growing pauses until it has not answered for wait_s. A batch refused whole is halved
 * until the row that spoils it stands alone and gets the refusal as its verdict. */
#ifndef CLIENTELE_DEALER_PUSH_H
#define CLIENTELE_DEALER_PUSH_H

#include "link.h"
#include "spool.h"
#include "verdicts.h"

#define PUSH_VERDICTS 24 /* different verdict words counted */

typedef struct {
    struct {
        char word[32];
        uint64_t count;
    } verdicts[PUSH_VERDICTS];
    size_t verdict_count;
    uint64_t sent;      /* rows answered in this run */
    uint64_t errors;    /* of them, verdict error */
    uint64_t shared;    /* of those, numbers that another program had used for other rows (R153) */
    int64_t quota_left; /* of the day; -1 unknown */
} push_summary_t;

/** What a push needs of the world: the server, a clock and a way to wait. */
typedef struct {
    /** Send one request: as link_send to the place of rows. */
    bool (*send)(void *own, const char *body, const char *key, reply_t *reply, fault_t *fault);
    long long (*now_ms)(void *own); /* never goes back */
    void (*sleep_ms)(void *own, long ms);
    void *own;
} push_world_t;

/** Send everything that is not answered yet.
 *  in:     wait_s  how long an absent server is waited for, anew after each answer
 *          is_stopping  polled; true ends the run after the present batch
 *  errors: EXIT_AWAY, EXIT_REFUSED, EXIT_DISK; what was answered stays answered */
MUST_CHECK bool push_all(spool_t *spool, verdicts_t *verdicts, link_t *link, long wait_s,
                         bool (*is_stopping)(void), push_summary_t *summary, fault_t *fault);

/** The same, of a world given by the caller. */
MUST_CHECK bool push_through(spool_t *spool, verdicts_t *verdicts, const push_world_t *world,
                             long wait_s, bool (*is_stopping)(void), push_summary_t *summary,
                             fault_t *fault);

/** How long to wait before a request is sent again.
 *  in:     pause_ms   our own pause    told_s   Retry-After, 0 for none    left_s   until we give
 * up random   any byte      out: milliseconds; -1 when it would be too late */
long push_wait_ms(long pause_ms, long told_s, long left_s, unsigned char random);

#endif
