/* SPDX-License-Identifier: Apache-2.0
 * One-time passwords against the vectors of RFC 6238 (appendix B, six digits) and RFC 4648. */
#include "test.h"

#include <stdio.h>

#include "api/totp.h"

static const unsigned char *const secret = (const unsigned char *)"12345678901234567890";

static void codes_meet_the_rfc(void **state)
{
    (void)state;
    static const struct {
        int64_t at_s;
        unsigned code;
    } vectors[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
                   {1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130}};
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        assert_int_equal(totp_code(secret, 20, vectors[i].at_s / TOTP_STEP_S), vectors[i].code);
}

static void a_step_works_once_and_only_near_now(void **state)
{
    (void)state;
    int64_t now_s = 2000000000, step = now_s / TOTP_STEP_S;
    char code[8];
    for (int64_t offset = -3; offset <= 3; offset++) {
        snprintf(code, sizeof code, "%06u", totp_code(secret, 20, step + offset));
        bool is_near = offset >= -TOTP_WINDOW && offset <= TOTP_WINDOW;
        assert_int_equal(totp_check(secret, 20, str_of(code), now_s, 0),
                         is_near ? step + offset : 0);
    }
    snprintf(code, sizeof code, "%06u", totp_code(secret, 20, step));
    assert_int_equal(totp_check(secret, 20, str_of(code), now_s, step), 0);
    assert_int_equal(totp_check(secret, 20, str_of(code), now_s, step - 1), step);
}

static void only_six_digits_are_a_code(void **state)
{
    (void)state;
    static const char *const bad[] = {"",       "12345",  "1234567", "12345a",
                                      "-12345", "+12345", " 12345"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(totp_check(secret, 20, str_of(bad[i]), 2000000000, 0), 0);
}

static void base32_goes_there_and_back(void **state)
{
    (void)state;
    unsigned char bytes[64];
    char text[128];
    size_t len;
    assert_int_equal(totp_to_base32((const unsigned char *)"foobar", 6, text), 10);
    assert_memory_equal(text, "MZXW6YTBOI", 10);
    assert_true(totp_from_base32(STR("mzxw 6ytb-OI======"), bytes, &len));
    assert_int_equal(len, 6);
    assert_memory_equal(bytes, "foobar", 6);
    assert_false(totp_from_base32(STR("MZXW1"), bytes, &len));
    assert_false(totp_from_base32(STR(""), bytes, &len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_meet_the_rfc),
        cmocka_unit_test(a_step_works_once_and_only_near_now),
        cmocka_unit_test(only_six_digits_are_a_code),
        cmocka_unit_test(base32_goes_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
