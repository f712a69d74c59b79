/* SPDX-License-Identifier: Apache-2.0
 * Own account: forgotten and new passwords, enrolment of a second factor. */
#include "api/native.h"
#include "api/pad.h"
#include "api/password.h"
#include "api/reply.h"
#include "api/totp.h"
#include "base/clock.h"

/* --- passwords ------------------------------------------------------------------------------- */

step_t native_password_forgot(request_t *rq)
{
    static const char *const names[] = {"login"};
    str_t login;
    if (rq->stage++ > 0) {
        if (!request_succeeded(rq))
            return STEP_FAIL;
        if (pad_hold(rq)) /* the same whether the login exists or not, in its time as well */
            return STEP_WAIT;
        reply_empty(rq);
        return STEP_DONE;
    }
    rq->error = native_fields(rq, names, &login, 1);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    db_params_t *params = db_params_new(rq->arena);
    db_params_text(params, login);
    db_params_word(params, "reset");
    db_params_word(params, rq->http->peer);
    return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.link_open, params);
}

typedef struct {
    str_t link, password;
    char uuid[37];
} new_password_t;

enum { SET_BEGIN, SET_HASH, SET_STORE, SET_DONE };

static step_t set_begin(request_t *rq)
{
    static const char *const names[] = {"link", "password"};
    str_t values[2];
    new_password_t *fresh = ARENA_NEW(rq->arena, new_password_t);
    rq->native = fresh;
    rq->error = native_fields(rq, names, values, 2);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    fresh->link = values[0];
    fresh->password = values[1];
    if (!keys_link_read(rq->app->shared->keys, 'p', fresh->link, fresh->uuid))
        return request_fail(rq, ERR_BAD_LINK);
    db_params_t *params = db_params_new(rq->arena);
    db_params_word(params, fresh->uuid);
    return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.link_get, params);
}

static step_t set_hash(request_t *rq, const new_password_t *fresh)
{
    if (!request_succeeded(rq))
        return STEP_FAIL;
    if (native_rows(rq) == 0)
        return request_fail(rq, ERR_BAD_LINK);
    if (password_is_weak(fresh->password, db_text(request_result(rq), 0, 2)))
        return request_fail_field(rq, ERR_WEAK_PASSWORD, "password");
    return password_hash(rq, fresh->password);
}

static step_t set_store(request_t *rq, const new_password_t *fresh)
{
    const char *phc = password_phc(rq);
    if (!phc)
        return request_fail(rq, ERR_INTERNAL);
    db_params_t *params = db_params_new(rq->arena);
    db_params_word(params, fresh->uuid);
    db_params_word(params, phc);
    return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.password_set, params);
}

step_t native_password_set(request_t *rq)
{
    switch (rq->stage++) {
    case SET_BEGIN:
        return set_begin(rq);
    case SET_HASH:
        return set_hash(rq, rq->native);
    case SET_STORE:
        return set_store(rq, rq->native);
    default:
        if (!request_succeeded(rq))
            return STEP_FAIL;
        reply_empty(rq);
        return STEP_DONE;
    }
}

/* --- second factor --------------------------------------------------------------------------- */

typedef struct {
    char secret[TOTP_SECRET_TEXT + 1];
} totp_begin_t;

static step_t totp_make(request_t *rq)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    unsigned char *sealed = arena_alloc(rq->arena, TOTP_SECRET_BYTES + SEALED_OVERHEAD);
    totp_begin_t *begin = ARENA_NEW(rq->arena, totp_begin_t);
    rq->native = begin;
    arena_own_secret(rq->arena, begin, sizeof *begin);
    worker_random(rq->app->worker, secret, sizeof secret);
    begin->secret[totp_to_base32(secret, sizeof secret, begin->secret)] = 0;
    bool is_sealed =
        keys_seal(rq->app->shared->keys, STR("totp"), str_n((char *)secret, sizeof secret), sealed);
    str_wipe(secret, sizeof secret);
    if (!is_sealed)
        return request_fail(rq, ERR_INTERNAL);
    db_params_t *params = db_params_new(rq->arena);
    db_params_bytes(params, sealed, TOTP_SECRET_BYTES + SEALED_OVERHEAD);
    return request_call_bound(rq, 'w', rq->app->shared->sql.totp_begin, params);
}

step_t native_totp_begin(request_t *rq)
{
    if (rq->stage++ == 0)
        return totp_make(rq);
    if (!request_succeeded(rq))
        return STEP_FAIL;
    const totp_begin_t *begin = rq->native;
    str_t login = db_text(request_result(rq), 0, 0);
    buf_t *out = &rq->app->scratch;
    buf_reset(out);
    buf_addf(out, "{\"secret\":\"%s\",\"uri\":\"otpauth://totp/Clientele:", begin->secret);
    for (size_t i = 0; i < login.len; i++) {
        char c = login.ptr[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                        (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
        if (is_plain)
            buf_add_c(out, c);
        else
            buf_addf(out, "%%%02X", (unsigned char)c);
    }
    buf_addf(out, "?secret=%s&issuer=Clientele&algorithm=SHA1&digits=6&period=30\"}",
             begin->secret);
    reply_json(rq, 200, buf_str(out));
    return STEP_DONE;
}

enum { CONFIRM_READ, CONFIRM_CHECK, CONFIRM_DONE, RECOVERY_CODES = 10 };

typedef struct {
    str_t code;
    char recovery[RECOVERY_CODES][12]; /* "abcde-fghij" */
} confirm_t;

static step_t confirm_read(request_t *rq)
{
    static const char *const names[] = {"code"};
    confirm_t *confirm = ARENA_NEW(rq->arena, confirm_t);
    rq->native = confirm;
    arena_own_secret(rq->arena, confirm, sizeof *confirm);
    rq->error = native_fields(rq, names, &confirm->code, 1);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    return request_call_bound(rq, 'r', rq->app->shared->sql.totp_pending, db_params_new(rq->arena));
}

/* Ten codes of 50 bits; the database keeps their hashes. out: a bytea[] literal */
static const char *make_recovery(request_t *rq, confirm_t *confirm)
{
    buf_t hashes = buf_make(2048);
    buf_add_c(&hashes, '{');
    for (int i = 0; i < RECOVERY_CODES; i++) {
        unsigned char random[7], hash[32];
        char text[12], hex[64];
        worker_random(rq->app->worker, random, sizeof random);
        totp_to_base32(random, sizeof random, text);
        for (int c = 0; c < 10; c++)
            text[c] = text[c] >= 'A' ? (char)(text[c] - 'A' + 'a') : text[c];
        keys_sha256(str_n(text, 10), hash);
        str_to_hex(hash, 32, hex);
        buf_addf(&hashes, "%s\"\\\\x%.64s\"", i ? "," : "", hex);
        memcpy(confirm->recovery[i], text, 5);
        confirm->recovery[i][5] = '-';
        memcpy(confirm->recovery[i] + 6, text + 5, 5);
        confirm->recovery[i][11] = 0;
    }
    buf_add_c(&hashes, '}');
    const char *literal = arena_copy(rq->arena, buf_str(&hashes)).ptr;
    buf_free(&hashes);
    return literal;
}

static step_t confirm_check(request_t *rq, confirm_t *confirm)
{
    unsigned char secret[64];
    if (!request_succeeded(rq))
        return STEP_FAIL;
    str_t sealed = db_text(request_result(rq), 0, 0);
    if (!sealed.ptr || sealed.len > SEALED_OVERHEAD + sizeof secret ||
        !keys_open(rq->app->shared->keys, STR("totp"), sealed, secret))
        return request_fail_field(rq, ERR_BAD_FIELD, "code");
    int64_t step = totp_check(secret, sealed.len - SEALED_OVERHEAD, confirm->code,
                              clock_wall_us() / 1000000, 0);
    str_wipe(secret, sizeof secret);
    if (!step)
        return request_fail_field(rq, ERR_BAD_FIELD, "code");
    db_params_t *params = db_params_new(rq->arena);
    db_params_int(params, step);
    db_params_word(params, make_recovery(rq, confirm));
    return request_call_bound(rq, 'w', rq->app->shared->sql.totp_confirm, params);
}

step_t native_totp_confirm(request_t *rq)
{
    confirm_t *confirm = rq->native;
    switch (rq->stage++) {
    case CONFIRM_READ:
        return confirm_read(rq);
    case CONFIRM_CHECK:
        return confirm_check(rq, confirm);
    default:
        break;
    }
    if (!request_succeeded(rq))
        return STEP_FAIL;
    buf_t *out = &rq->app->scratch;
    buf_reset(out);
    BUF_ADD(out, "{\"recovery_codes\":[");
    for (int i = 0; i < RECOVERY_CODES; i++)
        buf_addf(out, "%s\"%s\"", i ? "," : "", confirm->recovery[i]);
    BUF_ADD(out, "]}");
    reply_json(rq, 200, buf_str(out));
    return STEP_DONE;
}
