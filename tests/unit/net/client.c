/* SPDX-License-Identifier: Apache-2.0
 * See client.h. */
#include "client.h"

#include "base/mem.h"
#include "cert.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void *run(void *argument)
{
    server_t *server = argument;
    worker_run(server->worker);
    return NULL;
}

static void start_worker(server_t *server)
{
    char reason[256] = "";
    server->worker = worker_new(&(worker_options_t){.index = 0,
                                                    .count = 1,
                                                    .config = server->config,
                                                    .tls = server->tls,
                                                    .pool = server->pool,
                                                    .max_connections = 200});
    hello_init(&server->hello, server->worker);
    /* SO_REUSEPORT would let a second server of this process share a port: never try one twice. */
    static int next_port;
    next_port = next_port == 0 ? 20000 + (int)(getpid() % 20000) : next_port;
    for (; server->port == 0; next_port += 2) {
        int port = next_port;
        if (worker_listen(server->worker, LISTENER_BROWSER, "127.0.0.1", port, reason,
                          sizeof reason) &&
            worker_listen(server->worker, LISTENER_DEALER, "127.0.0.1", port + 1, reason,
                          sizeof reason)) {
            server->port = port;
            server->dealer_port = port + 1;
        }
    }
    int failed = pthread_create(&server->thread, NULL, run, server);
    assert(!failed);
    (void)failed;
}

server_t *server_start(const char *extra)
{
    server_t *server = MEM_NEW(server_t);
    char reason[512] = "";
    char pairs[12][300];
    char *list[13];
    static int number;
    number++;
    (void)snprintf(server->folder, sizeof server->folder, "/tmp/clientele-net-test-%d-%d",
                   (int)getpid(), number);
    size_t count = cert_settings(server->folder, pairs, list);
    char own[300];
    if (extra) {
        (void)snprintf(own, sizeof own, "%s", extra);
        list[count++] = own;
    }
    server->config = config_load(NULL, list, count, NULL, reason, sizeof reason);
    server->tls = server->config ? tls_load(server->config, reason, sizeof reason) : NULL;
    if (!server->tls) {
        (void)fprintf(stderr, "%s\n", reason);
        abort();
    }
    if (number == 1) {
        worker_register_metrics();
    }
    server->pool = pool_new(1, 16);
    start_worker(server);
    return server;
}

static server_t *server_of(task_t *task)
{
    return (server_t *)(void *)((char *)task - offsetof(server_t, order));
}

static void drain(task_t *task)
{
    worker_drain(server_of(task)->worker);
    atomic_store(&server_of(task)->is_ordered, 1);
}

static void stop(task_t *task)
{
    worker_stop(server_of(task)->worker);
}

void server_drain(server_t *server)
{
    server->order.done = drain;
    port_post(worker_port(server->worker), &server->order);
    (void)wait_for(&server->is_ordered, 1);
}

void server_stop(server_t *server)
{
    server->order.done = stop;
    port_post(worker_port(server->worker), &server->order);
    (void)pthread_join(server->thread, NULL);
    pool_free(server->pool);
    worker_free(server->worker);
    hello_free(&server->hello);
    tls_drop(server->tls);
    config_drop(server->config);
    mem_free(server);
}

bool wait_for(_Atomic int *counter, int value)
{
    for (int i = 0; i < 300 && atomic_load(counter) < value; i++) {
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    return atomic_load(counter) >= value;
}

static int connect_to(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){5, 0}, sizeof(struct timeval));
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

bool client_open(client_t *client, const server_t *server, const client_options_t *options)
{
    char path[200];
    *client =
        (client_t){.fd = connect_to(options->port), .context = SSL_CTX_new(TLS_client_method())};
    if (client->fd < 0) {
        client_close(client);
        return false;
    }
    (void)snprintf(path, sizeof path, "%s/ca.pem", server->folder);
    (void)SSL_CTX_load_verify_locations(client->context, path, NULL);
    SSL_CTX_set_verify(client->context, SSL_VERIFY_PEER, NULL);
    if (options->has_certificate) {
        (void)snprintf(path, sizeof path, "%s/client.pem", server->folder);
        (void)SSL_CTX_use_certificate_chain_file(client->context, path);
        (void)snprintf(path, sizeof path, "%s/client.key", server->folder);
        (void)SSL_CTX_use_PrivateKey_file(client->context, path, SSL_FILETYPE_PEM);
    }
    if (options->max_version != 0) {
        (void)SSL_CTX_set_max_proto_version(client->context, options->max_version);
    }
    client->ssl = SSL_new(client->context);
    if (options->alpn) {
        (void)SSL_set_alpn_protos(client->ssl, options->alpn, options->alpn_len);
    }
    if (options->name) {
        (void)SSL_set_tlsext_host_name(client->ssl, options->name);
    }
    (void)SSL_set_fd(client->ssl, client->fd);
    ERR_clear_error();
    if (SSL_connect(client->ssl) != 1) {
        client->error = ERR_GET_REASON(ERR_peek_error());
        client_close(client);
        return false;
    }
    return true;
}

void client_close(client_t *client)
{
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    if (client->fd >= 0) {
        (void)close(client->fd);
    }
    client->ssl = NULL;
    client->context = NULL;
    client->fd = -1;
}

void client_send(client_t *client, const char *bytes, size_t len)
{
    while (len > 0) {
        int n = SSL_write(client->ssl, bytes, (int)len);
        if (n <= 0) {
            return;
        }
        bytes += n;
        len -= (size_t)n;
    }
}

size_t client_read(client_t *client, char *to, size_t cap, const char *until, bool *is_polite)
{
    size_t len = 0;
    size_t tail = until ? strlen(until) : 0;
    bool polite = false;
    while (len + 1 < cap) {
        ERR_clear_error();
        int n = SSL_read(client->ssl, to + len, (int)(cap - len - 1));
        if (n <= 0) {
            polite = SSL_get_error(client->ssl, n) == SSL_ERROR_ZERO_RETURN;
            break;
        }
        len += (size_t)n;
        if (until && len >= tail && memcmp(to + len - tail, until, tail) == 0) {
            break;
        }
    }
    to[len] = '\0';
    if (is_polite) {
        *is_polite = polite;
    }
    return len;
}
