/* SPDX-License-Identifier: Apache-2.0
 * The error page. */
#include "api/errorpage.h"

static void add_member(buf_t *out, const char *name, const char *text)
{
    buf_addf(out, ",\"%s\":\"", name);
    buf_add_json(out, str_of(text));
    buf_add_c(out, '"');
}

void errorpage_json(buf_t *out)
{
    BUF_ADD(out, "{\"items\":[");
    for (int code = ERR_OK + 1; code < ERR_COUNT; code++) {
        const err_info_t *info = err_info((err_code_t)code);
        buf_addf(out, "%s{\"slug\":\"%s\",\"status\":%d", code > 1 ? "," : "", info->slug,
                 info->status);
        add_member(out, "rule", info->rule);
        add_member(out, "title_ru", info->title[LANG_RU]);
        add_member(out, "title_en", info->title[LANG_EN]);
        add_member(out, "next_ru", info->next[LANG_RU]);
        add_member(out, "next_en", info->next[LANG_EN]);
        buf_add_c(out, '}');
    }
    BUF_ADD(out, "],\"next\":null,\"estimate\":null}");
}

void errorpage_html(buf_t *out)
{
    BUF_ADD(out, "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\">"
                 "<title>Clientele: errors</title></head><body><h1>Errors</h1><table>"
                 "<thead><tr><th>type</th><th>status</th><th>rule</th><th>ru</th><th>en</th>"
                 "</tr></thead><tbody>");
    for (int code = ERR_OK + 1; code < ERR_COUNT; code++) {
        const err_info_t *info = err_info((err_code_t)code);
        buf_addf(out,
                 "<tr id=\"%s\"><td>%s</td><td>%d</td><td>%s</td><td lang=\"ru\">%s. %s</td>"
                 "<td lang=\"en\">%s. %s</td></tr>",
                 info->slug, info->slug, info->status, info->rule, info->title[LANG_RU],
                 info->next[LANG_RU], info->title[LANG_EN], info->next[LANG_EN]);
    }
    BUF_ADD(out, "</tbody></table></body></html>\n");
}
