/* SPDX-License-Identifier: Apache-2.0
 * Rows of the outbox on their way to letters: an epoch, leases, the gate, two batches in hand.
 *
 * A row is leased, written into the journal, and asked through the gate; only what the gate gives
 * back becomes a letter, and only within BATCH_FRESH_MS, because rights and consents change (R94).
 * One call of the database at a time. */
#ifndef CLIENTELE_DELIVER_OUTBOX_H
#define CLIENTELE_DELIVER_OUTBOX_H

#include "deliver/record.h"

/** Columns of a row that passed the gate. */
enum {
    OUTBOX_ID,
    OUTBOX_MESSAGE,
    OUTBOX_ADDRESS,
    OUTBOX_SENDER_NAME,
    OUTBOX_SENDER_ADDRESS,
    OUTBOX_SUBJECT,
    OUTBOX_TEXT,
    OUTBOX_HTML,
    OUTBOX_VARS,
    OUTBOX_IS_MARKETING,
    OUTBOX_LIST_NAME
};

/** A row in the caller's hands; rows stay valid until the next outbox_take. */
typedef struct {
    const db_rows_t *rows;
    int row;
    int64_t outbox_id;
    int slot; /* of the journal */
} outbox_row_t;

typedef struct outbox outbox_t;

/** Make it.
 *  in:     db, journal, record   borrowed for its life     list   gets three statements
 *          on_rows   called when a batch has come in */
outbox_t *outbox_new(db_pool_t *db, db_statements_t *list, journal_t *journal, record_t *record,
                     void (*on_rows)(void *ctx), void *ctx);

/** Free it; a call under way is forgotten, its rows stay in the journal. NULL is accepted. */
void outbox_free(outbox_t *outbox);

/** Ask for an epoch; everything leased under older ones is settled by the database.
 *  in:     is_journal_whole   the journal has told all it knows and it knows all */
void outbox_begin(outbox_t *outbox, bool is_journal_whole);

/** Whether rows may be leased. False until outbox_begin was answered, and again when the answer to
 * a lease was lost: rows may be ours without our knowing, so every letter must end before the next
 *  outbox_begin. */
bool outbox_is_begun(const outbox_t *outbox);

/** The epoch under which rows in hand were leased. */
int64_t outbox_epoch(const outbox_t *outbox);

/** Lease another batch when there is room for one. */
void outbox_want(outbox_t *outbox);

/** Take nothing new from now on. */
void outbox_close(outbox_t *outbox);

/** Take the next row. out: false when none waits */
bool outbox_take(outbox_t *outbox, outbox_row_t *row);

/** Rows that wait to be taken. */
size_t outbox_waiting(const outbox_t *outbox);

/** Give waiting rows back to the database: all, or those that waited too long. */
void outbox_give_back(outbox_t *outbox, bool is_all, const char *code);

/** Whether a call is under way. */
bool outbox_is_calling(const outbox_t *outbox);

#endif
