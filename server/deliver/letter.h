/* SPDX-License-Identifier: Apache-2.0
 * From a row of the outbox to a letter for the wire: variables, links, MIME.
 *
 * The maker caches compiled templates, because all rows of a campaign carry the same texts. */
#ifndef CLIENTELE_DELIVER_LETTER_H
#define CLIENTELE_DELIVER_LETTER_H

#include "deliver/mime.h"

enum { LETTER_BYTES_MAX = 1 << 20, LETTER_ADDRESS_BYTES = 256 };

/** A row, all borrowed; an empty str_t for null. */
typedef struct {
    const unsigned char *uuid; /* 16 bytes of the message */
    str_t address;
    str_t sender_name;
    str_t sender_address;
    str_t subject; /* template */
    str_t text;    /* template */
    str_t html;    /* template; empty for text only */
    str_t vars;    /* flat JSON object */
    str_t list_name;
    bool is_marketing; /* gets the unsubscribe headers, and the link in its text */
} letter_row_t;

typedef struct {
    str_t link_key;
    str_t public_url;     /* https://host, without a slash at the end */
    str_t default_sender; /* when the row names none */
} letter_options_t;

typedef struct letter_maker letter_maker_t;

/** Make a maker. in: options borrowed for its life */
letter_maker_t *letter_maker_new(const letter_options_t *options);

/** Free it; NULL is accepted. */
void letter_maker_free(letter_maker_t *maker);

/** Write the letter of a row.
 *  in:     content   emptied first
 *  out:    NULL on success, with the envelope in from and to (LETTER_ADDRESS_BYTES each) and
 *          *missing variables without value; else a static word: "template", "address", "vars",
 *          "size"
 *  cost:   O(text); no compiling when the texts are those of one of the last rows */
const char *letter_make(letter_maker_t *maker, const letter_row_t *row, buf_t *content, char *from,
                        char *to, unsigned *missing);

#endif
