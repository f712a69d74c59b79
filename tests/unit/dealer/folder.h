/* SPDX-License-Identifier: Apache-2.0
 * A folder of its own for each test, removed afterwards. */
#ifndef CLIENTELE_TESTS_DEALER_FOLDER_H
#define CLIENTELE_TESTS_DEALER_FOLDER_H

/** Make a fresh folder; *state becomes its path. For cmocka's setup. out: 0 */
int folder_make(void **state);

/** Remove the folder of *state and what is in it. For cmocka's teardown. out: 0 */
int folder_remove(void **state);

/** Give the path of a file in the folder; valid until the fourth next call. */
const char *folder_path(void **state, const char *name);

/** Write a file whole. */
void folder_write(const char *path, const char *text);

#endif
