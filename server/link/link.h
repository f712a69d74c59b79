/* SPDX-License-Identifier: Apache-2.0
 * Which records are one person: probabilistic linkage of a whole list (R21, R22).
 *
 *     link_t *l = link_new(kinds, count);
 *     for each record: link_add(l, values, source);
 *     link_run(l);
 *     link_pair(l, i) ... link_weight(l, field, level) ...
 *     link_free(l);
 *
 * Fellegi and Sunter: every field of a pair agrees on a level (match/compare), a level weighs
 * log2(m / u) bits, where m is how often it occurs in records of one person and u how often in
 * records of two. u comes from random pairs, m from expectation maximisation over the pairs of
 * every blocking pass; both from the unlabelled records themselves. A rare value weighs more than a
 * frequent one (term frequency). Pairs to compare come from passes over coarse forms of one or two
 * fields, small blocks first, a bounded number in all. Records join one by one while the mean
 * weight between the groups speaks for it, so a chain of likenesses makes no group. There is one
 * set of settings for every list: the declared kinds are all it is told.
 *
 * One thread; a second may call link_done and link_stop meanwhile. It holds no names longer than
 * COMPARE_BYTES and forgets all at link_free. */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "match/compare.h"

enum { LINK_FIELDS_MAX = 16, LINK_RECORDS_MAX = 20000000 };

/** What the records of a pair are to each other. */
typedef enum {
    LINK_POSSIBLE, /* likely enough to be looked at */
    LINK_STRONG,   /* more likely one than two, with the rest of their group */
    LINK_CERTAIN   /* at most one pair in a hundred like it is wrong */
} link_class_t;

/** A pair found, records by their order of addition, low < high. */
typedef struct {
    uint32_t low;
    uint32_t high;
    float bits; /* log2 of the odds that they are one */
    link_class_t class;
} link_pair_t;

typedef struct link link_t;

/** Begin a list. in: kinds of its fields, at most LINK_FIELDS_MAX. out: never NULL; link_free */
link_t *link_new(const compare_kind_t *kinds, unsigned count);

/** Free it; NULL is accepted. */
void link_free(link_t *link);

/** Add the next record.
 *  in:     values   one per field, UTF-8 as typed; empty = not known
 *          source   records of two sources only are paired when more than one source was given and
 *                   link_two_sided was called, else it says nothing
 *  out:    false when the list is full (LINK_RECORDS_MAX) */
bool link_add(link_t *link, const str_t *values, unsigned source);

/** Pair records of different sources only. Call before link_run. */
void link_two_sided(link_t *link);

/** Learn, compare, group. Once, after the last record.
 *  cost:   O(records * passes) for blocks and a bounded number of comparisons per record */
void link_run(link_t *link);

/** The pairs found, best first. */
uint32_t link_pairs(const link_t *link);

/** One of them. */
link_pair_t link_pair(const link_t *link, uint32_t index);

/** Why: the levels on which the fields of two records agree, one a field. */
void link_levels(const link_t *link, uint32_t a, uint32_t b, compare_level_t *levels);

/** What a field of two records says, in bits: of the pair, rare values more than frequent ones. */
double link_says(const link_t *link, unsigned field, compare_level_t level, uint32_t a, uint32_t b);

/** What a level of a field says in general, in bits; 0 for LEVEL_ABSENT. */
double link_weight(const link_t *link, unsigned field, compare_level_t level);

/** Log2 of the odds that two records taken at random are one. */
double link_prior(const link_t *link);

/** Comparisons made so far and expected in all; from any thread while link_run runs. */
void link_done(const link_t *link, uint64_t *done, uint64_t *total);

/** Ask link_run to end soon, from any thread; its pairs are then not whole. */
void link_stop(link_t *link);

#endif
