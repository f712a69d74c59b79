/* SPDX-License-Identifier: Apache-2.0
 * Request and response heads, the same for HTTP/1.1 and HTTP/2.
 *
 * All slices of a request point into its stream's arena and live until the stream ends.
 * Header names are lower case. The path is decoded once and is safe to split on '/': requests with
 * an encoded slash, backslash or NUL, a dot segment or malformed UTF-8 never reach the application.
 */
#ifndef CLIENTELE_HTTP_MESSAGE_H
#define CLIENTELE_HTTP_MESSAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef enum {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHOD_OTHER /* registered, but no route of ours can have it: answer 405 */
} method_t;

typedef struct {
    str_t name; /* lower case */
    str_t value;
} http_header_t;

/** Which door the request came through. */
typedef enum {
    LISTENER_BROWSER, /* TLS, no client certificate asked */
    LISTENER_DEALER,  /* mutual TLS: a certificate of the dealers' CA is proven */
    LISTENER_METRICS  /* loopback, plain: only /metrics, /livez, /readyz */
} listener_kind_t;

typedef struct {
    method_t method;
    str_t method_text;
    str_t target; /* origin form as sent; never log it */
    str_t path;   /* decoded, begins with '/' (or is "*" for OPTIONS) */
    str_t query;  /* raw, without '?'; read it with uri_query_next */
    str_t host;   /* Host or :authority, lower case, with port */
    const http_header_t *headers;
    size_t header_count;
    int64_t content_length; /* bytes; 0 no body, -1 unknown until it ends */
    bool is_http2;
    bool expects_continue;

    char request_id[33]; /* 32 hex digits: trace id of a valid traceparent, else random;
                            NUL-terminated */
    int64_t begun_us;    /* clock_mono_us when the head was complete */

    listener_kind_t listener;
    char peer[46];                 /* textual address, NUL-terminated; IPv4 without ::ffff: */
    bool has_certificate;          /* true on LISTENER_DEALER */
    unsigned char spki_sha256[32]; /* of the client certificate's public key info (DER) */
    unsigned char certificate_sha256[32]; /* of the whole certificate (DER): binds tokens */
} http_request_t;

/** Find a header. in: name in lower case. out: value of the first; ptr NULL when absent */
str_t http_header(const http_request_t *request, str_t name);

/** Count the headers of that name (a repeated credential is refused, not chosen from). */
size_t http_header_count(const http_request_t *request, str_t name);

/** Tell whether a comma-separated header has this token (no case), e.g. accept-encoding, "br".
 *  A token with ;q=0 does not count. */
bool http_header_has(str_t value, str_t token);

/** Find a cookie's value in all cookie headers. out: ptr NULL when absent, sent twice or quoted
 * badly */
str_t http_cookie(const http_request_t *request, str_t name);

/** Preferred language from accept-language: ru or en, Russian when nothing is said. */
lang_t http_language(const http_request_t *request);

/** Recognise a method. out: METHOD_OTHER for other registered ones; false when unknown (answer 400)
 */
bool http_method(str_t text, method_t *method);

/** Name of a method, e.g. "GET". */
const char *http_method_name(method_t method);

/** Reason phrase of a status; "Unknown" for others. */
const char *http_status_text(int status);

/** Fill request_id from a valid traceparent header value, else from 16 random bytes. */
void http_request_id(str_t traceparent, const unsigned char random[16], char out[33]);

#endif
