/* SPDX-License-Identifier: Apache-2.0
 * One SMTP session with the gateway. See smtp.h. */
#include "deliver/smtp.h"

#include "base/check.h"
#include "base/mem.h"
#include "deliver/smtp_own.h"

/* --- small parts ---------------------------------------------------------------------------- */

void smtp_expect(smtp_t *smtp, expected_t what)
{
    CHECK(smtp->expected_count < EXPECTED_MAX);
    smtp->expected[smtp->expected_count++] = what;
}

void smtp_command(smtp_t *smtp, expected_t what, const char *line)
{
    buf_t *out = wire_output(smtp->wire);
    buf_add_str(out, str_of(line));
    BUF_ADD(out, "\r\n");
    smtp_expect(smtp, what);
}

static void command_address(smtp_t *smtp, expected_t what, const char *verb, const char *address)
{
    buf_t *out = wire_output(smtp->wire);
    buf_add_str(out, str_of(verb));
    buf_add_c(out, '<');
    buf_add_str(out, str_of(address));
    BUF_ADD(out, ">\r\n");
    smtp_expect(smtp, what);
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
void smtp_end(smtp_t *smtp, const char *reason)
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
        smtp_command(smtp, ON_DATA, "DATA");
    }
}

/* The envelope is refused: the letter goes back, and the gateway forgets it. */
static void drop_envelope(smtp_t *smtp)
{
    smtp->envelope = NULL;
    smtp_command(smtp, ON_RSET, "RSET");
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
        smtp_command(smtp, ON_DATA, "DATA");
    }
}

static void on_data(smtp_t *smtp, const reply_t *reply)
{
    bool is_taken = reply->code == 354;
    if (smtp->is_rcpt_refused) {
        smtp->envelope = NULL;
        if (is_taken) {
            BUF_ADD(wire_output(smtp->wire), ".\r\n");
            smtp_expect(smtp, ON_VOID_DOT);
        }
        smtp_command(smtp, ON_RSET, "RSET");
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
    smtp_expect(smtp, ON_DOT);
    begin_letter(smtp);
}

static void on_dot(smtp_t *smtp, const reply_t *reply)
{
    smtp_result_t result = reply->code / 100 == 2 ? SMTP_ACCEPTED : refusal(reply->code);
    smtp->is_dotted = false;
    give_back(smtp, &smtp->sent, result, reply->code, reply->text);
    begin_letter(smtp);
}

void smtp_become_ready(smtp_t *smtp)
{
    smtp->state = SMTP_READY;
    smtp->was_ready = true;
    begin_letter(smtp);
}

/* --- the driver ----------------------------------------------------------------------------- */

/* Handle one reply. out: false when the session ended */
static bool on_reply(smtp_t *smtp, const reply_t *reply)
{
    if (smtp->expected_count == 0) {
        smtp_end(smtp, reply->code == 421 ? "421" : "protocol");
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
        smtp_end(smtp, "quit");
        return false;
    default:
        if (!smtp_on_opening(smtp, what, reply)) {
            return false;
        }
    }
    if (reply->code == 421) {
        smtp_end(smtp, "421");
        return false;
    }
    return true;
}

/* QUIT once nothing is under way. */
static void settle(smtp_t *smtp)
{
    if (smtp->state == SMTP_QUITTING && smtp->expected_count == 0) {
        smtp_command(smtp, ON_QUIT, "QUIT");
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
        smtp_end(smtp, "protocol");
        return;
    }
    settle(smtp);
}

static void on_opened(void *ctx)
{
    smtp_t *smtp = ctx;
    if (smtp->is_secure) {
        smtp_say_hello(smtp);
    } else {
        smtp_expect(smtp, ON_GREETING);
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
    smtp_end(smtp, is_idle || was_quitting ? "quit" : reason);
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
