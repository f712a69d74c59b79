/* SPDX-License-Identifier: Apache-2.0
 * One connection: socket, TLS, buffers, deadlines. HTTP/1.1 and HTTP/2 stand on it as a protocol_t.
 *
 * Only net/ includes this. Bytes come in through protocol->input; everything to be sent is appended
 * to out, and at the end of the loop turn conn_turn sends it with as few writes as it can.
 * conn_close is the one end of a connection; the object then rests in its slab for a turn. */
#ifndef CLIENTELE_NET_CONN_H
#define CLIENTELE_NET_CONN_H

#include "http/message.h"
#include "http/write.h"
#include "net/address.h"
#include "net/rate.h"
#include "net/stream.h"
#include "net/tls.h"

#include <event2/event.h>
#include <event2/event_struct.h>

#define CONN_HANDSHAKE_US    5000000  /* TCP accept to the end of the TLS handshake */
#define CONN_HEAD_US         5000000  /* first byte of a head to its end */
#define CONN_IDLE_US         60000000 /* between requests */
#define CONN_LINGER_US       2000000  /* after our close_notify, for the peer's */
#define CONN_BODY_WINDOW_US  10000000
#define CONN_REPLY_WINDOW_US 30000000
#define CONN_OUT_MAX_BYTES   (2 * 1024 * 1024)
#define CONN_IN_MAX_BYTES    (128 * 1024)
#define CONN_IN_PAUSE_BYTES  (16 * 1024)

typedef struct conn conn_t;
struct ssl_st;

typedef enum {
    CONN_HANDSHAKE, /* waits for the peer's TLS messages; ended by the handshake deadline */
    CONN_OPEN,      /* speaks HTTP; the protocol sets deadline_us for whatever it waits for */
    CONN_CLOSING,   /* nothing more is read; waits until out has drained; ended by out_rate */
    CONN_LINGER,    /* close_notify and FIN sent; discards input until the peer closes or 2 s */
    CONN_DEAD       /* closed; at rest in the slab */
} conn_state_t;

/** How a connection is ended. */
typedef enum {
    CLOSE_POLITE, /* close_notify first when TLS stands */
    CLOSE_ABRUPT  /* the peer broke off, or TLS failed */
} close_how_t;

/** What HTTP/1.1 and HTTP/2 do for a connection and its streams. */
typedef struct {
    /** Consume bytes. out: how many were used; the rest is kept and offered again */
    size_t (*input)(conn_t *conn, str_t bytes);
    /** Before sending: move reply bytes into conn->out, end finished streams.
     *  out: true when more could follow as soon as out has room */
    bool (*turn)(conn_t *conn);
    /** The connection dies: end every stream. */
    void (*gone)(conn_t *conn);
    /** Let what is under way finish, then close. */
    void (*drain)(conn_t *conn);
    /** deadline_us has passed: set a new one, or answer, or close. */
    void (*expired)(conn_t *conn, int64_t now_us);

    void (*reply_head)(stream_t *stream, const write_head_t *head);
    bool (*reply_write)(stream_t *stream, str_t piece);
    void (*reply_abort)(stream_t *stream);
    size_t (*unsent)(const stream_t *stream);
    /** The application asked for the body. */
    void (*want_body)(stream_t *stream);
} protocol_t;

struct conn {
    conn_t *previous; /* list of all connections of the worker */
    conn_t *next;
    conn_t *next_dirty;
    worker_t *worker;
    const protocol_t *protocol;
    void *state_of_protocol; /* h1_t or h2_t; NULL on an idle HTTP/1.1 connection */
    struct ssl_st *ssl;      /* NULL on the metrics listener */
    tls_peer_t *peer;        /* on the dealers' listener, else NULL */
    int fd;
    conn_state_t state;
    listener_kind_t listener;
    bool is_dirty;
    bool is_writing;     /* write_event is pending */
    bool is_paused;      /* input is not read */
    bool is_held;        /* the protocol takes no input until out has drained; set by it */
    bool is_peer_done;   /* EOF or close_notify seen */
    bool is_broken;      /* no TLS record may be sent any more */
    int64_t deadline_us; /* 0: none */
    rate_t out_rate;     /* runs while out could not be sent at once */
    size_t out_at;       /* bytes of out already sent */
    buf_t in;            /* input kept for the protocol; nothing allocated when empty */
    buf_t out;
    address_t address;
    struct event read_event;
    struct event write_event;
};

/** Begin a connection on an accepted socket. The caller has counted the address.
 *  out: NULL when it could not be had; the socket is closed then */
conn_t *conn_open(worker_t *worker, listener_kind_t kind, int fd, const address_t *address);

/** Ask for conn_turn at the end of this loop turn. */
void conn_touch(conn_t *conn);

/** The end of a loop turn for a touched connection: input left over, replies, one send. */
void conn_turn(conn_t *conn);

/** Bytes in out that are not sent yet. */
static inline size_t conn_unsent(const conn_t *conn)
{
    return conn->out.len - conn->out_at;
}

/** No more requests: send what is in out, then close politely. */
void conn_finish(conn_t *conn);

/** End now. */
void conn_close(conn_t *conn, close_how_t how);

/** Stop or go on reading; while paused the peer's leaving is noticed by conn_check. */
void conn_pause(conn_t *conn, bool is_paused);

/** Look at the deadlines (every 250 ms). */
void conn_check(conn_t *conn, int64_t now_us);

/** The process drains: idle connections close, others finish. */
void conn_drain(conn_t *conn);

#endif
