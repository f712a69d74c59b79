/* SPDX-License-Identifier: Apache-2.0
 * Results and errors become answers. */
#include "api/reply.h"

#include "api/json.h"
#include "base/log.h"

enum { HEADERS_MAX = 6 };

typedef struct {
    http_header_t list[HEADERS_MAX];
    size_t count;
} headers_t;

static void add_header(headers_t *headers, str_t name, str_t value)
{
    headers->list[headers->count++] = (http_header_t){name, value};
}

/* --- errors ---------------------------------------------------------------------------------- */

void reply_error(request_t *rq)
{
    rq->status = err_info(rq->error.code)->status;
    if (rq->retry_after_s == 0)
        rq->retry_after_s = rq->status == 503 ? 1 : rq->status == 429 ? 60 : 0;
    stream_problem(rq->stream, rq->error, rq->detail, rq->info, rq->retry_after_s);
}

/* The public name of an argument or a column. */
static const char *public_name(request_t *rq, const char *name)
{
    if (!*name)
        return NULL;
    return arena_copy(rq->arena, str_of(strncmp(name, "p_", 2) == 0 ? name + 2 : name)).ptr;
}

static void take_ours(request_t *rq, err_code_t code)
{
    rq->error = err_field(code, public_name(rq, db_call_field(&rq->call, PG_DIAG_COLUMN_NAME)));
    str_t detail = str_of(db_call_field(&rq->call, PG_DIAG_MESSAGE_DETAIL));
    json_t *info;
    if (detail.len == 0 || json_parse(rq->arena, detail, &info).code != ERR_OK ||
        !json_is_object(info))
        return;
    rq->info = arena_copy(rq->arena, detail);
    const json_t *retry = json_object_get(info, "retry_after_s");
    if (json_is_integer(retry))
        rq->retry_after_s = (int)json_integer_value(retry);
}

/* The only argument of this domain names the field of a refused domain check. */
static const char *field_of_domain(const request_t *rq, const char *domain)
{
    const function_t *function = rq->route->function;
    const char *found = NULL;
    for (unsigned i = 0; function && i < function->argument_count; i++)
        if (strcmp(function->arguments[i].type->name, domain) == 0) {
            if (found)
                return NULL;
            found = function->arguments[i].public_name;
        }
    return found;
}

static void take_constraint(request_t *rq, const char *sqlstate)
{
    const char *name = db_call_field(&rq->call, PG_DIAG_CONSTRAINT_NAME);
    const constraint_t *constraint = catalog_constraint(rq->app->shared->catalog, name);
    bool is_conflict = strcmp(sqlstate, "23505") == 0 || strcmp(sqlstate, "23P01") == 0;
    const char *field = NULL;
    if (constraint && constraint->field.len > 0)
        field = arena_copy(rq->arena, constraint->field).ptr;
    else if (strcmp(sqlstate, "23502") == 0)
        field = public_name(rq, db_call_field(&rq->call, PG_DIAG_COLUMN_NAME));
    else if (!is_conflict)
        field = field_of_domain(rq, db_call_field(&rq->call, PG_DIAG_DATATYPE_NAME));
    err_code_t code = is_conflict                      ? ERR_CONTRADICTS
                      : strcmp(sqlstate, "23502") == 0 ? ERR_MISSING_FIELD
                                                       : ERR_BAD_FIELD;
    rq->error = err_field(code, field);
    if (!constraint)
        return;
    rq->detail = constraint->sentence[rq->lang];
    rq->info = arena_printf(rq->arena, "{\"constraint\":\"%.*s\"}", (int)constraint->slug.len,
                            constraint->slug.ptr);
}

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void log_refusal(const request_t *rq, const char *sqlstate)
{
    log_t line;
    log_open(&line, LEVEL_ERROR, "sql_error");
    log_id(&line, "request_id", str_of(rq->http->request_id));
    log_word(&line, "route", rq->route ? rq->route->name : NULL);
    log_id(&line, "sqlstate", str_of(sqlstate));
    log_int(&line, "step", rq->call.error_step);
    log_close(&line);
}

void reply_take_sql_error(request_t *rq)
{
    const char *sqlstate = rq->call.sqlstate;
    err_code_t code = err_from_sqlstate(sqlstate);
    if (code != ERR_OK && starts(sqlstate, "ZC")) {
        take_ours(rq, code);
        return;
    }
    if (starts(sqlstate, "23")) {
        take_constraint(rq, sqlstate);
        return;
    }
    if (starts(sqlstate, "40") || strcmp(sqlstate, "57014") == 0 || strcmp(sqlstate, "55P03") == 0)
        rq->error = err_of(ERR_BUSY);
    else if (starts(sqlstate, "53") || starts(sqlstate, "57") || starts(sqlstate, "08"))
        rq->error = err_of(ERR_UNAVAILABLE);
    else if (starts(sqlstate, "22"))
        rq->error = err_of(ERR_BAD_FIELD);
    else
        rq->error = err_of(strcmp(sqlstate, "42501") == 0 ? ERR_FORBIDDEN : ERR_INTERNAL);
    if (!starts(sqlstate, "22") && !starts(sqlstate, "40"))
        log_refusal(rq, sqlstate);
}

/* --- answers --------------------------------------------------------------------------------- */

void reply_json_cookie(request_t *rq, int status, str_t json, str_t cookie)
{
    headers_t headers = {.count = 0};
    add_header(&headers, STR("content-type"), STR("application/json"));
    if (cookie.len)
        add_header(&headers, STR("set-cookie"), cookie);
    rq->status = status;
    stream_reply(rq->stream, status, headers.list, headers.count, json);
}

void reply_json(request_t *rq, int status, str_t json)
{
    reply_json_cookie(rq, status, json, STR(""));
}

void reply_empty(request_t *rq)
{
    rq->status = 204;
    stream_reply(rq->stream, 204, NULL, 0, STR(""));
}

static const rowenc_plan_t *plan_of(request_t *rq, const db_rows_t *result)
{
    const rowenc_plan_t **plan = &rq->app->plans[rq->route->index];
    if (!*plan || !rowenc_fits(*plan, result))
        *plan = rowenc_plan(rq->app->arena, rq->app->shared->catalog, result);
    return *plan;
}

static bool add_rows(request_t *rq, buf_t *out, const rowenc_plan_t *plan, const db_rows_t *result)
{
    int rows = db_row_count(result);
    BUF_ADD(out, "{\"items\":[");
    for (int i = 0; i < rows; i++) {
        if (i)
            buf_add_c(out, ',');
        if (!rowenc_json_row(out, rq->app->shared->catalog, plan, result, i))
            return false;
    }
    BUF_ADD(out, "],\"next\":");
    str_t cursor = {NULL, 0};
    if (plan->cursor_column >= 0 && rq->args.limit > 0 && rows == rq->args.limit)
        cursor = db_text(result, rows - 1, plan->cursor_column);
    if (cursor.ptr) {
        size_t len = keys_position_bytes(cursor.len);
        unsigned char *sealed = arena_alloc(rq->arena, len);
        keys_position_seal(rq->app->shared->keys, cursor, sealed);
        buf_add_c(out, '"');
        char *hex = buf_reserve(out, 2 * len);
        if (!hex)
            return false;
        str_to_hex(sealed, len, hex);
        out->len += 2 * len;
        buf_add_c(out, '"');
    } else {
        BUF_ADD(out, "null");
    }
    BUF_ADD(out, ",\"estimate\":");
    if (plan->estimate_column >= 0 && !db_is_null(result, 0, plan->estimate_column))
        buf_add_i64(out, db_int(result, 0, plan->estimate_column));
    else
        BUF_ADD(out, "null");
    return buf_add_c(out, '}');
}

static step_t reply_rows(request_t *rq, const db_rows_t *result)
{
    const rowenc_plan_t *plan = plan_of(rq, result);
    buf_t *out = &rq->app->scratch;
    buf_reset(out);
    if (!plan || !add_rows(rq, out, plan, result))
        return request_fail(rq, ERR_INTERNAL);
    reply_json(rq, 200, buf_str(out));
    return STEP_DONE;
}

static bool is_all_null(const db_rows_t *result)
{
    for (int i = 0; i < db_column_count(result); i++)
        if (!db_is_null(result, 0, i))
            return false;
    return true;
}

static str_t etag_of(request_t *rq, int64_t version)
{
    char text[24] = "\"v";
    size_t len = 2 + str_put_i64(version, text + 2);
    text[len++] = '"';
    return arena_copy(rq->arena, str_n(text, len));
}

static step_t reply_row(request_t *rq, const db_rows_t *result)
{
    if (db_row_count(result) == 0 || is_all_null(result))
        return request_fail(rq, ERR_NOT_FOUND);
    const rowenc_plan_t *plan = plan_of(rq, result);
    buf_t *out = &rq->app->scratch;
    buf_reset(out);
    if (!plan || !rowenc_json_row(out, rq->app->shared->catalog, plan, result, 0))
        return request_fail(rq, ERR_INTERNAL);
    headers_t headers = {.count = 0};
    add_header(&headers, STR("content-type"), STR("application/json"));
    rq->status = 200;
    if (plan->status_column >= 0 && !db_is_null(result, 0, plan->status_column))
        rq->status = (int)db_int(result, 0, plan->status_column);
    if (plan->version_column >= 0) {
        str_t etag = etag_of(rq, db_int(result, 0, plan->version_column));
        add_header(&headers, STR("etag"), etag);
        str_t known = http_header(rq->http, STR("if-none-match"));
        if (rq->http->method <= METHOD_HEAD && str_eq(str_trim(known), etag))
            rq->status = 304;
    }
    stream_reply(rq->stream, rq->status, headers.list, headers.count,
                 rq->status == 304 ? STR("") : buf_str(out));
    return STEP_DONE;
}

/* Take `"status_":N` out of the object that PostgreSQL wrote: `to_json` writes it compactly, and
 * the server's columns stand first or last in their types. out: the status, 200 when there is none
 */
static int cut_status(request_t *rq, str_t *json)
{
    static const char key[] = "\"status_\":";
    const char *at = memmem(json->ptr, json->len, key, sizeof key - 1);
    if (!at || json->ptr[0] != '{' || (at != json->ptr + 1 && at[-1] != ','))
        return 200;
    const char *end = json->ptr + json->len, *digit = at + sizeof key - 1, *after = digit;
    int status = 0;
    while (after < end && *after >= '0' && *after <= '9' && status < 1000)
        status = status * 10 + (*after++ - '0');
    if (after < end && after == digit) /* null */
        after += 4;
    size_t head = (size_t)(at - json->ptr);
    if (after < end && *after == ',')
        after++;
    else if (head > 1)
        head--; /* the comma before it */
    str_t tail = str_n(after, (size_t)(end - after));
    char *copy = arena_alloc(rq->arena, head + tail.len);
    memcpy(copy, json->ptr, head);
    memcpy(copy + head, tail.ptr, tail.len);
    *json = str_n(copy, head + tail.len);
    return status >= 200 && status < 300 ? status : 200;
}

static step_t reply_stored(request_t *rq, const db_rows_t *result)
{
    str_t json = db_text(result, 0, 0);
    int stored_status = rq->is_replay ? (int)db_int(result, 0, 1) : 0;
    if (!json.ptr || str_eq(json, STR("null"))) {
        if (rq->route->function->returns->kind != TYPE_VOID)
            return request_fail(rq, ERR_NOT_FOUND);
        reply_empty(rq);
        return STEP_DONE;
    }
    int status = cut_status(rq, &json);
    reply_json(rq, status == 200 && stored_status > 200 ? stored_status : status, json);
    return STEP_DONE;
}

static step_t reply_scalar(request_t *rq, const db_rows_t *result)
{
    str_t value = db_text(result, 0, 0);
    const type_t *type = rq->route->function->returns;
    if (!value.ptr)
        return request_fail(rq, ERR_NOT_FOUND);
    buf_t *out = &rq->app->scratch;
    buf_reset(out);
    if (!rowenc_json_value(out, rq->app->shared->catalog, type, type->kind, value, 0))
        return request_fail(rq, ERR_INTERNAL);
    str_t json = buf_str(out);
    int status = cut_status(rq, &json);
    reply_json(rq, status, json);
    return STEP_DONE;
}

step_t reply_result(request_t *rq)
{
    const db_rows_t *result = request_result(rq);
    if (!result)
        return request_fail(rq, ERR_INTERNAL);
    shape_t shape = rq->route->is_stored ? SHAPE_STORED : rq->route->shape;
    switch (shape) {
    case SHAPE_VOID:
        reply_empty(rq);
        return STEP_DONE;
    case SHAPE_ROW:
        return reply_row(rq, result);
    case SHAPE_ROWS:
        return reply_rows(rq, result);
    case SHAPE_STORED:
        return reply_stored(rq, result);
    default:
        return reply_scalar(rq, result);
    }
}
