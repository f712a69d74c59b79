/* SPDX-License-Identifier: Apache-2.0
 * The result file of a pushed file: every row with its verdict and receipt. */
#ifndef CLIENTELE_DEALER_RESULT_H
#define CLIENTELE_DEALER_RESULT_H

#include "spool.h"
#include "verdicts.h"

/** Write the verdict of every row of a file as CSV (line, seq, verdict, code, receipt, rule,
 * field); rows not answered yet have the verdict `waiting`. out: *waiting - how many. errors:
 * EXIT_DISK */
MUST_CHECK bool result_write(spool_t *spool, verdicts_t *verdicts, const char *file_id,
                             const char *path, uint64_t *waiting, fault_t *fault);

#endif
