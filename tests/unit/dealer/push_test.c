/* SPDX-License-Identifier: Apache-2.0
 * How long the dealer client waits for a server that is away: clients/dealer/push. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "push.h"

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
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_told_is_kept_to_and_our_own_is_spread),
        cmocka_unit_test(a_time_told_beyond_the_end_ends_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
