/* SPDX-License-Identifier: Apache-2.0
 * Tokens of dealers' systems: made here, checked here, for ten minutes and one certificate.
 *
 * The algorithm belongs to the key, never to the token: whatever the header says, a signature is
 * checked as ES256 with our key or the token is refused. Claims typ, kid, iss, aud, iat, nbf, exp
 * and cnf are all required. A cache of verified tokens makes the second use cheap; it answers only
 * for the certificate the token was checked with and never beyond its expiry. Revocation is the
 * bind's: jti is the session secret, looked up at every request. */
#ifndef CLIENTELE_API_TOKEN_H
#define CLIENTELE_API_TOKEN_H

#include "api/keys.h"
#include "base/arena.h"
#include "base/err.h"

enum {
    TOKEN_LIFE_S = 600,
    TOKEN_SKEW_S = 30,     /* clocks may differ by this much       */
    TOKEN_TEXT_MAX = 2048, /* longer ones are refused unread       */
    TOKEN_CACHE_SLOTS = 4096,
};

#define TOKEN_ISSUER   "clientele"
#define TOKEN_AUDIENCE "clientele-exchange"

/** Make a token.
 *  in:     subject  public id of the dealer; secret of the session; certificate_sha256 of its DER
 *  out:    text in the arena; ptr NULL when no token key is configured */
str_t token_make(arena_t *arena, const keys_t *keys, str_t subject,
                 const unsigned char secret[SECRET_BYTES],
                 const unsigned char certificate_sha256[32], int64_t now_s);

/** Check a token whole: form, signature, claims, certificate.
 *  out:    secret and *expires_s
 *  errors: UNAUTHENTICATED for whatever is wrong, without saying what
 *  cost:   one ECDSA verification */
MUST_CHECK err_t token_check(arena_t *arena, const keys_t *keys, str_t text,
                             const unsigned char certificate_sha256[32], int64_t now_s,
                             unsigned char secret[SECRET_BYTES], int64_t *expires_s);

/** Check only the form and the ES256 signature of a compact JWS (tests and fuzzing use it
 * directly). in:     key  P-256; kid  must stand in the header when not NULL; typ likewise out:
 * *payload decoded bytes in the arena */
MUST_CHECK bool token_signature(arena_t *arena, EVP_PKEY *key, const char *kid, const char *typ,
                                str_t text, str_t *payload);

typedef struct token_cache token_cache_t;

/** Make an empty cache. */
token_cache_t *token_cache_new(void);
/** Wipe and release; accepts NULL. */
void token_cache_free(token_cache_t *cache);

/** token_check through the cache. */
MUST_CHECK err_t token_cached(token_cache_t *cache, arena_t *arena, const keys_t *keys, str_t text,
                              const unsigned char certificate_sha256[32], int64_t now_s,
                              unsigned char secret[SECRET_BYTES]);

#endif
