/* SPDX-License-Identifier: Apache-2.0
 * SMTP sessions against a real gateway program: server/deliver/smtp, wire. The gateway is smtp-sink
 * of Debian's postfix package; TLS and log-in are tried against a small scripted server of the
 * test. */
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

#include "deliver/smtp.h"

enum { LETTERS_MAX = 1000, PATIENCE_S = 20 };

/* One run: how many letters, and what became of them. */
typedef struct {
    struct event_base *base;
    smtp_t *smtp;
    smtp_letter_t letters[LETTERS_MAX];
    char addresses[LETTERS_MAX][32];
    int count;
    int next;
    int returned;
    int dotted;
    int results[5];
    int code; /* of the last reply */
    bool is_over;
    bool was_ready;
    char reason[32];
} run_t;

static const char *const content = "Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n";

static smtp_letter_t *on_next(void *ctx)
{
    run_t *run = ctx;
    return run->next < run->count ? &run->letters[run->next++] : NULL;
}

static void on_dotted(void *ctx, smtp_letter_t *letter)
{
    run_t *run = ctx;
    (void)letter;
    run->dotted++;
}

static void on_result(void *ctx, smtp_letter_t *letter, smtp_result_t result, int code, str_t text)
{
    run_t *run = ctx;
    (void)letter;
    (void)text;
    run->results[result]++;
    run->code = code;
    if (++run->returned == run->count && run->smtp != NULL) {
        smtp_quit(run->smtp);
    }
}

static void on_ended(void *ctx, smtp_t *smtp, bool was_ready, const char *reason)
{
    run_t *run = ctx;
    (void)smtp;
    run->is_over = true;
    run->was_ready = was_ready;
    run->smtp = NULL;
    (void)snprintf(run->reason, sizeof run->reason, "%s", reason);
    (void)event_base_loopbreak(run->base);
}

static const smtp_events_t events = {on_next, on_dotted, on_result, on_ended};

/* One session of `count` letters with a port of this machine. */
static void run_session(run_t *run, int port, const smtp_options_t *options, int count)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval patience = {PATIENCE_S, 0};
    memset(run, 0, sizeof *run);
    (void)inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    run->base = event_base_new();
    run->count = count;
    for (int i = 0; i < count; i++) {
        (void)snprintf(run->addresses[i], sizeof run->addresses[i], "u%d@x.example", i);
        run->letters[i] =
            (smtp_letter_t){"news@x.example", run->addresses[i], {content, strlen(content)}, NULL};
    }
    run->smtp =
        smtp_open(run->base, (struct sockaddr *)&address, sizeof address, options, &events, run);
    assert_non_null(run->smtp);
    (void)event_base_loopexit(run->base, &patience);
    (void)event_base_dispatch(run->base);
    assert_true(run->is_over);
    assert_int_equal(run->returned, run->next);
    event_base_free(run->base);
}

/* --- the gateway program --------------------------------------------------------------------- */

static pid_t sink;

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t bytes = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    (void)inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &bytes), 0);
    (void)close(fd);
    return ntohs(address.sin_port);
}

/* Wait until something listens. */
static void wait_for(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    (void)inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    for (int i = 0; i < 300; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        int failed = connect(fd, (struct sockaddr *)&address, sizeof address);
        (void)close(fd);
        if (failed == 0) {
            return;
        }
        (void)usleep(10000);
    }
    fail_msg("the gateway does not listen");
}

/* Start smtp-sink with up to two options; the test is skipped where it is not installed. */
static int start_sink(const char *option, const char *value)
{
    static const char program[] = "/usr/sbin/smtp-sink";
    char where[40];
    int port = free_port();
    if (access(program, X_OK) != 0) {
        print_message("# skipped: no %s\n", program);
        skip();
    }
    (void)snprintf(where, sizeof where, "127.0.0.1:%d", port);
    sink = fork();
    if (sink == 0) {
        const char *args[8] = {program};
        int n = 1;
        if (geteuid() == 0) {
            args[n++] = "-u";
            args[n++] = "nobody";
        }
        if (option != NULL) {
            args[n++] = option;
        }
        if (value != NULL) {
            args[n++] = value;
        }
        args[n++] = where;
        args[n++] = "50";
        (void)execv(program, (char *const *)args);
        _exit(1);
    }
    wait_for(port);
    return port;
}

static void stop_sink(void)
{
    (void)kill(sink, SIGKILL);
    (void)waitpid(sink, NULL, 0);
}

static const smtp_options_t clear = {
    .hello = "x.example", .login = "", .password = "", .tls = SMTP_TLS_OFFERED, .letters_max = 600};

static void letters_go_with_pipelining_and_without(void **state)
{
    static const char *const options[] = {NULL, "-p", "-e"};
    static run_t run;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        int port = start_sink(options[i], NULL);
        run_session(&run, port, &clear, 500);
        stop_sink();
        assert_int_equal(run.results[SMTP_ACCEPTED], 500);
        assert_int_equal(run.dotted, 500);
        assert_string_equal(run.reason, "quit");
    }
}

static void a_session_ends_after_its_number_of_letters(void **state)
{
    static run_t run;
    int port = start_sink(NULL, NULL);
    (void)state;
    run_session(&run, port, &clear, 700);
    stop_sink();
    assert_int_equal(run.results[SMTP_ACCEPTED], 600);
    assert_int_equal(run.next, 600);
    assert_string_equal(run.reason, "quit");
}

static void refusals_are_told_apart(void **state)
{
    static const struct {
        const char *option, *command;
        smtp_result_t result;
        int code;
        int dotted;
    } cases[] = {
        {"-f", "RCPT", SMTP_FAILED, 500, 0},   {"-r", "RCPT", SMTP_DEFERRED, 450, 0},
        {"-f", "MAIL", SMTP_DEFERRED, 500, 0}, {"-r", "MAIL", SMTP_DEFERRED, 450, 0},
        {"-f", "DATA", SMTP_FAILED, 500, 0},   {"-r", "DATA", SMTP_DEFERRED, 450, 0},
        {"-f", ".", SMTP_FAILED, 500, 20},     {"-r", ".", SMTP_DEFERRED, 450, 20},
    };
    static run_t run;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int port = start_sink(cases[i].option, cases[i].command);
        run_session(&run, port, &clear, 20);
        stop_sink();
        assert_int_equal(run.results[cases[i].result], 20);
        assert_int_equal(run.code, cases[i].code);
        assert_int_equal(run.dotted, cases[i].dotted);
        assert_string_equal(run.reason, "quit");
    }
}

static void lost_sessions_say_what_is_known(void **state)
{
    static const struct {
        const char *option, *command;
        smtp_result_t result;
    } cases[] = {
        {"-q", "RCPT", SMTP_UNSENT},
        {"-q", "DATA", SMTP_UNSENT},
        {"-q", ".", SMTP_UNKNOWN},
        {"-Q", ".", SMTP_DEFERRED},
    };
    static run_t run;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int port = start_sink(cases[i].option, cases[i].command);
        run_session(&run, port, &clear, 1);
        stop_sink();
        assert_int_equal(run.results[cases[i].result], 1);
        assert_true(run.was_ready);
    }
}

static void an_absent_gateway_is_told_at_once(void **state)
{
    static run_t run;
    (void)state;
    run_session(&run, free_port(), &clear, 1);
    assert_int_equal(run.next, 0);
    assert_false(run.was_ready);
    assert_string_equal(run.reason, "connect");
}

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
    sink = fork();
    if (sink == 0) {
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
        run_session(&run, start_server(poison == 1), &options, 30);
        (void)waitpid(sink, NULL, 0);
        assert_int_equal(run.results[SMTP_ACCEPTED], 30);
        assert_string_equal(run.reason, "quit");
    }
    options.password = "wrong";
    run_session(&run, start_server(false), &options, 1);
    stop_sink();
    assert_string_equal(run.reason, "login");
    assert_int_equal(run.next, 0);
    options.tls = SMTP_TLS_OFF; /* a password never goes in clear */
    run_session(&run, start_server(false), &options, 1);
    stop_sink();
    assert_string_equal(run.reason, "no-login");
    SSL_CTX_free(ctx);
}

static void required_tls_checks_the_certificate(void **state)
{
    static run_t run;
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    smtp_options_t options = {.hello = "x.example",
                              .host = "localhost",
                              .login = "",
                              .password = "",
                              .tls = SMTP_TLS_REQUIRED,
                              .tls_ctx = ctx,
                              .letters_max = 100};
    (void)state;
    run_session(&run, start_server(false), &options, 1);
    stop_sink();
    assert_string_equal(run.reason, "tls");
    assert_int_equal(run.next, 0);
    int port = start_sink(NULL, NULL); /* offers no STARTTLS */
    run_session(&run, port, &options, 1);
    stop_sink();
    assert_string_equal(run.reason, "no-tls");
    SSL_CTX_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_go_with_pipelining_and_without),
        cmocka_unit_test(a_session_ends_after_its_number_of_letters),
        cmocka_unit_test(refusals_are_told_apart),
        cmocka_unit_test(lost_sessions_say_what_is_known),
        cmocka_unit_test(an_absent_gateway_is_told_at_once),
        cmocka_unit_test(tls_and_login_come_before_letters),
        cmocka_unit_test(required_tls_checks_the_certificate),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
