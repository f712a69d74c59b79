/* SPDX-License-Identifier: Apache-2.0
 * Answers of the same length in time: a route with flag PAD answers only at a multiple of
 * PAD_STEP_MS after its head arrived, whatever the answer is, so that the time tells nobody whether
 * a record exists (R25). The flush of what it wrote (flush.h) happens inside the padding and is the
 * same for every verdict. */
#ifndef CLIENTELE_API_PAD_H
#define CLIENTELE_API_PAD_H

#include "api/request.h"

enum { PAD_STEP_MS = 60 };

/** Milliseconds left to the next step. in: microseconds since the head arrived */
int pad_left_ms(int64_t spent_us);

/** Hold an answer back once.
 *  out: true - request_resume comes when it is time; false - answer now (no flag, or already held)
 *  The timer dies with the request's arena. */
bool pad_hold(request_t *rq);

#endif
