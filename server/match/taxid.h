/* SPDX-License-Identifier: Apache-2.0
 * Russian tax numbers as match keys: INN of a company or person, KPP of a branch.
 * Pure C like text.h; outputs are terminated by a zero byte. */
#ifndef MATCH_TAXID_H
#define MATCH_TAXID_H

#include <stddef.h>

#define TAXID_INN_BYTES 13 /* 12 digits and a zero */
#define TAXID_KPP_BYTES 10 /* 9 characters and a zero */

/** Normalise an INN: 10 digits of a company or 12 of a person, check digits verified.
 *  in:     raw    as typed; spaces and dashes are dropped, anything else refuses
 *  out:    bytes written without the zero (10 or 12); 0 and an empty string when it is no INN
 *  source: Order of the Federal Tax Service MMV-7-6/435, annex 1 (check digits) */
size_t taxid_inn(const char *raw, size_t raw_bytes, char out[TAXID_INN_BYTES]);

/** Normalise a KPP: 4 digits of the office, 2 digits or capitals of the reason, 3 digits.
 *  out:    9 or 0 as above */
size_t taxid_kpp(const char *raw, size_t raw_bytes, char out[TAXID_KPP_BYTES]);

#endif
