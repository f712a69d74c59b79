/* SPDX-License-Identifier: Apache-2.0
 * An error as application/problem+json (RFC 9457), in the caller's language. Pure. */
#ifndef CLIENTELE_HTTP_PROBLEM_H
#define CLIENTELE_HTTP_PROBLEM_H

#include "base/err.h"

#define PROBLEM_TYPE STR("application/problem+json")

/** Write {type, title, status, detail, rule, field, next, request_id, info} from the row of
 * errors.def. in:  error       code and field        lang        language of title, detail and next
 *       detail      a fuller sentence, or empty: the member is left out
 *       info_json   a JSON object of public extras, or empty
 *       request_id  32 hex digits */
void problem_write(buf_t *out, err_t error, lang_t lang, str_t detail, str_t info_json,
                   const char *request_id);

#endif
