/* SPDX-License-Identifier: Apache-2.0
 * The table of native handlers, what they share, and those of one statement. */
#include "api/native.h"

#include "api/identity.h"
#include "api/json.h"
#include "api/reply.h"

typedef step_t (*native_t)(request_t *rq);

static const native_t natives[HANDLER_COUNT] = {
#define ROUTE(...)
#define NATIVE(METHOD, PATH, HANDLER, ...) [HANDLER_##HANDLER] = native_##HANDLER,
#include "routes.def"
#undef ROUTE
#undef NATIVE
};

step_t native_run(request_t *rq)
{
    return natives[rq->route->handler](rq);
}

err_t native_fields(request_t *rq, const char *const *names, str_t *values, unsigned count)
{
    json_t *body;
    err_t error = json_parse(rq->arena, rq->body, &body);
    if (error.code != ERR_OK)
        return error;
    if (!json_is_object(body))
        return err_of(ERR_BAD_JSON);
    for (unsigned i = 0; i < count; i++) {
        const json_t *member = json_object_get(body, names[i]);
        if (!member || json_is_null(member))
            return err_field(ERR_MISSING_FIELD, names[i]);
        values[i] = json_text(body, names[i]);
        if (!values[i].ptr || values[i].len == 0 || values[i].len > 1000)
            return err_field(ERR_BAD_FIELD, names[i]);
    }
    for (void *i = json_object_iter(body); i; i = json_object_iter_next(body, i)) {
        bool is_known = false;
        for (unsigned n = 0; n < count; n++)
            is_known |= strcmp(json_object_iter_key(i), names[n]) == 0;
        if (!is_known)
            return err_field(ERR_UNKNOWN_FIELD,
                             arena_copy(rq->arena, str_of(json_object_iter_key(i))).ptr);
    }
    return ERR_NONE;
}

int native_rows(const request_t *rq)
{
    const db_rows_t *result = request_result(rq);
    return result ? db_row_count(result) : 0;
}

const char *native_header(request_t *rq, str_t name, size_t max)
{
    str_t value = http_header(rq->http, name);
    if (!value.ptr || !str_is_utf8(value))
        return NULL;
    return arena_copy(rq->arena, str_n(value.ptr, value.len < max ? value.len : 0)).ptr;
}

/* --- sign-out -------------------------------------------------------------------------------- */

static step_t sign_out(request_t *rq, const db_statement_t *statement)
{
    if (rq->stage++ == 0)
        return request_call_bound(rq, 'w', statement, db_params_new(rq->arena));
    if (!request_succeeded(rq))
        return STEP_FAIL;
    http_header_t headers[] = {{STR("set-cookie"), identity_cookie(rq->arena, 0, NULL)},
                               {STR("clear-site-data"), STR("\"cache\", \"storage\"")}};
    rq->status = 204;
    stream_reply(rq->stream, 204, headers, 2, STR(""));
    return STEP_DONE;
}

step_t native_logout(request_t *rq)
{
    return sign_out(rq, rq->app->shared->sql.logout);
}

step_t native_logout_everywhere(request_t *rq)
{
    return sign_out(rq, rq->app->shared->sql.logout_everywhere);
}

/* --- who am I -------------------------------------------------------------------------------- */

/* The document of api.session_get with two members that only the server knows. */
static bool add_session(request_t *rq, buf_t *out)
{
    const db_rows_t *result = request_result(rq);
    const rowenc_plan_t *plan = rowenc_plan(rq->arena, rq->app->shared->catalog, result);
    char csrf[44];
    buf_reset(out);
    if (!plan || !rowenc_json_row(out, rq->app->shared->catalog, plan, result, 0))
        return false;
    if (plan->count == 1 && plan->columns[0].kind == TYPE_JSON) {
        buf_reset(out);
        buf_add_str(out, db_text(result, 0, 0));
    }
    if (out->len < 2 || out->ptr[out->len - 1] != '}')
        return false;
    out->len--;
    keys_csrf(rq->app->shared->keys, rq->secret, csrf);
    const config_t *config = worker_config(rq->app->worker);
    return buf_addf(out, "%s\"is_demo\":%s,\"csrf\":\"%s\"}", out->len > 1 ? "," : "",
                    *config->demo_mail_dir ? "true" : "false", csrf);
}

step_t native_session_get(request_t *rq)
{
    if (rq->stage++ == 0)
        return request_call_bound(rq, 'r', rq->app->shared->sql.session_get,
                                  db_params_new(rq->arena));
    if (!request_succeeded(rq))
        return STEP_FAIL;
    if (native_rows(rq) == 0)
        return request_fail(rq, ERR_UNAUTHENTICATED);
    if (!add_session(rq, &rq->app->scratch))
        return request_fail(rq, ERR_INTERNAL);
    reply_json(rq, 200, buf_str(&rq->app->scratch));
    return STEP_DONE;
}
