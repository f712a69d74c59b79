/* SPDX-License-Identifier: Apache-2.0
 * Text with {{variables}}: a logic-less subset of Mustache, compiled once, rendered for each
 * person.
 *
 *     {{name}}                    the value; empty and counted when there is none
 *     {{#name}}...{{/name}}       only when the value is there and not empty, "false" or "0"
 *     {{^name}}...{{/name}}       only when it is not
 *     {{! remark }}               nothing
 *
 * In HTML every value is escaped; there is no way around that. A brace pair that opens no tag is
 * text. Pure; values come from a function of the caller. It knows no partials and no lists. */
#ifndef CLIENTELE_DELIVER_TEMPLATE_H
#define CLIENTELE_DELIVER_TEMPLATE_H

#include "base/str.h"

enum { TEMPLATE_OPS_MAX = 2000, TEMPLATE_DEPTH_MAX = 8, TEMPLATE_NAME_MAX = 64 };

typedef struct template template_t;

/** Give the value of a variable. out: false when there is none; *value borrowed until rendered */
typedef bool (*template_value_t)(void *ctx, str_t name, str_t *value);

/** Compile.
 *  in:     source   copied
 *  out:    the template, freed by template_free; NULL when sections do not close in order, nest
 *          deeper than TEMPLATE_DEPTH_MAX, or there are more than TEMPLATE_OPS_MAX pieces */
template_t *template_new(str_t source);

/** Free; NULL is accepted. */
void template_free(template_t *t);

/** The source text, for caches. */
str_t template_source(const template_t *t);

/** Tell whether a variable of this name occurs. */
bool template_uses(const template_t *t, str_t name);

/** Append the text with the values in their places.
 *  in:     is_html   escape & < > " ' in values
 *  out:    false when `out` is full; *missing grows by the variables without value
 *  cost:   O(text) */
bool template_render(const template_t *t, template_value_t value, void *ctx, bool is_html,
                     buf_t *out, unsigned *missing);

#endif
