/* SPDX-License-Identifier: Apache-2.0
 * Whether two writings of a name are of one name (R21).
 *
 * name_surname_key (name.h) gives the usual writings one key, and keys are what is stored and
 * looked up. What no key can hold is decided here, on the few rows that share a telephone or an
 * address: transliterations that are ambiguous by themselves (J for Ж or Й, C for Ц or К), the
 * wrong keyboard layout, cases. Pure C like text.h. */
#ifndef MATCH_ALIKE_H
#define MATCH_ALIKE_H

#include <stddef.h>

/** How one name is the other. */
typedef enum {
    ALIKE_NONE,    /* another name, for all that is known */
    ALIKE_FORM,    /* a case or the other sex of it: Иванову, Иванова */
    ALIKE_WRITING, /* another alphabet or keyboard layout */
    ALIKE_SAME     /* one key */
} alike_t;

/** Compare two names or surnames as typed, compound ones part by part.
 *  out:    ALIKE_NONE too when one has no letter
 *  cost:   O(length squared) of names of at most 64 letters, longer ones are compared by key only
 *  source: R21; ICAO 9303, GOST 7.79, GOST R 52535.1, ISO 9, BGN/PCGN, ALA-LC and what sites use */
alike_t name_alike(const char *a, size_t a_bytes, const char *b, size_t b_bytes);

#endif
