/* SPDX-License-Identifier: Apache-2.0
 * The two owners of everything in api: what the process shares read-only (app_shared), and what one
 * worker has for itself (app). */
#ifndef CLIENTELE_API_STATE_H
#define CLIENTELE_API_STATE_H

#include "api/app.h"
#include "api/assets.h"
#include "api/catalog.h"
#include "api/flush.h"
#include "api/keys.h"
#include "api/limit.h"
#include "api/route.h"
#include "api/rowenc.h"
#include "api/sql.h"
#include "api/token.h"
#include "db/pool.h"
#include "net/worker.h"

enum { SCRATCH_BYTES = 32 * 1024 * 1024 }; /* the longest reply that is built whole */

typedef struct hub hub_t;

/* Made once by app_load; nothing here changes while workers run. */
struct app_shared {
    arena_t *arena;
    const config_t *config; /* held */
    keys_t *keys;
    db_statements_t *statements;
    sql_t sql; /* statements of the native handlers */
    db_pool_options_t pool_options;
    db_lane_metrics_t lane_metrics[CLASS_COUNT * DB_KINDS];
    const catalog_t *catalog;
    route_table_t *routes;
    assets_t *assets;
    buf_t openapi, errors_json, errors_html;
    metric_t answer_us[DB_KINDS + 1]; /* latency by lane; last: without PostgreSQL */
    metric_t limited, logins_ok, logins_refused, streams_open;
};

/* One worker's instance; touched by its thread only. */
struct app {
    app_shared_t *shared;
    worker_t *worker;
    arena_t *arena; /* of the worker's life: plans */
    db_pool_t *pool;
    token_cache_t *tokens;
    limit_t *limits;
    hub_t *hub;
    flush_t *flush;
    buf_t scratch;               /* where a reply is built before it is handed over */
    const rowenc_plan_t **plans; /* by route */
    unsigned hashing;            /* Argon2id tasks under way */
};

#endif
