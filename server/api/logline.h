/* SPDX-License-Identifier: Apache-2.0
 * What is told of a request when it is over: one JSON line without personal data, and counters. */
#ifndef CLIENTELE_API_LOGLINE_H
#define CLIENTELE_API_LOGLINE_H

#include "api/request.h"

/** Write the line and count the answer; once, at the request's end.
 *  in:     is_complete  false when the client left before it had the answer
 *  Of a padded route it says work_ms, from the head to the end of its transaction or the first
 *  refusal, and flush_ms, from there until that transaction was on disk: the rest is padding. */
void logline_write(const request_t *rq, bool is_complete);

#endif
