/* SPDX-License-Identifier: Apache-2.0
 * One-time passwords. */
#include "api/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

unsigned totp_code(const unsigned char *secret, size_t len, int64_t step)
{
    unsigned char message[8], tag[20];
    unsigned tag_len = sizeof tag;
    for (int i = 7; i >= 0; i--, step >>= 8)
        message[i] = (unsigned char)(step & 255);
    CHECK(HMAC(EVP_sha1(), secret, (int)len, message, sizeof message, tag, &tag_len));
    unsigned at = tag[19] & 15;
    uint32_t value = (uint32_t)(tag[at] & 127) << 24 | (uint32_t)tag[at + 1] << 16 |
                     (uint32_t)tag[at + 2] << 8 | tag[at + 3];
    return value % 1000000;
}

int64_t totp_check(const unsigned char *secret, size_t len, str_t code, int64_t now_s,
                   int64_t last_step)
{
    uint64_t given;
    int64_t now_step = now_s / TOTP_STEP_S, found = 0;
    if (code.len != 6 || !str_to_u64(code, 999999, &given))
        return 0;
    for (int64_t step = now_step - TOTP_WINDOW; step <= now_step + TOTP_WINDOW; step++)
        if (totp_code(secret, len, step) == given && step > last_step && !found)
            found = step;
    return found;
}

size_t totp_to_base32(const unsigned char *bytes, size_t len, char *out)
{
    size_t written = 0;
    uint64_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 5; held -= 5)
            out[written++] = alphabet[bits >> (held - 5) & 31];
    }
    if (held)
        out[written++] = alphabet[bits << (5 - held) & 31];
    return written;
}

bool totp_from_base32(str_t text, unsigned char *out, size_t *len)
{
    uint64_t bits = 0;
    unsigned held = 0;
    *len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ' || c == '=' || c == '-')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        const char *place = c ? strchr(alphabet, c) : NULL;
        if (!place)
            return false;
        bits = bits << 5 | (uint64_t)(place - alphabet);
        held += 5;
        if (held >= 8) {
            held -= 8;
            out[(*len)++] = (unsigned char)(bits >> held & 255);
        }
    }
    return *len > 0;
}
