/* SPDX-License-Identifier: Apache-2.0
 * What identifies a vehicle: VIN and registration plate, as match keys.
 * Pure C like text.h; outputs are terminated by a zero byte. */
#ifndef MATCH_VEHICLE_H
#define MATCH_VEHICLE_H

#include <stdbool.h>
#include <stddef.h>

#define VEHICLE_VIN_BYTES   18 /* 17 characters and a zero */
#define VEHICLE_PLATE_BYTES 33 /* at most 16 letters of two bytes and a zero */

/** Normalise a VIN: 17 of 0-9 A-Z without I, O, Q.
 *  in:     raw   as typed; spaces and dashes are dropped, Cyrillic look-alikes become Latin
 *  out:    17, or 0 and an empty string when it is no VIN
 *  source: ISO 3779:2009, 49 CFR 565 */
size_t vehicle_vin(const char *raw, size_t raw_bytes, char out[VEHICLE_VIN_BYTES]);

/** Tell whether a normalised VIN of North America (first character 1..5) or China (L) has the right
 *  check digit.
 *  out:    true when right, or when the maker's region has no check digit; false = probably a slip
 * of the pen: accept the VIN and flag it, because grey imports with a wrong digit exist source: 49
 * CFR 565.15(c), GB 16735-2019 */
bool vehicle_vin_is_checked(const char vin[VEHICLE_VIN_BYTES]);

/** Normalise a plate: capitals, Cyrillic look-alikes as Latin letters, no spaces, no trailing RUS.
 *  in:     raw   as typed in any alphabet: "а 123 вс 77", "A123BC 77 RUS"
 *  out:    bytes written without the zero; 0 and an empty string when it is no plate (3..16 letters
 *          and digits with at least one digit). In the forms of Russian plates the letter O and
 *          the digit 0 are put right by position where only one form can be meant. Cyrillic letters
 * without a look-alike stay Cyrillic. source: GOST R 50577-2018 (twelve letters that exist in both
 * alphabets) */
size_t vehicle_plate(const char *raw, size_t raw_bytes, char out[VEHICLE_PLATE_BYTES]);

#endif
