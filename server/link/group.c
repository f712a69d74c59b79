/* SPDX-License-Identifier: Apache-2.0
 * Groups of records: pairs join, best first, as long as the groups as wholes speak for it.
 *
 * Two groups join when the mean weight between all their records is positive. So a pair that lacks
 * evidence of its own is carried by the others of its group, and a chain (a like b, b like c, a
 * unlike c) stays apart. */
#include "link/own.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#define CLIP          16.0   /* bits that one pair may say for or against */
#define POSSIBLE_BITS (-3.3) /* one in ten */
#define CERTAIN_BITS  6.6    /* ninety-nine in a hundred */

typedef struct {
    link_t *link;
    uint32_t *group; /* of each record: its first record */
    uint32_t *next;  /* the next record of the group, in a ring */
    uint32_t *size;  /* of the group, at its first record */
} groups_t;

static int by_bits(const void *a, const void *b)
{
    const kept_t *one = a;
    const kept_t *other = b;
    if (one->bits != other->bits) {
        return one->bits < other->bits ? 1 : -1;
    }
    if (one->a != other->a) {
        return one->a < other->a ? -1 : 1;
    }
    return one->b < other->b ? -1 : one->b > other->b;
}

static int by_pair_bits(const void *a, const void *b)
{
    const link_pair_t *one = a;
    const link_pair_t *other = b;
    if (one->bits != other->bits) {
        return one->bits < other->bits ? 1 : -1;
    }
    return one->low < other->low ? -1 : one->low > other->low;
}

static double bits_of(const link_t *link, uint32_t a, uint32_t b)
{
    return model_bits(link, a, b, model_pattern(link, a, b)) + link->prior;
}

static double mean_between(const groups_t *g, uint32_t one, uint32_t other)
{
    double sum = 0;
    uint32_t a = one;
    do {
        uint32_t b = other;
        do {
            double bits = bits_of(g->link, a, b);
            sum += bits > CLIP ? CLIP : (bits < -CLIP ? -CLIP : bits);
            b = g->next[b];
        } while (b != other);
        a = g->next[a];
    } while (a != one);
    return sum / ((double)g->size[one] * g->size[other]);
}

static void join(groups_t *g, uint32_t one, uint32_t other)
{
    uint32_t r = other;
    do {
        g->group[r] = one;
        r = g->next[r];
    } while (r != other);
    uint32_t after = g->next[one];
    g->next[one] = g->next[other];
    g->next[other] = after;
    g->size[one] += g->size[other];
}

static void pair_put(link_t *link, uint32_t a, uint32_t b, double bits, link_class_t class)
{
    if (link->pair_count == link->pair_cap) {
        link->pair_cap = link->pair_cap == 0 ? 1024 : link->pair_cap * 2;
        link->pairs = mem_resize(link->pairs, sizeof(link_pair_t) * link->pair_cap);
    }
    link->pairs[link->pair_count++] = (link_pair_t){
        .low = a < b ? a : b, .high = a < b ? b : a, .bits = (float)bits, .class = class};
}

/* Every pair of every group, then the likely ones that no group has. */
static void tell(groups_t *g)
{
    link_t *link = g->link;
    for (uint32_t a = 0; a < link->records; a++) {
        for (uint32_t b = g->next[a]; b != a; b = g->next[b]) {
            bool is_wanted = a < b && (!link->is_two_sided || link->sources[a] != link->sources[b]);
            if (is_wanted) {
                double bits = bits_of(link, a, b);
                pair_put(link, a, b, bits, bits >= CERTAIN_BITS ? LINK_CERTAIN : LINK_STRONG);
            }
        }
    }
    for (uint32_t i = 0; i < link->kept_count; i++) {
        const kept_t *kept = &link->kept[i];
        double bits = kept->bits + link->prior;
        if (bits >= POSSIBLE_BITS && g->group[kept->a] != g->group[kept->b]) {
            pair_put(link, kept->a, kept->b, bits, LINK_POSSIBLE);
        }
    }
    if (link->pair_count > 0) {
        qsort(link->pairs, link->pair_count, sizeof(link_pair_t), by_pair_bits);
    }
}

void group_make(link_t *link)
{
    groups_t g = {.link = link};
    if (link->kept_count == 0) {
        return;
    }
    g.group = MEM_ARRAY(uint32_t, (size_t)link->records + 1);
    g.next = MEM_ARRAY(uint32_t, (size_t)link->records + 1);
    g.size = MEM_ARRAY(uint32_t, (size_t)link->records + 1);
    for (uint32_t r = 0; r < link->records; r++) {
        g.group[r] = r;
        g.next[r] = r;
        g.size[r] = 1;
    }
    qsort(link->kept, link->kept_count, sizeof(kept_t), by_bits);
    for (uint32_t i = 0; i < link->kept_count && link->kept[i].bits + link->prior > 0; i++) {
        uint32_t one = g.group[link->kept[i].a];
        uint32_t other = g.group[link->kept[i].b];
        bool is_room = one != other && g.size[one] + g.size[other] <= GROUP_MAX;
        if (is_room && mean_between(&g, one, other) > 0) {
            join(&g, one, other);
        }
    }
    tell(&g);
    mem_free(g.group);
    mem_free(g.next);
    mem_free(g.size);
}
