/* SPDX-License-Identifier: Apache-2.0
 * Public test data beside the checkout, where it is present. */
#ifndef CLIENTELE_TEST_API_DATA_H
#define CLIENTELE_TEST_API_DATA_H

#include "base/arena.h"

/** Read a file of the shared data folder. out: ptr NULL when it is not there (the test then skips)
 */
str_t data_read(arena_t *arena, const char *name);

/** Read any file. */
str_t data_read_path(arena_t *arena, const char *path);

/** Unpack NAME.tar.gz into a fresh folder. out: its path, or NULL; remove with data_remove */
const char *data_unpack(arena_t *arena, const char *name);
void data_remove(const char *folder);

#endif
