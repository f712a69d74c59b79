/* SPDX-License-Identifier: Apache-2.0
 * Time-based one-time passwords (RFC 6238: SHA-1, six digits, 30 s) and base32. Pure. */
#ifndef CLIENTELE_API_TOTP_H
#define CLIENTELE_API_TOTP_H

#include "base/str.h"

enum {
    TOTP_SECRET_BYTES = 20,
    TOTP_SECRET_TEXT = 32, /* the same as base32 */
    TOTP_STEP_S = 30,
    TOTP_WINDOW = 1, /* steps of clock error allowed either way */
};

/** The code of a step. */
unsigned totp_code(const unsigned char *secret, size_t len, int64_t step);

/** Check six digits.
 *  in:     last_step  of the last code used; only later ones count
 *  out:    the step whose code it is, 0 when none */
int64_t totp_check(const unsigned char *secret, size_t len, str_t code, int64_t now_s,
                   int64_t last_step);

/** Base32 without padding (RFC 4648 6). in: out has room for (len * 8 + 4) / 5. out: length */
size_t totp_to_base32(const unsigned char *bytes, size_t len, char *out);
/** Decode, either case, spaces and trailing '=' ignored. in: out has room for text.len * 5 / 8 */
MUST_CHECK bool totp_from_base32(str_t text, unsigned char *out, size_t *len);

#endif
