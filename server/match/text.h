/* SPDX-License-Identifier: Apache-2.0
 * UTF-8 read scalar by scalar, and the foldings every match key shares.
 *
 * Pure C: no allocation, no dependency on the server or on PostgreSQL, so that one source serves
 * the server, the dealer client and the database extension. Inputs are borrowed (pointer, length)
 * and need no terminator; outputs go to buffers of the caller. Ill-formed bytes are read as U+FFFD,
 * one byte at a time, and never stop a reader. It knows letters, not languages.
 */
#ifndef MATCH_TEXT_H
#define MATCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_BAD      0xFFFDu /* what an ill-formed byte is read as */
#define TEXT_UTF8_MAX 4       /* bytes of one scalar at most */

/** A borrowed piece of UTF-8 that is still to be read: [at, end). */
typedef struct {
    const char *at;
    const char *end;
} text_t;

/** Begin to read `len` bytes at `from`; NULL is read as empty. */
text_t text_of(const char *from, size_t len);

/** Read the next scalar.
 *  in:     t      what is left; advanced past the scalar
 *  out:    false at the end, else true and *scalar (U+FFFD for an ill-formed byte)
 *  cost:   O(1)        source: RFC 3629 (no surrogates, no overlong forms, up to U+10FFFF) */
bool text_next(text_t *t, uint32_t *scalar);

/** Write one scalar as UTF-8.
 *  out:    the 1..4 bytes written */
size_t text_put(uint32_t scalar, char out[TEXT_UTF8_MAX]);

/** Fold full-width forms and the digits of other scripts to ASCII; others are returned unchanged.
 */
uint32_t text_narrow(uint32_t scalar);

/** Lower case of ASCII, Latin-1, Latin Extended-A and Cyrillic; others are returned unchanged. */
uint32_t text_lower(uint32_t scalar);

/** The Latin capital that a Cyrillic letter of either case looks like as a capital: А -> 'A',
 *  В -> 'B', Н -> 'H' ... ; ASCII letters are returned as capitals, digits unchanged; 0 for others.
 */
char text_look_alike(uint32_t scalar);

/** The Cyrillic lower-case letter that an ASCII letter looks like: a -> а, p -> р ...; 0 for
 * others. */
uint32_t text_cyrillic_twin(uint32_t scalar);

/** Space of any kind, including the no-break ones and control separators. */
bool text_is_space(uint32_t scalar);

/** Hyphen, minus or dash of any width. */
bool text_is_dash(uint32_t scalar);

/** Invisible: zero width, direction marks, soft hyphen, byte order mark, variation selectors. */
bool text_is_invisible(uint32_t scalar);

/** Letter of the Cyrillic block. */
bool text_is_cyrillic(uint32_t scalar);

/** ASCII letter; digit. */
bool text_is_ascii_letter(uint32_t scalar);
bool text_is_digit(uint32_t scalar);

#endif
