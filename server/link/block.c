/* SPDX-License-Identifier: Apache-2.0
 * Blocking: which pairs are worth a comparison.
 *
 * A pass is the equality of coarse forms of one or two fields; the records that share them are a
 * block. Every pair of forms is a pass, whatever the fields: the list decides which of them say
 * anything. Small blocks are told first, larger ones while the pass's share of the comparisons
 * lasts, so a frequent name costs no more than a rare one. */
#include "link/own.h"

#include "base/mem.h"

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, SIZES = 4096 };

typedef struct {
    link_t *link;
    uint64_t *keys; /* key of the block above the record */
    uint64_t *spare;
    uint32_t count;
    uint8_t *told; /* bit (pass, record): its block was told */
    size_t told_row;
} walk_t;

static void plan_add(link_t *link, pass_t pass)
{
    if (link->pass_count < PASSES_MAX) {
        link->passes[link->pass_count++] = pass;
    }
}

static unsigned aspects_of(compare_kind_t kind)
{
    static const unsigned char counts[COMPARE_KINDS] = {
        [COMPARE_NAME] = 2,   [COMPARE_SURNAME] = 2, [COMPARE_TITLE] = 2, [COMPARE_DATE] = 3,
        [COMPARE_PHONE] = 1,  [COMPARE_EMAIL] = 3,   [COMPARE_CITY] = 1,  [COMPARE_ADDRESS] = 2,
        [COMPARE_NUMBER] = 1, [COMPARE_CODE] = 1};
    return counts[kind];
}

static void plan_pairs(link_t *link, unsigned f, unsigned g)
{
    unsigned f_count = aspects_of(link->fields[f].kind);
    unsigned g_count = aspects_of(link->fields[g].kind);
    for (unsigned i = 0; i < f_count; i++) {
        for (unsigned j = 0; j < g_count; j++) {
            plan_add(link, (pass_t){.field = {(uint8_t)f, (uint8_t)g},
                                    .aspect = {(uint8_t)i, (uint8_t)j},
                                    .is_pair = true});
        }
    }
}

void block_plan(link_t *link)
{
    for (unsigned f = 0; f < link->field_count; f++) {
        plan_add(link, (pass_t){.field = {(uint8_t)f}, .aspect = {ASPECT_WHOLE}});
    }
    if (link->name >= 0 && link->surname >= 0) {
        plan_add(link, (pass_t){.field = {(uint8_t)link->name, (uint8_t)link->surname},
                                .is_pair = true,
                                .is_either = true});
    }
    for (unsigned f = 0; f < link->field_count; f++) {
        for (unsigned g = f + 1; g < link->field_count; g++) {
            plan_pairs(link, f, g);
        }
    }
    for (unsigned f = 0; f < link->field_count; f++) {
        for (unsigned i = 0; i < aspects_of(link->fields[f].kind); i++) {
            plan_add(link, (pass_t){.field = {(uint8_t)f}, .aspect = {(uint8_t)i}});
        }
    }
}

static uint32_t form_of(const link_t *link, unsigned field, unsigned aspect, uint32_t record)
{
    if (aspect == ASPECT_WHOLE) {
        return link->ids[(size_t)record * link->field_count + field];
    }
    return link_value(link, field, record)->aspect[aspect];
}

/* Key of a record's block, 0 when it is in none. */
static uint32_t key_of(const link_t *link, const pass_t *pass, uint32_t record)
{
    uint32_t one = form_of(link, pass->field[0], pass->aspect[0], record);
    if (!pass->is_pair || one == 0) {
        return one;
    }
    uint32_t other = form_of(link, pass->field[1], pass->aspect[1], record);
    if (other == 0) {
        return 0;
    }
    if (pass->is_either) {
        return (one + other) | 1u;
    }
    return (uint32_t)(((uint64_t)one * 0x9e3779b97f4a7c15u + other * 0xc2b2ae3d27d4eb4fu) >> 32) |
           1u;
}

/* Sort by the upper half, stable, so that records stay in order within a block. */
static void sort_keys(walk_t *walk)
{
    for (unsigned shift = 32; shift < 64; shift += DIGIT_BITS) {
        uint32_t starts[DIGITS] = {0};
        uint32_t sum = 0;
        for (uint32_t i = 0; i < walk->count; i++) {
            starts[walk->keys[i] >> shift & (DIGITS - 1)]++;
        }
        for (unsigned d = 0; d < DIGITS; d++) {
            uint32_t count = starts[d];
            starts[d] = sum;
            sum += count;
        }
        for (uint32_t i = 0; i < walk->count; i++) {
            walk->spare[starts[walk->keys[i] >> shift & (DIGITS - 1)]++] = walk->keys[i];
        }
        uint64_t *swap = walk->keys;
        walk->keys = walk->spare;
        walk->spare = swap;
    }
}

static uint32_t block_end(const walk_t *walk, uint32_t from)
{
    uint32_t to = from + 1;
    while (to < walk->count && walk->keys[to] >> 32 == walk->keys[from] >> 32) {
        to++;
    }
    return to;
}

/* The size up to which blocks may be told for so many pairs; *pairs is what that makes. */
static uint32_t size_for(const walk_t *walk, uint64_t allowed, uint64_t *pairs)
{
    uint64_t *sums = MEM_ARRAY(uint64_t, SIZES + 1);
    for (uint32_t at = 0, to = 0; at < walk->count; at = to) {
        to = block_end(walk, at);
        uint64_t size = to - at;
        if (size <= SIZES) {
            sums[size] += size * (size - 1) / 2;
        }
    }
    uint32_t size = 1;
    *pairs = 0;
    while (size < SIZES && *pairs + sums[size + 1] <= allowed) {
        *pairs += sums[++size];
    }
    mem_free(sums);
    return size;
}

static bool is_told(const walk_t *walk, unsigned pass, uint32_t record)
{
    return walk->told[pass * walk->told_row + record / 8] >> record % 8 & 1;
}

/* True when an earlier pass had both records in one block that was told. */
static bool is_known(const walk_t *walk, unsigned pass, uint32_t a, uint32_t b)
{
    const link_t *link = walk->link;
    bool is_same[LINK_FIELDS_MAX][ASPECTS + 1];
    for (unsigned f = 0; f < link->field_count; f++) {
        const value_t *va = link_value(link, f, a);
        const value_t *vb = link_value(link, f, b);
        is_same[f][ASPECT_WHOLE] = va == vb;
        for (unsigned i = 0; i < ASPECTS; i++) {
            is_same[f][i] = va->aspect[i] == vb->aspect[i] && va->aspect[i] != 0;
        }
    }
    for (unsigned p = 0; p < pass; p++) {
        const pass_t *earlier = &link->passes[p];
        bool is_equal = earlier->is_either ? key_of(link, earlier, a) == key_of(link, earlier, b)
                                           : is_same[earlier->field[0]][earlier->aspect[0]] &&
                                                 (!earlier->is_pair ||
                                                  is_same[earlier->field[1]][earlier->aspect[1]]);
        if (is_equal && is_told(walk, p, a) && is_told(walk, p, b)) {
            return true;
        }
    }
    return false;
}

static void tell_block(walk_t *walk, unsigned pass, const uint64_t *block, uint32_t size,
                       bool is_once, block_pair_t *tell)
{
    const link_t *link = walk->link;
    for (uint32_t i = 0; i < size; i++) {
        uint32_t a = (uint32_t)block[i];
        for (uint32_t j = i + 1; j < size; j++) {
            uint32_t b = (uint32_t)block[j];
            bool is_wanted = !link->is_two_sided || link->sources[a] != link->sources[b];
            if (is_wanted && !(is_once && is_known(walk, pass, a, b))) {
                tell(walk->link, pass, a, b);
            }
        }
    }
    for (uint32_t i = 0; i < size; i++) {
        uint32_t record = (uint32_t)block[i];
        uint8_t *byte = &walk->told[pass * walk->told_row + record / 8];
        *byte = (uint8_t)(*byte | 1u << record % 8);
    }
}

static void walk_pass(walk_t *walk, unsigned pass, uint64_t allowed, bool is_once,
                      block_pair_t *tell)
{
    link_t *link = walk->link;
    uint64_t pairs = 0;
    walk->count = 0;
    for (uint32_t r = 0; r < link->records; r++) {
        uint32_t key = key_of(link, &link->passes[pass], r);
        if (key != 0) {
            walk->keys[walk->count++] = (uint64_t)key << 32 | r;
        }
    }
    sort_keys(walk);
    uint32_t size = size_for(walk, allowed, &pairs);
    for (uint32_t at = 0, to = 0; at < walk->count; at = to) {
        to = block_end(walk, at);
        if (to - at > 1 && to - at <= size && !link->is_stopped) {
            tell_block(walk, pass, walk->keys + at, to - at, is_once, tell);
        }
    }
    link->done += pairs;
}

void block_walk(link_t *link, uint64_t per_pass, bool is_once, block_pair_t *tell)
{
    walk_t walk = {.link = link, .told_row = link->records / 8 + 1};
    walk.keys = MEM_ARRAY(uint64_t, (size_t)link->records + 1);
    walk.spare = MEM_ARRAY(uint64_t, (size_t)link->records + 1);
    walk.told = mem_new(walk.told_row * link->pass_count);
    uint64_t begun = link->done;
    uint64_t allowed = PAIRS_BASE + (uint64_t)PAIRS_RECORD * link->records;
    for (unsigned pass = 0; pass < link->pass_count && !link->is_stopped; pass++) {
        uint64_t left = allowed - (link->done - begun);
        uint64_t share = left / (link->pass_count - pass);
        walk_pass(&walk, pass, per_pass < share ? per_pass : share, is_once, tell);
    }
    mem_free(walk.keys);
    mem_free(walk.spare);
    mem_free(walk.told);
}
