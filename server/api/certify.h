/* SPDX-License-Identifier: Apache-2.0
 * Certificates of dealers' systems: read a signing request, sign it with the dealers' CA. */
#ifndef CLIENTELE_API_CERTIFY_H
#define CLIENTELE_API_CERTIFY_H

#include <openssl/x509.h>

#include "base/arena.h"
#include "base/err.h"

enum { CERTIFY_LIFE_DAYS = 397 };

/** Read and verify a request: its own signature, an EC key on P-256 or P-384.
 *  in:     pem  at most 8 KB
 *  out:    *csr owned by the arena; spki_sha256 of its public key
 *  errors: BAD_FIELD csr */
MUST_CHECK err_t certify_read(arena_t *arena, str_t pem, X509_REQ **csr,
                              unsigned char spki_sha256[32]);

/** Sign a client certificate; the names in the request are ignored.
 *  in:     ca_path, key_path  PEM files of the CA     subject, organisation  of the certificate
 *  out:    *certificate and *ca as PEM text in the arena
 *  errors: UNAVAILABLE (files missing or not fitting), INTERNAL */
MUST_CHECK err_t certify_sign(arena_t *arena, X509_REQ *csr, const char *ca_path,
                              const char *key_path, const char *subject, const char *organisation,
                              int64_t now_s, str_t *certificate, str_t *ca);

#endif
