/* SPDX-License-Identifier: Apache-2.0
 * server/api/flush against a real PostgreSQL: who comes too late for the flush under way waits for
 * the next, a burst shares one, who leaves is not told, and no flush is no promise. */
#include "api/flush.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "../db/cluster.h"
#include "base/clock.h"
#include "db/params.h"

/* What session.flush is to the server: here it takes 60 ms and leaves a row. */
static const char slow_flush[] =
    "with f as (insert into public.flush_seen values (clock_timestamp()) returning at)"
    " select pg_sleep(0.06) from f";

static const char *conninfo;
static struct event_base *base;
static db_statements_t *statements;
static db_pool_t *pool;
static flush_t *flush;
static unsigned told, told_safe;

static void on_told(flush_wait_t *wait, bool is_safe)
{
    told++;
    told_safe += is_safe;
    if (wait->owner)
        *(int64_t *)wait->owner = clock_mono_us();
}

static void turn_for(int64_t ms)
{
    for (int64_t until_us = clock_mono_us() + ms * 1000; clock_mono_us() < until_us;)
        event_base_loop(base, EVLOOP_NONBLOCK);
}

static void turn_until_told(unsigned count)
{
    int64_t until_us = clock_mono_us() + 8000000;
    while (told < count && clock_mono_us() < until_us)
        event_base_loop(base, EVLOOP_ONCE);
    assert_int_equal(told, count);
}

static bool is_asked, is_number;
static int64_t answer;

static void on_answer(db_call_t *call)
{
    is_asked = true;
    assert_int_equal(call->outcome, DB_OK);
    answer = is_number ? db_int(call->results[0], 0, 0) : 0;
}

static int64_t run_sql(const char *sql, bool has_number)
{
    db_call_t call = {.step_count = 1, .done = on_answer};
    call.steps[0].statement = db_statements_add(statements, sql, 0);
    call.deadline_ms = clock_mono_us() / 1000 + 5000;
    is_asked = false;
    is_number = has_number;
    assert_int_equal(db_pool_submit(pool, 0, DB_SLOW, &call), DB_OK);
    while (!is_asked)
        event_base_loop(base, EVLOOP_ONCE);
    db_call_clear(&call);
    return answer;
}

/* A number from the database. */
static int64_t ask(const char *sql)
{
    return run_sql(sql, true);
}

static void open_flush(const char *sql)
{
    db_pool_options_t options;
    db_pool_defaults(&options);
    options.conninfo = conninfo;
    options.application = "unit";
    options.users[0] = "clientele-db";
    options.user_count = 1;
    pool = db_pool_new(base, &options);
    flush = flush_new(base, pool, 0, db_statements_add(statements, sql, 0));
    told = told_safe = 0;
}

static int open_slow(void **state)
{
    (void)state;
    open_flush(slow_flush);
    run_sql("truncate public.flush_seen", false);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    flush_free(flush);
    db_pool_free(pool);
    return 0;
}

static void a_burst_shares_one_flush(void **state)
{
    (void)state;
    flush_wait_t waits[50] = {0};
    for (unsigned i = 0; i < 50; i++) {
        waits[i].done = on_told;
        flush_join(flush, &waits[i]);
        assert_int_equal(told, 0); /* never from inside */
    }
    turn_until_told(50);
    assert_int_equal(told_safe, 50);
    assert_int_equal(ask("select count(*)::bigint from public.flush_seen"), 1);
}

static void who_comes_while_one_is_under_way_waits_for_the_next(void **state)
{
    (void)state;
    int64_t first_us = 0, late_us = 0;
    flush_wait_t first = {.owner = &first_us, .done = on_told};
    flush_wait_t late = {.owner = &late_us, .done = on_told};
    flush_wait_t warm = {.done = on_told};
    flush_join(flush, &warm); /* the connection is open from here on */
    turn_until_told(1);
    turn_for(FLUSH_SPACE_MS + 2);
    int64_t begun_us = clock_mono_us();
    flush_join(flush, &first);
    turn_for(20);
    flush_join(flush, &late);
    turn_until_told(3);
    assert_int_equal(told_safe, 3);
    assert_true(first_us - begun_us >= 60000);
    assert_true(late_us - first_us >= 60000);
    assert_int_equal(ask("select count(*)::bigint from public.flush_seen"), 3);
}

static void two_flushes_do_not_follow_at_once(void **state)
{
    (void)state;
    close_all(NULL);
    open_flush("with f as (insert into public.flush_seen values (clock_timestamp()) returning at)"
               " select 1 from f");
    for (unsigned i = 0; i < 20; i++) {
        flush_wait_t wait = {.done = on_told};
        flush_join(flush, &wait);
        turn_until_told(i + 1);
    }
    assert_int_equal(told_safe, 20);
    assert_int_equal(ask("select count(*)::bigint from public.flush_seen"), 20);
    assert_true(ask("select (extract(epoch from max(at) - min(at)) * 1000)::bigint"
                    " from public.flush_seen") >= 19 * FLUSH_SPACE_MS - 5);
}

static void who_leaves_is_not_told(void **state)
{
    (void)state;
    flush_wait_t waits[4] = {0};
    for (unsigned i = 0; i < 4; i++)
        waits[i].done = on_told;
    flush_leave(&waits[0]); /* waits for nothing */
    flush_join(flush, &waits[0]);
    flush_leave(&waits[0]); /* before it begins: then nothing begins */
    turn_for(20);
    assert_int_equal(ask("select count(*)::bigint from public.flush_seen"), 0);
    for (unsigned i = 0; i < 3; i++)
        flush_join(flush, &waits[i]);
    turn_for(20); /* under way */
    flush_join(flush, &waits[3]);
    flush_leave(&waits[1]);
    flush_leave(&waits[3]);
    flush_leave(&waits[3]);
    turn_until_told(2);
    turn_for(100);
    assert_int_equal(told, 2);
    assert_int_equal(ask("select count(*)::bigint from public.flush_seen"), 1);
}

static void a_flush_that_is_refused_proves_nothing(void **state)
{
    (void)state;
    close_all(NULL);
    open_flush("select 1 / (random() * 0)::int");
    flush_wait_t first = {.done = on_told}, second = {.done = on_told};
    flush_join(flush, &first);
    turn_until_told(1);
    flush_join(flush, &second); /* it tries again for the next */
    turn_until_told(2);
    assert_int_equal(told_safe, 0);
}

static void nothing_is_proved_while_the_database_is_away(void **state)
{
    (void)state;
    close_all(NULL);
    open_flush("select pg_sleep(1.5)"); /* longer than it takes to stop PostgreSQL */
    flush_wait_t under_way = {.done = on_told}, next = {.done = on_told}, later = {.done = on_told};
    flush_wait_t after = {.done = on_told};
    flush_join(flush, &under_way);
    turn_for(30);
    flush_join(flush, &next);
    assert_true(cluster_halt());
    int64_t begun_us = clock_mono_us();
    turn_until_told(2);
    flush_join(flush, &later);
    turn_until_told(3);
    assert_true(clock_mono_us() - begun_us < 1500000);
    assert_int_equal(told_safe, 0);
    assert_true(cluster_resume());
    turn_for(1200);
    flush_join(flush, &after);
    turn_until_told(4);
    assert_int_equal(told_safe, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_burst_shares_one_flush, open_slow, close_all),
        cmocka_unit_test_setup_teardown(who_comes_while_one_is_under_way_waits_for_the_next,
                                        open_slow, close_all),
        cmocka_unit_test_setup_teardown(two_flushes_do_not_follow_at_once, open_slow, close_all),
        cmocka_unit_test_setup_teardown(who_leaves_is_not_told, open_slow, close_all),
        cmocka_unit_test_setup_teardown(a_flush_that_is_refused_proves_nothing, open_slow,
                                        close_all),
        cmocka_unit_test_setup_teardown(nothing_is_proved_while_the_database_is_away, open_slow,
                                        close_all),
    };
    conninfo = cluster_start();
    if (!conninfo)
        return 77;
    base = event_base_new();
    statements = db_statements_new();
    open_flush("select 1");
    run_sql("create table public.flush_seen (at timestamptz)", false);
    close_all(NULL);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    event_base_free(base);
    db_statements_free(statements);
    cluster_remove();
    return failed;
}
