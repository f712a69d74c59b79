/* SPDX-License-Identifier: Apache-2.0
 * Dealers' systems: enrolment with a one-time code, tokens for an enrolled certificate. */
#include "api/native.h"

#include <stdio.h>

#include "api/certify.h"
#include "api/json.h"
#include "api/reply.h"
#include "base/clock.h"

static void add_text(buf_t *out, const char *name, str_t value)
{
    buf_addf(out, "%s\"%s\":\"", out->len > 1 ? "," : "", name);
    buf_add_json(out, value);
    buf_add_c(out, '"');
}

/* --- enrolment: no certificate yet, so it comes to the browsers' door --------------------------
 */

typedef struct {
    str_t code, csr_pem;
    X509_REQ *csr;
    unsigned char code_hash[32], spki_sha256[32];
} enrol_t;

static step_t enrol_begin(request_t *rq, enrol_t *enrol)
{
    static const char *const names[] = {"code", "csr"};
    json_t *body;
    rq->error = json_parse(rq->arena, rq->body, &body);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    for (void *i = json_object_iter(body); i; i = json_object_iter_next(body, i))
        if (strcmp(json_object_iter_key(i), names[0]) && strcmp(json_object_iter_key(i), names[1]))
            return request_fail_field(rq, ERR_UNKNOWN_FIELD,
                                      arena_copy(rq->arena, str_of(json_object_iter_key(i))).ptr);
    enrol->code = json_text(body, "code");
    enrol->csr_pem = json_text(body, "csr");
    if (enrol->code.len == 0 || enrol->code.len > 200)
        return request_fail_field(rq, enrol->code.ptr ? ERR_BAD_FIELD : ERR_MISSING_FIELD, "code");
    if (enrol->csr_pem.len == 0)
        return request_fail_field(rq, ERR_MISSING_FIELD, "csr");
    rq->error = certify_read(rq->arena, enrol->csr_pem, &enrol->csr, enrol->spki_sha256);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    if (!*worker_config(rq->app->worker)->enrol_ca_key)
        return request_fail(rq, ERR_UNAVAILABLE);
    keys_sha256(str_trim(enrol->code), enrol->code_hash);
    db_params_t *params = db_params_new(rq->arena);
    db_params_bytes(params, enrol->code_hash, 32);
    db_params_bytes(params, enrol->spki_sha256, 32);
    return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.enrol_code_use, params);
}

static str_t uuid_text(arena_t *arena, str_t raw)
{
    char hex[32];
    if (raw.len != 16)
        return (str_t){NULL, 0};
    str_to_hex((const unsigned char *)raw.ptr, 16, hex);
    return arena_printf(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
                        hex + 20);
}

step_t native_enrol(request_t *rq)
{
    if (rq->stage++ == 0) {
        rq->native = ARENA_NEW(rq->arena, enrol_t);
        return enrol_begin(rq, rq->native);
    }
    if (!request_succeeded(rq))
        return STEP_FAIL;
    const enrol_t *enrol = rq->native;
    const config_t *config = worker_config(rq->app->worker);
    str_t dealer = uuid_text(rq->arena, db_text(request_result(rq), 0, 0));
    str_t name = db_text(request_result(rq), 0, 1), certificate, ca;
    if (!dealer.ptr || !name.ptr)
        return request_fail(rq, ERR_BAD_LINK);
    /* X.520 allows an organisation 64 characters; a name may be cut, the subject never */
    char organisation[65];
    snprintf(organisation, sizeof organisation, "%s", "Clientele");
    rq->error =
        certify_sign(rq->arena, enrol->csr, config->dealer_ca, config->enrol_ca_key, dealer.ptr,
                     organisation, clock_wall_us() / 1000000, &certificate, &ca);
    if (rq->error.code != ERR_OK)
        return STEP_FAIL;
    buf_t *out = &rq->app->scratch;
    buf_reset(out);
    buf_add_c(out, '{');
    add_text(out, "certificate", certificate);
    add_text(out, "ca", ca);
    add_text(out, "dealer_id", dealer);
    add_text(out, "dealer_name", name);
    buf_add_c(out, '}');
    reply_json(rq, 200, buf_str(out));
    return STEP_DONE;
}

/* --- tokens ---------------------------------------------------------------------------------- */

step_t native_token(request_t *rq)
{
    if (!rq->http->has_certificate)
        return request_fail(rq, ERR_CERTIFICATE);
    if (rq->stage++ == 0) {
        unsigned char *secret = arena_alloc(rq->arena, SECRET_BYTES);
        arena_own_secret(rq->arena, secret, SECRET_BYTES);
        worker_random(rq->app->worker, secret, SECRET_BYTES);
        rq->native = secret;
        db_params_t *params = db_params_new(rq->arena);
        db_params_bytes(params, rq->http->spki_sha256, 32);
        db_params_bytes(params, secret, SECRET_BYTES);
        return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.certificate_session, params);
    }
    if (!request_succeeded(rq))
        return STEP_FAIL;
    if (native_rows(rq) == 0)
        return request_fail(rq, ERR_CERTIFICATE);
    str_t dealer = uuid_text(rq->arena, db_text(request_result(rq), 0, 0));
    str_t token = token_make(rq->arena, rq->app->shared->keys, dealer, rq->native,
                             rq->http->certificate_sha256, clock_wall_us() / 1000000);
    if (!token.ptr)
        return request_fail(rq, ERR_UNAVAILABLE);
    reply_json(rq, 200,
               arena_printf(rq->arena,
                            "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d}",
                            token.ptr, TOKEN_LIFE_S));
    return STEP_DONE;
}
