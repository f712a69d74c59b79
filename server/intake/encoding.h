/* SPDX-License-Identifier: Apache-2.0
 * What alphabet a file is written in, and its letters as UTF-8.
 *
 * Pure: bytes in, bytes out. Knows UTF-8 and UTF-16 with and without byte order mark, windows-1251
 * and KOI8-R, the forms in which Russian offices keep lists. */
#ifndef CLIENTELE_INTAKE_ENCODING_H
#define CLIENTELE_INTAKE_ENCODING_H

#include "base/str.h"

typedef enum {
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_WINDOWS_1251,
    ENCODING_KOI8_R,
    ENCODING_UNKNOWN /* not text: an archive, a picture, an old spreadsheet */
} encoding_t;

/** Name as people and IANA write it ("windows-1251"); "unknown" for ENCODING_UNKNOWN. */
const char *encoding_name(encoding_t encoding);

/** Find a name again. out: ENCODING_UNKNOWN when there is none such */
encoding_t encoding_of(str_t name);

/** Bytes of the UTF-8 byte order marks in front of a text; there may be several. */
size_t encoding_mark(str_t text);

/** Guess the encoding from the beginning of a file.
 *  in:     sample   the first bytes, 64 KB are plenty    is_whole   the sample is the whole file
 *  out:    the encoding, *mark_bytes of the byte order mark in front of the text
 *  cost:   O(sample)        source: letter frequencies tell windows-1251 from KOI8-R */
encoding_t encoding_detect(str_t sample, bool is_whole, size_t *mark_bytes);

/** Decode one byte of a single-byte encoding.
 *  in:     encoding   ENCODING_WINDOWS_1251 or ENCODING_KOI8_R
 *  out:    its scalar; 0xFFFD for the one unassigned byte of windows-1251 */
uint32_t encoding_scalar(encoding_t encoding, unsigned char byte);

#endif
