/* SPDX-License-Identifier: Apache-2.0
 * The page behind a mailed link that offers options: a form of radio buttons, posted once. Every
 * word of it, and what a choice does, comes from the database as rows (kind, value, label). */
#include <string.h>

#include "api/native.h"
#include "api/page.h"

enum { COLUMN_KIND, COLUMN_VALUE, COLUMN_LABEL };

static bool is_kind(const db_rows_t *rows, int row, const char *kind)
{
    return str_eq(db_text(rows, row, COLUMN_KIND), str_of(kind));
}

static void add_option(buf_t *out, const db_rows_t *rows, int row)
{
    BUF_ADD(out, "<label><input type=\"radio\" name=\"pick\" required value=\"");
    page_text(out, db_text(rows, row, COLUMN_VALUE));
    BUF_ADD(out, "\">");
    page_text(out, db_text(rows, row, COLUMN_LABEL));
    BUF_ADD(out, "</label>");
}

static void add_row(buf_t *out, const db_rows_t *rows, int row)
{
    if (is_kind(rows, row, "option")) {
        add_option(out, rows, row);
    } else if (is_kind(rows, row, "button")) {
        BUF_ADD(out, "<p><button class=\"main\" type=\"submit\">");
        page_text(out, db_text(rows, row, COLUMN_LABEL));
        BUF_ADD(out, "</button></p>");
    } else {
        bool is_plain = is_kind(rows, row, "text");
        buf_addf(out, "<p%s>", is_plain ? "" : " role=\"status\"");
        page_text(out, db_text(rows, row, COLUMN_LABEL));
        BUF_ADD(out, "</p>");
    }
}

/* The first row is the title; a page without a button is an end of its own. */
static step_t reply_options(request_t *rq)
{
    const db_rows_t *rows = request_result(rq);
    int count = native_rows(rq), status = 200;
    buf_t *out = page_open(rq, count > 0 ? db_text(rows, 0, COLUMN_LABEL) : STR(""));
    BUF_ADD(out, "<form method=\"post\">");
    for (int row = 1; row < count; row++) {
        if (is_kind(rows, row, "gone"))
            status = 410;
        add_row(out, rows, row);
    }
    BUF_ADD(out, "</form>");
    page_send(rq, status);
    return STEP_DONE;
}

static const char nobody[] = "00000000-0000-0000-0000-000000000000";

step_t native_choice_page(request_t *rq)
{
    if (rq->stage++ == 0) {
        db_params_t *params = db_params_new(rq->arena);
        db_params_word(params, rq->link ? rq->link : nobody);
        db_params_bool(params, rq->lang == LANG_RU);
        return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.choice_page, params);
    }
    return request_succeeded(rq) ? reply_options(rq) : STEP_FAIL;
}

step_t native_choice_make(request_t *rq)
{
    static const char field[] = "pick=";
    if (rq->stage++ == 0) {
        const char *at =
            rq->body.len ? memmem(rq->body.ptr, rq->body.len, field, sizeof field - 1) : NULL;
        size_t left = at ? rq->body.len - (size_t)(at - rq->body.ptr) - (sizeof field - 1) : 0;
        str_t value = at ? str_n(at + sizeof field - 1, left < 36 ? left : 36) : STR("");
        db_params_t *params = db_params_new(rq->arena);
        db_params_word(params, rq->link);
        db_params_text(params, value);
        db_params_bool(params, rq->lang == LANG_RU);
        return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.choice_make, params);
    }
    return request_succeeded(rq) ? reply_options(rq) : STEP_FAIL;
}
