/* SPDX-License-Identifier: Apache-2.0
 * The worker threads and the background thread (jobs, sender) of the process. */
#ifndef CLIENTELE_MAIN_THREADS_H
#define CLIENTELE_MAIN_THREADS_H

#include "api/app.h"
#include "net/worker.h"

#include <pthread.h>
#include <stdatomic.h>

#define THREADS_MAX 64

typedef struct {
    int count; /* worker threads */
    const config_t *config;
    tls_t *tls;
    pool_t *pool;
    app_shared_t *shared;
    size_t max_connections; /* a worker */
} threads_options_t;

/** One thread with its loop. */
typedef struct {
    pthread_t thread;
    worker_t *worker;
    app_t *app;           /* NULL on the background thread */
    app_shared_t *shared; /* NULL on the background thread */
    void *jobs;           /* background thread */
    void *deliver;        /* background thread */
    _Atomic int state;    /* 0 starting, 1 running, -1 could not start */
    _Atomic size_t open;  /* connections or work, as last reported while draining */
} thread_t;

typedef struct {
    thread_t threads[THREADS_MAX + 1]; /* workers, then the background thread */
    int count;                         /* all of them */
} threads_t;

/** Block all signals in this thread and those it starts; and take them back for the main loop. */
void threads_block_signals(void);
void threads_release_signals(void);

/** Open the listeners, start the threads, wait until all run.
 *  out: false with a reason; the process must end then */
MUST_CHECK bool threads_start(threads_t *threads, const threads_options_t *options, char *reason,
                              size_t reason_bytes);

/** Tell whether every thread runs. */
bool threads_are_ready(threads_t *threads);

/** Use new settings and contexts. */
void threads_reload(threads_t *threads, const config_t *config, tls_t *tls);

/** Close the listeners, let requests finish, stop taking jobs and messages. */
void threads_drain(threads_t *threads);

/** What still keeps the threads from ending, as of the last call; asks anew. */
size_t threads_open(threads_t *threads);

/** Cut what is left and end the loops. */
void threads_stop(threads_t *threads);

/** Wait for the threads and free what they had. */
void threads_join(threads_t *threads);

#endif
