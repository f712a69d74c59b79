/* SPDX-License-Identifier: Apache-2.0
 * Rows of the outbox on their way to letters. See outbox.h. */
#include "deliver/outbox.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/params.h"

enum {
    BATCH_ROWS = 100,
    BATCHES = 2,
    BATCH_FRESH_MS = 30000, /* rows not on the wire by then go back */
    CALL_MS = 10000
};

/* Rows that passed the gate, in one result; `next` is the first not given out. */
typedef struct {
    db_rows_t *rows;
    int next;
    int count;
    int slots[BATCH_ROWS]; /* journal slot of each row */
    int64_t fresh_until_us;
} batch_t;

struct outbox {
    db_pool_t *db;
    journal_t *journal;
    record_t *record;
    void (*on_rows)(void *ctx);
    void *ctx;
    const db_statement_t *begin;
    const db_statement_t *lease;
    const db_statement_t *dispatch;
    int64_t epoch;
    bool is_begun;
    bool is_closed;
    db_call_t call;
    bool is_calling;
    arena_t *arena;
    int64_t leased[BATCH_ROWS];
    int leased_slots[BATCH_ROWS];
    int leased_count;
    batch_t batches[BATCHES];
};

/* Send one statement; `done` takes over. out: false when the database is away or busy */
static bool ask(outbox_t *o, const db_statement_t *statement, db_params_t *params,
                void (*done)(db_call_t *))
{
    memset(&o->call, 0, sizeof o->call);
    o->call.owner = o;
    o->call.steps[0] = db_step_of(statement, params);
    o->call.step_count = 1;
    o->call.deadline_ms = clock_mono_us() / 1000 + CALL_MS;
    o->call.done = done;
    o->is_calling = db_pool_submit(o->db, 0, DB_WRITE, &o->call) == DB_OK;
    return o->is_calling;
}

/* End of a call: free its memory. out: its result, or NULL when it failed (logged) */
static db_rows_t *answer(db_call_t *call, const char *event)
{
    outbox_t *o = call->owner;
    db_rows_t *result = call->outcome == DB_OK ? db_call_take(call, 0) : NULL;
    o->is_calling = false;
    if (result == NULL && call->outcome != DB_UNAVAILABLE) {
        log_t line;
        log_open(&line, LEVEL_ERROR, event);
        log_int(&line, "outcome", call->outcome);
        log_id(&line, "sqlstate", str_of(call->sqlstate));
        log_close(&line);
    }
    db_call_clear(call);
    arena_reset(o->arena);
    return result;
}

static void on_begun(db_call_t *call)
{
    outbox_t *o = call->owner;
    db_rows_t *result = answer(call, "outbox_begin_failed");
    if (result == NULL) {
        return;
    }
    o->epoch = db_int(result, 0, 0);
    o->is_begun = true;
    db_rows_free(result);
}

void outbox_begin(outbox_t *o, bool is_journal_whole)
{
    if (o->is_calling) {
        return;
    }
    db_params_t *params = db_params_new(o->arena);
    db_params_word(params, journal_name(o->journal));
    db_params_bool(params, is_journal_whole);
    if (!ask(o, o->begin, params, on_begun)) {
        arena_reset(o->arena);
    }
}

static void drop_batch(outbox_t *o, int index)
{
    db_rows_free(o->batches[index].rows);
    o->batches[index] = (batch_t){.rows = NULL};
    if (index == 0) {
        o->batches[0] = o->batches[1];
        o->batches[1] = (batch_t){.rows = NULL};
    }
}

static void give_back_leased(outbox_t *o)
{
    for (int i = 0; i < o->leased_count; i++) {
        record_add(o->record, o->epoch, o->leased[i], o->leased_slots[i], RECORD_UNSENT,
                   STR("database"));
    }
    o->leased_count = 0;
}

/* Slot of a leased row, which then belongs to the batch. out: -1 for a row that was not leased */
static int claim_slot(outbox_t *o, int64_t outbox_id)
{
    for (int i = 0; i < o->leased_count; i++) {
        if (o->leased[i] == outbox_id) {
            int slot = o->leased_slots[i];
            o->leased_slots[i] = -1;
            return slot;
        }
    }
    return -1;
}

static void on_dispatched(db_call_t *call)
{
    outbox_t *o = call->owner;
    db_rows_t *result = answer(call, "outbox_dispatch_failed");
    if (result == NULL || o->is_closed) {
        db_rows_free(result);
        give_back_leased(o);
        return;
    }
    if (o->batches[0].rows != NULL && o->batches[0].next == o->batches[0].count) {
        drop_batch(o, 0);
    }
    batch_t *batch = o->batches[0].rows == NULL ? &o->batches[0] : &o->batches[1];
    CHECK(batch->rows == NULL);
    *batch = (batch_t){.rows = result, .count = db_row_count(result)};
    CHECK(batch->count <= BATCH_ROWS);
    batch->fresh_until_us = clock_mono_us() + (int64_t)BATCH_FRESH_MS * 1000;
    for (int i = 0; i < batch->count; i++) {
        batch->slots[i] = claim_slot(o, db_int(result, i, 0));
        CHECK(batch->slots[i] >= 0);
    }
    for (int i = 0; i < o->leased_count; i++) {
        journal_free_slot(o->journal, o->leased_slots[i]); /* the gate kept these */
    }
    o->leased_count = 0;
    if (batch->count == 0) {
        db_rows_free(batch->rows);
        *batch = (batch_t){.rows = NULL};
    }
    o->on_rows(o->ctx);
}

static void ask_gate(outbox_t *o)
{
    buf_t ids = buf_make(1 << 14);
    for (int i = 0; i < o->leased_count; i++) {
        buf_add_c(&ids, i == 0 ? '{' : ',');
        buf_add_i64(&ids, o->leased[i]);
    }
    buf_add_c(&ids, '}');
    db_params_t *params = db_params_new(o->arena);
    db_params_text(params, buf_str(&ids));
    db_params_int(params, o->epoch);
    buf_free(&ids);
    if (!ask(o, o->dispatch, params, on_dispatched)) {
        arena_reset(o->arena);
        give_back_leased(o);
    }
}

static void on_leased(db_call_t *call)
{
    outbox_t *o = call->owner;
    bool is_in_doubt = call->outcome == DB_TIMEOUT || call->outcome == DB_UNAVAILABLE;
    db_rows_t *result = answer(call, "outbox_lease_failed");
    if (result == NULL) {
        if (is_in_doubt) {
            o->is_begun = false; /* rows may be ours without our knowing */
        }
        return;
    }
    if (db_row_count(result) > BATCH_ROWS) {
        log_event(LEVEL_ERROR, "outbox_lease_failed", "more rows than asked for");
        o->is_begun = false; /* the next epoch gives them all back */
        db_rows_free(result);
        return;
    }
    o->leased_count = db_row_count(result);
    for (int i = 0; i < o->leased_count; i++) {
        o->leased[i] = db_int(result, i, 0);
        o->leased_slots[i] = journal_take(o->journal, o->leased[i], o->epoch);
        CHECK(o->leased_slots[i] >= 0);
    }
    db_rows_free(result);
    if (o->leased_count > 0 && !o->is_closed) {
        ask_gate(o);
    } else {
        give_back_leased(o);
    }
}

void outbox_want(outbox_t *o)
{
    bool has_room = o->batches[1].rows == NULL && outbox_waiting(o) < BATCH_ROWS / 2 &&
                    journal_used(o->journal) + BATCH_ROWS <= JOURNAL_SLOTS;
    if (!o->is_begun || o->is_closed || o->is_calling || !has_room) {
        return;
    }
    db_params_t *params = db_params_new(o->arena);
    db_params_word(params, journal_name(o->journal));
    db_params_int(params, o->epoch);
    db_params_int(params, BATCH_ROWS);
    if (!ask(o, o->lease, params, on_leased)) {
        arena_reset(o->arena);
    }
}

bool outbox_take(outbox_t *o, outbox_row_t *row)
{
    if (o->batches[0].rows != NULL && o->batches[0].next == o->batches[0].count) {
        drop_batch(o, 0);
    }
    batch_t *batch = &o->batches[0];
    if (batch->rows == NULL) {
        return false;
    }
    int at = batch->next++;
    *row = (outbox_row_t){batch->rows, at, db_int(batch->rows, at, OUTBOX_ID), batch->slots[at]};
    return true;
}

size_t outbox_waiting(const outbox_t *o)
{
    size_t rows = 0;
    for (int i = 0; i < BATCHES; i++) {
        rows += (size_t)(o->batches[i].count - o->batches[i].next);
    }
    return rows;
}
void outbox_give_back(outbox_t *o, bool is_all, const char *code)
{
    for (int i = BATCHES - 1; i >= 0; i--) {
        batch_t *batch = &o->batches[i];
        if (batch->rows == NULL || (!is_all && clock_mono_us() < batch->fresh_until_us)) {
            continue;
        }
        for (; batch->next < batch->count; batch->next++) {
            record_add(o->record, o->epoch, db_int(batch->rows, batch->next, 0),
                       batch->slots[batch->next], RECORD_UNSENT, str_of(code));
        }
        drop_batch(o, i);
    }
}

bool outbox_is_begun(const outbox_t *o)
{
    return o->is_begun;
}

int64_t outbox_epoch(const outbox_t *o)
{
    return o->epoch;
}

void outbox_close(outbox_t *o)
{
    o->is_closed = true;
}

bool outbox_is_calling(const outbox_t *o)
{
    return o->is_calling;
}

outbox_t *outbox_new(db_pool_t *db, db_statements_t *list, journal_t *journal, record_t *record,
                     void (*on_rows)(void *ctx), void *ctx)
{
    outbox_t *o = MEM_NEW(outbox_t);
    o->db = db;
    o->journal = journal;
    o->record = record;
    o->on_rows = on_rows;
    o->ctx = ctx;
    o->arena = arena_new(1 << 20);
    o->begin = db_statements_add(list, "select core.outbox_begin($1::text, $2::boolean)", 2);
    o->lease =
        db_statements_add(list, "select core.outbox_lease($1::text, $2::bigint, $3::int)", 3);
    o->dispatch = db_statements_add(
        list,
        "select outbox_id, message, address, sender_name, sender_address, subject, body_text, "
        "body_html, vars::text, is_marketing, list_name from core.outbox_dispatch($1::bigint[], "
        "$2::bigint)",
        2);
    return o;
}

void outbox_free(outbox_t *o)
{
    if (o == NULL) {
        return;
    }
    if (o->is_calling) {
        db_call_abandon(&o->call);
    }
    for (int i = 0; i < BATCHES; i++) {
        db_rows_free(o->batches[i].rows);
    }
    arena_free(o->arena);
    mem_free(o);
}
