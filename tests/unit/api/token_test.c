/* SPDX-License-Identifier: Apache-2.0
 * Tokens: ours are good for their time and certificate, everything else is refused with one answer.
 */
#include "test.h"

#include <jansson.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/token.h"
#include "base/mem.h"
#include "data.h"

enum { NOW_S = 1800000000 };

static arena_t *arena;
static keys_t *keys;
static unsigned char secret[SECRET_BYTES], certificate[32];

/* A fresh key as PEM text. */
static str_t make_key(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    assert_int_equal(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), 1);
    long len = BIO_get_mem_data(bio, &text);
    str_t pem = arena_copy(arena, str_n(text, (size_t)len));
    BIO_free(bio);
    EVP_PKEY_free(key);
    return pem;
}

static void make_keys(void)
{
    char reason[200] = "";
    config_t config = {0};
    config.csrf_key = STR("0123456789abcdef0123456789abcdef");
    config.link_key = STR("fedcba9876543210fedcba9876543210");
    config.totp_key = STR("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    config.token_key = make_key();
    keys = keys_new(&config, reason, sizeof reason);
    if (!keys)
        printf("%s\n", reason);
    memset(secret, 7, sizeof secret);
    memset(certificate, 9, sizeof certificate);
}

static str_t make(void)
{
    return token_make(arena, keys, STR("6b5a03c4-8516-4be6-a8b5-8130f2b9e20f"), secret, certificate,
                      NOW_S);
}

static err_code_t check(str_t token, int64_t now_s, const unsigned char *certificate_sha256)
{
    unsigned char found[SECRET_BYTES];
    int64_t expires_s;
    err_code_t code =
        token_check(arena, keys, token, certificate_sha256, now_s, found, &expires_s).code;
    if (code == ERR_OK) {
        assert_memory_equal(found, secret, sizeof found);
        assert_int_equal(expires_s, NOW_S + TOKEN_LIFE_S);
    }
    return code;
}

static void our_token_is_good_for_ten_minutes(void **state)
{
    (void)state;
    str_t token = make();
    assert_int_equal(check(token, NOW_S, certificate), ERR_OK);
    assert_int_equal(check(token, NOW_S + TOKEN_LIFE_S - 1, certificate), ERR_OK);
    assert_int_equal(check(token, NOW_S + TOKEN_LIFE_S, certificate), ERR_UNAUTHENTICATED);
    assert_int_equal(check(token, NOW_S - TOKEN_SKEW_S - 1, certificate), ERR_UNAUTHENTICATED);
}

static void another_certificate_cannot_use_it(void **state)
{
    (void)state;
    unsigned char other[32] = {1};
    assert_int_equal(check(make(), NOW_S, other), ERR_UNAUTHENTICATED);
}

static void any_changed_character_is_refused(void **state)
{
    (void)state;
    str_t token = make();
    char *copy = (char *)(uintptr_t)arena_copy(arena, token).ptr;
    for (size_t i = 0; i < token.len; i++) {
        char kept = copy[i];
        copy[i] = kept == 'A' ? 'B' : 'A';
        assert_int_equal(check(str_n(copy, token.len), NOW_S, certificate), ERR_UNAUTHENTICATED);
        copy[i] = kept;
    }
    for (size_t len = 0; len < token.len; len++)
        assert_int_equal(check(str_n(token.ptr, len), NOW_S, certificate), ERR_UNAUTHENTICATED);
}

static str_t base64(const char *text)
{
    char *out = arena_alloc(arena, 2 * strlen(text) + 4);
    return str_n(out, str_to_base64url((const unsigned char *)text, strlen(text), out));
}

/* Sign any header and claims with our key, as an attacker who can choose the words could not. */
static str_t sign(const char *header, const char *claims)
{
    str_t head = base64(header), body = base64(claims);
    str_t input =
        arena_printf(arena, "%.*s.%.*s", (int)head.len, head.ptr, (int)body.len, body.ptr);
    unsigned char der[80], raw[64];
    size_t der_len = sizeof der;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, keys->token), 1);
    assert_int_equal(
        EVP_DigestSign(ctx, der, &der_len, (const unsigned char *)input.ptr, input.len), 1);
    EVP_MD_CTX_free(ctx);
    const unsigned char *at = der;
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)der_len);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + 32, 32);
    ECDSA_SIG_free(pair);
    char text[90];
    size_t len = str_to_base64url(raw, 64, text);
    return arena_printf(arena, "%.*s.%.*s", (int)input.len, input.ptr, (int)len, text);
}

static const char *claims(const char *member, const char *value)
{
    char thumb[44] = "", jti[44] = "";
    thumb[str_to_base64url(certificate, 32, thumb)] = 0;
    jti[str_to_base64url(secret, 32, jti)] = 0;
    struct {
        const char *name;
        str_t value;
    } all[] = {{"iss", STR("\"" TOKEN_ISSUER "\"")},
               {"aud", STR("\"" TOKEN_AUDIENCE "\"")},
               {"iat", STR("1800000000")},
               {"nbf", STR("1800000000")},
               {"exp", STR("1800000600")},
               {"jti", arena_printf(arena, "\"%s\"", jti)},
               {"cnf", arena_printf(arena, "{\"x5t#S256\":\"%s\"}", thumb)}};
    buf_t out = buf_make(4096);
    buf_add_c(&out, '{');
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        bool is_it = member && strcmp(member, all[i].name) == 0;
        if (is_it && !value)
            continue;
        buf_addf(&out, "%s\"%s\":%s", out.len > 1 ? "," : "", all[i].name,
                 is_it ? value : all[i].value.ptr);
    }
    buf_add_c(&out, '}');
    const char *text = arena_copy(arena, buf_str(&out)).ptr;
    buf_free(&out);
    return text;
}

static void every_claim_is_required_and_exact(void **state)
{
    (void)state;
    str_t header =
        arena_printf(arena, "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", keys->token_id);
    assert_int_equal(check(sign(header.ptr, claims(NULL, NULL)), NOW_S, certificate), ERR_OK);
    static const struct {
        const char *member, *value;
    } bad[] = {
        {"iss", NULL},
        {"iss", "\"other\""},
        {"aud", NULL},
        {"aud", "\"web\""},
        {"aud", "[\"clientele-exchange\"]"},
        {"iat", NULL},
        {"iat", "1800009999"},
        {"nbf", NULL},
        {"nbf", "1800009999"},
        {"exp", NULL},
        {"exp", "1800000000"},
        {"exp", "1900000000"},
        {"exp", "\"1800000600\""},
        {"exp", "1800000600.5"},
        {"jti", NULL},
        {"jti", "\"short\""},
        {"cnf", NULL},
        {"cnf", "{}"},
        {"cnf", "{\"x5t#S256\":\"\"}"},
        {"cnf", "\"x5t#S256\""},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(
            check(sign(header.ptr, claims(bad[i].member, bad[i].value)), NOW_S, certificate),
            ERR_UNAUTHENTICATED);
}

static void the_header_chooses_nothing(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"K\"}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"K\"}",
        "{\"alg\":\"ES384\",\"typ\":\"JWT\",\"kid\":\"K\"}",
        "{\"alg\":\"es256\",\"typ\":\"JWT\",\"kid\":\"K\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"K\"}",
        "{\"alg\":\"ES256\",\"kid\":\"K\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"../../etc/passwd\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"x' or '1'='1\"}",
        "{\"alg\":\"ES256\",\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"K\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"K\",\"jku\":\"https://x.example\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"K\",\"jwk\":{}}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"K\",\"x5u\":\"https://x.example\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"K\",\"x5c\":[]}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"K\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"K\",\"b64\":false}",
        "{\"alg\":[\"ES256\"],\"typ\":\"JWT\",\"kid\":\"K\"}",
        "[\"ES256\"]",
        "\"ES256\"",
        "{}",
        "",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        buf_t header = buf_make(1000); /* K stands for our key's name */
        for (const char *at = headers[i]; *at; at++) {
            if (strncmp(at, "\"K\"", 3) == 0) {
                buf_addf(&header, "\"%s\"", keys->token_id);
                at += 2;
            } else {
                buf_add_c(&header, *at);
            }
        }
        buf_add_c(&header, 0);
        assert_int_equal(check(sign(header.ptr, claims(NULL, NULL)), NOW_S, certificate),
                         ERR_UNAUTHENTICATED);
        buf_free(&header);
    }
}

static void the_cache_answers_for_its_certificate_and_time_only(void **state)
{
    (void)state;
    token_cache_t *cache = token_cache_new();
    unsigned char found[SECRET_BYTES], other[32] = {1};
    str_t token = make();
    for (int i = 0; i < 3; i++)
        assert_int_equal(token_cached(cache, arena, keys, token, certificate, NOW_S, found).code,
                         ERR_OK);
    assert_memory_equal(found, secret, sizeof secret);
    assert_int_equal(token_cached(cache, arena, keys, token, other, NOW_S, found).code,
                     ERR_UNAUTHENTICATED);
    assert_int_equal(
        token_cached(cache, arena, keys, token, certificate, NOW_S + TOKEN_LIFE_S, found).code,
        ERR_UNAUTHENTICATED);
    token_cache_free(cache);
}

/* --- public test vectors -------------------------------------------------------------------------
 */

static EVP_PKEY *key_of_jwk(const json_t *jwk)
{
    const char *x = json_string_value(json_object_get(jwk, "x"));
    const char *y = json_string_value(json_object_get(jwk, "y"));
    unsigned char point[65] = {4};
    size_t len = 0;
    if (!x || !y || strlen(x) != 43 || strlen(y) != 43 ||
        !str_from_base64url(str_of(x), point + 1, &len) ||
        !str_from_base64url(str_of(y), point + 33, &len))
        return NULL;
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                         (char *)(uintptr_t) "prime256v1", 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end()};
    if (EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(ctx);
    return key;
}

/* Keys and algorithms other than ours count as refused; ES256 on P-256 must agree with every case.
 */
static void the_public_vectors_are_met(void **state)
{
    (void)state;
    str_t text = data_read(arena, "jwt/json_web_signature_test.json");
    if (!text.ptr)
        skip();
    json_t *file = json_loadb(text.ptr, text.len, 0, NULL), *group, *test;
    unsigned ours = 0, total = 0, accepted = 0;
    size_t g, t;
    assert_non_null(file);
    json_array_foreach(json_object_get(file, "testGroups"), g, group)
    {
        const json_t *jwk = json_object_get(group, "public");
        const char *crv = json_string_value(json_object_get(jwk, "crv"));
        const char *use = json_string_value(json_object_get(jwk, "use"));
        const char *alg = json_string_value(json_object_get(jwk, "alg"));
        bool is_ours = crv && strcmp(crv, "P-256") == 0 && alg && strcmp(alg, "ES256") == 0 &&
                       (!use || strcmp(use, "sig") == 0);
        EVP_PKEY *key = is_ours ? key_of_jwk(jwk) : NULL;
        json_array_foreach(json_object_get(group, "tests"), t, test)
        {
            const json_t *jws = json_object_get(test, "jws");
            const char *result = json_string_value(json_object_get(test, "result"));
            str_t payload;
            EVP_PKEY *with = key ? key : keys->token;
            bool is_good =
                json_is_string(jws) &&
                token_signature(arena, with, NULL, NULL, str_of(json_string_value(jws)), &payload);
            bool is_expected = key && strcmp(result, "valid") == 0;
            if (is_good != is_expected)
                printf("case %lld: %s\n",
                       (long long)json_integer_value(json_object_get(test, "tcId")),
                       json_string_value(json_object_get(test, "comment")));
            assert_int_equal(is_good, is_expected);
            total++;
            ours += key != NULL;
            accepted += is_good;
        }
        EVP_PKEY_free(key);
    }
    json_decref(file);
    printf("%u cases, %u with an ES256 key, %u accepted\n", total, ours, accepted);
    assert_int_equal(total, 401);
    assert_int_equal(accepted, 2);
}

int main(void)
{
    arena = arena_new((size_t)256 << 20);
    make_keys();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_token_is_good_for_ten_minutes),
        cmocka_unit_test(another_certificate_cannot_use_it),
        cmocka_unit_test(any_changed_character_is_refused),
        cmocka_unit_test(every_claim_is_required_and_exact),
        cmocka_unit_test(the_header_chooses_nothing),
        cmocka_unit_test(the_cache_answers_for_its_certificate_and_time_only),
        cmocka_unit_test(the_public_vectors_are_met),
    };
    int failed = keys ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    keys_free(keys);
    arena_free(arena);
    return failed;
}
