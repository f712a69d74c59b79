/* SPDX-License-Identifier: Apache-2.0
 * The job files_purge: bytes that no row shows any more are taken off the disk (R149, R150), on a
 * thread of the pool; then core.files_purged notes them. Safe to run twice: a file that is gone
 * already is gone. */
#include "jobs/job.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum { PATH_BYTES = 4300, HASH_BYTES = 64, FILES_MAX = 1000 };

/* Lives on while its thread works, even when the job is gone. */
typedef struct {
    task_t task;
    job_t *job; /* NULL once the job is gone */
    bool is_working, is_done;
    const char *flaw; /* static word; NULL while all is well */
    char folder[PATH_BYTES - HASH_BYTES - 8];
    json_t *files;
} purge_t;

static void purge_free(purge_t *purge)
{
    json_decref(purge->files);
    mem_free(purge);
}

static void drop(job_t *job)
{
    purge_t *purge = job->own;
    purge->job = NULL;
    if (!purge->is_working) {
        purge_free(purge);
    }
}

static void work(task_t *task)
{
    purge_t *purge = (purge_t *)task;
    size_t i;
    json_t *file;
    json_array_foreach(purge->files, i, file)
    {
        const char *sha256 = json_string_value(file);
        char path[PATH_BYTES];
        if (sha256 == NULL || strlen(sha256) != HASH_BYTES ||
            strspn(sha256, "0123456789abcdef") != HASH_BYTES) {
            continue; /* a name that the file store never gave */
        }
        snprintf(path, sizeof path, "%s/%.2s/%s", purge->folder, sha256, sha256);
        if (unlink(path) != 0 && errno != ENOENT) {
            purge->flaw = "io";
        }
    }
}

static void on_noted(db_call_t *call)
{
    job_t *job = call->owner;
    db_rows_t *result = job_answered(call);
    if (result != NULL) {
        db_rows_free(result);
        job_finish(job, NULL);
    }
}

static void go(job_t *job)
{
    purge_t *purge = job->own;
    if (job->runner->is_draining) {
        job_leave(job, true);
    } else if (purge->flaw != NULL) {
        job_finish(job, purge->flaw);
    } else if (purge->is_done) {
        db_params_t *params = db_params_new(job->scratch);
        db_params_int(params, job->id);
        job_ask(job, false, job->runner->statements.purged, params, on_noted);
    } else if (pool_submit(job->runner->pool, job->runner->port, &purge->task)) {
        purge->is_working = true;
    } else {
        job_later(job, 200);
    }
}

static void on_worked(task_t *task)
{
    purge_t *purge = (purge_t *)task;
    purge->is_working = false;
    if (purge->job == NULL) {
        purge_free(purge);
        return;
    }
    purge->is_done = true;
    go(purge->job);
}

void purge_begin(job_t *job)
{
    purge_t *purge = MEM_NEW(purge_t);
    json_t *spec = json_loadb(job->spec.ptr, job->spec.len, 0, NULL);
    purge->files = json_incref(json_object_get(spec, "files"));
    json_decref(spec);
    purge->job = job;
    purge->task.work = work;
    purge->task.done = on_worked;
    job->own = purge;
    job->go = go;
    job->drop = drop;
    int length =
        snprintf(purge->folder, sizeof purge->folder, "%s", job->runner->config->files_dir);
    if (!json_is_array(purge->files) || json_array_size(purge->files) > FILES_MAX || length < 0 ||
        (size_t)length >= sizeof purge->folder) {
        job_finish(job, "bad-spec");
        return;
    }
    go(job);
}
