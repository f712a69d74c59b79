/* SPDX-License-Identifier: Apache-2.0
 * Cases of Russian names. See decline.h. */
#include "decline.h"

#include <string.h>

#include "text.h"

/* Endings of one pattern of declension, "_" for none. ё stands as е. */
static const char *const patterns[] = {
    "_ а у ым е ом ем",                     /* Иванов, Ткач */
    "а ой у ою ы и е ей",                   /* Иванова, Анна, Ольга */
    "ий ый ой ого его ому ему им ым ом ем", /* Раневский, Толстой */
    "ая яя ой ей ую юю ою ею",              /* Раневская */
    "я и е ю ей ею",                        /* Илья, Соня */
    "й я ю ем е и",                         /* Сергей, Юрий */
    "ь я ю ем е и ью",                      /* Игорь, Любовь */
    "о а у ом е",                           /* Данило */
};

static size_t read_letters(const char *from, size_t bytes, uint32_t *out)
{
    text_t t = text_of(from, bytes);
    size_t count = 0;
    while (count < 4 && text_next(&t, &out[count])) {
        count++;
    }
    return count;
}

/* True when the letters after the stem are one of the pattern's endings. */
static bool is_ending(const char *pattern, const uint32_t *rest, size_t count)
{
    while (*pattern != '\0') {
        size_t bytes = strcspn(pattern, " ");
        uint32_t ending[4];
        size_t len = pattern[0] == '_' ? 0 : read_letters(pattern, bytes, ending);
        if (len == count && memcmp(ending, rest, count * sizeof *rest) == 0) {
            return true;
        }
        pattern += bytes;
        pattern += *pattern == ' ';
    }
    return false;
}

static bool is_form_of(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
    size_t stem = 0;
    while (stem < na && stem < nb && a[stem] == b[stem]) {
        stem++;
    }
    for (size_t cut = stem; cut + 3 >= stem && cut >= 2; cut--) {
        for (size_t p = 0; p < sizeof patterns / sizeof patterns[0]; p++) {
            bool is_form = na - cut <= 3 && nb - cut <= 3 &&
                           is_ending(patterns[p], a + cut, na - cut) &&
                           is_ending(patterns[p], b + cut, nb - cut);
            if (is_form) {
                return true;
            }
        }
    }
    return false;
}

/* The word without the vowel that other cases drop: Павел is павл-, Лев is льв-. out: its length,
 * or
 * 0 */
static size_t without_fleeting(const uint32_t *a, size_t na, bool is_soft, uint32_t *out)
{
    bool is_fleeting = na >= 3 && na <= DECLINE_MAX && (a[na - 2] == 0x435 || a[na - 2] == 0x43E);
    if (!is_fleeting) {
        return 0;
    }
    size_t count = na - 2;
    memcpy(out, a, count * sizeof *a);
    if (is_soft) {
        out[count++] = 0x44C;
    }
    out[count++] = a[na - 1];
    return count;
}

bool decline_is_form(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
    uint32_t bare[DECLINE_MAX];
    if (na == nb && memcmp(a, b, na * sizeof *a) == 0) {
        return true;
    }
    if (is_form_of(a, na, b, nb)) {
        return true;
    }
    for (int soft = 0; soft < 2; soft++) {
        size_t count = without_fleeting(a, na, soft == 1, bare);
        if (count > 0 && nb > count && is_form_of(bare, count, b, nb)) {
            return true;
        }
        count = without_fleeting(b, nb, soft == 1, bare);
        if (count > 0 && na > count && is_form_of(a, na, bare, count)) {
            return true;
        }
    }
    return false;
}
