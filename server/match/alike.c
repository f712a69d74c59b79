/* SPDX-License-Identifier: Apache-2.0
 * Whether two writings of a name are of one name. See alike.h. */
#include "alike.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "decline.h"
#include "name.h"
#include "text.h"

#define LETTERS_MAX 64
#define KEY_BYTES   NAME_FOLD_BYTES(4 * LETTERS_MAX)

/* A name: lower-case letters, parts separated by '-'. */
typedef struct {
    uint32_t letters[LETTERS_MAX];
    size_t count;
    size_t cyrillics;
    size_t latins;
} word_t;

/* --- reading ---------------------------------------------------------------------------------- */

/* The letter without its mark: č is c, û is u. Cyrillic ё is е. */
static uint32_t plain(uint32_t c)
{
    static const struct {
        uint16_t from;
        uint16_t to;
        char letter;
    } ranges[] = {
        {0xE0, 0xE5, 'a'},   {0xE7, 0xE7, 'c'},   {0xE8, 0xEB, 'e'},   {0xEC, 0xEF, 'i'},
        {0xF1, 0xF1, 'n'},   {0xF2, 0xF6, 'o'},   {0xF9, 0xFC, 'u'},   {0xFD, 0xFF, 'y'},
        {0x101, 0x105, 'a'}, {0x107, 0x10D, 'c'}, {0x113, 0x11B, 'e'}, {0x11D, 0x123, 'g'},
        {0x129, 0x131, 'i'}, {0x135, 0x135, 'j'}, {0x15B, 0x161, 's'}, {0x169, 0x173, 'u'},
        {0x17A, 0x17E, 'z'},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (c >= ranges[i].from && c <= ranges[i].to) {
            return (unsigned char)ranges[i].letter;
        }
    }
    return c == 0x451 ? 0x435 : c;
}

/* The key of the other layout at the place of this one, lower case; 0 for none. */
static uint32_t other_layout(uint32_t c)
{
    static const char latin[] = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
    static const uint16_t cyrillic[] = {
        0x439, 0x446, 0x443, 0x43A, 0x435, 0x43D, 0x433, 0x448, 0x449, 0x437, 0x445,
        0x44A, 0x444, 0x44B, 0x432, 0x430, 0x43F, 0x440, 0x43E, 0x43B, 0x434, 0x436,
        0x44D, 0x44F, 0x447, 0x441, 0x43C, 0x438, 0x442, 0x44C, 0x431, 0x44E, 0x451};
    /* the upper keys that are no letters in Latin: { is Х, : is Ж, < is Б */
    static const char upper[] = "{}:\"<>~";
    static const char lower[] = "[];',.`";
    const char *is_upper = c < 0x80 && c != 0 ? strchr(upper, (int)c) : NULL;
    uint32_t key = is_upper != NULL ? (unsigned char)lower[is_upper - upper] : text_lower(c);
    for (size_t i = 0; i < sizeof latin - 1; i++) {
        if (key == (unsigned char)latin[i]) {
            return cyrillic[i];
        }
        if (key == cyrillic[i]) {
            return (unsigned char)latin[i];
        }
    }
    return c == '-' || text_is_space(c) ? '-' : 0;
}

/* A word of both alphabets belongs to the one that has more of its letters. */
static void settle_alphabet(word_t *w)
{
    bool is_latin = w->latins > w->cyrillics;
    if (w->latins == 0 || w->cyrillics == 0) {
        return;
    }
    for (size_t i = 0; i < w->count; i++) {
        uint32_t twin =
            is_latin ? (uint32_t)text_look_alike(w->letters[i]) : text_cyrillic_twin(w->letters[i]);
        w->letters[i] = twin != 0 ? text_lower(twin) : w->letters[i];
    }
    w->latins = 0;
    w->cyrillics = 0;
    for (size_t i = 0; i < w->count; i++) {
        w->cyrillics += text_is_cyrillic(w->letters[i]);
        w->latins += text_is_ascii_letter(w->letters[i]);
    }
}

/* Read the letters. out: false when they are too many, or one is on no key of the layout */
static bool read_word(const char *raw, size_t bytes, bool is_turned, word_t *w)
{
    text_t t = text_of(raw, bytes);
    uint32_t c = 0;
    w->count = w->cyrillics = w->latins = 0;
    while (text_next(&t, &c)) {
        c = is_turned ? other_layout(c) : plain(text_lower(text_narrow(c)));
        c = plain(c);
        if (c == 0 || text_is_digit(c)) {
            return false; /* numbered names differ by their numbers: only keys compare them */
        }
        bool is_parting = text_is_dash(c) || text_is_space(c);
        bool is_letter = text_is_cyrillic(c) || text_is_ascii_letter(c);
        if (is_parting && w->count > 0 && w->letters[w->count - 1] != '-') {
            c = '-';
        } else if (!is_letter) {
            continue; /* apostrophes, ties, soft signs as marks */
        }
        if (w->count == LETTERS_MAX) {
            return false;
        }
        w->cyrillics += text_is_cyrillic(c);
        w->latins += text_is_ascii_letter(c);
        w->letters[w->count++] = c;
    }
    while (w->count > 0 && w->letters[w->count - 1] == '-') {
        w->count--;
    }
    settle_alphabet(w);
    return w->cyrillics + w->latins > 0;
}

static bool is_same_key(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    char ka[KEY_BYTES];
    char kb[KEY_BYTES];
    size_t na = name_surname_key(a, a_bytes, ka, sizeof ka);
    size_t nb = name_surname_key(b, b_bytes, kb, sizeof kb);
    return na > 0 && na == nb && memcmp(ka, kb, na) == 0;
}

/* --- transliteration -------------------------------------------------------------------------- */

/* What а..я may be written as, marks removed; "_" is nothing. */
static const char *const writings[32] = {"a",
                                         "b",
                                         "v w",
                                         "g h",
                                         "d",
                                         "e ye je ie yo jo io o",
                                         "zh z j g",
                                         "z",
                                         "i y j",
                                         "y j i _",
                                         "k c",
                                         "l",
                                         "m",
                                         "n",
                                         "o",
                                         "p",
                                         "r",
                                         "s",
                                         "t",
                                         "u ou oo",
                                         "f ph",
                                         "kh h x ch",
                                         "ts tc tz cz c z",
                                         "ch c tch",
                                         "sh s sch",
                                         "shch sch shh sc s sh",
                                         "_ ie y",
                                         "y i ui",
                                         "_ i y j",
                                         "e eh",
                                         "yu iu ju u",
                                         "ya ia ja a"};

/* Length of the writing at `at` when the Latin letters there are it; SIZE_MAX when not. */
static size_t writing_fits(const char *at, size_t bytes, const word_t *latin, size_t from)
{
    if (at[0] == '_') {
        return 0;
    }
    if (from + bytes > latin->count) {
        return SIZE_MAX;
    }
    for (size_t i = 0; i < bytes; i++) {
        if (latin->letters[from + i] != (unsigned char)at[i]) {
            return SIZE_MAX;
        }
    }
    return bytes;
}

/* From every place reached so far, the places after one more Cyrillic letter. */
static void step(uint32_t letter, const word_t *latin, const bool *reached, bool *next)
{
    if (letter == '-') { /* the hyphen may be missing */
        for (size_t i = 0; i <= latin->count; i++) {
            next[i] = next[i] || reached[i];
            bool is_dash = reached[i] && i < latin->count && latin->letters[i] == '-';
            next[i + is_dash] = next[i + is_dash] || is_dash;
        }
        return;
    }
    const char *at = writings[letter - 0x430];
    while (*at != '\0') {
        size_t bytes = strcspn(at, " ");
        for (size_t i = 0; i <= latin->count; i++) {
            size_t taken = reached[i] ? writing_fits(at, bytes, latin, i) : SIZE_MAX;
            if (taken != SIZE_MAX) {
                next[i + taken] = true;
            }
        }
        at += bytes;
        at += *at == ' ';
    }
}

/* True when the Latin word is some transliteration of the Cyrillic one. */
static bool is_transliteration(const word_t *cyrillic, const word_t *latin)
{
    bool reached[LETTERS_MAX + 2] = {true};
    for (size_t i = 0; i < cyrillic->count; i++) {
        bool next[LETTERS_MAX + 2] = {false};
        uint32_t letter = cyrillic->letters[i];
        bool is_known = letter == '-' || (letter >= 0x430 && letter <= 0x44F);
        bool is_ks =
            letter == 0x43A && i + 1 < cyrillic->count && cyrillic->letters[i + 1] == 0x441;
        bool is_doubled = i > 0 && letter == cyrillic->letters[i - 1];
        if (!is_known) {
            return false;
        }
        step(letter, latin, reached, next);
        for (size_t j = 0; is_doubled && j <= latin->count; j++) {
            next[j] = next[j] || reached[j]; /* нн written once */
        }
        if (is_ks) { /* кс as x: taken whole with к, с then stays in place */
            bool after[LETTERS_MAX + 2] = {false};
            step(0x441, latin, next, after);
            for (size_t j = 0; j < latin->count; j++) {
                after[j + 1] = after[j + 1] || (reached[j] && latin->letters[j] == 'x');
            }
            memcpy(reached, after, sizeof reached);
            i++;
            continue;
        }
        memcpy(reached, next, sizeof reached);
    }
    return reached[latin->count];
}

static bool is_other_alphabet(const word_t *a, const word_t *b)
{
    if (a->latins == 0 && b->cyrillics == 0) {
        return is_transliteration(a, b);
    }
    return a->cyrillics == 0 && b->latins == 0 && is_transliteration(b, a);
}

/* --- parts of compound names ------------------------------------------------------------------ */

static size_t part_end(const word_t *w, size_t from)
{
    while (from < w->count && w->letters[from] != '-') {
        from++;
    }
    return from;
}

/* Every part of a compound name is a form of the same part of the other. */
static bool is_form(const word_t *a, const word_t *b)
{
    size_t i = 0;
    size_t j = 0;
    if (a->latins + b->latins > 0) {
        return false;
    }
    while (i <= a->count && j <= b->count) {
        size_t i_end = part_end(a, i);
        size_t j_end = part_end(b, j);
        if (!decline_is_form(a->letters + i, i_end - i, b->letters + j, j_end - j)) {
            return false;
        }
        i = i_end + 1;
        j = j_end + 1;
    }
    return i > a->count && j > b->count;
}

alike_t name_alike(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    word_t one = {.count = 0};
    word_t other = {.count = 0};
    word_t turned = {.count = 0};
    if (a_bytes > 4 * LETTERS_MAX || b_bytes > 4 * LETTERS_MAX) {
        return ALIKE_NONE;
    }
    if (is_same_key(a, a_bytes, b, b_bytes)) {
        return ALIKE_SAME;
    }
    bool is_one = read_word(a, a_bytes, false, &one);
    bool is_other = read_word(b, b_bytes, false, &other);
    if (is_one && is_other && is_other_alphabet(&one, &other)) {
        return ALIKE_WRITING;
    }
    alike_t found = is_one && is_other && is_form(&one, &other) ? ALIKE_FORM : ALIKE_NONE;
    for (int side = 0; side < 2; side++) {
        const word_t *straight = side == 0 ? &other : &one;
        bool is_read = side == 0 ? is_other && read_word(a, a_bytes, true, &turned)
                                 : is_one && read_word(b, b_bytes, true, &turned);
        if (!is_read) {
            continue;
        }
        bool is_equal =
            turned.count == straight->count &&
            memcmp(turned.letters, straight->letters, turned.count * sizeof turned.letters[0]) == 0;
        if (is_equal || is_other_alphabet(&turned, straight)) {
            return ALIKE_WRITING;
        }
        found = found == ALIKE_NONE && is_form(&turned, straight) ? ALIKE_FORM : found;
    }
    return found;
}
