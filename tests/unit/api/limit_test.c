/* SPDX-License-Identifier: Apache-2.0
 * Token buckets: the burst, the rate, and strangers who fill the table. */
#include "test.h"

#include <stdio.h>

#include "api/limit.h"

static const unsigned char seed[16] = {1, 2, 3};

static void a_burst_passes_then_the_rate_holds(void **state)
{
    (void)state;
    limit_t *limit = limit_new(64, seed);
    int64_t now_us = 1000000;
    int passed = 0;
    for (int i = 0; i < 50; i++)
        passed += limit_take(limit, 's', STR("key"), 10, 20, now_us) == 0;
    assert_int_equal(passed, 20);
    assert_true(limit_take(limit, 's', STR("key"), 10, 20, now_us) >= 1);
    passed = 0;
    for (int i = 0; i < 1000; i++) /* ten seconds, a hundred tries a second */
        passed += limit_take(limit, 's', STR("key"), 10, 20, now_us += 10000) == 0;
    assert_in_range(passed, 99, 101);
    limit_free(limit);
}

static void keys_and_kinds_do_not_share(void **state)
{
    (void)state;
    limit_t *limit = limit_new(64, seed);
    assert_int_equal(limit_take(limit, 's', STR("key"), 1, 1, 1000), 0);
    assert_int_not_equal(limit_take(limit, 's', STR("key"), 1, 1, 1000), 0);
    assert_int_equal(limit_take(limit, 'a', STR("key"), 1, 1, 1000), 0);
    assert_int_equal(limit_take(limit, 's', STR("other key"), 1, 1, 1000), 0);
    assert_int_equal(limit_take(limit, 's', STR("key"), 0, 0, 1000), 0); /* no limit */
    limit_free(limit);
}

static void a_busy_key_survives_many_strangers(void **state)
{
    (void)state;
    limit_t *limit = limit_new(4096, seed);
    int64_t now_us = 1000000;
    int passed = 0;
    char key[32];
    for (int i = 0; i < 20000; i++) {
        now_us += 100; /* two seconds in all */
        snprintf(key, sizeof key, "stranger %d", i);
        limit_take(limit, 'a', str_of(key), 10, 10, now_us);
        passed += limit_take(limit, 'a', STR("busy"), 10, 10, now_us) == 0;
    }
    assert_in_range(passed, 25, 35);
    limit_free(limit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_then_the_rate_holds),
        cmocka_unit_test(keys_and_kinds_do_not_share),
        cmocka_unit_test(a_busy_key_survives_many_strangers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
