/* SPDX-License-Identifier: Apache-2.0
 * A mailbox of one event loop: other threads post tasks, the loop runs them.
 *
 * Tasks are intrusive (the caller owns the memory), so posting never allocates and never fails.
 * Whoever owns the loop watches port_fd for reading and then calls port_run. */
#ifndef CLIENTELE_BASE_PORT_H
#define CLIENTELE_BASE_PORT_H

#include "base/str.h"

typedef struct task task_t;

/** A unit of work; embed it as a member and recover the owner from its address. */
struct task {
    task_t *next;               /* the queue's; leave alone while posted */
    void (*work)(task_t *task); /* pool only: runs on a pool thread, touches nothing of the loop */
    void (*done)(task_t *task); /* runs on the port's loop */
    struct port *reply;         /* pool only: where done runs */
};

typedef struct port port_t;

/** Make a mailbox. out: never NULL */
port_t *port_new(void);

/** File descriptor that becomes readable when tasks wait. */
int port_fd(const port_t *port);

/** Post from any thread; task->done runs on the port's loop. */
void port_post(port_t *port, task_t *task);

/** Run the tasks that wait (loop thread only). out: how many */
size_t port_run(port_t *port);

/** Free; waiting tasks are dropped. */
void port_free(port_t *port);

#endif
