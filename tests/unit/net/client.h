/* SPDX-License-Identifier: Apache-2.0
 * A running worker with the hello application, and a blocking TLS client for it. */
#ifndef TESTS_UNIT_NET_CLIENT_H
#define TESTS_UNIT_NET_CLIENT_H

#include "hello.h"

#include <openssl/ssl.h>
#include <pthread.h>

/** A worker on its own thread, listening on two loopback ports. */
typedef struct {
    config_t *config;
    tls_t *tls;
    pool_t *pool;
    worker_t *worker;
    hello_t hello;
    pthread_t thread;
    int port;
    int dealer_port;
    char folder[100];
    task_t order;
    _Atomic int is_ordered;
} server_t;

/** Start; extra: one more "name=value" setting or NULL. */
server_t *server_start(const char *extra);

/** Drain on the worker's thread and wait until it was told. */
void server_drain(server_t *server);
void server_stop(server_t *server);

typedef struct {
    int port;
    const char *name;          /* SNI, NULL for none */
    const unsigned char *alpn; /* length-prefixed, NULL for none */
    unsigned int alpn_len;
    int max_version; /* 0: any */
    bool has_certificate;
} client_options_t;

typedef struct {
    SSL *ssl;
    SSL_CTX *context;
    int fd;
    int error; /* alert number of a failed handshake, or 0 */
} client_t;

/** Connect. out: false when the handshake failed (client is closed then, error set) */
bool client_open(client_t *client, const server_t *server, const client_options_t *options);
void client_close(client_t *client);

void client_send(client_t *client, const char *bytes, size_t len);

/** Read until `until` appears at the end, the peer closes, or 5 s pass.
 *  in: until NULL - to the close   out: bytes read, NUL-terminated; *is_polite: close_notify was
 * seen */
size_t client_read(client_t *client, char *to, size_t cap, const char *until, bool *is_polite);

/** Wait up to 3 s for a counter to reach a value. */
bool wait_for(_Atomic int *counter, int value);

#endif
