/* SPDX-License-Identifier: Apache-2.0
 * The spool: rows waiting for the server, in one append-only file that survives kill -9.
 *
 * File: a head of 36 bytes (magic, source id, first number, CRC), then records of
 *   u32 length | u32 crc32(number, body) | u64 number | body      (little-endian)
 * Numbers only grow; together with the source id they name a row for ever (R153).
 * A record counts once spool_sync has returned true. What an interrupted sync left at the end (at
 * most SPOOL_SYNC_BYTES) is cut at the next opening and kept beside the spool for inspection; a bad
 * record further back, or before a number known to be safe, is damage, and opening refuses rather
 * than lose what follows it.
 * Does not: know what a body means, nor which records the server has answered. */
#ifndef CLIENTELE_DEALER_SPOOL_H
#define CLIENTELE_DEALER_SPOOL_H

#include <stdint.h>

#include "base/str.h"
#include "fault.h"

#define SPOOL_BODY_BYTES   65536u       /* largest body */
#define SPOOL_SYNC_BYTES   262144u      /* most that is ever written between two syncs */
#define SPOOL_MAX_BYTES    (4ull << 30) /* largest spool file */
#define SPOOL_SOURCE_CHARS 37           /* uuid text and NUL */

typedef struct spool spool_t;

typedef struct {
    uint64_t seq;
    str_t body; /* valid until the next call on the spool */
} spool_record_t;

/** Open the spool of path, making it when it is missing.
 *  in:     acked  highest number the server has answered (numbering never goes below it)
 *          kept   highest number known to have been synced (spool_source_of tells in which spool),
 * 0 for none: a spool that lost it, or has answered numbers in its bad part, is damaged rather than
 * torn is_read_only  change nothing: a torn tail is only skipped errors: EXIT_DISK - cannot read or
 * write, or damaged */
MUST_CHECK spool_t *spool_open(const char *path, uint64_t acked, uint64_t kept, bool is_read_only,
                               fault_t *fault);

/** Read the source id of the spool of path without opening it. out: false when there is none */
bool spool_source_of(const char *path, char source[SPOOL_SOURCE_CHARS]);

/** Bytes of a torn tail that opening cut off; 0 as a rule. */
uint64_t spool_torn_bytes(const spool_t *spool);

/** Source id of this spool: uuid text. */
const char *spool_source(const spool_t *spool);

/** Highest number in the spool; acked or the head's number when it is empty. */
uint64_t spool_last(const spool_t *spool);

/** Add a record; it is safe only after spool_sync.
 *  in:     body  1..SPOOL_BODY_BYTES, borrowed
 *  out:    true and *seq
 *  errors: EXIT_DISK - full (everything synced before stays), EXIT_USAGE - body too large */
MUST_CHECK bool spool_append(spool_t *spool, str_t body, uint64_t *seq, fault_t *fault);

/** Make all added records durable. errors: EXIT_DISK; the records since the last sync are then
 * gone, the file is cut back to its last safe length. */
MUST_CHECK bool spool_sync(spool_t *spool, fault_t *fault);

/** Set the reader before the first record whose number is above after. */
void spool_seek(spool_t *spool, uint64_t after);

/** Read the next record. out: false at the end (fault untouched) or on a fault (status set). */
MUST_CHECK bool spool_next(spool_t *spool, spool_record_t *record, fault_t *fault);

/** Forget the records when all are answered and the file has grown above limit_bytes: a new file
 * with the same source id and the next number replaces it. out: true also when nothing was to be
 * done. */
MUST_CHECK bool spool_retire(spool_t *spool, uint64_t acked, uint64_t limit_bytes, fault_t *fault);

/** Close; NULL is accepted. Records not synced are dropped. */
void spool_close(spool_t *spool);

#endif
