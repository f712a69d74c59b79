/* SPDX-License-Identifier: Apache-2.0
 * What alphabet a file is written in, and its letters as UTF-8. See encoding.h. */
#include "intake/encoding.h"

/* Scalars of the bytes 0x80..0xFF.  source: unicode.org mappings CP1251.TXT, KOI8-R.TXT */
static const uint16_t windows_1251[128] = {
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409, 0x2039,
    0x040A, 0x040C, 0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0xFFFD, 0x2122, 0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F, 0x00A0, 0x040E, 0x045E, 0x0408,
    0x00A4, 0x0490, 0x00A6, 0x00A7, 0x0401, 0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407,
    0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6, 0x00B7, 0x0451, 0x2116, 0x0454, 0x00BB,
    0x0458, 0x0405, 0x0455, 0x0457, 0x0410, 0x0411, 0x0412, 0x0413, 0x0414, 0x0415, 0x0416, 0x0417,
    0x0418, 0x0419, 0x041A, 0x041B, 0x041C, 0x041D, 0x041E, 0x041F, 0x0420, 0x0421, 0x0422, 0x0423,
    0x0424, 0x0425, 0x0426, 0x0427, 0x0428, 0x0429, 0x042A, 0x042B, 0x042C, 0x042D, 0x042E, 0x042F,
    0x0430, 0x0431, 0x0432, 0x0433, 0x0434, 0x0435, 0x0436, 0x0437, 0x0438, 0x0439, 0x043A, 0x043B,
    0x043C, 0x043D, 0x043E, 0x043F, 0x0440, 0x0441, 0x0442, 0x0443, 0x0444, 0x0445, 0x0446, 0x0447,
    0x0448, 0x0449, 0x044A, 0x044B, 0x044C, 0x044D, 0x044E, 0x044F,
};

static const uint16_t koi8_r[128] = {
    0x2500, 0x2502, 0x250C, 0x2510, 0x2514, 0x2518, 0x251C, 0x2524, 0x252C, 0x2534, 0x253C, 0x2580,
    0x2584, 0x2588, 0x258C, 0x2590, 0x2591, 0x2592, 0x2593, 0x2320, 0x25A0, 0x2219, 0x221A, 0x2248,
    0x2264, 0x2265, 0x00A0, 0x2321, 0x00B0, 0x00B2, 0x00B7, 0x00F7, 0x2550, 0x2551, 0x2552, 0x0451,
    0x2553, 0x2554, 0x2555, 0x2556, 0x2557, 0x2558, 0x2559, 0x255A, 0x255B, 0x255C, 0x255D, 0x255E,
    0x255F, 0x2560, 0x2561, 0x0401, 0x2562, 0x2563, 0x2564, 0x2565, 0x2566, 0x2567, 0x2568, 0x2569,
    0x256A, 0x256B, 0x256C, 0x00A9, 0x044E, 0x0430, 0x0431, 0x0446, 0x0434, 0x0435, 0x0444, 0x0433,
    0x0445, 0x0438, 0x0439, 0x043A, 0x043B, 0x043C, 0x043D, 0x043E, 0x043F, 0x044F, 0x0440, 0x0441,
    0x0442, 0x0443, 0x0436, 0x0432, 0x044C, 0x044B, 0x0437, 0x0448, 0x044D, 0x0449, 0x0447, 0x044A,
    0x042E, 0x0410, 0x0411, 0x0426, 0x0414, 0x0415, 0x0424, 0x0413, 0x0425, 0x0418, 0x0419, 0x041A,
    0x041B, 0x041C, 0x041D, 0x041E, 0x041F, 0x042F, 0x0420, 0x0421, 0x0422, 0x0423, 0x0416, 0x0412,
    0x042C, 0x042B, 0x0417, 0x0428, 0x042D, 0x0429, 0x0427, 0x042A,
};

static const char *const names[] = {"utf-8", "utf-16le", "utf-16be", "windows-1251", "koi8-r"};

const char *encoding_name(encoding_t encoding)
{
    return encoding < ENCODING_UNKNOWN ? names[encoding] : "unknown";
}

encoding_t encoding_of(str_t name)
{
    for (int i = 0; i < ENCODING_UNKNOWN; i++) {
        if (str_eq_nocase(name, str_of(names[i]))) {
            return (encoding_t)i;
        }
    }
    return ENCODING_UNKNOWN;
}

uint32_t encoding_scalar(encoding_t encoding, unsigned char byte)
{
    if (byte < 0x80) {
        return byte;
    }
    return encoding == ENCODING_KOI8_R ? koi8_r[byte - 0x80] : windows_1251[byte - 0x80];
}

/* How plausible the bytes are as Russian text in a single-byte encoding: letters weigh by their
 * frequency per mille, a capital after a small letter counts against. */
static int64_t score(encoding_t encoding, str_t sample)
{
    static const uint8_t frequency[32] = {80, 16, 45, 17,  30, 85, 9,  16, 74, 12, 35,
                                          44, 32, 67, 110, 28, 47, 55, 63, 26, 3,  10,
                                          5,  15, 7,  4,   1,  19, 17, 3,  6,  20};
    int64_t sum = 0;
    bool was_small = false;
    for (size_t i = 0; i < sample.len; i++) {
        uint32_t scalar = encoding_scalar(encoding, (unsigned char)sample.ptr[i]);
        bool is_small = scalar >= 0x430 && scalar <= 0x44F;
        bool is_capital = scalar >= 0x410 && scalar <= 0x42F;
        if (is_small || is_capital) {
            sum += frequency[(scalar - 0x410) % 32];
            sum -= is_capital && was_small ? 60 : 0;
        } else if (scalar == 0x451 || scalar == 0x401 || scalar == 0x2116 || scalar == 0xAB ||
                   scalar == 0xBB) {
            sum += 20; /* ё Ё № and quotation marks */
        } else if (scalar >= 0x2500 && scalar <= 0x25A0) {
            sum -= 20; /* no list is drawn with boxes */
        }
        was_small = is_small;
    }
    return sum;
}

/* Without the bytes of a scalar that the end of the sample cuts in two. */
static str_t without_cut(str_t sample)
{
    for (size_t back = 1; back <= 3 && back <= sample.len; back++) {
        unsigned char byte = (unsigned char)sample.ptr[sample.len - back];
        if (byte >= 0xC0) {
            return str_n(sample.ptr, sample.len - back);
        }
        if (byte < 0x80) {
            break;
        }
    }
    return sample;
}

/* UTF-16 without a mark: the high bytes of Latin and Cyrillic letters, digits and signs are 0 or 4.
 */
static encoding_t detect_wide(str_t sample)
{
    size_t high[2] = {0, 0};
    size_t units = sample.len / 2;
    for (size_t i = 0; i < 2 * units; i++) {
        high[i % 2] += sample.ptr[i] == 0 || sample.ptr[i] == 4;
    }
    if (high[1] * 10 >= units * 8 && high[1] > high[0]) {
        return ENCODING_UTF16LE;
    }
    return high[0] * 10 >= units * 8 && high[0] > high[1] ? ENCODING_UTF16BE : ENCODING_UNKNOWN;
}

static size_t zeros_of(str_t sample)
{
    size_t zeros = 0;
    for (size_t i = 0; i < sample.len; i++) {
        zeros += sample.ptr[i] == '\0';
    }
    return zeros;
}

/* Whether text behind a mark of UTF-8 is not UTF-8 all the same: an editor put the mark in front of
 * single bytes. A few damaged letters do not make it so: a word of them and most of all do. */
static bool is_marked_wrongly(str_t text)
{
    size_t letters = 0;
    size_t strays = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte < 0x80) {
            continue;
        }
        bool is_led = byte >= 0xC2 && i + 1 < text.len && (text.ptr[i + 1] & 0xC0) == 0x80;
        letters += is_led;
        strays += !is_led;
        while (is_led && i + 1 < text.len && (text.ptr[i + 1] & 0xC0) == 0x80) {
            i++;
        }
    }
    return strays > letters + 3;
}

/* The single-byte encoding that the sample is likelier in. */
static encoding_t detect_single(str_t sample)
{
    return score(ENCODING_WINDOWS_1251, sample) >= score(ENCODING_KOI8_R, sample)
               ? ENCODING_WINDOWS_1251
               : ENCODING_KOI8_R;
}

size_t encoding_mark(str_t text)
{
    size_t bytes = 0;
    while (str_starts(str_skip(text, bytes), STR("\xEF\xBB\xBF"))) {
        bytes += 3; /* programs that put files together put their marks together too */
    }
    return bytes;
}

encoding_t encoding_detect(str_t sample, bool is_whole, size_t *mark_bytes)
{
    *mark_bytes = encoding_mark(sample);
    if (*mark_bytes > 0) {
        str_t text = str_skip(sample, *mark_bytes);
        return is_marked_wrongly(text) ? detect_single(text) : ENCODING_UTF8;
    }
    if (str_starts(sample, STR("\xFF\xFE")) || str_starts(sample, STR("\xFE\xFF"))) {
        *mark_bytes = 2;
        return sample.ptr[0] == '\xFF' ? ENCODING_UTF16LE : ENCODING_UTF16BE;
    }
    if (str_starts(sample, STR("PK\x03\x04")) || str_starts(sample, STR("\xD0\xCF\x11\xE0")) ||
        str_starts(sample, STR("%PDF-")) || str_starts(sample, STR("\x1F\x8B"))) {
        return ENCODING_UNKNOWN;
    }
    if (str_find(sample, '\0') < sample.len) {
        encoding_t wide = detect_wide(sample);
        if (wide != ENCODING_UNKNOWN || zeros_of(sample) * 100 > sample.len + 1000) {
            return wide;
        } /* a stray zero spoils a row, not the file */
    }
    if (str_is_utf8(is_whole ? sample : without_cut(sample))) {
        return ENCODING_UTF8;
    }
    return detect_single(sample);
}
