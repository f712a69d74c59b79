/* SPDX-License-Identifier: Apache-2.0
 * The process: settings, listeners, worker threads, signals, drain.
 *
 * The main thread owns signals, the log writer and the metrics page; each worker thread owns its
 * listeners, connections and application instance; one background thread runs jobs and the sender.
 * Start stops at the first thing that is not as it must be, with a sentence on stderr. */
#include "main_modes.h"
#include "main_threads.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "net/metrics.h"

#include <event2/event.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_FLUSH_US     50000
#define DRAIN_CHECK_US   50000
#define RESERVED_FDS     256
#define MAIN_CONNECTIONS 64
#define REASON_BYTES     8192

typedef struct {
    modes_t modes;
    config_t *config;
    tls_t *tls;
    pool_t *pool;
    app_shared_t *shared;
    threads_t threads;
    worker_t *own; /* the main thread's loop: signals, log, metrics page */
    metrics_page_t page;
    metric_t certificate_days;
    metric_t pool_depth;
    int64_t certificate_days_shown;
    int64_t pool_depth_shown;
    int64_t drain_until_us; /* 0: not draining */
    struct event *drain_timer;
} process_t;

/* --- process limits ------------------------------------------------------------------------ */

/* No core dumps: keys live in this memory. out: descriptors the process may have */
static size_t set_limits(void)
{
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#if !defined(__SANITIZE_ADDRESS__)
    (void)prctl(PR_SET_DUMPABLE, 0);
#endif
    (void)signal(SIGPIPE, SIG_IGN);
    (void)umask(0077);
    struct rlimit files = {0};
    (void)getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    return files.rlim_max > 1U << 20 ? 1U << 20 : (size_t)files.rlim_max;
}

static size_t connections_per_worker(const config_t *config, size_t descriptors, int count)
{
    size_t total = (size_t)config->max_connections;
    size_t room = descriptors > RESERVED_FDS * 2 ? descriptors - RESERVED_FDS : descriptors / 2;
    total = total < room ? total : room;
    return total / (size_t)count > 0 ? total / (size_t)count : 1;
}

static int worker_threads(const config_t *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int count = config->workers > 0 ? (int)config->workers : (int)(cores > 0 ? cores : 1);
    return count < THREADS_MAX ? count : THREADS_MAX;
}

static void set_log_level(const config_t *config)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    for (int level = LEVEL_DEBUG; level <= LEVEL_ERROR; level++) {
        if (strcmp(config->log_level, names[level]) == 0) {
            log_set_level((level_t)level);
        }
    }
}

/* --- metrics page -------------------------------------------------------------------------- */

static bool is_ready(void *argument)
{
    process_t *process = argument;
    return process->drain_until_us == 0 && threads_are_ready(&process->threads);
}

static void refresh(void *argument)
{
    process_t *process = argument;
    int64_t days = tls_days_left(process->tls);
    int64_t depth = (int64_t)pool_queued(process->pool);
    metric_add(process->certificate_days, days - process->certificate_days_shown);
    metric_add(process->pool_depth, depth - process->pool_depth_shown);
    process->certificate_days_shown = days;
    process->pool_depth_shown = depth;
}

/* --- signals ------------------------------------------------------------------------------- */

static void on_log_timer(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    (void)argument;
    log_flush();
}

/* SIGHUP: read settings and certificates anew; anything wrong keeps the old ones. */
static void on_reload(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    process_t *process = argument;
    char reason[REASON_BYTES] = "";
    config_t *config =
        config_load(process->modes.config_path, process->modes.pairs, process->modes.pair_count,
                    process->config, reason, sizeof reason);
    tls_t *tls = config ? tls_load(config, reason, sizeof reason) : NULL;
    if (!tls) {
        log_event(LEVEL_ERROR, "reload_refused", reason);
        config_drop(config);
        return;
    }
    config_drop(process->config);
    tls_drop(process->tls);
    process->config = config;
    process->tls = tls;
    set_log_level(config);
    threads_reload(&process->threads, config, tls);
    log_event(LEVEL_INFO, "reloaded", NULL);
}

static void on_drain_timer(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    process_t *process = argument;
    bool is_late = clock_mono_us() > process->drain_until_us;
    if (is_late || threads_open(&process->threads) == 0) {
        log_event(is_late ? LEVEL_WARN : LEVEL_INFO, is_late ? "drain_cut" : "drained", NULL);
        threads_stop(&process->threads);
        worker_stop(process->own);
    }
}

/* SIGTERM, SIGINT: finish what is under way; a second signal cuts it. */
static void on_stop(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    process_t *process = argument;
    if (process->drain_until_us != 0) {
        process->drain_until_us = clock_mono_us();
        return;
    }
    log_event(LEVEL_INFO, "draining", NULL);
    modes_notify("STOPPING=1");
    process->drain_until_us = clock_mono_us() + process->config->drain_s * 1000000;
    threads_drain(&process->threads);
    (void)event_add(process->drain_timer, &(struct timeval){0, DRAIN_CHECK_US});
}

/* --- start and stop ------------------------------------------------------------------------ */

static bool fail(const char *what, const char *reason)
{
    (void)fprintf(stderr, "clientele-server: %s: %s\n", what, reason);
    return false;
}

/* The loop of the main thread, with the metrics page. */
static bool start_own(process_t *process)
{
    char reason[256] = "";
    process->own = worker_new(&(worker_options_t){.index = -1,
                                                  .count = 1,
                                                  .config = process->config,
                                                  .pool = process->pool,
                                                  .max_connections = MAIN_CONNECTIONS});
    process->page = (metrics_page_t){is_ready, refresh, process};
    worker_serve(process->own, metrics_events(), &process->page);
    int port = (int)process->config->metrics_port;
    if (port != 0 &&
        !worker_listen(process->own, LISTENER_METRICS, "127.0.0.1", port, reason, sizeof reason)) {
        return fail("metrics", reason);
    }
    return true;
}

/* Settings, keys and the contract with the database; nothing listens yet. */
static bool prepare(process_t *process)
{
    static char reason[REASON_BYTES];
    const modes_t *modes = &process->modes;
    process->config = config_load(modes->config_path, modes->pairs, modes->pair_count, NULL, reason,
                                  sizeof reason);
    if (!process->config) {
        return fail("settings", reason);
    }
    set_log_level(process->config);
    process->tls = tls_load(process->config, reason, sizeof reason);
    if (!process->tls) {
        return fail("TLS", reason);
    }
    process->pool = pool_new((int)process->config->pool_threads, 256);
    process->shared = app_load(process->config, reason, sizeof reason);
    return process->shared ? true : fail("contract", reason);
}

/* Listeners and threads. */
static bool start(process_t *process, size_t descriptors)
{
    char reason[REASON_BYTES] = "";
    int count = worker_threads(process->config);
    threads_options_t options = {.count = count,
                                 .config = process->config,
                                 .tls = process->tls,
                                 .pool = process->pool,
                                 .shared = process->shared,
                                 .max_connections =
                                     connections_per_worker(process->config, descriptors, count)};
    if (!start_own(process)) {
        return false;
    }
    log_start(STDERR_FILENO);
    if (!threads_start(&process->threads, &options, reason, sizeof reason)) {
        log_stop();
        return fail("start", reason);
    }
    return true;
}

/* Run the main loop until a stop has finished. */
static void run(process_t *process)
{
    struct event_base *base = worker_base(process->own);
    struct event *events[] = {event_new(base, -1, EV_PERSIST, on_log_timer, process),
                              evsignal_new(base, SIGTERM, on_stop, process),
                              evsignal_new(base, SIGINT, on_stop, process),
                              evsignal_new(base, SIGHUP, on_reload, process),
                              event_new(base, -1, EV_PERSIST, on_drain_timer, process)};
    process->drain_timer = events[4];
    (void)event_add(events[0], &(struct timeval){0, LOG_FLUSH_US});
    for (int i = 1; i <= 3; i++) {
        (void)event_add(events[i], NULL);
    }
    threads_release_signals();
    log_event(LEVEL_INFO, "started", modes_version());
    modes_notify("READY=1");
    worker_run(process->own);
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        event_free(events[i]);
    }
}

static void finish(process_t *process)
{
    threads_join(&process->threads);
    pool_free(process->pool);
    worker_free(process->own);
    app_unload(process->shared);
    log_event(LEVEL_INFO, "stopped", NULL);
    log_stop();
    tls_drop(process->tls);
    config_drop(process->config);
}

int main(int argc, char **argv)
{
    process_t process = {0};
    size_t descriptors = set_limits();
    if (!modes_parse(argc, argv, &process.modes)) {
        return 2;
    }
    if (modes_is_tool(&process.modes)) {
        return modes_run(&process.modes);
    }
    worker_register_metrics();
    process.certificate_days = metric_register(METRIC_GAUGE, "certificate_days", "",
                                               "Days until the server certificate expires.");
    process.pool_depth =
        metric_register(METRIC_GAUGE, "pool_queued", "", "Tasks waiting for the thread pool.");
    threads_block_signals();
    if (!prepare(&process)) {
        return 1;
    }
    if (process.modes.is_check) {
        (void)puts("clientele-server: settings, keys and database agree");
        return 0;
    }
    if (!start(&process, descriptors)) {
        return 1;
    }
    run(&process);
    finish(&process);
    OPENSSL_cleanup();
    return 0;
}
