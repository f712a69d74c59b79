/* SPDX-License-Identifier: Apache-2.0
 * Names of people as keys. See name.h. */
#include "name.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "text.h"

/* A bounded output that keeps room for the terminating zero. */
typedef struct {
    char *out;
    size_t used;
    size_t cap;
} sink_t;

static void sink_put(sink_t *s, const char *what, size_t bytes)
{
    if (s->used + bytes >= s->cap) {
        s->cap = 0; /* full for good: a later, shorter piece must not follow a gap */
        return;
    }
    memcpy(s->out + s->used, what, bytes);
    s->used += bytes;
}

static void sink_word(sink_t *s, const char *what)
{
    sink_put(s, what, strlen(what));
}

/* Latin form of а..я (U+0430 first). ъ and ь have none. */
static const char *const cyrillic[32] = {
    "a", "b", "v", "g", "d", "e",  "zh", "z",  "i",  "i",    "k", "l", "m", "n", "o",  "p",
    "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "",  "i", "",  "e", "iu", "ia"};

/* Letters of neighbouring Cyrillic alphabets and Latin letters with marks. */
static const struct {
    uint32_t letter;
    const char *latin;
} others[] = {
    {0xDF, "ss"},  {0xE0, "a"},   {0xE1, "a"},   {0xE2, "a"},   {0xE3, "a"},   {0xE4, "a"},
    {0xE5, "a"},   {0xE6, "ae"},  {0xE7, "s"},   {0xE8, "e"},   {0xE9, "e"},   {0xEA, "e"},
    {0xEB, "e"},   {0xEC, "i"},   {0xED, "i"},   {0xEE, "i"},   {0xEF, "i"},   {0xF0, "d"},
    {0xF1, "n"},   {0xF2, "o"},   {0xF3, "o"},   {0xF4, "o"},   {0xF5, "o"},   {0xF6, "o"},
    {0xF8, "o"},   {0xF9, "u"},   {0xFA, "u"},   {0xFB, "u"},   {0xFC, "u"},   {0xFD, "i"},
    {0xFF, "i"},   {0x101, "a"},  {0x103, "a"},  {0x105, "a"},  {0x107, "ch"}, {0x10D, "ch"},
    {0x10F, "d"},  {0x111, "d"},  {0x113, "e"},  {0x117, "e"},  {0x119, "e"},  {0x11B, "e"},
    {0x11F, "g"},  {0x12B, "i"},  {0x12D, "i"},  {0x12F, "i"},  {0x131, "i"},  {0x137, "k"},
    {0x13C, "l"},  {0x13E, "l"},  {0x142, "l"},  {0x144, "n"},  {0x146, "n"},  {0x148, "n"},
    {0x151, "o"},  {0x153, "oe"}, {0x155, "r"},  {0x159, "r"},  {0x15B, "sh"}, {0x15D, "shch"},
    {0x15F, "sh"}, {0x161, "sh"}, {0x163, "ts"}, {0x165, "t"},  {0x16B, "u"},  {0x16D, "u"},
    {0x16F, "u"},  {0x171, "u"},  {0x173, "u"},  {0x17A, "z"},  {0x17C, "zh"}, {0x17E, "zh"},
    {0x451, "e"},  {0x452, "d"},  {0x454, "e"},  {0x455, "z"},  {0x456, "i"},  {0x457, "i"},
    {0x458, "i"},  {0x459, "l"},  {0x45A, "n"},  {0x45B, "ch"}, {0x45E, "u"},  {0x491, "g"},
    {0x493, "g"},  {0x497, "zh"}, {0x49B, "k"},  {0x4A3, "n"},  {0x4AF, "u"},  {0x4B1, "u"},
    {0x4B3, "kh"}, {0x4BB, "kh"}, {0x4D9, "a"},  {0x4E9, "o"},
};

/* Latin letter pairs and letters in their common writing, longest first. A word that begins in "ye"
 * or "yo" is the е or ё of a transliteration. */
static const struct {
    const char *from;
    const char *to;
} latin[] = {
    {"shch", "shch"}, {"shh", "shch"}, {"sch", "shch"}, {"sh", "sh"}, {"ch", "ch"}, {"ck", "k"},
    {"zh", "zh"},     {"kh", "kh"},    {"ph", "f"},     {"th", "t"},  {"tc", "ts"}, {"tz", "ts"},
    {"ts", "ts"},     {"ye", "e"},     {"je", "e"},     {"yo", "e"},  {"jo", "e"},  {"h", "kh"},
    {"y", "i"},       {"j", "i"},      {"x", "ks"},     {"w", "v"},   {"q", "k"},   {"c", "k"},
};

/* Replace the longest Latin writing at the beginning of `word`. out: letters taken, at least 1 */
static size_t put_latin(sink_t *s, const uint32_t *word, size_t count)
{
    for (size_t i = 0; i < sizeof latin / sizeof latin[0]; i++) {
        const char *from = latin[i].from;
        size_t len = 0;
        while (from[len] != '\0' && len < count && word[len] == (uint32_t)from[len]) {
            len++;
        }
        if (from[len] == '\0') {
            sink_word(s, latin[i].to);
            return len;
        }
    }
    char letter = (char)word[0];
    sink_put(s, &letter, 1);
    return 1;
}

/* Write one letter that is not ASCII. */
static void put_other(sink_t *s, uint32_t letter)
{
    if (letter >= 0x430 && letter <= 0x44F) {
        sink_word(s, cyrillic[letter - 0x430]);
        return;
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (others[i].letter == letter) {
            sink_word(s, others[i].latin);
            return;
        }
    }
    char bytes[TEXT_UTF8_MAX];
    sink_put(s, bytes, text_put(letter, bytes));
}

#define WORD_MAX 64 /* letters of a piece of a word folded at once; longer words go in pieces */

/* One word: lower-case letters, and how many of each alphabet it has. */
typedef struct {
    uint32_t letters[WORD_MAX];
    size_t count;
    size_t cyrillics;
    size_t latins;
} word_t;

/* A word with letters of both alphabets belongs to the one that has more of them. */
static void settle_alphabet(word_t *w)
{
    if (w->latins == 0 || w->cyrillics < w->latins) {
        return;
    }
    for (size_t i = 0; i < w->count; i++) {
        uint32_t twin = text_cyrillic_twin(w->letters[i]);
        w->letters[i] = twin != 0 ? twin : w->letters[i];
    }
}

static void flush_word(sink_t *s, word_t *w)
{
    settle_alphabet(w);
    for (size_t i = 0; i < w->count; i++) {
        w->letters[i] = text_lower(w->letters[i]);
    }
    for (size_t i = 0; i < w->count;) {
        bool is_yo = w->letters[i] == 0x439 && i + 1 < w->count && w->letters[i + 1] == 0x43E;
        if (is_yo) {
            sink_word(s, "e"); /* йо is one writing of ё */
            i += 2;
        } else if (w->letters[i] < 0x80) {
            i += put_latin(s, w->letters + i, w->count - i);
        } else {
            put_other(s, w->letters[i]);
            i++;
        }
    }
    *w = (word_t){.count = 0};
}

/* Marks that vanish: apostrophes and the signs that stand for ъ and ь, accents, the tie. */
static bool is_silent(uint32_t c)
{
    return c == '\'' || c == '`' || c == '"' || c == 0xB4 || (c >= 0x2B0 && c <= 0x36F) ||
           (c >= 0x2018 && c <= 0x201F) || (c >= 0x2032 && c <= 0x2037) || text_is_invisible(c) ||
           c == TEXT_BAD || c == 0;
}

/* Marks that part words. */
static bool is_parting(uint32_t c)
{
    bool is_ascii_sign = c < 0x80 && !text_is_ascii_letter(c) && !text_is_digit(c);
    return is_ascii_sign || text_is_space(c) || text_is_dash(c) || (c >= 0x80 && c < 0xC0) ||
           c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F);
}

size_t name_fold(const char *raw, size_t raw_bytes, char *out, size_t cap)
{
    sink_t s = {.out = out, .cap = cap};
    text_t t = text_of(raw, raw_bytes);
    word_t w = {.count = 0};
    uint32_t c = 0;
    bool is_parted = false;
    if (cap == 0) {
        return 0;
    }
    while (text_next(&t, &c)) {
        c = text_narrow(c);
        if (is_silent(c)) {
            continue;
        }
        if (is_parting(c)) {
            flush_word(&s, &w);
            is_parted = s.used > 0;
            continue;
        }
        if (is_parted) {
            sink_put(&s, " ", 1);
            is_parted = false;
        }
        if (w.count == WORD_MAX) {
            flush_word(&s, &w);
        }
        w.cyrillics += text_is_cyrillic(c);
        w.latins += text_is_ascii_letter(c);
        w.letters[w.count++] = c;
    }
    flush_word(&s, &w);
    out[s.used] = '\0';
    return s.used;
}

size_t name_surname_key(const char *raw, size_t raw_bytes, char *out, size_t cap)
{
    size_t bytes = name_fold(raw, raw_bytes, out, cap);
    size_t used = 0;
    for (size_t i = 0; i < bytes; i++) {
        if (out[i] == ' ') {
            continue;
        }
        if (bytes - i >= 4 && memcmp(out + i, "shch", 4) == 0) {
            i += 3; /* щ and ш: "Schmidt" is Шмидт, "Schukin" is Щукин */
            out[used++] = 's';
            out[used++] = 'h';
            continue;
        }
        if (used >= 2 && bytes - i >= 2 && out[i + 1] == 'h' &&
            memcmp(out + used - 2, out + i, 2) == 0) {
            i++; /* a doubled letter whose Latin form has two: х is kh */
            continue;
        }
        char before = used > 0 ? out[used - 1] : '\0';
        if (before == 'i' && (out[i] == 'e' || out[i] == 'o')) {
            out[used - 1] = 'e'; /* ie, io: е and ё after a soft sign or a vowel */
            if (used > 1 && out[used - 2] == 'e') {
                used--;
            }
            continue;
        }
        if (out[i] != before || (out[i] & 0x80) != 0) {
            out[used++] = out[i];
        }
    }
    if (cap > 0) {
        out[used] = '\0';
    }
    return used;
}
