/* SPDX-License-Identifier: Apache-2.0
 * Names as keys: server/match/name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data.h"
#include "match/name.h"

#define TEXT_MAX 512

static void fold_is(const char *raw, const char *expected)
{
    char out[TEXT_MAX];
    size_t bytes = name_fold(raw, strlen(raw), out, sizeof out);
    assert_string_equal(out, expected);
    assert_int_equal(bytes, strlen(expected));
}

static void same_surname(const char *one, const char *other)
{
    char a[TEXT_MAX];
    char b[TEXT_MAX];
    name_surname_key(one, strlen(one), a, sizeof a);
    name_surname_key(other, strlen(other), b, sizeof b);
    if (strcmp(a, b) != 0) {
        print_error("%s (%s) differs from %s (%s)\n", one, a, other, b);
    }
    assert_string_equal(a, b);
    assert_true(a[0] != '\0');
}

static void both_alphabets_fold_to_one_key(void **state)
{
    (void)state;
    fold_is("Иванов", "ivanov");
    fold_is("IVANOV", "ivanov");
    fold_is("Пётр-Павел  О'Нил", "petr pavel onil");
    fold_is("Щеглова Юлия", "shcheglova iuliia");
    fold_is("Shcheglova Iuliia", "shcheglova iuliia");
    fold_is("Хабаров", "khabarov");
    fold_is("Habarov", "khabarov");
    fold_is("ООО «Ромашка»", "ooo romashka");
    fold_is("Ивaнoв", "ivanov");   /* Latin a and o */
    fold_is("Ceргeев", "sergeev"); /* Latin C and e */
    fold_is("", "");
    fold_is("  --  ", "");
    fold_is("123 Петров", "123 petrov");
    fold_is("\xFFИванов\xD0", "ivanov");
    fold_is("田中", "田中");
    fold_is("İstanbul", "istanbul");
    fold_is("Dvořák", "dvorak");
}

static void surnames_meet_across_their_writings(void **state)
{
    (void)state;
    same_surname("Иванов", "Ivanov");
    same_surname("Алексеев", "Alekseyev");
    same_surname("Алексеев", "Alekseev");
    same_surname("Семёнов", "Semyonov");
    same_surname("Семёнов", "Семенов");
    same_surname("Семёнов", "Semenov");
    same_surname("Щукин", "Shchukin");
    same_surname("Щукин", "Schukin");
    same_surname("Шмидт", "Schmidt");
    same_surname("Цветков", "Tsvetkov");
    same_surname("Васильева", "Vasilyeva");
    same_surname("Васильева", "Vasileva");
    same_surname("Васильева", "Vasilieva");
    same_surname("Бонч-Бруевич", "Бонч Бруевич");
    same_surname("Ельцин", "Yeltsin");
    same_surname("Великий", "Veliky");
    same_surname("Достоевский", "Dostoyevsky");
    same_surname("Достоевский", "Dostoevskii");
    same_surname("Чайковский", "Chaykovskiy");
    same_surname("Подъячев", "Podyachev");
    same_surname("Гордиенко", "Gordienko");
    same_surname("Родионов", "Rodionov");
}

static void different_surnames_stay_apart(void **state)
{
    static const char *const pairs[][2] = {
        {"Иванов", "Иванова"}, {"Иванов", "Ивашов"}, {"Петров", "Петухов"},
        {"Серов", "Шеров"},    {"Жуков", "Зуков"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char a[TEXT_MAX];
        char b[TEXT_MAX];
        name_surname_key(pairs[i][0], strlen(pairs[i][0]), a, sizeof a);
        name_surname_key(pairs[i][1], strlen(pairs[i][1]), b, sizeof b);
        assert_string_not_equal(a, b);
    }
}

static void a_short_buffer_cuts_the_end_off(void **state)
{
    char out[6];
    (void)state;
    assert_int_equal(name_fold("Щеглова", strlen("Щеглова"), out, sizeof out), 5);
    assert_string_equal(out, "shche");
    assert_int_equal(name_fold("ещё", strlen("ещё"), out, 1), 0);
    assert_string_equal(out, "");
}

/* A prefix of a Cyrillic name folds to a prefix of its fold: what prefix search stands on. */
static void prefixes_fold_to_prefixes(void **state)
{
    FILE *file = data_open("names-ru/surnames.gender.tsv");
    char line[512];
    size_t rows = 0;
    size_t broken = 0;
    (void)state;
    if (file == NULL) {
        skip();
    }
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        char *f[2];
        char whole[TEXT_MAX];
        data_fields(line, '\t', f, 2);
        size_t len = strlen(f[0]);
        name_fold(f[0], len, whole, sizeof whole);
        for (size_t cut = 1; cut < len; cut++) {
            char part[TEXT_MAX];
            if (((unsigned char)f[0][cut] & 0xC0u) == 0x80u) {
                continue;
            }
            size_t bytes = name_fold(f[0], cut, part, sizeof part);
            bool is_yo_cut = bytes > 0 && part[bytes - 1] == 'i';
            broken += memcmp(part, whole, bytes) != 0 && !is_yo_cut;
            rows++;
        }
    }
    (void)fclose(file);
    assert_true(rows > 10000);
    assert_int_equal(broken, 0);
}

/* How many different surnames of the list share a key: the price of the folding. */
static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void few_different_surnames_share_a_key(void **state)
{
    FILE *file = data_open("names-ru/surnames.gender.tsv");
    static char keys[8000][64];
    char line[512];
    size_t rows = 0;
    size_t shared = 0;
    (void)state;
    if (file == NULL) {
        skip();
    }
    assert_non_null(fgets(line, sizeof line, file));
    while (rows < 8000 && fgets(line, sizeof line, file) != NULL) {
        char *f[2];
        data_fields(line, '\t', f, 2);
        name_surname_key(f[0], strlen(f[0]), keys[rows], sizeof keys[rows]);
        rows++;
    }
    (void)fclose(file);
    qsort(keys, rows, sizeof keys[0], compare);
    for (size_t i = 1; i < rows; i++) {
        shared += strcmp(keys[i], keys[i - 1]) == 0;
    }
    print_message("%zu of %zu surnames share a key with another\n", shared, rows);
    assert_true(shared * 100 < rows * 2);
}

/* Samples of the schemes whose letters are unambiguous: each writing meets its Cyrillic source. */
static void published_transliterations_meet_their_source(void **state)
{
    static const char *const schemes[] = {"icao_doc_9303", "mvd_782",     "bgn_pcgn",
                                          "wikipedia",     "yandex_maps", "yandex_money"};
    size_t samples = 0;
    size_t met = 0;
    (void)state;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        static char text[100000];
        char name[64];
        (void)snprintf(name, sizeof name, "transliteration/%s.json", schemes[i]);
        FILE *file = data_open(name);
        if (file == NULL) {
            skip();
        }
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        (void)fclose(file);
        char *at = strstr(text, "\"samples\"");
        assert_non_null(at);
        char *pair[2];
        int side = 0;
        for (at = strchr(at, '['); (at = strchr(at, '"')) != NULL;) {
            char *end = strchr(at + 1, '"');
            *end = '\0';
            pair[side] = at + 1;
            at = end + 1;
            side = 1 - side;
            if (side == 0) {
                char a[TEXT_MAX];
                char b[TEXT_MAX];
                name_surname_key(pair[0], strlen(pair[0]), a, sizeof a);
                name_surname_key(pair[1], strlen(pair[1]), b, sizeof b);
                samples++;
                met += strcmp(a, b) == 0;
                if (strcmp(a, b) != 0) {
                    print_message("%s: %s (%s) / %s (%s)\n", schemes[i], pair[0], a, pair[1], b);
                }
            }
        }
    }
    print_message("%zu of %zu transliterations meet\n", met, samples);
    assert_true(met * 100 >= samples * 90);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_alphabets_fold_to_one_key),
        cmocka_unit_test(surnames_meet_across_their_writings),
        cmocka_unit_test(different_surnames_stay_apart),
        cmocka_unit_test(a_short_buffer_cuts_the_end_off),
        cmocka_unit_test(prefixes_fold_to_prefixes),
        cmocka_unit_test(few_different_surnames_share_a_key),
        cmocka_unit_test(published_transliterations_meet_their_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
