/* SPDX-License-Identifier: Apache-2.0 */
#include "enrol.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "link.h"

#define PEM_BYTES 65536u

static bool crypto_fault(const char *what, fault_t *fault)
{
    char text[160];
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    return fault_set(fault, EXIT_USAGE, "cannot %s: %s", what, text);
}

/** Copy what was written to a memory BIO. */
static str_t bio_text(BIO *bio)
{
    char *text = NULL;
    long len = BIO_get_mem_data(bio, &text);
    return str_n(text, len > 0 ? (size_t)len : 0);
}

/** Make a signing request with an empty subject: the server names the dealer by the code. */
static bool request_pem(EVP_PKEY *key, BIO *out)
{
    X509_REQ *request = X509_REQ_new();
    X509_NAME *name = X509_NAME_new();
    bool is_made =
        request && name &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"dealer system",
                                   -1, -1, 0) == 1 &&
        X509_REQ_set_version(request, 0) == 1 && X509_REQ_set_subject_name(request, name) == 1 &&
        X509_REQ_set_pubkey(request, key) == 1 && X509_REQ_sign(request, key, EVP_sha256()) > 0 &&
        PEM_write_bio_X509_REQ(out, request) == 1;
    X509_NAME_free(name);
    X509_REQ_free(request);
    return is_made;
}

/** Tell whether a certificate is for our key. */
static bool is_ours(const char *certificate, EVP_PKEY *key)
{
    BIO *bio = BIO_new_mem_buf(certificate, -1);
    X509 *x509 = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    bool is_match = x509 && X509_check_private_key(x509, key) == 1;
    X509_free(x509);
    BIO_free(bio);
    return is_match;
}

/** Ask the server for a certificate. out: true and the reply with its certificate */
static bool ask(home_t *home, const char *code, str_t request, const char *ca_path, reply_t *reply,
                fault_t *fault)
{
    char sentence[400];
    link_t *link = link_open(home, ca_path, fault);
    if (!link)
        return false;
    json_t *body = json_pack("{s:s, s:s%}", "code", code, "csr", request.ptr, request.len);
    bool is_done = link_enrol(link, "/v1/enrol", body, reply, fault);
    json_decref(body);
    link_close(link);
    if (!is_done || (reply->status >= 200 && reply->status < 300))
        return is_done;
    reply_sentence(reply, sentence, sizeof sentence);
    bool is_away = reply->status >= 500 || reply->status == 429;
    reply_free(reply);
    return fault_set(fault, is_away ? EXIT_AWAY : EXIT_REFUSED, "%s", sentence);
}

/** Write CA, identity (key and certificate in one file, so that they always belong together),
 * settings. */
static bool keep(home_t *home, EVP_PKEY *key, const reply_t *reply, const char *ca_path,
                 fault_t *fault)
{
    const char *certificate = json_string_value(json_object_get(reply->body, "certificate"));
    const char *dealer = json_string_value(json_object_get(reply->body, "dealer_id"));
    const char *name = json_string_value(json_object_get(reply->body, "dealer_name"));
    if (!certificate || !is_ours(certificate, key))
        return fault_set(fault, EXIT_REFUSED,
                         "the server's answer holds no certificate of our key");
    snprintf(home->dealer_id, sizeof home->dealer_id, "%s", dealer ? dealer : "");
    snprintf(home->dealer_name, sizeof home->dealer_name, "%s", name ? name : "");
    BIO *text = BIO_new(BIO_s_mem());
    buf_t ca = buf_make(PEM_BYTES);
    bool is_kept = text && PEM_write_bio_PrivateKey(text, key, NULL, NULL, 0, NULL, NULL) == 1 &&
                   BIO_puts(text, certificate) > 0;
    if (!is_kept)
        crypto_fault("write the key", fault);
    is_kept = is_kept && (!ca_path || file_read(ca_path, PEM_BYTES, &ca, fault)) &&
              (!ca_path || home_replace(home, "ca.pem", buf_str(&ca), 0644, fault)) &&
              home_replace(home, "identity.pem", bio_text(text), 0600, fault) &&
              home_save(home, fault);
    BIO_free(text);
    buf_free(&ca);
    return is_kept;
}

bool enrol_with_code(home_t *home, const char *code, const char *ca_path, fault_t *fault)
{
    reply_t reply = {0};
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *request = BIO_new(BIO_s_mem());
    bool is_done = key && request && request_pem(key, request);
    if (!is_done)
        crypto_fault("make a key", fault);
    is_done = is_done && ask(home, code, bio_text(request), ca_path, &reply, fault) &&
              keep(home, key, &reply, ca_path, fault);
    reply_free(&reply);
    BIO_free(request);
    EVP_PKEY_free(key);
    return is_done;
}

bool enrol_days_left(const home_t *home, int *days, fault_t *fault)
{
    char path[HOME_PATH_BYTES];
    int seconds;
    home_path(home, "identity.pem", path);
    BIO *bio = BIO_new_file(path, "r");
    X509 *x509 = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    bool is_read = x509 && ASN1_TIME_diff(days, &seconds, NULL, X509_get0_notAfter(x509)) == 1;
    X509_free(x509);
    BIO_free(bio);
    return is_read || fault_set(fault, EXIT_USAGE, "no readable certificate in %s", home->dir);
}
