/* SPDX-License-Identifier: Apache-2.0
 * XML read in portions: elements, their texts and their line, from any source of bytes, bounded.
 *
 *     markup_t *markup = markup_new(read, from, sample, &calls, own);
 *     while (markup_run(markup)) ... a call has paused it: take what it found
 *     markup_flaw(markup): NULL when the document has ended well
 *
 * Names come without their prefix. UTF-8, UTF-16, windows-1251 and KOI8-R, declared or not. A
 * document type is refused, so no entity can grow; so is nesting deeper than MARKUP_DEPTH_MAX.
 * Leading instructions such as <?ADF VERSION "1.0"?> are passed over. On expat. */
#ifndef CLIENTELE_INTAKE_MARKUP_H
#define CLIENTELE_INTAKE_MARKUP_H

#include "intake/encoding.h"

enum { MARKUP_DEPTH_MAX = 64 };

/** Bytes of a document: how many were written to out, 0 at the end, -1 when it cannot be read. */
typedef long (*markup_read_t)(void *from, char *out, size_t size);

/** What the reader calls, each with the `own` given at birth. */
typedef struct {
    /** An element begins. attributes: name, value, name, value, ..., NULL */
    void (*open)(void *own, str_t name, const char **attributes);
    void (*close)(void *own, str_t name);
    /** A piece of text inside an element; one text may come in several pieces. */
    void (*text)(void *own, str_t text);
} markup_calls_t;

typedef struct markup markup_t;

/** Make a reader.
 *  in:     read, from   the bytes, the sample included     sample   how the document begins, for
 *          its encoding        calls, own   borrowed for the reader's life     out: never NULL */
markup_t *markup_new(markup_read_t read, void *from, str_t sample, const markup_calls_t *calls,
                     void *own);

/** Free it; NULL is accepted. */
void markup_free(markup_t *markup);

/** Read on. out: true when a call has paused it, false at the end or at a flaw */
bool markup_run(markup_t *markup);

/** From inside a call: let markup_run return. */
void markup_pause(markup_t *markup);

/** From inside a call: end the reading with this flaw (static word). */
void markup_stop(markup_t *markup, const char *flaw);

/** Why the reading ended: NULL, "xml-broken", "xml-doctype", "xml-deep", "file", or a caller's. */
const char *markup_flaw(const markup_t *markup);

/** Line of the document where the reader stands, from 1. */
int markup_line(const markup_t *markup);

/** How the document is written. */
encoding_t markup_encoding(const markup_t *markup);

/** Value of an attribute by its name without prefix. out: NULL when absent */
const char *markup_attribute(const char **attributes, const char *name);

/** A name without its prefix. */
str_t markup_local(const char *name);

#endif
