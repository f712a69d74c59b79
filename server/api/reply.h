/* SPDX-License-Identifier: Apache-2.0
 * From results and errors to answers. Every answer of the application leaves through here. */
#ifndef CLIENTELE_API_REPLY_H
#define CLIENTELE_API_REPLY_H

#include "api/request.h"

/** Answer with rq->error as problem+json. */
void reply_error(request_t *rq);

/** Turn a refusal of PostgreSQL into rq->error, info and detail: our own SQLSTATEs and constraints
 *  with public sentences reach the client, everything else is a code and a log line. */
void reply_take_sql_error(request_t *rq);

/** Answer with the result of the route's call, by its shape. */
step_t reply_result(request_t *rq);

/** Answer with JSON text. in: etag "" for none; status 200 or as given */
void reply_json(request_t *rq, int status, str_t json);

/** Answer with one JSON object and a Set-Cookie. */
void reply_json_cookie(request_t *rq, int status, str_t json, str_t cookie);

/** Answer 204. */
void reply_empty(request_t *rq);

#endif
