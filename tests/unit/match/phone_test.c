/* SPDX-License-Identifier: Apache-2.0
 * Telephone numbers: server/match/phone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data.h"
#include "match/phone.h"

typedef struct {
    const char *raw;
    const char *area;
    const char *e164; /* "" = refused */
} case_t;

static void check(const case_t *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char out[PHONE_E164_BYTES];
        size_t bytes = phone_norm(cases[i].raw, strlen(cases[i].raw), cases[i].area,
                                  strlen(cases[i].area), out);
        if (strcmp(out, cases[i].e164) != 0) {
            print_error("%s -> %s, expected %s\n", cases[i].raw, out, cases[i].e164);
        }
        assert_string_equal(out, cases[i].e164);
        assert_int_equal(bytes, strlen(out));
    }
}

static void russian_writings_give_one_key(void **state)
{
    static const case_t cases[] = {
        {"89031234560", "", "+79031234560"},
        {"+7 903 123-45-60", "", "+79031234560"},
        {"7(903)1234560", "", "+79031234560"},
        {"8 (903) 123 45 60", "", "+79031234560"},
        {"903 123 45 60", "", "+79031234560"},
        {"+7 (8) 903 123-45-60", "", "+79031234560"},
        {"+8 903 123 45 60", "", "+79031234560"},
        {"тел.: 8-903-123-45-60", "", "+79031234560"},
        {"моб 8.903.123.45.60", "", "+79031234560"},
        {"tel:+7-903-123-45-60", "", "+79031234560"},
        {"8\xC2\xA0"
         "903\xE2\x80\x91"
         "123\xE2\x80\x91"
         "45\xE2\x80\x91"
         "60",
         "", "+79031234560"},
        {"８９０３１２３４５６０", "", "+79031234560"},
        {"123-45-67", "495", "+74951234567"},
        {"12-34-56", "8482", "+78482123456"},
        {"1-23-45", "48762", "+74876212345"},
        {"123-45-67", "8495", "+74951234567"},
        {"123-45-67", "(495)", "+74951234567"},
        {"8 (495) 123-45-67 доб. 123", "", "+74951234567"},
        {"8 (495) 123-45-67, доб 12", "", "+74951234567"},
        {"84951234567#5", "", "+74951234567"},
        {"8 495 1234567 ext. 44", "", "+74951234567"},
        {"8 800 555 35 35", "", "+78005553535"},
        {"8 (727) 250-00-00", "", "+77272500000"},
    };
    (void)state;
    check(cases, sizeof cases / sizeof cases[0]);
}

static void international_writings_give_one_key(void **state)
{
    static const case_t cases[] = {
        {"+49 30 901820", "", "+4930901820"},         {"0049 30 901820", "", "+4930901820"},
        {"8~10 49 30 901820", "", "+4930901820"},     {"810 49 30 901820", "", "+4930901820"},
        {"+44 (0)20 7946 0958", "", "+442079460958"}, {"+375 29 123-45-67", "", "+375291234567"},
        {"375291234567", "", "+375291234567"},        {"8 10 375 29 1234567", "", "+375291234567"},
        {"+1 (202) 555-0143", "", "+12025550143"},    {"+39 06 698 12345", "", "+390669812345"},
        {"00 7 903 123 45 60", "", "+79031234560"},
    };
    (void)state;
    check(cases, sizeof cases / sizeof cases[0]);
}

static void what_is_no_number_is_refused(void **state)
{
    static const case_t cases[] = {
        {"", "", ""},
        {"нет", "", ""},
        {"112", "495", ""},
        {"1234567", "", ""},
        {"+7 903 123-45-6", "", ""},
        {"+7 903 123-45-600", "", ""},
        {"+7 103 123-45-60", "", ""},
        {"89031234560, 89161234567", "", ""},
        {"8903123456O", "", ""},
        {"+0 123 456 78 90", "", ""},
        {"+210 123456789", "", ""},
        {"+", "", ""},
        {"8+9031234560", "", ""},
        {"' or 1=1 --", "", ""},
        {"999999999999999999999999999999", "", ""},
        {"1-23-45", "495", ""},
        {"\xFF\xFE", "", ""},
    };
    (void)state;
    check(cases, sizeof cases / sizeof cases[0]);
}

static void masks_keep_operator_and_two_digits(void **state)
{
    char out[PHONE_MASK_BYTES];
    (void)state;
    assert_int_equal(phone_mask("+79031234560", 12, out), strlen("+7 903 ***-**-60"));
    assert_string_equal(out, "+7 903 ***-**-60");
    assert_true(phone_mask("+375291234567", 13, out) > 0);
    assert_string_equal(out, "+375 *** ** 67");
    assert_int_equal(phone_mask("903", 3, out), 0);
    assert_int_equal(phone_mask("+7903abc4560", 12, out), 0);
}

/* Write the international form with separators placed by a counter, so that every spacing occurs.
 */
static void spaced(const char *code, const char *national, unsigned seed, char *out)
{
    static const char *const marks[] = {"", " ", "-", ".", " (", ") ", "\xC2\xA0", "/"};
    size_t at = 0;
    out[at++] = '+';
    for (const char *c = code; *c != '\0'; c++) {
        out[at++] = *c;
    }
    out[at++] = ' ';
    for (const char *c = national; *c != '\0'; c++) {
        seed = seed * 1103515245u + 12345u;
        const char *mark = marks[(seed >> 16) % 8];
        out[at++] = *c;
        if (c[1] != '\0') {
            memcpy(out + at, mark, strlen(mark));
            at += strlen(mark);
        }
    }
    out[at] = '\0';
}

static void example_numbers_of_the_world_give_their_e164(void **state)
{
    FILE *file = data_open("phones/example_numbers.csv");
    char line[256];
    unsigned rows = 0;
    (void)state;
    if (file == NULL) {
        skip();
    }
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        char *f[5];
        assert_int_equal(data_fields(line, ',', f, 5), 5);
        for (unsigned seed = 0; seed < 20; seed++) {
            char raw[256];
            char out[PHONE_E164_BYTES];
            spaced(f[1], f[3], seed + rows, raw);
            phone_norm(raw, strlen(raw), "495", 3, out);
            if (strcmp(out, f[4]) != 0) {
                print_error("%s: %s -> %s, expected %s\n", f[0], raw, out, f[4]);
            }
            assert_string_equal(out, f[4]);
        }
        /* the way abroad, however short the number is (issue: 8~10 and a short one was a Russian
         * key) */
        if (strcmp(f[2], "mobile") == 0 || strcmp(f[2], "fixedLine") == 0) {
            char raw[256];
            char out[PHONE_E164_BYTES];
            snprintf(raw, sizeof raw, "8~10%s", f[4] + 1);
            phone_norm(raw, strlen(raw), "843", 3, out);
            assert_string_equal(out, f[4]);
        }
        char twice[PHONE_E164_BYTES];
        phone_norm(f[4], strlen(f[4]), "", 0, twice);
        assert_string_equal(twice, f[4]);
        rows++;
    }
    (void)fclose(file);
    assert_int_equal(rows, 611);
}

static void every_russian_mobile_range_is_accepted(void **state)
{
    FILE *file = data_open("phones/ru_def_ranges.csv");
    char line[1024];
    (void)state;
    if (file == NULL) {
        skip();
    }
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        char *f[3];
        char raw[32];
        char expected[32];
        char out[PHONE_E164_BYTES];
        data_fields(line, ';', f, 3);
        (void)snprintf(raw, sizeof raw, "8 (%s) %07lu", f[0], strtoul(f[1], NULL, 10));
        (void)snprintf(expected, sizeof expected, "+7%s%07lu", f[0], strtoul(f[1], NULL, 10));
        phone_norm(raw, strlen(raw), "", 0, out);
        assert_string_equal(out, expected);
    }
    (void)fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(russian_writings_give_one_key),
        cmocka_unit_test(international_writings_give_one_key),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(masks_keep_operator_and_two_digits),
        cmocka_unit_test(example_numbers_of_the_world_give_their_e164),
        cmocka_unit_test(every_russian_mobile_range_is_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
