/* SPDX-License-Identifier: Apache-2.0
 * How a CSV file is written: its encoding and its separator, guessed from its beginning. */
#ifndef CLIENTELE_INTAKE_FORM_H
#define CLIENTELE_INTAKE_FORM_H

#include "intake/encoding.h"

typedef struct {
    encoding_t encoding;
    size_t mark_bytes; /* byte order mark in front of the text */
    char separator;    /* one of , ; | and TAB */
} form_t;

/** Guess encoding and separator from the beginning of a file.
 *  in:     sample   the first bytes, 64 KB are plenty    is_whole   the sample is the whole file
 *  out:    false when it is no text; else *form: the separator under which the first rows have most
 *          often as many cells as the very first; "," when none parts anything; the one that a
 *          leading "sep=" line names
 *  cost:   four readings of the sample */
bool form_detect(str_t sample, bool is_whole, form_t *form);

#endif
