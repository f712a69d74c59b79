/* SPDX-License-Identifier: Apache-2.0
 * A bounded FIFO of pointers, used by every queue, so that every queue has a length and a refusal.
 */
#ifndef CLIENTELE_BASE_RING_H
#define CLIENTELE_BASE_RING_H

#include "base/str.h"

typedef struct {
    void **slots;
    size_t cap;  /* > 0 */
    size_t head; /* index of the oldest */
    size_t len;
} ring_t;

/** Make a queue for cap objects (> 0). */
ring_t ring_make(size_t cap);

/** Put at the end. out: false when full. */
MUST_CHECK bool ring_push(ring_t *ring, void *object);

/** Take the oldest; NULL when empty. */
void *ring_pop(ring_t *ring);

/** Look at the i-th oldest (0 = next to pop); NULL past the end. */
void *ring_at(const ring_t *ring, size_t i);

/** Take one object out of the middle, keeping order. out: false when it is not queued. cost: O(len)
 */
bool ring_remove(ring_t *ring, const void *object);

/** Free the slots (not the objects). */
void ring_free(ring_t *ring);

#endif
