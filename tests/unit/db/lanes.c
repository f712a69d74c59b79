/* SPDX-License-Identifier: Apache-2.0
 * Lanes for tests: one pool on one loop, calls run to their end. */
#include "lanes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "db/params.h"

const char *conninfo;
struct event_base *base;
db_statements_t *statements;
arena_t *arena;
db_pool_t *pool;
unsigned ended;

static void on_done(db_call_t *call)
{
    (void)call;
    ended++;
}

void open_pool(void (*adjust)(db_pool_options_t *options))
{
    db_pool_options_t options;
    db_pool_defaults(&options);
    options.conninfo = conninfo;
    options.application = "unit";
    options.users[0] = "clientele-db";
    options.user_count = 1;
    if (adjust)
        adjust(&options);
    pool = db_pool_new(base, &options);
    ended = 0;
}

int close_pool(void **state)
{
    (void)state;
    db_pool_free(pool);
    pool = NULL;
    arena_reset(arena);
    return 0;
}

int open_default(void **state)
{
    (void)state;
    open_pool(NULL);
    return 0;
}

void set_step(db_call_t *call, const char *sql, const char *value)
{
    db_params_t *params = db_params_new(arena);
    if (value)
        db_params_text(params, str_of(value));
    call->steps[call->step_count++] =
        db_step_of(db_statements_add(statements, sql, value ? 1 : 0), params);
}

void prepare(db_call_t *call, int64_t deadline_ms)
{
    memset(call, 0, sizeof *call);
    call->done = on_done;
    call->is_retryable = true;
    call->deadline_ms = clock_mono_us() / 1000 + deadline_ms;
}

void wait_for(unsigned count)
{
    int64_t until_us = clock_mono_us() + 8000000;
    while (ended < count && clock_mono_us() < until_us)
        event_base_loop(base, EVLOOP_ONCE);
    assert_int_equal(ended, count);
}

void run(db_call_t *call, db_kind_t kind)
{
    unsigned before = ended;
    assert_int_equal(db_pool_submit(pool, 0, kind, call), DB_OK);
    wait_for(before + 1);
}

db_outcome_t run_one(const char *sql, const char *value, db_kind_t kind)
{
    db_call_t call;
    prepare(&call, 5000);
    set_step(&call, sql, value);
    run(&call, kind);
    db_call_clear(&call);
    return call.outcome;
}
