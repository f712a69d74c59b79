/* SPDX-License-Identifier: Apache-2.0
 * Signed links in mail. See link.h. */
#include "deliver/link.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

void link_token(str_t key, char tag, const unsigned char uuid[16], char out[LINK_TOKEN_BYTES + 1])
{
    unsigned char message[17];
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned char token[28];
    unsigned mac_bytes = 0;
    message[0] = (unsigned char)tag;
    memcpy(message + 1, uuid, 16);
    CHECK(HMAC(EVP_sha256(), key.ptr, (int)key.len, message, sizeof message, mac, &mac_bytes) !=
          NULL);
    memcpy(token, uuid, 16);
    memcpy(token + 16, mac, 12);
    out[str_to_base64url(token, sizeof token, out)] = '\0';
}

bool link_uuid(str_t text, unsigned char uuid[16])
{
    char hex[32];
    size_t digits = 0;
    if (text.len != 36) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        bool is_dash_place = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash_place != (text.ptr[i] == '-')) {
            return false;
        }
        if (!is_dash_place) {
            hex[digits++] = text.ptr[i];
        }
    }
    return str_from_hex(str_n(hex, sizeof hex), uuid);
}
