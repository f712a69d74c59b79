/* SPDX-License-Identifier: Apache-2.0
 * One SMTP session with the gateway: greeting, TLS, log-in, then letter after letter.
 *
 * The session pulls: whenever it can take a letter it asks for one, and it tells what became of
 * each. With PIPELINING the content of a letter and the envelope of the next go out in one write,
 * so that a letter costs one round trip. `dotted` comes before the write that may carry the final
 * dot: from then on, without an answer, nobody knows whether the gateway has taken the letter.
 *
 *     GREETING -> HELLO [-> TLS -> HELLO] [-> LOGIN] -> READY -> QUIT
 *
 * Source: RFC 5321, RFC 2920 (PIPELINING), RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 1047. */
#ifndef CLIENTELE_DELIVER_SMTP_H
#define CLIENTELE_DELIVER_SMTP_H

#include "deliver/wire.h"

/** How to treat TLS. */
typedef enum {
    SMTP_TLS_OFF,
    SMTP_TLS_OFFERED, /* when the gateway offers it, without checking its certificate */
    SMTP_TLS_REQUIRED /* and with a certificate that is right for the host */
} smtp_tls_t;

typedef struct {
    const char *hello;    /* our name in EHLO */
    const char *host;     /* the gateway's name for TLS; NULL when it is an address */
    const char *login;    /* "" for no AUTH */
    const char *password; /* of that login */
    smtp_tls_t tls;
    SSL_CTX *tls_ctx;        /* NULL only with SMTP_TLS_OFF */
    unsigned letters_max;    /* after so many the session ends and another begins */
    bool may_login_in_clear; /* loopback: AUTH without TLS */
} smtp_options_t;

/** A letter in the session's hands; the owner's memory, from `next` until `result`. */
typedef struct {
    const char *from; /* envelope addresses: ASCII, no spaces, no brackets */
    const char *to;
    str_t content; /* lines end in CR LF */
    void *owner;
} smtp_letter_t;

typedef enum {
    SMTP_ACCEPTED, /* the gateway has it */
    SMTP_DEFERRED, /* a 4xx reply, or the sender was refused: try again later */
    SMTP_FAILED,   /* a 5xx reply to the recipient or the content: never try again */
    SMTP_UNKNOWN,  /* the final dot may be on the wire and no reply came */
    SMTP_UNSENT    /* the session ended before the final dot */
} smtp_result_t;

typedef struct smtp smtp_t;

typedef struct {
    /** Give the next letter, or NULL when there is none now (smtp_wake asks again). */
    smtp_letter_t *(*next)(void *ctx);
    /** The final dot of this letter is about to be written. */
    void (*dotted)(void *ctx, smtp_letter_t *letter);
    /** The letter goes back. in: reply code, 0 when none; text of the reply, borrowed */
    void (*result)(void *ctx, smtp_letter_t *letter, smtp_result_t result, int code, str_t text);
    /** The session is over and will be freed by the callee's return; all letters went back.
     *  in: was_ready - it got as far as READY; reason - static identifier, "quit" for a good end */
    void (*ended)(void *ctx, smtp_t *smtp, bool was_ready, const char *reason);
} smtp_events_t;

/** Begin a session. in: options, events, ctx borrowed for its life. out: NULL without a socket */
smtp_t *smtp_open(struct event_base *base, const struct sockaddr *address, socklen_t address_bytes,
                  const smtp_options_t *options, const smtp_events_t *events, void *ctx);

/** Ask `next` again, if the session can take a letter. */
void smtp_wake(smtp_t *smtp);

/** End after the letters under way; `ended` follows. */
void smtp_quit(smtp_t *smtp);

/** Cut the connection now: letters go back as UNSENT or UNKNOWN, no `ended`. NULL is accepted. */
void smtp_free(smtp_t *smtp);

#endif
