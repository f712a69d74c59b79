/* SPDX-License-Identifier: Apache-2.0
 * Start and stop of the application: what the process shares, what a worker owns. */
#include "api/app.h"

#include <event2/event.h>
#include <stdio.h>

#include "api/contract.h"
#include "api/errorpage.h"
#include "api/hub.h"
#include "api/openapi.h"
#include "api/password.h"
#include "api/request.h"
#include "api/totp.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

enum { LOAD_MS = 10000, LOAD_CALL_MS = 5000 };

/* --- asking PostgreSQL before any worker runs ----------------------------------------------------
 */

typedef struct {
    catalog_source_t source;
    struct event_base *base;
    db_pool_t *pool;
    db_statements_t *statements;
    bool is_done;
} loader_t;

static void on_answer(db_call_t *call)
{
    loader_t *loader = call->owner;
    loader->is_done = true;
    event_base_loopbreak(loader->base);
}

/* PostgreSQL may be starting: what it refuses for being away is asked again for a while. */
static db_rows_t *ask(catalog_source_t *source, const char *sql)
{
    loader_t *loader = (loader_t *)source;
    int64_t until_us = clock_mono_us() + LOAD_MS * 1000;
    db_rows_t *result = NULL;
    db_call_t call = {0};
    do {
        call = (db_call_t){.owner = loader, .step_count = 1, .done = on_answer};
        call.steps[0].statement = db_statements_add(loader->statements, sql, 0);
        call.deadline_ms = clock_mono_us() / 1000 + LOAD_CALL_MS;
        loader->is_done = db_pool_submit(loader->pool, 0, DB_FAST, &call) != DB_OK;
        if (loader->is_done)
            call.outcome = DB_UNAVAILABLE;
        while (!loader->is_done)
            event_base_loop(loader->base, 0);
        if (call.outcome == DB_OK)
            result = db_call_take(&call, 0);
        else if (call.outcome == DB_REFUSED || call.outcome == DB_TIMEOUT)
            break;
        else {
            struct timeval rest = {0, 200000};
            event_base_loopexit(loader->base, &rest);
            event_base_loop(loader->base, EVLOOP_NO_EXIT_ON_EMPTY);
        }
        if (!result)
            db_call_clear(&call);
    } while (!result && clock_mono_us() < until_us);
    if (!result)
        snprintf(source->reason, source->reason_bytes, "database: %s%s, while reading: %.60s\n",
                 call.outcome == DB_REFUSED ? "refused with " : "away",
                 call.outcome == DB_REFUSED ? call.sqlstate : "", sql);
    db_call_clear(&call);
    return result;
}

static bool loader_open(loader_t *loader, const char *database, char *reason, size_t reason_bytes)
{
    db_pool_options_t options;
    db_pool_defaults(&options);
    options.conninfo = database;
    options.application = "clientele start";
    options.users[0] = class_infos[CLASS_LOGIN].user;
    options.user_count = 1;
    options.kinds[DB_FAST] = (db_kind_options_t){1, 1, 4, LOAD_CALL_MS};
    *loader = (loader_t){.source = {ask, reason, reason_bytes}};
    loader->base = event_base_new();
    loader->statements = db_statements_new();
    loader->pool = db_pool_new(loader->base, &options);
    return true;
}

static void loader_close(loader_t *loader)
{
    db_pool_free(loader->pool);
    event_base_free(loader->base);
    db_statements_free(loader->statements);
}

/* --- what the process shares ---------------------------------------------------------------------
 */

static bool load_catalog(app_shared_t *shared, char *reason, size_t reason_bytes)
{
    loader_t loader;
    buf_t differences = buf_make(reason_bytes > 1 ? reason_bytes - 1 : 1);
    loader_open(&loader, shared->config->database, reason, reason_bytes);
    catalog_t *catalog = catalog_load(shared->arena, &loader.source);
    shared->catalog = catalog;
    bool is_read = catalog && contract_check(shared->arena, catalog, shared->routes,
                                             shared->statements, &loader.source, &differences);
    loader_close(&loader);
    if (is_read)
        clock_set_offset(catalog->clock_offset_s);
    bool is_good = is_read && differences.len == 0 && !differences.is_full;
    if (is_read && !is_good)
        snprintf(reason, reason_bytes, "%.*s", (int)differences.len,
                 differences.len ? differences.ptr : "too many differences");
    buf_free(&differences);
    return is_good;
}

static void register_metrics(app_shared_t *shared)
{
    static const char *const lanes[] = {"fast", "write", "slow", "none"};
    char labels[160];
    for (unsigned i = 0; i < route_count(shared->routes); i++) {
        route_t *route = route_at(shared->routes, i);
        for (unsigned digit = 2; digit <= 5; digit++) {
            if (digit == 3)
                continue;
            snprintf(labels, sizeof labels, "route=\"%s\",status=\"%uxx\"", route->name, digit);
            route->answers[digit] = metric_register(METRIC_COUNTER, "answers_total", labels,
                                                    "Answers by route and class of status.");
        }
        route->answers[0] = route->answers[1] = route->answers[5];
        route->answers[3] = route->answers[2];
    }
    for (unsigned i = 0; i <= DB_KINDS; i++) {
        snprintf(labels, sizeof labels, "lane=\"%s\"", lanes[i]);
        shared->answer_us[i] = metric_histogram("request_seconds", labels,
                                                "Time from the head to the end of the answer.");
    }
    shared->limited =
        metric_register(METRIC_COUNTER, "limited_total", "", "Requests above a rate limit.");
    shared->logins_ok =
        metric_register(METRIC_COUNTER, "logins_total", "result=\"ok\"", "Sign-ins by result.");
    shared->logins_refused = metric_register(METRIC_COUNTER, "logins_total", "result=\"refused\"",
                                             "Sign-ins by result.");
    shared->streams_open =
        metric_register(METRIC_GAUGE, "event_streams", "", "Open event streams.");
}

static void set_pool_options(app_shared_t *shared)
{
    db_pool_options_t *options = &shared->pool_options;
    db_pool_defaults(options);
    options->conninfo = shared->config->database;
    options->application = "clientele";
    for (unsigned i = 0; i < CLASS_COUNT; i++)
        options->users[i] = class_infos[i].user;
    options->user_count = CLASS_COUNT;
    options->metrics = shared->lane_metrics;
    db_metrics_register(shared->lane_metrics, options);
}

static app_shared_t *load(const config_t *config, bool is_serving, char *reason,
                          size_t reason_bytes)
{
    app_shared_t *shared = MEM_NEW(app_shared_t);
    shared->arena = arena_new((size_t)256 << 20);
    shared->config = config_hold(config);
    shared->statements = db_statements_new();
    sql_add(&shared->sql, shared->statements);
    shared->routes = route_table_new(shared->arena);
    shared->openapi = shared->errors_json = shared->errors_html = buf_make((size_t)16 << 20);
    bool is_good = load_catalog(shared, reason, reason_bytes) &&
                   openapi_write(&shared->openapi, shared->catalog, shared->routes);
    if (is_good && is_serving) {
        errorpage_json(&shared->errors_json);
        errorpage_html(&shared->errors_html);
        register_metrics(shared);
        set_pool_options(shared);
        shared->keys = keys_new(config, reason, reason_bytes);
        if (shared->keys)
            shared->assets = assets_load(shared->arena, config->assets_dir, reason, reason_bytes);
        is_good = shared->keys && shared->assets;
    }
    if (is_good)
        return shared;
    app_unload(shared);
    return NULL;
}

app_shared_t *app_load(const config_t *config, char *reason, size_t reason_bytes)
{
    return load(config, true, reason, reason_bytes);
}

bool app_openapi(const config_t *config, buf_t *out, char *reason, size_t reason_bytes)
{
    app_shared_t *shared = load(config, false, reason, reason_bytes);
    if (!shared)
        return false;
    bool is_done = buf_add_str(out, buf_str(&shared->openapi));
    app_unload(shared);
    return is_done;
}

void app_unload(app_shared_t *shared)
{
    if (!shared)
        return;
    keys_free(shared->keys);
    db_statements_free(shared->statements);
    buf_free(&shared->openapi);
    buf_free(&shared->errors_json);
    buf_free(&shared->errors_html);
    arena_free(shared->arena);
    config_drop(shared->config);
    mem_free(shared);
}

/* --- what a worker owns --------------------------------------------------------------------------
 */

typedef struct {
    task_t task;
    PGcancel *handle;
} cancel_t;

static void cancel_work(task_t *task)
{
    char ignored[256];
    PQcancel(((cancel_t *)task)->handle, ignored, sizeof ignored);
}

static void cancel_done(task_t *task)
{
    PQfreeCancel(((cancel_t *)task)->handle);
    mem_free(task);
}

static void cancel_statement(void *ctx, PGcancel *handle)
{
    app_t *app = ctx;
    cancel_t *cancel = MEM_NEW(cancel_t);
    cancel->handle = handle;
    cancel->task.work = cancel_work;
    cancel->task.done = cancel_done;
    if (!pool_submit(worker_pool(app->worker), worker_port(app->worker), &cancel->task))
        cancel_done(&cancel->task);
}

app_t *app_start(app_shared_t *shared, worker_t *worker)
{
    app_t *app = MEM_NEW(app_t);
    unsigned char seed[16];
    app->shared = shared;
    app->worker = worker;
    app->arena = arena_new((size_t)64 << 20);
    db_pool_options_t options = shared->pool_options;
    options.cancel = cancel_statement;
    options.cancel_ctx = app;
    app->pool = db_pool_new(worker_base(worker), &options);
    app->tokens = token_cache_new();
    worker_random(worker, seed, sizeof seed);
    app->limits = limit_new(16384, seed);
    app->hub = hub_new(app);
    app->flush = flush_new(worker_base(worker), app->pool, CLASS_LOGIN, shared->sql.flush);
    app->scratch = buf_make(SCRATCH_BYTES);
    app->plans = ARENA_ARRAY(app->arena, const rowenc_plan_t *, route_count(shared->routes));
    db_pool_keep_warm(app->pool, CLASS_LOGIN, DB_FAST);
    db_pool_keep_warm(app->pool, CLASS_LOGIN, DB_WRITE); /* the flush waits for no connection */
    return app;
}

void app_reload(app_t *app)
{
    (void)app; /* every setting used here is read anew at each use */
}

void app_drain(app_t *app)
{
    hub_end_all(app->hub);
}

void app_stop(app_t *app)
{
    if (!app)
        return;
    hub_free(app->hub);
    flush_free(app->flush);
    db_pool_free(app->pool);
    token_cache_free(app->tokens);
    limit_free(app->limits);
    buf_free(&app->scratch);
    arena_free(app->arena);
    mem_free(app);
}

const stream_events_t *app_events(void)
{
    return &request_events;
}

/* --- data for others -----------------------------------------------------------------------------
 */

bool app_hash_passwords(str_t lines, buf_t *out, char *reason, size_t reason_bytes)
{
    str_t line;
    while (lines.len > 0 && str_split(&lines, '\n', &line)) {
        char phc[PASSWORD_PHC_BYTES];
        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        if (line.len == 0 && !lines.ptr)
            break;
        if (line.len == 0 || line.len > PASSWORD_BYTES_MAX || !password_hash_now(line, phc)) {
            snprintf(reason, reason_bytes, "a password is empty or too long");
            return false;
        }
        buf_add_str(out, str_of(phc));
        buf_add_c(out, '\n');
    }
    return !out->is_full;
}

bool app_seal_totp(str_t lines, str_t totp_key_hex, buf_t *out, char *reason, size_t reason_bytes)
{
    keys_t *keys = MEM_NEW(keys_t);
    str_t line;
    const char *flaw = NULL;
    if (totp_key_hex.len != 64 || !str_from_hex(totp_key_hex, keys->totp))
        flaw = "the key must be 32 bytes in hex";
    while (!flaw && lines.len > 0 && str_split(&lines, '\n', &line)) {
        unsigned char secret[64], sealed[64 + SEALED_OVERHEAD];
        char hex[2 * sizeof sealed];
        size_t len = 0;
        line = str_trim(line);
        if (line.len == 0 && !lines.ptr)
            break;
        if (line.len > 100 || !totp_from_base32(line, secret, &len) ||
            !keys_seal(keys, STR("totp"), str_n((char *)secret, len), sealed)) {
            flaw = "a line is not a base32 secret";
            break;
        }
        str_to_hex(sealed, len + SEALED_OVERHEAD, hex);
        buf_add(out, hex, 2 * (len + SEALED_OVERHEAD));
        buf_add_c(out, '\n');
    }
    if (flaw)
        snprintf(reason, reason_bytes, "%s", flaw);
    keys_free(keys);
    return !flaw && !out->is_full;
}
