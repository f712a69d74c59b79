/* SPDX-License-Identifier: Apache-2.0
 * The wire journal: how far each leased letter is, readable after kill -9.
 *
 * A file mapped into memory with one slot of 32 bytes for each leased row. A store to a shared
 * mapping outlives the process at no cost; nothing is synced, because only a dead process, not a
 * dead machine, is survived: after a reboot the journal says that it is stale.
 *
 *     FREE -> LEASED -> DOTTED -> ACCEPTED | FAILED -> FREE after the database has the result
 *
 * LEASED: nothing was sent that counts. DOTTED: the final dot may be on the wire. One process at a
 * time holds the file (lock). Blocking calls only in journal_open. */
#ifndef CLIENTELE_DELIVER_JOURNAL_H
#define CLIENTELE_DELIVER_JOURNAL_H

#include "base/str.h"

enum { JOURNAL_SLOTS = 1024 };

typedef enum {
    JOURNAL_FREE,
    JOURNAL_LEASED,
    JOURNAL_DOTTED,
    JOURNAL_ACCEPTED,
    JOURNAL_FAILED,
    JOURNAL_PHASES
} journal_phase_t;

/** One slot as it lies in the file. The phase is stored last and alone. */
typedef struct {
    int64_t outbox_id;
    int64_t epoch; /* under which the row was leased */
    int32_t code;  /* reply code of ACCEPTED and FAILED */
    uint32_t spare;
    _Atomic uint32_t phase;
    uint32_t spare2;
} journal_slot_t;

typedef struct journal journal_t;

/** Open or make the journal of a folder.
 *  out:    NULL with a static sentence in *flaw when it cannot be made or another process holds it;
 *          *is_whole false when the file is new, damaged or from before the last boot: what it says
 *          (or does not say) about leased rows proves nothing then */
journal_t *journal_open(const char *folder, bool *is_whole, const char **flaw);

/** Random name of this journal, which is the sender's name in the database: 16 hex digits. */
const char *journal_name(const journal_t *journal);

/** Unmap and unlock; the slots stay in the file. NULL is accepted. */
void journal_close(journal_t *journal);

/** Look at slot 0..JOURNAL_SLOTS-1. */
const journal_slot_t *journal_at(const journal_t *journal, unsigned index);

/** Take a free slot for a leased row. out: its index; -1 when all are taken */
int journal_take(journal_t *journal, int64_t outbox_id, int64_t epoch);

/** Move a slot on. in: code - reply code, 0 when there is none */
void journal_set(journal_t *journal, int slot, journal_phase_t phase, int code);

/** Free a slot after its result is in the database; -1 is accepted. */
void journal_free_slot(journal_t *journal, int slot);

/** Slots not free. */
unsigned journal_used(const journal_t *journal);

#endif
