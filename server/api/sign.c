/* SPDX-License-Identifier: Apache-2.0
 * One document, one signature. */
#include "api/sign.h"

#include "api/keys.h"
#include "api/reply.h"

enum { SIGNATURE_BYTES = 64 };

static bool make(const keys_t *keys, str_t line, unsigned char out[SIGNATURE_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = SIGNATURE_BYTES;
    bool is_done =
        context && EVP_DigestSignInit(context, NULL, NULL, NULL, keys->sign) == 1 &&
        EVP_DigestSign(context, out, &len, (const unsigned char *)line.ptr, line.len) == 1 &&
        len == SIGNATURE_BYTES;
    EVP_MD_CTX_free(context);
    return is_done;
}

step_t sign_reply(request_t *rq)
{
    const db_rows_t *result = request_result(rq);
    const keys_t *keys = rq->app->shared->keys;
    str_t line = result ? str_trim(db_text(result, 0, 0)) : STR("");
    if (!line.ptr || line.len == 0)
        return request_fail(rq, ERR_NOT_FOUND);
    if (!keys->sign)
        return request_fail(rq, ERR_UNAVAILABLE);
    unsigned char raw[SIGNATURE_BYTES];
    char text[2 * SIGNATURE_BYTES];
    if (memchr(line.ptr, '\n', line.len) || !make(keys, line, raw))
        return request_fail(rq, ERR_INTERNAL);
    size_t len = str_to_base64url(raw, sizeof raw, text);
    buf_t *out = &rq->app->scratch;
    buf_reset(out);
    if (!buf_add(out, line.ptr, line.len) ||
        !buf_addf(out, "\n{\"algorithm\":\"Ed25519\",\"key\":\"%s\",\"signature\":\"%.*s\"}\n",
                  keys->sign_id, (int)len, text))
        return request_fail(rq, ERR_INTERNAL);
    http_header_t headers[] = {
        {STR("content-type"), STR("application/x-ndjson")},
        {STR("content-disposition"), STR("attachment; filename=\"case.jsonl\"")}};
    rq->status = 200;
    stream_reply(rq->stream, 200, headers, 2, buf_str(out));
    return STEP_DONE;
}
