/* SPDX-License-Identifier: Apache-2.0
 * Cases of Russian names: Иванов, Иванову, Ивановым. Pure C like text.h.
 *
 * It knows endings, not words: two words with one stem and endings of one pattern are forms of one
 * name. Иванов and Иванова are forms too (a genitive, or his wife), so a form alone proves nothing.
 */
#ifndef MATCH_DECLINE_H
#define MATCH_DECLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECLINE_MAX 64

/** Tell whether two words may be forms of one name.
 *  in:     lower-case Cyrillic scalars with ё as е, at most DECLINE_MAX each, no hyphen
 *  cost:   O(length)        source: R21 */
bool decline_is_form(const uint32_t *a, size_t na, const uint32_t *b, size_t nb);

#endif
