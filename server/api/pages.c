/* SPDX-License-Identifier: Apache-2.0
 * Small fixed answers: health, the error page, the interface description, and the public page that
 * stops advertising. */
#include "api/native.h"
#include "api/page.h"
#include "api/reply.h"

static void reply_ref(request_t *rq, str_t type, const buf_t *body)
{
    http_header_t headers[] = {{STR("content-type"), type},
                               {STR("cache-control"), STR("no-cache")}};
    rq->status = 200;
    stream_reply_ref(rq->stream, 200, headers, 2, buf_str(body), NULL, NULL);
}

static void reply_text(request_t *rq, int status, str_t text)
{
    http_header_t header = {STR("content-type"), STR("text/plain; charset=utf-8")};
    rq->status = status;
    stream_reply(rq->stream, status, &header, 1, text);
}

step_t native_livez(request_t *rq)
{
    reply_text(rq, 200, STR("alive\n"));
    return STEP_DONE;
}

step_t native_readyz(request_t *rq)
{
    bool is_ready =
        !worker_is_draining(rq->app->worker) && db_pool_is_up(rq->app->pool, CLASS_LOGIN, DB_FAST);
    reply_text(rq, is_ready ? 200 : 503, is_ready ? STR("ready\n") : STR("not ready\n"));
    return STEP_DONE;
}

step_t native_openapi(request_t *rq)
{
    reply_ref(rq, STR("application/json"), &rq->app->shared->openapi);
    return STEP_DONE;
}

step_t native_errors_page(request_t *rq)
{
    const app_shared_t *shared = rq->app->shared;
    if (http_header_has(http_header(rq->http, STR("accept")), STR("text/html")))
        reply_ref(rq, STR("text/html; charset=utf-8"), &shared->errors_html);
    else
        reply_ref(rq, STR("application/json"), &shared->errors_json);
    return STEP_DONE;
}

/* --- unsubscribe ----------------------------------------------------------------------------- */

void page_text(buf_t *out, str_t text)
{
    for (size_t i = 0; i < text.len; i++)
        switch (text.ptr[i]) {
        case '&':
            BUF_ADD(out, "&amp;");
            break;
        case '<':
            BUF_ADD(out, "&lt;");
            break;
        case '>':
            BUF_ADD(out, "&gt;");
            break;
        case '"':
            BUF_ADD(out, "&quot;");
            break;
        default:
            buf_add_c(out, text.ptr[i]);
        }
}

typedef struct {
    const char *title, *question, *button, *everybody, *done, *gone;
} words_t;

static const words_t words[LANG_COUNT] = {
    [LANG_RU] = {"Отписка от рассылки", "Больше не присылать рекламные письма на адрес",
                 "Отписаться", "Отписаться от рассылок всей сети",
                 "Готово. Рекламные письма на этот адрес больше не придут.",
                 "Ссылка недействительна."},
    [LANG_EN] = {"Unsubscribe", "Stop sending advertising to", "Unsubscribe",
                 "Unsubscribe from the whole network",
                 "Done. No more advertising will be sent to this address.",
                 "This link is not valid."},
};

/* The whole look of the page. The policy allows this text alone, by its hash: the two change
 * together. */
static const char page_style[] =
    "body{margin:0;font:18px/1.5 system-ui,sans-serif;color:#14181f;background:#f6f7f9}"
    "main{max-width:30em;margin:12vh auto;padding:24px;background:#fff;border:1px solid "
    "#dfe3e8;border-radius:8px}"
    "h1{margin:0 0 16px;font-size:24px;line-height:1.25}"
    "button{min-height:44px;padding:8px 16px;font:inherit;border:1px solid "
    "#58616e;border-radius:6px;"
    "background:none;color:inherit;cursor:pointer}"
    "label{display:block;padding:10px 0}input{width:20px;height:20px;margin:0 10px 0 "
    "0;vertical-align:-4px}"
    "p:first-of-type+p button,button.main{border-color:#1f5eff;background:#1f5eff;color:#fff}"
    "@media(prefers-color-scheme:dark){body{color:#e8ebf0;background:#0f1216}"
    "main{background:#171b21;border-color:#2a3039}button{border-color:#9aa4b2}}";

/* One page without script or outside parts, in both languages: a mail program may open it. */
buf_t *page_open(request_t *rq, str_t title)
{
    buf_t *out = &rq->app->scratch;
    buf_reset(out);
    buf_addf(out,
             "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\">"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
             "<meta name=\"robots\" content=\"noindex\"><title>",
             rq->lang == LANG_RU ? "ru" : "en");
    page_text(out, title);
    buf_addf(out, "</title><style>%s</style></head><body><main><h1>", page_style);
    page_text(out, title);
    BUF_ADD(out, "</h1>");
    return out;
}

void page_send(request_t *rq, int status)
{
    buf_t *out = &rq->app->scratch;
    BUF_ADD(out, "</main></body></html>\n");
    http_header_t headers[] = {
        {STR("content-type"), STR("text/html; charset=utf-8")},
        {STR("cache-control"), STR("no-store")},
        {STR("content-security-policy"),
         STR("default-src 'none'; style-src 'sha256-G0OLzDSN/5SCj1CaakBSQ4zB9rYp0uAunbVwEQh6fSs='; "
             "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")}};
    rq->status = status;
    stream_reply(rq->stream, status, headers, 3, buf_str(out));
}

static void reply_page(request_t *rq, int status, const char *message, str_t sender, str_t address)
{
    const words_t *word = &words[rq->lang];
    buf_t *out = page_open(rq, str_of(word->title));
    if (message) {
        buf_addf(out, "<p role=\"status\">%s</p>", message);
    } else {
        buf_addf(out, "<form method=\"post\"><p>%s <strong>", word->question);
        page_text(out, address);
        BUF_ADD(out, "</strong> (");
        page_text(out, sender);
        buf_addf(out,
                 ")?</p><p><button type=\"submit\">%s</button></p><p><button type=\"submit\""
                 " name=\"everybody\" value=\"true\">%s</button></p></form>",
                 word->button, word->everybody);
    }
    page_send(rq, status);
}

step_t native_unsubscribe_page(request_t *rq)
{
    if (!rq->link) {
        reply_page(rq, 410, words[rq->lang].gone, STR(""), STR(""));
        return STEP_DONE;
    }
    if (rq->stage++ == 0) {
        db_params_t *params = db_params_new(rq->arena);
        db_params_word(params, rq->link);
        return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.unsubscribe_page, params);
    }
    if (!request_succeeded(rq))
        return STEP_FAIL;
    const db_rows_t *result = request_result(rq);
    if (native_rows(rq) == 0 || db_is_null(result, 0, 1)) {
        reply_page(rq, 410, words[rq->lang].gone, STR(""), STR(""));
        return STEP_DONE;
    }
    const char *message = db_bool(result, 0, 2) ? words[rq->lang].done : NULL;
    reply_page(rq, 200, message, db_text(result, 0, 0), db_text(result, 0, 1));
    return STEP_DONE;
}

/* Also the one-click request of a mail provider: no cookie, no page behind it. source: RFC 8058 */
step_t native_unsubscribe(request_t *rq)
{
    if (rq->stage++ == 0) {
        static const char everybody[] = "everybody=true";
        db_params_t *params = db_params_new(rq->arena);
        db_params_word(params, rq->link);
        db_params_bool(params, rq->body.len && memmem(rq->body.ptr, rq->body.len, everybody,
                                                      sizeof everybody - 1));
        return request_call_one(rq, CLASS_LOGIN, rq->app->shared->sql.unsubscribe, params);
    }
    if (!request_succeeded(rq))
        return STEP_FAIL;
    reply_page(rq, 200, words[rq->lang].done, STR(""), STR(""));
    return STEP_DONE;
}
