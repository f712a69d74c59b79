/* SPDX-License-Identifier: Apache-2.0
 * Credential -> session secret and role class. Checks form, signature and origin only; who it is
 * and what he may do is decided by session.bind, at every request.
 *
 * A secret that reaches here with an unsafe method has been proven: by the CSRF token, which only
 * we can compute, or by the token's signature. So no stranger makes us read a body. */
#ifndef CLIENTELE_API_IDENTITY_H
#define CLIENTELE_API_IDENTITY_H

#include "api/request.h"

#define SESSION_COOKIE "__Host-s"

/** Fill class and secret of a request for a row that is not public.
 *  errors: UNAUTHENTICATED (none, malformed, two), FORBIDDEN (class has no right on the row), CSRF,
 *          CERTIFICATE (a token on the browsers' listener) */
MUST_CHECK err_t identity_read(request_t *rq);

/** Whether the headers say that the request comes from our own pages, or from no page at all. */
bool identity_is_same_origin(const http_request_t *http);

/** Write the Set-Cookie value of a new session, or of none (secret NULL), in the arena. */
str_t identity_cookie(arena_t *arena, char letter, const unsigned char *secret);

#endif
