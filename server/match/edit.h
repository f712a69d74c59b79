/* SPDX-License-Identifier: Apache-2.0
 * How alike two short strings are: edit distance and Jaro-Winkler.
 *
 * Pure C like text.h. Both look at bytes; callers give them folded text (name.h), which is ASCII
 * but for foreign scripts. Strings are cut at EDIT_BYTES_MAX. */
#ifndef MATCH_EDIT_H
#define MATCH_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#define EDIT_BYTES_MAX 64 /* what is longer is compared by its beginning */

/** Insertions, deletions, replacements and swaps of neighbours that make b of a.
 *  in:     limit  what is worse need not be known
 *  out:    the distance, or limit + 1
 *  cost:   O((limit + 1) * length)     source: Damerau 1964 (optimal string alignment) */
unsigned edit_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes,
                       unsigned limit);

/** Jaro-Winkler likeness with the usual weight 0.1 of up to four equal first letters.
 *  out:    0 (nothing in common, or an empty string) .. 1000 (equal)
 *  cost:   O(length of a * length of b)        source: Winkler 1990 */
unsigned edit_winkler(const char *a, size_t a_bytes, const char *b, size_t b_bytes);

#endif
