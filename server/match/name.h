/* SPDX-License-Identifier: Apache-2.0
 * Names of people as keys: one to search by, one to compare surnames by.
 *
 * Both alphabets fold to one Latin form, so "Иванов" and "Ivanov" give the same key under the usual
 * ways of transliteration (ICAO 9303, Ministry of the Interior, BGN/PCGN, Wikipedia, Yandex).
 * Letters of other scripts are kept as they are. Pure C like text.h; outputs are terminated by a
 * zero byte. A name alone never makes an exact match (R21); these keys confirm one. */
#ifndef MATCH_NAME_H
#define MATCH_NAME_H

#include <stddef.h>

/** Bytes that hold the fold of any name of `raw_bytes`: щ (2 bytes) becomes "shch". */
#define NAME_FOLD_BYTES(raw_bytes) (2 * (raw_bytes) + 5)

/** Fold a name for searching: case, ё as е, alphabet, punctuation and hyphens as one space.
 *  in:     raw    as typed, "Пётр-Павел  О'Нил"; a word of mixed alphabets is read as the alphabet
 * of most of its letters, so a Latin "a" inside a Cyrillic name does no harm cap    bytes at out;
 * NAME_FOLD_BYTES(raw_bytes) is always enough, less cuts the end off out:    bytes written without
 * the zero, "petr pavel onil" note:   a prefix of a Cyrillic name folds to a prefix of its fold, so
 * keys serve prefix search cost:   O(raw_bytes)        source: R21 */
size_t name_fold(const char *raw, size_t raw_bytes, char *out, size_t cap);

/** Reduce a surname to what all its writings share: folded, without spaces, doubled letters and the
 *  glides on which transliterations differ ("Алексеев", "Alekseyev", "Aleksejev" -> "aleksev").
 *  out:    bytes written without the zero; the same arguments as name_fold */
size_t name_surname_key(const char *raw, size_t raw_bytes, char *out, size_t cap);

#endif
