/* SPDX-License-Identifier: Apache-2.0
 * The error type and its table, generated from errors.def.
 *
 * A function that can fail for a reason the client may hear returns err_t by value; ERR_OK is zero.
 * The table gives status, slug, rule and the sentences in both languages. */
#ifndef CLIENTELE_BASE_ERR_H
#define CLIENTELE_BASE_ERR_H

#include "base/str.h"

typedef enum {
    ERR_OK = 0,
#define ERR(NAME, SQLSTATE, STATUS, SLUG, RULE, LEVEL, TITLE_RU, TITLE_EN, NEXT_RU, NEXT_EN)       \
    ERR_##NAME,
#include "errors.def"
#undef ERR
    ERR_COUNT
} err_code_t;

typedef enum { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARN, LEVEL_ERROR } level_t;

typedef enum { LANG_RU, LANG_EN, LANG_COUNT } lang_t;

/** What went wrong: code, the public name of the field it concerns (static or arena; NULL when
 * none), and where in the input (byte offset, -1 when it does not apply). */
typedef struct {
    err_code_t code;
    const char *field;
    int32_t at;
} err_t;

#define ERR_NONE ((err_t){ERR_OK, NULL, -1})

/** An error with its code only. */
static inline err_t err_of(err_code_t code)
{
    return (err_t){code, NULL, -1};
}

/** An error that concerns a field (public name; static or arena memory). */
static inline err_t err_field(err_code_t code, const char *field)
{
    return (err_t){code, field, -1};
}

/** One row of errors.def. Empty strings where the row has none. */
typedef struct {
    const char *name;
    const char *sqlstate;
    int status; /* HTTP */
    const char *slug;
    const char *rule;
    level_t level;
    const char *title[LANG_COUNT];
    const char *next[LANG_COUNT];
} err_info_t;

/** Look a code up; ERR_OK and codes out of range give the row of ERR_INTERNAL. */
const err_info_t *err_info(err_code_t code);

/** Map a five-character SQLSTATE to the code whose row names it. out: ERR_OK when no row does. */
err_code_t err_from_sqlstate(const char *sqlstate);

#endif
