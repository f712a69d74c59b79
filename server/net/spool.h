/* SPDX-License-Identifier: Apache-2.0
 * A request body on its way into an unnamed file: blocks are written and hashed by the thread pool.
 *
 * At most one block is being written while the next fills; a peer is not read while both are full.
 */
#ifndef CLIENTELE_NET_SPOOL_H
#define CLIENTELE_NET_SPOOL_H

#include "base/pool.h"

typedef struct spool spool_t;

#define SPOOL_BLOCK_BYTES (256 * 1024)

/** Open an unnamed file in folder.
 *  in:  progress(argument) is called on the loop of reply when room came or the spool is settled
 *  out: NULL when the file cannot be made */
spool_t *spool_new(pool_t *pool, port_t *reply, const char *folder,
                   void (*progress)(void *argument), void *argument);

/** Tell whether bytes may be put now. */
bool spool_has_room(const spool_t *spool);

/** Put bytes (copied). At most 64 KiB beyond a full block are taken. */
void spool_put(spool_t *spool, str_t bytes);

/** No more bytes: write the rest, sync, finish the hash; progress tells when. */
void spool_finish(spool_t *spool);

/** After spool_finish: everything is on disk, or failed. */
bool spool_is_settled(const spool_t *spool);
bool spool_is_failed(const spool_t *spool);

/** The file and its hash, once settled and not failed. The spool still owns the descriptor. */
int spool_fd(const spool_t *spool);
const unsigned char *spool_sha256(const spool_t *spool);

/** Close and free, at once or when the pool has let go. NULL is accepted. */
void spool_free(spool_t *spool);

#endif
