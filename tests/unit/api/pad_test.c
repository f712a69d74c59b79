/* SPDX-License-Identifier: Apache-2.0
 * server/api/pad: an answer waits to the next step of time, never less than what is left of it. */
#include "api/pad.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

static void an_answer_waits_to_the_next_step(void **state)
{
    (void)state;
    assert_int_equal(pad_left_ms(0), PAD_STEP_MS);
    assert_int_equal(pad_left_ms(1000), PAD_STEP_MS - 1);
    assert_int_equal(pad_left_ms(59001), 1);
    assert_int_equal(pad_left_ms((int64_t)PAD_STEP_MS * 1000), PAD_STEP_MS);
    assert_int_equal(pad_left_ms(61500), 59);
}

static void every_answer_comes_at_a_multiple(void **state)
{
    (void)state;
    for (int64_t spent_us = 0; spent_us < 200000; spent_us += 37) {
        int64_t at_us = spent_us + (int64_t)pad_left_ms(spent_us) * 1000;
        assert_true(at_us % (PAD_STEP_MS * 1000) < 1000);
        assert_true(at_us > spent_us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_waits_to_the_next_step),
        cmocka_unit_test(every_answer_comes_at_a_multiple),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
