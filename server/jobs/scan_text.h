/* SPDX-License-Identifier: Apache-2.0
 * What the comparison of the base tells the database: pairs with the weight of each field, and what
 * was learned. JSON; no value of anybody is in it. */
#ifndef JOBS_SCAN_TEXT_H
#define JOBS_SCAN_TEXT_H

#include "base/str.h"
#include "link/link.h"

enum { SCAN_FIELDS = 8 };

/** Parties of one kind, compared with each other. */
typedef struct {
    const char *kind; /* PERSON or COMPANY */
    unsigned count;
    unsigned char columns[SCAN_FIELDS]; /* of a page of core.match_scan_page */
    const char *names[SCAN_FIELDS];
    compare_kind_t kinds[SCAN_FIELDS];
} scan_roll_t;

/** Add a pair as {"a", "b", "class", "weights": [{"field", "weight", "level"}]}.
 *  in:     a, b   numbers of the parties */
void scan_put_pair(buf_t *out, const scan_roll_t *roll, const link_t *link, link_pair_t pair,
                   int64_t a, int64_t b);

/** Add what the comparison learned as [{"field", "level", "bits"}], the prior first. */
void scan_put_weights(buf_t *out, const scan_roll_t *roll, const link_t *link);

#endif
