/* SPDX-License-Identifier: Apache-2.0
 * Coarse forms of values: what two writings of one value probably share. Blocks are made of them.
 */
#include "link/own.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The first letter and the next consonants, doubled ones once. */
static size_t skeleton(const char *value, size_t bytes, char *out, size_t cap)
{
    size_t used = 0;
    for (size_t i = 0; i < bytes && used < cap; i++) {
        bool is_vowel = memchr("aeiouy ", value[i], 7) != NULL;
        if (i == 0 || (!is_vowel && value[i] != out[used - 1])) {
            out[used++] = value[i];
        }
    }
    return used;
}

/* The longest word; of equals the first. */
static str_t longest_word(const char *value, size_t bytes)
{
    str_t rest = str_n(value, bytes);
    str_t best = str_n(value, 0);
    str_t word = {.ptr = NULL};
    while (str_split(&rest, ' ', &word)) {
        best = word.len > best.len ? word : best;
    }
    return best;
}

/* Of several telephones the first makes the block: whoever shares another is found by his keys. */
static size_t first_word(const char *value, size_t bytes)
{
    const char *space = memchr(value, ' ', bytes);
    return space == NULL ? bytes : (size_t)(space - value);
}

static void of_name(const char *value, size_t bytes, uint32_t out[ASPECTS])
{
    char bones[5];
    out[0] = field_hash(value, least(bytes, 4), 1);
    out[1] = field_hash(bones, skeleton(value, bytes, bones, sizeof bones), 2);
}

static void of_words(const char *value, size_t bytes, uint32_t out[ASPECTS])
{
    char bones[6];
    str_t word = longest_word(value, bytes);
    out[0] = field_hash(value, least(bytes, 6), 1);
    out[1] = field_hash(bones, skeleton(word.ptr, word.len, bones, sizeof bones), 2);
}

static void of_date(const char *value, size_t bytes, uint32_t out[ASPECTS])
{
    if (bytes != 8) {
        return;
    }
    char year_day[6];
    memcpy(year_day, value, 4);
    memcpy(year_day + 4, value + 6, 2);
    out[0] = field_hash(value, 6, 1);
    out[1] = field_hash(value + 4, 4, 2);
    out[2] = field_hash(year_day, 6, 3);
}

static void of_email(const char *value, size_t bytes, uint32_t out[ASPECTS])
{
    const char *at = memchr(value, '@', bytes);
    size_t local = at == NULL ? bytes : (size_t)(at - value);
    out[0] = field_hash(value, local, 1);
    out[1] = field_hash(value, least(local, 5), 2);
    if (at != NULL && bytes - local > 5) {
        char ends[6];
        memcpy(ends, value, least(local, 2));
        memcpy(ends + least(local, 2), at + 1, 4);
        out[2] = field_hash(ends, least(local, 2) + 4, 3);
    }
}

void aspect_make(compare_kind_t kind, const char *value, size_t bytes, uint32_t out[ASPECTS])
{
    memset(out, 0, sizeof(uint32_t) * ASPECTS);
    if (bytes == 0) {
        return;
    }
    switch (kind) {
    case COMPARE_NAME:
    case COMPARE_SURNAME:
        of_name(value, bytes, out);
        break;
    case COMPARE_TITLE:
    case COMPARE_ADDRESS:
        of_words(value, bytes, out);
        break;
    case COMPARE_DATE:
        of_date(value, bytes, out);
        break;
    case COMPARE_EMAIL:
        of_email(value, bytes, out);
        break;
    case COMPARE_PHONE:
        bytes = first_word(value, bytes);
        out[0] = field_hash(value + bytes - least(bytes, 7), least(bytes, 7), 1);
        break;
    case COMPARE_CITY:
        out[0] = field_hash(value, least(bytes, 4), 1);
        break;
    default:
        out[0] = field_hash(value, bytes, 1);
    }
}
