/* SPDX-License-Identifier: Apache-2.0
 * See cert.h. */
#include "cert.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void must(int is_good, const char *what)
{
    if (!is_good) {
        (void)fprintf(stderr, "cert: %s\n", what);
        exit(1);
    }
}

static FILE *create(const char *folder, const char *name)
{
    char path[400];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    must(file != NULL, path);
    (void)chmod(path, 0600);
    return file;
}

static void add(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    must(extension && X509_add_ext(certificate, extension, -1) == 1, value);
    X509_EXTENSION_free(extension);
}

static X509 *sign(EVP_PKEY *key, const char *name, long serial, X509 *issuer, EVP_PKEY *issuer_key)
{
    X509 *certificate = X509_new();
    must(X509_set_version(certificate, 2) == 1, "version");
    (void)ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
    (void)X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    (void)X509_gmtime_adj(X509_getm_notAfter(certificate), 86400L * 300);
    (void)X509_set_pubkey(certificate, key);
    X509_NAME *subject = X509_get_subject_name(certificate);
    (void)X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                     -1, 0);
    (void)X509_set_issuer_name(certificate, issuer ? X509_get_subject_name(issuer) : subject);
    X509 *parent = issuer ? issuer : certificate;
    add(certificate, parent, NID_subject_key_identifier, "hash");
    if (!issuer) {
        add(certificate, parent, NID_basic_constraints, "critical,CA:TRUE");
        add(certificate, parent, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        add(certificate, parent, NID_basic_constraints, "critical,CA:FALSE");
        add(certificate, parent, NID_key_usage, "critical,digitalSignature");
        add(certificate, parent, NID_ext_key_usage, serial == 2 ? "serverAuth" : "clientAuth");
        if (serial == 2) {
            add(certificate, parent, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
        }
    }
    must(X509_sign(certificate, issuer_key, EVP_sha256()) > 0, "sign");
    return certificate;
}

static void save(const char *folder, const char *certificate_name, X509 *certificate,
                 const char *key_name, EVP_PKEY *key)
{
    FILE *file = create(folder, certificate_name);
    must(PEM_write_X509(file, certificate) == 1, certificate_name);
    (void)fclose(file);
    if (key_name) {
        file = create(folder, key_name);
        must(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1, key_name);
        (void)fclose(file);
    }
}

void cert_make(const char *folder)
{
    (void)mkdir(folder, 0700);
    EVP_PKEY *ca_key = EVP_EC_gen("P-256");
    EVP_PKEY *server_key = EVP_EC_gen("P-256");
    EVP_PKEY *client_key = EVP_EC_gen("P-256");
    X509 *ca = sign(ca_key, "Test CA", 1, NULL, ca_key);
    X509 *server = sign(server_key, "localhost", 2, ca, ca_key);
    X509 *client = sign(client_key, "dealer", 3, ca, ca_key);
    save(folder, "ca.pem", ca, NULL, NULL);
    save(folder, "server.pem", server, "server.key", server_key);
    save(folder, "client.pem", client, "client.key", client_key);
    X509_free(ca);
    X509_free(server);
    X509_free(client);
    EVP_PKEY_free(ca_key);
    EVP_PKEY_free(server_key);
    EVP_PKEY_free(client_key);
}

size_t cert_settings(const char *folder, char (*pairs)[300], char **list)
{
    static const char *const files[][2] = {{"tls_certificate", "server.pem"},
                                           {"tls_key", "server.key"},
                                           {"dealer_ca", "ca.pem"},
                                           {"files_dir", ""},
                                           {"assets_dir", ""},
                                           {"journal_dir", ""}};
    size_t count = 0;
    cert_make(folder);
    for (; count < sizeof files / sizeof files[0]; count++) {
        (void)snprintf(pairs[count], 300, "%s=%s/%s", files[count][0], folder, files[count][1]);
        list[count] = pairs[count];
    }
    (void)snprintf(pairs[count], 300, "database=none");
    list[count] = pairs[count];
    return count + 1;
}
