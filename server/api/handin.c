/* SPDX-License-Identifier: Apache-2.0
 * What a site's server hands in with the site's key: kept as it is, answered 202 and nothing else.
 * It comes as JSON with the key in it, or as an ADF document, as portals post it, with the key as
 * bearer token.
 *
 * The statement looks at no person, so neither the answer nor its time tells whether one is known.
 */
#include "api/json.h"
#include "api/native.h"

enum {
    PER_SECOND = 5,
    BURST = 50
}; /* of one address and worker; a site's own limit is the database's */

bool request_is_xml(const request_t *rq)
{
    str_t type = http_header(rq->http, STR("content-type"));
    type = str_trim(str_n(type.ptr, str_find(type, ';')));
    return str_eq_nocase(type, STR("application/xml")) || str_eq_nocase(type, STR("text/xml"));
}

/* An ADF document and its site's key, as the JSON that the database takes. */
static err_t wrap_adf(request_t *rq, str_t *text)
{
    str_t key = http_header(rq->http, STR("authorization"));
    if (http_header_count(rq->http, STR("authorization")) != 1 ||
        !str_eq_nocase(str_n(key.ptr, key.len < 7 ? key.len : 7), STR("bearer ")))
        return err_field(ERR_BAD_FIELD, "site_key");
    key = str_trim(str_skip(key, 7));
    if (!str_is_utf8(rq->body) || memchr(rq->body.ptr, '\0', rq->body.len))
        return err_field(ERR_BAD_FIELD, "adf");
    json_t *both =
        json_pack("{s:s%, s:s%}", "site_key", key.ptr, key.len, "adf", rq->body.ptr, rq->body.len);
    const char *dumped = both ? json_dump(rq->arena, both) : NULL;
    json_decref(both);
    if (!dumped)
        return err_field(ERR_BAD_FIELD, "site_key");
    *text = str_of(dumped);
    return ERR_NONE;
}

static step_t keep(request_t *rq)
{
    json_t *body;
    str_t text = rq->body;
    int wait_s = limit_take(rq->app->limits, 'h', str_of(rq->http->peer), PER_SECOND, BURST,
                            rq->http->begun_us);
    if (wait_s > 0) {
        rq->retry_after_s = wait_s;
        return request_fail(rq, ERR_TOO_MANY);
    }
    if (rq->is_body_here && request_is_xml(rq)) {
        rq->error = wrap_adf(rq, &text);
        if (rq->error.code != ERR_OK)
            return STEP_FAIL;
    } else {
        rq->error = json_parse(rq->arena, text, &body);
        if (rq->error.code != ERR_OK)
            return STEP_FAIL;
        if (!json_is_object(body))
            return request_fail(rq, ERR_BAD_JSON);
    }
    db_params_t *params = db_params_new(rq->arena);
    db_params_text(params, text);
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
