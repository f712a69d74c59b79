/* SPDX-License-Identifier: Apache-2.0
 * Requests this layer refuses by itself: the answer, the count, the log line. */
#ifndef CLIENTELE_NET_REFUSAL_H
#define CLIENTELE_NET_REFUSAL_H

#include "net/conn.h"

/** Append an HTTP/1.1 answer with Connection: close for this error to the connection's out; count
 *  and log it. The request could not be read, so the text is English. */
void refusal_send(conn_t *conn, err_code_t code);

/** Count and log a refused request. */
void refusal_log(const conn_t *conn, err_code_t code, const char *request_id);

#endif
