/* SPDX-License-Identifier: Apache-2.0
 * The inside of a stream, for net/ only. */
#ifndef CLIENTELE_NET_STREAM_OWN_H
#define CLIENTELE_NET_STREAM_OWN_H

#include "net/conn.h"
#include "net/spool.h"

#define STREAM_CUT_BYTES       (1024 * 1024) /* a writer that ignores back-pressure is cut here */
#define STREAM_COPY_BYTES      (32 * 1024)   /* whole replies up to this go straight into out */
#define STREAM_REPLY_MAX_BYTES (64 * 1024 * 1024)

/** Reply bytes that are not copied. */
typedef struct {
    str_t bytes;
    size_t at; /* bytes handed on */
    void (*release)(void *argument);
    void *argument;
} stream_ref_t;

struct stream {
    http_request_t request;
    arena_t *arena;
    conn_t *conn;
    void *user;
    stream_t *previous; /* HTTP/2: streams of the connection */
    stream_t *next;
    int32_t id; /* HTTP/2 */

    /* --- body of the request -------------------------------------------------------------------
     */
    body_t body;
    buf_t memory;
    spool_t *spool;
    int64_t limit_bytes;
    int64_t received_bytes;
    buf_t held;        /* HTTP/2: bytes that came before they were asked for */
    size_t unconsumed; /* HTTP/2: bytes taken for which the window is not opened yet */
    body_mode_t mode;
    err_code_t body_code; /* why it could not be had */
    bool is_body_wanted;
    bool is_body_ended;  /* all of it arrived, or body_code says why not */
    bool is_body_raised; /* on_body was raised */
    rate_t body_rate;

    /* --- reply ---------------------------------------------------------------------------------
     */
    stream_ref_t ref;
    buf_t out; /* HTTP/2: pieces waiting for the peer's window */
    size_t out_at;
    int64_t sent_bytes;
    int status;
    bool is_answered; /* the head was given */
    bool is_bodiless; /* HEAD, 204, 304 */
    bool is_chunked;  /* HTTP/1.1 */
    bool is_ended;    /* the application gave everything */
    bool is_aborted;
    bool is_refused;      /* by this layer: the application never heard of it */
    bool is_drain_wanted; /* stream_write said wait */
    int64_t reset_due_us; /* HTTP/2: the reply is out, the request's body still comes */
    rate_t out_rate;      /* HTTP/2: runs while bytes wait for the peer's window */
};

/** Take a stream for a request on this connection, with an arena. out: NULL when none is free */
stream_t *stream_new(conn_t *conn, arena_t *arena);

/** Fill what the connection knows into the request: listener, peer, certificate, id. */
void stream_describe(stream_t *stream);

/** Raise on_request. */
void stream_raise_request(stream_t *stream);

/** Take body bytes; too many end the body with BODY_TOO_LARGE. */
void stream_take_body(stream_t *stream, str_t bytes);

/** Tell whether more body bytes may be given now (a spool may be writing). */
bool stream_has_room(const stream_t *stream);

/** All of the body arrived, or code says why not. */
void stream_end_body(stream_t *stream, err_code_t code);

/** Raise on_body when it is due. Not from inside a stream_ call. */
void stream_raise_body(stream_t *stream);

/** Raise on_drain when it is due: unsent fell to the low mark. */
void stream_raise_drain(stream_t *stream);

/** Tell whether the application gave its whole reply and all of it was handed on. */
bool stream_is_done(const stream_t *stream);

/** Raise on_end and free the stream. */
void stream_free(stream_t *stream, bool is_complete);

#endif
