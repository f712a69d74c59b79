/* SPDX-License-Identifier: Apache-2.0
 * Threads that take tasks from one bounded queue. */
#include "base/pool.h"
#include "base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>

#define MAX_THREADS 16

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    task_t *first;
    task_t *last;
    size_t queued;
    size_t max_queued;
    bool is_stopping;
    int thread_count;
    pthread_t threads[MAX_THREADS];
};

/* Wait for a task; NULL when the pool stops and nothing is left. */
static task_t *pool_take(pool_t *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (!pool->first && !pool->is_stopping) {
        pthread_cond_wait(&pool->wake, &pool->lock);
    }
    task_t *task = pool->first;
    if (task) {
        pool->first = task->next;
        pool->queued--;
    }
    pthread_mutex_unlock(&pool->lock);
    return task;
}

static void *pool_thread(void *argument)
{
    pool_t *pool = argument;
    for (task_t *task = pool_take(pool); task; task = pool_take(pool)) {
        task->work(task);
        port_post(task->reply, task);
    }
    return NULL;
}

pool_t *pool_new(int threads, size_t max_queued)
{
    assert(threads >= 1 && threads <= MAX_THREADS);
    pool_t *pool = MEM_NEW(pool_t);
    pool->max_queued = max_queued;
    pool->thread_count = threads;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    /* Signals are the main thread's: the children inherit a full mask. */
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int i = 0; i < threads; i++) {
        int failed = pthread_create(&pool->threads[i], NULL, pool_thread, pool);
        assert(!failed);
        (void)failed;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pool;
}

bool pool_submit(pool_t *pool, port_t *reply, task_t *task)
{
    task->next = NULL;
    task->reply = reply;
    pthread_mutex_lock(&pool->lock);
    bool is_taken = pool->queued < pool->max_queued && !pool->is_stopping;
    if (is_taken) {
        if (pool->first) {
            pool->last->next = task;
        } else {
            pool->first = task;
        }
        pool->last = task;
        pool->queued++;
        pthread_cond_signal(&pool->wake);
    }
    pthread_mutex_unlock(&pool->lock);
    return is_taken;
}

size_t pool_queued(pool_t *pool)
{
    pthread_mutex_lock(&pool->lock);
    size_t queued = pool->queued;
    pthread_mutex_unlock(&pool->lock);
    return queued;
}

void pool_free(pool_t *pool)
{
    if (!pool) {
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->is_stopping = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->thread_count; i++) {
        pthread_join(pool->threads[i], NULL);
    }
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    mem_free(pool);
}
