/* SPDX-License-Identifier: Apache-2.0
 * What smtp.c (letters) and smtp_hello.c (opening) share. Private to the session. */
#ifndef CLIENTELE_DELIVER_SMTP_OWN_H
#define CLIENTELE_DELIVER_SMTP_OWN_H

#include "deliver/reply.h"
#include "deliver/smtp.h"

enum {
    OPEN_MS = 30000,    /* connect, greeting, TLS, log-in: each step */
    COMMAND_MS = 60000, /* a reply to MAIL, RCPT, DATA */
    DOT_MS = 120000,    /* a reply to the final dot */
    IDLE_MS = 20000,    /* then QUIT */
    QUIT_MS = 5000,
    EXPECTED_MAX = 8 /* replies under way: at most dot, RSET, MAIL, RCPT, DATA */
};

/* What the next reply answers. */
typedef enum {
    ON_GREETING,
    ON_EHLO,
    ON_HELO,
    ON_STARTTLS,
    ON_AUTH,
    ON_MAIL,
    ON_RCPT,
    ON_DATA,
    ON_DOT,
    ON_VOID_DOT, /* ends the data of a letter whose recipient was refused */
    ON_RSET,
    ON_QUIT
} expected_t;

typedef enum {
    SMTP_OPENING,  /* up to and including log-in; ended by OPEN_MS a step */
    SMTP_READY,    /* letters go; ended by a reply's deadline */
    SMTP_QUITTING, /* QUIT is sent or waits for the letters under way */
    SMTP_OVER      /* `ended` was called */
} smtp_state_t;

struct smtp {
    const smtp_options_t *options;
    const smtp_events_t *events;
    void *ctx;
    wire_t *wire;
    smtp_state_t state;
    expected_t expected[EXPECTED_MAX];
    unsigned expected_count;
    /* what the gateway offers */
    bool has_pipelining;
    bool has_starttls;
    bool has_auth_plain;
    bool is_secure;
    bool was_ready;
    unsigned letters;        /* begun in this session */
    smtp_letter_t *envelope; /* MAIL, RCPT, DATA are under way */
    bool is_rcpt_refused;    /* of the envelope: it went back already */
    smtp_letter_t *sent;     /* content is out, the dot's reply is awaited */
    uint64_t dot_at;         /* output offset of the dot of `sent` */
    bool is_dotted;          /* `dotted` was called for it */
};

/** Append a command line and expect its reply. */
void smtp_command(smtp_t *smtp, expected_t what, const char *line);

/** Expect a reply. */
void smtp_expect(smtp_t *smtp, expected_t what);

/** The session is over: every letter goes back, then the owner hears it. Last act on `smtp`. */
void smtp_end(smtp_t *smtp, const char *reason);

/** Opening is done: letters may go. */
void smtp_become_ready(smtp_t *smtp);

/** Say EHLO; the reply and all others until READY go to smtp_on_opening. */
void smtp_say_hello(smtp_t *smtp);

/** Handle a reply before READY. out: false when the session ended */
bool smtp_on_opening(smtp_t *smtp, expected_t what, const reply_t *reply);

#endif
