/* SPDX-License-Identifier: Apache-2.0
 * One request and its reply, whatever protocol carries it: the boundary to the application.
 *
 * Order of events, all on the worker's thread:
 *   on_request   the head is complete, the body has not been read. The application may answer at
 * once, or call stream_read_body, or wait (database) and do either later. on_body      once after
 * stream_read_body: the body is complete, or could not be had (code != OK: BODY_TOO_LARGE, TIMEOUT,
 * BAD_REQUEST, INTERNAL for a failed spool); then answer. on_drain     after stream_write said
 * "wait": the peer has taken enough, write on. on_end       exactly once, last: the reply has been
 * handed to the kernel (is_complete), or the peer left or a deadline passed (!is_complete). The
 * stream is invalid afterwards. No event is raised from inside a stream_ call: an application never
 * re-enters itself. After on_end(!is_complete) nothing may be written; work under way for the
 * stream must forget it (keep the address only in state that on_end clears). */
#ifndef CLIENTELE_NET_STREAM_H
#define CLIENTELE_NET_STREAM_H

#include "http/message.h"

typedef struct stream stream_t;
typedef struct worker worker_t;

#define STREAM_HIGH_BYTES (256 * 1024) /* unsent bytes at which stream_write says wait */
#define STREAM_LOW_BYTES  (64 * 1024)  /* unsent bytes at which on_drain is raised */

/** What the application gives to a worker; all members but the last are required. */
typedef struct {
    void (*on_request)(void *app, stream_t *stream);
    void (*on_body)(void *app, stream_t *stream, err_code_t code);
    void (*on_drain)(void *app, stream_t *stream);
    void (*on_end)(void *app, stream_t *stream, bool is_complete);
    /* requests that stand behind each other for the database, so that a short rest of the loop
     * costs nobody; 0 when a rest would */
    size_t (*crowd)(const void *app);
} stream_events_t;

/* --- what a stream knows ------------------------------------------------------------------- */

/** The request's head. */
const http_request_t *stream_request(const stream_t *stream);

/** Arena of the request's lifetime: emptied after on_end. */
arena_t *stream_arena(stream_t *stream);

/** The worker that serves it. */
worker_t *stream_worker(stream_t *stream);

/** The application's own pointer, NULL at on_request. */
void stream_set_user(stream_t *stream, void *user);
void *stream_user(const stream_t *stream);

/** Bytes of the reply handed over so far (head not counted), for the log line. */
int64_t stream_sent_bytes(const stream_t *stream);

/** Tell whether a reply has been begun. */
bool stream_is_answered(const stream_t *stream);

/* --- the body of the request
 * ---------------------------------------------------------------------- */

typedef enum {
    BODY_MEMORY, /* contiguous, in the arena */
    BODY_SPOOL   /* an unnamed file in files_dir, written and hashed by the thread pool */
} body_mode_t;

typedef struct {
    str_t bytes;    /* BODY_MEMORY */
    int fd;         /* BODY_SPOOL: opened for reading and writing; -1 otherwise. The stream
                       closes it at its end; dup it, or give it a name with linkat, to keep */
    int64_t length; /* bytes */
    unsigned char sha256[32]; /* BODY_SPOOL only */
} body_t;

/** Ask for the body; on_body follows (never from inside this call). Call at most once.
 *  in:     limit_bytes  more than this is refused     mode
 *  errors: BODY_TOO_LARGE at once when Content-Length already passes the limit; no on_body follows
 */
MUST_CHECK err_t stream_read_body(stream_t *stream, int64_t limit_bytes, body_mode_t mode);

/** The body, after on_body(OK). A request without body gives length 0. */
const body_t *stream_body(const stream_t *stream);

/* --- the reply
 * -------------------------------------------------------------------------------------- */

/** Answer whole; header and body bytes are copied. in: headers without content-length, connection,
 *  date and the security headers (http/write adds them). HEAD and 304 send no body by themselves.
 */
void stream_reply(stream_t *stream, int status, const http_header_t *headers, size_t header_count,
                  str_t body);

/** Answer whole with bytes that are not copied: they stay valid until release(argument) is called
 *  (release NULL: for the life of the process). */
void stream_reply_ref(stream_t *stream, int status, const http_header_t *headers,
                      size_t header_count, str_t body, void (*release)(void *), void *argument);

/** Begin an answer that is written in pieces. in: length - bytes that will follow, -1 when unknown
 */
void stream_begin(stream_t *stream, int status, const http_header_t *headers, size_t header_count,
                  int64_t length);

/** Write a piece (copied).
 *  out: true - go on; false - STREAM_HIGH_BYTES are waiting: the piece was taken, but write no more
 *       until on_drain. A writer that ignores this is cut off at 1 MB. */
bool stream_write(stream_t *stream, str_t piece);

/** Unsent bytes now (event streams drop a peer that does not read). */
size_t stream_unsent(const stream_t *stream);

/** End an answer begun with stream_begin. */
void stream_end(stream_t *stream);

/** Break an answer off so that the peer knows it is torn (HTTP/1.1 closes, HTTP/2 resets). */
void stream_abort(stream_t *stream);

/** Answer with problem+json of this error in the request's language. retry_after_s 0 = no header.
 */
void stream_problem(stream_t *stream, err_t error, str_t detail, str_t info_json,
                    int retry_after_s);

#endif
