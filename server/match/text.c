/* SPDX-License-Identifier: Apache-2.0
 * UTF-8 read scalar by scalar, and the foldings every match key shares. See text.h. */
#include "text.h"

text_t text_of(const char *from, size_t len)
{
    static const char empty[1] = "";
    if (from == NULL) {
        return (text_t){empty, empty};
    }
    return (text_t){from, from + len};
}

/* Length of the sequence a first byte announces, and the smallest scalar it may carry. */
static size_t sequence_bytes(unsigned char first, uint32_t *least, uint32_t *bits)
{
    if (first < 0x80) {
        *least = 0;
        *bits = first;
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        *least = 0x80;
        *bits = first & 0x1Fu;
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        *least = 0x800;
        *bits = first & 0x0Fu;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        *least = 0x10000;
        *bits = first & 0x07u;
        return 4;
    }
    return 0;
}

bool text_next(text_t *t, uint32_t *scalar)
{
    if (t->at == t->end) {
        return false;
    }
    uint32_t least = 0;
    uint32_t value = 0;
    size_t bytes = sequence_bytes((unsigned char)*t->at, &least, &value);
    if (bytes == 0 || bytes > (size_t)(t->end - t->at)) {
        t->at++;
        *scalar = TEXT_BAD;
        return true;
    }
    for (size_t i = 1; i < bytes; i++) {
        unsigned char byte = (unsigned char)t->at[i];
        if ((byte & 0xC0u) != 0x80u) {
            t->at++;
            *scalar = TEXT_BAD;
            return true;
        }
        value = (value << 6) | (byte & 0x3Fu);
    }
    bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < least || value > 0x10FFFF || is_surrogate) {
        t->at++;
        *scalar = TEXT_BAD;
        return true;
    }
    t->at += bytes;
    *scalar = value;
    return true;
}

size_t text_put(uint32_t scalar, char out[TEXT_UTF8_MAX])
{
    if (scalar < 0x80) {
        out[0] = (char)scalar;
        return 1;
    }
    if (scalar < 0x800) {
        out[0] = (char)(0xC0u | (scalar >> 6));
        out[1] = (char)(0x80u | (scalar & 0x3Fu));
        return 2;
    }
    if (scalar < 0x10000) {
        out[0] = (char)(0xE0u | (scalar >> 12));
        out[1] = (char)(0x80u | ((scalar >> 6) & 0x3Fu));
        out[2] = (char)(0x80u | (scalar & 0x3Fu));
        return 3;
    }
    out[0] = (char)(0xF0u | (scalar >> 18));
    out[1] = (char)(0x80u | ((scalar >> 12) & 0x3Fu));
    out[2] = (char)(0x80u | ((scalar >> 6) & 0x3Fu));
    out[3] = (char)(0x80u | (scalar & 0x3Fu));
    return 4;
}

uint32_t text_narrow(uint32_t scalar)
{
    /* First scalar of ten digits in scripts that people type in. */
    static const uint32_t zeros[] = {0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50};
    if (scalar < 0x0660) {
        return scalar;
    }
    if (scalar >= 0xFF01 && scalar <= 0xFF5E) {
        return scalar - 0xFF01 + 0x21;
    }
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) {
        if (scalar >= zeros[i] && scalar <= zeros[i] + 9) {
            return scalar - zeros[i] + '0';
        }
    }
    return scalar;
}

uint32_t text_lower(uint32_t scalar)
{
    if (scalar >= 'A' && scalar <= 'Z') {
        return scalar + 0x20;
    }
    if (scalar < 0xC0) {
        return scalar;
    }
    if (scalar <= 0xDE) {
        return scalar == 0xD7 ? scalar : scalar + 0x20;
    }
    if (scalar >= 0x100 && scalar <= 0x17F) {
        bool is_odd_upper = (scalar >= 0x139 && scalar <= 0x148) || scalar >= 0x179;
        if (scalar == 0x130) {
            return 'i';
        }
        if (scalar == 0x131 || scalar == 0x138 || scalar == 0x149 || scalar == 0x17F) {
            return scalar;
        }
        if (scalar == 0x178) {
            return 0xFF;
        }
        return ((scalar & 1u) != 0) == is_odd_upper ? scalar + 1 : scalar;
    }
    if (scalar >= 0x400 && scalar <= 0x40F) {
        return scalar + 0x50;
    }
    if (scalar >= 0x410 && scalar <= 0x42F) {
        return scalar + 0x20;
    }
    if ((scalar >= 0x460 && scalar <= 0x481) || (scalar >= 0x48A && scalar <= 0x4BF) ||
        (scalar >= 0x4D0 && scalar <= 0x52F)) {
        return scalar | 1u;
    }
    return scalar;
}

char text_look_alike(uint32_t scalar)
{
    static const struct {
        uint32_t lower;
        char latin;
    } twins[] = {
        {0x430, 'A'}, {0x432, 'B'}, {0x435, 'E'}, {0x451, 'E'}, {0x43A, 'K'},
        {0x43C, 'M'}, {0x43D, 'H'}, {0x43E, 'O'}, {0x440, 'P'}, {0x441, 'C'},
        {0x442, 'T'}, {0x443, 'Y'}, {0x445, 'X'}, {0x456, 'I'}, {0x458, 'J'},
        {0x455, 'S'}, {0x4AF, 'Y'}, {0x4BB, 'H'}, {0x51B, 'Q'}, {0x51D, 'W'},
    };
    scalar = text_lower(text_narrow(scalar));
    if (scalar >= 'a' && scalar <= 'z') {
        return (char)(scalar - 0x20);
    }
    if (text_is_digit(scalar)) {
        return (char)scalar;
    }
    for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++) {
        if (twins[i].lower == scalar) {
            return twins[i].latin;
        }
    }
    return 0;
}

uint32_t text_cyrillic_twin(uint32_t scalar)
{
    switch (scalar) {
    case 'A':
    case 'a':
        return 0x430;
    case 'B':
        return 0x432;
    case 'C':
    case 'c':
        return 0x441;
    case 'E':
    case 'e':
        return 0x435;
    case 'H':
        return 0x43D;
    case 'K':
    case 'k':
        return 0x43A;
    case 'M':
        return 0x43C;
    case 'O':
    case 'o':
        return 0x43E;
    case 'P':
    case 'p':
        return 0x440;
    case 'T':
        return 0x442;
    case 'X':
    case 'x':
        return 0x445;
    case 'Y':
    case 'y':
        return 0x443;
    default:
        return 0;
    }
}

bool text_is_space(uint32_t scalar)
{
    return (scalar >= 0x09 && scalar <= 0x0D) || (scalar >= 0x1C && scalar <= 0x20) ||
           scalar == 0x85 || scalar == 0xA0 || scalar == 0x1680 ||
           (scalar >= 0x2000 && scalar <= 0x200A) || scalar == 0x2028 || scalar == 0x2029 ||
           scalar == 0x202F || scalar == 0x205F || scalar == 0x3000;
}

bool text_is_dash(uint32_t scalar)
{
    return scalar == '-' || (scalar >= 0x2010 && scalar <= 0x2015) || scalar == 0x2212 ||
           scalar == 0xFE58 || scalar == 0xFE63 || scalar == 0xFF0D || scalar == 0x30FC;
}

bool text_is_invisible(uint32_t scalar)
{
    return scalar == 0xAD || scalar == 0x34F || scalar == 0x61C || scalar == 0x180E ||
           (scalar >= 0x200B && scalar <= 0x200F) || (scalar >= 0x202A && scalar <= 0x202E) ||
           (scalar >= 0x2060 && scalar <= 0x206F) || (scalar >= 0xFE00 && scalar <= 0xFE0F) ||
           scalar == 0xFEFF || (scalar >= 0xE0000 && scalar <= 0xE0FFF);
}

bool text_is_cyrillic(uint32_t scalar)
{
    return scalar >= 0x400 && scalar <= 0x52F && scalar != 0x482;
}

bool text_is_ascii_letter(uint32_t scalar)
{
    return (scalar >= 'a' && scalar <= 'z') || (scalar >= 'A' && scalar <= 'Z');
}

bool text_is_digit(uint32_t scalar)
{
    return scalar >= '0' && scalar <= '9';
}
