/* SPDX-License-Identifier: Apache-2.0
 * The configured secrets, ready for use, and the few things made with them: CSRF tokens, links in
 * mail, sealed TOTP secrets. Read-only after keys_new; every comparison is in constant time. */
#ifndef CLIENTELE_API_KEYS_H
#define CLIENTELE_API_KEYS_H

#include <openssl/evp.h>

#include "base/config.h"

enum {
    SECRET_BYTES = 32,    /* session secret                                   */
    SECRET_TEXT = 43,     /* the same as base64url                            */
    LINK_TEXT = 38,       /* base64url of uuid (16) and tag (12)              */
    SEALED_OVERHEAD = 28, /* nonce (12) and tag (16) around a sealed secret   */
    POSITION_TAG = 16,    /* before a sealed position in a list               */
    POSITION_STEP = 32,   /* its text is filled up to a multiple of this      */
};

typedef struct keys {
    str_t csrf, link; /* borrowed from the held settings */
    unsigned char totp[32];
    bool has_totp;
    EVP_PKEY *token; /* ES256 pair; NULL when not configured */
    char *token_private_pem, *token_public_pem;
    char token_id[17]; /* kid: first 64 bits of SHA-256 of the public key, hex */
    EVP_PKEY *sign;    /* Ed25519 key of exported documents; NULL when not configured */
    char sign_id[17];  /* as token_id */
} keys_t;

/** Make the keys from settings that outlive them.
 *  out:    NULL when a configured key is not what it must be; reason says which, never its value */
keys_t *keys_new(const config_t *config, char *reason, size_t reason_bytes);
/** Wipe and release; accepts NULL. */
void keys_free(keys_t *keys);

/** SHA-256 and HMAC-SHA256 of bytes. */
void keys_sha256(str_t bytes, unsigned char out[32]);
void keys_hmac(str_t key, str_t bytes, unsigned char out[32]);

/** The CSRF token of a session secret; 43 characters and NUL. */
void keys_csrf(const keys_t *keys, const unsigned char secret[SECRET_BYTES], char out[44]);

/** The token of a link in mail; LINK_TEXT characters and NUL.
 *  in:     purpose 'u' unsubscribe, 'p' password; uuid raw */
void keys_link_make(const keys_t *keys, char purpose, const unsigned char uuid[16],
                    char out[LINK_TEXT + 1]);

/** Verify such a token. out: true and the UUID as text (36 characters and NUL) */
MUST_CHECK bool keys_link_read(const keys_t *keys, char purpose, str_t token, char uuid[37]);

/** Bytes of a sealed position whose text has so many. */
size_t keys_position_bytes(size_t text_bytes);
/** Seal a position in a list: it may hold numbers of whole tables, which would count what others
 * do. The same text gives the same bytes, and texts of about the same length the same length. in:
 * text without NUL; out has room for keys_position_bytes(text.len) */
void keys_position_seal(const keys_t *keys, str_t text, unsigned char *out);
/** Open one. in: out has room for sealed.len. out: false when it was not sealed here */
MUST_CHECK bool keys_position_open(const keys_t *keys, str_t sealed, char *out, size_t *out_bytes);

/** Seal bytes with AES-256-GCM for storage. in: out has room for len + SEALED_OVERHEAD; context is
 *  bound in (the account), so that a stolen row does not fit elsewhere. */
MUST_CHECK bool keys_seal(const keys_t *keys, str_t context, str_t plain, unsigned char *out);
/** Open sealed bytes. in: out has room for sealed.len - SEALED_OVERHEAD */
MUST_CHECK bool keys_open(const keys_t *keys, str_t context, str_t sealed, unsigned char *out);

#endif
