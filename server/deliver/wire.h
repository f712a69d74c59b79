/* SPDX-License-Identifier: Apache-2.0
 * One outgoing connection on the event loop: TCP, later TLS, bytes both ways, one deadline.
 *
 * Knows no protocol. Callbacks run from the event loop only, never from inside a call of the owner;
 * after `closed` the wire is dead and the owner frees it (also from inside that callback). Output
 * is written in as few system calls as possible: the owner appends to wire_output and flushes once.
 * Invariant: bytes on the wire <= wire_sent <= bytes appended. */
#ifndef CLIENTELE_DELIVER_WIRE_H
#define CLIENTELE_DELIVER_WIRE_H

#include <event2/event.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "base/str.h"

enum { WIRE_INPUT_MAX = 65536, WIRE_OUTPUT_MAX = 8 << 20 };

typedef struct {
    /** The connection stands, or TLS was agreed on (after wire_secure). */
    void (*opened)(void *ctx);
    /** Bytes were added to wire_input; the owner consumes what it understands. */
    void (*arrived)(void *ctx);
    /** Bytes up to this offset of the output are about to be given to the system. */
    void (*writing)(void *ctx, uint64_t upto);
    /** It is over. in: static identifier of the reason: connect, reset, eof, deadline, tls, full */
    void (*closed)(void *ctx, const char *reason);
} wire_events_t;

typedef struct wire wire_t;

/** Begin to connect. in: events, ctx borrowed for its life. out: NULL when no socket can be made */
wire_t *wire_open(struct event_base *base, const struct sockaddr *address, socklen_t address_bytes,
                  const wire_events_t *events, void *ctx);

/** Close at once and free; no callback follows. NULL is accepted. */
void wire_free(wire_t *wire);

/** What has arrived and was not consumed yet. */
buf_t *wire_input(wire_t *wire);

/** Where to append output; wire_flush sends it. */
buf_t *wire_output(wire_t *wire);
void wire_flush(wire_t *wire);

/** Offset of the end of all output appended so far. */
uint64_t wire_appended(const wire_t *wire);

/** Offset up to which bytes may have left the process. */
uint64_t wire_sent(const wire_t *wire);

/** Begin TLS; `opened` follows. Input that arrived in clear is dropped (command injection).
 *  in:     host   name for SNI and, when is_verified, for the certificate; NULL for an address
 *  source: RFC 3207 */
void wire_secure(wire_t *wire, SSL_CTX *tls, const char *host, bool is_verified);

/** End with "deadline" unless this is called again within ms. */
void wire_deadline(wire_t *wire, int ms);

#endif
