/* SPDX-License-Identifier: Apache-2.0
 * Whole files at start (settings, secrets, assets). Blocking: never on a serving loop. */
#ifndef CLIENTELE_BASE_FILE_H
#define CLIENTELE_BASE_FILE_H

#include "base/str.h"

/** Append a whole regular file to a buffer. out: false when it cannot be read or passes the maximum
 */
MUST_CHECK bool file_read(const char *path, buf_t *into);

/** Tell whether the file exists and neither group nor others may read or write it. */
bool file_is_private(const char *path);

#endif
