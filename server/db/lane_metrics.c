/* SPDX-License-Identifier: Apache-2.0
 * What is counted of a lane, and the usual measures of lanes. */
#include <stdio.h>
#include <string.h>

#include "db/pool_own.h"

void lane_count(const db_lane_t *lane, db_lane_counter_t counter, int64_t amount)
{
    if (lane->metrics)
        metric_add(lane->metrics->counters[counter], amount);
}

void lane_show(db_lane_t *lane)
{
    if (lane->shown_queued == lane->queued && lane->shown_busy == lane->busy)
        return;
    lane_count(lane, DB_LANE_QUEUED, (int64_t)lane->queued - (int64_t)lane->shown_queued);
    lane_count(lane, DB_LANE_BUSY, (int64_t)lane->busy - (int64_t)lane->shown_busy);
    lane->shown_queued = lane->queued;
    lane->shown_busy = lane->busy;
}

void db_pool_defaults(db_pool_options_t *options)
{
    memset(options, 0, sizeof *options);
    options->conns_max = 24;
    options->kinds[DB_FAST] = (db_kind_options_t){2, 8, 256, 1000};
    options->kinds[DB_WRITE] = (db_kind_options_t){6, 1, 128, 10000};
    options->kinds[DB_SLOW] = (db_kind_options_t){2, 1, 16, 60000};
}

void db_metrics_register(db_lane_metrics_t *metrics, const db_pool_options_t *options)
{
    static const char *const kinds[DB_KINDS] = {"fast", "write", "slow"};
    static const struct {
        metric_kind_t kind;
        const char *name, *help;
    } rows[DB_LANE_COUNTERS] = {
        [DB_LANE_CALLS] = {METRIC_COUNTER, "db_calls_total", "Calls given to a lane."},
        [DB_LANE_REFUSED_BUSY] = {METRIC_COUNTER, "db_refused_busy_total", "Calls refused: full."},
        [DB_LANE_REFUSED_AWAY] = {METRIC_COUNTER, "db_refused_away_total",
                                  "Calls refused: PostgreSQL away."},
        [DB_LANE_TIMEOUTS] = {METRIC_COUNTER, "db_timeouts_total", "Calls past their deadline."},
        [DB_LANE_RETRIES] = {METRIC_COUNTER, "db_retries_total", "Calls sent a second time."},
        [DB_LANE_LOSSES] = {METRIC_COUNTER, "db_losses_total", "Connections lost or refused."},
        [DB_LANE_OPEN] = {METRIC_GAUGE, "db_connections", "Connections open or opening."},
        [DB_LANE_QUEUED] = {METRIC_GAUGE, "db_queued", "Calls waiting for a connection."},
        [DB_LANE_BUSY] = {METRIC_GAUGE, "db_in_flight", "Calls sent and not answered."},
    };
    for (unsigned u = 0; u < options->user_count; u++)
        for (unsigned k = 0; k < DB_KINDS; k++)
            for (unsigned c = 0; c < DB_LANE_COUNTERS; c++) {
                char labels[96];
                snprintf(labels, sizeof labels, "user=\"%s\",lane=\"%s\"", options->users[u],
                         kinds[k]);
                metrics[u * DB_KINDS + k].counters[c] =
                    metric_register(rows[c].kind, rows[c].name, labels, rows[c].help);
            }
}
