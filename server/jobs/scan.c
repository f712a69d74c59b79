/* SPDX-License-Identifier: Apache-2.0
 * The job match_scan: the whole base is read page by page, compared on a thread of the pool
 * (server/link), and the pairs found are written in batches, as the one who ordered it.
 *
 *     [page -> ...] -> link (thread; progress meanwhile) -> [pairs -> ...] -> end
 *
 * A run that dies is begun again from the first page; writing a pair twice changes nothing. It
 * takes some 220 MB a million people while it runs. */
#include "jobs/job.h"

#include "base/clock.h"
#include "base/mem.h"
#include "link/link.h"

enum {
    PAGE_ROWS = 2000,
    BATCH_PAIRS = 200,
    PROGRESS_US = 5000000,
    WAIT_MS = 500,
    JSON_BYTES = 4 << 20,
    FIELDS = 8
};

static const char *const names[FIELDS] = {"surname", "given_name", "patronymic", "born_on",
                                          "phone",   "email",      "city",       "address"};
static const compare_kind_t kinds[FIELDS] = {COMPARE_SURNAME, COMPARE_NAME,   COMPARE_NAME,
                                             COMPARE_DATE,    COMPARE_PHONE,  COMPARE_EMAIL,
                                             COMPARE_CITY,    COMPARE_ADDRESS};

/* Lives on while its thread works, even when the job is gone. */
typedef struct {
    task_t task;
    job_t *job; /* NULL once the job is gone */
    bool is_working;
    bool is_loaded; /* all people are in link */
    bool is_linked;
    bool is_told; /* the end was written */
    link_t *link;
    int64_t *parties; /* of each record */
    uint32_t count;
    uint32_t cap;
    uint32_t next_pair; /* not yet written */
    uint32_t batch;     /* pairs under way */
    buf_t json;
    int64_t told_us;
} scan_t;

static void go(job_t *job);

static void scan_free(scan_t *scan)
{
    link_free(scan->link);
    buf_free(&scan->json);
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
    link_done(scan->link, &done, &total);
    uint64_t share = total == 0 ? 0 : (uint64_t)scan->count * (done < total ? done : total) / total;
    scan->told_us = clock_mono_us();
    db_params_int(params, job->id);
    db_params_bytes(params, job->lease, sizeof job->lease);
    db_params_int(params, (int64_t)(scan->count + share));
    db_params_int(params, (int64_t)scan->count * 2);
    job_ask(job, false, job->runner->statements.progress, params, on_progress);
}

/* Take one person. */
static void add_row(scan_t *scan, const db_rows_t *rows, int row)
{
    str_t values[FIELDS];
    for (int f = 0; f < FIELDS; f++) {
        bool is_null = db_is_null(rows, row, f + 1);
        values[f] = is_null ? (str_t){"", 0} : db_text(rows, row, f + 1);
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
    job_ask(job, true, job->runner->statements.scan_page, params, on_page);
}

/* --- what was found -------------------------------------------------------------------------- */

static void add_weights(scan_t *scan, link_pair_t pair)
{
    compare_level_t levels[FIELDS];
    bool is_first = true;
    link_levels(scan->link, pair.low, pair.high, levels);
    for (unsigned f = 0; f < FIELDS; f++) {
        if (levels[f] == LEVEL_ABSENT) {
            continue;
        }
        double bits = link_says(scan->link, f, levels[f], pair.low, pair.high);
        /* names exchanged are close as the steward reads it */
        compare_level_t level = levels[f] == LEVEL_SWAPPED ? LEVEL_CLOSE : levels[f];
        buf_addf(&scan->json, "%s{\"field\":\"%s\",\"weight\":%.1f,\"level\":\"%s\"}",
                 is_first ? "" : ",", names[f], bits, compare_level_name(level));
        is_first = false;
    }
}

static void add_pair(scan_t *scan, link_pair_t pair)
{
    buf_addf(&scan->json, "%s{\"a\":%lld,\"b\":%lld,\"class\":\"%s\",\"weights\":[",
             scan->batch > 0 ? "," : "", (long long)scan->parties[pair.low],
             (long long)scan->parties[pair.high],
             pair.class == LINK_CERTAIN ? "STRONG" : "POSSIBLE");
    add_weights(scan, pair);
    BUF_ADD(&scan->json, "]}");
}

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
        add_pair(scan, link_pair(scan->link, scan->next_pair + scan->batch));
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

static void send_end(job_t *job)
{
    scan_t *scan = job->own;
    buf_reset(&scan->json);
    buf_addf(&scan->json,
             "{\"people\":%u,\"pairs\":%u,\"weights\":[{\"field\":\"prior\",\"level\":\"prior\","
             "\"bits\":%.2f}",
             scan->count, link_pairs(scan->link), link_prior(scan->link));
    for (unsigned f = 0; f < FIELDS; f++) {
        for (int level = LEVEL_NONE; level < LEVELS; level++) {
            buf_addf(&scan->json, ",{\"field\":\"%s\",\"level\":\"%s\",\"bits\":%.2f}", names[f],
                     compare_level_name((compare_level_t)level),
                     link_weight(scan->link, f, (compare_level_t)level));
        }
    }
    BUF_ADD(&scan->json, "]}");
    send_json(job, job->runner->statements.scan_end, on_told);
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
    } else if (!scan->is_loaded) {
        ask_page(job);
    } else if (!scan->is_linked) {
        scan->is_working = pool_submit(job->runner->pool, job->runner->port, &scan->task);
        job_later(job, WAIT_MS);
    } else if (scan->next_pair < link_pairs(scan->link)) {
        send_pairs(job);
    } else if (!scan->is_told) {
        send_end(job);
    } else {
        job_finish(job, NULL);
    }
}

void scan_begin(job_t *job)
{
    scan_t *scan = MEM_NEW(scan_t);
    scan->task.work = work;
    scan->task.done = on_worked;
    scan->job = job;
    scan->link = link_new(kinds, FIELDS);
    scan->json = buf_make(JSON_BYTES);
    scan->told_us = clock_mono_us();
    job->own = scan;
    job->drop = drop;
    job->go = go;
    go(job);
}
