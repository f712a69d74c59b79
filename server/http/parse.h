/* SPDX-License-Identifier: Apache-2.0
 * HTTP/1.1 request heads from bytes: strict, resumable, pure. Limits first.
 *
 * A parse_t walks the bytes of one head once, however they are split; the caller keeps the
 * unconsumed bytes and calls again when more came. Nothing is consumed until the head is complete,
 * and every error is final: answer it and close. What two parsers could read in two ways is
 * refused: bare LF, bare CR, folded lines, space before the colon, repeated or signed lengths,
 * length with Transfer-Encoding, any coding but "chunked", control bytes, a missing or repeated
 * Host. */
#ifndef CLIENTELE_HTTP_PARSE_H
#define CLIENTELE_HTTP_PARSE_H

#include "http/message.h"

#define PARSE_HEAD_BYTES   8192
#define PARSE_HEADERS      64
#define PARSE_TARGET_BYTES 4096
#define PARSE_METHOD_BYTES 24

typedef struct {
    uint16_t name_at, name_len, value_at, value_len; /* offsets into the bytes */
} parse_field_t;

/** State between calls; all zero begins a new head. */
typedef struct {
    uint8_t state;
    uint8_t matched; /* bytes of "HTTP/1." seen */
    bool is_http10;
    bool is_chunked;
    bool is_close;
    bool has_length;
    bool has_host;
    bool has_upgrade;
    bool wants_upgrade;
    bool expects_continue;
    uint16_t at; /* bytes walked */
    uint16_t method_at, method_len, target_at, target_len;
    uint16_t field_count;
    int64_t length;
    parse_field_t fields[PARSE_HEADERS];
} parse_t;

/** How the message after the head is framed, and whether the connection may go on. */
typedef struct {
    bool is_chunked;
    bool is_close; /* Connection: close, or HTTP/1.0 */
    bool is_http10;
} parse_framing_t;

/** Parse one request head from the bytes seen so far; consume nothing until it is complete.
 *  in:     p        state of this head      arena  for the request's copy of the head
 *          bytes    all bytes of the head so far, the same ones as before plus new ones
 *  out:    *used    0: need more; else bytes of the head (with CRLFs before it), and *request is
 *                   filled but for listener, peer, certificate, request_id; *framing likewise
 *  errors: BAD_REQUEST, HEAD_TOO_LARGE, URI_TOO_LONG
 *  cost:   O(new bytes); one copy of the head at its end      source: RFC 9112 2-6 */
MUST_CHECK err_t parse_head(parse_t *p, arena_t *arena, str_t bytes, http_request_t *request,
                            parse_framing_t *framing, size_t *used);

#endif
