/* SPDX-License-Identifier: Apache-2.0
 * Names in any writing: server/match/alike and decline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data.h"
#include "match/alike.h"

enum { LINE_BYTES = 4096, NAMES_MAX = 9000 };

/* Compare both ways: which comes first must not matter. */
static alike_t alike(const char *a, const char *b)
{
    alike_t one = name_alike(a, strlen(a), b, strlen(b));
    assert_int_equal(one, name_alike(b, strlen(b), a, strlen(a)));
    return one;
}

static void writings_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(alike("Иванов", "ИВАНОВ"), ALIKE_SAME);
    assert_int_equal(alike("Иванов", "Ivanov"), ALIKE_SAME);
    assert_int_equal(alike("Жуков", "Jukov"), ALIKE_WRITING);
    assert_int_equal(alike("Žuravlёv", "Журавлёв"), ALIKE_SAME);
    assert_int_equal(alike("Цветаева", "Cvetaeva"), ALIKE_WRITING);
    assert_int_equal(alike("Иванов", "bdfyjd"), ALIKE_WRITING);
    assert_int_equal(alike("Хабаров", "{F<FHJD"), ALIKE_WRITING);
    assert_int_equal(alike("Иванову", "Bdfyjd"), ALIKE_FORM);
    assert_int_equal(alike("Лев", "Льву"), ALIKE_FORM);
    assert_int_equal(alike("Бонч-Бруевич", "Бонч-Бруевичу"), ALIKE_FORM);
    assert_int_equal(alike("Раневский", "Раневского"), ALIKE_FORM);
    assert_int_equal(alike("Иванов", "Иваненко"), ALIKE_NONE);
    assert_int_equal(alike("Ким", "Кимов"), ALIKE_NONE);
    assert_int_equal(alike("Петров", "Петренко-Петров"), ALIKE_NONE);
    assert_int_equal(alike("Одинов1", "Одинов2"), ALIKE_NONE);
    assert_int_equal(alike("", ""), ALIKE_NONE);
    assert_int_equal(alike("--", "'"), ALIKE_NONE);
    assert_int_equal(alike("", "Иванов"), ALIKE_NONE);
}

static void every_case_of_the_data_is_a_form(void **state)
{
    (void)state;
    static char line[LINE_BYTES];
    FILE *file = data_open("names-ru/firstnames.tsv");
    unsigned all = 0;
    unsigned missed = 0;
    if (file == NULL) {
        skip();
    }
    while (fgets(line, sizeof line, file) != NULL) {
        char *fields[3];
        if (all++ > 0 && data_fields(line, '\t', fields, 3) == 3) {
            missed += alike(fields[0], fields[1]) == ALIKE_NONE;
        }
    }
    fclose(file);
    assert_true(all > 38000);
    assert_true(missed <= 5); /* Ия alone: two letters leave no stem */
}

static void other_surnames_stay_others(void **state)
{
    (void)state;
    static char names[NAMES_MAX][128];
    static char line[LINE_BYTES];
    FILE *file = data_open("names-ru/surnames.gender.tsv");
    size_t count = 0;
    unsigned writings = 0;
    unsigned forms = 0;
    uint64_t seed = 5;
    if (file == NULL) {
        skip();
    }
    while (count < NAMES_MAX && fgets(line, sizeof line, file) != NULL) {
        char *fields[2];
        if (data_fields(line, '\t', fields, 2) == 2 && strlen(fields[0]) < sizeof names[0]) {
            memcpy(names[count++], fields[0], strlen(fields[0]) + 1);
        }
    }
    fclose(file);
    for (int i = 0; i < 100000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t a = (size_t)(seed >> 40) % count;
        size_t b = (size_t)(seed >> 20 & 0xFFFFFF) % count;
        alike_t how = a == b ? ALIKE_NONE : alike(names[a], names[b]);
        writings += how >= ALIKE_WRITING && strcmp(names[a], names[b]) != 0;
        forms += how == ALIKE_FORM;
    }
    assert_true(writings <= 2);
    assert_true(forms <= 30); /* Иванов and Иванова, which given names must tell apart */
}

static void any_bytes_are_compared(void **state)
{
    (void)state;
    static const char pieces[] = "абвгеёйцъьыяaxchj-' \xCC\x81\xD0\xFF[];{~";
    uint64_t seed = 3;
    for (int round = 0; round < 40000; round++) {
        char raw[2][300];
        size_t bytes[2];
        for (int side = 0; side < 2; side++) {
            bytes[side] = (size_t)(seed >> 33) % sizeof raw[0];
            for (size_t i = 0; i < bytes[side]; i++) {
                seed = seed * 6364136223846793005u + 1442695040888963407u;
                raw[side][i] = pieces[(seed >> 33) % (sizeof pieces - 1)];
            }
            seed = seed * 6364136223846793005u + 1442695040888963407u;
        }
        assert_true(name_alike(raw[0], bytes[0], raw[1], bytes[1]) <= ALIKE_SAME);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writings_are_told_apart),
        cmocka_unit_test(every_case_of_the_data_is_a_form),
        cmocka_unit_test(other_surnames_stay_others),
        cmocka_unit_test(any_bytes_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
