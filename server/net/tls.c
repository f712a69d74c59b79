/* SPDX-License-Identifier: Apache-2.0
 * Context settings. What a scanner grades stands here, in one place. */
#include "net/tls.h"
#include "base/file.h"
#include "base/mem.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#define CIPHERS_12                                                                                 \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"                                 \
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256:"                                   \
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305"
#define CIPHERS_13 "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
#define GROUPS     "X25519:P-256"
#define SIGNATURES                                                                                 \
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA+SHA256"
#define CLIENT_CHAIN_DEPTH 2

struct tls {
    _Atomic int references;
    SSL_CTX *contexts[2]; /* LISTENER_BROWSER, LISTENER_DEALER */
    int64_t expires_s;
};

static const unsigned char offered[] = "\x02h2\x08http/1.1";

/* Choose h2, then http/1.1; a client that offers only other protocols is refused by alert. */
static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                       const unsigned char *in, unsigned int in_len, void *argument)
{
    (void)ssl;
    (void)argument;
    unsigned char *chosen = NULL;
    int result = SSL_select_next_proto(&chosen, out_len, offered, sizeof offered - 1, in, in_len);
    *out = chosen;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* A name the certificate does not carry is refused by alert: nobody may aim other traffic here. */
static int check_name(SSL *ssl, int *alert, void *argument)
{
    (void)argument;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (!name || X509_check_host(SSL_get_certificate(ssl), name, 0, 0, NULL) == 1) {
        return SSL_TLSEXT_ERR_OK;
    }
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static void set_protocol(SSL_CTX *context)
{
    (void)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    (void)SSL_CTX_set_cipher_list(context, CIPHERS_12);
    (void)SSL_CTX_set_ciphersuites(context, CIPHERS_13);
    (void)SSL_CTX_set1_groups_list(context, GROUPS);
    (void)SSL_CTX_set1_sigalgs_list(context, SIGNATURES);
    (void)SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                           SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                           SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    (void)SSL_CTX_set_num_tickets(context, 0);
    (void)SSL_CTX_set_max_early_data(context, 0);
    (void)SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_alpn_select_cb(context, choose_alpn, NULL);
    (void)SSL_CTX_set_tlsext_servername_callback(context, check_name);
}

/* Write the oldest OpenSSL error after a sentence of ours. */
static bool fail(const char *what, char *reason, size_t reason_bytes)
{
    char text[160] = "";
    unsigned long code = ERR_get_error();
    if (code != 0) {
        ERR_error_string_n(code, text, sizeof text);
    }
    ERR_clear_error();
    (void)snprintf(reason, reason_bytes, "%s %s", what, text);
    return false;
}

static bool load_identity(SSL_CTX *context, const config_t *config, char *reason, size_t bytes)
{
    if (SSL_CTX_use_certificate_chain_file(context, config->tls_certificate) != 1) {
        return fail("tls_certificate:", reason, bytes);
    }
    if (!file_is_private(config->tls_key)) {
        return fail("tls_key: missing or readable by others (mode 0600 or stricter)", reason,
                    bytes);
    }
    if (SSL_CTX_use_PrivateKey_file(context, config->tls_key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return fail("tls_key:", reason, bytes);
    }
    return true;
}

static bool load_dealer_ca(SSL_CTX *context, const config_t *config, char *reason, size_t bytes)
{
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(config->dealer_ca);
    if (!names || SSL_CTX_load_verify_locations(context, config->dealer_ca, NULL) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return fail("dealer_ca:", reason, bytes);
    }
    SSL_CTX_set_client_CA_list(context, names);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_verify_depth(context, CLIENT_CHAIN_DEPTH);
    (void)SSL_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT);
    return true;
}

static bool read_expiry(tls_t *tls, char *reason, size_t bytes)
{
    const X509 *certificate = SSL_CTX_get0_certificate(tls->contexts[LISTENER_BROWSER]);
    struct tm until = {0};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &until) != 1) {
        return fail("tls_certificate: no expiry", reason, bytes);
    }
    tls->expires_s = (int64_t)timegm(&until);
    return tls_days_left(tls) >= 0 ? true : fail("tls_certificate: expired", reason, bytes);
}

tls_t *tls_load(const config_t *config, char *reason, size_t reason_bytes)
{
    tls_t *tls = MEM_NEW(tls_t);
    atomic_init(&tls->references, 1);
    bool is_done = true;
    for (int kind = LISTENER_BROWSER; kind <= LISTENER_DEALER && is_done; kind++) {
        SSL_CTX *context = SSL_CTX_new(TLS_server_method());
        tls->contexts[kind] = context;
        is_done = context ? load_identity(context, config, reason, reason_bytes)
                          : fail("SSL_CTX_new", reason, reason_bytes);
        if (is_done) {
            set_protocol(context);
        }
    }
    is_done = is_done &&
              load_dealer_ca(tls->contexts[LISTENER_DEALER], config, reason, reason_bytes) &&
              read_expiry(tls, reason, reason_bytes);
    if (!is_done) {
        tls_drop(tls);
        return NULL;
    }
    return tls;
}

tls_t *tls_hold(tls_t *tls)
{
    atomic_fetch_add(&tls->references, 1);
    return tls;
}

void tls_drop(tls_t *tls)
{
    if (tls && atomic_fetch_sub(&tls->references, 1) == 1) {
        SSL_CTX_free(tls->contexts[LISTENER_BROWSER]);
        SSL_CTX_free(tls->contexts[LISTENER_DEALER]);
        mem_free(tls);
    }
}

int64_t tls_days_left(const tls_t *tls)
{
    int64_t left_s = tls->expires_s - (int64_t)time(NULL);
    return left_s < 0 ? -1 : left_s / 86400;
}

struct ssl_st *tls_accept(tls_t *tls, listener_kind_t kind, int fd)
{
    SSL *ssl = SSL_new(tls->contexts[kind]);
    if (ssl && SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        ssl = NULL;
    }
    if (ssl) {
        SSL_set_accept_state(ssl);
    }
    return ssl;
}

bool tls_is_http2(const struct ssl_st *ssl)
{
    const unsigned char *name = NULL;
    unsigned int len = 0;
    SSL_get0_alpn_selected(ssl, &name, &len);
    return len == 2 && memcmp(name, "h2", 2) == 0;
}

bool tls_peer(const struct ssl_st *ssl, tls_peer_t *peer)
{
    X509 *certificate = SSL_get1_peer_certificate(ssl);
    if (!certificate) {
        return false;
    }
    unsigned char *der = NULL;
    unsigned int lens[2] = {0, 0};
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    bool is_done =
        len > 0 &&
        EVP_Digest(der, (size_t)len, peer->spki_sha256, &lens[0], EVP_sha256(), NULL) == 1 &&
        X509_digest(certificate, EVP_sha256(), peer->certificate_sha256, &lens[1]) == 1;
    OPENSSL_free(der);
    X509_free(certificate);
    return is_done && lens[0] == 32 && lens[1] == 32;
}
