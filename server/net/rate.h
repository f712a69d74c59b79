/* SPDX-License-Identifier: Apache-2.0
 * A transfer that must keep a least rate: 8 KiB/s on average over each window.
 *
 * The window is looked at only when it may be over, so no timer is touched by bytes; and a fast
 * beginning buys no long stall, because a new window begins with nothing. */
#ifndef CLIENTELE_NET_RATE_H
#define CLIENTELE_NET_RATE_H

#include <stdbool.h>
#include <stdint.h>

#define RATE_BYTES_PER_S 8192

typedef struct {
    int64_t begun_us; /* 0: not running */
    int64_t window_us;
    int64_t bytes; /* moved in this window; the user adds */
} rate_t;

/** Start watching, unless it runs already. */
static inline void rate_begin(rate_t *rate, int64_t now_us, int64_t window_us)
{
    if (rate->begun_us == 0) {
        *rate = (rate_t){now_us, window_us, 0};
    }
}

/** Stop watching. */
static inline void rate_end(rate_t *rate)
{
    rate->begun_us = 0;
}

/** Time at which rate_is_late wants to be asked; 0 when not running. */
static inline int64_t rate_deadline_us(const rate_t *rate)
{
    return rate->begun_us == 0 ? 0 : rate->begun_us + rate->window_us;
}

/** Tell whether a window is over in which too little moved; if enough did, begin the next one. */
static inline bool rate_is_late(rate_t *rate, int64_t now_us)
{
    if (rate->begun_us == 0 || now_us <= rate_deadline_us(rate)) {
        return false;
    }
    if (rate->bytes * 1000000 < RATE_BYTES_PER_S * (now_us - rate->begun_us)) {
        return true;
    }
    *rate = (rate_t){now_us, rate->window_us, 0};
    return false;
}

#endif
