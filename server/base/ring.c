/* SPDX-License-Identifier: Apache-2.0
 * The bounded FIFO: a circular array. */
#include "base/ring.h"
#include "base/mem.h"

#include <assert.h>

ring_t ring_make(size_t cap)
{
    assert(cap > 0);
    return (ring_t){MEM_ARRAY(void *, cap), cap, 0, 0};
}

bool ring_push(ring_t *ring, void *object)
{
    if (ring->len == ring->cap) {
        return false;
    }
    ring->slots[(ring->head + ring->len) % ring->cap] = object;
    ring->len++;
    return true;
}

void *ring_pop(ring_t *ring)
{
    if (ring->len == 0) {
        return NULL;
    }
    void *object = ring->slots[ring->head];
    ring->head = (ring->head + 1) % ring->cap;
    ring->len--;
    return object;
}

void *ring_at(const ring_t *ring, size_t i)
{
    return i < ring->len ? ring->slots[(ring->head + i) % ring->cap] : NULL;
}

bool ring_remove(ring_t *ring, const void *object)
{
    size_t i = 0;
    while (i < ring->len && ring_at(ring, i) != object) {
        i++;
    }
    if (i == ring->len) {
        return false;
    }
    for (; i + 1 < ring->len; i++) {
        ring->slots[(ring->head + i) % ring->cap] = ring_at(ring, i + 1);
    }
    ring->len--;
    return true;
}

void ring_free(ring_t *ring)
{
    mem_free(ring->slots);
    *ring = (ring_t){NULL, 0, 0, 0};
}
