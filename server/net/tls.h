/* SPDX-License-Identifier: Apache-2.0
 * OpenSSL contexts of the two listeners: TLS 1.3 and 1.2 AEAD, X25519 and P-256, ALPN, no tickets.
 *
 * A tls_t never changes; a reload makes a new one and connections keep the one they began with.
 * The dealers' listener demands a certificate of the dealers' CA; browsers are never asked. */
#ifndef CLIENTELE_NET_TLS_H
#define CLIENTELE_NET_TLS_H

#include "base/config.h"
#include "http/message.h"

typedef struct tls tls_t;
struct ssl_st;

/** Load certificate, key and dealers' CA.
 *  out: one reference, or NULL with a reason (>= 256 bytes): unreadable, key readable by others,
 *       key and certificate do not match, expired */
MUST_CHECK tls_t *tls_load(const config_t *config, char *reason, size_t reason_bytes);

/** Take and drop a reference (thread-safe). */
tls_t *tls_hold(tls_t *tls);
void tls_drop(tls_t *tls);

/** Days until the server certificate expires, for metrics; negative when it has. */
int64_t tls_days_left(const tls_t *tls);

/** Make the server side of a connection on a non-blocking socket. out: NULL when memory is out */
struct ssl_st *tls_accept(tls_t *tls, listener_kind_t kind, int fd);

/** After the handshake: tell whether h2 was agreed. */
bool tls_is_http2(const struct ssl_st *ssl);

/** What identifies the peer's certificate: SHA-256 of its public key info, and of the whole (DER).
 */
typedef struct {
    unsigned char spki_sha256[32];
    unsigned char certificate_sha256[32];
} tls_peer_t;

/** After the handshake: identify the peer. out: false without a certificate */
MUST_CHECK bool tls_peer(const struct ssl_st *ssl, tls_peer_t *peer);

#endif
