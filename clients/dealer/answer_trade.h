/* SPDX-License-Identifier: Apache-2.0
 * The answer to a CommerceML 2 message: its own documents and clients, under the names (Ид) that 1C
 * gave them, each with what became of it as values of requisites. Everything else is as 1C wrote
 * it, so that the answer read by us again says nothing new. */
#ifndef CLIENTELE_DEALER_ANSWER_TRADE_H
#define CLIENTELE_DEALER_ANSWER_TRADE_H

#include "base/str.h"
#include "fault.h"

/** Write the answer to a message whose rows all have their verdicts; nothing for any other file,
 *  for a damaged one, or when no record of it has both a name and a verdict.
 *  in:     from     the message
 *          result   its rows as result_write wrote them
 *          to       replaced, whole or not at all: windows-1251 when the message is, else UTF-8
 *                   with its mark; CR LF. A letter that windows-1251 lacks is a reference (&#N;)
 *  errors: EXIT_DISK        rules: R153, R155, R162 */
MUST_CHECK bool answer_trade_write(const char *from, const char *result, const char *to,
                                   fault_t *fault);

#endif
