/* SPDX-License-Identifier: Apache-2.0
 * errors.def as a document: JSON for programs, HTML for people. */
#ifndef CLIENTELE_API_ERRORPAGE_H
#define CLIENTELE_API_ERRORPAGE_H

#include "base/err.h"

/** Append the list as JSON: {"items": [{slug, status, rule, title_ru, title_en, next_ru,
 * next_en}]}. */
void errorpage_json(buf_t *out);

/** Append the list as an HTML page without script. */
void errorpage_html(buf_t *out);

#endif
