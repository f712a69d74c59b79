/* SPDX-License-Identifier: Apache-2.0
 * Results of letters on their way into the database. See record.h. */
#include "deliver/record.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/params.h"

enum {
    ROWS_A_WRITE = 200,
    CODE_BYTES = 24,
    RESULTS_MAX = 2 * JOURNAL_SLOTS, /* a slot each, and those that never had one */
    WRITE_MS = 10000,
    RETRY_US = 1000000
};

typedef struct {
    int64_t epoch;
    int64_t outbox_id;
    int slot;
    const char *outcome;
    char code[CODE_BYTES];
} result_t;

struct record {
    db_pool_t *db;
    journal_t *journal;
    const db_statement_t *statement;
    result_t results[RESULTS_MAX];
    size_t count;
    size_t writing; /* the first so many are in the write under way */
    int64_t retry_us;
    arena_t *arena;
    db_call_t call;
};

record_t *record_new(db_pool_t *db, db_statements_t *list, journal_t *journal)
{
    record_t *record = MEM_NEW(record_t);
    record->db = db;
    record->journal = journal;
    record->statement = db_statements_add(
        list, "select core.outbox_record($1::bigint, $2::bigint[], $3::text[], $4::text[])", 4);
    record->arena = arena_new(1 << 20);
    return record;
}

void record_free(record_t *record)
{
    if (record == NULL) {
        return;
    }
    if (record->writing > 0) {
        db_call_abandon(&record->call);
    }
    arena_free(record->arena);
    mem_free(record);
}

/* Keep letters, digits, dots and blanks of a code: it stands inside an array literal. */
static void put_code(char out[CODE_BYTES], str_t code)
{
    size_t used = 0;
    for (size_t i = 0; i < code.len && used + 1 < CODE_BYTES; i++) {
        char c = code.ptr[i];
        bool is_fit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == ' ' || c == '-';
        out[used++] = is_fit ? c : '-';
    }
    out[used] = '\0';
}

void record_add(record_t *record, int64_t epoch, int64_t outbox_id, int slot, const char *outcome,
                str_t code)
{
    CHECK(record->count < RESULTS_MAX);
    result_t *result = &record->results[record->count++];
    *result = (result_t){.epoch = epoch, .outbox_id = outbox_id, .slot = slot, .outcome = outcome};
    put_code(result->code, code);
    if (record->count - record->writing >= ROWS_A_WRITE) {
        record_flush(record);
    }
}

static void on_written(db_call_t *call)
{
    record_t *record = call->owner;
    size_t written = record->writing;
    record->writing = 0;
    db_call_clear(call);
    arena_reset(record->arena);
    if (call->outcome != DB_OK) {
        record->retry_us = clock_mono_us() + RETRY_US;
        log_t line;
        log_open(&line, LEVEL_ERROR, "outbox_record_failed");
        log_int(&line, "outcome", call->outcome);
        log_id(&line, "sqlstate", str_of(call->sqlstate));
        log_close(&line);
        return;
    }
    for (size_t i = 0; i < written; i++) {
        journal_free_slot(record->journal, record->results[i].slot);
    }
    record->count -= written;
    memmove(record->results, record->results + written, record->count * sizeof(result_t));
    if (record->count >= ROWS_A_WRITE) {
        record_flush(record);
    }
}

/* The arrays of the first results that share an epoch. */
static db_params_t *params_of(record_t *record, size_t rows)
{
    buf_t ids = buf_make(1 << 16);
    buf_t outcomes = buf_make(1 << 16);
    buf_t codes = buf_make(1 << 16);
    for (size_t i = 0; i < rows; i++) {
        const result_t *result = &record->results[i];
        char mark = i == 0 ? '{' : ',';
        buf_add_c(&ids, mark);
        buf_add_i64(&ids, result->outbox_id);
        buf_add_c(&outcomes, mark);
        buf_add_str(&outcomes, str_of(result->outcome));
        buf_addf(&codes, "%c\"%s\"", mark, result->code);
    }
    buf_add_c(&ids, '}');
    buf_add_c(&outcomes, '}');
    buf_add_c(&codes, '}');
    db_params_t *params = db_params_new(record->arena);
    db_params_int(params, record->results[0].epoch);
    db_params_text(params, buf_str(&ids));
    db_params_text(params, buf_str(&outcomes));
    db_params_text(params, buf_str(&codes));
    buf_free(&ids);
    buf_free(&outcomes);
    buf_free(&codes);
    return params;
}

void record_flush(record_t *record)
{
    size_t rows = 0;
    if (record->count == 0 || record->writing > 0 || clock_mono_us() < record->retry_us) {
        return;
    }
    while (rows < record->count && rows < ROWS_A_WRITE &&
           record->results[rows].epoch == record->results[0].epoch) {
        rows++;
    }
    memset(&record->call, 0, sizeof record->call);
    record->call.owner = record;
    record->call.steps[0] = db_step_of(record->statement, params_of(record, rows));
    record->call.step_count = 1;
    record->call.is_retryable = true; /* a row is recorded once: its lease ends with it */
    record->call.deadline_ms = clock_mono_us() / 1000 + WRITE_MS;
    record->call.done = on_written;
    if (db_pool_submit(record->db, 0, DB_WRITE, &record->call) == DB_OK) {
        record->writing = rows;
    } else {
        arena_reset(record->arena);
        record->retry_us = clock_mono_us() + RETRY_US;
    }
}

size_t record_waiting(const record_t *record)
{
    return record->count;
}

void record_recover(record_t *record, bool is_whole)
{
    unsigned counts[JOURNAL_PHASES] = {0};
    for (unsigned i = 0; i < JOURNAL_SLOTS; i++) {
        static const char *const outcomes[JOURNAL_PHASES] = {NULL, RECORD_UNSENT, RECORD_UNKNOWN,
                                                             RECORD_ACCEPTED, RECORD_FAILED};
        const journal_slot_t *slot = journal_at(record->journal, i);
        unsigned phase = slot->phase;
        char code[16];
        counts[phase]++;
        if (phase != JOURNAL_FREE) {
            (void)snprintf(code, sizeof code, "%d", slot->code);
            record_add(record, slot->epoch, slot->outbox_id, (int)i, outcomes[phase],
                       str_of(slot->code > 0 ? code : "restart"));
        }
    }
    log_t line;
    log_open(&line, LEVEL_INFO, "wire_journal_read");
    log_word(&line, "is_whole", is_whole ? "yes" : "no");
    log_int(&line, "unsent", counts[JOURNAL_LEASED]);
    log_int(&line, "unknown", counts[JOURNAL_DOTTED]);
    log_int(&line, "accepted", counts[JOURNAL_ACCEPTED]);
    log_int(&line, "failed", counts[JOURNAL_FAILED]);
    log_close(&line);
}
