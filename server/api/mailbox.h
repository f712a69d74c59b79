/* SPDX-License-Identifier: Apache-2.0
 * Messages as the demo gateway keeps them (one file each, as smtp-sink dumps them), made readable.
 * Pure: bytes of a file in, parts out. */
#ifndef CLIENTELE_API_MAILBOX_H
#define CLIENTELE_API_MAILBOX_H

#include "base/arena.h"

typedef struct {
    str_t from, to, subject, date, list_unsubscribe; /* decoded to UTF-8; empty when absent */
    str_t text;                                      /* the plain text part */
} mail_t;

enum { MAILBOX_FILE_BYTES_MAX = 1024 * 1024 };

/** Take a message apart.
 *  in:     arena  for decoded parts; file  headers, an empty line, the body; LF or CRLF
 *  out:    what could be read; never fails */
mail_t mailbox_parse(arena_t *arena, str_t file);

#endif
