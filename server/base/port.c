/* SPDX-License-Identifier: Apache-2.0
 * The mailbox: a locked list of intrusive tasks and an eventfd. */
#include "base/port.h"
#include "base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct port {
    pthread_mutex_t lock;
    task_t *first;
    task_t *last;
    int fd;
};

port_t *port_new(void)
{
    port_t *port = MEM_NEW(port_t);
    int failed = pthread_mutex_init(&port->lock, NULL);
    port->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    assert(!failed && port->fd >= 0);
    (void)failed;
    return port;
}

int port_fd(const port_t *port)
{
    return port->fd;
}

void port_post(port_t *port, task_t *task)
{
    task->next = NULL;
    pthread_mutex_lock(&port->lock);
    bool was_empty = !port->first;
    if (was_empty) {
        port->first = task;
    } else {
        port->last->next = task;
    }
    port->last = task;
    if (was_empty) {
        /* Under the lock, so that the port cannot be freed between the unlock and the write. */
        ssize_t written = write(port->fd, &(uint64_t){1}, sizeof(uint64_t));
        (void)written;
    }
    pthread_mutex_unlock(&port->lock);
}

size_t port_run(port_t *port)
{
    uint64_t count;
    ssize_t got = read(port->fd, &count, sizeof count);
    (void)got;
    pthread_mutex_lock(&port->lock);
    task_t *task = port->first;
    port->first = NULL;
    port->last = NULL;
    pthread_mutex_unlock(&port->lock);
    size_t ran = 0;
    while (task) {
        task_t *next = task->next; /* done may free or post the task again */
        task->next = NULL;
        task->done(task);
        task = next;
        ran++;
    }
    return ran;
}

void port_free(port_t *port)
{
    if (!port) {
        return;
    }
    pthread_mutex_lock(&port->lock);
    pthread_mutex_unlock(&port->lock);
    pthread_mutex_destroy(&port->lock);
    (void)close(port->fd);
    mem_free(port);
}
