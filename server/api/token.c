/* SPDX-License-Identifier: Apache-2.0
 * ES256 tokens: libjwt makes and reads them; before it, our own check of form and signature with
 * the one key, because libjwt takes the algorithm from the token and parses what it should refuse.
 */
#include "api/token.h"

#include <jwt.h>
#include <openssl/ec.h>
#include <openssl/err.h>

#include "api/json.h"
#include "base/mem.h"

typedef struct {
    unsigned char hash[32]; /* SHA-256 of the token */
    unsigned char certificate[32];
    unsigned char secret[SECRET_BYTES];
    int64_t expires_s; /* 0: empty */
} entry_t;

struct token_cache {
    entry_t entries[TOKEN_CACHE_SLOTS];
};

static void add_claims(jwt_t *jwt, str_t subject, const char *jti, const char *thumb, int64_t now_s,
                       arena_t *arena)
{
    jwt_add_grant(jwt, "iss", TOKEN_ISSUER);
    jwt_add_grant(jwt, "aud", TOKEN_AUDIENCE);
    jwt_add_grant(jwt, "sub", arena_copy(arena, subject).ptr);
    jwt_add_grant(jwt, "jti", jti);
    jwt_add_grant_int(jwt, "iat", (long)now_s);
    jwt_add_grant_int(jwt, "nbf", (long)now_s);
    jwt_add_grant_int(jwt, "exp", (long)(now_s + TOKEN_LIFE_S));
    jwt_add_grants_json(jwt, arena_printf(arena, "{\"cnf\":{\"x5t#S256\":\"%s\"}}", thumb).ptr);
}

str_t token_make(arena_t *arena, const keys_t *keys, str_t subject,
                 const unsigned char secret[SECRET_BYTES],
                 const unsigned char certificate_sha256[32], int64_t now_s)
{
    str_t text = {NULL, 0};
    jwt_t *jwt = NULL;
    if (!keys->token || jwt_new(&jwt) != 0)
        return text;
    char jti[44], thumb[44];
    jti[str_to_base64url(secret, SECRET_BYTES, jti)] = 0;
    thumb[str_to_base64url(certificate_sha256, 32, thumb)] = 0;
    jwt_add_header(jwt, "kid", keys->token_id);
    add_claims(jwt, subject, jti, thumb, now_s, arena);
    const char *pem = keys->token_private_pem;
    if (jwt_set_alg(jwt, JWT_ALG_ES256, (const unsigned char *)pem, (int)strlen(pem)) == 0) {
        char *encoded = jwt_encode_str(jwt);
        if (encoded) {
            text = arena_copy(arena, str_of(encoded));
            mem_free(encoded);
        }
    }
    jwt_free(jwt);
    str_wipe(jti, sizeof jti);
    return text;
}

static bool decode_part(arena_t *arena, str_t part, str_t *bytes)
{
    unsigned char *raw = arena_alloc(arena, part.len + 1);
    size_t len = 0;
    if (part.len == 0 || !str_from_base64url(part, raw, &len))
        return false;
    *bytes = str_n((char *)raw, len);
    return true;
}

/* The header may say only what we would write: nothing in it chooses a key or an extension. */
static bool is_our_header(arena_t *arena, str_t bytes, const char *kid, const char *typ)
{
    json_t *header;
    if (json_parse(arena, bytes, &header).code != ERR_OK || !json_is_object(header))
        return false;
    static const char *const forbidden[] = {"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"};
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
        if (json_object_get(header, forbidden[i]))
            return false;
    if (!str_eq(json_text(header, "alg"), STR("ES256")))
        return false;
    if (typ && !str_eq(json_text(header, "typ"), str_of(typ)))
        return false;
    return !kid || str_eq(json_text(header, "kid"), str_of(kid));
}

/* r and s side by side, as JWS writes them, against the key. source: RFC 7518 3.4 */
static bool is_signed(EVP_PKEY *key, str_t input, str_t signature)
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    const unsigned char *raw = (const unsigned char *)signature.ptr;
    BIGNUM *r = BN_bin2bn(raw, 32, NULL), *s = BN_bin2bn(raw + 32, 32, NULL);
    unsigned char *der = NULL;
    int der_len = -1;
    if (pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1)
        der_len = i2d_ECDSA_SIG(pair, &der);
    else {
        BN_free(r);
        BN_free(s);
    }
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool is_good =
        ctx && der_len > 0 && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestVerify(ctx, der, (size_t)der_len, (const unsigned char *)input.ptr, input.len) ==
            1;
    EVP_MD_CTX_free(ctx);
    OPENSSL_free(der);
    ECDSA_SIG_free(pair);
    ERR_clear_error();
    return is_good;
}

bool token_signature(arena_t *arena, EVP_PKEY *key, const char *kid, const char *typ, str_t text,
                     str_t *payload)
{
    str_t rest = text, parts[3], header, signature;
    unsigned count = 0;
    if (text.len > TOKEN_TEXT_MAX)
        return false;
    while (count < 3 && str_split(&rest, '.', &parts[count]))
        count++;
    if (count != 3 || rest.ptr != NULL || !decode_part(arena, parts[0], &header) ||
        !decode_part(arena, parts[1], payload) || !decode_part(arena, parts[2], &signature))
        return false;
    str_t input = str_n(text.ptr, parts[0].len + 1 + parts[1].len);
    return signature.len == 64 && is_our_header(arena, header, kid, typ) &&
           is_signed(key, input, signature);
}

/* libjwt's own reading of the same token, with the algorithm pinned by the key. */
static bool is_decoded(arena_t *arena, const keys_t *keys, str_t text)
{
    jwt_t *jwt = NULL;
    const char *pem = keys->token_public_pem;
    int failure =
        jwt_decode(&jwt, arena_copy(arena, text).ptr, (const unsigned char *)pem, (int)strlen(pem));
    bool is_good = failure == 0 && jwt && jwt_get_alg(jwt) == JWT_ALG_ES256;
    jwt_free(jwt);
    return is_good;
}

static bool is_text(const json_t *claims, const char *name, const char *expected)
{
    return str_eq(json_text(claims, name), str_of(expected));
}

static bool is_time(const json_t *claims, const char *name, int64_t *value)
{
    const json_t *member = json_object_get(claims, name);
    if (!json_is_integer(member))
        return false;
    *value = json_integer_value(member);
    return true;
}

static bool is_for_certificate(const json_t *claims, const unsigned char sha256[32])
{
    char thumb[43];
    str_to_base64url(sha256, 32, thumb);
    str_t bound = json_text(json_object_get(claims, "cnf"), "x5t#S256");
    return str_eq_secret(bound, str_n(thumb, sizeof thumb));
}

static bool are_claims_good(const json_t *claims, const unsigned char certificate_sha256[32],
                            int64_t now_s, unsigned char secret[SECRET_BYTES], int64_t *expires_s)
{
    int64_t issued_s, from_s;
    size_t len = 0;
    unsigned char raw[SECRET_BYTES + 2];
    if (!json_is_object(claims) || !is_text(claims, "iss", TOKEN_ISSUER) ||
        !is_text(claims, "aud", TOKEN_AUDIENCE) || !is_time(claims, "iat", &issued_s) ||
        !is_time(claims, "nbf", &from_s) || !is_time(claims, "exp", expires_s))
        return false;
    if (from_s > now_s + TOKEN_SKEW_S || issued_s > now_s + TOKEN_SKEW_S || *expires_s <= now_s ||
        *expires_s > now_s + TOKEN_LIFE_S + TOKEN_SKEW_S)
        return false;
    str_t jti = json_text(claims, "jti");
    if (jti.len != SECRET_TEXT || !str_from_base64url(jti, raw, &len) || len != SECRET_BYTES ||
        !is_for_certificate(claims, certificate_sha256))
        return false;
    memcpy(secret, raw, SECRET_BYTES);
    return true;
}

err_t token_check(arena_t *arena, const keys_t *keys, str_t text,
                  const unsigned char certificate_sha256[32], int64_t now_s,
                  unsigned char secret[SECRET_BYTES], int64_t *expires_s)
{
    str_t payload;
    json_t *claims;
    if (!keys->token ||
        !token_signature(arena, keys->token, keys->token_id, "JWT", text, &payload) ||
        !is_decoded(arena, keys, text) || json_parse(arena, payload, &claims).code != ERR_OK ||
        !are_claims_good(claims, certificate_sha256, now_s, secret, expires_s))
        return err_of(ERR_UNAUTHENTICATED);
    return ERR_NONE;
}

/* --- cache ----------------------------------------------------------------------------------- */

token_cache_t *token_cache_new(void)
{
    return MEM_NEW(token_cache_t);
}

void token_cache_free(token_cache_t *cache)
{
    if (!cache)
        return;
    str_wipe(cache, sizeof *cache);
    mem_free(cache);
}

err_t token_cached(token_cache_t *cache, arena_t *arena, const keys_t *keys, str_t text,
                   const unsigned char certificate_sha256[32], int64_t now_s,
                   unsigned char secret[SECRET_BYTES])
{
    unsigned char hash[32];
    if (text.len > TOKEN_TEXT_MAX)
        return err_of(ERR_UNAUTHENTICATED);
    keys_sha256(text, hash);
    unsigned set = ((unsigned)hash[0] << 8 | hash[1]) * 4 % TOKEN_CACHE_SLOTS;
    entry_t *oldest = &cache->entries[set];
    for (unsigned i = set; i < set + 4; i++) {
        entry_t *entry = &cache->entries[i];
        if (entry->expires_s > now_s &&
            str_eq_secret(str_n((char *)entry->hash, 32), str_n((char *)hash, 32)) &&
            str_eq_secret(str_n((char *)entry->certificate, 32),
                          str_n((const char *)certificate_sha256, 32))) {
            memcpy(secret, entry->secret, SECRET_BYTES);
            return ERR_NONE;
        }
        if (entry->expires_s < oldest->expires_s)
            oldest = entry;
    }
    int64_t expires_s;
    err_t error = token_check(arena, keys, text, certificate_sha256, now_s, secret, &expires_s);
    if (error.code != ERR_OK)
        return error;
    memcpy(oldest->hash, hash, 32);
    memcpy(oldest->certificate, certificate_sha256, 32);
    memcpy(oldest->secret, secret, SECRET_BYTES);
    oldest->expires_s = expires_s;
    return ERR_NONE;
}
