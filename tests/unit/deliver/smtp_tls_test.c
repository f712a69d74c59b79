/* SPDX-License-Identifier: Apache-2.0
 * SMTP over TLS and log-in, against a small scripted server of the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway.h"

/* --- a scripted server with TLS --------------------------------------------------------------- */

static void put_line(SSL *ssl, int fd, const char *line)
{
    size_t length = strlen(line);
    ssize_t done = ssl != NULL ? SSL_write(ssl, line, (int)length) : write(fd, line, length);
    if (done < 0) {
        _exit(1);
    }
}

static bool get_line(SSL *ssl, int fd, char *line, size_t cap)
{
    size_t at = 0;
    while (at + 1 < cap) {
        ssize_t got = ssl != NULL ? SSL_read(ssl, line + at, 1) : read(fd, line + at, 1);
        if (got <= 0) {
            return false;
        }
        if (line[at++] == '\n') {
            break;
        }
    }
    line[at] = '\0';
    return true;
}

/* A certificate for "localhost", signed by itself. */
static SSL_CTX *server_context(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    (void)X509_set_version(certificate, 2);
    (void)ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    (void)X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    (void)X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    (void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost",
                                     -1, -1, 0);
    (void)X509_set_issuer_name(certificate, name);
    (void)X509_set_pubkey(certificate, key);
    (void)X509_sign(certificate, key, EVP_sha256());
    (void)SSL_CTX_use_certificate(ctx, certificate);
    (void)SSL_CTX_use_PrivateKey(ctx, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return ctx;
}

/* Serve one session: STARTTLS, AUTH, letters. With `poison` a reply is slipped in before TLS. */
static void serve(int listener, bool poison)
{
    char line[2000];
    SSL *ssl = NULL;
    SSL_CTX *ctx = server_context();
    int fd = accept(listener, NULL, NULL);
    bool is_content = false;
    put_line(NULL, fd, "220 test\r\n");
    while (get_line(ssl, fd, line, sizeof line)) {
        if (is_content) {
            is_content = strcmp(line, ".\r\n") != 0;
            if (!is_content) {
                put_line(ssl, fd, "250 2.0.0 taken\r\n");
            }
        } else if (strncmp(line, "EHLO", 4) == 0) {
            put_line(ssl, fd,
                     ssl != NULL ? "250-test\r\n250 AUTH LOGIN PLAIN\r\n"
                                 : "250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n");
        } else if (strncmp(line, "STARTTLS", 8) == 0) {
            put_line(NULL, fd, poison ? "220 go\r\n250-test\r\n250 PIPELINING\r\n" : "220 go\r\n");
            ssl = SSL_new(ctx);
            (void)SSL_set_fd(ssl, fd);
            if (SSL_accept(ssl) != 1) {
                _exit(1);
            }
        } else if (strncmp(line, "AUTH", 4) == 0) {
            /* \0robot\0secret */
            bool is_right = ssl != NULL && strcmp(line, "AUTH PLAIN AHJvYm90AHNlY3JldA==\r\n") == 0;
            put_line(ssl, fd, is_right ? "235 2.7.0 welcome\r\n" : "535 5.7.8 no\r\n");
        } else if (strncmp(line, "DATA", 4) == 0) {
            put_line(ssl, fd, "354 go\r\n");
            is_content = true;
        } else if (strncmp(line, "QUIT", 4) == 0) {
            put_line(ssl, fd, "221 bye\r\n");
            _exit(0);
        } else {
            put_line(ssl, fd, "250 ok\r\n");
        }
    }
    _exit(0);
}

static int start_server(bool poison)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t bytes = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    (void)inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 5), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &bytes), 0);
    gateway_pid = fork();
    if (gateway_pid == 0) {
        serve(fd, poison);
    }
    (void)close(fd);
    return ntohs(address.sin_port);
}

static void tls_and_login_come_before_letters(void **state)
{
    static run_t run;
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    smtp_options_t options = {.hello = "x.example",
                              .login = "robot",
                              .password = "secret",
                              .tls = SMTP_TLS_OFFERED,
                              .tls_ctx = ctx,
                              .letters_max = 100};
    (void)state;
    for (int poison = 0; poison <= 1; poison++) {
        gateway_session(&run, start_server(poison == 1), &options, 30);
        (void)waitpid(gateway_pid, NULL, 0);
        assert_int_equal(run.results[SMTP_ACCEPTED], 30);
        assert_string_equal(run.reason, "quit");
    }
    options.password = "wrong";
    gateway_session(&run, start_server(false), &options, 1);
    gateway_stop();
    assert_string_equal(run.reason, "login");
    assert_int_equal(run.next, 0);
    options.tls = SMTP_TLS_OFF; /* a password never goes in clear */
    gateway_session(&run, start_server(false), &options, 1);
    gateway_stop();
    assert_string_equal(run.reason, "no-login");
    SSL_CTX_free(ctx);
}

/* A letter through a gateway that must speak TLS, by a client that trusts no authority. */
static void send_with_tls_required(run_t *run, int port)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    smtp_options_t options = {.hello = "x.example",
                              .host = "localhost",
                              .login = "",
                              .password = "",
                              .tls = SMTP_TLS_REQUIRED,
                              .tls_ctx = ctx,
                              .letters_max = 100};
    gateway_session(run, port, &options, 1);
    gateway_stop();
    SSL_CTX_free(ctx);
}

static void required_tls_checks_the_certificate(void **state)
{
    static run_t run;
    (void)state;
    send_with_tls_required(&run, start_server(false));
    assert_string_equal(run.reason, "tls");
    assert_int_equal(run.next, 0);
}

static void required_tls_is_not_waived_by_a_gateway_without_it(void **state)
{
    static run_t run;
    (void)state;
    send_with_tls_required(&run, gateway_start(NULL, NULL)); /* offers no STARTTLS */
    assert_string_equal(run.reason, "no-tls");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_and_login_come_before_letters),
        cmocka_unit_test(required_tls_checks_the_certificate),
        cmocka_unit_test(required_tls_is_not_waived_by_a_gateway_without_it),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
