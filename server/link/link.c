/* SPDX-License-Identifier: Apache-2.0
 * Which records are one person. See link.h. */
#include "link/link.h"

#include <math.h>

#include "base/check.h"
#include "base/mem.h"
#include "link/own.h"

#define KEEP_BITS (-8.0) /* less likely pairs are forgotten */

link_t *link_new(const compare_kind_t *kinds, unsigned count)
{
    link_t *link = MEM_NEW(link_t);
    CHECK(count > 0 && count <= LINK_FIELDS_MAX);
    link->field_count = count;
    link->name = -1;
    link->surname = -1;
    for (unsigned f = 0; f < count; f++) {
        link->fields[f].kind = kinds[f];
        if (kinds[f] == COMPARE_NAME && link->name < 0) {
            link->name = (int)f;
        }
        if (kinds[f] == COMPARE_SURNAME && link->surname < 0) {
            link->surname = (int)f;
        }
    }
    return link;
}

void link_free(link_t *link)
{
    if (link == NULL) {
        return;
    }
    for (unsigned f = 0; f < link->field_count; f++) {
        field_free(&link->fields[f]);
    }
    mem_free(link->ids);
    mem_free(link->sources);
    mem_free(link->sample.rows);
    mem_free(link->random.rows);
    mem_free(link->kept);
    mem_free(link->pairs);
    mem_free(link);
}

bool link_add(link_t *link, const str_t *values, unsigned source)
{
    if (link->records == LINK_RECORDS_MAX) {
        return false;
    }
    if (link->records == link->record_cap) {
        link->record_cap = link->record_cap == 0 ? 1024 : link->record_cap + link->record_cap / 2;
        link->ids = mem_resize(link->ids, sizeof(uint32_t) * link->field_count * link->record_cap);
        link->sources = mem_resize(link->sources, link->record_cap);
    }
    for (unsigned f = 0; f < link->field_count; f++) {
        link->ids[(size_t)link->records * link->field_count + f] =
            field_add(&link->fields[f], values[f]);
    }
    link->sources[link->records++] = (uint8_t)source;
    link->source_count[source != 0]++;
    return true;
}

void link_two_sided(link_t *link)
{
    link->is_two_sided = true;
}

static void keep_pair(link_t *link, unsigned pass, uint32_t a, uint32_t b)
{
    double bits = model_bits(link, a, b, model_pattern(link, a, b));
    (void)pass;
    if (bits + link->prior < KEEP_BITS) {
        return;
    }
    if (link->kept_count == link->kept_cap) {
        link->kept_cap = link->kept_cap == 0 ? 4096 : link->kept_cap + link->kept_cap / 2;
        link->kept = mem_resize(link->kept, sizeof(kept_t) * link->kept_cap);
    }
    link->kept[link->kept_count++] = (kept_t){.a = a, .b = b, .bits = (float)bits};
}

void link_run(link_t *link)
{
    double n = link->records;
    if (link->records < 2) {
        return;
    }
    link->possible = link->is_two_sided ? (double)link->source_count[0] * link->source_count[1]
                                        : n * (n - 1) / 2;
    link->prior = log2(0.25 * n / (link->possible + n));
    link->total = 2 * (PAIRS_BASE + (uint64_t)PAIRS_RECORD * link->records);
    block_plan(link);
    model_learn(link);
    block_walk(link, UINT64_MAX, true, keep_pair);
    if (link->is_stopped) {
        return;
    }
    model_settle_prior(link);
    model_learn(link);
    for (uint32_t i = 0; i < link->kept_count; i++) {
        kept_t *kept = &link->kept[i];
        kept->bits =
            (float)model_bits(link, kept->a, kept->b, model_pattern(link, kept->a, kept->b));
    }
    model_settle_prior(link);
    group_make(link);
}

uint32_t link_pairs(const link_t *link)
{
    return link->pair_count;
}

link_pair_t link_pair(const link_t *link, uint32_t index)
{
    CHECK(index < link->pair_count);
    return link->pairs[index];
}

void link_levels(const link_t *link, uint32_t a, uint32_t b, compare_level_t *levels)
{
    uint64_t pattern = model_pattern(link, a, b);
    for (unsigned f = 0; f < link->field_count; f++) {
        levels[f] = (compare_level_t)(pattern >> (3 * f) & 7u);
    }
}

double link_weight(const link_t *link, unsigned field, compare_level_t level)
{
    return link->weights[field].bits[level];
}

double link_prior(const link_t *link)
{
    return link->prior;
}

void link_done(const link_t *link, uint64_t *done, uint64_t *total)
{
    *done = link->done;
    *total = link->total;
}

void link_stop(link_t *link)
{
    link->is_stopped = true;
}
