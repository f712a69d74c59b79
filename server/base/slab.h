/* SPDX-License-Identifier: Apache-2.0
 * Pools of equal objects; an object put back in this loop turn is reused only in the next.
 *
 * So a callback that libevent still has queued for a dead object finds it at rest and not reborn.
 * One thread each. The count is bounded at birth. */
#ifndef CLIENTELE_BASE_SLAB_H
#define CLIENTELE_BASE_SLAB_H

#include "base/str.h"

typedef struct slab slab_t;

/** Make a pool. in: object_bytes; max_count - objects that may live at once; keep_free - objects
 * kept for reuse, the rest is given back at the turn. */
slab_t *slab_new(size_t object_bytes, size_t max_count, size_t keep_free);

/** Take a zeroed object. out: NULL when max_count live. */
MUST_CHECK void *slab_get(slab_t *slab);

/** Put an object back; it rests until slab_turn. */
void slab_put(slab_t *slab, void *object);

/** End of a loop turn: resting objects become free. */
void slab_turn(slab_t *slab);

/** Objects taken and not put back. */
size_t slab_live(const slab_t *slab);

/** Free the pool; live objects must be none. NULL is accepted. */
void slab_free(slab_t *slab);

#endif
