/* SPDX-License-Identifier: Apache-2.0
 * The journal of answers: one JSON line for each row the server (or the reader of the file) has
 * judged.
 *
 * Append-only, fsynced once a batch, ascending by number; its last line says how far the spool is
 * done. A torn last line is cut: that row is sent again and the server repeats its answer (R153).
 */
#ifndef CLIENTELE_DEALER_VERDICTS_H
#define CLIENTELE_DEALER_VERDICTS_H

#include <jansson.h>
#include <stdint.h>

#include "base/str.h"
#include "fault.h"

typedef struct verdicts verdicts_t;

/** Open the journal, making it when missing. errors: EXIT_DISK */
MUST_CHECK verdicts_t *verdicts_open(const char *path, bool is_read_only, fault_t *fault);

/** Highest number answered; 0 when none. */
uint64_t verdicts_last(const verdicts_t *verdicts);

/** Add an answer; it counts after verdicts_sync.
 *  in: item  object with members seq (above the last), verdict and, when known, code, receipt,
 * rule, field, error; borrowed errors: EXIT_REFUSED - not of that shape */
MUST_CHECK bool verdicts_add(verdicts_t *verdicts, const json_t *item, fault_t *fault);

/** Make the added answers durable. errors: EXIT_DISK (then none of them counts) */
MUST_CHECK bool verdicts_sync(verdicts_t *verdicts, fault_t *fault);

/** Begin to read from the first line. */
void verdicts_rewind(verdicts_t *verdicts);

/** Read the next answer. out: object to decref; NULL at the end */
json_t *verdicts_next(verdicts_t *verdicts);

/** Close; NULL is accepted. */
void verdicts_close(verdicts_t *verdicts);

#endif
