/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a token: refused, never a crash. The key is made anew, so acceptance is a forgery.
 */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "api/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static keys_t keys;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static char pem[] = "-----BEGIN PUBLIC KEY-----\n"
                        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE04N0xi21hshyvBp7I167sbE/bXqy\n"
                        "qkAPfefdklMO7wZQjx7HL4LTpqsNSeMh0Q2TF4W0czj6X/jUuoTD2dWCbA==\n"
                        "-----END PUBLIC KEY-----\n";
    if (!keys.token) {
        keys.token = EVP_EC_gen("P-256");
        keys.token_public_pem = pem;
        keys.token_id[0] = 'k';
    }
    arena_t *arena = arena_new((size_t)16 << 20);
    unsigned char certificate[32] = {0}, secret[SECRET_BYTES];
    int64_t expires_s;
    if (token_check(arena, &keys, str_n((const char *)bytes, len), certificate, 1800000000, secret,
                    &expires_s)
            .code == ERR_OK)
        abort();
    arena_free(arena);
    return 0;
}
