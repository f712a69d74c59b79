/* SPDX-License-Identifier: Apache-2.0
 * Opening a connection: libpq does it, PQconnectPoll turn by turn, and hands the socket over. */
#include <stdio.h>

#include "db/pgconn_own.h"

static void on_connect_poll(evutil_socket_t fd, short what, void *arg);

static void become_ready(pgconn_t *conn)
{
    pgconn_drop_events(conn);
    if (PQsslInUse(conn->pg) || PQgssEncInUse(conn->pg)) {
        pgconn_close(conn, "encrypted by libpq"); /* pgconn.c speaks on the bare socket */
        return;
    }
    (void)PQsetnonblocking(conn->pg, 1); /* its farewell must not wait either */
    conn->fd = PQsocket(conn->pg);
    conn->readable =
        event_new(conn->base, conn->fd, EV_READ | EV_PERSIST, pgconn_on_readable, conn);
    conn->writable = event_new(conn->base, conn->fd, EV_WRITE, pgconn_on_writable, conn);
    event_add(conn->readable, NULL);
    pgconn_set_state(conn, PGCONN_READY);
    conn->events->on_ready(conn->ctx, conn);
}

static void poll_connect(pgconn_t *conn, PostgresPollingStatusType status)
{
    if (status == PGRES_POLLING_OK) {
        become_ready(conn);
        return;
    }
    if (status == PGRES_POLLING_FAILED || PQsocket(conn->pg) < 0) {
        pgconn_close(conn, "refused");
        return;
    }
    short what = status == PGRES_POLLING_READING ? EV_READ : EV_WRITE;
    pgconn_drop_events(conn);
    conn->readable = event_new(conn->base, PQsocket(conn->pg), what, on_connect_poll, conn);
    event_add(conn->readable, NULL);
}

static void on_connect_poll(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    pgconn_t *conn = arg;
    poll_connect(conn, PQconnectPoll(conn->pg));
}

static void on_connect_failed_at_once(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    poll_connect(arg, PGRES_POLLING_FAILED);
}

bool pgconn_connect(pgconn_t *conn, int64_t now_ms)
{
    (void)now_ms;
    char settings[256];
    /* every plan is generic: policies are the same for all callers, and custom plans cost twice */
    snprintf(settings, sizeof settings,
             "-c plan_cache_mode=force_generic_plan -c statement_timeout=%d"
             " -c idle_in_transaction_session_timeout=10000 -c search_path= -c timezone=UTC"
             " -c datestyle=ISO -c intervalstyle=iso_8601",
             conn->options->statement_timeout_ms);
    const char *const keys[] = {"dbname",          "user",    "application_name",
                                "client_encoding", "options", NULL};
    const char *const values[] = {conn->options->conninfo,
                                  conn->options->user,
                                  conn->options->application,
                                  "UTF8",
                                  settings,
                                  NULL};
    conn->pg = PQconnectStartParams(keys, values, 1);
    if (!conn->pg)
        return false;
    pgconn_set_state(conn, PGCONN_CONNECTING);
    if (PQstatus(conn->pg) == CONNECTION_BAD) {
        /* told on the next turn, so that nobody is called back from inside this call */
        struct timeval soon = {0, 0};
        conn->readable = event_new(conn->base, -1, EV_TIMEOUT, on_connect_failed_at_once, conn);
        event_add(conn->readable, &soon);
        return true;
    }
    poll_connect(conn, PGRES_POLLING_WRITING);
    return true;
}
