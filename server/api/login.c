/* SPDX-License-Identifier: Apache-2.0
 * Sign-in: password, then a second factor where there is one.
 *
 *   /v1/login           begin -> Argon2id -> end, or a challenge for the second factor
 *   /v1/login/totp      challenge -> code -> end
 *   /v1/login/recovery  challenge -> recovery code -> end
 *
 * An unknown login costs and answers the same as a wrong password. */
#include "api/native.h"
#include "api/identity.h"
#include "api/password.h"
#include "api/reply.h"
#include "api/totp.h"
#include "base/clock.h"

typedef struct {
    str_t login, password, challenge, code;
    int64_t account; /* 0: none */
    bool has_totp;
    str_t phc, totp_secret;
    int64_t totp_last_step, step;
    bool is_good;
    unsigned char secret[SECRET_BYTES];
} login_t;

enum { BEGIN, VERIFY, DECIDE, CHALLENGED, ENDED, RECOVERED };

static login_t *login_of(request_t *rq)
{
    if (!rq->native) {
        login_t *login = ARENA_NEW(rq->arena, login_t);
        arena_own_secret(rq->arena, login, sizeof *login);
        worker_random(rq->app->worker, login->secret, sizeof login->secret);
        rq->native = login;
    }
    return rq->native;
}

/* Tell the database how it ended; a good end makes the session. */
static step_t end(request_t *rq, login_t *login, bool is_good, int64_t step)
{
    db_params_t *params = db_params_new(rq->arena);
    login->is_good = is_good;
    if (login->account)
        db_params_int(params, login->account);
    else
        db_params_null(params);
    if (login->login.ptr)
        db_params_text(params, login->login);
    else
        db_params_null(params);
    db_params_word(params, rq->http->peer);
    db_params_bool(params, is_good);
    if (is_good)
        db_params_bytes(params, login->secret, sizeof login->secret);
    else
        db_params_null(params);
    db_params_word(params, native_header(rq, STR("user-agent"), 400));
    if (step)
        db_params_int(params, step);
    else
        db_params_null(params);
    rq->stage = ENDED;
    return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.login_end, params);
}

static step_t finish(request_t *rq, const login_t *login)
{
    const app_shared_t *shared = rq->app->shared;
    str_t letter = native_rows(rq) ? db_text(request_result(rq), 0, 0) : (str_t){NULL, 0};
    if (!login->is_good || letter.len != 1) {
        metric_add(shared->logins_refused, 1);
        return request_fail(rq, ERR_BAD_LOGIN);
    }
    metric_add(shared->logins_ok, 1);
    str_t role = db_text(request_result(rq), 0, 1);
    str_t json = arena_printf(rq->arena, "{\"state\":\"ok\",\"role\":\"%.*s\"}", (int)role.len,
                              role.ptr ? role.ptr : "");
    reply_json_cookie(rq, 200, json, identity_cookie(rq->arena, letter.ptr[0], login->secret));
    return STEP_DONE;
}

static str_t keep(request_t *rq, int column)
{
    str_t value = db_text(request_result(rq), 0, column);
    return value.ptr ? arena_copy(rq->arena, value) : value;
}

/* --- password -------------------------------------------------------------------------------- */

static step_t begin(request_t *rq, login_t *login)
{
    static const char *const names[] = {"login", "password"};
    str_t values[2];
    rq->error = native_fields(rq, names, values, 2);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    if (!password_reserve(rq))
        return request_fail(rq, ERR_BUSY);
    login->login = values[0];
    login->password = values[1];
    db_params_t *params = db_params_new(rq->arena);
    db_params_text(params, login->login);
    db_params_word(params, rq->http->peer);
    return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.login_begin, params);
}

static step_t verify(request_t *rq, login_t *login)
{
    if (!request_succeeded(rq))
        return STEP_FAIL;
    const db_rows_t *result = request_result(rq);
    rq->retry_after_s = (int)db_int(result, 0, 4);
    if (rq->retry_after_s > 0)
        return request_fail(rq, ERR_TOO_MANY);
    login->account = db_int(result, 0, 0);
    login->phc = keep(rq, 1);
    login->has_totp = !db_is_null(result, 0, 2);
    return password_verify(rq, login->password, login->phc);
}

static step_t decide(request_t *rq, login_t *login)
{
    bool is_good = password_is_good(rq) && login->account;
    if (!is_good || !login->has_totp)
        return end(rq, login, is_good, 0);
    db_params_t *params = db_params_new(rq->arena);
    db_params_int(params, login->account);
    db_params_bytes(params, login->secret, sizeof login->secret);
    rq->stage = CHALLENGED;
    return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.challenge_open, params);
}

static step_t challenge(request_t *rq, const login_t *login)
{
    char text[SECRET_TEXT + 1];
    text[str_to_base64url(login->secret, sizeof login->secret, text)] = 0;
    reply_json(rq, 200, arena_printf(rq->arena, "{\"state\":\"totp\",\"challenge\":\"%s\"}", text));
    str_wipe(text, sizeof text);
    return STEP_DONE;
}

step_t native_login(request_t *rq)
{
    login_t *login = login_of(rq);
    switch (rq->stage) {
    case BEGIN:
        rq->stage = VERIFY;
        return begin(rq, login);
    case VERIFY:
        rq->stage = DECIDE;
        return verify(rq, login);
    case DECIDE:
        return decide(rq, login);
    case CHALLENGED:
        return request_succeeded(rq) ? challenge(rq, login) : STEP_FAIL;
    default:
        return request_succeeded(rq) ? finish(rq, login) : STEP_FAIL;
    }
}

/* --- second factor --------------------------------------------------------------------------- */

static step_t take_challenge(request_t *rq, login_t *login)
{
    static const char *const names[] = {"challenge", "code"};
    str_t values[2];
    rq->error = native_fields(rq, names, values, 2);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    unsigned char raw[SECRET_BYTES + 2];
    size_t len = 0;
    if (values[0].len != SECRET_TEXT || !str_from_base64url(values[0], raw, &len) ||
        len != SECRET_BYTES)
        return request_fail(rq, ERR_BAD_LOGIN);
    login->code = values[1];
    db_params_t *params = db_params_new(rq->arena);
    db_params_bytes(params, arena_copy(rq->arena, str_n((char *)raw, SECRET_BYTES)).ptr,
                    SECRET_BYTES);
    rq->stage = VERIFY;
    return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.challenge_get, params);
}

/* The account of the challenge. out: false when there is none any more */
static bool read_challenge(request_t *rq, login_t *login)
{
    if (native_rows(rq) == 0)
        return false;
    const db_rows_t *result = request_result(rq);
    login->account = db_int(result, 0, 0);
    login->login = keep(rq, 1);
    login->totp_secret = keep(rq, 2);
    login->totp_last_step = db_int(result, 0, 3);
    return login->account != 0;
}

static int64_t check_code(const request_t *rq, const login_t *login)
{
    unsigned char secret[64];
    if (login->totp_secret.len < SEALED_OVERHEAD ||
        login->totp_secret.len > SEALED_OVERHEAD + sizeof secret ||
        !keys_open(rq->app->shared->keys, STR("totp"), login->totp_secret, secret))
        return 0;
    int64_t step = totp_check(secret, login->totp_secret.len - SEALED_OVERHEAD, login->code,
                              clock_wall_us() / 1000000, login->totp_last_step);
    str_wipe(secret, sizeof secret);
    return step;
}

step_t native_login_totp(request_t *rq)
{
    login_t *login = login_of(rq);
    if (rq->stage == BEGIN)
        return take_challenge(rq, login);
    if (!request_succeeded(rq))
        return STEP_FAIL;
    if (rq->stage == ENDED)
        return finish(rq, login);
    if (!read_challenge(rq, login))
        return request_fail(rq, ERR_BAD_LOGIN);
    int64_t step = check_code(rq, login);
    return end(rq, login, step != 0, step);
}

/* Recovery codes are compared without dashes, spaces and case. */
static step_t use_recovery(request_t *rq, const login_t *login)
{
    char plain[32];
    size_t len = 0;
    for (size_t i = 0; i < login->code.len && len < sizeof plain; i++) {
        char c = login->code.ptr[i];
        if (c != '-' && c != ' ')
            plain[len++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    unsigned char *hash = arena_alloc(rq->arena, 32);
    keys_sha256(str_n(plain, len), hash);
    db_params_t *params = db_params_new(rq->arena);
    db_params_int(params, login->account);
    db_params_bytes(params, hash, 32);
    rq->stage = RECOVERED;
    return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.recovery_use, params);
}

step_t native_login_recovery(request_t *rq)
{
    login_t *login = login_of(rq);
    if (rq->stage == BEGIN)
        return take_challenge(rq, login);
    if (!request_succeeded(rq))
        return STEP_FAIL;
    if (rq->stage == ENDED)
        return finish(rq, login);
    if (rq->stage == RECOVERED) {
        bool is_used = db_bool(request_result(rq), 0, 0);
        return end(rq, login, is_used, is_used ? -1 : 0);
    }
    if (!read_challenge(rq, login))
        return request_fail(rq, ERR_BAD_LOGIN);
    return use_recovery(rq, login);
}
