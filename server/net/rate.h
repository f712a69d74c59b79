/* SPDX-License-Identifier: Apache-2.0
 * A transfer that must keep a least average rate: a grace, then 8 KiB for each further second.
 *
 * The deadline follows from the bytes moved; it is looked at only when it may have passed, so no
 * timer is touched by bytes. */
#ifndef CLIENTELE_NET_RATE_H
#define CLIENTELE_NET_RATE_H

#include <stdbool.h>
#include <stdint.h>

#define RATE_BYTES_PER_S 8192

typedef struct {
    int64_t begun_us; /* 0: not running */
    int64_t grace_us;
    int64_t bytes;
} rate_t;

/** Start watching, unless it runs already. */
static inline void rate_begin(rate_t *rate, int64_t now_us, int64_t grace_us)
{
    if (rate->begun_us == 0) {
        *rate = (rate_t){now_us, grace_us, 0};
    }
}

/** Stop watching. */
static inline void rate_end(rate_t *rate)
{
    rate->begun_us = 0;
}

/** Time at which the transfer is too slow as things stand; 0 when not running. */
static inline int64_t rate_deadline_us(const rate_t *rate)
{
    if (rate->begun_us == 0) {
        return 0;
    }
    return rate->begun_us + rate->grace_us + rate->bytes * 1000000 / RATE_BYTES_PER_S;
}

/** Tell whether the transfer has become too slow. */
static inline bool rate_is_late(const rate_t *rate, int64_t now_us)
{
    return rate->begun_us != 0 && now_us > rate_deadline_us(rate);
}

#endif
