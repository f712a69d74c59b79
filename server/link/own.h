/* SPDX-License-Identifier: Apache-2.0
 * The parts of a linkage, known to the files of this folder only. */
#ifndef LINK_OWN_H
#define LINK_OWN_H

#include <stdatomic.h>

#include "link/link.h"

enum {
    ASPECTS = 3,             /* coarse forms of one value; */
    ASPECT_WHOLE = 3,        /* the value itself */
    PASSES_MAX = 256,        /* blocking passes */
    VALUE_NONE = 0,          /* id of the empty value */
    EM_ROUNDS = 40,          /* of expectation and maximisation */
    SAMPLE_PASS = 6000,      /* pairs of one pass that the learning looks at */
    SAMPLE_RANDOM = 1 << 20, /* random pairs */
    PAIRS_BASE = 3000000,    /* comparisons allowed, and */
    PAIRS_RECORD = 24,       /* so many more a record */
    GROUP_MAX = 40           /* records of one person; more are not joined */
};

/* One distinct value of a field. */
typedef struct {
    uint32_t at; /* bytes in field.text */
    uint32_t count;
    uint32_t next; /* in its chain of the hash table */
    uint32_t aspect[ASPECTS];
    uint8_t bytes;
} value_t;

typedef struct {
    compare_kind_t kind;
    char *text;
    uint32_t text_used;
    uint32_t text_cap;
    value_t *values; /* [0] is the empty one */
    uint32_t value_count;
    uint32_t value_cap;
    uint32_t *chains; /* hash table, a power of two */
    uint32_t chain_count;
    uint32_t known; /* records with a value */
} field_t;

/* A way of choosing candidates: equal aspects of one or two fields. */
typedef struct {
    uint8_t field[2];
    uint8_t aspect[2];
    bool is_pair;
    bool is_either; /* name and surname in any order */
} pass_t;

typedef struct {
    double m[LEVELS];
    double u[LEVELS];
    double bits[LEVELS];
} weights_t;

/* A pair under comparison that is likely enough to keep. */
typedef struct {
    uint32_t a;
    uint32_t b;
    float bits; /* without the prior */
} kept_t;

typedef struct {
    uint64_t key; /* levels, three bits a field, and the pass above them */
    float count;
} pattern_t;

typedef struct {
    pattern_t *rows;
    uint32_t used;
    uint32_t cap; /* a power of two */
} patterns_t;

struct link {
    field_t fields[LINK_FIELDS_MAX];
    unsigned field_count;
    int name; /* the first field of each kind, -1: none */
    int surname;
    uint32_t records;
    uint32_t record_cap;
    uint32_t *ids; /* values of each record, its fields side by side */
    uint8_t *sources;
    uint32_t source_count[2];
    bool is_two_sided;
    pass_t passes[PASSES_MAX];
    unsigned pass_count;
    weights_t weights[LINK_FIELDS_MAX];
    patterns_t sample; /* of the passes */
    patterns_t random; /* of pairs taken at random */
    double prior;      /* bits */
    double possible;   /* pairs that could be made of the records */
    kept_t *kept;
    uint32_t kept_count;
    uint32_t kept_cap;
    link_pair_t *pairs;
    uint32_t pair_count;
    uint32_t pair_cap;
    _Atomic uint64_t done; /* read by the thread that waits */
    _Atomic uint64_t total;
    _Atomic bool is_stopped;
};

/** Take a value into a field (field.c). out: its id, VALUE_NONE when nothing is known */
uint32_t field_add(field_t *field, str_t raw);
/** In how many records stands what two values that agree have in common: of several telephones the
 *  rarest that both have. */
uint32_t field_often(const field_t *field, const value_t *a, const value_t *b);
/** Free a field's memory. */
void field_free(field_t *field);
/** The value of a field of a record. */
static inline const value_t *link_value(const link_t *link, unsigned field, uint32_t record)
{
    const field_t *f = &link->fields[field];
    return &f->values[link->ids[(size_t)record * link->field_count + field]];
}
/** Hash of bytes, never 0. */
uint32_t field_hash(const char *bytes, size_t count, uint32_t seed);

/** Coarse forms of a normalised value, 0 where there is none (aspect.c). */
void aspect_make(compare_kind_t kind, const char *value, size_t bytes, uint32_t out[ASPECTS]);

/** Passes (block.c): list them; tell each pair of a pass once. */
void block_plan(link_t *link);
typedef void block_pair_t(link_t *link, unsigned pass, uint32_t a, uint32_t b);
/** Go through all passes. in: per_pass at most so many pairs of each; is_once leaves out pairs that
 *  an earlier pass gave */
void block_walk(link_t *link, uint64_t per_pass, bool is_once, block_pair_t *tell);

/** Levels packed three bits a field. */
uint64_t model_pattern(const link_t *link, uint32_t a, uint32_t b);
/** Learn u and m. */
void model_learn(link_t *link);
/** Weight of a pair without the prior, in bits. */
double model_bits(const link_t *link, uint32_t a, uint32_t b, uint64_t pattern);

/** Find the prior that the kept pairs bear out. */
void model_settle_prior(link_t *link);

/** Groups of records (group.c): fills link.pairs from link.kept. */
void group_make(link_t *link);

#endif
