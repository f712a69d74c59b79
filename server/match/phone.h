/* SPDX-License-Identifier: Apache-2.0
 * A telephone number as a match key: E.164, and how it is shown to those who may not see it.
 *
 * Russian national writing is understood (8..., 7..., ten digits, local digits completed by the
 * dealer's area code) and international writing of every country (+, 00, 8~10). Lengths are checked
 * against the numbering plan of the country code. An extension is dropped: it names a desk, not a
 * line. Two numbers in one cell are refused, because silently keeping one would lose the other.
 * Pure C like text.h; outputs are terminated by a zero byte. */
#ifndef MATCH_PHONE_H
#define MATCH_PHONE_H

#include <stddef.h>

#define PHONE_E164_BYTES 17 /* '+', 15 digits and a zero */
#define PHONE_MASK_BYTES 32

/** Normalise a number to E.164.
 *  in:     raw    as typed, any spacing, brackets, dashes, dots; digits of any script; tel:,
 * extension area   digits of the area code that completes local numbers ("495"); may be empty out:
 * bytes written without the zero ("+79031234560" is 12); 0 and an empty string when it is no
 *          plausible number
 *  cost:   O(raw_bytes)        source: ITU-T E.164, E.164.1 list of country codes; R20 */
size_t phone_norm(const char *raw, size_t raw_bytes, const char *area, size_t area_bytes,
                  char out[PHONE_E164_BYTES]);

/** Mask a normalised number: "+7 903 ***-**-60", "+49 *** ** 60": operator and last two digits.
 *  out:    bytes written without the zero; 0 when e164 is none
 *  source: ownership rules D.14 */
size_t phone_mask(const char *e164, size_t e164_bytes, char out[PHONE_MASK_BYTES]);

#endif
