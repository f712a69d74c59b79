/* SPDX-License-Identifier: Apache-2.0
 * How far two values of one field agree: the comparisons that weights are learned for.
 *
 * A field has a kind; a value is normalised once (compare_norm) and compared many times. The same
 * levels serve the matcher of the whole base (server/link), the score of one registration (the
 * database extension) and every file that declares its columns: nothing here knows a file. Pure C
 * like text.h. It weighs nothing: how much a level says is a matter of server/link. */
#ifndef MATCH_COMPARE_H
#define MATCH_COMPARE_H

#include <stddef.h>

/** What a field holds. */
typedef enum {
    COMPARE_NAME,    /* given name, patronymic */
    COMPARE_SURNAME, /* family name */
    COMPARE_TITLE,   /* name of a company or place: words in any order */
    COMPARE_DATE,    /* day of birth and the like */
    COMPARE_PHONE,   /* telephone numbers in any writing, comma or semicolon between them */
    COMPARE_EMAIL,   /* e-mail address */
    COMPARE_CITY,    /* town, suburb */
    COMPARE_ADDRESS, /* street or more: words in any order */
    COMPARE_NUMBER,  /* house number, postal code, any short code */
    COMPARE_CODE,    /* a number that identifies: tax number, VIN, document */
    COMPARE_KINDS
} compare_kind_t;

/** How far two values agree. */
typedef enum {
    LEVEL_ABSENT,  /* one of them is not known: says nothing */
    LEVEL_NONE,    /* they differ */
    LEVEL_FAR,     /* something in common */
    LEVEL_NEAR,    /* two slips of the pen */
    LEVEL_CLOSE,   /* one slip, or a pet name */
    LEVEL_SAME,    /* equal */
    LEVEL_SWAPPED, /* the value of the other name field */
    LEVELS
} compare_level_t;

#define COMPARE_BYTES 96 /* of a normalised value, with its zero */

/** The kind of a word such as "surname"; COMPARE_KINDS when there is none. */
compare_kind_t compare_kind_of(const char *word);

/** The word of a level: "same". */
const char *compare_level_name(compare_level_t level);

/** Normalise a value for its kind.
 *  in:     raw    as typed, any length (its beginning counts)
 *  out:    bytes written without the zero; 0 when nothing is known of it (empty, "-", no date) */
size_t compare_norm(compare_kind_t kind, const char *raw, size_t raw_bytes,
                    char out[COMPARE_BYTES]);

/** Compare two normalised values.
 *  out:    LEVEL_ABSENT when one is empty, else LEVEL_NONE .. LEVEL_SAME; never LEVEL_SWAPPED
 *  cost:   O(length squared) at worst, a comparison of bytes for equal ones       source: R21 */
compare_level_t compare_values(compare_kind_t kind, const char *a, size_t a_bytes, const char *b,
                               size_t b_bytes);

#endif
