/* SPDX-License-Identifier: Apache-2.0
 * The job import_parse: an uploaded list is read on a thread of the pool, batch by batch, and its
 * rows go to the database as the one who uploaded it.
 *
 *     open (thread) -> header -> [rows (thread) -> rows_add -> progress each second] ... -> parsed
 * -> end
 *
 * Resumable: the answer to the header is the last line stored, and rows up to it are passed over.
 */
#include "jobs/job.h"

#include <jansson.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "intake/list.h"

enum { PROGRESS_US = 1000000, PATH_BYTES = 4300, SHEET_BYTES = 402, HEADER_BYTES = 1 << 20 };

/* Lives on while its thread works, even when the job is gone. */
typedef struct {
    task_t task;
    job_t *job; /* NULL once the job is gone */
    bool is_working;
    list_t *list;
    const char *flaw; /* static word; NULL while all is well */
    char path[PATH_BYTES];
    char sheet[SHEET_BYTES]; /* of a workbook; empty: the first with rows */
    int64_t import_id;
    int after_line;
    bool is_header_known;
    bool is_read; /* the whole file */
    buf_t facts;  /* JSON: how the file is written */
    buf_t json;
    int rows; /* of the batch in json */
    int first_line;
    int64_t told_us; /* when progress was last told */
} parse_t;

static void go(job_t *job);

static void parse_free(parse_t *parse)
{
    list_close(parse->list);
    buf_free(&parse->json);
    buf_free(&parse->facts);
    mem_free(parse);
}

static void drop(job_t *job)
{
    parse_t *parse = job->own;
    parse->job = NULL;
    if (!parse->is_working) {
        parse_free(parse);
    }
}

/* --- on a thread of the pool ----------------------------------------------------------------- */

/* {"format": "xlsx", "encoding": "utf-8", "separator": null, "is_named": false, "sheet": 0,
 *  "sheets": [...]} */
static void tell_facts(parse_t *parse)
{
    const table_facts_t *facts = list_facts(parse->list);
    buf_t sheets = buf_make(HEADER_BYTES);
    list_sheets(parse->list, &sheets);
    buf_reset(&parse->facts);
    buf_addf(&parse->facts, "{\"format\":\"%s\",\"encoding\":\"%s\",\"is_named\":%s,\"sheet\":%u",
             facts->format, facts->encoding, facts->is_named ? "true" : "false", facts->sheet);
    if (facts->separator != 0) {
        BUF_ADD(&parse->facts, ",\"separator\":\"");
        buf_add_json(&parse->facts, str_n(&facts->separator, 1));
        BUF_ADD(&parse->facts, "\"");
    }
    BUF_ADD(&parse->facts, ",\"sheets\":");
    buf_add_str(&parse->facts, buf_str(&sheets));
    buf_add_c(&parse->facts, '}');
    buf_free(&sheets);
}

static void work(task_t *task)
{
    parse_t *parse = (parse_t *)task;
    if (parse->list == NULL) {
        parse->list =
            list_open(parse->path, parse->sheet[0] == '\0' ? NULL : parse->sheet, &parse->flaw);
        if (parse->list != NULL) {
            tell_facts(parse);
            parse->flaw = list_header(parse->list, &parse->json);
        }
        return;
    }
    parse->rows = list_rows(parse->list, parse->after_line, &parse->json, &parse->first_line);
    if (parse->rows < 0) {
        parse->flaw = list_flaw(parse->list);
    }
}

/* --- on the loop ----------------------------------------------------------------------------- */

static void on_parsed(db_call_t *call)
{
    job_t *job = call->owner;
    parse_t *parse = job->own;
    db_rows_t *result = job_answered(call);
    if (result != NULL) {
        db_rows_free(result);
        job_finish(job, parse->flaw);
    }
}

/* The file is read, or cannot be: tell the import, then end the job. */
static void finish(job_t *job)
{
    parse_t *parse = job->own;
    db_params_t *params = db_params_new(job->scratch);
    db_params_int(params, parse->import_id);
    db_params_word(params, parse->flaw);
    job_ask(job, true, job->runner->statements.parsed, params, on_parsed);
}

static void on_progress(db_call_t *call)
{
    job_t *job = call->owner;
    db_rows_t *result = job_answered(call);
    if (result == NULL) {
        return;
    }
    bool is_running = str_eq(db_text(result, 0, 0), STR("RUNNING"));
    db_rows_free(result);
    if (is_running) {
        go(job);
    } else {
        job_leave(job, false); /* paused, cancelled, or another runner has it */
    }
}

static void tell_progress(job_t *job)
{
    parse_t *parse = job->own;
    db_params_t *params = db_params_new(job->scratch);
    parse->told_us = clock_mono_us();
    db_params_int(params, job->id);
    db_params_bytes(params, job->lease, sizeof job->lease);
    db_params_int(params, (int64_t)list_done_bytes(parse->list));
    db_params_int(params, (int64_t)list_total_bytes(parse->list));
    job_ask(job, false, job->runner->statements.progress, params, on_progress);
}

static void on_rows(db_call_t *call)
{
    job_t *job = call->owner;
    parse_t *parse = job->own;
    db_rows_t *result = job_answered(call);
    if (result == NULL) {
        return;
    }
    db_rows_free(result);
    parse->rows = 0;
    job->tries = 0;
    if (clock_mono_us() - parse->told_us >= PROGRESS_US) {
        tell_progress(job);
    } else {
        go(job);
    }
}

static void send_rows(job_t *job)
{
    parse_t *parse = job->own;
    db_params_t *params = db_params_new(job->scratch);
    buf_add_c(&parse->json, '\0');
    parse->json.len--;
    db_params_int(params, parse->import_id);
    db_params_int(params, parse->first_line);
    db_params_word(params, parse->json.ptr);
    job_ask(job, true, job->runner->statements.rows_add, params, on_rows);
}

static void on_header(db_call_t *call)
{
    job_t *job = call->owner;
    parse_t *parse = job->own;
    if (call->outcome == DB_REFUSED && strcmp(call->sqlstate, "ZC153") == 0) {
        db_call_clear(call); /* a former run has read the whole file and died before its end */
        job->is_calling = false;
        job_finish(job, NULL);
        return;
    }
    db_rows_t *result = job_answered(call);
    if (result == NULL) {
        return;
    }
    parse->after_line = (int)db_int(result, 0, 0);
    parse->is_header_known = true;
    db_rows_free(result);
    go(job);
}

static void send_header(job_t *job)
{
    parse_t *parse = job->own;
    db_params_t *params = db_params_new(job->scratch);
    db_params_int(params, parse->import_id);
    db_params_text(params, buf_str(&parse->facts));
    db_params_text(params, buf_str(&parse->json));
    job_ask(job, true, job->runner->statements.header_set, params, on_header);
}

/* The thread has done its part. */
static void on_worked(task_t *task)
{
    parse_t *parse = (parse_t *)task;
    job_t *job = parse->job;
    parse->is_working = false;
    if (job == NULL) {
        parse_free(parse);
    } else if (parse->flaw != NULL) {
        finish(job);
    } else if (!parse->is_header_known) {
        send_header(job);
    } else if (parse->rows > 0) {
        send_rows(job);
    } else {
        parse->is_read = true;
        tell_progress(job);
    }
}

/* Do what comes next; also the way back after a retry. */
static void go(job_t *job)
{
    parse_t *parse = job->own;
    if (job->runner->is_draining) {
        job_leave(job, true);
    } else if (parse->flaw != NULL || parse->is_read) {
        finish(job);
    } else if (parse->list != NULL && !parse->is_header_known) {
        send_header(job);
    } else if (parse->rows > 0) {
        send_rows(job);
    } else if (pool_submit(job->runner->pool, job->runner->port, &parse->task)) {
        parse->is_working = true;
    } else {
        job_later(job, 200);
    }
}

/* Read {"import_id":1,"sha256":"...","sheet":"..."}; the file lies at files_dir/aa/<sha256>. */
static bool read_spec(job_t *job, parse_t *parse)
{
    json_t *spec = json_loadb(job->spec.ptr, job->spec.len, 0, NULL);
    const char *sha256 = json_string_value(json_object_get(spec, "sha256"));
    parse->import_id = json_integer_value(json_object_get(spec, "import_id"));
    bool is_fine = sha256 != NULL && strlen(sha256) == 64 &&
                   strspn(sha256, "0123456789abcdef") == 64 && parse->import_id > 0;
    if (is_fine) {
        int length = snprintf(parse->path, PATH_BYTES, "%s/%.2s/%s", job->runner->config->files_dir,
                              sha256, sha256);
        is_fine = length > 0 && length < PATH_BYTES;
    }
    const char *sheet = json_string_value(json_object_get(spec, "sheet"));
    (void)snprintf(parse->sheet, SHEET_BYTES, "%s", sheet == NULL ? "" : sheet);
    json_decref(spec);
    return is_fine;
}

void parse_begin(job_t *job)
{
    parse_t *parse = MEM_NEW(parse_t);
    parse->task.work = work;
    parse->task.done = on_worked;
    parse->job = job;
    parse->facts = buf_make(2 * HEADER_BYTES);
    parse->json = buf_make(2 * LIST_BATCH_BYTES);
    parse->told_us = clock_mono_us();
    job->own = parse;
    job->drop = drop;
    job->go = go;
    if (!read_spec(job, parse)) {
        job_finish(job, "bad-spec");
        return;
    }
    go(job);
}
