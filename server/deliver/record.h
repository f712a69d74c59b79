/* SPDX-License-Identifier: Apache-2.0
 * Results of letters on their way into the database: gathered, written by the hundred, kept until
 * they are there.
 *
 * Each result holds its journal slot until the database has committed it; a lost database keeps the
 * results waiting. One write at a time, in order. */
#ifndef CLIENTELE_DELIVER_RECORD_H
#define CLIENTELE_DELIVER_RECORD_H

#include "db/pool.h"
#include "deliver/journal.h"

typedef struct record record_t;

/** What became of a row; words that core.outbox_record knows. */
#define RECORD_ACCEPTED "accepted"
#define RECORD_DEFERRED "deferred"
#define RECORD_FAILED   "failed"
#define RECORD_UNKNOWN  "unknown"
#define RECORD_UNSENT   "unsent"

/** Make it.
 *  in:     db, journal   borrowed for its life     list   gets the one statement */
record_t *record_new(db_pool_t *db, db_statements_t *list, journal_t *journal);

/** Free it; results not written stay in the journal. NULL is accepted. */
void record_free(record_t *record);

/** Note a result. in: outcome - one of the words above; code - short, any bytes; slot may be -1 */
void record_add(record_t *record, int64_t epoch, int64_t outbox_id, int slot, const char *outcome,
                str_t code);

/** Note what the journal of a former process knows: results, letters that were not on the wire,
 * letters of which nobody can tell. Logged. in: is_whole as journal_open said */
void record_recover(record_t *record, bool is_whole);

/** Write what waits, unless a write is under way. Called every 50 ms, and by itself when 200 wait.
 */
void record_flush(record_t *record);

/** Results that are not in the database yet. */
size_t record_waiting(const record_t *record);

#endif
