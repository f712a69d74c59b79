/* SPDX-License-Identifier: Apache-2.0
 * The problem document. */
#include "http/problem.h"

static void member(buf_t *out, const char *name, str_t value)
{
    if (value.len > 0) {
        (void)buf_addf(out, ",\"%s\":\"", name);
        (void)buf_add_json(out, value);
        (void)buf_add_c(out, '"');
    }
}

void problem_write(buf_t *out, err_t error, lang_t lang, str_t detail, str_t info_json,
                   const char *request_id)
{
    const err_info_t *row = err_info(error.code);
    (void)BUF_ADD(out, "{\"type\":\"/v1/errors#");
    (void)buf_add_str(out, str_of(row->slug));
    (void)BUF_ADD(out, "\",\"status\":");
    (void)buf_add_i64(out, row->status);
    member(out, "title", str_of(row->title[lang]));
    member(out, "detail", detail);
    member(out, "rule", str_of(row->rule));
    member(out, "field", str_of(error.field));
    member(out, "next", str_of(row->next[lang]));
    member(out, "request_id", str_of(request_id));
    if (info_json.len > 0) {
        (void)BUF_ADD(out, ",\"info\":");
        (void)buf_add_str(out, info_json);
    }
    (void)buf_add_c(out, '}');
}
