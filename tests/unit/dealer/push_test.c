/* SPDX-License-Identifier: Apache-2.0
 * How long the dealer client waits for a server that is away: clients/dealer/push. Hours pass by a
 * clock of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "push.h"

enum { HOUR_MS = 3600000 };

/** A server that is away between two instants: unreachable, or answering with a problem. */
typedef struct {
    long long now_ms, from_ms, until_ms;
    long long every_ms; /* then away again so long after each answer; 0: once */
    int status;         /* 0: unreachable */
    int told_s;
    long long took_ms; /* what one try takes */
    unsigned tries, answers, seen[64];
    long waited_ms;
    char key[33];
    bool is_other_key; /* a try again went under another key */
} away_t;

static bool fake_send(void *own, const char *body, const char *key, reply_t *reply, fault_t *fault)
{
    away_t *away = own;
    bool is_away = away->now_ms >= away->from_ms && away->now_ms < away->until_ms;
    *reply = (reply_t){0};
    away->tries++;
    away->now_ms += away->took_ms;
    if (away->key[0] && strcmp(away->key, key) != 0)
        away->is_other_key = true;
    snprintf(away->key, sizeof away->key, "%s", key);
    if (is_away && away->status == 0)
        return fault_set(fault, EXIT_AWAY, "nobody answers");
    if (is_away) {
        reply->status = away->status;
        reply->retry_after_s = away->told_s;
        return true;
    }
    json_t *request = json_loads(body, 0, NULL), *row, *items = json_array();
    size_t i;
    json_array_foreach(json_object_get(request, "rows"), i, row)
    {
        json_int_t seq = json_integer_value(json_object_get(row, "seq"));
        assert_in_range(seq, 1, 63);
        away->seen[seq]++;
        json_array_append_new(items, json_pack("{s:I, s:s}", "seq", seq, "verdict", "created"));
    }
    json_decref(request);
    reply->status = 200;
    reply->body = json_pack("{s:o, s:i}", "items", items, "quota_left", 5);
    away->answers++;
    away->key[0] = '\0';
    if (away->every_ms > 0) {
        away->from_ms = away->now_ms;
        away->until_ms = away->now_ms + away->every_ms;
    }
    return true;
}

static long long fake_now(void *own)
{
    return ((away_t *)own)->now_ms;
}

static void fake_sleep(void *own, long ms)
{
    away_t *away = own;
    away->now_ms += ms;
    away->waited_ms += ms;
}

static bool never(void)
{
    return false;
}

/** Push rows of so many bytes each through a server that is away. out: as push_through */
static bool pushed(void **state, away_t *away, int rows, size_t bytes, long wait_s, fault_t *fault)
{
    static char text[60000];
    uint64_t seq;
    push_summary_t summary;
    const push_world_t world = {fake_send, fake_now, fake_sleep, away};
    verdicts_t *verdicts = verdicts_open(folder_path(state, "verdicts.jsonl"), false, fault);
    spool_t *spool = spool_open(folder_path(state, "spool"), 0, 0, false, fault);
    assert_non_null(verdicts);
    assert_non_null(spool);
    for (int i = 0; i < rows; i++) {
        int len = snprintf(text, sizeof text,
                           "{\"kind\":\"client\",\"data\":{\"name\":\"Он\",\"note\":\"%0*d\"}}",
                           (int)bytes, i);
        assert_true(spool_append(spool, str_n(text, (size_t)len), &seq, fault));
        assert_true(spool_sync(spool, fault));
    }
    bool is_done = push_through(spool, verdicts, &world, wait_s, never, &summary, fault);
    assert_int_equal(summary.sent, verdicts_last(verdicts));
    spool_close(spool);
    verdicts_close(verdicts);
    return is_done;
}

static void hours_without_a_server_end_with_every_row_answered_once(void **state)
{
    static const struct {
        int status, told_s;
        long long took_ms;
    } ways[] = {{0, 0, 0},   {0, 0, 20000}, {503, 0, 5},   {500, 0, 5},
                {502, 0, 5}, {504, 60, 5},  {429, 300, 5}, {503, 3600, 5}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        fault_t fault = {0};
        void *folder;
        (void)state;
        assert_int_equal(folder_make(&folder), 0);
        away_t away = {.from_ms = 0,
                       .until_ms = 9LL * HOUR_MS,
                       .status = ways[i].status,
                       .told_s = ways[i].told_s,
                       .took_ms = ways[i].took_ms};
        assert_true(pushed(&folder, &away, 3, 1, 12L * 3600, &fault));
        assert_int_equal(fault.status, EXIT_FINE);
        for (int seq = 1; seq <= 3; seq++)
            assert_int_equal(away.seen[seq], 1);
        assert_false(away.is_other_key);
        /* 22.5 to 37.5 s between two tries, or what it was told and a quarter more */
        long told = ways[i].told_s * 1000L > 22500 ? ways[i].told_s * 1000L : 22500;
        assert_in_range(away.tries,
                        9LL * HOUR_MS / ((told > 37500 ? told * 5 / 4 : 37500) + ways[i].took_ms),
                        9LL * HOUR_MS / told + 10);
        assert_true(away.now_ms < 9LL * HOUR_MS + (told > 37500 ? told * 5 / 4 : 37500) +
                                      2 * ways[i].took_ms + 1);
        folder_remove(&folder);
    }
}

static void a_server_that_stays_away_is_given_up_when_it_was_said(void **state)
{
    for (int status = 0; status <= 503; status += 503) {
        fault_t fault = {0};
        void *folder;
        (void)state;
        assert_int_equal(folder_make(&folder), 0);
        away_t away = {.until_ms = 1000LL * HOUR_MS, .status = status};
        assert_false(pushed(&folder, &away, 2, 1, 6L * 3600, &fault));
        assert_int_equal(fault.status, EXIT_AWAY);
        assert_in_range(away.now_ms, 6LL * HOUR_MS - 1000, 6LL * HOUR_MS + 1000);
        assert_int_equal(away.answers, 0);
        folder_remove(&folder);
    }
}

static void the_time_is_that_of_an_absence_not_of_the_whole_push(void **state)
{
    fault_t fault = {0};
    /* three batches; the server is away for 50 s before each of them, for longer in all */
    away_t away = {.until_ms = 50000, .every_ms = 50000, .status = 503};
    assert_true(pushed(state, &away, 45, 55000, 60, &fault));
    assert_int_equal(fault.status, EXIT_FINE);
    for (int seq = 1; seq <= 45; seq++)
        assert_int_equal(away.seen[seq], 1);
    assert_true(away.answers >= 3 && away.waited_ms > 60000);
}

static void a_time_told_is_kept_to_and_our_own_is_spread(void **state)
{
    (void)state;
    for (int random = 0; random < 256; random++) {
        unsigned char byte = (unsigned char)random;
        long own = push_wait_ms(1000, 0, 60, byte);
        long told = push_wait_ms(500, 20, 60, byte);
        assert_true(own >= 750 && own <= 1250);
        assert_true(told >= 20000 && told <= 25000); /* never before the server said */
    }
    assert_int_not_equal(push_wait_ms(1000, 0, 60, 0), push_wait_ms(1000, 0, 60, 255));
    assert_int_not_equal(push_wait_ms(500, 20, 60, 0), push_wait_ms(500, 20, 60, 255));
}

static void a_time_told_beyond_the_end_ends_at_once(void **state)
{
    (void)state;
    assert_int_equal(push_wait_ms(500, 86400, 60, 0), -1);
    assert_int_equal(push_wait_ms(500, 60, 60, 0), -1);
    assert_int_equal(push_wait_ms(500, 0, 0, 0), -1);
    assert_int_equal(push_wait_ms(500, 0, -5, 0), -1);
    assert_true(push_wait_ms(500, 59, 60, 255) >= 59000);
    assert_int_equal(push_wait_ms(500, 59, 60, 255), 60000); /* nor beyond the end by a spread */
    assert_int_equal(push_wait_ms(30000, 0, 1, 128), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_told_is_kept_to_and_our_own_is_spread),
        cmocka_unit_test(a_time_told_beyond_the_end_ends_at_once),
        cmocka_unit_test(hours_without_a_server_end_with_every_row_answered_once),
        cmocka_unit_test(a_server_that_stays_away_is_given_up_when_it_was_said),
        cmocka_unit_test_setup_teardown(the_time_is_that_of_an_absence_not_of_the_whole_push,
                                        folder_make, folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
