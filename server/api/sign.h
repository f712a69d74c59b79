/* SPDX-License-Identifier: Apache-2.0
 * Documents signed by the installation (flag SIGN): a file of two lines. The first is the document,
 * one line of JSON; the second names the key and holds the Ed25519 signature over the bytes of the
 * first, without its line end. deploy/verify-case checks it far from this server. */
#ifndef CLIENTELE_API_SIGN_H
#define CLIENTELE_API_SIGN_H

#include "api/request.h"

/** Sign what the finished call gave, one JSON value, and answer it as a file.
 *  out:    STEP_DONE; the answer holds both lines
 *  errors: NOT_FOUND (no value), UNAVAILABLE (no sign_key configured), INTERNAL (more than one
 * line) */
step_t sign_reply(request_t *rq);

#endif
