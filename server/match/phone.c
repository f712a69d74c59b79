/* SPDX-License-Identifier: Apache-2.0
 * A telephone number as a match key. See phone.h. */
#include "phone.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "text.h"

#define DIGITS_MAX 24 /* 8~10 and 15 digits fit; more is not one number */
#define E164_MAX   15
#define AREA_MAX   6

/* Country codes with the shortest and longest national number, from the national numbering plans
 * published by ITU-T; the shortest are service numbers such as UAN. Sorted by code. */
static const struct {
    uint16_t code;
    uint8_t least;
    uint8_t most;
} plans[] = {
    /* clang-format off */
    {1, 10, 10}, {7, 10, 10}, {20, 8, 10}, {27, 5, 9}, {30, 10, 12}, {31, 5, 11}, {32, 8, 9},
    {33, 9, 9}, {34, 9, 9}, {36, 8, 9}, {39, 6, 12}, {40, 9, 9}, {41, 9, 12}, {43, 4, 13},
    {44, 7, 10}, {45, 8, 8}, {46, 6, 12}, {47, 5, 8}, {48, 9, 9}, {49, 4, 13}, {51, 8, 11},
    {52, 10, 10}, {53, 6, 10}, {54, 8, 11}, {55, 8, 11}, {56, 8, 11}, {57, 8, 11}, {58, 10, 10},
    {60, 8, 10}, {61, 5, 12}, {62, 7, 13}, {63, 6, 13}, {64, 5, 10}, {65, 8, 11}, {66, 8, 10},
    {81, 8, 13}, {82, 5, 13}, {84, 7, 10}, {86, 7, 12}, {90, 7, 13}, {91, 8, 13}, {92, 8, 12},
    {93, 9, 9}, {94, 9, 9}, {95, 6, 10}, {98, 4, 10}, {211, 9, 9}, {212, 9, 9}, {213, 8, 9},
    {216, 8, 8}, {218, 8, 9}, {220, 7, 7}, {221, 9, 9}, {222, 8, 8}, {223, 8, 8}, {224, 8, 9},
    {225, 8, 10}, {226, 8, 8}, {227, 8, 8}, {228, 8, 8}, {229, 8, 10}, {230, 7, 10}, {231, 7, 9},
    {232, 8, 8}, {233, 8, 9}, {234, 7, 11}, {235, 8, 8}, {236, 8, 8}, {237, 8, 9}, {238, 7, 7},
    {239, 7, 7}, {240, 9, 9}, {241, 7, 8}, {242, 9, 9}, {243, 7, 10}, {244, 9, 9}, {245, 7, 9},
    {246, 7, 7}, {247, 4, 6}, {248, 7, 7}, {249, 9, 9}, {250, 8, 9}, {251, 9, 9}, {252, 6, 9},
    {253, 8, 8}, {254, 7, 10}, {255, 7, 9}, {256, 9, 9}, {257, 8, 8}, {258, 8, 9}, {260, 9, 9},
    {261, 9, 10}, {262, 9, 9}, {263, 5, 10}, {264, 8, 10}, {265, 7, 9}, {266, 8, 8}, {267, 7, 10},
    {268, 8, 9}, {269, 7, 7}, {290, 4, 5}, {291, 7, 7}, {297, 7, 7}, {298, 6, 9}, {299, 6, 6},
    {350, 8, 8}, {351, 9, 9}, {352, 4, 11}, {353, 7, 10}, {354, 7, 9}, {355, 5, 9}, {356, 8, 8},
    {357, 8, 8}, {358, 5, 12}, {359, 6, 9}, {370, 8, 9}, {371, 8, 8}, {372, 7, 10}, {373, 8, 8},
    {374, 8, 8}, {375, 7, 11}, {376, 6, 9}, {377, 8, 9}, {378, 6, 10}, {379, 6, 11}, {380, 9, 10},
    {381, 5, 12}, {382, 4, 12}, {383, 8, 12}, {385, 6, 12}, {386, 5, 8}, {387, 8, 9}, {389, 8, 8},
    {420, 9, 12}, {421, 6, 9}, {423, 7, 9}, {500, 5, 5}, {501, 7, 11}, {502, 8, 11}, {503, 7, 11},
    {504, 8, 11}, {505, 8, 8}, {506, 8, 10}, {507, 7, 11}, {508, 6, 9}, {509, 8, 8}, {590, 9, 9},
    {591, 8, 9}, {592, 7, 7}, {593, 8, 11}, {594, 9, 9}, {595, 6, 11}, {596, 9, 9}, {597, 6, 7},
    {598, 4, 12}, {599, 7, 8}, {670, 7, 8}, {672, 5, 6}, {673, 7, 7}, {674, 7, 7}, {675, 7, 8},
    {676, 5, 8}, {677, 5, 7}, {678, 5, 7}, {679, 7, 11}, {680, 7, 7}, {681, 6, 9}, {682, 5, 5},
    {683, 4, 7}, {685, 5, 10}, {686, 5, 8}, {687, 6, 6}, {688, 5, 7}, {689, 6, 9}, {690, 4, 7},
    {691, 7, 7}, {692, 7, 7}, {800, 8, 8}, {808, 8, 8}, {850, 8, 12}, {852, 8, 11}, {853, 8, 8},
    {855, 8, 10}, {856, 8, 11}, {870, 9, 12}, {878, 12, 12}, {880, 6, 10}, {881, 9, 10},
    {882, 7, 12}, {883, 8, 12}, {886, 7, 11}, {888, 11, 11}, {960, 7, 10}, {961, 7, 8},
    {962, 8, 9}, {963, 8, 9}, {964, 8, 10}, {965, 7, 8}, {966, 8, 10}, {967, 7, 9}, {968, 7, 9},
    {970, 8, 10}, {971, 5, 12}, {972, 7, 12}, {973, 8, 8}, {974, 7, 11}, {975, 7, 8},
    {976, 8, 10}, {977, 8, 11}, {979, 9, 9}, {992, 9, 9}, {993, 8, 8}, {994, 9, 9}, {995, 6, 9},
    {996, 8, 10}, {998, 9, 9},
    /* clang-format on */
};

/* What was read from the raw text. */
typedef struct {
    char digits[DIGITS_MAX];
    size_t count;
    bool has_plus;
    size_t zero_at; /* place of a lone bracketed trunk zero "(0)", 0 when none */
} written_t;

/* Find the plan of the country code that `digits` begin with.
 * out: digits of the code (1..3), 0 when no such code; *least, *most of the national part */
static size_t plan_of(const char *digits, size_t count, size_t *least, size_t *most)
{
    unsigned code = 0;
    for (size_t len = 1; len <= 3 && len <= count; len++) {
        code = code * 10 + (unsigned)(digits[len - 1] - '0');
        for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
            if (plans[i].code == code) {
                *least = plans[i].least;
                *most = plans[i].most;
                return len;
            }
        }
    }
    return 0;
}

/* True when the text at t begins an extension: "доб", "ext", "x", "#", ",", ";" with at most six
 * digits after it; t->at stands after the first scalar. */
static bool is_extension(text_t t)
{
    uint32_t scalar = 0;
    size_t digits = 0;
    while (text_next(&t, &scalar)) {
        digits += text_is_digit(text_narrow(scalar));
    }
    return digits >= 1 && digits <= 6;
}

static bool begins_extension(uint32_t lower)
{
    return lower == 0x434 /* д */ || lower == 'e' || lower == 'x' || lower == '#' || lower == ',' ||
           lower == ';' || lower == 0x432 /* вн. */;
}

static bool is_separator(uint32_t scalar)
{
    return text_is_space(scalar) || text_is_dash(scalar) || text_is_invisible(scalar) ||
           scalar == '(' || scalar == ')' || scalar == '[' || scalar == ']' || scalar == '.' ||
           scalar == '/' || scalar == '~' || scalar == 0x2019 || scalar == '\'';
}

/* Skip "tel:", "тел.", "моб.", "т." and the like before the number. */
static text_t skip_label(text_t t)
{
    text_t after = t;
    uint32_t scalar = 0;
    size_t letters = 0;
    while (text_next(&t, &scalar)) {
        bool is_letter = text_is_cyrillic(scalar) || text_is_ascii_letter(scalar);
        letters += is_letter;
        bool is_mark = scalar == '.' || scalar == ':' || text_is_space(scalar);
        if (letters > 8 || (!is_letter && !is_mark)) {
            break;
        }
        after = t;
    }
    return after;
}

/* Read digits, a leading plus and a bracketed trunk zero.
 * out: false when anything stands there that no number contains */
static bool read_written(const char *raw, size_t raw_bytes, written_t *w)
{
    text_t t = skip_label(text_of(raw, raw_bytes));
    uint32_t scalar = 0;
    uint32_t before = 0;
    while (text_next(&t, &scalar)) {
        scalar = text_narrow(scalar);
        if (text_is_digit(scalar)) {
            if (w->count == DIGITS_MAX) {
                return false;
            }
            text_t next = t;
            uint32_t following = 0;
            bool is_closed = text_next(&next, &following) && following == ')';
            if (scalar == '0' && before == '(' && is_closed && w->count > 0) {
                w->zero_at = w->count;
            }
            w->digits[w->count++] = (char)scalar;
        } else if (scalar == '+') {
            if (w->count > 0 || w->has_plus) {
                return false;
            }
            w->has_plus = true;
        } else if (begins_extension(text_lower(scalar)) && w->count >= 5) {
            return is_extension(t);
        } else if (!is_separator(scalar)) {
            return false;
        }
        before = scalar;
    }
    return w->count > 0;
}

static size_t put_e164(const char *code, size_t code_count, const char *rest, size_t rest_count,
                       char out[PHONE_E164_BYTES])
{
    out[0] = '+';
    memcpy(out + 1, code, code_count);
    memcpy(out + 1 + code_count, rest, rest_count);
    out[1 + code_count + rest_count] = '\0';
    return 1 + code_count + rest_count;
}

/* Ten digits of the shared plan of Russia and Kazakhstan: the first is 3..9. */
static size_t put_russian(const char *ten, char out[PHONE_E164_BYTES])
{
    return ten[0] >= '3' ? put_e164("7", 1, ten, 10, out) : 0;
}

/* The digits begin with a country code. */
static size_t norm_international(const char *d, size_t count, size_t zero_at,
                                 char out[PHONE_E164_BYTES])
{
    size_t least = 0;
    size_t most = 0;
    size_t code_count = plan_of(d, count, &least, &most);
    if (count == 11 && d[0] == '8' && d[1] == '9') {
        return put_russian(d + 1, out); /* "+8 9xx": 89 is no country, the writer meant 8 */
    }
    if (count == 12 && d[0] == '7' && d[1] == '8') {
        return put_russian(d + 2, out); /* "+7 (8) 903 ...": trunk prefix kept by mistake */
    }
    if (code_count == 0) {
        return 0;
    }
    const char *rest = d + code_count;
    size_t rest_count = count - code_count;
    if (zero_at == code_count && rest_count > 1) {
        rest++; /* "+44 (0)20 ...": trunk zero */
        rest_count--;
    }
    if (rest_count < least || rest_count > most || code_count + rest_count > E164_MAX) {
        return 0;
    }
    if (code_count == 1 && d[0] == '7') {
        return put_russian(rest, out);
    }
    return put_e164(d, code_count, rest, rest_count, out);
}

/* Digits of the area code without trunk or country prefix. out: count, 0 when unusable */
static size_t area_digits(const char *area, size_t area_bytes, char out[AREA_MAX + 2])
{
    size_t count = 0;
    text_t t = text_of(area, area_bytes);
    uint32_t scalar = 0;
    while (text_next(&t, &scalar)) {
        if (text_is_digit(scalar)) {
            if (count == AREA_MAX + 2) {
                return 0;
            }
            out[count++] = (char)scalar;
        }
    }
    return count;
}

/* Five to seven local digits completed by an area code to ten. */
static size_t norm_local(const written_t *w, const char *area, size_t area_bytes,
                         char out[PHONE_E164_BYTES])
{
    char ten[AREA_MAX + 2 + DIGITS_MAX];
    size_t count = area_digits(area, area_bytes, ten);
    size_t skip = 0;
    if (count + w->count == 11 && (ten[0] == '8' || ten[0] == '7')) {
        skip = 1; /* the area code was given as 8495 */
    }
    if (count < 3 || count - skip + w->count != 10) {
        return 0;
    }
    memcpy(ten + count, w->digits, w->count);
    return put_russian(ten + skip, out);
}

/* No plus: Russian national writing, 00, 8~10, or a neighbour's code without its plus. */
static size_t norm_national(const written_t *w, const char *area, size_t area_bytes,
                            char out[PHONE_E164_BYTES])
{
    const char *d = w->digits;
    size_t count = w->count;
    /* no Russian number and no area begins so: 810 is the way abroad, however short what follows */
    if (count > 8 && memcmp(d, "810", 3) == 0) {
        return norm_international(d + 3, count - 3, 0, out);
    }
    if (count > 8 && d[0] == '0' && d[1] == '0') {
        return norm_international(d + 2, count - 2, 0, out);
    }
    if (count == 11 && (d[0] == '8' || d[0] == '7')) {
        return put_russian(d + 1, out);
    }
    if (count == 12 && d[0] == '7' && d[1] == '8') {
        return put_russian(d + 2, out);
    }
    if (count == 10) {
        return put_russian(d, out);
    }
    if (count >= 5 && count <= 7) {
        return norm_local(w, area, area_bytes, out);
    }
    /* 375, 380, 99x and their kin are three digits long and begin no Russian number. */
    bool is_neighbour = d[0] == '3' && (d[1] == '7' || d[1] == '8');
    is_neighbour = is_neighbour || (d[0] == '9' && d[1] == '9');
    return is_neighbour && count >= 11 ? norm_international(d, count, 0, out) : 0;
}

size_t phone_norm(const char *raw, size_t raw_bytes, const char *area, size_t area_bytes,
                  char out[PHONE_E164_BYTES])
{
    written_t w = {.count = 0};
    out[0] = '\0';
    if (!read_written(raw, raw_bytes, &w)) {
        return 0;
    }
    size_t bytes = w.has_plus ? norm_international(w.digits, w.count, w.zero_at, out)
                              : norm_national(&w, area, area_bytes, out);
    if (bytes == 0) {
        out[0] = '\0';
    }
    return bytes;
}

static size_t put(char *out, size_t at, const char *what, size_t bytes)
{
    memcpy(out + at, what, bytes);
    return at + bytes;
}

size_t phone_mask(const char *e164, size_t e164_bytes, char out[PHONE_MASK_BYTES])
{
    size_t least = 0;
    size_t most = 0;
    size_t at = 0;
    out[0] = '\0';
    if (e164_bytes < 5 || e164_bytes >= PHONE_E164_BYTES || e164[0] != '+') {
        return 0;
    }
    for (size_t i = 1; i < e164_bytes; i++) {
        if (!text_is_digit((unsigned char)e164[i])) {
            return 0;
        }
    }
    size_t code_count = plan_of(e164 + 1, e164_bytes - 1, &least, &most);
    const char *last_two = e164 + e164_bytes - 2;
    if (code_count == 1 && e164[1] == '7' && e164_bytes == 12) {
        at = put(out, at, "+7 ", 3);
        at = put(out, at, e164 + 2, 3);
        at = put(out, at, " ***-**-", 8);
    } else {
        at = put(out, at, e164, 1 + code_count);
        at = put(out, at, " *** ** ", 8);
    }
    at = put(out, at, last_two, 2);
    out[at] = '\0';
    return at;
}
