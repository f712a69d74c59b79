/* SPDX-License-Identifier: Apache-2.0
 * The inside of an HTTP/2 connection, shared by its receiving (h2_in.c) and sending (h2.c) halves.
 */
#ifndef CLIENTELE_NET_H2_OWN_H
#define CLIENTELE_NET_H2_OWN_H

#include "net/h2.h"
#include "net/stream_own.h"

#include <nghttp2/nghttp2.h>

/** A request head that is still arriving. */
typedef struct {
    http_header_t headers[H2_HEADERS];
    size_t count;
    size_t bytes; /* names and values and 32 for each, as RFC 9113 6.5.2 counts */
    str_t scheme;
    str_t path;
    str_t authority;
    bool is_too_large;
    bool is_bad;
} h2_head_t;

typedef struct {
    nghttp2_session *session;
    stream_t *first; /* open streams */
    size_t count;
    h2_head_t *head;     /* while a header block is open; there is one at a time */
    stream_t *head_of;   /* the stream it belongs to */
    int64_t head_due_us; /* when it must be complete; 0: none is open */
    int64_t window_us;   /* control frames are counted from here */
    int control_frames;
    int64_t resets;    /* RST_STREAMs of ours not yet forgiven, */
    int64_t resets_us; /* as of this moment */
    bool is_draining;
} h2_t;

/** The HTTP/2 state of a connection that speaks it. */
static inline h2_t *h2_of(const conn_t *conn)
{
    return conn->state_of_protocol;
}

/** Set the receiving callbacks. */
void h2_in_callbacks(nghttp2_session_callbacks *callbacks);

/** Count a stream reset that we send, and end the connection when they are too many: nghttp2 limits
 * only those it receives, but a peer can make us send them, by frames that are wrong for their
 * stream, and they cost as much. */
void h2_count_reset(nghttp2_session *session, h2_t *h2);

/** Give the head being received back (with its stream's arena, if the request never began). */
void h2_in_forget(conn_t *conn);

/** Set the connection's deadline from what its streams wait for. */
void h2_set_deadline(conn_t *conn);

/** Open the peer's window for the bytes that found a place. */
void h2_consume(stream_t *stream);

/** Take a stream out of the list and end it. */
void h2_end_stream(conn_t *conn, stream_t *stream, bool is_complete);

#endif
