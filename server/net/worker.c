/* SPDX-License-Identifier: Apache-2.0
 * The loop: one turn = one epoll_wait, its events, then every touched connection sends once. */
#include "net/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/h1.h"
#include "net/stream_own.h"
#include "net/worker_own.h"

#include <assert.h>
#include <sys/random.h>
#include <time.h>

#define ARENA_MAX_BYTES  (16 * 1024 * 1024)
#define CHECK_US         250000
#define SLOW_TURN_US     5000
#define REST_MIN_US      250
#define REST_MAX_US      8000
#define STREAMS_PER_CONN 4 /* on average; the slab's ceiling */
#define OUT_KEEP_BYTES   (64 * 1024)

static worker_metrics_t metrics;

void worker_register_metrics(void)
{
    static const char *const classes[6] = {"class=\"none\"", "class=\"1xx\"", "class=\"2xx\"",
                                           "class=\"3xx\"",  "class=\"4xx\"", "class=\"5xx\""};
    static const char late[] = "Connections cut by a deadline.";
    static const char requests[] = "Requests whose head was accepted.";
#define COUNTER(name, labels, help) metric_register(METRIC_COUNTER, name, labels, help)
#define GAUGE(name, labels, help)   metric_register(METRIC_GAUGE, name, labels, help)
    metrics = (worker_metrics_t){
        .connections = GAUGE("connections", "", "Open connections."),
        .streams = GAUGE("streams", "", "Requests under way."),
        .accepted = COUNTER("accepted_total", "", "Connections accepted."),
        .refused_address =
            COUNTER("refused_address_total", "", "Connections above an address's cap."),
        .paused_listeners =
            COUNTER("listener_pauses_total", "", "Times accepting stopped when full."),
        .handshakes_failed = COUNTER("handshakes_failed_total", "", "TLS handshakes that failed."),
        .requests_h1 = COUNTER("requests_total", "protocol=\"http/1.1\"", requests),
        .requests_h2 = COUNTER("requests_total", "protocol=\"h2\"", requests),
        .requests_refused = COUNTER("requests_refused_total", "", "Heads refused by the parser."),
        .late_handshake = COUNTER("late_total", "phase=\"handshake\"", late),
        .late_head = COUNTER("late_total", "phase=\"head\"", late),
        .late_body = COUNTER("late_total", "phase=\"body\"", late),
        .late_reply = COUNTER("late_total", "phase=\"reply\"", late),
        .bytes_in = COUNTER("received_bytes_total", "", "Bytes received after decryption."),
        .bytes_out = COUNTER("sent_bytes_total", "", "Bytes sent before encryption."),
        .slow_turns = COUNTER("slow_turns_total", "", "Loop turns longer than 5 ms."),
    };
    for (int i = 0; i < 6; i++) {
        metrics.responses[i] = COUNTER("responses_total", classes[i], "Responses by status class.");
    }
}

/* --- accessors ----------------------------------------------------------------------------- */

struct event_base *worker_base(worker_t *worker)
{
    return worker->base;
}

int worker_index(const worker_t *worker)
{
    return worker->index;
}

int worker_count(const worker_t *worker)
{
    return worker->count;
}

const config_t *worker_config(const worker_t *worker)
{
    return worker->config;
}

port_t *worker_port(worker_t *worker)
{
    return worker->port;
}

pool_t *worker_pool(worker_t *worker)
{
    return worker->pool;
}

bool worker_is_draining(const worker_t *worker)
{
    return worker->is_draining;
}

size_t worker_connections(const worker_t *worker)
{
    return slab_live(worker->conns);
}

void worker_random(worker_t *worker, void *out, size_t len)
{
    assert(len <= sizeof worker->random);
    if (worker->random_left < len) {
        ssize_t got = getrandom(worker->random, sizeof worker->random, 0);
        assert(got == (ssize_t)sizeof worker->random);
        (void)got;
        worker->random_left = sizeof worker->random;
    }
    worker->random_left -= len;
    memcpy(out, worker->random + worker->random_left, len);
    str_wipe(worker->random + worker->random_left, len);
}

arena_t *worker_take_arena(worker_t *worker)
{
    return worker->arena_count > 0 ? worker->arenas[--worker->arena_count]
                                   : arena_new(ARENA_MAX_BYTES);
}

void worker_give_arena(worker_t *worker, arena_t *arena)
{
    arena_reset(arena);
    if (worker->arena_count < WORKER_SPARE_ARENAS) {
        worker->arenas[worker->arena_count++] = arena;
    } else {
        arena_free(arena);
    }
}

void worker_conn_ended(worker_t *worker)
{
    for (size_t i = 0; i < worker->listener_count; i++) {
        listener_resume(worker->listeners[i]);
    }
}

/* --- the loop ------------------------------------------------------------------------------ */

static void on_port(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    worker_t *worker = argument;
    (void)port_run(worker->port);
}

static void on_check(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    worker_t *worker = argument;
    int64_t now_us = clock_mono_us();
    for (conn_t *conn = worker->first_conn; conn;) {
        conn_t *next = conn->next;
        conn_check(conn, now_us);
        conn = next;
    }
    worker_conn_ended(worker);
}

/* End of a turn: touched connections send, then resting objects become free. */
static void worker_turn(worker_t *worker)
{
    worker->touched = 0;
    while (worker->first_dirty) {
        worker->touched++;
        conn_t *conn = worker->first_dirty;
        worker->first_dirty = conn->next_dirty;
        if (!worker->first_dirty) {
            worker->last_dirty = NULL;
        }
        conn_turn(conn);
    }
    slab_turn(worker->conns);
    slab_turn(worker->h1s);
    slab_turn(worker->streams);
    worker->handshakes_left = WORKER_HANDSHAKES_A_TURN;
}

worker_t *worker_new(const worker_options_t *options)
{
    worker_t *worker = MEM_NEW(worker_t);
    struct event_config *settings = event_config_new();
    (void)event_config_set_flag(settings, EVENT_BASE_FLAG_NOLOCK);
    worker->base = event_base_new_with_config(settings);
    event_config_free(settings);
    assert(worker->base);
    worker->index = options->index;
    worker->count = options->count;
    worker->config = config_hold(options->config);
    worker->tls = options->tls ? tls_hold(options->tls) : NULL;
    worker->pool = options->pool;
    worker->port = port_new();
    worker->metrics = &metrics;
    worker->max_conns = options->max_connections;
    worker->addresses = address_table_new(options->max_connections);
    worker->conns = slab_new(sizeof(conn_t), options->max_connections + 1, 256);
    worker->h1s = slab_new(h1_bytes(), options->max_connections + 1, 64);
    worker->streams =
        slab_new(sizeof(stream_t), options->max_connections * STREAMS_PER_CONN + 400, 64);
    worker->scratch = mem_new(WORKER_SCRATCH_BYTES);
    worker->handshakes_left = WORKER_HANDSHAKES_A_TURN;
    worker->rest_us = REST_MIN_US;
    (void)event_assign(&worker->port_event, worker->base, port_fd(worker->port),
                       EV_READ | EV_PERSIST, on_port, worker);
    (void)event_add(&worker->port_event, NULL);
    (void)event_assign(&worker->check_event, worker->base, -1, EV_PERSIST, on_check, worker);
    (void)event_add(&worker->check_event, &(struct timeval){0, CHECK_US});
    return worker;
}

void worker_serve(worker_t *worker, const stream_events_t *events, void *app)
{
    worker->events = events;
    worker->app = app;
}

bool worker_listen(worker_t *worker, listener_kind_t kind, const char *address, int port,
                   char *reason, size_t reason_bytes)
{
    assert(worker->listener_count < WORKER_LISTENERS);
    listener_t *listener = listener_open(worker, kind, address, port, reason, reason_bytes);
    if (listener) {
        worker->listeners[worker->listener_count++] = listener;
    }
    return listener != NULL;
}

/* Answers of a busy database come one by one, and each would cost a turn of its own: poll, read,
 * send, with every cache cold. While each of its connections has a call standing behind the one it
 * runs, a rest lets several answers come together and keeps nobody waiting. The rest grows and
 * shrinks until a turn touches between half and all as many connections as wait on: half of them
 * are sent an answer, half ask for the next. More at once would let the pipelines run empty. */
static void rest(worker_t *worker)
{
    int crowd =
        worker->events && worker->events->crowd ? (int)worker->events->crowd(worker->app) : 0;
    if (crowd == 0) {
        return;
    }
    int least = crowd / 2 < 10 ? crowd / 2 : 10;
    int most = crowd < 16 ? crowd : 16;
    if (worker->touched < least) {
        long longer_us = worker->rest_us * 5 / 4;
        worker->rest_us = longer_us < REST_MAX_US ? longer_us : REST_MAX_US;
    } else if (worker->touched > most) {
        long shorter_us = worker->rest_us * 3 / 4;
        worker->rest_us = shorter_us > REST_MIN_US ? shorter_us : REST_MIN_US;
    }
    (void)nanosleep(&(struct timespec){0, worker->rest_us * 1000}, NULL);
}

void worker_run(worker_t *worker)
{
    while (!worker->is_stopped) {
        rest(worker);
        (void)event_base_loop(worker->base, EVLOOP_ONCE);
        int64_t begun_us = clock_mono_us();
        worker_turn(worker);
        if (clock_mono_us() - begun_us > SLOW_TURN_US) {
            metric_add(metrics.slow_turns, 1);
        }
    }
}

void worker_reload(worker_t *worker, const config_t *config, tls_t *tls)
{
    const config_t *old = worker->config;
    worker->config = config_hold(config);
    config_drop(old);
    if (tls) {
        tls_drop(worker->tls);
        worker->tls = tls_hold(tls);
    }
}

void worker_drain(worker_t *worker)
{
    if (worker->is_draining) {
        return;
    }
    worker->is_draining = true;
    for (size_t i = 0; i < worker->listener_count; i++) {
        listener_close(worker->listeners[i]);
    }
    worker->listener_count = 0;
    for (conn_t *conn = worker->first_conn; conn;) {
        conn_t *next = conn->next;
        conn_drain(conn);
        conn = next;
    }
}

void worker_stop(worker_t *worker)
{
    worker_drain(worker);
    while (worker->first_conn) {
        conn_close(worker->first_conn, CLOSE_POLITE);
    }
    worker->is_stopped = true;
}

void worker_free(worker_t *worker)
{
    if (!worker) {
        return;
    }
    (void)event_del(&worker->port_event);
    (void)event_del(&worker->check_event);
    while (worker->arena_count > 0) {
        arena_free(worker->arenas[--worker->arena_count]);
    }
    slab_free(worker->streams);
    slab_free(worker->h1s);
    slab_free(worker->conns);
    address_table_free(worker->addresses);
    buf_free(&worker->spare_out);
    mem_free(worker->scratch);
    port_free(worker->port);
    tls_drop(worker->tls);
    config_drop(worker->config);
    event_base_free(worker->base);
    mem_free(worker);
}
