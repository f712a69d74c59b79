/* SPDX-License-Identifier: Apache-2.0
 * Signing with OpenSSL. */
#include "api/certify.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "api/keys.h"

static void free_csr(void *csr)
{
    X509_REQ_free(csr);
}

static bool is_key_fit(EVP_PKEY *key)
{
    char group[32] = "";
    size_t len = 0;
    return key && EVP_PKEY_is_a(key, "EC") &&
           EVP_PKEY_get_group_name(key, group, sizeof group, &len) &&
           (strcmp(group, "prime256v1") == 0 || strcmp(group, "secp384r1") == 0);
}

err_t certify_read(arena_t *arena, str_t pem, X509_REQ **csr, unsigned char spki_sha256[32])
{
    err_t bad = err_field(ERR_BAD_FIELD, "csr");
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    *csr = bio ? PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    if (!*csr)
        return bad;
    arena_own(arena, *csr, free_csr);
    EVP_PKEY *key = X509_REQ_get0_pubkey(*csr);
    if (!is_key_fit(key) || X509_REQ_verify(*csr, key) != 1)
        return bad;
    unsigned char *der = NULL;
    int len = i2d_PUBKEY(key, &der);
    if (len <= 0)
        return bad;
    keys_sha256(str_n((char *)der, (size_t)len), spki_sha256);
    OPENSSL_free(der);
    return ERR_NONE;
}

static bool add_name(X509_NAME *name, const char *entry, const char *text)
{
    return X509_NAME_add_entry_by_txt(name, entry, MBSTRING_UTF8, (const unsigned char *)text, -1,
                                      -1, 0) == 1;
}

static bool add_extension(X509 *certificate, X509 *ca, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, ca, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool is_done = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_done;
}

static bool fill(X509 *certificate, X509 *ca, X509_REQ *csr, const char *subject,
                 const char *organisation, int64_t now_s)
{
    unsigned char serial[16];
    time_t from = (time_t)(now_s - 60), to = (time_t)(now_s + 86400 * (int64_t)CERTIFY_LIFE_DAYS);
    if (RAND_bytes(serial, sizeof serial) != 1)
        return false;
    serial[0] &= 0x7f;
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    bool is_serial = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    X509_NAME *name = X509_get_subject_name(certificate);
    return is_serial && X509_set_version(certificate, 2) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), from) &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), to) &&
           X509_set_issuer_name(certificate, X509_get_subject_name(ca)) == 1 &&
           add_name(name, "O", organisation) && add_name(name, "CN", subject) &&
           X509_set_pubkey(certificate, X509_REQ_get0_pubkey(csr)) == 1 &&
           add_extension(certificate, ca, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, ca, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, ca, NID_ext_key_usage, "clientAuth") &&
           add_extension(certificate, ca, NID_subject_key_identifier, "hash") &&
           add_extension(certificate, ca, NID_authority_key_identifier, "keyid");
}

static str_t to_pem(arena_t *arena, X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    str_t copy = {NULL, 0};
    if (bio && PEM_write_bio_X509(bio, certificate) == 1) {
        long len = BIO_get_mem_data(bio, &text);
        copy = arena_copy(arena, str_n(text, (size_t)len));
    }
    BIO_free(bio);
    return copy;
}

err_t certify_sign(arena_t *arena, X509_REQ *csr, const char *ca_path, const char *key_path,
                   const char *subject, const char *organisation, int64_t now_s, str_t *certificate,
                   str_t *ca)
{
    BIO *ca_file = BIO_new_file(ca_path, "r"), *key_file = BIO_new_file(key_path, "r");
    X509 *issuer = ca_file ? PEM_read_bio_X509(ca_file, NULL, NULL, NULL) : NULL;
    EVP_PKEY *key = key_file ? PEM_read_bio_PrivateKey(key_file, NULL, NULL, NULL) : NULL;
    X509 *made = X509_new();
    err_t error = err_of(ERR_UNAVAILABLE);
    if (made && issuer && key && X509_check_private_key(issuer, key) == 1) {
        error = err_of(ERR_INTERNAL);
        if (fill(made, issuer, csr, subject, organisation, now_s) &&
            X509_sign(made, key, EVP_sha256()) > 0) {
            *certificate = to_pem(arena, made);
            *ca = to_pem(arena, issuer);
            if (certificate->ptr && ca->ptr)
                error = ERR_NONE;
        }
    }
    X509_free(made);
    EVP_PKEY_free(key);
    X509_free(issuer);
    BIO_free(ca_file);
    BIO_free(key_file);
    return error;
}
