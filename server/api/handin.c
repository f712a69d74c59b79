/* SPDX-License-Identifier: Apache-2.0
 * What a site's server hands in with the site's key: kept as it is, answered 202 and nothing else.
 *
 * The statement looks at no person, so neither the answer nor its time tells whether one is known.
 */
#include "api/json.h"
#include "api/native.h"

enum {
    PER_SECOND = 5,
    BURST = 50
}; /* of one address and worker; a site's own limit is the database's */

static step_t keep(request_t *rq)
{
    json_t *body;
    int wait_s = limit_take(rq->app->limits, 'h', str_of(rq->http->peer), PER_SECOND, BURST,
                            rq->http->begun_us);
    if (wait_s > 0) {
        rq->retry_after_s = wait_s;
        return request_fail(rq, ERR_TOO_MANY);
    }
    rq->error = json_parse(rq->arena, rq->body, &body);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    if (!json_is_object(body))
        return request_fail(rq, ERR_BAD_JSON);
    db_params_t *params = db_params_new(rq->arena);
    db_params_text(params, rq->body);
    return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.web_lead_add, params);
}

step_t native_web_lead_add(request_t *rq)
{
    if (rq->stage++ == 0)
        return keep(rq);
    if (!request_succeeded(rq))
        return STEP_FAIL;
    rq->status = 202;
    stream_reply(rq->stream, 202, NULL, 0, STR(""));
    return STEP_DONE;
}
