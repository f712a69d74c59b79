/* SPDX-License-Identifier: Apache-2.0
 * What agreement weighs: u of random pairs, m by expectation maximisation, nothing by labels. */
#include "link/own.h"

#include <math.h>

#include "base/mem.h"

enum { PASS_SHIFT = 3 * LINK_FIELDS_MAX, PATTERNS_FIRST = 4096 };

#define BITS_MAX 24.0
#define M_GRAIN  5.0 /* pairs of one person that are taken to agree like strangers */

static unsigned level_in(uint64_t pattern, unsigned field)
{
    return (unsigned)(pattern >> (3 * field) & 7u);
}

static compare_level_t compare_cross(const link_t *link, unsigned f, uint32_t a, unsigned g,
                                     uint32_t b)
{
    const value_t *va = link_value(link, f, a);
    const value_t *vb = link_value(link, g, b);
    return compare_values(COMPARE_NAME, link->fields[f].text + va->at, va->bytes,
                          link->fields[g].text + vb->at, vb->bytes);
}

/* Names written into each other's field: one is marked so, the other keeps how well it agrees. */
static void look_swapped(const link_t *link, uint32_t a, uint32_t b, unsigned *levels)
{
    unsigned name = (unsigned)link->name;
    unsigned surname = (unsigned)link->surname;
    if (levels[name] > LEVEL_FAR || levels[surname] > LEVEL_FAR ||
        levels[name] + levels[surname] == 0) {
        return;
    }
    unsigned one = compare_cross(link, name, a, surname, b);
    unsigned other = compare_cross(link, surname, a, name, b);
    unsigned best = one > other ? one : other;
    unsigned least = one > other ? other : one;
    if (best < LEVEL_CLOSE || least == LEVEL_NONE || least == LEVEL_FAR) {
        return;
    }
    levels[name] = LEVEL_SWAPPED;
    levels[surname] = least;
}

static void levels_of(const link_t *link, uint32_t a, uint32_t b, unsigned *levels)
{
    for (unsigned f = 0; f < link->field_count; f++) {
        const field_t *field = &link->fields[f];
        const value_t *va = link_value(link, f, a);
        const value_t *vb = link_value(link, f, b);
        if (va->bytes == 0 || vb->bytes == 0) {
            levels[f] = LEVEL_ABSENT;
        } else if (va == vb) {
            levels[f] = LEVEL_SAME;
        } else {
            levels[f] = compare_values(field->kind, field->text + va->at, va->bytes,
                                       field->text + vb->at, vb->bytes);
        }
    }
    if (link->name >= 0 && link->surname >= 0) {
        look_swapped(link, a, b, levels);
    }
}

uint64_t model_pattern(const link_t *link, uint32_t a, uint32_t b)
{
    unsigned levels[LINK_FIELDS_MAX];
    uint64_t pattern = 0;
    levels_of(link, a, b, levels);
    for (unsigned f = 0; f < link->field_count; f++) {
        pattern |= (uint64_t)levels[f] << (3 * f);
    }
    return pattern;
}

/* --- patterns counted ------------------------------------------------------------------------- */

static void patterns_put(patterns_t *p, uint64_t key, float count);

static void patterns_grow(patterns_t *p)
{
    patterns_t larger = {.cap = p->cap == 0 ? PATTERNS_FIRST : p->cap * 2};
    larger.rows = MEM_ARRAY(pattern_t, larger.cap);
    for (uint32_t i = 0; i < p->cap; i++) {
        if (p->rows[i].count > 0) {
            patterns_put(&larger, p->rows[i].key, p->rows[i].count);
        }
    }
    mem_free(p->rows);
    *p = larger;
}

static void patterns_put(patterns_t *p, uint64_t key, float count)
{
    if (p->used * 2 >= p->cap) {
        patterns_grow(p);
    }
    uint64_t h = key * 0x9e3779b97f4a7c15u;
    uint32_t at = (uint32_t)(h >> 32) & (p->cap - 1);
    while (p->rows[at].count > 0 && p->rows[at].key != key) {
        at = (at + 1) & (p->cap - 1);
    }
    p->used += p->rows[at].count <= 0;
    p->rows[at].key = key;
    p->rows[at].count += count;
}

static void sample_pair(link_t *link, unsigned pass, uint32_t a, uint32_t b)
{
    uint64_t pattern = model_pattern(link, a, b);
    patterns_put(&link->sample, pattern | (uint64_t)pass << PASS_SHIFT, 1);
}

/* --- u ---------------------------------------------------------------------------------------- */

/* A pair at random, or all pairs in turn where they are few. */
static void sample_random(link_t *link)
{
    uint64_t state = 0x853c49e6748fea9bu;
    uint64_t all = (uint64_t)link->records * (link->records - 1) / 2;
    if (all <= SAMPLE_RANDOM * 2) {
        for (uint32_t a = 0; a < link->records; a++) {
            for (uint32_t b = a + 1; b < link->records; b++) {
                if (!link->is_two_sided || link->sources[a] != link->sources[b]) {
                    patterns_put(&link->random, model_pattern(link, a, b), 1);
                }
            }
        }
        return;
    }
    for (uint32_t i = 0; i < SAMPLE_RANDOM; i++) {
        uint32_t picked[2];
        for (unsigned j = 0; j < 2; j++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            picked[j] = (uint32_t)((state >> 33) * link->records >> 31);
        }
        bool is_wanted =
            picked[0] != picked[1] &&
            (!link->is_two_sided || link->sources[picked[0]] != link->sources[picked[1]]);
        if (is_wanted) {
            patterns_put(&link->random, model_pattern(link, picked[0], picked[1]), 1);
        }
    }
}

static double odds_share(double bits)
{
    return 1.0 / (1.0 + exp2(-bits));
}

static double pattern_bits(const link_t *link, uint64_t pattern, uint64_t but)
{
    double bits = 0;
    for (unsigned f = 0; f < link->field_count; f++) {
        if ((but >> f & 1u) == 0) {
            bits += link->weights[f].bits[level_in(pattern, f)];
        }
    }
    return bits;
}

/* An address is often made of the name, which is weighed already: that it resembles another says
 * little more, short of a slip of the pen. */
static double most_bits(compare_kind_t kind, unsigned level)
{
    if (kind == COMPARE_EMAIL && level <= LEVEL_NEAR) {
        return level == LEVEL_NEAR ? 4 : 0;
    }
    return BITS_MAX;
}

static void settle_bits(compare_kind_t kind, weights_t *w)
{
    for (unsigned l = LEVEL_NONE; l < LEVELS; l++) {
        double bits = log2(w->m[l] / w->u[l]);
        double most = most_bits(kind, l);
        w->bits[l] = bits > most ? most : (bits < -BITS_MAX ? -BITS_MAX : bits);
    }
    w->bits[LEVEL_ABSENT] = 0;
}

/* Shares of the levels out of counts, with a little of everything. */
static void settle_shares(const double *counts, double grain, double *shares)
{
    double sum = 0;
    for (unsigned l = LEVEL_NONE; l < LEVELS; l++) {
        sum += counts[l] + grain;
    }
    for (unsigned l = LEVEL_NONE; l < LEVELS; l++) {
        shares[l] = (counts[l] + grain) / sum;
    }
}

/* What identity means, whatever the list: of one person this share of a kind's values may differ
 * altogether, no more. Names and birthdays stay, telephones and homes change. Without it a list
 * with few second writings teaches the commonest other relation instead: a family under one roof.
 */
static double most_different(compare_kind_t kind)
{
    static const double shares[COMPARE_KINDS] = {
        [COMPARE_NAME] = 0.10, [COMPARE_SURNAME] = 0.10, [COMPARE_TITLE] = 0.10,
        [COMPARE_DATE] = 0.10, [COMPARE_PHONE] = 0.40,   [COMPARE_EMAIL] = 0.40,
        [COMPARE_CITY] = 0.40, [COMPARE_ADDRESS] = 0.40, [COMPARE_NUMBER] = 0.40,
        [COMPARE_CODE] = 0.10};
    return shares[kind];
}

/* Hold m to that: what is too much of NONE and FAR goes to SAME. */
static void hold_identity(compare_kind_t kind, double *m)
{
    double most = most_different(kind);
    double different = m[LEVEL_NONE] + m[LEVEL_FAR];
    if (different <= most) {
        return;
    }
    double kept = most / different;
    m[LEVEL_SAME] += different - most;
    m[LEVEL_NONE] *= kept;
    m[LEVEL_FAR] *= kept;
}

/* u: how often the levels occur in pairs taken at random, less those that are probably one. */
static void learn_u(link_t *link, bool is_weighed)
{
    double counts[LINK_FIELDS_MAX][LEVELS] = {{0}};
    for (uint32_t i = 0; i < link->random.cap; i++) {
        const pattern_t *row = &link->random.rows[i];
        if (row->count <= 0) {
            continue;
        }
        double share = is_weighed ? odds_share(pattern_bits(link, row->key, 0) + link->prior) : 0;
        for (unsigned f = 0; f < link->field_count; f++) {
            counts[f][level_in(row->key, f)] += row->count * (1 - share);
        }
    }
    for (unsigned f = 0; f < link->field_count; f++) {
        settle_shares(counts[f], 0.5, link->weights[f].u);
    }
}

/* --- m ---------------------------------------------------------------------------------------- */

static uint64_t blocked_fields(const pass_t *pass)
{
    uint64_t fields = (uint64_t)1 << pass->field[0];
    return pass->is_pair ? fields | (uint64_t)1 << pass->field[1] : fields;
}

/* One round: shares of matches under the present weights, then weights under those shares.
 * Fields that a pass blocks on learn nothing from it.
 * out: the largest change of an m */
static double learn_round(link_t *link, double *shares)
{
    double counts[LINK_FIELDS_MAX][LEVELS] = {{0}};
    double matches[PASSES_MAX] = {0};
    double pairs[PASSES_MAX] = {0};
    for (uint32_t i = 0; i < link->sample.cap; i++) {
        const pattern_t *row = &link->sample.rows[i];
        if (row->count <= 0) {
            continue;
        }
        unsigned pass = (unsigned)(row->key >> PASS_SHIFT);
        uint64_t blocked = blocked_fields(&link->passes[pass]);
        double odds = log2(shares[pass] / (1 - shares[pass]));
        double share = odds_share(pattern_bits(link, row->key, blocked) + odds);
        matches[pass] += share * row->count;
        pairs[pass] += row->count;
        for (unsigned f = 0; f < link->field_count; f++) {
            if ((blocked >> f & 1u) == 0) {
                counts[f][level_in(row->key, f)] += share * row->count;
            }
        }
    }
    for (unsigned p = 0; p < link->pass_count; p++) {
        shares[p] = (matches[p] + 0.01) / (pairs[p] + 1);
    }
    double change = 0;
    for (unsigned f = 0; f < link->field_count; f++) {
        double former[LEVELS];
        memcpy(former, link->weights[f].m, sizeof former);
        for (unsigned l = LEVEL_NONE; l < LEVELS; l++) {
            /* what was never seen of one person says nothing: m is then as u is */
            counts[f][l] += M_GRAIN * link->weights[f].u[l];
        }
        settle_shares(counts[f], 0, link->weights[f].m);
        hold_identity(link->fields[f].kind, link->weights[f].m);
        for (unsigned l = LEVEL_NONE; l < LEVELS; l++) {
            change = fmax(change, fabs(former[l] - link->weights[f].m[l]));
        }
        settle_bits(link->fields[f].kind, &link->weights[f]);
    }
    return change;
}

void model_learn(link_t *link)
{
    static const double first[LEVELS] = {0, 0.06, 0.04, 0.06, 0.09, 0.74, 0.01};
    double shares[PASSES_MAX];
    bool is_first = link->sample.cap == 0;
    if (is_first) {
        sample_random(link);
        block_walk(link, SAMPLE_PASS, false, sample_pair);
    }
    learn_u(link, !is_first);
    for (unsigned f = 0; f < link->field_count; f++) {
        memcpy(link->weights[f].m, first, sizeof first);
        settle_bits(link->fields[f].kind, &link->weights[f]);
    }
    for (unsigned p = 0; p < link->pass_count; p++) {
        shares[p] = 0.1;
    }
    double change = 1;
    for (unsigned round = 0; round < EM_ROUNDS && change > 0.0005; round++) {
        change = learn_round(link, shares);
    }
}

/* --- pairs ------------------------------------------------------------------------------------ */

double link_says(const link_t *link, unsigned field, compare_level_t level, uint32_t a, uint32_t b)
{
    const weights_t *w = &link->weights[field];
    if (level != LEVEL_SAME) {
        return w->bits[level];
    }
    double often =
        field_often(&link->fields[field], link_value(link, field, a), link_value(link, field, b));
    double bits = log2(w->m[LEVEL_SAME] * link->fields[field].known / often);
    return bits > BITS_MAX ? BITS_MAX : bits;
}

double model_bits(const link_t *link, uint32_t a, uint32_t b, uint64_t pattern)
{
    double bits = 0;
    for (unsigned f = 0; f < link->field_count; f++) {
        bits += link_says(link, f, (compare_level_t)level_in(pattern, f), a, b);
    }
    return bits;
}

void model_settle_prior(link_t *link)
{
    for (unsigned round = 0; round < 30; round++) {
        double matches = 0.5;
        for (uint32_t i = 0; i < link->kept_count; i++) {
            double bits = link->kept[i].bits + link->prior;
            matches += bits > 0 ? odds_share(bits) : 0; /* many doubtful pairs prove none */
        }
        link->prior = log2(matches / (link->possible + 1));
    }
}
