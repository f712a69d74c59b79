/* SPDX-License-Identifier: Apache-2.0
 * Counters and gauges for the metrics page: each thread writes its own shard, the reader sums.
 *
 * Register once at start (before threads), then metric_add from any thread without locks.
 * Labels are words of the program (route names, lanes), copied: the number of series is bounded. */
#ifndef CLIENTELE_BASE_METRIC_H
#define CLIENTELE_BASE_METRIC_H

#include "base/str.h"

#define METRIC_MAX    2048 /* series */
#define METRIC_SHARDS 96   /* threads that count */

typedef uint16_t metric_t;

typedef enum { METRIC_COUNTER, METRIC_GAUGE } metric_kind_t;

/** Register a series; the same name and labels give the same series.
 *  in: name - snake_case without prefix, unit as suffix; labels - "lane=\"fast\"" or ""; help - a
 * sentence */
metric_t metric_register(metric_kind_t kind, const char *name, const char *labels,
                         const char *help);

/** Add (gauges: also negative). cost: one plain add in the thread's shard */
void metric_add(metric_t metric, int64_t amount);

/** Register a latency histogram (seconds, buckets 1 ms .. 10 s) and count one duration in it. */
metric_t metric_histogram(const char *name, const char *labels, const char *help);
void metric_observe_us(metric_t first, int64_t duration_us);

/** Sum of all shards, for tests and readiness. */
int64_t metric_value(metric_t metric);

/** Write the Prometheus text format (0.0.4). */
void metric_write(buf_t *out);

#endif
