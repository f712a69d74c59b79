/* SPDX-License-Identifier: Apache-2.0
 * Bounded containers and threads: ring, slab, port and pool, metrics, log lines. */
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/pool.h"
#include "base/ring.h"
#include "base/slab.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

static void a_ring_keeps_order_and_refuses_when_full(void **state)
{
    (void)state;
    int values[5];
    ring_t ring = ring_make(3);
    for (int round = 0; round < 5; round++) {
        assert_true(ring_push(&ring, &values[0]) && ring_push(&ring, &values[1]) &&
                    ring_push(&ring, &values[2]));
        assert_false(ring_push(&ring, &values[3]));
        assert_true(ring_remove(&ring, &values[1]));
        assert_false(ring_remove(&ring, &values[1]));
        assert_ptr_equal(ring_at(&ring, 1), &values[2]);
        assert_ptr_equal(ring_pop(&ring), &values[0]);
        assert_true(ring_push(&ring, &values[4]));
        assert_ptr_equal(ring_pop(&ring), &values[2]);
        assert_ptr_equal(ring_pop(&ring), &values[4]);
        assert_null(ring_pop(&ring));
    }
    ring_free(&ring);
}

static void a_slab_reuses_an_object_only_in_the_next_turn(void **state)
{
    (void)state;
    slab_t *slab = slab_new(40, 2, 1);
    char *a = slab_get(slab);
    char *b = slab_get(slab);
    assert_null(slab_get(slab));
    a[0] = 1;
    slab_put(slab, a);
    char *c = slab_get(slab);
    assert_ptr_not_equal(c, a);
    slab_put(slab, b);
    slab_put(slab, c);
    slab_turn(slab);
    char *again = slab_get(slab);
    assert_int_equal(again[0] | again[39], 0);
    slab_put(slab, again);
    slab_free(slab);
}

typedef struct {
    task_t task;
    int in;
    int out;
} square_t;

static _Atomic int is_held;
static int done_count;

static void square(task_t *task)
{
    square_t *job = (square_t *)task;
    while (atomic_load(&is_held)) {
        (void)usleep(1000);
    }
    job->out = job->in * job->in;
}

static void squared(task_t *task)
{
    square_t *job = (square_t *)task;
    assert_int_equal(job->out, job->in * job->in);
    done_count++;
}

static void a_pool_runs_what_it_took_and_refuses_the_rest(void **state)
{
    (void)state;
    port_t *port = port_new();
    pool_t *pool = pool_new(2, 4);
    square_t jobs[20] = {0};
    int taken = 0;
    atomic_store(&is_held, 1);
    for (int i = 0; i < 20; i++) {
        jobs[i] = (square_t){{.work = square, .done = squared}, i, -1};
        taken += pool_submit(pool, port, &jobs[i].task);
    }
    assert_true(taken >= 4 && taken <= 6);
    atomic_store(&is_held, 0);
    while (done_count < taken) {
        struct pollfd wait = {port_fd(port), POLLIN, 0};
        assert_int_equal(poll(&wait, 1, 5000), 1);
        (void)port_run(port);
    }
    pool_free(pool);
    port_free(port);
}

static void metrics_are_summed_and_written(void **state)
{
    (void)state;
    metric_t a = metric_register(METRIC_COUNTER, "test_total", "kind=\"a\"", "Things.");
    metric_t b = metric_register(METRIC_COUNTER, "test_total", "kind=\"b\"", "Things.");
    metric_t time = metric_histogram("test_seconds", "", "Times.");
    assert_int_equal(a, metric_register(METRIC_COUNTER, "test_total", "kind=\"a\"", "Things."));
    metric_add(a, 2);
    metric_add(b, 5);
    metric_observe_us(time, 1500);
    metric_observe_us(time, 20000000);
    buf_t out = buf_make(100000);
    metric_write(&out);
    (void)buf_add_c(&out, '\0');
    assert_non_null(strstr(out.ptr, "clientele_test_total{kind=\"a\"} 2\n"));
    assert_non_null(strstr(out.ptr, "clientele_test_total{kind=\"b\"} 5\n"));
    assert_non_null(strstr(out.ptr, "# TYPE clientele_test_seconds histogram\n"));
    assert_non_null(strstr(out.ptr, "clientele_test_seconds_bucket{le=\"0.001\"} 0\n"));
    assert_non_null(strstr(out.ptr, "clientele_test_seconds_bucket{le=\"0.002\"} 1\n"));
    assert_non_null(strstr(out.ptr, "clientele_test_seconds_bucket{le=\"+Inf\"} 2\n"));
    assert_non_null(strstr(out.ptr, "clientele_test_seconds_sum 20.001500\n"));
    assert_non_null(strstr(out.ptr, "clientele_test_seconds_count 2\n"));
    buf_free(&out);
}

static void a_log_line_is_json_and_cannot_be_broken(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    clock_fix_wall(1700000000123456);
    log_start(ends[1]);
    log_t line;
    log_open(&line, LEVEL_WARN, "test");
    log_word(&line, "word", "a_b");
    log_word(&line, "none", NULL);
    log_int(&line, "bytes", -5);
    log_ms(&line, "ms", 1234567);
    log_id(&line, "id", STR("ab\"c\n"));
    log_reason(&line, "reason", "say \"hi\"\r\n\x1b[31m");
    for (int i = 0; i < 100; i++) {
        log_id(&line, "filler", STR("0123456789012345678901234567890123456789"));
    }
    log_close(&line);
    log_open(&line, LEVEL_DEBUG, "hidden");
    log_close(&line);
    log_flush();
    log_stop();
    clock_fix_wall(-1);
    char text[4096];
    ssize_t len = read(ends[0], text, sizeof text - 1);
    assert_true(len > 0 && len <= 1024);
    text[len] = '\0';
    static const char expected[] =
        "{\"at\":\"2023-11-14T22:13:20.123Z\",\"level\":\"warn\",\"event\":\"test\",\"word\":\"a_"
        "b\","
        "\"bytes\":-5,\"ms\":1234.567,\"id\":\"ab?c?\",\"reason\":\"say 'hi'   [31m\",\"filler\":";
    assert_memory_equal(text, expected, sizeof expected - 1);
    assert_string_equal(text + len - 3, "\"}\n");
    assert_null(memchr(text, '\n', (size_t)len - 1));
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_keeps_order_and_refuses_when_full),
        cmocka_unit_test(a_slab_reuses_an_object_only_in_the_next_turn),
        cmocka_unit_test(a_pool_runs_what_it_took_and_refuses_the_rest),
        cmocka_unit_test(metrics_are_summed_and_written),
        cmocka_unit_test(a_log_line_is_json_and_cannot_be_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
