/* SPDX-License-Identifier: Apache-2.0
 * HTTP/1.1 on a connection: one request at a time, pipelined ones in order. */
#ifndef CLIENTELE_NET_H1_H
#define CLIENTELE_NET_H1_H

#include "net/conn.h"

extern const protocol_t h1_protocol;

/** Size of the state a connection holds while a request is under way. */
size_t h1_bytes(void);

#endif
