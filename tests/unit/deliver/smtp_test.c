/* SPDX-License-Identifier: Apache-2.0
 * SMTP sessions against a real gateway program: server/deliver/smtp, wire. The gateway is smtp-sink
 * of Debian's postfix package; TLS and log-in: smtp_tls_test.c. */
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

static void letters_go_with_pipelining_and_without(void **state)
{
    static const char *const options[] = {NULL, "-p", "-e"};
    static run_t run;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        int port = gateway_start(options[i], NULL);
        gateway_session(&run, port, &gateway_clear, 500);
        gateway_stop();
        assert_int_equal(run.results[SMTP_ACCEPTED], 500);
        assert_int_equal(run.dotted, 500);
        assert_string_equal(run.reason, "quit");
    }
}

static void a_session_ends_after_its_number_of_letters(void **state)
{
    static run_t run;
    int port = gateway_start(NULL, NULL);
    (void)state;
    gateway_session(&run, port, &gateway_clear, 700);
    gateway_stop();
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
        int port = gateway_start(cases[i].option, cases[i].command);
        gateway_session(&run, port, &gateway_clear, 20);
        gateway_stop();
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
        int port = gateway_start(cases[i].option, cases[i].command);
        gateway_session(&run, port, &gateway_clear, 1);
        gateway_stop();
        assert_int_equal(run.results[cases[i].result], 1);
        assert_true(run.was_ready);
    }
}

static void an_absent_gateway_is_told_at_once(void **state)
{
    static run_t run;
    (void)state;
    gateway_session(&run, gateway_port(), &gateway_clear, 1);
    assert_int_equal(run.next, 0);
    assert_false(run.was_ready);
    assert_string_equal(run.reason, "connect");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_go_with_pipelining_and_without),
        cmocka_unit_test(a_session_ends_after_its_number_of_letters),
        cmocka_unit_test(refusals_are_told_apart),
        cmocka_unit_test(lost_sessions_say_what_is_known),
        cmocka_unit_test(an_absent_gateway_is_told_at_once),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
