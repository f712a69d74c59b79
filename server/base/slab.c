/* SPDX-License-Identifier: Apache-2.0
 * Object pools: a free list, and a resting list that becomes free at the turn. */
#include "base/slab.h"
#include "base/mem.h"

#include <assert.h>

typedef struct node {
    struct node *next;
} node_t;

struct slab {
    size_t object_bytes;
    size_t max_count;
    size_t keep_free;
    size_t live;
    size_t free_count;
    node_t *free;
    node_t *resting;
};

slab_t *slab_new(size_t object_bytes, size_t max_count, size_t keep_free)
{
    slab_t *slab = MEM_NEW(slab_t);
    slab->object_bytes = object_bytes < sizeof(node_t) ? sizeof(node_t) : object_bytes;
    slab->max_count = max_count;
    slab->keep_free = keep_free;
    return slab;
}

void *slab_get(slab_t *slab)
{
    if (slab->live >= slab->max_count) {
        return NULL;
    }
    slab->live++;
    node_t *node = slab->free;
    if (!node) {
        return mem_new(slab->object_bytes);
    }
    slab->free = node->next;
    slab->free_count--;
    return memset(node, 0, slab->object_bytes);
}

void slab_put(slab_t *slab, void *object)
{
    assert(slab->live > 0);
    slab->live--;
    node_t *node = object;
    node->next = slab->resting;
    slab->resting = node;
}

void slab_turn(slab_t *slab)
{
    while (slab->resting) {
        node_t *node = slab->resting;
        slab->resting = node->next;
        if (slab->free_count >= slab->keep_free) {
            mem_free(node);
            continue;
        }
        node->next = slab->free;
        slab->free = node;
        slab->free_count++;
    }
}

size_t slab_live(const slab_t *slab)
{
    return slab->live;
}

void slab_free(slab_t *slab)
{
    if (!slab) {
        return;
    }
    assert(slab->live == 0);
    slab->keep_free = 0;
    slab_turn(slab);
    while (slab->free) {
        node_t *node = slab->free;
        slab->free = node->next;
        mem_free(node);
    }
    mem_free(slab);
}
