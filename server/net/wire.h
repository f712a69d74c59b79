/* SPDX-License-Identifier: Apache-2.0
 * Bytes through a non-blocking socket, with TLS or without. Nothing here waits or keeps. */
#ifndef CLIENTELE_NET_WIRE_H
#define CLIENTELE_NET_WIRE_H

#include <stdbool.h>
#include <sys/types.h>

struct ssl_st;

#define WIRE_ENDED  (-1) /* EOF or close_notify */
#define WIRE_BROKEN (-2)

/** Read once. in: ssl NULL for plain.  out: bytes; 0 when none wait; WIRE_ENDED; WIRE_BROKEN */
ssize_t wire_read(struct ssl_st *ssl, int fd, char *to, size_t len);

/** Write once. out: bytes taken; 0 when the socket is full; WIRE_BROKEN */
ssize_t wire_write(struct ssl_st *ssl, int fd, const char *ptr, size_t len);

/** Tell whether TLS holds input that the socket no longer shows. */
bool wire_has_pending(const struct ssl_st *ssl);

#endif
