/* SPDX-License-Identifier: Apache-2.0
 * A ZIP archive made member by member, told the truth about until a test lies in it.
 * source: APPNOTE.TXT 4.3 */
#ifndef CLIENTELE_TEST_ARCHIVE_H
#define CLIENTELE_TEST_ARCHIVE_H

#include "base/str.h"

enum { ARCHIVE_MEMBERS_MAX = 5000, ARCHIVE_END_BYTES = 22 };

typedef struct {
    buf_t bytes;     /* members, then the whole */
    buf_t directory; /* entries */
    unsigned count;
    size_t locals[ARCHIVE_MEMBERS_MAX];  /* place of the local header */
    size_t entries[ARCHIVE_MEMBERS_MAX]; /* place of the entry in the directory */
} archive_t;

/** Add a member. in: is_packed - deflated, else stored */
void archive_add(archive_t *archive, const char *name, str_t plain, bool is_packed);

/** Put the directory and the record that ends it behind the members. */
void archive_finish(archive_t *archive);

/** Local header of a member. */
char *archive_local(archive_t *archive, unsigned member);

/** Entry of a member in the directory, before archive_finish. */
char *archive_entry(archive_t *archive, unsigned member);

/** The record that ends the directory, ARCHIVE_END_BYTES before the end. */
char *archive_end(archive_t *archive);

/** Write a number over what stands at a place. */
void archive_set(char *at, uint64_t value, unsigned bytes);

#endif
