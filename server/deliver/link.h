/* SPDX-License-Identifier: Apache-2.0
 * Signed links in mail: base64url(uuid || first 12 bytes of HMAC-SHA-256(key, tag || uuid)).
 *
 * The server verifies such a token without the database; the tag says what it is good for, so that
 * an unsubscribe link never opens a password page. The same form is read by api/keys. */
#ifndef CLIENTELE_DELIVER_LINK_H
#define CLIENTELE_DELIVER_LINK_H

#include "base/str.h"

enum { LINK_TOKEN_BYTES = 38 };

/** Make the token of a link.
 *  in:     key    the configured link_key    tag   'u' unsubscribe, 'p' password
 *          uuid   16 bytes
 *  out:    38 characters and a zero        source: RFC 2104, RFC 4648 section 5 */
void link_token(str_t key, char tag, const unsigned char uuid[16], char out[LINK_TOKEN_BYTES + 1]);

/** Read a UUID written as text (36 characters). out: false when it is none */
MUST_CHECK bool link_uuid(str_t text, unsigned char uuid[16]);

#endif
