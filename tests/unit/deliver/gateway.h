/* SPDX-License-Identifier: Apache-2.0
 * One SMTP session of many letters, and the gateway program it talks to. */
#ifndef CLIENTELE_TESTS_DELIVER_GATEWAY_H
#define CLIENTELE_TESTS_DELIVER_GATEWAY_H

#include <sys/types.h>

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

extern pid_t gateway_pid;

/* Plain SMTP, TLS when it is offered. */
extern const smtp_options_t gateway_clear;

/* One session of `count` letters with a port of this machine. */
void gateway_session(run_t *run, int port, const smtp_options_t *options, int count);

/* A port nobody listens on. */
int gateway_port(void);

/* Start smtp-sink with up to two options; the test is skipped where it is not installed. */
int gateway_start(const char *option, const char *value);

void gateway_stop(void);

#endif
