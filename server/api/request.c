/* SPDX-License-Identifier: Apache-2.0
 * The phase table and its driver. */
#include "api/request.h"

#include "api/export.h"
#include "api/files.h"
#include "api/identity.h"
#include "api/logline.h"
#include "api/pad.h"
#include "api/reply.h"
#include "api/sign.h"
#include "http/problem.h"
#include "http/uri.h"
#include "net/address.h"

/* --- the phases ------------------------------------------------------------------------------- */

static step_t phase_route(request_t *rq)
{
    const app_shared_t *shared = rq->app->shared;
    rq->match = route_match(shared->routes, rq->http->method, rq->http->path);
    rq->route = rq->match.route;
    bool is_dealer_door = rq->http->listener == LISTENER_DEALER;
    if (rq->route) {
        bool is_everywhere = rq->route->is_native && rq->route->roles == ROLE_PUBLIC &&
                             rq->http->method <= METHOD_HEAD;
        bool is_for_door = ((rq->route->flags & FLAG_MTLS) != 0) == is_dealer_door;
        return is_for_door || is_everywhere ? STEP_NEXT : request_fail(rq, ERR_NOT_FOUND);
    }
    if (rq->match.is_path) {
        buf_t allow = buf_make(128);
        route_allow(&rq->match, &allow);
        http_header_t header = {STR("allow"), arena_copy(rq->arena, buf_str(&allow))};
        buf_free(&allow);
        rq->status = rq->http->method == METHOD_OPTIONS ? 204 : 405;
        buf_t *out = &rq->app->scratch;
        buf_reset(out);
        http_header_t headers[] = {header, {STR("content-type"), PROBLEM_TYPE}};
        if (rq->status == 405)
            problem_write(out, err_of(ERR_METHOD), rq->lang, STR(""), STR(""),
                          rq->http->request_id);
        stream_reply(rq->stream, rq->status, headers, rq->status == 405 ? 2 : 1, buf_str(out));
        return STEP_DONE;
    }
    bool is_page = rq->http->method <= METHOD_HEAD && !is_dealer_door;
    if (is_page && !str_starts(rq->http->path, STR("/v1/")) &&
        assets_answer(shared->assets, rq->stream, &rq->status))
        return STEP_DONE;
    return request_fail(rq, ERR_NOT_FOUND);
}

static step_t phase_limit(request_t *rq)
{
    const config_t *config = worker_config(rq->app->worker);
    unsigned char room[16];
    int wait_s =
        limit_take(rq->app->limits, 'a', address_peer(rq->http->peer, room),
                   config->address_per_second, config->address_per_second * 4, rq->http->begun_us);
    if (wait_s == 0)
        return STEP_NEXT;
    metric_add(rq->app->shared->limited, 1);
    rq->retry_after_s = wait_s;
    return request_fail(rq, ERR_TOO_MANY);
}

/* What is refused for the role is written down, in a transaction of its own. */
static step_t start_record(request_t *rq)
{
    db_params_t *params = db_params_new(rq->arena);
    db_params_bytes(params, rq->secret, SECRET_BYTES);
    db_params_word(params, rq->route->name);
    db_params_text(params, rq->route->param_count ? rq->match.params[0] : (str_t){NULL, 0});
    db_params_word(params, rq->http->request_id);
    db_call_clear(&rq->call);
    rq->call = (db_call_t){.step_count = 1};
    rq->call.steps[0] = db_step_of(rq->app->shared->sql.refused, params);
    rq->is_recorded = true;
    return request_call(rq, rq->class, DB_WRITE, rq->route->time_ms);
}

static step_t phase_identity(request_t *rq)
{
    uint32_t link_flags = rq->route->flags & (FLAG_LINK_U | FLAG_LINK_P | FLAG_LINK_C);
    if (rq->is_recorded)
        return request_fail(rq, ERR_FORBIDDEN);
    if (link_flags) {
        char uuid[37];
        char purpose = link_flags & FLAG_LINK_U ? 'u' : link_flags & FLAG_LINK_C ? 'c' : 'p';
        if (!keys_link_read(rq->app->shared->keys, purpose, rq->match.params[0], uuid)) {
            /* a person who opens a damaged link gets a page, not a document for programs */
            bool is_page =
                link_flags & (FLAG_LINK_U | FLAG_LINK_C) && rq->http->method == METHOD_GET;
            return is_page ? STEP_NEXT : request_fail(rq, ERR_BAD_LINK);
        }
        rq->link = arena_copy(rq->arena, str_n(uuid, 36)).ptr;
        return STEP_NEXT;
    }
    if (rq->route->roles == ROLE_PUBLIC) {
        rq->class = CLASS_LOGIN;
        if (rq->http->method == METHOD_POST && !identity_is_same_origin(rq->http))
            return request_fail(rq, ERR_CSRF);
        return STEP_NEXT;
    }
    rq->error = identity_read(rq);
    if (rq->error.code == ERR_FORBIDDEN)
        return start_record(rq);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    const config_t *config = worker_config(rq->app->worker);
    int wait_s =
        limit_take(rq->app->limits, 's', str_n((char *)rq->secret, SECRET_BYTES),
                   config->session_per_second, config->session_per_second * 4, rq->http->begun_us);
    if (wait_s == 0)
        return STEP_NEXT;
    metric_add(rq->app->shared->limited, 1);
    rq->retry_after_s = wait_s;
    return request_fail(rq, ERR_TOO_MANY);
}

static bool is_json(str_t type)
{
    size_t end = str_find(type, ';');
    return str_eq_nocase(str_trim(str_n(type.ptr, end)), STR("application/json"));
}

static step_t phase_body(request_t *rq)
{
    if (rq->is_body_here || rq->http->content_length == 0)
        return STEP_NEXT;
    if (rq->is_body_asked)
        return STEP_FAIL; /* on_body has set the error */
    if (rq->http->method <= METHOD_HEAD)
        return STEP_NEXT; /* a body of a GET means nothing and is not read */
    bool is_upload = rq->route->flags & FLAG_UPLOAD;
    bool is_form = rq->route->flags & (FLAG_LINK_U | FLAG_LINK_C);
    str_t type = http_header(rq->http, STR("content-type"));
    bool is_adf = rq->route->flags & FLAG_ADF && request_is_xml(rq);
    if (!is_upload && !is_form && !is_adf && !is_json(type))
        return request_fail(rq, ERR_MEDIA_TYPE);
    rq->is_body_asked = true;
    rq->error =
        stream_read_body(rq->stream, rq->route->body_bytes, is_upload ? BODY_SPOOL : BODY_MEMORY);
    return rq->error.code == ERR_OK ? STEP_WAIT : STEP_FAIL;
}

static bool is_key_good(str_t key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] < 0x21 || key.ptr[i] > 0x7e)
            return false;
    return key.len > 0 && key.len <= 100;
}

/* Native handlers take no filters; public ones may be reached with a tracker's additions. */
static step_t refuse_query(request_t *rq)
{
    str_t rest = rq->http->query, name, value;
    bool has_pair = false;
    if (rest.len == 0 || rq->route->roles & ROLE_PUBLIC)
        return STEP_NEXT;
    rq->error = uri_query_next(rq->arena, &rest, &has_pair, &name, &value);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    if (!has_pair)
        return STEP_NEXT;
    return request_fail_field(rq, ERR_UNKNOWN_FIELD, arena_copy(rq->arena, name).ptr);
}

static step_t phase_args(request_t *rq)
{
    if (rq->route->is_native)
        return refuse_query(rq);
    if (rq->route->flags & FLAG_UPLOAD && !rq->upload_sha256) {
        step_t step = files_keep_upload(rq);
        if (step != STEP_NEXT)
            return step;
    }
    if (rq->route->is_stored) {
        str_t key = http_header(rq->http, STR("idempotency-key"));
        if (!key.ptr)
            return request_fail(rq, ERR_KEY_MISSING);
        if (http_header_count(rq->http, STR("idempotency-key")) != 1 || !is_key_good(key))
            return request_fail_field(rq, ERR_BAD_FIELD, "Idempotency-Key");
        rq->idem_key = arena_copy(rq->arena, key).ptr;
    }
    args_input_t input = {.keys = rq->app->shared->keys,
                          .route = rq->route,
                          .path_values = rq->match.params,
                          .query = rq->http->query,
                          .body = rq->body,
                          .if_match = http_header(rq->http, STR("if-match")),
                          .link = rq->link,
                          .upload_sha256 = rq->upload_sha256};
    if (rq->upload_sha256) {
        str_t type = http_header(rq->http, STR("content-type"));
        input.upload_type = type.ptr ? arena_copy(rq->arena, type).ptr : "application/octet-stream";
        input.upload_bytes = stream_body(rq->stream)->length;
    }
    err_t error = args_build(rq->arena, &input, &rq->args);
    if (error.code == ERR_OK)
        return STEP_NEXT;
    rq->error = error;
    rq->is_bad = true; /* said only to one who may ask: the bind comes first */
    return rq->has_secret ? STEP_NEXT : STEP_FAIL;
}

/* What an Idempotency-Key stands for: the same address, filters and body. */
static const unsigned char *request_hash(request_t *rq)
{
    unsigned char *hash = arena_alloc(rq->arena, 32);
    buf_t *text = &rq->app->scratch;
    buf_reset(text);
    buf_add_str(text, rq->http->target);
    buf_add_c(text, '\n');
    if (rq->upload_sha256)
        buf_add_str(text, str_of(rq->upload_sha256));
    else
        buf_add_str(text, rq->body);
    keys_sha256(buf_str(text), hash);
    return hash;
}

static step_t start_call(request_t *rq)
{
    const route_t *route = rq->route;
    db_call_t *call = &rq->call;
    rq->is_called = true;
    *call = (db_call_t){0};
    if (rq->is_bad) {
        call->steps[call->step_count++] = request_bind(rq, 'r', NULL);
        return request_call(rq, rq->class, DB_FAST, route->time_ms);
    }
    if (rq->has_secret) {
        bool is_padded = route->flags & FLAG_PAD, is_audited = route->flags & FLAG_AUDIT;
        char mode = route->opening   ? 'e'
                    : route->is_read ? (is_audited ? 'a' : 'r')
                    : is_padded      ? 'p'
                                     : 'w';
        const unsigned char *hash = route->is_stored ? request_hash(rq) : NULL;
        call->steps[call->step_count++] = request_bind(rq, mode, hash);
    }
    if (route->opening) {
        db_params_t *params = ARENA_NEW(rq->arena, db_params_t);
        *params = *rq->args.params;
        db_params_word(params, request_subject(rq, true));
        call->steps[call->step_count++] = db_step_of(route->opening, params);
    }
    call->steps[call->step_count++] =
        db_step_of(rq->args.is_plain ? route->plain : route->call, rq->args.params);
    if (route->flags & FLAG_EXPORT)
        export_prepare(rq);
    /* an audited read writes one row and does not wait for its flush: it may share a pipeline */
    return request_call(rq, rq->class, route->lane, route->time_ms);
}

static step_t start_replay(request_t *rq)
{
    db_params_t *params = db_params_new(rq->arena);
    db_params_bytes(params, rq->secret, SECRET_BYTES);
    db_params_word(params, rq->route->name);
    db_params_word(params, rq->idem_key);
    db_call_clear(&rq->call);
    rq->call = (db_call_t){.step_count = 1};
    rq->call.steps[0] = db_step_of(rq->app->shared->sql.replay, params);
    rq->is_replay = true;
    return request_call(rq, rq->class, DB_WRITE, rq->route->time_ms);
}

static step_t phase_call(request_t *rq)
{
    if (rq->is_recorded)
        return request_fail(rq, ERR_FORBIDDEN);
    if (rq->route->is_native) {
        step_t step = native_run(rq);
        bool is_refused = step == STEP_FAIL && rq->error.code == ERR_FORBIDDEN && rq->has_secret;
        return is_refused ? start_record(rq) : step;
    }
    if (!rq->is_called)
        return start_call(rq);
    if (rq->route->flags & FLAG_EXPORT && !rq->is_bad) {
        step_t step = export_finish(rq);
        bool is_refused = step == STEP_FAIL && rq->error.code == ERR_FORBIDDEN && rq->has_secret;
        return is_refused && rq->call.error_step == 0 ? start_record(rq) : step;
    }
    if (request_succeeded(rq))
        return rq->is_bad ? STEP_FAIL : STEP_NEXT;
    if (rq->error.code == ERR_REPLAY && !rq->is_replay)
        return start_replay(rq);
    if (rq->error.code == ERR_FORBIDDEN && rq->call.error_step == 0 && rq->has_secret)
        return start_record(rq);
    return STEP_FAIL;
}

static step_t phase_flush(request_t *rq)
{
    return request_flush(rq);
}

static step_t phase_pad(request_t *rq)
{
    return pad_hold(rq) ? STEP_WAIT : STEP_NEXT;
}

static step_t phase_reply(request_t *rq)
{
    if (rq->route->flags & FLAG_DOWNLOAD)
        return files_send(rq);
    if (rq->route->flags & FLAG_SIGN)
        return sign_reply(rq);
    return reply_result(rq);
}

typedef step_t (*phase_t)(request_t *rq);

static const phase_t phases[] = {phase_route, phase_limit, phase_identity, phase_body, phase_args,
                                 phase_call,  phase_flush, phase_pad,      phase_reply};

enum { PHASE_COUNT = sizeof phases / sizeof phases[0] };

/* The driver: run phases until one waits, fails or has answered. */
void request_resume(request_t *rq)
{
    while (rq->phase < PHASE_COUNT && !rq->is_failed) {
        switch (phases[rq->phase](rq)) {
        case STEP_NEXT:
            rq->phase++;
            break;
        case STEP_WAIT:
        case STEP_DONE:
            return;
        case STEP_FAIL:
            rq->is_failed = true;
            if (pad_hold(rq))
                return;
            break;
        }
    }
    if (rq->is_failed)
        reply_error(rq);
}

/* --- the stream's events ------------------------------------------------------------------------
 */

static void on_request(void *app, stream_t *stream)
{
    arena_t *arena = stream_arena(stream);
    request_t *rq = ARENA_NEW(arena, request_t);
    rq->app = app;
    rq->stream = stream;
    rq->http = stream_request(stream);
    rq->arena = arena;
    rq->lang = http_language(rq->http);
    rq->info = rq->detail = STR("");
    stream_set_user(stream, rq);
    request_resume(rq);
}

static void on_body(void *app, stream_t *stream, err_code_t code)
{
    (void)app;
    request_t *rq = stream_user(stream);
    if (code == ERR_OK) {
        rq->is_body_here = true;
        rq->body = stream_body(stream)->bytes;
    } else {
        rq->error = err_of(code);
    }
    request_resume(rq);
}

static void on_drain(void *app, stream_t *stream)
{
    (void)app;
    request_t *rq = stream_user(stream);
    if (rq && rq->on_drain)
        rq->on_drain(rq);
}

/* The one end of every request. */
static void request_end(void *app, stream_t *stream, bool is_complete)
{
    (void)app;
    request_t *rq = stream_user(stream);
    if (!rq)
        return;
    if (rq->on_gone)
        rq->on_gone(rq);
    db_call_abandon(&rq->call);
    flush_leave(&rq->flush);
    request_work_end(rq);
    logline_write(rq, is_complete);
    stream_set_user(stream, NULL);
}

const stream_events_t request_events = {on_request, on_body, on_drain, request_end, request_crowd};
