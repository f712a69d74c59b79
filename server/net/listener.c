/* SPDX-License-Identifier: Apache-2.0
 * Accepting: limits first, then a connection. */
#include "net/listener.h"
#include "base/mem.h"
#include "net/worker_own.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

#define BATCH            16 /* accepts a turn, so that a flood cannot starve who is connected */
#define BACKLOG          4096
#define KEEPALIVE_IDLE_S 30
#define KEEPALIVE_STEP_S 5
#define KEEPALIVE_TRIES  3
#define USER_TIMEOUT_MS  30000

struct listener {
    worker_t *worker;
    listener_kind_t kind;
    int fd;
    bool is_paused;
    struct event event;
};

/* Options that accepted sockets inherit. */
static bool set_options(int fd)
{
    static const struct {
        int level, name, value;
    } options[] = {{SOL_SOCKET, SO_REUSEADDR, 1},
                   {SOL_SOCKET, SO_REUSEPORT, 1},
                   {SOL_SOCKET, SO_KEEPALIVE, 1},
                   {IPPROTO_TCP, TCP_NODELAY, 1},
                   {IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S},
                   {IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_STEP_S},
                   {IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_TRIES},
                   {IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS}};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof(int)) !=
            0) {
            return false;
        }
    }
    return true;
}

/* Fill a socket address from a literal. out: its length, 0 when it is none */
static socklen_t make_address(const char *address, int port, struct sockaddr_storage *to)
{
    memset(to, 0, sizeof *to);
    struct sockaddr_in *in = (struct sockaddr_in *)(void *)to;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)to;
    if (inet_pton(AF_INET, address, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
        in->sin_port = htons((uint16_t)port);
        return sizeof *in;
    }
    if (inet_pton(AF_INET6, address, &in6->sin6_addr) == 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons((uint16_t)port);
        return sizeof *in6;
    }
    return 0;
}

static void pause_listener(listener_t *listener)
{
    if (!listener->is_paused) {
        listener->is_paused = true;
        (void)event_del(&listener->event);
        metric_add(listener->worker->metrics->paused_listeners, 1);
    }
}

/* Accept one connection. out: false when none waits or none may be taken */
static bool accept_one(listener_t *listener)
{
    worker_t *worker = listener->worker;
    if (slab_live(worker->conns) >= worker->max_conns) {
        pause_listener(listener);
        return false;
    }
    struct sockaddr_storage peer = {0};
    socklen_t len = sizeof peer;
    int fd = accept4(listener->fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            pause_listener(listener); /* resumed when a connection ends, or by the check timer */
        }
        return errno == ECONNABORTED || errno == EINTR;
    }
    address_t address = address_of(&peer);
    size_t held = address_enter(worker->addresses, &address);
    size_t cap =
        (size_t)(worker->config->address_connections + worker->count - 1) / (size_t)worker->count;
    if (held > cap && !address_is_in(&address, str_of(worker->config->address_exempt))) {
        address_leave(worker->addresses, &address);
        metric_add(worker->metrics->refused_address, 1);
        (void)close(fd);
        return true;
    }
    metric_add(worker->metrics->accepted, 1);
    if (!conn_open(worker, listener->kind, fd, &address)) {
        address_leave(worker->addresses, &address);
    }
    return true;
}

static void on_accept(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    for (int i = 0; i < BATCH && accept_one(argument); i++) {
    }
}

listener_t *listener_open(worker_t *worker, listener_kind_t kind, const char *address, int port,
                          char *reason, size_t reason_bytes)
{
    struct sockaddr_storage to;
    socklen_t len = make_address(address, port, &to);
    int fd = len > 0 ? socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) : -1;
    bool is_open = fd >= 0 && set_options(fd) && bind(fd, (struct sockaddr *)&to, len) == 0 &&
                   listen(fd, BACKLOG) == 0;
    if (!is_open) {
        (void)snprintf(reason, reason_bytes, "cannot listen on %.60s port %d: %s", address, port,
                       len == 0 ? "not an address" : strerror(errno));
        if (fd >= 0) {
            (void)close(fd);
        }
        return NULL;
    }
    listener_t *listener = MEM_NEW(listener_t);
    listener->worker = worker;
    listener->kind = kind;
    listener->fd = fd;
    (void)event_assign(&listener->event, worker->base, fd, EV_READ | EV_PERSIST, on_accept,
                       listener);
    (void)event_add(&listener->event, NULL);
    return listener;
}

void listener_resume(listener_t *listener)
{
    if (listener->is_paused && slab_live(listener->worker->conns) < listener->worker->max_conns) {
        listener->is_paused = false;
        (void)event_add(&listener->event, NULL);
    }
}

void listener_close(listener_t *listener)
{
    while (accept_one(listener)) {
    }
    (void)event_del(&listener->event);
    (void)close(listener->fd);
    mem_free(listener);
}
