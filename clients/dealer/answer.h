/* SPDX-License-Identifier: Apache-2.0
 * The answer to a message of 1C's universal exchange format: EnterpriseData that says which message
 * was received, so that 1C does not send the same changes again. */
#ifndef CLIENTELE_DEALER_ANSWER_H
#define CLIENTELE_DEALER_ANSWER_H

#include "base/str.h"
#include "fault.h"

/** Write the answer to a message whose rows all have their verdicts; nothing for any other file,
 *  or for a message without a number.
 *  in:     from   the message     to   replaced, whole or not at all: UTF-8 with its mark, CR LF
 *  errors: EXIT_DISK */
MUST_CHECK bool answer_write(const char *from, const char *to, fault_t *fault);

#endif
