/* SPDX-License-Identifier: Apache-2.0
 * One outgoing connection on the event loop. See wire.h. */
#include "deliver/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <unistd.h>

#include "base/mem.h"

enum { READ_BYTES = 16384 };

typedef enum {
    WIRE_CONNECTING, /* waits for the system's connect; ended by the deadline */
    WIRE_CLEAR,      /* bytes go in clear */
    WIRE_AGREEING,   /* TLS handshake */
    WIRE_SECURE,     /* bytes go through TLS */
    WIRE_DEAD        /* closed was or is about to be called */
} wire_state_t;

struct wire {
    struct event_base *base;
    const wire_events_t *events;
    void *ctx;
    int fd;
    struct event *readable;
    struct event *writable;
    struct event *timer;
    wire_state_t state;
    SSL *ssl;
    buf_t input;
    buf_t output;
    uint64_t appended_before; /* output bytes that were consumed */
    uint64_t sent;
    const char *reason; /* why it died, until closed was called */
};

static void set_state(wire_t *wire, wire_state_t state)
{
    wire->state = state;
}

/* Remember the reason; `closed` comes from the loop, because the owner may be on the stack. */
static void die(wire_t *wire, const char *reason)
{
    if (wire->state == WIRE_DEAD) {
        return;
    }
    set_state(wire, WIRE_DEAD);
    wire->reason = reason;
    (void)event_del(wire->readable);
    (void)event_del(wire->writable);
    event_active(wire->timer, EV_TIMEOUT, 0);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    wire_t *wire = arg;
    (void)fd;
    (void)what;
    const char *reason = wire->reason != NULL ? wire->reason : "deadline";
    if (wire->state != WIRE_DEAD) {
        (void)event_del(wire->readable);
        (void)event_del(wire->writable);
        set_state(wire, WIRE_DEAD);
    }
    wire->events->closed(wire->ctx, reason);
}

/* Write what TLS or the system takes. out: bytes taken, 0 to wait, -1 when the connection is gone
 */
static ssize_t write_some(wire_t *wire)
{
    if (wire->state == WIRE_CLEAR) {
        ssize_t taken = send(wire->fd, wire->output.ptr, wire->output.len, MSG_NOSIGNAL);
        if (taken < 0) {
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        }
        wire->sent += (uint64_t)taken;
        return taken;
    }
    int most = wire->output.len > (1 << 20) ? 1 << 20 : (int)wire->output.len;
    uint64_t attempted = wire->appended_before + (uint64_t)most;
    wire->sent = wire->sent > attempted ? wire->sent : attempted;
    ERR_clear_error();
    int taken = SSL_write(wire->ssl, wire->output.ptr, most);
    if (taken > 0) {
        return taken;
    }
    int error = SSL_get_error(wire->ssl, taken);
    return error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ ? 0 : -1;
}

void wire_flush(wire_t *wire)
{
    if (wire->output.is_full) {
        die(wire, "full");
    }
    if (wire->state != WIRE_CLEAR && wire->state != WIRE_SECURE) {
        return;
    }
    while (wire->output.len > 0) {
        wire->events->writing(wire->ctx, wire_appended(wire));
        ssize_t taken = write_some(wire);
        if (taken < 0) {
            die(wire, "reset");
            return;
        }
        if (taken == 0) {
            (void)event_add(wire->writable, NULL);
            return;
        }
        wire->appended_before += (uint64_t)taken;
        buf_consume(&wire->output, (size_t)taken);
    }
}

static void agree(wire_t *wire)
{
    ERR_clear_error();
    int result = SSL_connect(wire->ssl);
    if (result == 1) {
        set_state(wire, WIRE_SECURE);
        wire->events->opened(wire->ctx);
        return;
    }
    int error = SSL_get_error(wire->ssl, result);
    if (error == SSL_ERROR_WANT_WRITE) {
        (void)event_add(wire->writable, NULL);
    } else if (error != SSL_ERROR_WANT_READ) {
        die(wire, "tls");
    }
}

/* Read once. out: bytes, 0 to wait, -1 at the end */
static ssize_t read_some(wire_t *wire, char *into, size_t room)
{
    if (wire->state == WIRE_CLEAR) {
        ssize_t got = recv(wire->fd, into, room, 0);
        if (got < 0) {
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        }
        return got == 0 ? -1 : got;
    }
    ERR_clear_error();
    int got = SSL_read(wire->ssl, into, (int)room);
    if (got > 0) {
        return got;
    }
    int error = SSL_get_error(wire->ssl, got);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    wire_t *wire = arg;
    bool is_end = false;
    size_t before = wire->input.len;
    (void)fd;
    (void)what;
    if (wire->state == WIRE_AGREEING) {
        agree(wire);
        return;
    }
    for (;;) {
        char *into = buf_reserve(&wire->input, READ_BYTES);
        if (into == NULL) {
            die(wire, "full"); /* no protocol of ours answers with so much */
            return;
        }
        ssize_t got = read_some(wire, into, READ_BYTES);
        if (got <= 0) {
            is_end = got < 0;
            break;
        }
        wire->input.len += (size_t)got;
        if (wire->state == WIRE_CLEAR && got < READ_BYTES) {
            break;
        }
    }
    if (is_end) {
        die(wire, "eof");
    }
    if (wire->input.len > before) {
        wire->events->arrived(wire->ctx); /* last: the owner may free the wire */
    }
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
    wire_t *wire = arg;
    (void)what;
    if (wire->state == WIRE_CONNECTING) {
        int error = 0;
        socklen_t bytes = sizeof error;
        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes) != 0 || error != 0) {
            die(wire, "connect");
            return;
        }
        set_state(wire, WIRE_CLEAR);
        (void)event_add(wire->readable, NULL);
        wire->events->opened(wire->ctx);
    } else if (wire->state == WIRE_AGREEING) {
        agree(wire);
    } else {
        wire_flush(wire);
    }
}

wire_t *wire_open(struct event_base *base, const struct sockaddr *address, socklen_t address_bytes,
                  const wire_events_t *events, void *ctx)
{
    int one = 1;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return NULL;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, address, address_bytes) != 0 && errno != EINPROGRESS) {
        (void)close(fd);
        return NULL;
    }
    wire_t *wire = MEM_NEW(wire_t);
    wire->base = base;
    wire->events = events;
    wire->ctx = ctx;
    wire->fd = fd;
    wire->input = buf_make(WIRE_INPUT_MAX + READ_BYTES);
    wire->output = buf_make(WIRE_OUTPUT_MAX);
    wire->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, wire);
    wire->writable = event_new(base, fd, EV_WRITE, on_writable, wire);
    wire->timer = event_new(base, -1, 0, on_timer, wire);
    (void)event_add(wire->writable, NULL);
    return wire;
}

void wire_free(wire_t *wire)
{
    if (wire == NULL) {
        return;
    }
    event_free(wire->readable);
    event_free(wire->writable);
    event_free(wire->timer);
    if (wire->ssl != NULL) {
        if (wire->state == WIRE_SECURE) {
            ERR_clear_error();
            (void)SSL_shutdown(wire->ssl);
        }
        SSL_free(wire->ssl);
    }
    (void)close(wire->fd);
    buf_free(&wire->input);
    buf_free(&wire->output);
    mem_free(wire);
}

buf_t *wire_input(wire_t *wire)
{
    return &wire->input;
}

buf_t *wire_output(wire_t *wire)
{
    return &wire->output;
}

uint64_t wire_appended(const wire_t *wire)
{
    return wire->appended_before + wire->output.len;
}

uint64_t wire_sent(const wire_t *wire)
{
    return wire->sent;
}

void wire_secure(wire_t *wire, SSL_CTX *tls, const char *host, bool is_verified)
{
    buf_reset(&wire->input);
    wire->ssl = SSL_new(tls);
    if (wire->ssl == NULL || SSL_set_fd(wire->ssl, wire->fd) != 1) {
        die(wire, "tls");
        return;
    }
    SSL_set_mode(wire->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_verify(wire->ssl, is_verified ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    if (host != NULL && (SSL_set_tlsext_host_name(wire->ssl, host) != 1 ||
                         (is_verified && SSL_set1_host(wire->ssl, host) != 1))) {
        die(wire, "tls");
        return;
    }
    set_state(wire, WIRE_AGREEING);
    (void)event_add(wire->writable, NULL); /* the handshake begins from the loop */
}

void wire_deadline(wire_t *wire, int ms)
{
    struct timeval wait = {ms / 1000, (ms % 1000) * 1000};
    if (wire->state != WIRE_DEAD) {
        (void)event_add(wire->timer, &wait);
    }
}
