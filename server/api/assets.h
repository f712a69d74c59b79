/* SPDX-License-Identifier: Apache-2.0
 * The web client's files: read once at start, served from memory in three codings, never from disk.
 */
#ifndef CLIENTELE_API_ASSETS_H
#define CLIENTELE_API_ASSETS_H

#include "base/arena.h"
#include "net/stream.h"

typedef struct assets assets_t;

enum { ASSETS_BYTES_MAX = 64 * 1024 * 1024 };

/** Read a folder: every file F with its F.br and F.gz beside it.
 *  in:     arena  of the process; folder "" gives an empty set
 *  out:    NULL with a reason when the folder cannot be read or is too large */
assets_t *assets_load(arena_t *arena, const char *folder, char *reason, size_t reason_bytes);

/** Answer a GET or HEAD for a path that is no route.
 *  out:    true when answered: the file, 304, or index.html for a page of the client (a path
 * without a dot, asked for with Accept: text/html); false when nothing fits */
bool assets_answer(const assets_t *assets, stream_t *stream, int *status);

#endif
