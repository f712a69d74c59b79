/* SPDX-License-Identifier: Apache-2.0
 * The members of a ZIP archive, read as a stream each: bounded in number, in size and in how much
 * larger than its archive a member may become.
 *
 * Reads stored and deflated members by the central directory, and refuses what two programs would
 * read differently: two members of one name, a member that contradicts the directory. Knows no
 * encryption, no ZIP64 and no archives in parts: what office programs write has none of them. Not
 * for an event loop: it reads files. */
#ifndef CLIENTELE_INTAKE_UNZIP_H
#define CLIENTELE_INTAKE_UNZIP_H

#include "base/str.h"

enum { UNZIP_MEMBERS_MAX = 4096, UNZIP_RATIO_MAX = 300 };

/** Bytes that all members of one archive may become; below UNZIP_FREE_BYTES no ratio is asked. */
#define UNZIP_BYTES_MAX  (2ull << 30)
#define UNZIP_FREE_BYTES (64ull << 20)

typedef struct unzip unzip_t;
typedef struct unzip_member unzip_member_t;

/** Read the directory of an archive.
 *  in:     fd   open for reading, borrowed for the life of the archive     bytes   of the file
 *  out:    NULL with a static word in *flaw: "zip-broken", "zip-encrypted", "zip-too-many",
 * "zip-64" */
unzip_t *unzip_open(int fd, uint64_t bytes, const char **flaw);

/** Forget the archive; NULL is accepted. Members are closed first. */
void unzip_close(unzip_t *zip);

/** Begin to read a member by its name, ASCII case and a leading slash aside. out: NULL when there
 * is none */
unzip_member_t *unzip_begin(unzip_t *zip, str_t name);

/** Read on.
 *  out:    bytes written to out, 0 at the end, -1 when the member is broken or beyond its bounds
 *          (unzip_flaw says which) */
long unzip_read(unzip_member_t *member, char *out, size_t size);

/** Why a read failed: "zip-broken" or "zip-bomb". */
const char *unzip_flaw(const unzip_member_t *member);

/** Compressed bytes read so far, for progress. */
uint64_t unzip_done_bytes(const unzip_member_t *member);

/** Stop reading a member; NULL is accepted. */
void unzip_end(unzip_member_t *member);

#endif
