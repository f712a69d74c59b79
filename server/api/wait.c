/* SPDX-License-Identifier: Apache-2.0
 * What a request waits for: calls to PostgreSQL, with and without identity, the flush after a
 * padded write, and work on the pool.
 */
#include "api/reply.h"
#include "api/request.h"
#include "base/clock.h"
#include "base/mem.h"

step_t request_fail_field(request_t *rq, err_code_t code, const char *field)
{
    rq->error = err_field(code, field);
    return STEP_FAIL;
}

step_t request_fail(request_t *rq, err_code_t code)
{
    return request_fail_field(rq, code, NULL);
}

static void on_call_done(db_call_t *call)
{
    request_t *rq = call->owner;
    rq->db_us += clock_mono_us() - rq->called_us;
    request_resume(rq);
}

step_t request_call(request_t *rq, class_t class, db_kind_t lane, int time_ms)
{
    rq->called_us = clock_mono_us();
    rq->call.owner = rq;
    rq->call.done = on_call_done;
    rq->call.is_retryable = true; /* a refused transaction left nothing behind */
    rq->call.deadline_ms = rq->called_us / 1000 + time_ms;
    db_outcome_t outcome = db_pool_submit(rq->app->pool, (unsigned)class, lane, &rq->call);
    if (outcome == DB_OK)
        return STEP_WAIT;
    return request_fail(rq, outcome == DB_BUSY ? ERR_BUSY : ERR_UNAVAILABLE);
}

size_t request_crowd(const void *app)
{
    const app_t *self = app;
    return db_pool_crowd(self->pool);
}

const char *request_subject(request_t *rq, bool is_audited)
{
    if (rq->route->param_count > 0)
        return arena_copy(rq->arena, rq->match.params[0]).ptr;
    if (!is_audited)
        return NULL;
    unsigned char filter[32];
    char hex[32];
    keys_sha256(rq->http->query, filter);
    str_to_hex(filter, 16, hex);
    return arena_copy(rq->arena, str_n(hex, sizeof hex)).ptr;
}

db_step_t request_bind(request_t *rq, char mode, const unsigned char *hash)
{
    db_params_t *params = db_params_new(rq->arena);
    const char *subject = request_subject(rq, mode == 'a' || mode == 'e');
    db_params_bytes(params, rq->secret, SECRET_BYTES);
    db_params_int(params, rq->route->roles & ~(uint32_t)ROLE_PUBLIC);
    db_params_word(params, rq->route->name);
    const char *word = arena_copy(rq->arena, str_n(&mode, 1)).ptr;
    db_params_word(params, word);
    if (mode == 'p')
        rq->is_unflushed = true;
    db_params_word(params, subject);
    db_params_word(params, rq->http->request_id);
    db_params_word(params, rq->lang == LANG_EN ? "en" : "ru");
    db_params_word(params, hash ? rq->idem_key : NULL);
    if (hash)
        db_params_bytes(params, hash, 32);
    else
        db_params_null(params);
    return db_step_of(rq->app->shared->sql.bind, params);
}

step_t request_call_one(request_t *rq, class_t class, const db_statement_t *statement,
                        const db_params_t *params)
{
    db_call_clear(&rq->call);
    rq->call = (db_call_t){.step_count = 1};
    rq->call.steps[0] = db_step_of(statement, params);
    return request_call(rq, class, class == CLASS_LOGIN ? DB_WRITE : DB_FAST, rq->route->time_ms);
}

step_t request_call_bound(request_t *rq, char mode, const db_statement_t *statement,
                          const db_params_t *params)
{
    db_call_clear(&rq->call);
    rq->call = (db_call_t){.step_count = 2};
    rq->call.steps[0] = request_bind(rq, mode, NULL);
    rq->call.steps[1] = db_step_of(statement, params);
    return request_call(rq, rq->class, mode == 'w' ? DB_WRITE : DB_FAST, rq->route->time_ms);
}

bool request_succeeded(request_t *rq)
{
    switch (rq->call.outcome) {
    case DB_OK:
        return true;
    case DB_REFUSED:
        reply_take_sql_error(rq);
        return false;
    case DB_BUSY:
        rq->error = err_of(ERR_BUSY);
        return false;
    default:
        rq->error = err_of(ERR_UNAVAILABLE);
        return false;
    }
}

const db_rows_t *request_result(const request_t *rq)
{
    return rq->call.results[rq->call.step_count - 1];
}

static void on_flushed(flush_wait_t *wait, bool is_safe)
{
    request_t *rq = wait->owner;
    rq->flush_us = clock_mono_us() - rq->http->begun_us - rq->work_us;
    rq->is_unflushed = !is_safe;
    request_resume(rq);
}

step_t request_flush(request_t *rq)
{
    if (!rq->is_unflushed)
        return STEP_NEXT;
    if (rq->flush.done) /* it has waited, and nothing was proved */
        return request_fail(rq, ERR_UNAVAILABLE);
    rq->work_us = clock_mono_us() - rq->http->begun_us;
    rq->flush = (flush_wait_t){.owner = rq, .done = on_flushed};
    flush_join(rq->app->flush, &rq->flush);
    return STEP_WAIT;
}

static void on_work(task_t *task)
{
    work_t *work = (work_t *)task;
    work->run(work);
}

static void on_work_done(task_t *task)
{
    work_t *work = (work_t *)task;
    work->is_out = false;
    work->is_done = true;
    if (work->rq) {
        request_resume(work->rq);
        return;
    }
    work->drop(work);
    mem_free(work);
}

step_t request_work_again(request_t *rq)
{
    worker_t *worker = rq->app->worker;
    work_t *work = rq->work;
    work->is_done = false;
    if (!pool_submit(worker_pool(worker), worker_port(worker), &work->task))
        return request_fail(rq, ERR_BUSY);
    work->is_out = true;
    return STEP_WAIT;
}

step_t request_work(request_t *rq, work_t *work)
{
    work->task.work = on_work;
    work->task.done = on_work_done;
    work->rq = rq;
    rq->work = work;
    step_t step = request_work_again(rq);
    if (step == STEP_FAIL)
        request_work_end(rq);
    return step;
}

void request_work_end(request_t *rq)
{
    work_t *work = rq->work;
    rq->work = NULL;
    if (!work)
        return;
    if (work->is_out) { /* the pool still holds it: it comes back to nobody */
        work->rq = NULL;
        return;
    }
    work->drop(work);
    mem_free(work);
}
