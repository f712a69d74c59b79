/* SPDX-License-Identifier: Apache-2.0
 * The line to the server: one libcurl handle, one kept connection, TLS 1.2 or later, JSON both
 * ways.
 *
 * A reply of any status is a success here; link_send fails only when no reply came. The exchange
 * listener is met with the client certificate, and with a token that is fetched when it is missing,
 * old or refused. Does not: repeat a request; push.c decides that. */
#ifndef CLIENTELE_DEALER_LINK_H
#define CLIENTELE_DEALER_LINK_H

#include <jansson.h>

#include "base/err.h"

#include "fault.h"
#include "home.h"

typedef struct link link_t;

typedef struct {
    int status;         /* HTTP */
    long retry_after_s; /* from Retry-After; 0 when absent */
    json_t *body;       /* to decref; NULL when empty or not JSON */
} reply_t;

/** Make a line. in: home - borrowed; ca_path - CA file or NULL for the system's store. */
MUST_CHECK link_t *link_open(const home_t *home, const char *ca_path, fault_t *fault);

/** Send without certificate and token, to home->server (enrolment).
 *  errors: EXIT_AWAY - no reply, EXIT_REFUSED - the server's certificate is not trusted */
MUST_CHECK bool link_enrol(link_t *link, const char *path, json_t *body, reply_t *reply,
                           fault_t *fault);

/** Send to home->exchange with certificate and token.
 *  in: body - NULL for GET; key - Idempotency-Key or NULL
 *  errors: EXIT_AWAY, EXIT_REFUSED - the certificate or the token is refused */
MUST_CHECK bool link_send(link_t *link, const char *path, const char *body, const char *key,
                          reply_t *reply, fault_t *fault);

/** The language of refusals: $CLIENTELE_LANG, en or else ru. */
lang_t link_lang(void);

/** Give title, detail, rule and next step of a problem+json reply as one sentence in out. source:
 * R162 */
void reply_sentence(const reply_t *reply, char *out, size_t size);

/** Release the body. */
void reply_free(reply_t *reply);

/** Close; NULL is accepted. */
void link_close(link_t *link);

#endif
