/* SPDX-License-Identifier: Apache-2.0
 * The sender. See deliver.h. */
#include "deliver/deliver.h"

#include <stdio.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/metric.h"
#include "db/params.h"
#include "deliver/gateway.h"
#include "deliver/letter.h"
#include "deliver/outbox.h"

enum {
    TICK_MS = 50,
    POLL_TICKS = 5, /* an empty outbox is looked at every fifth tick */
    STOP_MS = 5000,
    LETTERS_MAX = 2 * GATEWAY_SESSIONS_MAX
};

/** Where the sender stands; each but RUNNING waits for one answer of the database or for quiet. */
typedef enum {
    DELIVER_RECOVERING, /* results of the journal are being recorded */
    DELIVER_BEGINNING,  /* asks for its epoch; retried every tick */
    DELIVER_RUNNING,    /* leases and sends; when a lease is lost in doubt, until all is quiet */
    DELIVER_DRAINING    /* takes nothing new */
} deliver_state_t;

/* A letter in a session's hands. */
typedef struct {
    smtp_letter_t wire;
    int64_t outbox_id;
    int slot;
    char from[LETTER_ADDRESS_BYTES];
    char to[LETTER_ADDRESS_BYTES];
    buf_t content;
} letter_t;

struct deliver {
    struct event_base *base;
    const config_t *config;
    db_pool_t *db;
    db_statements_t *list;
    journal_t *journal;
    bool is_journal_whole;
    record_t *record;
    outbox_t *outbox;
    gateway_t *gateway;
    gateway_t *former; /* of the settings before the last reload, until its sessions ended */
    letter_options_t letter_options;
    letter_maker_t *maker;
    deliver_state_t state;
    struct event *tick;
    unsigned idle_ticks;
    letter_t *free_letters[LETTERS_MAX];
    unsigned free_count;
    unsigned out_count; /* letters in sessions' hands */
    metric_t results[5];
    metric_t missing;
};

static void set_state(deliver_t *d, deliver_state_t state)
{
    if (d->state != DELIVER_DRAINING) {
        d->state = state;
    }
}

/* --- letters --------------------------------------------------------------------------------- */

static letter_t *letter_get(deliver_t *d)
{
    letter_t *letter = d->free_count > 0 ? d->free_letters[--d->free_count] : NULL;
    if (letter == NULL) {
        letter = MEM_NEW(letter_t);
        letter->content = buf_make(4 * LETTER_BYTES_MAX);
    }
    d->out_count++;
    return letter;
}

static void letter_put(deliver_t *d, letter_t *letter)
{
    d->out_count--;
    if (d->free_count < LETTERS_MAX) {
        d->free_letters[d->free_count++] = letter;
        return;
    }
    buf_free(&letter->content);
    mem_free(letter);
}

static str_t text_at(const db_rows_t *rows, int row, int column)
{
    str_t text = db_text(rows, row, column);
    return text.ptr == NULL ? STR("") : text;
}

/* Make the letter of a row. out: NULL or the word that says why not */
static const char *make(deliver_t *d, const outbox_row_t *row, letter_t *letter)
{
    unsigned missing = 0;
    const db_rows_t *rows = row->rows;
    str_t uuid = db_text(rows, row->row, OUTBOX_MESSAGE);
    letter_row_t from = {
        .uuid = (const unsigned char *)uuid.ptr,
        .address = text_at(rows, row->row, OUTBOX_ADDRESS),
        .sender_name = text_at(rows, row->row, OUTBOX_SENDER_NAME),
        .sender_address = text_at(rows, row->row, OUTBOX_SENDER_ADDRESS),
        .subject = text_at(rows, row->row, OUTBOX_SUBJECT),
        .text = text_at(rows, row->row, OUTBOX_TEXT),
        .html = text_at(rows, row->row, OUTBOX_HTML),
        .vars = db_text(rows, row->row, OUTBOX_VARS),
        .is_marketing = db_bool(rows, row->row, OUTBOX_IS_MARKETING),
        .list_name = text_at(rows, row->row, OUTBOX_LIST_NAME),
    };
    if (uuid.len != 16) {
        return "row";
    }
    const char *flaw =
        letter_make(d->maker, &from, &letter->content, letter->from, letter->to, &missing);
    metric_add(d->missing, missing);
    letter->wire = (smtp_letter_t){letter->from, letter->to, buf_str(&letter->content), letter};
    return flaw;
}

/* More rows, when there is a gateway to send them to. */
static void want_rows(deliver_t *d)
{
    if (d->state == DELIVER_RUNNING && !gateway_is_away(d->gateway)) {
        outbox_want(d->outbox);
    }
}

/* The gateway asks for a letter. */
static smtp_letter_t *on_next(void *ctx)
{
    deliver_t *d = ctx;
    outbox_row_t row;
    while (outbox_take(d->outbox, &row)) {
        letter_t *letter = letter_get(d);
        letter->outbox_id = row.outbox_id;
        letter->slot = row.slot;
        const char *flaw = make(d, &row, letter);
        if (flaw == NULL) {
            return &letter->wire;
        }
        journal_set(d->journal, letter->slot, JOURNAL_FAILED, 0);
        record_add(d->record, outbox_epoch(d->outbox), letter->outbox_id, letter->slot,
                   RECORD_FAILED, str_of(flaw));
        letter_put(d, letter);
    }
    return NULL;
}

static void on_dotted(void *ctx, smtp_letter_t *wire)
{
    deliver_t *d = ctx;
    letter_t *letter = wire->owner;
    journal_set(d->journal, letter->slot, JOURNAL_DOTTED, 0);
}

static void on_result(void *ctx, smtp_letter_t *wire, smtp_result_t result, int code, str_t text)
{
    static const char *const outcomes[] = {RECORD_ACCEPTED, RECORD_DEFERRED, RECORD_FAILED,
                                           RECORD_UNKNOWN, RECORD_UNSENT};
    static const journal_phase_t phases[] = {JOURNAL_ACCEPTED, JOURNAL_LEASED, JOURNAL_FAILED,
                                             JOURNAL_DOTTED, JOURNAL_LEASED};
    deliver_t *d = ctx;
    letter_t *letter = wire->owner;
    char reason[32];
    /* Enhanced status in front of the text, "4.2.1 ..." (RFC 2034), when there is one. */
    size_t length = text.len > 4 && text.ptr[1] == '.' ? str_find(text, ' ') : 0;
    (void)snprintf(reason, sizeof reason, code > 0 ? "%d %.*s" : "connection", code,
                   length < 12 ? (int)length : 0, text.ptr == NULL ? "" : text.ptr);
    journal_set(d->journal, letter->slot, phases[result], code);
    record_add(d->record, outbox_epoch(d->outbox), letter->outbox_id, letter->slot,
               outcomes[result], str_trim(str_of(reason)));
    metric_add(d->results[result], 1);
    letter_put(d, letter);
    want_rows(d);
}

static void on_rows(void *ctx)
{
    deliver_t *d = ctx;
    d->idle_ticks = 0;
    gateway_wake(d->gateway, outbox_waiting(d->outbox));
}

/* --- the clock of it all --------------------------------------------------------------------- */

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    deliver_t *d = arg;
    (void)fd;
    (void)what;
    record_flush(d->record);
    if (d->former != NULL && gateway_sessions(d->former) == 0) {
        gateway_free(d->former);
        d->former = NULL;
    }
    bool is_quiet = record_waiting(d->record) == 0 && d->out_count == 0;
    switch (d->state) {
    case DELIVER_RECOVERING:
        if (is_quiet) {
            set_state(d, DELIVER_BEGINNING);
        }
        break;
    case DELIVER_BEGINNING:
        if (outbox_is_begun(d->outbox)) {
            d->is_journal_whole = true; /* from here on it is ours */
            set_state(d, DELIVER_RUNNING);
        } else if (d->idle_ticks++ % (4 * POLL_TICKS) == 0) {
            outbox_begin(d->outbox, d->is_journal_whole);
        }
        break;
    case DELIVER_RUNNING:
        outbox_give_back(d->outbox, !outbox_is_begun(d->outbox), "gateway");
        if (!outbox_is_begun(d->outbox)) {
            set_state(d, is_quiet ? DELIVER_BEGINNING : DELIVER_RUNNING);
            break;
        }
        gateway_wake(d->gateway, outbox_waiting(d->outbox));
        if (d->idle_ticks++ % POLL_TICKS == 0) {
            want_rows(d);
        }
        break;
    case DELIVER_DRAINING:
        break;
    }
}

static const gateway_events_t gateway_events = {on_next, on_dotted, on_result};

static void use_config(deliver_t *d, const config_t *config)
{
    str_t url = str_of(config->public_url);
    while (url.len > 0 && url.ptr[url.len - 1] == '/') {
        url.len--;
    }
    d->letter_options = (letter_options_t){config->link_key, url, str_of(config->mail_sender)};
}

static void register_metrics(deliver_t *d)
{
    static const char *const labels[5] = {"result=\"accepted\"", "result=\"deferred\"",
                                          "result=\"failed\"", "result=\"unknown\"",
                                          "result=\"unsent\""};
    for (int i = 0; i < 5; i++) {
        d->results[i] =
            metric_register(METRIC_COUNTER, "letters_total", labels[i], "Letters by their result.");
    }
    d->missing = metric_register(METRIC_COUNTER, "letter_missing_values_total", "",
                                 "Variables of letters that had no value.");
}

static void open_database(deliver_t *d)
{
    db_pool_options_t options;
    db_pool_defaults(&options);
    options.conninfo = d->config->database;
    options.application = "clientele-deliver";
    options.users[0] = "system";
    options.user_count = 1;
    options.conns_max = 3;
    d->db = db_pool_new(d->base, &options);
    d->list = db_statements_new();
}

deliver_t *deliver_start(struct event_base *base, const config_t *config, pool_t *pool,
                         port_t *port)
{
    struct timeval tick = {0, TICK_MS * 1000};
    const char *flaw = NULL;
    bool is_whole = false;
    (void)pool;
    (void)port;
    journal_t *journal = journal_open(config->journal_dir, &is_whole, &flaw);
    deliver_t *d = MEM_NEW(deliver_t);
    gateway_t *gateway =
        journal == NULL ? NULL : gateway_new(base, config, &gateway_events, d, &flaw);
    if (gateway == NULL) {
        log_event(LEVEL_ERROR, "sender_not_started", flaw);
        journal_close(journal);
        mem_free(d);
        return NULL;
    }
    d->base = base;
    d->config = config_hold(config);
    d->journal = journal;
    d->is_journal_whole = is_whole;
    d->gateway = gateway;
    use_config(d, config);
    d->maker = letter_maker_new(&d->letter_options);
    register_metrics(d);
    open_database(d);
    d->record = record_new(d->db, d->list, journal);
    d->outbox = outbox_new(d->db, d->list, journal, d->record, on_rows, d);
    record_recover(d->record, is_whole);
    d->tick = event_new(base, -1, EV_PERSIST, on_tick, d);
    (void)event_add(d->tick, &tick);
    return d;
}

void deliver_reload(deliver_t *deliver, const config_t *config)
{
    const char *flaw = NULL;
    gateway_t *gateway = deliver->former != NULL || deliver->state == DELIVER_DRAINING
                             ? NULL
                             : gateway_new(deliver->base, config, &gateway_events, deliver, &flaw);
    if (gateway == NULL) {
        log_event(LEVEL_ERROR, "sender_settings_kept", flaw == NULL ? "busy" : flaw);
        return;
    }
    const config_t *before = deliver->config;
    gateway_drain(deliver->gateway);
    deliver->former = deliver->gateway;
    deliver->gateway = gateway;
    deliver->config = config_hold(config);
    use_config(deliver, config);
    config_drop(before);
}

void deliver_drain(deliver_t *deliver)
{
    if (deliver->former != NULL) {
        gateway_drain(deliver->former);
    }
    set_state(deliver, DELIVER_DRAINING);
    outbox_close(deliver->outbox);
    outbox_give_back(deliver->outbox, true, "stop");
    gateway_drain(deliver->gateway);
}

bool deliver_is_idle(const deliver_t *deliver)
{
    return deliver->out_count == 0 && record_waiting(deliver->record) == 0 &&
           !outbox_is_calling(deliver->outbox);
}

/* Let letters on the wire get their answers and results reach the database; the loop itself no
 * longer runs. What is left after that stays in the journal. */
static void settle(deliver_t *deliver)
{
    int64_t until_us = clock_mono_us() + (int64_t)STOP_MS * 1000;
    while (!deliver_is_idle(deliver) && clock_mono_us() < until_us) {
        struct timeval wait = {0, TICK_MS * 1000};
        (void)event_base_loopexit(deliver->base, &wait);
        (void)event_base_loop(deliver->base, EVLOOP_ONCE);
    }
}

void deliver_stop(deliver_t *deliver)
{
    if (deliver == NULL) {
        return;
    }
    deliver_drain(deliver);
    settle(deliver);
    gateway_free(deliver->former);
    gateway_free(deliver->gateway);
    event_free(deliver->tick);
    outbox_free(deliver->outbox);
    record_free(deliver->record);
    db_pool_free(deliver->db);
    db_statements_free(deliver->list);
    letter_maker_free(deliver->maker);
    journal_close(deliver->journal);
    while (deliver->free_count > 0) {
        letter_t *letter = deliver->free_letters[--deliver->free_count];
        buf_free(&letter->content);
        mem_free(letter);
    }
    config_drop(deliver->config);
    mem_free(deliver);
}
