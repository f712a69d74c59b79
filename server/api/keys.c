/* SPDX-License-Identifier: Apache-2.0
 * Secrets at work. */
#include "api/keys.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdio.h>

#include "base/check.h"
#include "base/mem.h"

void keys_sha256(str_t bytes, unsigned char out[32])
{
    CHECK(EVP_Digest(bytes.ptr, bytes.len, out, NULL, EVP_sha256(), NULL) == 1);
}

void keys_hmac(str_t key, str_t bytes, unsigned char out[32])
{
    unsigned len = 32;
    CHECK(HMAC(EVP_sha256(), key.ptr, (int)key.len, (const unsigned char *)bytes.ptr, bytes.len,
               out, &len));
}

static char *copy_pem(EVP_PKEY *key, bool is_private)
{
    BIO *bio = BIO_new(BIO_s_mem());
    bool is_done =
        bio && (is_private ? PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL)
                           : PEM_write_bio_PUBKEY(bio, key)) == 1;
    char *text = NULL, *copy = NULL;
    long len = is_done ? BIO_get_mem_data(bio, &text) : 0;
    if (len > 0)
        copy = mem_copy(text, (size_t)len);
    BIO_free(bio);
    return copy;
}

static const char *load_token(keys_t *keys, str_t pem)
{
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    keys->token = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    if (!keys->token)
        return "token_key: not a PEM private key";
    char group[32] = "";
    size_t len = 0;
    if (!EVP_PKEY_is_a(keys->token, "EC") ||
        !EVP_PKEY_get_group_name(keys->token, group, sizeof group, &len) ||
        strcmp(group, "prime256v1") != 0)
        return "token_key: not an EC key on P-256 (ES256)";
    unsigned char *der = NULL, hash[32];
    int der_len = i2d_PUBKEY(keys->token, &der);
    if (der_len <= 0)
        return "token_key: no public part";
    keys_sha256(str_n((char *)der, (size_t)der_len), hash);
    OPENSSL_free(der);
    str_to_hex(hash, 8, keys->token_id);
    keys->token_private_pem = copy_pem(keys->token, true);
    keys->token_public_pem = copy_pem(keys->token, false);
    return keys->token_private_pem && keys->token_public_pem ? NULL : "token_key: not usable";
}

static const char *load_sign(keys_t *keys, str_t pem)
{
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    keys->sign = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    if (!keys->sign || !EVP_PKEY_is_a(keys->sign, "ED25519"))
        return "sign_key: not an Ed25519 private key in PEM";
    unsigned char *der = NULL, hash[32];
    int der_len = i2d_PUBKEY(keys->sign, &der);
    if (der_len <= 0)
        return "sign_key: no public part";
    keys_sha256(str_n((char *)der, (size_t)der_len), hash);
    OPENSSL_free(der);
    str_to_hex(hash, 8, keys->sign_id);
    return NULL;
}

keys_t *keys_new(const config_t *config, char *reason, size_t reason_bytes)
{
    keys_t *keys = MEM_NEW(keys_t);
    const char *flaw = NULL;
    keys->csrf = config->csrf_key;
    keys->link = config->link_key;
    if (keys->csrf.len < 32)
        flaw = "csrf_key: missing or shorter than 32 bytes";
    else if (keys->link.len < 32)
        flaw = "link_key: missing or shorter than 32 bytes";
    else if (config->totp_key.len != 64 || !str_from_hex(config->totp_key, keys->totp))
        flaw = "totp_key: must be 32 bytes in hex";
    else if (config->token_key.len > 0)
        flaw = load_token(keys, config->token_key);
    if (!flaw && config->sign_key.len > 0)
        flaw = load_sign(keys, config->sign_key);
    keys->has_totp = flaw == NULL;
    if (!flaw)
        return keys;
    snprintf(reason, reason_bytes, "%s", flaw);
    keys_free(keys);
    return NULL;
}

void keys_free(keys_t *keys)
{
    if (!keys)
        return;
    EVP_PKEY_free(keys->token);
    EVP_PKEY_free(keys->sign);
    if (keys->token_private_pem)
        str_wipe(keys->token_private_pem, strlen(keys->token_private_pem));
    mem_free(keys->token_private_pem);
    mem_free(keys->token_public_pem);
    str_wipe(keys, sizeof *keys);
    mem_free(keys);
}

void keys_csrf(const keys_t *keys, const unsigned char secret[SECRET_BYTES], char out[44])
{
    unsigned char tag[32];
    keys_hmac(keys->csrf, str_n((const char *)secret, SECRET_BYTES), tag);
    out[str_to_base64url(tag, sizeof tag, out)] = 0;
}

static void link_tag(const keys_t *keys, char purpose, const unsigned char uuid[16],
                     unsigned char tag[32])
{
    char text[17];
    text[0] = purpose;
    memcpy(text + 1, uuid, 16);
    keys_hmac(keys->link, str_n(text, sizeof text), tag);
}

void keys_link_make(const keys_t *keys, char purpose, const unsigned char uuid[16],
                    char out[LINK_TEXT + 1])
{
    unsigned char raw[28], tag[32];
    link_tag(keys, purpose, uuid, tag);
    memcpy(raw, uuid, 16);
    memcpy(raw + 16, tag, 12);
    out[str_to_base64url(raw, sizeof raw, out)] = 0;
}

bool keys_link_read(const keys_t *keys, char purpose, str_t token, char uuid[37])
{
    unsigned char raw[32], tag[32];
    size_t len = 0;
    if (token.len != LINK_TEXT || !str_from_base64url(token, raw, &len) || len != 28)
        return false;
    link_tag(keys, purpose, raw, tag);
    if (!str_eq_secret(str_n((char *)raw + 16, 12), str_n((char *)tag, 12)))
        return false;
    char hex[32];
    str_to_hex(raw, 16, hex);
    snprintf(uuid, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
    return true;
}

/* AES-256-CTR whose counter begins at the tag, and the tag is a MAC of the text: deterministic, and
 * nothing is learnt of two positions but whether they are equal. */
static void position_crypt(const keys_t *keys, const unsigned char tag[POSITION_TAG], size_t len,
                           unsigned char *bytes)
{
    unsigned char key[32];
    int done = 0;
    keys_hmac(keys->link, STR("position: key"), key);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    CHECK(ctx && EVP_EncryptInit_ex2(ctx, EVP_aes_256_ctr(), key, tag, NULL) == 1 &&
          EVP_EncryptUpdate(ctx, bytes, &done, bytes, (int)len) == 1 && (size_t)done == len);
    EVP_CIPHER_CTX_free(ctx);
    OPENSSL_cleanse(key, sizeof key);
}

static void position_tag(const keys_t *keys, str_t text, unsigned char tag[32])
{
    unsigned char key[32];
    keys_hmac(keys->link, STR("position: tag"), key);
    keys_hmac(str_n((char *)key, sizeof key), text, tag);
    OPENSSL_cleanse(key, sizeof key);
}

size_t keys_position_bytes(size_t text_bytes)
{
    return POSITION_TAG + (text_bytes + POSITION_STEP - 1) / POSITION_STEP * POSITION_STEP;
}

void keys_position_seal(const keys_t *keys, str_t text, unsigned char *out)
{
    size_t len = keys_position_bytes(text.len) - POSITION_TAG;
    unsigned char tag[32], *body = out + POSITION_TAG;
    memset(body, 0, len);
    if (text.len)
        memcpy(body, text.ptr, text.len);
    position_tag(keys, str_n((char *)body, len), tag);
    memcpy(out, tag, POSITION_TAG);
    position_crypt(keys, tag, len, body);
}

bool keys_position_open(const keys_t *keys, str_t sealed, char *out, size_t *out_bytes)
{
    unsigned char tag[32];
    if (sealed.len <= POSITION_TAG || (sealed.len - POSITION_TAG) % POSITION_STEP)
        return false;
    size_t len = sealed.len - POSITION_TAG;
    memcpy(out, sealed.ptr + POSITION_TAG, len);
    position_crypt(keys, (const unsigned char *)sealed.ptr, len, (unsigned char *)out);
    position_tag(keys, str_n(out, len), tag);
    if (!str_eq_secret(str_n(sealed.ptr, POSITION_TAG), str_n((char *)tag, POSITION_TAG)))
        return false;
    while (len > 0 && out[len - 1] == 0)
        len--;
    *out_bytes = len;
    return true;
}

bool keys_seal(const keys_t *keys, str_t context, str_t plain, unsigned char *out)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int len = 0, rest = 0;
    bool is_done = ctx && RAND_bytes(out, 12) == 1 &&
                   EVP_EncryptInit_ex2(ctx, EVP_aes_256_gcm(), keys->totp, out, NULL) == 1 &&
                   EVP_EncryptUpdate(ctx, NULL, &len, (const unsigned char *)context.ptr,
                                     (int)context.len) == 1 &&
                   EVP_EncryptUpdate(ctx, out + 12, &len, (const unsigned char *)plain.ptr,
                                     (int)plain.len) == 1 &&
                   EVP_EncryptFinal_ex(ctx, out + 12 + len, &rest) == 1 &&
                   EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, 16, out + 12 + plain.len) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return is_done;
}

bool keys_open(const keys_t *keys, str_t context, str_t sealed, unsigned char *out)
{
    if (sealed.len < SEALED_OVERHEAD)
        return false;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    const unsigned char *in = (const unsigned char *)sealed.ptr;
    size_t plain = sealed.len - SEALED_OVERHEAD;
    int len = 0, rest = 0;
    bool is_done = ctx && EVP_DecryptInit_ex2(ctx, EVP_aes_256_gcm(), keys->totp, in, NULL) == 1 &&
                   EVP_DecryptUpdate(ctx, NULL, &len, (const unsigned char *)context.ptr,
                                     (int)context.len) == 1 &&
                   EVP_DecryptUpdate(ctx, out, &len, in + 12, (int)plain) == 1 &&
                   EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, 16,
                                       (void *)(uintptr_t)(in + 12 + plain)) == 1 &&
                   EVP_DecryptFinal_ex(ctx, out + len, &rest) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return is_done;
}
