/* SPDX-License-Identifier: Apache-2.0
 * Tax numbers: server/match/taxid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "data.h"
#include "match/taxid.h"

static void inn_is(const char *raw, const char *expected)
{
    char out[TAXID_INN_BYTES];
    size_t bytes = taxid_inn(raw, strlen(raw), out);
    assert_string_equal(out, expected);
    assert_int_equal(bytes, strlen(expected));
}

static void kpp_is(const char *raw, const char *expected)
{
    char out[TAXID_KPP_BYTES];
    taxid_kpp(raw, strlen(raw), out);
    assert_string_equal(out, expected);
}

static void check_digits_decide(void **state)
{
    (void)state;
    inn_is("7707083893", "7707083893");
    inn_is(" 77 0708 3893 ", "7707083893");
    inn_is("7707083894", "");
    inn_is("500100732259", "500100732259");
    inn_is("500100732258", "");
    inn_is("500100732269", "");
    inn_is("0000000000", "");
    inn_is("000000000000", "");
    inn_is("77070838930", "");
    inn_is("7707O83893", "");
    inn_is("ИНН 7707083893", "");
    inn_is("", "");
}

static void kpp_has_its_form(void **state)
{
    (void)state;
    kpp_is("773601001", "773601001");
    kpp_is("7736 0100 1", "773601001");
    kpp_is("7736ab001", "7736AB001");
    kpp_is("77360100", "");
    kpp_is("7736010011", "");
    kpp_is("A73601001", "");
}

static void numbers_of_mobile_operators_are_valid(void **state)
{
    FILE *file = data_open("phones/ru_def_ranges.csv");
    char line[1024];
    (void)state;
    if (file == NULL) {
        skip();
    }
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        char *tail = strrchr(line, ';');
        assert_non_null(tail);
        tail[1 + strcspn(tail + 1, "\r\n")] = '\0';
        if (tail[1] != '\0') {
            inn_is(tail + 1, tail + 1);
        }
    }
    (void)fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_digits_decide),
        cmocka_unit_test(kpp_has_its_form),
        cmocka_unit_test(numbers_of_mobile_operators_are_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
