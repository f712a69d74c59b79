/* SPDX-License-Identifier: Apache-2.0
 * Linkage of a list: server/link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/link.h"

enum { PEOPLE = 400, FIELDS = 4 };

static const compare_kind_t kinds[FIELDS] = {COMPARE_SURNAME, COMPARE_NAME, COMPARE_DATE,
                                             COMPARE_PHONE};
static const char *const starts[] = {"Ива", "Пет",  "Сидо", "Кузне", "Мор",  "Вол",  "Зай", "Лебе",
                                     "Коз", "Нови", "Фёдо", "Соко",  "Попо", "Васи", "Паш", "Голу"};
static const char *const ends[] = {"нов", "ров", "рин", "цов", "ков", "дев"};
static const char *const names[] = {"Александр", "Дмитрий", "Иван", "Сергей", "Павел", "Олег"};

static uint32_t number(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*seed >> 33) % below);
}

static void add(link_t *link, const char *surname, const char *name, const char *born,
                const char *phone)
{
    str_t values[FIELDS] = {str_of(surname), str_of(name), str_of(born), str_of(phone)};
    assert_true(link_add(link, values, 0));
}

/* People, each of the first hundred again with another writing: record PEOPLE + i is i. */
static link_t *people(void)
{
    link_t *link = link_new(kinds, FIELDS);
    uint64_t seed = 11;
    char made[PEOPLE][4][64];
    for (uint32_t i = 0; i < PEOPLE; i++) {
        snprintf(made[i][0], 64, "%s%s", starts[number(&seed, 16)], ends[number(&seed, 6)]);
        snprintf(made[i][1], 64, "%s", names[number(&seed, 6)]);
        snprintf(made[i][2], 64, "%u-%02u-%02u", 1950 + number(&seed, 50), 1 + number(&seed, 12),
                 1 + number(&seed, 28));
        snprintf(made[i][3], 64, "+79%09u", number(&seed, 1000000000));
        add(link, made[i][0], made[i][1], made[i][2], made[i][3]);
    }
    for (uint32_t i = 0; i < 100; i++) {
        char phone[64];
        snprintf(phone, sizeof phone, "8 (9%.2s) %.7s", made[i][3] + 3, made[i][3] + 5);
        bool is_swapped = i % 10 == 0;
        bool is_without_phone = i % 7 == 0;
        add(link, is_swapped ? made[i][1] : made[i][0], is_swapped ? made[i][0] : made[i][1],
            made[i][2], is_without_phone ? "" : phone);
    }
    return link;
}

static void second_writings_are_found_and_nothing_else(void **state)
{
    (void)state;
    link_t *link = people();
    unsigned right = 0;
    unsigned wrong = 0;
    link_run(link);
    for (uint32_t i = 0; i < link_pairs(link); i++) {
        link_pair_t pair = link_pair(link, i);
        bool is_right = pair.high >= PEOPLE && pair.high - PEOPLE == pair.low;
        right += pair.class != LINK_POSSIBLE && is_right;
        wrong += pair.class != LINK_POSSIBLE && !is_right;
    }
    link_free(link);
    assert_true(right >= 97);
    assert_int_equal(wrong, 0);
}

static void every_pair_says_why(void **state)
{
    (void)state;
    link_t *link = people();
    link_run(link);
    for (uint32_t i = 0; i < link_pairs(link); i++) {
        link_pair_t pair = link_pair(link, i);
        compare_level_t levels[FIELDS];
        double bits = link_prior(link);
        link_levels(link, pair.low, pair.high, levels);
        for (unsigned f = 0; f < FIELDS; f++) {
            double says = link_says(link, f, levels[f], pair.low, pair.high);
            assert_true(levels[f] != LEVEL_ABSENT || says == 0);
            bits += says;
        }
        assert_true(bits - (double)pair.bits < 0.01 && bits - (double)pair.bits > -0.01);
    }
    link_free(link);
}

static void a_frequent_value_weighs_less_than_a_rare_one(void **state)
{
    (void)state;
    link_t *link = link_new(kinds, FIELDS);
    for (int i = 0; i < 60; i++) {
        char born[32];
        snprintf(born, sizeof born, "19%02d-01-%02d", 30 + i, 1 + i % 28);
        add(link, i < 50 ? "Иванов" : (i < 52 ? "Гаврилюк" : starts[i % 16]), "Иван", born, "");
    }
    link_run(link);
    assert_true(link_says(link, 0, LEVEL_SAME, 50, 51) > link_says(link, 0, LEVEL_SAME, 0, 1) + 3);
    link_free(link);
}

/* Of colleagues who share a switchboard and have a telephone each besides, the switchboard says as
 * little as if it were their only number. */
static void a_second_number_weighs_as_often_as_it_occurs(void **state)
{
    (void)state;
    link_t *link = link_new(kinds, FIELDS);
    for (int i = 0; i < 60; i++) {
        char born[32];
        char phones[96];
        snprintf(born, sizeof born, "19%02d-01-%02d", 30 + i, 1 + i % 28);
        snprintf(phones, sizeof phones, "+7903000%04d, %s", i,
                 i < 50 ? "8 495 111-22-33" : (i < 52 ? "8 495 444-55-66" : "+79160000000"));
        add(link, starts[i % 16], names[i % 6], born, phones);
    }
    link_run(link);
    compare_level_t levels[FIELDS];
    link_levels(link, 0, 1, levels);
    assert_int_equal(levels[3], LEVEL_SAME);
    assert_true(link_says(link, 3, LEVEL_SAME, 50, 51) > link_says(link, 3, LEVEL_SAME, 0, 1) + 3);
    link_free(link);
}

/* Whose only common number is the second of both, and that with a slip. */
static void a_slip_in_a_second_number_is_seen(void **state)
{
    (void)state;
    link_t *link = link_new(kinds, FIELDS);
    uint64_t seed = 23;
    for (uint32_t i = 0; i < 400; i++) {
        char born[32];
        char phones[2][64];
        uint32_t second = number(&seed, 100000000);
        const char *surname = starts[number(&seed, 16)];
        const char *name = names[number(&seed, 6)];
        snprintf(born, sizeof born, "%u-%02u-%02u", 1950 + number(&seed, 50), 1 + number(&seed, 12),
                 1 + number(&seed, 28));
        for (unsigned j = 0; j < 2; j++) {
            snprintf(phones[j], 64, "+79%09u, 8 495 %07u", number(&seed, 1000000000),
                     second / 10 - second / 10 % 10 + j);
        }
        add(link, surname, name, born, phones[0]);
        add(link, surname, name, born, phones[1]);
    }
    link_run(link);
    compare_level_t levels[FIELDS];
    link_levels(link, 0, 1, levels);
    assert_int_equal(levels[3], LEVEL_CLOSE);
    assert_true(link_weight(link, 3, LEVEL_CLOSE) > 3);
    link_free(link);
}

static void empty_lists_and_records_make_no_pairs(void **state)
{
    (void)state;
    link_t *link = link_new(kinds, FIELDS);
    link_run(link);
    assert_int_equal(link_pairs(link), 0);
    link_free(link);
    link = link_new(kinds, FIELDS);
    for (int i = 0; i < 50; i++) {
        add(link, "", "", "", "");
    }
    link_run(link);
    assert_int_equal(link_pairs(link), 0);
    link_free(link);
    link_free(NULL);
}

static void two_lists_pair_only_across(void **state)
{
    (void)state;
    link_t *link = link_new(kinds, FIELDS);
    link_two_sided(link);
    for (unsigned i = 0; i < 120; i++) {
        char text[3][64];
        unsigned who = i / 4;
        snprintf(text[0], 64, "%s%s", starts[who % 16], ends[who % 6]);
        snprintf(text[1], 64, "19%02u-03-%02u", 40 + who, 1 + who % 28);
        snprintf(text[2], 64, "+7903%07u", who * 7919);
        str_t values[FIELDS] = {str_of(text[0]), str_of(names[who % 6]), str_of(text[1]),
                                str_of(text[2])};
        assert_true(link_add(link, values, i % 2));
    }
    link_run(link);
    for (uint32_t i = 0; i < link_pairs(link); i++) {
        assert_true(link_pair(link, i).low % 2 != link_pair(link, i).high % 2);
    }
    link_free(link);
}

/* A base with hardly a second writing in it must not teach that a family is one person (R60). */
static void a_family_under_one_roof_is_not_one_person(void **state)
{
    (void)state;
    static const compare_kind_t home[5] = {COMPARE_SURNAME, COMPARE_NAME, COMPARE_DATE,
                                           COMPARE_PHONE, COMPARE_ADDRESS};
    static const char *const given[] = {"Александр", "Мария", "Сергей", "Ольга", "Тимур", "Яна"};
    link_t *link = link_new(home, 5);
    uint64_t seed = 17;
    for (uint32_t i = 0; i < 1200; i++) {
        char text[4][64];
        uint32_t family = i / 3;
        snprintf(text[0], 64, "%s%s", starts[family % 16], ends[family / 16 % 6]);
        snprintf(text[1], 64, "%u-%02u-%02u", 1940 + number(&seed, 65), 1 + number(&seed, 12),
                 1 + number(&seed, 28));
        snprintf(text[2], 64, "+79%09u", number(&seed, 1000000000));
        snprintf(text[3], 64, "ул. %s, %u", starts[family * 7 % 16], family);
        str_t values[5] = {str_of(text[0]), str_of(given[(i % 3) * 2 + family % 2]),
                           str_of(text[1]), str_of(text[2]), str_of(text[3])};
        assert_true(link_add(link, values, 0));
    }
    link_run(link);
    unsigned joined = 0;
    for (uint32_t i = 0; i < link_pairs(link); i++) {
        joined += link_pair(link, i).class != LINK_POSSIBLE;
    }
    link_free(link);
    assert_true(joined <= 12); /* one in a hundred people, where the first model joined them all */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(second_writings_are_found_and_nothing_else),
        cmocka_unit_test(every_pair_says_why),
        cmocka_unit_test(a_frequent_value_weighs_less_than_a_rare_one),
        cmocka_unit_test(a_second_number_weighs_as_often_as_it_occurs),
        cmocka_unit_test(a_slip_in_a_second_number_is_seen),
        cmocka_unit_test(empty_lists_and_records_make_no_pairs),
        cmocka_unit_test(two_lists_pair_only_across),
        cmocka_unit_test(a_family_under_one_roof_is_not_one_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
