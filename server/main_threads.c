/* SPDX-License-Identifier: Apache-2.0
 * Threads: each is told what to do by a task posted to its loop. */
#include "main_threads.h"

#include "base/mem.h"
#include "deliver/deliver.h"
#include "jobs/jobs.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

/* An order to one thread; freed when it has been carried out. */
typedef struct {
    task_t task;
    thread_t *thread;
    const config_t *config;
    tls_t *tls;
} order_t;

void threads_block_signals(void)
{
    sigset_t all;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, NULL);
}

void threads_release_signals(void)
{
    sigset_t none;
    (void)sigemptyset(&none);
    (void)pthread_sigmask(SIG_SETMASK, &none, NULL);
}

/* --- thread bodies ------------------------------------------------------------------------- */

static void *run_worker(void *argument)
{
    thread_t *thread = argument;
    thread->app = app_start(thread->shared, thread->worker);
    if (!thread->app) {
        atomic_store(&thread->state, -1);
        return NULL;
    }
    worker_serve(thread->worker, app_events(), thread->app);
    atomic_store(&thread->state, 1);
    worker_run(thread->worker);
    app_stop(thread->app);
    return NULL;
}

static void *run_background(void *argument)
{
    thread_t *thread = argument;
    worker_t *worker = thread->worker;
    const config_t *config = worker_config(worker);
    thread->jobs =
        jobs_start(worker_base(worker), config, worker_pool(worker), worker_port(worker));
    thread->deliver =
        deliver_start(worker_base(worker), config, worker_pool(worker), worker_port(worker));
    bool is_started = thread->jobs && thread->deliver;
    atomic_store(&thread->state, is_started ? 1 : -1);
    if (is_started) {
        worker_run(worker);
    }
    deliver_stop(thread->deliver);
    jobs_stop(thread->jobs);
    return NULL;
}

/* --- orders -------------------------------------------------------------------------------- */

static void give_order(thread_t *thread, void (*carry_out)(task_t *), const config_t *config,
                       tls_t *tls)
{
    order_t *order = MEM_NEW(order_t);
    order->task.done = carry_out;
    order->thread = thread;
    order->config = config ? config_hold(config) : NULL;
    order->tls = tls ? tls_hold(tls) : NULL;
    port_post(worker_port(thread->worker), &order->task);
}

static void reload_one(task_t *task)
{
    order_t *order = (order_t *)task;
    thread_t *thread = order->thread;
    worker_reload(thread->worker, order->config, order->tls);
    if (thread->app) {
        app_reload(thread->app);
    } else {
        jobs_reload(thread->jobs, order->config);
        if (thread->deliver) {
            deliver_reload(thread->deliver, order->config);
        }
    }
    config_drop(order->config);
    tls_drop(order->tls);
    mem_free(order);
}

/* What keeps a draining thread from ending: connections, or jobs and letters under way. */
static size_t count_open(const thread_t *thread)
{
    if (thread->shared) {
        return worker_connections(thread->worker);
    }
    return (jobs_is_idle(thread->jobs) ? 0U : 1U) +
           (!thread->deliver || deliver_is_idle(thread->deliver) ? 0U : 1U);
}

static void drain_one(task_t *task)
{
    order_t *order = (order_t *)task;
    thread_t *thread = order->thread;
    worker_drain(thread->worker);
    if (thread->app) {
        app_drain(thread->app);
    } else {
        jobs_drain(thread->jobs);
        if (thread->deliver) {
            deliver_drain(thread->deliver);
        }
    }
    atomic_store(&thread->open, count_open(thread));
    mem_free(order);
}

static void count_one(task_t *task)
{
    order_t *order = (order_t *)task;
    atomic_store(&order->thread->open, count_open(order->thread));
    mem_free(order);
}

static void stop_one(task_t *task)
{
    order_t *order = (order_t *)task;
    worker_stop(order->thread->worker);
    mem_free(order);
}

/* --- start --------------------------------------------------------------------------------- */

static bool listen_all(thread_t *thread, const config_t *config, char *reason, size_t reason_bytes)
{
    const char *address = config->listen_address;
    return worker_listen(thread->worker, LISTENER_BROWSER, address, (int)config->listen_port,
                         reason, reason_bytes) &&
           worker_listen(thread->worker, LISTENER_DEALER, address, (int)config->dealer_port, reason,
                         reason_bytes);
}

/* Wait until a thread has said whether it runs. */
static bool wait_for(thread_t *thread)
{
    while (atomic_load(&thread->state) == 0) {
        (void)nanosleep(&(struct timespec){0, 2000000}, NULL);
    }
    return atomic_load(&thread->state) == 1;
}

bool threads_start(threads_t *threads, const threads_options_t *options, char *reason,
                   size_t reason_bytes)
{
    threads->count = options->count + 1;
    for (int i = 0; i < threads->count; i++) {
        bool is_worker = i < options->count;
        thread_t *thread = &threads->threads[i];
        thread->shared = is_worker ? options->shared : NULL;
        atomic_store(&thread->open, 1);
        thread->worker = worker_new(
            &(worker_options_t){.index = i,
                                .count = options->count,
                                .config = options->config,
                                .tls = is_worker ? options->tls : NULL,
                                .pool = options->pool,
                                .max_connections = is_worker ? options->max_connections : 1});
        if (is_worker && !listen_all(thread, options->config, reason, reason_bytes)) {
            return false;
        }
    }
    for (int i = 0; i < threads->count; i++) {
        thread_t *thread = &threads->threads[i];
        void *(*body)(void *) = thread->shared ? run_worker : run_background;
        if (pthread_create(&thread->thread, NULL, body, thread) != 0 || !wait_for(thread)) {
            (void)snprintf(reason, reason_bytes, "%s could not start",
                           thread->shared ? "a worker" : "jobs or the sender");
            return false;
        }
    }
    return true;
}

bool threads_are_ready(threads_t *threads)
{
    for (int i = 0; i < threads->count; i++) {
        if (atomic_load(&threads->threads[i].state) != 1) {
            return false;
        }
    }
    return threads->count > 0;
}

void threads_reload(threads_t *threads, const config_t *config, tls_t *tls)
{
    for (int i = 0; i < threads->count; i++) {
        thread_t *thread = &threads->threads[i];
        give_order(thread, reload_one, config, thread->shared ? tls : NULL);
    }
}

void threads_drain(threads_t *threads)
{
    for (int i = 0; i < threads->count; i++) {
        give_order(&threads->threads[i], drain_one, NULL, NULL);
    }
}

size_t threads_open(threads_t *threads)
{
    size_t sum = 0;
    for (int i = 0; i < threads->count; i++) {
        sum += atomic_load(&threads->threads[i].open);
        give_order(&threads->threads[i], count_one, NULL, NULL);
    }
    return sum;
}

void threads_stop(threads_t *threads)
{
    for (int i = 0; i < threads->count; i++) {
        give_order(&threads->threads[i], stop_one, NULL, NULL);
    }
}

void threads_join(threads_t *threads)
{
    for (int i = 0; i < threads->count; i++) {
        (void)pthread_join(threads->threads[i].thread, NULL);
    }
    for (int i = 0; i < threads->count; i++) {
        worker_free(threads->threads[i].worker);
    }
}
