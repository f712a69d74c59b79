/* SPDX-License-Identifier: Apache-2.0
 * Jobs whose steps are SQL: [bind_job, job_step] until job_step says that it is done. */
#include "jobs/job.h"

static void go(job_t *job);

static void on_step(db_call_t *call)
{
    job_t *job = call->owner;
    db_rows_t *result = job_answered(call);
    if (result == NULL) {
        return;
    }
    bool is_done = db_bool(result, 0, 0);
    db_rows_free(result);
    job->tries = 0;
    if (is_done) {
        job_leave(job, false); /* job_step has written the row's end */
    } else {
        go(job);
    }
}

static void go(job_t *job)
{
    if (job->runner->is_draining) {
        job_leave(job, true);
        return;
    }
    db_params_t *params = db_params_new(job->scratch);
    db_params_int(params, job->id);
    job_ask(job, true, job->runner->statements.step, params, on_step);
}

void step_begin(job_t *job)
{
    job->go = go;
    go(job);
}
