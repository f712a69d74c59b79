/* SPDX-License-Identifier: Apache-2.0
 * Response heads: the security headers of every answer from one table, HTTP/1.1 bytes, chunk
 * framing. Pure. HTTP/2 takes the same list through write_headers. */
#ifndef CLIENTELE_HTTP_WRITE_H
#define CLIENTELE_HTTP_WRITE_H

#include "http/message.h"

#define WRITE_MAX_HEADERS 40

/** What the connection layer knows about a response beyond the application's own headers. */
typedef struct {
    int status;
    const http_header_t *headers; /* the application's; names lower case */
    size_t header_count;
    int64_t body_bytes; /* -1: unknown, chunked on HTTP/1.1 */
    bool is_close;      /* HTTP/1.1: say Connection: close */
    bool is_http10;     /* answer to an HTTP/1.0 request: no chunking */
    bool is_secure;     /* over TLS: HSTS is sent */
    int64_t wall_us;    /* for Date */
    const char *request_id;
} write_head_t;

/** List all headers of a response: the application's, then each default of the table that it did
 * not set itself (HSTS, CSP, nosniff, no-store ...), Date, X-Request-Id and Content-Length. A
 * header with a byte that may not stand in a value is left out: an answer cannot be split. in:
 * scratch  >= 64 bytes that outlive the list      list  room for WRITE_MAX_HEADERS out: number of
 * entries */
size_t write_headers(const write_head_t *head, char scratch[64], http_header_t *list);

/** Append a complete HTTP/1.1 response head. out: false when the buffer is full */
bool write_head(buf_t *out, const write_head_t *head);

/** Append one chunk of the chunked coding, or its end when len is 0. */
bool write_chunk(buf_t *out, const void *ptr, size_t len);

/** Format an IMF-fixdate into 30 bytes (29 and NUL). */
void write_date(int64_t wall_us, char out[30]);

#endif
