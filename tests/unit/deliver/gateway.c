/* SPDX-License-Identifier: Apache-2.0 */
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
void gateway_session(run_t *run, int port, const smtp_options_t *options, int count)
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

pid_t gateway_pid;

int gateway_port(void)
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

/* Start smtp-sink with up to two options; the test is skipped where it is not installed. tests/run
 * names one that it unpacked where postfix is not installed. */
int gateway_start(const char *option, const char *value)
{
    const char *named = getenv("CLIENTELE_SMTP_SINK");
    const char *program = named != NULL ? named : "/usr/sbin/smtp-sink";
    char where[40];
    int port = gateway_port();
    if (access(program, X_OK) != 0) {
        print_message("# skipped: no %s\n", program);
        skip();
    }
    (void)snprintf(where, sizeof where, "127.0.0.1:%d", port);
    gateway_pid = fork();
    if (gateway_pid == 0) {
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

void gateway_stop(void)
{
    (void)kill(gateway_pid, SIGKILL);
    (void)waitpid(gateway_pid, NULL, 0);
}

const smtp_options_t gateway_clear = {
    .hello = "x.example", .login = "", .password = "", .tls = SMTP_TLS_OFFERED, .letters_max = 600};
