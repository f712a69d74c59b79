/* SPDX-License-Identifier: Apache-2.0
 * Group flush of one worker: the proof that what was committed without waiting for the disk is on
 * it.
 *
 * A padded write (FLAG_PAD) commits asynchronously, so that no connection and no lock is held while
 * the disk works; nobody is told of it before a flush that began after its commit has returned. The
 * log of PostgreSQL is one sequence: a flushed commit proves every earlier one, whoever made it, so
 * one statement answers for all who wait.
 *
 * Invariant: a wait is in one list at most, and the call under way covers only waits that joined
 * before it was given to its lane. The lists are bounded by the streams of the worker; each wait
 * ends within two flushes. Belongs to one thread. */
#ifndef CLIENTELE_API_FLUSH_H
#define CLIENTELE_API_FLUSH_H

#include "db/pool.h"

enum {
    FLUSH_SPACE_MS = 5, /* from the begin of one to the begin of the next: a burst shares it */
    FLUSH_MS = 2000,    /* then its outcome is unknown: those it covers are told so          */
};

typedef struct flush flush_t;

/** One who waits; lives in its owner's memory from flush_join until `done` or flush_leave. */
typedef struct flush_wait flush_wait_t;
struct flush_wait {
    void *owner;
    /** The wait is over; runs on the loop, never from inside flush_join.
     *  in: is_safe  false when the flush failed: what was committed may be lost in a crash */
    void (*done)(flush_wait_t *wait, bool is_safe);
    /* --- private --- */
    flush_wait_t *next, **link; /* link: what points here; NULL in no list */
};

/** Make it.
 *  in:     base and pool borrowed for its life; user and statement: a call whose own commit is
 *          synchronous and writes to the log (session.flush), sent on that user's write lane
 *  out:    freed by flush_free, before the pool */
flush_t *flush_new(struct event_base *base, db_pool_t *pool, unsigned user,
                   const db_statement_t *statement);

/** Release; accepts NULL. Nobody may wait. */
void flush_free(flush_t *flush);

/** Wait for a flush that begins from now on: at once when none is under way and the last began
 *  FLUSH_SPACE_MS ago, else the next one.
 *  in: owner and done set; what is to be proved was answered as committed already */
void flush_join(flush_t *flush, flush_wait_t *wait);

/** Wait no longer; `done` will not be called. Safe for one that does not wait. */
void flush_leave(flush_wait_t *wait);

#endif
