/* SPDX-License-Identifier: Apache-2.0
 * How far two values agree: server/match/compare, edit and nick. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match/compare.h"
#include "match/edit.h"
#include "match/name.h"
#include "match/nick.h"

static compare_level_t level(compare_kind_t kind, const char *a, const char *b)
{
    char na[COMPARE_BYTES];
    char nb[COMPARE_BYTES];
    size_t a_bytes = compare_norm(kind, a, strlen(a), na);
    size_t b_bytes = compare_norm(kind, b, strlen(b), nb);
    compare_level_t one = compare_values(kind, na, a_bytes, nb, b_bytes);
    assert_int_equal(one, compare_values(kind, nb, b_bytes, na, a_bytes));
    return one;
}

static void of_several_telephones_the_best_two_count(void **state)
{
    (void)state;
    const char *two = "8 903 123-45-67, +7 (495) 111-22-33";
    char out[COMPARE_BYTES];
    assert_int_equal(level(COMPARE_PHONE, two, "84951112233"), LEVEL_SAME);
    assert_int_equal(level(COMPARE_PHONE, two, "+74951112233; 89031234567"), LEVEL_SAME);
    assert_int_equal(level(COMPARE_PHONE, two, "8 916 000 00 00, 8 495 111-22-38"), LEVEL_CLOSE);
    assert_int_equal(level(COMPARE_PHONE, two, "+4930123456"), LEVEL_NONE);
    assert_int_equal(level(COMPARE_PHONE, two, ""), LEVEL_ABSENT);
    const char *twice = "89031234567,+7 903 1234567; ,8 495 111 22 33";
    assert_int_equal(compare_norm(COMPARE_PHONE, twice, strlen(twice), out), 23);
    assert_string_equal(out, "79031234567 74951112233");
    char many[400] = "";
    for (int i = 0; i < 20; i++) {
        snprintf(many + strlen(many), sizeof many - strlen(many), "+7903123456%02d,", i);
    }
    assert_in_range(compare_norm(COMPARE_PHONE, many, strlen(many), out), 60, COMPARE_BYTES - 1);
}

static unsigned distance(const char *a, const char *b, unsigned limit)
{
    return edit_distance(a, strlen(a), b, strlen(b), limit);
}

static void distance_counts_slips_and_swaps(void **state)
{
    (void)state;
    assert_int_equal(distance("", "", 3), 0);
    assert_int_equal(distance("ivanov", "ivanov", 3), 0);
    assert_int_equal(distance("ivanov", "ivnov", 3), 1);
    assert_int_equal(distance("ivanov", "vianov", 3), 1);
    assert_int_equal(distance("ivanov", "ivanob", 3), 1);
    assert_int_equal(distance("kitten", "sitting", 3), 3);
    assert_int_equal(distance("kitten", "sitting", 2), 3);
    assert_int_equal(distance("", "abcd", 2), 3);
    assert_int_equal(distance("ca", "abc", 5), 3);
    char one[300];
    char other[300];
    memset(one, 'a', sizeof one);
    memset(other, 'b', sizeof other);
    assert_int_equal(edit_distance(one, sizeof one, other, sizeof other, 70), EDIT_BYTES_MAX);
}

static void winkler_has_the_published_values(void **state)
{
    (void)state;
    assert_int_equal(edit_winkler("martha", 6, "marhta", 6), 961);
    assert_int_equal(edit_winkler("dwayne", 6, "duane", 5), 840);
    assert_int_equal(edit_winkler("dixon", 5, "dicksonx", 8), 813);
    assert_int_equal(edit_winkler("abc", 3, "xyz", 3), 0);
    assert_int_equal(edit_winkler("", 0, "", 0), 0);
    assert_int_equal(edit_winkler("abc", 3, "abc", 3), 1000);
}

static bool nick(const char *a, const char *b)
{
    char ka[64];
    char kb[64];
    size_t a_bytes = name_surname_key(a, strlen(a), ka, sizeof ka);
    size_t b_bytes = name_surname_key(b, strlen(b), kb, sizeof kb);
    return nick_is_same(ka, a_bytes, kb, b_bytes) && nick_is_same(kb, b_bytes, ka, a_bytes);
}

static void pet_names_are_forms_of_a_name(void **state)
{
    (void)state;
    assert_true(nick("Саша", "Александр"));
    assert_true(nick("Саша", "Александра"));
    assert_true(nick("Саша", "Шура"));
    assert_true(nick("Sasha", "Александр"));
    assert_true(nick("Лёша", "Алексей"));
    assert_true(nick("Bob", "Robert"));
    assert_true(nick("Дима", "Dmitry"));
    assert_false(nick("Саша", "Алексей"));
    assert_false(nick("Александр", "Александра"));
    assert_false(nick("", "Александр"));
}

static void levels_fall_with_the_slips(void **state)
{
    (void)state;
    assert_int_equal(level(COMPARE_SURNAME, "Иванов", "Ivanov"), LEVEL_SAME);
    assert_int_equal(level(COMPARE_SURNAME, "Иванов", "Ивонов"), LEVEL_CLOSE);
    assert_int_equal(level(COMPARE_SURNAME, "Иванов", "Петров"), LEVEL_NONE);
    assert_int_equal(level(COMPARE_NAME, "Саша", "Александр"), LEVEL_CLOSE);
    assert_int_equal(level(COMPARE_NAME, "И.", "Иван"), LEVEL_FAR);
    assert_int_equal(level(COMPARE_DATE, "1971-06-24", "24.06.1971"), LEVEL_SAME);
    assert_int_equal(level(COMPARE_DATE, "1971-06-24", "1971-05-24"), LEVEL_CLOSE);
    assert_int_equal(level(COMPARE_DATE, "1971-06-04", "1971-04-06"), LEVEL_CLOSE);
    assert_int_equal(level(COMPARE_DATE, "1971-06-24", "1950-12-03"), LEVEL_NONE);
    assert_int_equal(level(COMPARE_PHONE, "8 (903) 123-45-67", "+79031234567"), LEVEL_SAME);
    assert_int_equal(level(COMPARE_PHONE, "8 (903) 123-45-67", "+79031234568"), LEVEL_CLOSE);
    assert_int_equal(level(COMPARE_PHONE, "404/231-1368", "404-231-1368"), LEVEL_SAME);
    assert_int_equal(level(COMPARE_EMAIL, "A.B@Mail.RU", "a.b@mail.ru"), LEVEL_SAME);
    assert_int_equal(level(COMPARE_EMAIL, "ivan.petrov@mail.ru", "ivan.petrov@yandex.ru"),
                     LEVEL_NEAR);
    assert_int_equal(level(COMPARE_ADDRESS, "ул. Ленина, 5", "Ленина ул 5"), LEVEL_CLOSE);
    assert_int_equal(level(COMPARE_CODE, "7707083893", "7707083894"), LEVEL_CLOSE);
    assert_int_equal(level(COMPARE_NUMBER, "12", "97"), LEVEL_NONE);
}

static void what_is_not_known_says_nothing(void **state)
{
    (void)state;
    for (int kind = 0; kind < COMPARE_KINDS; kind++) {
        assert_int_equal(level((compare_kind_t)kind, "", "1971-06-24"), LEVEL_ABSENT);
        assert_int_equal(level((compare_kind_t)kind, " - ", ""), LEVEL_ABSENT);
    }
    assert_int_equal(level(COMPARE_DATE, "soon", "1971-06-24"), LEVEL_ABSENT);
    assert_int_equal(level(COMPARE_PHONE, "123", "+79031234567"), LEVEL_ABSENT);
    assert_int_equal(compare_kind_of("surname"), COMPARE_SURNAME);
    assert_int_equal(compare_kind_of("nothing"), COMPARE_KINDS);
    assert_string_equal(compare_level_name(LEVEL_SAME), "same");
}

static void any_bytes_are_compared(void **state)
{
    (void)state;
    uint64_t seed = 7;
    char raw[2][200];
    char norm[2][COMPARE_BYTES];
    for (int round = 0; round < 20000; round++) {
        size_t bytes[2];
        compare_kind_t kind = (compare_kind_t)(round % COMPARE_KINDS);
        for (int side = 0; side < 2; side++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            size_t count = (size_t)(seed >> 33) % sizeof raw[0];
            for (size_t i = 0; i < count; i++) {
                seed = seed * 6364136223846793005u + 1442695040888963407u;
                raw[side][i] = (char)(seed >> 40);
            }
            bytes[side] = compare_norm(kind, raw[side], count, norm[side]);
            assert_true(bytes[side] < COMPARE_BYTES);
            assert_int_equal(norm[side][bytes[side]], '\0');
        }
        assert_true(compare_values(kind, norm[0], bytes[0], norm[1], bytes[1]) < LEVEL_SWAPPED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_several_telephones_the_best_two_count),
        cmocka_unit_test(distance_counts_slips_and_swaps),
        cmocka_unit_test(winkler_has_the_published_values),
        cmocka_unit_test(pet_names_are_forms_of_a_name),
        cmocka_unit_test(levels_fall_with_the_slips),
        cmocka_unit_test(what_is_not_known_says_nothing),
        cmocka_unit_test(any_bytes_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
