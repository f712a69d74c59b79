/* SPDX-License-Identifier: Apache-2.0
 * HTTP/2 on a connection: nghttp2 speaks the frames, streams are the same as HTTP/1.1's. */
#ifndef CLIENTELE_NET_H2_H
#define CLIENTELE_NET_H2_H

#include "net/conn.h"

#define H2_STREAMS       100
#define H2_HEADERS_BYTES 8192
#define H2_HEADERS       64
#define H2_WINDOW_BYTES  65535 /* of a stream: what it may send before the application asked */
#define H2_RESET_BURST   200   /* stream resets of a connection, received or provoked, at once, */
#define H2_RESET_RATE    20    /* and a second */

extern const protocol_t h2_protocol;

/** Begin HTTP/2 on a connection whose handshake agreed on it. out: false when memory is out */
MUST_CHECK bool h2_begin(conn_t *conn);

#endif
