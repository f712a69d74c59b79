/* SPDX-License-Identifier: Apache-2.0
 * What identifies a vehicle: VIN and registration plate, as match keys. See vehicle.h. */
#include "vehicle.h"

#include <string.h>

#include "text.h"

#define PLATE_LETTERS_MAX 16

/* Marks between the characters that people type and that mean nothing. */
static bool is_filler(uint32_t scalar)
{
    return text_is_space(scalar) || text_is_dash(scalar) || text_is_invisible(scalar) ||
           scalar == '.' || scalar == '_' || scalar == '*';
}

size_t vehicle_vin(const char *raw, size_t raw_bytes, char out[VEHICLE_VIN_BYTES])
{
    text_t t = text_of(raw, raw_bytes);
    uint32_t scalar = 0;
    size_t count = 0;
    bool is_valid = true;
    while (is_valid && text_next(&t, &scalar)) {
        if (is_filler(scalar)) {
            continue;
        }
        char c = text_look_alike(scalar);
        if (c == 0 || c == 'I' || c == 'O' || c == 'Q' || count == VEHICLE_VIN_BYTES - 1) {
            is_valid = false;
            break;
        }
        out[count++] = c;
    }
    if (!is_valid || count != VEHICLE_VIN_BYTES - 1) {
        count = 0;
    }
    out[count] = '\0';
    return count;
}

bool vehicle_vin_is_checked(const char vin[VEHICLE_VIN_BYTES])
{
    static const unsigned char weights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    /* Values of the letters A..Z; I, O, Q do not occur. */
    static const unsigned char values[26] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4,
                                             5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9};
    bool has_digit = (vin[0] >= '1' && vin[0] <= '5') || vin[0] == 'L';
    if (!has_digit) {
        return true;
    }
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++) {
        bool is_digit = vin[i] >= '0' && vin[i] <= '9';
        unsigned value = is_digit ? (unsigned)(vin[i] - '0') : values[(vin[i] - 'A') % 26];
        sum += value * weights[i];
    }
    char expected = sum % 11 == 10 ? 'X' : (char)('0' + sum % 11);
    return vin[8] == expected;
}

/* True for one of the twelve letters of Russian plates, as Latin capitals. */
static bool is_plate_letter(uint32_t c)
{
    return c != 0 && c < 0x80 && strchr("ABEKMHOPCTYX", (int)c) != NULL;
}

/* What a plate consists of: L a letter, 9 a digit. Regions have two digits or three. */
static const char *const forms[] = {
    "L999LL99", "L999LL999", /* cars */
    "LL99999",  "LL999999",  /* buses and taxis */
    "LL999999", "LL9999999", /* trailers */
    "9999LL99", "9999LL999", /* motorcycles, tractors, army */
    "LL999L99", "LL999L999", /* transit */
    "L999999",  "L9999999",  /* police */
};

static bool is_of_form(const uint32_t *c, const char *form)
{
    for (size_t i = 0; form[i] != '\0'; i++) {
        bool is_fit = form[i] == 'L' ? is_plate_letter(c[i]) || c[i] == '0'
                                     : text_is_digit(c[i]) || c[i] == 'O';
        if (!is_fit) {
            return false;
        }
    }
    return true;
}

/* Put O and 0 right by position when one form only can be meant: all forms that fit put the same.
 */
static void settle_form(uint32_t *c, size_t count)
{
    uint32_t made[PLATE_LETTERS_MAX];
    bool is_found = false;
    for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
        if (strlen(forms[f]) != count || !is_of_form(c, forms[f])) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            bool is_either = c[i] == 'O' || c[i] == '0';
            uint32_t is = is_either ? (forms[f][i] == 'L' ? 'O' : '0') : c[i];
            if (is_found && made[i] != is) {
                return;
            }
            made[i] = is;
        }
        is_found = true;
    }
    if (is_found) {
        memcpy(c, made, count * sizeof c[0]);
    }
}

/* Put O and 0 right by position in a car's plate that is clear as it stands, in every other form
 * when no second one can be meant. */
static void settle_zero(uint32_t *c, size_t count)
{
    if (count < 7 || count > 9) {
        return;
    }
    if (count == 7 || !is_plate_letter(c[0])) {
        settle_form(c, count);
        return;
    }
    size_t letters_o = 0;
    for (size_t i = 1; i < 4; i++) {
        if (!text_is_digit(c[i]) && c[i] != 'O') {
            settle_form(c, count);
            return;
        }
        letters_o += c[i] == 'O';
    }
    for (size_t i = 6; i < count; i++) {
        if (!text_is_digit(c[i]) && c[i] != 'O') {
            settle_form(c, count);
            return;
        }
    }
    bool is_first = is_plate_letter(c[4]);
    bool is_second = is_plate_letter(c[5]);
    bool is_clear = (is_first && is_second) ||
                    (letters_o == 0 && ((is_first && c[5] == '0') || (is_second && c[4] == '0')));
    if (!is_clear) {
        settle_form(c, count);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        bool is_letter_place = i == 4 || i == 5;
        if (is_letter_place && c[i] == '0') {
            c[i] = 'O';
        }
        if (!is_letter_place && c[i] == 'O') {
            c[i] = '0';
        }
    }
}

/* Drop a country mark after the region: RUS, or РУС folded to PYC, when a digit stands before it.
 */
static size_t drop_country(const uint32_t *c, size_t count)
{
    if (count < 6 || !text_is_digit(c[count - 4])) {
        return count;
    }
    const uint32_t *tail = c + count - 3;
    bool is_rus = tail[0] == 'R' && tail[1] == 'U' && tail[2] == 'S';
    bool is_pyc = tail[0] == 'P' && tail[1] == 'Y' && tail[2] == 'C';
    return is_rus || is_pyc ? count - 3 : count;
}

/* The capital a plate character is stored as; 0 when it cannot stand on a plate. */
static uint32_t plate_character(uint32_t scalar)
{
    char c = text_look_alike(scalar);
    if (c != 0) {
        return (uint32_t)c;
    }
    uint32_t lower = text_lower(scalar);
    if (lower == 0x434) {
        return 'D'; /* diplomatic plates: Д is printed as D */
    }
    return lower >= 0x430 && lower <= 0x44F ? lower - 0x20 : 0;
}

size_t vehicle_plate(const char *raw, size_t raw_bytes, char out[VEHICLE_PLATE_BYTES])
{
    uint32_t c[PLATE_LETTERS_MAX + 3];
    text_t t = text_of(raw, raw_bytes);
    uint32_t scalar = 0;
    size_t count = 0;
    size_t digits = 0;
    out[0] = '\0';
    while (text_next(&t, &scalar)) {
        if (is_filler(scalar) || scalar == '|' || scalar == '/') {
            continue;
        }
        uint32_t letter = plate_character(scalar);
        if (letter == 0 || count == sizeof c / sizeof c[0]) {
            return 0;
        }
        c[count++] = letter;
        digits += text_is_digit(letter);
    }
    count = drop_country(c, count);
    if (count < 3 || count > PLATE_LETTERS_MAX || digits == 0) {
        return 0;
    }
    settle_zero(c, count);
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += text_put(c[i], out + bytes);
    }
    out[bytes] = '\0';
    return bytes;
}
