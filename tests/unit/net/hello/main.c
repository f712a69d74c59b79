/* SPDX-License-Identifier: Apache-2.0
 * hello-server: the connection layer with the hello application and nothing behind it.
 *
 * For scanners, load generators and system call counts of net/ alone:
 *   hello-server FOLDER PORT [WORKERS]    certificates are made in FOLDER; dealers' port is PORT+1,
 *                                         metrics PORT+2; SIGTERM drains (5 s at most) and ends */
#include "../cert.h"
#include "../hello.h"

#include "base/clock.h"
#include "base/log.h"
#include "net/metrics.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define MAX_WORKERS 8

typedef struct {
    pthread_t thread;
    worker_t *worker;
    hello_t hello;
    task_t drain;
    task_t stop;
} unit_t;

static unit_t units[MAX_WORKERS];
static int unit_count;
static worker_t *own;

static unit_t *unit_of(task_t *task, size_t offset)
{
    return (unit_t *)(void *)((char *)task - offset);
}

static void drain_one(task_t *task)
{
    worker_drain(unit_of(task, offsetof(unit_t, drain))->worker);
}

static void stop_one(task_t *task)
{
    worker_stop(unit_of(task, offsetof(unit_t, stop))->worker);
}

static void *run(void *argument)
{
    unit_t *unit = argument;
    worker_run(unit->worker);
    return NULL;
}

static bool always(void *argument)
{
    (void)argument;
    return true;
}

static void on_stop(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    (void)argument;
    for (int i = 0; i < unit_count; i++) {
        units[i].drain.done = drain_one;
        port_post(worker_port(units[i].worker), &units[i].drain);
    }
    struct timespec wait = {0, 300000000};
    (void)nanosleep(&wait, NULL);
    for (int i = 0; i < unit_count; i++) {
        units[i].stop.done = stop_one;
        port_post(worker_port(units[i].worker), &units[i].stop);
        (void)pthread_join(units[i].thread, NULL);
    }
    worker_stop(own);
}

static void must(bool is_good, const char *reason)
{
    if (!is_good) {
        (void)fprintf(stderr, "hello-server: %s\n", reason);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    must(argc >= 3, "FOLDER PORT [WORKERS]");
    char reason[512] = "";
    char pairs[12][300];
    char *list[12];
    int port = (int)strtol(argv[2], NULL, 10);
    unit_count = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 2;
    (void)signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    (void)getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    size_t count = cert_settings(argv[1], pairs, list);
    config_t *config = config_load(NULL, list, count, NULL, reason, sizeof reason);
    must(config != NULL, reason);
    tls_t *tls = tls_load(config, reason, sizeof reason);
    must(tls != NULL, reason);
    worker_register_metrics();
    pool_t *pool = pool_new(2, 64);
    sigset_t mask;
    (void)sigfillset(&mask);
    (void)pthread_sigmask(SIG_SETMASK, &mask, NULL);
    for (int i = 0; i < unit_count; i++) {
        unit_t *unit = &units[i];
        unit->worker = worker_new(&(worker_options_t){.index = i,
                                                      .count = unit_count,
                                                      .config = config,
                                                      .tls = tls,
                                                      .pool = pool,
                                                      .max_connections = 10000});
        hello_init(&unit->hello, unit->worker);
        must(worker_listen(unit->worker, LISTENER_BROWSER, "127.0.0.1", port, reason,
                           sizeof reason) &&
                 worker_listen(unit->worker, LISTENER_DEALER, "127.0.0.1", port + 1, reason,
                               sizeof reason),
             reason);
        must(pthread_create(&unit->thread, NULL, run, unit) == 0, "thread");
    }
    own = worker_new(&(worker_options_t){
        .index = -1, .count = 1, .config = config, .pool = pool, .max_connections = 16});
    metrics_page_t page = {always, NULL, NULL};
    worker_serve(own, metrics_events(), &page);
    must(worker_listen(own, LISTENER_METRICS, "127.0.0.1", port + 2, reason, sizeof reason),
         reason);
    struct event *stop = evsignal_new(worker_base(own), SIGTERM, on_stop, NULL);
    (void)event_add(stop, NULL);
    (void)sigemptyset(&mask);
    (void)pthread_sigmask(SIG_SETMASK, &mask, NULL);
    (void)printf("ready\n");
    (void)fflush(stdout);
    worker_run(own);
    event_free(stop);
    for (int i = 0; i < unit_count; i++) {
        worker_free(units[i].worker);
        hello_free(&units[i].hello);
    }
    worker_free(own);
    pool_free(pool);
    tls_drop(tls);
    config_drop(config);
    return 0;
}
