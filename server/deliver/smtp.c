/* SPDX-License-Identifier: Apache-2.0
 * One SMTP session with the gateway. See smtp.h. */
#include "deliver/smtp.h"

#include "base/check.h"
#include "base/mem.h"
#include "deliver/reply.h"

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

/* --- small parts ---------------------------------------------------------------------------- */

static void expect(smtp_t *smtp, expected_t what)
{
    CHECK(smtp->expected_count < EXPECTED_MAX);
    smtp->expected[smtp->expected_count++] = what;
}

static void command(smtp_t *smtp, expected_t what, const char *line)
{
    buf_t *out = wire_output(smtp->wire);
    buf_add_str(out, str_of(line));
    BUF_ADD(out, "\r\n");
    expect(smtp, what);
}

static void command_address(smtp_t *smtp, expected_t what, const char *verb, const char *address)
{
    buf_t *out = wire_output(smtp->wire);
    buf_add_str(out, str_of(verb));
    buf_add_c(out, '<');
    buf_add_str(out, str_of(address));
    BUF_ADD(out, ">\r\n");
    expect(smtp, what);
}

static void give_back(smtp_t *smtp, smtp_letter_t **letter, smtp_result_t result, int code,
                      str_t text)
{
    smtp_letter_t *given = *letter;
    *letter = NULL;
    if (given != NULL) {
        smtp->events->result(smtp->ctx, given, result, code, text);
    }
}

/* Letters under way go back; whether the final dot left the process decides about the one sent. */
static void give_all_back(smtp_t *smtp)
{
    bool is_doubtful = smtp->is_dotted && wire_sent(smtp->wire) > smtp->dot_at;
    smtp->state = SMTP_OVER;
    give_back(smtp, &smtp->sent, is_doubtful ? SMTP_UNKNOWN : SMTP_UNSENT, 0, STR(""));
    if (!smtp->is_rcpt_refused) {
        give_back(smtp, &smtp->envelope, SMTP_UNSENT, 0, STR(""));
    }
}

/* The session is over: every letter goes back, then the owner hears it. Last act on `smtp`. */
static void end(smtp_t *smtp, const char *reason)
{
    if (smtp->state == SMTP_OVER) {
        return;
    }
    give_all_back(smtp);
    smtp->events->ended(smtp->ctx, smtp, smtp->was_ready, reason);
    wire_free(smtp->wire);
    mem_free(smtp);
}

static void set_deadline(smtp_t *smtp)
{
    int ms = OPEN_MS;
    if (smtp->state == SMTP_READY) {
        ms = smtp->sent != NULL ? DOT_MS : (smtp->expected_count > 0 ? COMMAND_MS : IDLE_MS);
    } else if (smtp->state == SMTP_QUITTING) {
        ms = smtp->sent != NULL ? DOT_MS : QUIT_MS;
    }
    wire_deadline(smtp->wire, ms);
}

/* --- letters -------------------------------------------------------------------------------- */

/* Append the content with dots doubled at line beginnings, and the final dot. */
static void put_content(smtp_t *smtp, str_t content)
{
    buf_t *out = wire_output(smtp->wire);
    bool is_line_begin = true;
    size_t from = 0;
    for (size_t i = 0; i < content.len; i++) {
        if (is_line_begin && content.ptr[i] == '.') {
            buf_add(out, content.ptr + from, i - from);
            buf_add_c(out, '.');
            from = i;
        }
        is_line_begin = content.ptr[i] == '\n';
    }
    buf_add(out, content.ptr + from, content.len - from);
    if (!is_line_begin) {
        BUF_ADD(out, "\r\n");
    }
    smtp->dot_at = wire_appended(smtp->wire);
    BUF_ADD(out, ".\r\n");
}

/* Ask the owner for a letter and send its envelope, as far as may go in one write. */
static void begin_letter(smtp_t *smtp)
{
    bool may_overlap = smtp->has_pipelining || smtp->sent == NULL;
    if (smtp->state != SMTP_READY || smtp->envelope != NULL || !may_overlap) {
        return;
    }
    if (smtp->letters == smtp->options->letters_max) {
        smtp_quit(smtp);
        return;
    }
    smtp->envelope = smtp->events->next(smtp->ctx);
    if (smtp->envelope == NULL) {
        return;
    }
    smtp->letters++;
    smtp->is_rcpt_refused = false;
    command_address(smtp, ON_MAIL, "MAIL FROM:", smtp->envelope->from);
    if (smtp->has_pipelining) {
        command_address(smtp, ON_RCPT, "RCPT TO:", smtp->envelope->to);
        command(smtp, ON_DATA, "DATA");
    }
}

/* The envelope is refused: the letter goes back, and the gateway forgets it. */
static void drop_envelope(smtp_t *smtp)
{
    smtp->envelope = NULL;
    command(smtp, ON_RSET, "RSET");
    begin_letter(smtp);
}

static smtp_result_t refusal(int code)
{
    return code >= 500 ? SMTP_FAILED : SMTP_DEFERRED;
}

/* Replies to MAIL and RCPT. A refused sender is our trouble, not the recipient's: try again later.
 */
static void on_envelope(smtp_t *smtp, expected_t what, const reply_t *reply)
{
    bool is_fine = reply->code / 100 == 2;
    if (!is_fine && !smtp->is_rcpt_refused) {
        smtp_letter_t *letter = smtp->envelope;
        smtp_result_t result = what == ON_MAIL ? SMTP_DEFERRED : refusal(reply->code);
        smtp->is_rcpt_refused = true;
        smtp->events->result(smtp->ctx, letter, result, reply->code, reply->text);
    }
    if (smtp->has_pipelining) {
        return; /* the reply to DATA decides what follows */
    }
    if (smtp->is_rcpt_refused) {
        drop_envelope(smtp);
    } else if (what == ON_MAIL) {
        command_address(smtp, ON_RCPT, "RCPT TO:", smtp->envelope->to);
    } else {
        command(smtp, ON_DATA, "DATA");
    }
}

static void on_data(smtp_t *smtp, const reply_t *reply)
{
    bool is_taken = reply->code == 354;
    if (smtp->is_rcpt_refused) {
        smtp->envelope = NULL;
        if (is_taken) {
            BUF_ADD(wire_output(smtp->wire), ".\r\n");
            expect(smtp, ON_VOID_DOT);
        }
        command(smtp, ON_RSET, "RSET");
        begin_letter(smtp);
        return;
    }
    if (!is_taken) {
        give_back(smtp, &smtp->envelope, refusal(reply->code), reply->code, reply->text);
        drop_envelope(smtp);
        return;
    }
    smtp->sent = smtp->envelope;
    smtp->envelope = NULL;
    smtp->is_dotted = false;
    put_content(smtp, smtp->sent->content);
    expect(smtp, ON_DOT);
    begin_letter(smtp);
}

static void on_dot(smtp_t *smtp, const reply_t *reply)
{
    smtp_result_t result = reply->code / 100 == 2 ? SMTP_ACCEPTED : refusal(reply->code);
    smtp->is_dotted = false;
    give_back(smtp, &smtp->sent, result, reply->code, reply->text);
    begin_letter(smtp);
}

/* --- opening -------------------------------------------------------------------------------- */

static void say_hello(smtp_t *smtp, const char *verb, expected_t what)
{
    buf_t *out = wire_output(smtp->wire);
    buf_addf(out, "%s %s\r\n", verb, smtp->options->hello);
    expect(smtp, what);
}

static void read_offers(smtp_t *smtp, str_t text)
{
    str_t line;
    smtp->has_pipelining = smtp->has_starttls = smtp->has_auth_plain = false;
    while (reply_line(&text, &line)) {
        str_t word = line;
        word.len = str_find(line, ' ');
        smtp->has_pipelining = smtp->has_pipelining || str_eq_nocase(word, STR("PIPELINING"));
        smtp->has_starttls = smtp->has_starttls || str_eq_nocase(word, STR("STARTTLS"));
        if (str_eq_nocase(word, STR("AUTH"))) {
            str_t rest = str_skip(line, word.len + 1);
            str_t method;
            while (str_split(&rest, ' ', &method)) {
                smtp->has_auth_plain = smtp->has_auth_plain || str_eq_nocase(method, STR("PLAIN"));
            }
        }
    }
}

static void become_ready(smtp_t *smtp)
{
    smtp->state = SMTP_READY;
    smtp->was_ready = true;
    begin_letter(smtp);
}

/* AUTH PLAIN in one step. source: RFC 4616 */
static void log_in(smtp_t *smtp)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char plain[600];
    size_t login = strlen(smtp->options->login);
    size_t password = strlen(smtp->options->password);
    size_t bytes = 2 + login + password;
    buf_t *out = wire_output(smtp->wire);
    if (bytes + 3 > sizeof plain) {
        end(smtp, "login");
        return;
    }
    memset(plain, 0, sizeof plain);
    memcpy(plain + 1, smtp->options->login, login);
    memcpy(plain + 2 + login, smtp->options->password, password);
    BUF_ADD(out, "AUTH PLAIN ");
    for (size_t i = 0; i < bytes; i += 3) {
        unsigned three = (unsigned)plain[i] << 16 | (unsigned)plain[i + 1] << 8 | plain[i + 2];
        buf_add_c(out, digits[three >> 18 & 63u]);
        buf_add_c(out, digits[three >> 12 & 63u]);
        buf_add_c(out, i + 1 < bytes ? digits[three >> 6 & 63u] : '=');
        buf_add_c(out, i + 2 < bytes ? digits[three & 63u] : '=');
    }
    BUF_ADD(out, "\r\n");
    str_wipe(plain, sizeof plain);
    expect(smtp, ON_AUTH);
}

/* The greeting is over: TLS, log-in, or letters. out: false when the session ended */
static bool after_hello(smtp_t *smtp)
{
    const smtp_options_t *options = smtp->options;
    bool wants_tls = options->tls != SMTP_TLS_OFF && !smtp->is_secure;
    if (wants_tls && smtp->has_starttls) {
        command(smtp, ON_STARTTLS, "STARTTLS");
        return true;
    }
    if (wants_tls && options->tls == SMTP_TLS_REQUIRED) {
        end(smtp, "no-tls");
        return false;
    }
    if (options->login[0] == '\0') {
        become_ready(smtp);
        return true;
    }
    if (!smtp->has_auth_plain || (!smtp->is_secure && !options->may_login_in_clear)) {
        end(smtp, "no-login");
        return false;
    }
    log_in(smtp);
    return true;
}

/* Replies before READY. out: false when the session ended */
static bool on_opening(smtp_t *smtp, expected_t what, const reply_t *reply)
{
    bool is_fine = reply->code / 100 == 2;
    if (what == ON_EHLO && reply->code / 100 == 5) {
        say_hello(smtp, "HELO", ON_HELO);
        return true;
    }
    if (!is_fine) {
        end(smtp, what == ON_AUTH ? "login" : (what == ON_STARTTLS ? "tls" : "greeting"));
        return false;
    }
    switch (what) {
    case ON_GREETING:
        say_hello(smtp, "EHLO", ON_EHLO);
        return true;
    case ON_EHLO:
        read_offers(smtp, reply->text);
        return after_hello(smtp);
    case ON_HELO:
        return after_hello(smtp);
    case ON_STARTTLS:
        smtp->is_secure = true;
        wire_secure(smtp->wire, smtp->options->tls_ctx, smtp->options->host,
                    smtp->options->tls == SMTP_TLS_REQUIRED);
        return true;
    default:
        become_ready(smtp);
        return true;
    }
}

/* --- the driver ----------------------------------------------------------------------------- */

/* Handle one reply. out: false when the session ended */
static bool on_reply(smtp_t *smtp, const reply_t *reply)
{
    if (smtp->expected_count == 0) {
        end(smtp, reply->code == 421 ? "421" : "protocol");
        return false;
    }
    expected_t what = smtp->expected[0];
    smtp->expected_count--;
    memmove(smtp->expected, smtp->expected + 1, smtp->expected_count * sizeof what);
    switch (what) {
    case ON_MAIL:
    case ON_RCPT:
        on_envelope(smtp, what, reply);
        break;
    case ON_DATA:
        on_data(smtp, reply);
        break;
    case ON_DOT:
        on_dot(smtp, reply);
        break;
    case ON_VOID_DOT:
    case ON_RSET:
        break;
    case ON_QUIT:
        end(smtp, "quit");
        return false;
    default:
        if (!on_opening(smtp, what, reply)) {
            return false;
        }
    }
    if (reply->code == 421) {
        end(smtp, "421");
        return false;
    }
    return true;
}

/* QUIT once nothing is under way. */
static void settle(smtp_t *smtp)
{
    if (smtp->state == SMTP_QUITTING && smtp->expected_count == 0) {
        command(smtp, ON_QUIT, "QUIT");
    }
    wire_flush(smtp->wire);
    set_deadline(smtp);
}

static void on_arrived(void *ctx)
{
    smtp_t *smtp = ctx;
    buf_t *input = wire_input(smtp->wire);
    reply_t reply;
    int got;
    while ((got = reply_parse(buf_str(input), &reply)) == 1) {
        size_t used = reply.used;
        bool was_secure = smtp->is_secure;
        if (!on_reply(smtp, &reply)) {
            return;
        }
        if (smtp->is_secure != was_secure) {
            break; /* what came in clear after STARTTLS is gone */
        }
        buf_consume(input, used);
    }
    if (got < 0) {
        end(smtp, "protocol");
        return;
    }
    settle(smtp);
}

static void on_opened(void *ctx)
{
    smtp_t *smtp = ctx;
    if (smtp->is_secure) {
        say_hello(smtp, "EHLO", ON_EHLO);
    } else {
        expect(smtp, ON_GREETING);
    }
    settle(smtp);
}

static void on_writing(void *ctx, uint64_t upto)
{
    smtp_t *smtp = ctx;
    if (smtp->sent != NULL && !smtp->is_dotted && upto > smtp->dot_at) {
        smtp->is_dotted = true;
        smtp->events->dotted(smtp->ctx, smtp->sent);
    }
}

static void on_closed(void *ctx, const char *reason)
{
    smtp_t *smtp = ctx;
    bool is_idle = smtp->state == SMTP_READY && smtp->expected_count == 0 &&
                   smtp->envelope == NULL && smtp->sent == NULL;
    bool was_quitting = smtp->state == SMTP_QUITTING && smtp->sent == NULL;
    end(smtp, is_idle || was_quitting ? "quit" : reason);
}

smtp_t *smtp_open(struct event_base *base, const struct sockaddr *address, socklen_t address_bytes,
                  const smtp_options_t *options, const smtp_events_t *events, void *ctx)
{
    static const wire_events_t wire_events = {on_opened, on_arrived, on_writing, on_closed};
    smtp_t *smtp = MEM_NEW(smtp_t);
    smtp->options = options;
    smtp->events = events;
    smtp->ctx = ctx;
    smtp->wire = wire_open(base, address, address_bytes, &wire_events, smtp);
    if (smtp->wire == NULL) {
        mem_free(smtp);
        return NULL;
    }
    set_deadline(smtp);
    return smtp;
}

void smtp_wake(smtp_t *smtp)
{
    if (smtp->state == SMTP_READY && smtp->expected_count == 0) {
        begin_letter(smtp);
        if (smtp->envelope != NULL || smtp->state == SMTP_QUITTING) {
            settle(smtp);
        }
    }
}

void smtp_quit(smtp_t *smtp)
{
    if (smtp->state == SMTP_OPENING) {
        wire_deadline(smtp->wire, 0);
        smtp->state = SMTP_QUITTING;
        return;
    }
    if (smtp->state == SMTP_READY) {
        smtp->state = SMTP_QUITTING;
        if (smtp->expected_count == 0) {
            settle(smtp);
        }
    }
}

void smtp_free(smtp_t *smtp)
{
    if (smtp == NULL) {
        return;
    }
    give_all_back(smtp);
    wire_free(smtp->wire);
    mem_free(smtp);
}
