/* SPDX-License-Identifier: Apache-2.0
 * Argon2id on the thread pool: verify and make password strings. The cost is the same whether the
 * account exists or not; only so many may be under way in a worker. */
#ifndef CLIENTELE_API_PASSWORD_H
#define CLIENTELE_API_PASSWORD_H

#include "api/request.h"

enum {
    PASSWORD_MEMORY_KIB = 19456, /* OWASP's first choice: 19 MiB, two passes, one lane */
    PASSWORD_PASSES = 2,
    PASSWORD_LANES = 1,
    PASSWORD_BYTES_MIN = 12,
    PASSWORD_BYTES_MAX = 200,
    PASSWORD_PHC_BYTES = 128,
    PASSWORD_UNDER_WAY_MAX = 64, /* of one worker; beyond: BUSY */
};

/** Take one of the places under way, until the request ends or its hashing is read. So a sign-in is
 *  refused as BUSY before the database counts it as a try. out: false when none is left */
MUST_CHECK bool password_reserve(request_t *rq);

/** Verify on the pool. in: phc ptr NULL - nothing to verify: the same work, and false
 *  out:    STEP_WAIT, then password_is_good; STEP_FAIL with BUSY */
step_t password_verify(request_t *rq, str_t password, str_t phc);
bool password_is_good(request_t *rq);

/** Make a PHC string on the pool. out: STEP_WAIT, then password_phc (in the arena; NULL: failed) */
step_t password_hash(request_t *rq, str_t password);
const char *password_phc(request_t *rq);

/** Whether a new password is too weak: short, one character repeated, or the login itself. */
bool password_is_weak(str_t password, str_t login);

/** Make a PHC string here and now (start-up and the command line only). out: false on failure */
MUST_CHECK bool password_hash_now(str_t password, char phc[PASSWORD_PHC_BYTES]);

#endif
