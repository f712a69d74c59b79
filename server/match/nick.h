/* SPDX-License-Identifier: Apache-2.0
 * Pet and short forms of given names: Саша and Александр, Bob and Robert (R21).
 *
 * The table nick.def holds keys of name_surname_key, so both alphabets and every transliteration
 * meet it in one form. Pure C like text.h. */
#ifndef MATCH_NICK_H
#define MATCH_NICK_H

#include <stdbool.h>
#include <stddef.h>

/** Tell whether two given names may be of one person: one is a form of the other, or both are
 *  forms of a third (Саша and Шура). Equal names are not looked at.
 *  in:     a, b   keys of name_surname_key
 *  cost:   two binary searches over some 400 forms */
bool nick_is_same(const char *a, size_t a_bytes, const char *b, size_t b_bytes);

#endif
