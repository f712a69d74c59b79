/* SPDX-License-Identifier: Apache-2.0
 * Lanes against a real PostgreSQL: transactions, pipelines, refusals, losses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cluster.h"
#include "db/params.h"
#include "lanes.h"

static void a_call_gives_binary_rows(void **state)
{
    (void)state;
    db_call_t call;
    prepare(&call, 5000);
    set_step(&call, "select 41 + $1::int, 'x'::text, null::int, true", "1");
    run(&call, DB_FAST);
    assert_int_equal(call.outcome, DB_OK);
    assert_int_equal(db_int(call.results[0], 0, 0), 42);
    assert_true(str_eq(db_text(call.results[0], 0, 1), STR("x")));
    assert_true(db_is_null(call.results[0], 0, 2));
    assert_true(db_bool(call.results[0], 0, 3));
    db_call_clear(&call);
}

static void steps_share_a_transaction_that_a_refusal_undoes(void **state)
{
    (void)state;
    assert_int_equal(run_one("create table if not exists public.t (n int unique)", NULL, DB_WRITE),
                     DB_OK);
    assert_int_equal(run_one("delete from public.t", NULL, DB_WRITE), DB_OK);
    db_call_t call;
    prepare(&call, 5000);
    set_step(&call, "insert into public.t values ($1::int)", "7");
    set_step(&call, "select 1 / $1::int", "0");
    run(&call, DB_WRITE);
    assert_int_equal(call.outcome, DB_REFUSED);
    assert_string_equal(call.sqlstate, "22012");
    assert_int_equal(call.error_step, 1);
    db_call_clear(&call);
    prepare(&call, 5000);
    set_step(&call, "select count(*) from public.t", NULL);
    run(&call, DB_FAST);
    assert_int_equal(db_int(call.results[0], 0, 0), 0);
    db_call_clear(&call);
}

static void a_setting_of_the_first_step_ends_with_the_call(void **state)
{
    (void)state;
    for (int round = 0; round < 2; round++) {
        db_call_t call;
        prepare(&call, 5000);
        set_step(&call, "select set_config('unit.who', $1, true)", "me");
        set_step(&call, round ? "select 1 / 0" : "select current_setting('unit.who')", NULL);
        run(&call, DB_FAST);
        assert_int_equal(call.outcome, round ? DB_REFUSED : DB_OK);
        if (!round)
            assert_true(str_eq(db_text(call.results[1], 0, 0), STR("me")));
        db_call_clear(&call);
        prepare(&call, 5000);
        set_step(&call, "select coalesce(current_setting('unit.who', true), '')", NULL);
        run(&call, DB_FAST);
        assert_int_equal(db_text(call.results[0], 0, 0).len, 0);
        db_call_clear(&call);
    }
}

static void many_calls_share_two_connections_and_get_their_own_answers(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    static db_call_t calls[COUNT];
    char value[16];
    for (int i = 0; i < COUNT; i++) {
        prepare(&calls[i], 5000);
        snprintf(value, sizeof value, "%d", i);
        /* every seventh is refused: its neighbours must not notice */
        set_step(&calls[i], i % 7 == 3 ? "select 1 / ($1::int * 0)" : "select $1::int", value);
        assert_int_equal(db_pool_submit(pool, 0, DB_FAST, &calls[i]), DB_OK);
    }
    wait_for(COUNT);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(calls[i].outcome, i % 7 == 3 ? DB_REFUSED : DB_OK);
        if (i % 7 != 3)
            assert_int_equal(db_int(calls[i].results[0], 0, 0), i);
        db_call_clear(&calls[i]);
    }
}

static void a_crowd_is_two_reads_a_connection_while_nothing_is_written(void **state)
{
    (void)state;
    enum { READS = 40 };
    static db_call_t calls[READS + 1];
    for (int i = 0; i <= READS; i++) {
        assert_int_equal(db_pool_crowd(pool), i < 4 ? 0 : i);
        prepare(&calls[i], 5000);
        set_step(&calls[i], i < READS ? "select pg_sleep(0.01)" : "select 1", NULL);
        assert_int_equal(db_pool_submit(pool, 0, i < READS ? DB_FAST : DB_WRITE, &calls[i]), DB_OK);
    }
    assert_int_equal(db_pool_crowd(pool), 0); /* the write's connection idles until it is read */
    wait_for(READS + 1);
    assert_int_equal(db_pool_crowd(pool), 0);
    for (int i = 0; i <= READS; i++) {
        assert_int_equal(calls[i].outcome, DB_OK);
        db_call_clear(&calls[i]);
    }
}

static void small_queue(db_pool_options_t *options)
{
    options->kinds[DB_WRITE] = (db_kind_options_t){1, 1, 2, 3000};
}

static void a_full_queue_refuses_at_once(void **state)
{
    (void)state;
    open_pool(small_queue);
    assert_int_equal(run_one("select 1", NULL, DB_WRITE), DB_OK);
    static db_call_t calls[4];
    ended = 0;
    for (int i = 0; i < 4; i++) {
        prepare(&calls[i], 5000);
        set_step(&calls[i], "select pg_sleep(0.3)", NULL);
        assert_int_equal(db_pool_submit(pool, 0, DB_WRITE, &calls[i]), i < 3 ? DB_OK : DB_BUSY);
    }
    wait_for(3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(calls[i].outcome, DB_OK);
        db_call_clear(&calls[i]);
    }
}

static void a_call_that_waits_too_long_is_never_sent(void **state)
{
    (void)state;
    open_pool(small_queue);
    static db_call_t calls[2];
    prepare(&calls[0], 5000);
    set_step(&calls[0], "select pg_sleep(1.5)", NULL);
    prepare(&calls[1], 5000);
    set_step(&calls[1], "select 1", NULL);
    db_pool_submit(pool, 0, DB_WRITE, &calls[0]);
    db_pool_submit(pool, 0, DB_WRITE, &calls[1]);
    wait_for(1);
    assert_int_equal(calls[1].outcome, DB_BUSY);
    wait_for(2);
    db_call_clear(&calls[0]);
}

static void a_deadline_ends_a_sent_call_and_the_lane_goes_on(void **state)
{
    (void)state;
    db_call_t call;
    prepare(&call, 200);
    set_step(&call, "select pg_sleep(0.6)", NULL);
    run(&call, DB_FAST);
    assert_int_equal(call.outcome, DB_TIMEOUT);
    assert_int_equal(run_one("select 1", NULL, DB_FAST), DB_OK);
}

static void the_statement_timeout_of_the_lane_holds(void **state)
{
    (void)state;
    db_call_t call;
    prepare(&call, 5000);
    set_step(&call, "select pg_sleep(3)", NULL);
    run(&call, DB_FAST);
    assert_int_equal(call.outcome, DB_REFUSED);
    assert_string_equal(call.sqlstate, "57014");
    db_call_clear(&call);
}

static void an_abandoned_call_disturbs_nobody(void **state)
{
    (void)state;
    static db_call_t calls[3];
    assert_int_equal(run_one("select 1", NULL, DB_FAST), DB_OK);
    ended = 0;
    for (int i = 0; i < 3; i++) {
        prepare(&calls[i], 5000);
        set_step(&calls[i], "select $1::int, pg_sleep(0.05)", i == 0 ? "0" : i == 1 ? "1" : "2");
        db_pool_submit(pool, 0, DB_FAST, &calls[i]);
    }
    db_call_abandon(&calls[1]);
    memset(&calls[1], 0xee, sizeof calls[1]);
    wait_for(2);
    assert_int_equal(db_int(calls[0].results[0], 0, 0), 0);
    assert_int_equal(db_int(calls[2].results[0], 0, 0), 2);
    db_call_clear(&calls[0]);
    db_call_clear(&calls[2]);
}

static void a_changed_result_type_is_sent_again_on_a_fresh_connection(void **state)
{
    (void)state;
    assert_int_equal(run_one("drop table if exists public.shape", NULL, DB_WRITE), DB_OK);
    assert_int_equal(run_one("create table public.shape (a int)", NULL, DB_WRITE), DB_OK);
    assert_int_equal(run_one("select * from public.shape", NULL, DB_FAST), DB_OK);
    assert_int_equal(run_one("alter table public.shape add b text", NULL, DB_WRITE), DB_OK);
    db_call_t call;
    prepare(&call, 5000);
    set_step(&call, "select * from public.shape", NULL);
    run(&call, DB_FAST);
    assert_int_equal(call.outcome, DB_OK);
    assert_int_equal(db_column_count(call.results[0]), 2);
    db_call_clear(&call);
}

static void a_killed_backend_is_unavailable_and_replaced(void **state)
{
    (void)state;
    db_call_t call;
    prepare(&call, 5000);
    set_step(&call, "select pg_terminate_backend(pg_backend_pid())", NULL);
    run(&call, DB_FAST);
    assert_int_equal(call.outcome, DB_UNAVAILABLE);
    db_call_clear(&call);
    int64_t until_us = clock_mono_us() + 3000000;
    db_outcome_t outcome = DB_UNAVAILABLE;
    while (outcome != DB_OK && clock_mono_us() < until_us) {
        prepare(&call, 900);
        set_step(&call, "select 1", NULL);
        unsigned before = ended;
        outcome = db_pool_submit(pool, 0, DB_FAST, &call);
        if (outcome == DB_OK) {
            wait_for(before + 1);
            outcome = call.outcome;
        }
        db_call_clear(&call);
        struct timeval pause = {0, 50000};
        event_base_loopexit(base, &pause);
        event_base_loop(base, EVLOOP_NO_EXIT_ON_EMPTY);
    }
    assert_int_equal(outcome, DB_OK);
}

/* --- rows one by one ---------------------------------------------------------------------------
 */

static unsigned rows_seen, pauses;
static int64_t sum;

static bool on_row(db_call_t *call, const db_rows_t *row)
{
    (void)call;
    rows_seen++;
    sum += db_int(row, 0, 0);
    if (rows_seen % 1000 == 0) {
        pauses++;
        return false;
    }
    return true;
}

static void rows_come_one_by_one_and_pause(void **state)
{
    (void)state;
    db_call_t call;
    rows_seen = pauses = 0;
    sum = 0;
    prepare(&call, 8000);
    set_step(&call, "select set_config('unit.who', $1, true)", "me");
    set_step(&call, "select generate_series(1, $1::int)", "20000");
    call.is_by_row = true;
    call.row = on_row;
    assert_int_equal(db_pool_submit(pool, 0, DB_SLOW, &call), DB_OK);
    unsigned resumed = 0;
    while (!ended) {
        event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
        if (pauses > resumed) {
            unsigned at = rows_seen;
            event_base_loop(base, EVLOOP_NONBLOCK);
            assert_int_equal(rows_seen, at); /* nothing comes while paused */
            resumed++;
            db_call_resume(&call);
        }
    }
    assert_int_equal(call.outcome, DB_OK);
    assert_int_equal(rows_seen, 20000);
    assert_int_equal(sum, 200010000);
    db_call_clear(&call);
}

static unsigned cancels;

static void on_cancel(void *ctx, PGcancel *handle)
{
    (void)ctx;
    char ignored[256];
    cancels++;
    PQcancel(handle, ignored, sizeof ignored);
    PQfreeCancel(handle);
}

static void cancelling(db_pool_options_t *options)
{
    options->cancel = on_cancel;
    options->kinds[DB_SLOW] = (db_kind_options_t){1, 1, 4, 60000};
}

static void an_abandoned_export_is_cancelled(void **state)
{
    (void)state;
    open_pool(cancelling);
    cancels = rows_seen = 0;
    static db_call_t call;
    prepare(&call, 60000);
    set_step(&call, "select g, repeat('x', 100) from generate_series(1, $1::int) g", "100000000");
    call.is_by_row = true;
    call.row = on_row;
    assert_int_equal(db_pool_submit(pool, 0, DB_SLOW, &call), DB_OK);
    while (rows_seen < 1000)
        event_base_loop(base, EVLOOP_ONCE);
    db_call_abandon(&call);
    assert_int_equal(cancels, 1);
    int64_t begun_us = clock_mono_us();
    db_call_t next;
    prepare(&next, 5000);
    set_step(&next, "select 1", NULL);
    run(&next, DB_SLOW); /* the only connection of the lane is free again at once */
    assert_int_equal(next.outcome, DB_OK);
    assert_true(clock_mono_us() - begun_us < 900000);
    db_call_clear(&next);
}

/* --- PostgreSQL away -----------------------------------------------------------------------------
 */

static void an_absent_database_is_an_answer_at_once_and_recovery_is_quick(void **state)
{
    (void)state;
    assert_int_equal(run_one("select 1", NULL, DB_FAST), DB_OK);
    assert_true(cluster_halt());
    int64_t begun_us = clock_mono_us();
    for (int i = 0; i < 20; i++) {
        db_call_t call;
        prepare(&call, 900);
        set_step(&call, "select 1", NULL);
        unsigned before = ended;
        db_outcome_t outcome = db_pool_submit(pool, 0, DB_FAST, &call);
        if (outcome == DB_OK) {
            wait_for(before + 1);
            outcome = call.outcome;
        }
        assert_int_equal(outcome, DB_UNAVAILABLE);
        db_call_clear(&call);
    }
    assert_true(clock_mono_us() - begun_us < 2000000);
    db_pool_keep_warm(pool, 0, DB_FAST);
    assert_true(cluster_resume());
    begun_us = clock_mono_us();
    while (!db_pool_is_up(pool, 0, DB_FAST) && clock_mono_us() - begun_us < 5000000)
        event_base_loop(base, EVLOOP_ONCE);
    assert_true(clock_mono_us() - begun_us < 3000000);
    assert_int_equal(run_one("select 1", NULL, DB_FAST), DB_OK);
}

int main(void)
{
    conninfo = cluster_start();
    if (!conninfo)
        return 77;
    base = event_base_new();
    statements = db_statements_new();
    arena = arena_new((size_t)64 << 20);
#define ON_POOL(TEST)  cmocka_unit_test_setup_teardown(TEST, open_default, close_pool)
#define OWN_POOL(TEST) cmocka_unit_test_teardown(TEST, close_pool)
    const struct CMUnitTest tests[] = {
        ON_POOL(a_call_gives_binary_rows),
        ON_POOL(steps_share_a_transaction_that_a_refusal_undoes),
        ON_POOL(a_setting_of_the_first_step_ends_with_the_call),
        ON_POOL(many_calls_share_two_connections_and_get_their_own_answers),
        ON_POOL(a_crowd_is_two_reads_a_connection_while_nothing_is_written),
        OWN_POOL(a_full_queue_refuses_at_once),
        OWN_POOL(a_call_that_waits_too_long_is_never_sent),
        ON_POOL(a_deadline_ends_a_sent_call_and_the_lane_goes_on),
        ON_POOL(the_statement_timeout_of_the_lane_holds),
        ON_POOL(an_abandoned_call_disturbs_nobody),
        ON_POOL(a_changed_result_type_is_sent_again_on_a_fresh_connection),
        ON_POOL(a_killed_backend_is_unavailable_and_replaced),
        ON_POOL(rows_come_one_by_one_and_pause),
        OWN_POOL(an_abandoned_export_is_cancelled),
        ON_POOL(an_absent_database_is_an_answer_at_once_and_recovery_is_quick),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    db_statements_free(statements);
    event_base_free(base);
    cluster_remove();
    return failed;
}
