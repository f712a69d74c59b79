/* SPDX-License-Identifier: Apache-2.0
 * Pairs and weights of the comparison of the base as JSON. See scan_text.h. */
#include "jobs/scan_text.h"

static void put_fields(buf_t *out, const scan_roll_t *roll, const link_t *link, link_pair_t pair)
{
    compare_level_t levels[SCAN_FIELDS];
    bool is_first = true;
    link_levels(link, pair.low, pair.high, levels);
    for (unsigned f = 0; f < roll->count; f++) {
        if (levels[f] == LEVEL_ABSENT) {
            continue;
        }
        double bits = link_says(link, f, levels[f], pair.low, pair.high);
        /* names exchanged are close as the steward reads it */
        compare_level_t level = levels[f] == LEVEL_SWAPPED ? LEVEL_CLOSE : levels[f];
        buf_addf(out, "%s{\"field\":\"%s\",\"weight\":%.1f,\"level\":\"%s\"}", is_first ? "" : ",",
                 roll->names[f], bits, compare_level_name(level));
        is_first = false;
    }
}

void scan_put_pair(buf_t *out, const scan_roll_t *roll, const link_t *link, link_pair_t pair,
                   int64_t a, int64_t b)
{
    buf_addf(out, "{\"a\":%lld,\"b\":%lld,\"class\":\"%s\",\"weights\":[", (long long)a,
             (long long)b, pair.class == LINK_CERTAIN ? "STRONG" : "POSSIBLE");
    put_fields(out, roll, link, pair);
    BUF_ADD(out, "]}");
}

void scan_put_weights(buf_t *out, const scan_roll_t *roll, const link_t *link)
{
    buf_addf(out, "[{\"field\":\"prior\",\"level\":\"prior\",\"bits\":%.2f}", link_prior(link));
    for (unsigned f = 0; f < roll->count; f++) {
        for (int level = LEVEL_NONE; level < LEVELS; level++) {
            buf_addf(out, ",{\"field\":\"%s\",\"level\":\"%s\",\"bits\":%.2f}", roll->names[f],
                     compare_level_name((compare_level_t)level),
                     link_weight(link, f, (compare_level_t)level));
        }
    }
    BUF_ADD(out, "]");
}
