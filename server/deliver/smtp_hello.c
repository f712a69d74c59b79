/* SPDX-License-Identifier: Apache-2.0
 * The opening of a session: greeting, EHLO, STARTTLS, AUTH. See smtp.h. */
#include "deliver/smtp_own.h"

static void greet(smtp_t *smtp, const char *verb, expected_t what)
{
    buf_t *out = wire_output(smtp->wire);
    buf_addf(out, "%s %s\r\n", verb, smtp->options->hello);
    smtp_expect(smtp, what);
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
        smtp_end(smtp, "login");
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
    smtp_expect(smtp, ON_AUTH);
}

/* The greeting is over: TLS, log-in, or letters. out: false when the session ended */
static bool after_hello(smtp_t *smtp)
{
    const smtp_options_t *options = smtp->options;
    bool wants_tls = options->tls != SMTP_TLS_OFF && !smtp->is_secure;
    if (wants_tls && smtp->has_starttls) {
        smtp_command(smtp, ON_STARTTLS, "STARTTLS");
        return true;
    }
    if (wants_tls && options->tls == SMTP_TLS_REQUIRED) {
        smtp_end(smtp, "no-tls");
        return false;
    }
    if (options->login[0] == '\0') {
        smtp_become_ready(smtp);
        return true;
    }
    if (!smtp->has_auth_plain || (!smtp->is_secure && !options->may_login_in_clear)) {
        smtp_end(smtp, "no-login");
        return false;
    }
    log_in(smtp);
    return true;
}

/* Replies before READY. out: false when the session ended */
bool smtp_on_opening(smtp_t *smtp, expected_t what, const reply_t *reply)
{
    bool is_fine = reply->code / 100 == 2;
    if (what == ON_EHLO && reply->code / 100 == 5) {
        greet(smtp, "HELO", ON_HELO);
        return true;
    }
    if (!is_fine) {
        smtp_end(smtp, what == ON_AUTH ? "login" : (what == ON_STARTTLS ? "tls" : "greeting"));
        return false;
    }
    switch (what) {
    case ON_GREETING:
        greet(smtp, "EHLO", ON_EHLO);
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
        smtp_become_ready(smtp);
        return true;
    }
}

void smtp_say_hello(smtp_t *smtp)
{
    greet(smtp, "EHLO", ON_EHLO);
}
