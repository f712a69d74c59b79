/* SPDX-License-Identifier: Apache-2.0
 * The mail gateway. See gateway.h. */
#include "deliver/gateway.h"

#include <event2/dns.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

enum {
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MAX_MS = 60000,
    LETTERS_A_SESSION = 500,
    LETTERS_FOR_ANOTHER = 8, /* waiting letters that justify one more session */
    CLEAN_MS = 60000         /* without complaint: one more session is allowed */
};

struct gateway {
    struct event_base *base;
    struct evdns_base *dns; /* NULL while the host is a number */
    const config_t *config;
    const gateway_events_t *events;
    void *ctx;
    smtp_options_t options;
    char hello[256];
    char password[256];
    struct sockaddr_storage address;
    socklen_t address_bytes; /* 0: not resolved */
    bool is_resolving;
    bool is_draining;
    bool is_away;
    smtp_t *sessions[GATEWAY_SESSIONS_MAX];
    unsigned session_count;
    unsigned allowed; /* sessions at once, after complaints */
    int64_t complained_us;
    size_t waiting; /* letters, as last told */
    int backoff_ms;
    struct event *retry;
};

static void fill(gateway_t *gateway);

/* --- settings ------------------------------------------------------------------------------- */

static const char *read_password(gateway_t *gateway)
{
    buf_t text = buf_make(sizeof gateway->password - 1);
    const char *flaw = NULL;
    if (gateway->config->mail_password[0] == '\0') {
        return NULL;
    }
    if (!file_is_private(gateway->config->mail_password) ||
        !file_read(gateway->config->mail_password, &text)) {
        flaw = "mail_password: the file is missing, too long or readable by others";
    } else {
        size_t length = 0;
        while (length < text.len && text.ptr[length] != '\n' && text.ptr[length] != '\r') {
            length++;
        }
        memcpy(gateway->password, text.ptr, length);
        str_wipe(text.ptr, text.len);
    }
    buf_free(&text);
    return flaw;
}

static const char *read_tls(gateway_t *gateway)
{
    const char *mode = gateway->config->mail_tls;
    smtp_options_t *options = &gateway->options;
    if (strcmp(mode, "off") == 0) {
        options->tls = SMTP_TLS_OFF;
        return NULL;
    }
    if (strcmp(mode, "offered") != 0 && strcmp(mode, "required") != 0) {
        return "mail_tls: must be off, offered or required";
    }
    options->tls = mode[0] == 'o' ? SMTP_TLS_OFFERED : SMTP_TLS_REQUIRED;
    options->tls_ctx = SSL_CTX_new(TLS_client_method());
    if (options->tls_ctx == NULL || SSL_CTX_set_default_verify_paths(options->tls_ctx) != 1 ||
        SSL_CTX_set_min_proto_version(options->tls_ctx, TLS1_2_VERSION) != 1) {
        return "mail_tls: TLS cannot be set up";
    }
    return NULL;
}

/* The host as a number, or a resolver for its name. */
static const char *read_host(gateway_t *gateway)
{
    char text[300];
    int bytes = (int)sizeof gateway->address;
    const char *host = gateway->config->mail_host;
    bool is_v6 = strchr(host, ':') != NULL;
    (void)snprintf(text, sizeof text, is_v6 ? "[%s]:%lld" : "%s:%lld", host,
                   (long long)gateway->config->mail_port);
    if (evutil_parse_sockaddr_port(text, (struct sockaddr *)&gateway->address, &bytes) == 0) {
        gateway->address_bytes = (socklen_t)bytes;
        bool is_loopback = strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
        gateway->options.may_login_in_clear = is_loopback;
        return NULL;
    }
    gateway->options.host = host;
    gateway->dns = evdns_base_new(gateway->base, EVDNS_BASE_INITIALIZE_NAMESERVERS |
                                                     EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    return gateway->dns == NULL ? "mail_host: no resolver for names" : NULL;
}

static const char *read_settings(gateway_t *gateway)
{
    const char *at = strchr(gateway->config->mail_sender, '@');
    const char *flaw = at == NULL || at[1] == '\0' ? "mail_sender: no address" : NULL;
    (void)snprintf(gateway->hello, sizeof gateway->hello, "%s", flaw == NULL ? at + 1 : "");
    gateway->options.hello = gateway->hello;
    gateway->options.login = gateway->config->mail_login;
    gateway->options.password = gateway->password;
    gateway->options.letters_max = LETTERS_A_SESSION;
    gateway->allowed = (unsigned)gateway->config->mail_connections;
    flaw = flaw != NULL ? flaw : read_password(gateway);
    flaw = flaw != NULL ? flaw : read_tls(gateway);
    return flaw != NULL ? flaw : read_host(gateway);
}

/* --- sessions ------------------------------------------------------------------------------- */

static smtp_letter_t *on_next(void *ctx)
{
    gateway_t *gateway = ctx;
    gateway->backoff_ms = 0; /* a session that asks for letters has got through */
    gateway->is_away = false;
    return gateway->is_draining ? NULL : gateway->events->next(gateway->ctx);
}

static void on_dotted(void *ctx, smtp_letter_t *letter)
{
    gateway_t *gateway = ctx;
    gateway->events->dotted(gateway->ctx, letter);
}

/* A gateway that says "later" wants fewer of us. */
static void heed(gateway_t *gateway, int code)
{
    if (code == 421 || code == 450 || code == 451 || code == 454) {
        int64_t now_us = clock_mono_us();
        if (now_us - gateway->complained_us > 1000000) {
            gateway->allowed = gateway->allowed > 1 ? gateway->allowed / 2 : 1;
        }
        gateway->complained_us = now_us;
    }
}

static void on_result(void *ctx, smtp_letter_t *letter, smtp_result_t result, int code, str_t text)
{
    gateway_t *gateway = ctx;
    heed(gateway, code);
    gateway->events->result(gateway->ctx, letter, result, code, text);
}

static void retry_later(gateway_t *gateway)
{
    int ms = gateway->backoff_ms == 0 ? BACKOFF_FIRST_MS : gateway->backoff_ms * 2;
    gateway->backoff_ms = ms > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : ms;
    gateway->is_away = gateway->session_count == 0;
    ms = gateway->backoff_ms - (int)(clock_mono_us() % (gateway->backoff_ms / 4)); /* jitter */
    struct timeval wait = {ms / 1000, (ms % 1000) * 1000};
    (void)event_add(gateway->retry, &wait);
}

static void on_ended(void *ctx, smtp_t *smtp, bool was_ready, const char *reason)
{
    gateway_t *gateway = ctx;
    for (unsigned i = 0; i < gateway->session_count; i++) {
        if (gateway->sessions[i] == smtp) {
            gateway->sessions[i] = gateway->sessions[--gateway->session_count];
            break;
        }
    }
    bool is_good = strcmp(reason, "quit") == 0;
    if (!is_good) {
        log_t line;
        log_open(&line, LEVEL_WARN, "smtp_session_lost");
        log_word(&line, "reason", reason);
        log_close(&line);
    }
    if (!was_ready && !is_good) {
        retry_later(gateway);
        return;
    }
    if (!is_good) {
        heed(gateway, 421);
    }
    struct timeval soon = {0, is_good ? 0 : BACKOFF_FIRST_MS * 1000 / 2};
    (void)event_add(gateway->retry, &soon);
}

static const smtp_events_t session_events = {on_next, on_dotted, on_result, on_ended};

static void open_session(gateway_t *gateway)
{
    smtp_t *smtp = smtp_open(gateway->base, (struct sockaddr *)&gateway->address,
                             gateway->address_bytes, &gateway->options, &session_events, gateway);
    if (smtp == NULL) {
        retry_later(gateway);
        return;
    }
    gateway->sessions[gateway->session_count++] = smtp;
}

static void on_resolved(int error, struct evutil_addrinfo *found, void *ctx)
{
    gateway_t *gateway = ctx;
    gateway->is_resolving = false;
    if (error == EVUTIL_EAI_CANCEL) {
        return;
    }
    if (error == 0 && found != NULL && found->ai_addrlen <= sizeof gateway->address) {
        memcpy(&gateway->address, found->ai_addr, found->ai_addrlen);
        gateway->address_bytes = (socklen_t)found->ai_addrlen;
        fill(gateway);
    } else {
        log_event(LEVEL_WARN, "smtp_host_unknown", NULL);
        retry_later(gateway);
    }
    if (found != NULL) {
        evutil_freeaddrinfo(found);
    }
}

static void resolve(gateway_t *gateway)
{
    char port[8];
    struct evutil_addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    if (gateway->is_resolving) {
        return;
    }
    gateway->is_resolving = true;
    (void)snprintf(port, sizeof port, "%lld", (long long)gateway->config->mail_port);
    (void)evdns_getaddrinfo(gateway->dns, gateway->config->mail_host, port, &hints, on_resolved,
                            gateway);
}

/* Open as many sessions as the waiting letters justify. */
static void fill(gateway_t *gateway)
{
    unsigned wanted = (unsigned)(gateway->waiting / LETTERS_FOR_ANOTHER) + 1;
    wanted = wanted < gateway->allowed ? wanted : gateway->allowed;
    if (gateway->is_draining || gateway->waiting == 0 ||
        event_pending(gateway->retry, EV_TIMEOUT, NULL)) {
        return;
    }
    if (gateway->address_bytes == 0) {
        resolve(gateway);
        return;
    }
    while (gateway->session_count < wanted && !event_pending(gateway->retry, EV_TIMEOUT, NULL)) {
        open_session(gateway);
    }
}

static void on_retry(evutil_socket_t fd, short what, void *ctx)
{
    gateway_t *gateway = ctx;
    (void)fd;
    (void)what;
    if (gateway->dns != NULL && gateway->session_count == 0) {
        gateway->address_bytes = 0; /* the name may mean another machine by now */
    }
    fill(gateway);
}

void gateway_wake(gateway_t *gateway, size_t waiting)
{
    gateway->waiting = waiting;
    int64_t clean_us = clock_mono_us() - gateway->complained_us;
    if (gateway->allowed < (unsigned)gateway->config->mail_connections &&
        clean_us > (int64_t)CLEAN_MS * 1000) {
        gateway->allowed++;
        gateway->complained_us = clock_mono_us();
    }
    for (unsigned i = 0; i < gateway->session_count && waiting > 0; i++) {
        smtp_wake(gateway->sessions[i]);
    }
    fill(gateway);
}

void gateway_drain(gateway_t *gateway)
{
    gateway->is_draining = true;
    for (unsigned i = 0; i < gateway->session_count; i++) {
        smtp_quit(gateway->sessions[i]);
    }
}

unsigned gateway_sessions(const gateway_t *gateway)
{
    return gateway->session_count;
}

bool gateway_is_away(const gateway_t *gateway)
{
    return gateway->is_away && gateway->session_count == 0;
}

gateway_t *gateway_new(struct event_base *base, const config_t *config,
                       const gateway_events_t *events, void *ctx, const char **flaw)
{
    gateway_t *gateway = MEM_NEW(gateway_t);
    gateway->base = base;
    gateway->config = config_hold(config);
    gateway->events = events;
    gateway->ctx = ctx;
    gateway->retry = event_new(base, -1, 0, on_retry, gateway);
    *flaw = read_settings(gateway);
    if (*flaw != NULL) {
        gateway_free(gateway);
        return NULL;
    }
    return gateway;
}

void gateway_free(gateway_t *gateway)
{
    if (gateway == NULL) {
        return;
    }
    for (unsigned i = 0; i < gateway->session_count; i++) {
        smtp_free(gateway->sessions[i]);
    }
    if (gateway->dns != NULL) {
        evdns_base_free(gateway->dns, 0);
    }
    event_free(gateway->retry);
    SSL_CTX_free(gateway->options.tls_ctx);
    config_drop(gateway->config);
    str_wipe(gateway->password, sizeof gateway->password);
    mem_free(gateway);
}
