/* SPDX-License-Identifier: Apache-2.0
 * What the halves of a connection (conn.c, conn_input.c) share. */
#ifndef CLIENTELE_NET_CONN_OWN_H
#define CLIENTELE_NET_CONN_OWN_H

#include "net/conn.h"
#include "net/wire.h"

/** The one place where a state is assigned; only forward. */
void conn_set_state(conn_t *conn, conn_state_t state);

/** Go on with the TLS handshake. */
void conn_handshake(conn_t *conn);

/** Offer kept input to the protocol again. */
void conn_offer(conn_t *conn);

/** Input that OpenSSL holds does not make the socket readable: come back in the next turn. */
void conn_read_later(conn_t *conn);

/** libevent's callback of the read event. */
void conn_on_readable(evutil_socket_t fd, short what, void *argument);

#endif
