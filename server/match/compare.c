/* SPDX-License-Identifier: Apache-2.0
 * How far two values of one field agree. See compare.h. */
#include "compare.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "edit.h"
#include "email.h"
#include "name.h"
#include "nick.h"
#include "phone.h"
#include "text.h"

#define WORDS_MAX 12

static const char *const kind_words[COMPARE_KINDS] = {
    "name", "surname", "title", "date", "phone", "email", "city", "address", "number", "code"};
static const char *const level_words[LEVELS] = {"absent", "none", "far",    "near",
                                                "close",  "same", "swapped"};

compare_kind_t compare_kind_of(const char *word)
{
    int kind = 0;
    while (kind < COMPARE_KINDS && strcmp(kind_words[kind], word) != 0) {
        kind++;
    }
    return (compare_kind_t)kind;
}

const char *compare_level_name(compare_level_t level)
{
    return level < LEVELS ? level_words[level] : "";
}

/* --- normal forms ---------------------------------------------------------------------------- */

/* Letters and digits of both alphabets as lower-case ASCII, everything else dropped. */
static size_t norm_code(const char *raw, size_t raw_bytes, char *out, bool is_digits)
{
    text_t t = text_of(raw, raw_bytes);
    uint32_t scalar = 0;
    size_t used = 0;
    while (used < COMPARE_BYTES - 1 && text_next(&t, &scalar)) {
        char c = text_look_alike(scalar);
        bool is_digit = c >= '0' && c <= '9';
        if (is_digit || (c != 0 && !is_digits)) {
            out[used++] = is_digit ? c : (char)(c + 0x20);
        }
    }
    out[used] = '\0';
    return used;
}

static unsigned two(const char *digits)
{
    return (unsigned)(digits[0] - '0') * 10 + (unsigned)(digits[1] - '0');
}

/* A day as YYYYMMDD out of 1971-06-24, 19710624, 24.06.1971, 24/06/1971. */
static size_t norm_date(const char *raw, size_t raw_bytes, char *out)
{
    char digits[COMPARE_BYTES];
    size_t count = norm_code(raw, raw_bytes < 40 ? raw_bytes : 40, digits, true);
    if (count < 8) {
        return 0;
    }
    bool is_day_first = raw_bytes >= 10 && !text_is_digit((unsigned char)raw[2]);
    if (is_day_first) {
        memcpy(out, digits + 4, 4);
        memcpy(out + 4, digits + 2, 2);
        memcpy(out + 6, digits, 2);
    } else {
        memcpy(out, digits, 8);
    }
    out[8] = '\0';
    return 8;
}

static size_t norm_phone(const char *raw, size_t raw_bytes, char *out)
{
    char e164[PHONE_E164_BYTES];
    size_t bytes = phone_norm(raw, raw_bytes, "", 0, e164);
    if (bytes > 1) {
        memcpy(out, e164 + 1, bytes);
        return bytes - 1;
    }
    bytes = norm_code(raw, raw_bytes, out, true);
    return bytes >= 5 ? bytes : 0;
}

static bool is_among(const char *number, size_t bytes, const char *numbers, size_t numbers_bytes)
{
    for (size_t at = 0; at + bytes <= numbers_bytes; at++) {
        bool is_begin = at == 0 || numbers[at - 1] == ' ';
        bool is_end = at + bytes == numbers_bytes || numbers[at + bytes] == ' ';
        if (is_begin && is_end && memcmp(numbers + at, number, bytes) == 0) {
            return true;
        }
    }
    return false;
}

/* The numbers of one person side by side, each once, as they come. */
static size_t norm_phones(const char *raw, size_t raw_bytes, char *out)
{
    size_t used = 0;
    for (size_t from = 0, to = 0; from < raw_bytes; from = to + 1) {
        char number[COMPARE_BYTES];
        to = from;
        while (to < raw_bytes && raw[to] != ',' && raw[to] != ';') {
            to++;
        }
        size_t bytes = norm_phone(raw + from, to - from, number);
        bool is_room = used + bytes + 2 <= COMPARE_BYTES;
        if (bytes > 0 && is_room && !is_among(number, bytes, out, used)) {
            if (used > 0) {
                out[used++] = ' ';
            }
            memcpy(out + used, number, bytes);
            used += bytes;
        }
    }
    return used;
}

static size_t norm_email(const char *raw, size_t raw_bytes, char *out)
{
    char address[EMAIL_BYTES];
    size_t bytes = email_norm(raw, raw_bytes, address);
    if (bytes == 0) {
        return norm_code(raw, raw_bytes, out, false);
    }
    bytes = bytes < COMPARE_BYTES ? bytes : COMPARE_BYTES - 1;
    memcpy(out, address, bytes);
    return bytes;
}

size_t compare_norm(compare_kind_t kind, const char *raw, size_t raw_bytes, char out[COMPARE_BYTES])
{
    size_t bytes = 0;
    out[0] = '\0';
    switch (kind) {
    case COMPARE_NAME:
    case COMPARE_SURNAME:
        bytes = name_surname_key(raw, raw_bytes, out, COMPARE_BYTES);
        break;
    case COMPARE_TITLE:
    case COMPARE_CITY:
    case COMPARE_ADDRESS:
        bytes = name_fold(raw, raw_bytes, out, COMPARE_BYTES);
        break;
    case COMPARE_DATE:
        bytes = norm_date(raw, raw_bytes, out);
        break;
    case COMPARE_PHONE:
        bytes = norm_phones(raw, raw_bytes, out);
        break;
    case COMPARE_EMAIL:
        bytes = norm_email(raw, raw_bytes, out);
        break;
    default:
        bytes = norm_code(raw, raw_bytes, out, false);
    }
    out[bytes] = '\0';
    return bytes;
}

/* --- levels ---------------------------------------------------------------------------------- */

static compare_level_t by_name(const char *a, size_t na, const char *b, size_t nb)
{
    size_t shorter = na < nb ? na : nb;
    if (nick_is_same(a, na, b, nb) || (shorter >= 3 && edit_distance(a, na, b, nb, 1) <= 1)) {
        return LEVEL_CLOSE;
    }
    unsigned likeness = edit_winkler(a, na, b, nb);
    if (likeness >= 900 || (shorter >= 5 && edit_distance(a, na, b, nb, 2) <= 2)) {
        return LEVEL_NEAR;
    }
    bool is_begun = memcmp(a, b, shorter) == 0; /* an initial, a name cut short */
    return is_begun || likeness >= 780 ? LEVEL_FAR : LEVEL_NONE;
}

static compare_level_t by_date(const char *a, const char *b)
{
    if (edit_distance(a, 8, b, 8, 1) <= 1) {
        return LEVEL_CLOSE;
    }
    bool is_year = memcmp(a, b, 4) == 0;
    bool is_month = memcmp(a + 4, b + 4, 2) == 0;
    bool is_day = memcmp(a + 6, b + 6, 2) == 0;
    bool is_turned = is_year && memcmp(a + 4, b + 6, 2) == 0 && memcmp(a + 6, b + 4, 2) == 0;
    if (is_turned) {
        return LEVEL_CLOSE;
    }
    if (is_year + is_month + is_day == 2 || edit_distance(a, 8, b, 8, 2) <= 2) {
        return LEVEL_NEAR;
    }
    int years = (int)(two(a) * 100 + two(a + 2)) - (int)(two(b) * 100 + two(b + 2));
    int months = (int)two(a + 4) - (int)two(b + 4);
    int distance = years * 12 + months;
    return distance >= -24 && distance <= 24 ? LEVEL_FAR : LEVEL_NONE;
}

static compare_level_t by_phone(const char *a, size_t na, const char *b, size_t nb)
{
    size_t shorter = na < nb ? na : nb;
    if (shorter >= 7 && memcmp(a + na - shorter, b + nb - shorter, shorter) == 0) {
        return LEVEL_SAME; /* one lacks its country or area */
    }
    unsigned distance = edit_distance(a, na, b, nb, 2);
    if (distance <= 1) {
        return LEVEL_CLOSE;
    }
    if (distance == 2 || (shorter >= 7 && memcmp(a + na - 7, b + nb - 7, 7) == 0)) {
        return LEVEL_NEAR;
    }
    return shorter >= 6 && memcmp(a, b, 6) == 0 ? LEVEL_FAR : LEVEL_NONE;
}

/* Of all their numbers the two that agree best. */
static compare_level_t by_phones(const char *a, size_t na, const char *b, size_t nb)
{
    const char *end_a = a + na;
    const char *end_b = b + nb;
    compare_level_t best = LEVEL_NONE;
    for (const char *one = a; one < end_a && best < LEVEL_SAME;) {
        const char *one_end = memchr(one, ' ', (size_t)(end_a - one));
        one_end = one_end == NULL ? end_a : one_end;
        for (const char *other = b; other < end_b;) {
            const char *other_end = memchr(other, ' ', (size_t)(end_b - other));
            other_end = other_end == NULL ? end_b : other_end;
            compare_level_t level =
                by_phone(one, (size_t)(one_end - one), other, (size_t)(other_end - other));
            best = level > best ? level : best;
            other = other_end + 1;
        }
        one = one_end + 1;
    }
    return best;
}

static compare_level_t by_email(const char *a, size_t na, const char *b, size_t nb)
{
    const char *at_a = memchr(a, '@', na);
    const char *at_b = memchr(b, '@', nb);
    size_t local_a = at_a == NULL ? na : (size_t)(at_a - a);
    size_t local_b = at_b == NULL ? nb : (size_t)(at_b - b);
    bool is_local = local_a == local_b && memcmp(a, b, local_a) == 0;
    if (edit_distance(a, na, b, nb, 2) <= 2) {
        return LEVEL_CLOSE;
    }
    if (is_local || edit_distance(a, local_a, b, local_b, 1) <= 1) {
        return LEVEL_NEAR;
    }
    bool is_domain = at_a != NULL && at_b != NULL && na - local_a == nb - local_b &&
                     memcmp(at_a, at_b, na - local_a) == 0;
    return is_domain || edit_winkler(a, local_a, b, local_b) >= 880 ? LEVEL_FAR : LEVEL_NONE;
}

static compare_level_t by_number(const char *a, size_t na, const char *b, size_t nb)
{
    if (edit_distance(a, na, b, nb, 1) <= 1) {
        return na >= 3 && nb >= 3 ? LEVEL_CLOSE : LEVEL_FAR;
    }
    return na >= 4 && nb >= 4 && edit_distance(a, na, b, nb, 2) <= 2 ? LEVEL_NEAR : LEVEL_NONE;
}

/* --- words in any order ----------------------------------------------------------------------- */

typedef struct {
    const char *at[WORDS_MAX];
    size_t bytes[WORDS_MAX];
    size_t count;
    size_t letters;
} words_t;

static words_t split(const char *text, size_t bytes)
{
    words_t w = {.count = 0};
    const char *end = text + bytes;
    while (text < end && w.count < WORDS_MAX) {
        const char *space = memchr(text, ' ', (size_t)(end - text));
        size_t len = (size_t)((space == NULL ? end : space) - text);
        if (len > 0) {
            w.at[w.count] = text;
            w.bytes[w.count++] = len;
            w.letters += len;
        }
        text += len + 1;
    }
    return w;
}

static bool is_word_alike(const char *a, size_t na, const char *b, size_t nb)
{
    if (na == nb && memcmp(a, b, na) == 0) {
        return true;
    }
    return na >= 4 && nb >= 4 && edit_distance(a, na, b, nb, 1) <= 1;
}

/* Letters of the words of a that b has as well, one slip allowed in long words. */
static size_t shared_letters(const words_t *a, const words_t *b)
{
    unsigned used = 0;
    size_t shared = 0;
    for (size_t i = 0; i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            if ((used >> j & 1u) == 0 &&
                is_word_alike(a->at[i], a->bytes[i], b->at[j], b->bytes[j])) {
                used |= 1u << j;
                shared += a->bytes[i];
                break;
            }
        }
    }
    return shared;
}

static compare_level_t by_words(const char *a, size_t na, const char *b, size_t nb)
{
    if (edit_distance(a, na, b, nb, 2) <= 2 && na >= 5 && nb >= 5) {
        return LEVEL_CLOSE;
    }
    words_t wa = split(a, na);
    words_t wb = split(b, nb);
    size_t shared = shared_letters(&wa, &wb);
    size_t more = wa.letters > wb.letters ? wa.letters : wb.letters;
    size_t less = wa.letters < wb.letters ? wa.letters : wb.letters;
    if (shared * 10 >= more * 8) {
        return LEVEL_CLOSE;
    }
    unsigned likeness = edit_winkler(a, na, b, nb);
    if (shared * 10 >= less * 9 || likeness >= 900) {
        return LEVEL_NEAR;
    }
    return shared * 10 >= less * 5 || likeness >= 800 ? LEVEL_FAR : LEVEL_NONE;
}

compare_level_t compare_values(compare_kind_t kind, const char *a, size_t a_bytes, const char *b,
                               size_t b_bytes)
{
    if (a_bytes == 0 || b_bytes == 0) {
        return LEVEL_ABSENT;
    }
    if (a_bytes == b_bytes && memcmp(a, b, a_bytes) == 0) {
        return LEVEL_SAME;
    }
    if (a_bytes > b_bytes || (a_bytes == b_bytes && memcmp(a, b, a_bytes) > 0)) {
        return compare_values(kind, b, b_bytes, a, a_bytes); /* which comes first must not matter */
    }
    switch (kind) {
    case COMPARE_NAME:
    case COMPARE_SURNAME:
    case COMPARE_CITY:
        return by_name(a, a_bytes, b, b_bytes);
    case COMPARE_DATE:
        return a_bytes == 8 && b_bytes == 8 ? by_date(a, b) : LEVEL_NONE;
    case COMPARE_PHONE:
        return by_phones(a, a_bytes, b, b_bytes);
    case COMPARE_EMAIL:
        return by_email(a, a_bytes, b, b_bytes);
    case COMPARE_TITLE:
    case COMPARE_ADDRESS:
        return by_words(a, a_bytes, b, b_bytes);
    case COMPARE_CODE:
        return edit_distance(a, a_bytes, b, b_bytes, 1) <= 1 ? LEVEL_CLOSE : LEVEL_NONE;
    default:
        return by_number(a, a_bytes, b, b_bytes);
    }
}
