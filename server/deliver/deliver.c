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
#include "deliver/record.h"

enum {
    BATCH_ROWS = 100,
    BATCHES = 2,
    BATCH_FRESH_MS = 30000, /* rows not on the wire by then go back: rights change (R94) */
    TICK_MS = 50,
    POLL_TICKS = 5, /* an empty outbox is looked at every fifth tick */
    CALL_MS = 10000,
    STOP_MS = 5000,
    LETTERS_MAX = 2 * GATEWAY_SESSIONS_MAX
};

/** Where the sender stands; each but RUNNING waits for one answer of the database or for quiet. */
typedef enum {
    DELIVER_RECOVERING, /* results of the journal are being recorded */
    DELIVER_BEGINNING,  /* asks for its epoch; retried every tick */
    DELIVER_RUNNING,    /* leases and sends */
    DELIVER_SETTLING,   /* a lease was lost in doubt: all letters end first, then BEGINNING */
    DELIVER_DRAINING    /* takes nothing new */
} deliver_state_t;

/* Rows that passed the gate, in one result; `next` is the first not given out. */
typedef struct {
    PGresult *rows;
    int next;
    int count;
    int slots[BATCH_ROWS]; /* journal slot of each row */
    int64_t fresh_until_us;
} batch_t;

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
    const db_statement_t *begin;
    const db_statement_t *lease;
    const db_statement_t *dispatch;
    journal_t *journal;
    bool is_journal_whole;
    record_t *record;
    gateway_t *gateway;
    gateway_t *former; /* of the settings before the last reload, until its sessions ended */
    letter_options_t letter_options;
    letter_maker_t *maker;
    deliver_state_t state;
    int64_t epoch;
    struct event *tick;
    unsigned idle_ticks;
    /* the one call of lease and gate */
    db_call_t call;
    bool is_calling;
    arena_t *arena;
    int64_t leased[BATCH_ROWS];
    int leased_slots[BATCH_ROWS];
    int leased_count;
    batch_t batches[BATCHES];
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

static size_t waiting(const deliver_t *d)
{
    size_t rows = 0;
    for (int i = 0; i < BATCHES; i++) {
        rows += (size_t)(d->batches[i].count - d->batches[i].next);
    }
    return rows;
}

/* Send one statement; `done` takes over. out: false when the database is away or busy */
static bool ask(deliver_t *d, const db_statement_t *statement, db_params_t *params,
                void (*done)(db_call_t *))
{
    memset(&d->call, 0, sizeof d->call);
    d->call.owner = d;
    d->call.steps[0] = db_step_of(statement, params);
    d->call.step_count = 1;
    d->call.deadline_ms = clock_mono_us() / 1000 + CALL_MS;
    d->call.done = done;
    d->is_calling = db_pool_submit(d->db, 0, DB_WRITE, &d->call) == DB_OK;
    return d->is_calling;
}

/* End of a call: free its memory. out: its result, or NULL when it failed (logged) */
static PGresult *answer(db_call_t *call, const char *event)
{
    deliver_t *d = call->owner;
    PGresult *result = call->outcome == DB_OK ? db_call_take(call, 0) : NULL;
    d->is_calling = false;
    if (result == NULL && call->outcome != DB_UNAVAILABLE) {
        log_t line;
        log_open(&line, LEVEL_ERROR, event);
        log_int(&line, "outcome", call->outcome);
        log_id(&line, "sqlstate", str_of(call->sqlstate));
        log_close(&line);
    }
    db_call_clear(call);
    arena_reset(d->arena);
    return result;
}

/* --- start: the journal, then an epoch ------------------------------------------------------- */

/* Record what the journal of the former process knows. */
static void recover(deliver_t *d)
{
    unsigned counts[JOURNAL_PHASES] = {0};
    for (unsigned i = 0; i < JOURNAL_SLOTS; i++) {
        static const char *const outcomes[JOURNAL_PHASES] = {NULL, RECORD_UNSENT, RECORD_UNKNOWN,
                                                             RECORD_ACCEPTED, RECORD_FAILED};
        const journal_slot_t *slot = journal_at(d->journal, i);
        unsigned phase = slot->phase;
        char code[16];
        counts[phase]++;
        if (phase != JOURNAL_FREE) {
            (void)snprintf(code, sizeof code, "%d", slot->code);
            record_add(d->record, slot->epoch, slot->outbox_id, (int)i, outcomes[phase],
                       str_of(slot->code > 0 ? code : "restart"));
        }
    }
    log_t line;
    log_open(&line, LEVEL_INFO, "wire_journal_read");
    log_word(&line, "is_whole", d->is_journal_whole ? "yes" : "no");
    log_int(&line, "unsent", counts[JOURNAL_LEASED]);
    log_int(&line, "unknown", counts[JOURNAL_DOTTED]);
    log_int(&line, "accepted", counts[JOURNAL_ACCEPTED]);
    log_int(&line, "failed", counts[JOURNAL_FAILED]);
    log_close(&line);
}

static void on_begun(db_call_t *call)
{
    deliver_t *d = call->owner;
    PGresult *result = answer(call, "outbox_begin_failed");
    if (result == NULL) {
        return;
    }
    d->epoch = db_int(result, 0, 0);
    d->is_journal_whole = true; /* from here on it is ours */
    PQclear(result);
    set_state(d, DELIVER_RUNNING);
}

static void ask_epoch(deliver_t *d)
{
    db_params_t *params = db_params_new(d->arena);
    db_params_word(params, journal_name(d->journal));
    db_params_bool(params, d->is_journal_whole);
    if (!ask(d, d->begin, params, on_begun)) {
        arena_reset(d->arena);
    }
}

/* --- taking rows ----------------------------------------------------------------------------- */

static void give_back_leased(deliver_t *d)
{
    for (int i = 0; i < d->leased_count; i++) {
        record_add(d->record, d->epoch, d->leased[i], d->leased_slots[i], RECORD_UNSENT,
                   STR("database"));
    }
    d->leased_count = 0;
}

/* Slot of a leased row, which then belongs to the batch. out: -1 for a row that was not leased */
static int claim_slot(deliver_t *d, int64_t outbox_id)
{
    for (int i = 0; i < d->leased_count; i++) {
        if (d->leased[i] == outbox_id) {
            int slot = d->leased_slots[i];
            d->leased_slots[i] = -1;
            return slot;
        }
    }
    return -1;
}

static void on_dispatched(db_call_t *call)
{
    deliver_t *d = call->owner;
    PGresult *result = answer(call, "outbox_dispatch_failed");
    if (result == NULL || d->state == DELIVER_DRAINING) {
        PQclear(result);
        give_back_leased(d);
        return;
    }
    batch_t *batch = d->batches[0].rows == NULL ? &d->batches[0] : &d->batches[1];
    CHECK(batch->rows == NULL);
    *batch = (batch_t){.rows = result, .count = PQntuples(result)};
    CHECK(batch->count <= BATCH_ROWS);
    batch->fresh_until_us = clock_mono_us() + (int64_t)BATCH_FRESH_MS * 1000;
    for (int i = 0; i < batch->count; i++) {
        batch->slots[i] = claim_slot(d, db_int(result, i, 0));
        CHECK(batch->slots[i] >= 0);
    }
    for (int i = 0; i < d->leased_count; i++) {
        journal_free_slot(d->journal, d->leased_slots[i]); /* the gate kept these */
    }
    d->leased_count = 0;
    if (batch->count == 0) {
        PQclear(batch->rows);
        *batch = (batch_t){.rows = NULL};
    }
    gateway_wake(d->gateway, waiting(d));
}

static void ask_gate(deliver_t *d)
{
    buf_t ids = buf_make(1 << 14);
    for (int i = 0; i < d->leased_count; i++) {
        buf_add_c(&ids, i == 0 ? '{' : ',');
        buf_add_i64(&ids, d->leased[i]);
    }
    buf_add_c(&ids, '}');
    db_params_t *params = db_params_new(d->arena);
    db_params_text(params, buf_str(&ids));
    db_params_int(params, d->epoch);
    buf_free(&ids);
    if (!ask(d, d->dispatch, params, on_dispatched)) {
        arena_reset(d->arena);
        give_back_leased(d);
    }
}

static void on_leased(db_call_t *call)
{
    deliver_t *d = call->owner;
    bool is_in_doubt = call->outcome == DB_TIMEOUT || call->outcome == DB_UNAVAILABLE;
    PGresult *result = answer(call, "outbox_lease_failed");
    if (result == NULL) {
        if (is_in_doubt) {
            set_state(d, DELIVER_SETTLING); /* rows may be ours without our knowing */
        }
        return;
    }
    d->leased_count = PQntuples(result);
    CHECK(d->leased_count <= BATCH_ROWS);
    for (int i = 0; i < d->leased_count; i++) {
        d->leased[i] = db_int(result, i, 0);
        d->leased_slots[i] = journal_take(d->journal, d->leased[i], d->epoch);
        CHECK(d->leased_slots[i] >= 0);
    }
    PQclear(result);
    d->idle_ticks = 0;
    if (d->leased_count > 0 && d->state == DELIVER_RUNNING) {
        ask_gate(d);
    } else {
        give_back_leased(d);
    }
}

/* Lease another batch when there is room for one, and a gateway to send it to. */
static void want_rows(deliver_t *d)
{
    bool has_room = d->batches[1].rows == NULL && waiting(d) < BATCH_ROWS / 2 &&
                    journal_used(d->journal) + BATCH_ROWS <= JOURNAL_SLOTS;
    if (d->state != DELIVER_RUNNING || d->is_calling || !has_room || gateway_is_away(d->gateway)) {
        return;
    }
    db_params_t *params = db_params_new(d->arena);
    db_params_word(params, journal_name(d->journal));
    db_params_int(params, d->epoch);
    db_params_int(params, BATCH_ROWS);
    if (!ask(d, d->lease, params, on_leased)) {
        arena_reset(d->arena);
    }
}

static void drop_batch(deliver_t *d, int index)
{
    PQclear(d->batches[index].rows);
    d->batches[index] = (batch_t){.rows = NULL};
    if (index == 0) {
        d->batches[0] = d->batches[1];
        d->batches[1] = (batch_t){.rows = NULL};
    }
}

/* Give rows back that are not on the wire: all of them, or those that waited too long. */
static void give_back_rows(deliver_t *d, bool is_all, const char *code)
{
    for (int i = BATCHES - 1; i >= 0; i--) {
        batch_t *batch = &d->batches[i];
        if (batch->rows == NULL || (!is_all && clock_mono_us() < batch->fresh_until_us)) {
            continue;
        }
        for (; batch->next < batch->count; batch->next++) {
            record_add(d->record, d->epoch, db_int(batch->rows, batch->next, 0),
                       batch->slots[batch->next], RECORD_UNSENT, str_of(code));
        }
        drop_batch(d, i);
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

static str_t text_at(const PGresult *rows, int row, int column)
{
    str_t text = db_text(rows, row, column);
    return text.ptr == NULL ? STR("") : text;
}

/* Make the letter of a row. out: NULL or the word that says why not */
static const char *make(deliver_t *d, const PGresult *rows, int row, letter_t *letter)
{
    unsigned missing = 0;
    str_t uuid = db_text(rows, row, 1);
    letter_row_t from = {
        .uuid = (const unsigned char *)uuid.ptr,
        .address = text_at(rows, row, 2),
        .sender_name = text_at(rows, row, 3),
        .sender_address = text_at(rows, row, 4),
        .subject = text_at(rows, row, 5),
        .text = text_at(rows, row, 6),
        .html = text_at(rows, row, 7),
        .vars = db_text(rows, row, 8),
        .is_marketing = db_bool(rows, row, 9),
        .list_name = text_at(rows, row, 10),
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

/* The gateway asks for a letter. */
static smtp_letter_t *on_next(void *ctx)
{
    deliver_t *d = ctx;
    while (d->batches[0].rows != NULL && d->state != DELIVER_DRAINING) {
        batch_t *batch = &d->batches[0];
        int row = batch->next++;
        letter_t *letter = letter_get(d);
        letter->outbox_id = db_int(batch->rows, row, 0);
        letter->slot = batch->slots[row];
        const char *flaw = make(d, batch->rows, row, letter);
        if (batch->next == batch->count) {
            drop_batch(d, 0);
        }
        if (flaw == NULL) {
            return &letter->wire;
        }
        journal_set(d->journal, letter->slot, JOURNAL_FAILED, 0);
        record_add(d->record, d->epoch, letter->outbox_id, letter->slot, RECORD_FAILED,
                   str_of(flaw));
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
    record_add(d->record, d->epoch, letter->outbox_id, letter->slot, outcomes[result],
               str_trim(str_of(reason)));
    metric_add(d->results[result], 1);
    letter_put(d, letter);
    want_rows(d);
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
    bool is_quiet = record_waiting(d->record) == 0 && d->out_count == 0 && !d->is_calling;
    switch (d->state) {
    case DELIVER_RECOVERING:
        if (is_quiet) {
            set_state(d, DELIVER_BEGINNING);
        }
        break;
    case DELIVER_SETTLING:
        give_back_rows(d, true, "database");
        if (is_quiet) {
            set_state(d, DELIVER_BEGINNING);
        }
        break;
    case DELIVER_BEGINNING:
        if (!d->is_calling && d->idle_ticks++ % (4 * POLL_TICKS) == 0) {
            ask_epoch(d);
        }
        break;
    case DELIVER_RUNNING:
        give_back_rows(d, false, "gateway");
        gateway_wake(d->gateway, waiting(d));
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
    d->begin = db_statements_add(d->list, "select core.outbox_begin($1::text, $2::boolean)", 2);
    d->lease =
        db_statements_add(d->list, "select core.outbox_lease($1::text, $2::bigint, $3::int)", 3);
    d->dispatch = db_statements_add(
        d->list,
        "select outbox_id, message, address, sender_name, sender_address, subject, body_text, "
        "body_html, vars::text, is_marketing, list_name from core.outbox_dispatch($1::bigint[], "
        "$2::bigint)",
        2);
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
    d->arena = arena_new(1 << 20);
    use_config(d, config);
    d->maker = letter_maker_new(&d->letter_options);
    register_metrics(d);
    open_database(d);
    d->record = record_new(d->db, d->list, journal);
    recover(d);
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
    give_back_rows(deliver, true, "stop");
    gateway_drain(deliver->gateway);
}

bool deliver_is_idle(const deliver_t *deliver)
{
    return deliver->out_count == 0 && record_waiting(deliver->record) == 0 && !deliver->is_calling;
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
    if (deliver->is_calling) {
        db_call_abandon(&deliver->call);
    }
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
    arena_free(deliver->arena);
    config_drop(deliver->config);
    mem_free(deliver);
}
