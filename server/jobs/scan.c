/* SPDX-License-Identifier: Apache-2.0
 * The job match_scan: the whole base is read page by page, compared on a thread of the pool
 * (server/link), and the pairs found are written in batches, as the one who ordered it.
 *
 *     people, then companies:
 *         [page -> ...] -> link (thread; progress meanwhile) -> [pairs -> ...]
 *     whoever shares a key: [keys -> ...]
 *     end
 *
 * Comparing sees the telephones and one e-mail address of everybody; the last part sees every key.
 * A run that dies is begun again from the first page; writing a pair twice changes nothing. It
 * takes some 220 MB a million people while it runs. */
#include "jobs/job.h"

#include "base/clock.h"
#include "base/mem.h"
#include "jobs/scan_text.h"
#include "link/link.h"

enum {
    PAGE_ROWS = 2000,
    KEY_PARTIES = 500,
    BATCH_PAIRS = 200,
    PROGRESS_US = 5000000,
    WAIT_MS = 500,
    JSON_BYTES = 4 << 20,
    WEIGHTS_BYTES = 1 << 16,
    ROLLS = 2
};

static const scan_roll_t rolls[ROLLS] = {
    {"PERSON",
     8,
     {1, 2, 3, 4, 5, 6, 7, 8},
     {"surname", "given_name", "patronymic", "born_on", "phone", "email", "city", "address"},
     {COMPARE_SURNAME, COMPARE_NAME, COMPARE_NAME, COMPARE_DATE, COMPARE_PHONE, COMPARE_EMAIL,
      COMPARE_CITY, COMPARE_ADDRESS}},
    {"COMPANY",
     6,
     {1, 2, 5, 6, 7, 8},
     {"name", "inn", "phone", "email", "city", "address"},
     {COMPARE_TITLE, COMPARE_CODE, COMPARE_PHONE, COMPARE_EMAIL, COMPARE_CITY, COMPARE_ADDRESS}}};

/* Lives on while its thread works, even when the job is gone. */
typedef struct {
    task_t task;
    job_t *job; /* NULL once the job is gone */
    bool is_working;
    unsigned roll;  /* ROLLS: both are compared */
    bool is_loaded; /* all parties of the roll are in link */
    bool is_linked;
    int64_t key_after; /* the last party whose keys were looked at; -1: all */
    bool is_told;      /* the end was written */
    link_t *link;
    int64_t *parties; /* of each record */
    uint32_t count;
    uint32_t cap;
    uint32_t next_pair; /* not yet written */
    uint32_t batch;     /* pairs under way */
    buf_t json;
    buf_t learned; /* JSON: what the comparison of people learned */
    uint64_t parties_all;
    uint64_t people;
    uint64_t pairs;
    int64_t told_us;
} scan_t;

static void go(job_t *job);

static void scan_free(scan_t *scan)
{
    link_free(scan->link);
    buf_free(&scan->json);
    buf_free(&scan->learned);
    mem_free(scan->parties);
    mem_free(scan);
}

static void drop(job_t *job)
{
    scan_t *scan = job->own;
    scan->job = NULL;
    if (scan->is_working) {
        link_stop(scan->link);
    } else {
        scan_free(scan);
    }
}

/* --- on a thread of the pool ----------------------------------------------------------------- */

static void work(task_t *task)
{
    link_run(((scan_t *)task)->link);
}

/* --- on the loop ----------------------------------------------------------------------------- */

/* The next tick of go() sees it: a call for progress may be under way now. */
static void on_worked(task_t *task)
{
    scan_t *scan = (scan_t *)task;
    scan->is_working = false;
    scan->is_linked = true;
    if (scan->job == NULL) {
        scan_free(scan);
    }
}

static void on_progress(db_call_t *call)
{
    job_t *job = call->owner;
    scan_t *scan = job->own;
    db_rows_t *result = job_answered(call);
    if (result == NULL) {
        return;
    }
    bool is_running = str_eq(db_text(result, 0, 0), STR("RUNNING"));
    db_rows_free(result);
    job->tries = 0;
    if (!is_running) {
        job_leave(job, false); /* paused, cancelled, or another runner has it */
    } else if (scan->is_working) {
        job_later(job, WAIT_MS);
    } else {
        go(job);
    }
}

/* Reading is the first half of the way, comparing the second. */
static void tell_progress(job_t *job)
{
    scan_t *scan = job->own;
    db_params_t *params = db_params_new(job->scratch);
    uint64_t done = 0;
    uint64_t total = 0;
    if (scan->link != NULL) {
        link_done(scan->link, &done, &total);
    }
    uint64_t share = total == 0 ? 0 : (uint64_t)scan->count * (done < total ? done : total) / total;
    scan->told_us = clock_mono_us();
    db_params_int(params, job->id);
    db_params_bytes(params, job->lease, sizeof job->lease);
    db_params_int(params, (int64_t)(scan->parties_all * 2 + scan->count + share));
    db_params_int(params, (int64_t)(scan->parties_all + scan->count) * 2);
    job_ask(job, false, job->runner->statements.progress, params, on_progress);
}

/* Take one party. */
static void add_row(scan_t *scan, const db_rows_t *rows, int row)
{
    const scan_roll_t *roll = &rolls[scan->roll];
    str_t values[SCAN_FIELDS];
    for (unsigned f = 0; f < roll->count; f++) {
        bool is_null = db_is_null(rows, row, roll->columns[f]);
        values[f] = is_null ? (str_t){"", 0} : db_text(rows, row, roll->columns[f]);
    }
    if (scan->count == scan->cap) {
        scan->cap = scan->cap == 0 ? 4096 : scan->cap + scan->cap / 2;
        scan->parties = mem_resize(scan->parties, sizeof(int64_t) * scan->cap);
    }
    if (link_add(scan->link, values, 0)) {
        scan->parties[scan->count++] = db_int(rows, row, 0);
    }
}

static void on_page(db_call_t *call)
{
    job_t *job = call->owner;
    scan_t *scan = job->own;
    db_rows_t *rows = job_answered(call);
    if (rows == NULL) {
        return;
    }
    int count = db_row_count(rows);
    for (int row = 0; row < count; row++) {
        add_row(scan, rows, row);
    }
    db_rows_free(rows);
    scan->is_loaded = count < PAGE_ROWS || scan->count == LINK_RECORDS_MAX;
    job->tries = 0;
    if (clock_mono_us() - scan->told_us >= PROGRESS_US) {
        tell_progress(job);
    } else {
        go(job);
    }
}

static void ask_page(job_t *job)
{
    scan_t *scan = job->own;
    db_params_t *params = db_params_new(job->scratch);
    db_params_int(params, job->id);
    db_params_int(params, scan->count == 0 ? 0 : scan->parties[scan->count - 1]);
    db_params_int(params, PAGE_ROWS);
    db_params_text(params, str_of(rolls[scan->roll].kind));
    job_ask(job, true, job->runner->statements.scan_page, params, on_page);
}

/* --- what was found -------------------------------------------------------------------------- */

static void on_pairs(db_call_t *call)
{
    job_t *job = call->owner;
    scan_t *scan = job->own;
    db_rows_t *result = job_answered(call);
    if (result == NULL) {
        return;
    }
    db_rows_free(result);
    scan->next_pair += scan->batch;
    job->tries = 0;
    if (clock_mono_us() - scan->told_us >= PROGRESS_US) {
        tell_progress(job);
    } else {
        go(job);
    }
}

static void send_json(job_t *job, const db_statement_t *statement, void (*done)(db_call_t *))
{
    scan_t *scan = job->own;
    db_params_t *params = db_params_new(job->scratch);
    db_params_int(params, job->id);
    db_params_text(params, buf_str(&scan->json));
    job_ask(job, true, statement, params, done);
}

static void send_pairs(job_t *job)
{
    scan_t *scan = job->own;
    buf_reset(&scan->json);
    scan->batch = 0;
    BUF_ADD(&scan->json, "[");
    while (scan->batch < BATCH_PAIRS && scan->next_pair + scan->batch < link_pairs(scan->link)) {
        link_pair_t pair = link_pair(scan->link, scan->next_pair + scan->batch);
        if (scan->batch > 0) {
            BUF_ADD(&scan->json, ",");
        }
        scan_put_pair(&scan->json, &rolls[scan->roll], scan->link, pair, scan->parties[pair.low],
                      scan->parties[pair.high]);
        scan->batch++;
    }
    BUF_ADD(&scan->json, "]");
    send_json(job, job->runner->statements.scan_pairs, on_pairs);
}

static void on_told(db_call_t *call)
{
    job_t *job = call->owner;
    scan_t *scan = job->own;
    db_rows_t *result = job_answered(call);
    if (result != NULL) {
        db_rows_free(result);
        scan->is_told = true;
        go(job);
    }
}

static void roll_begin(scan_t *scan)
{
    scan->link = link_new(rolls[scan->roll].kinds, rolls[scan->roll].count);
    scan->count = 0;
    scan->next_pair = 0;
    scan->is_loaded = false;
    scan->is_linked = false;
}

/* The pairs of a roll are written: on to the next. */
static void roll_end(scan_t *scan)
{
    if (scan->roll == 0) {
        scan->people = scan->count;
        scan_put_weights(&scan->learned, &rolls[0],
                         scan->link); /* pairs found by keys are weighed by it */
    }
    scan->pairs += link_pairs(scan->link);
    scan->parties_all += scan->count;
    scan->count = 0;
    link_free(scan->link);
    scan->link = NULL;
    if (++scan->roll < ROLLS) {
        roll_begin(scan);
    }
}

static void on_keys(db_call_t *call)
{
    job_t *job = call->owner;
    scan_t *scan = job->own;
    db_rows_t *result = job_answered(call);
    if (result == NULL) {
        return;
    }
    scan->key_after = db_is_null(result, 0, 0) ? -1 : db_int(result, 0, 0);
    db_rows_free(result);
    job->tries = 0;
    if (clock_mono_us() - scan->told_us >= PROGRESS_US) {
        tell_progress(job);
    } else {
        go(job);
    }
}

static void ask_keys(job_t *job)
{
    scan_t *scan = job->own;
    db_params_t *params = db_params_new(job->scratch);
    db_params_int(params, job->id);
    db_params_int(params, scan->key_after);
    db_params_int(params, KEY_PARTIES);
    job_ask(job, true, job->runner->statements.scan_keys, params, on_keys);
}

static void send_end(job_t *job)
{
    scan_t *scan = job->own;
    buf_reset(&scan->json);
    buf_addf(&scan->json, "{\"people\":%llu,\"companies\":%llu,\"pairs\":%llu,\"weights\":",
             (unsigned long long)scan->people,
             (unsigned long long)(scan->parties_all - scan->people),
             (unsigned long long)scan->pairs);
    buf_add_str(&scan->json, buf_str(&scan->learned));
    BUF_ADD(&scan->json, "}");
    send_json(job, job->runner->statements.scan_end, on_told);
}

/* Both rolls are compared. */
static void finish(job_t *job)
{
    scan_t *scan = job->own;
    if (scan->key_after >= 0) {
        ask_keys(job);
    } else if (!scan->is_told) {
        send_end(job);
    } else {
        job_finish(job, NULL);
    }
}

/* Do what comes next; also the way back after a pause or a retry. */
static void go(job_t *job)
{
    scan_t *scan = job->own;
    if (job->runner->is_draining) {
        job_leave(job, true);
    } else if (scan->is_working) {
        if (clock_mono_us() - scan->told_us >= PROGRESS_US) {
            tell_progress(job);
        } else {
            job_later(job, WAIT_MS);
        }
    } else if (scan->roll == ROLLS) {
        finish(job);
    } else if (!scan->is_loaded) {
        ask_page(job);
    } else if (!scan->is_linked) {
        scan->is_working = pool_submit(job->runner->pool, job->runner->port, &scan->task);
        job_later(job, WAIT_MS);
    } else if (scan->next_pair < link_pairs(scan->link)) {
        send_pairs(job);
    } else {
        roll_end(scan);
        go(job);
    }
}

void scan_begin(job_t *job)
{
    scan_t *scan = MEM_NEW(scan_t);
    scan->task.work = work;
    scan->task.done = on_worked;
    scan->job = job;
    roll_begin(scan);
    scan->json = buf_make(JSON_BYTES);
    scan->learned = buf_make(WEIGHTS_BYTES);
    scan->told_us = clock_mono_us();
    job->own = scan;
    job->drop = drop;
    job->go = go;
    go(job);
}
