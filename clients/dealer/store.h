/* SPDX-License-Identifier: Apache-2.0
 * From a file into the spool, once: a file is known by its content, so pushing it again adds
 * nothing, and a push that was killed goes on behind the last row it had stored.
 *
 * Spooled body: {"file":id,"line":n,"kind":k,"data":{...}}, or "error" instead of kind and data;
 * and "id", by which the file names the record. */
#ifndef CLIENTELE_DEALER_STORE_H
#define CLIENTELE_DEALER_STORE_H

#include "columns.h"
#include "home.h"
#include "spool.h"

typedef struct {
    char file_id[40];   /* content id, "-N" behind it for the Nth repetition on purpose */
    uint64_t row_count; /* rows of the file in the spool, earlier runs included */
    uint64_t added;     /* rows added now */
    bool is_known;      /* the whole file had been spooled before */
} stored_t;

/** Open the spool of a data folder, holding it against the journal of whole files.
 *  in: acked, is_read_only  as spool_open    errors: EXIT_DISK, as spool_open */
MUST_CHECK spool_t *store_open(const home_t *home, uint64_t acked, bool is_read_only,
                               fault_t *fault);

/** Spool a file.
 *  in:     is_again  spool it anew even when it is known
 *  out:    *stored, also on a fault (rows stored so far)
 *  errors: EXIT_USAGE - unreadable, EXIT_DISK - full; run again to go on behind the last safe row
 */
MUST_CHECK bool store_file(const home_t *home, spool_t *spool, const char *path, columns_t *columns,
                           bool is_again, stored_t *stored, fault_t *fault);

#endif
