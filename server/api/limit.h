/* SPDX-License-Identifier: Apache-2.0
 * Token buckets of one worker: so many requests a second for a session and for an address.
 *
 * A fixed table with a secret seed: a bucket that is full again is as good as absent, so the oldest
 * of a set of eight gives way. Memory is constant, whoever knocks. Limits that must hold across
 * nodes (sign-in, probes) are PostgreSQL's. */
#ifndef CLIENTELE_API_LIMIT_H
#define CLIENTELE_API_LIMIT_H

#include "base/str.h"

typedef struct limit limit_t;

/** Make a table. in: slots, a power of two >= 8; seed of 16 random bytes */
limit_t *limit_new(unsigned slots, const unsigned char seed[16]);
/** Release; accepts NULL. */
void limit_free(limit_t *limit);

/** Take one token.
 *  in:     kind  keeps keys of different sorts apart      key  any bytes
 *          per_second, burst  of the bucket; per_second 0 means no limit
 *  out:    0 when allowed, else the seconds after which to try again (>= 1)
 *  cost:   one hash, at most eight slots */
int limit_take(limit_t *limit, char kind, str_t key, int64_t per_second, int64_t burst,
               int64_t now_us);

#endif
