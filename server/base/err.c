/* SPDX-License-Identifier: Apache-2.0
 * The rows of errors.def as a table. */
#include "base/err.h"

static const err_info_t rows[ERR_COUNT] = {
#define ERR(NAME, SQLSTATE, STATUS, SLUG, RULE, LEVEL, TITLE_RU, TITLE_EN, NEXT_RU, NEXT_EN)       \
    [ERR_##NAME] = {#NAME,                                                                         \
                    SQLSTATE,                                                                      \
                    STATUS,                                                                        \
                    SLUG,                                                                          \
                    RULE,                                                                          \
                    LEVEL_##LEVEL,                                                                 \
                    {TITLE_RU, TITLE_EN},                                                          \
                    {NEXT_RU, NEXT_EN}},
#include "errors.def"
#undef ERR
};

const err_info_t *err_info(err_code_t code)
{
    if (code <= ERR_OK || code >= ERR_COUNT) {
        return &rows[ERR_INTERNAL];
    }
    return &rows[code];
}

err_code_t err_from_sqlstate(const char *sqlstate)
{
    if (!sqlstate || sqlstate[0] == '\0') {
        return ERR_OK;
    }
    for (int code = 1; code < ERR_COUNT; code++) {
        if (strncmp(rows[code].sqlstate, sqlstate, 5) == 0) {
            return (err_code_t)code;
        }
    }
    return ERR_OK;
}
