/* SPDX-License-Identifier: Apache-2.0
 * Targets taken apart once; anything readable in two ways is refused. */
#include "http/uri.h"

#define MAX_TARGET_BYTES 4096

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char l = (char)(c | 0x20);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

bool uri_decode(arena_t *arena, str_t text, bool is_form, str_t *decoded)
{
    bool is_plain =
        str_find(text, '%') == text.len && (!is_form || str_find(text, '+') == text.len);
    if (is_plain) {
        *decoded = text.ptr ? text : STR("");
        return true;
    }
    char *out = arena_alloc(arena, text.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex(text.ptr[i + 1]) : -1;
            int low = i + 2 < text.len ? hex(text.ptr[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && is_form) {
            c = ' ';
        }
        out[n++] = c;
    }
    out[n] = '\0';
    *decoded = str_n(out, n);
    return true;
}

/* Tell whether an escape in the raw path hides a byte that would change its structure. */
static bool has_hidden_separator(str_t raw)
{
    for (size_t i = 0; i + 2 < raw.len; i++) {
        if (raw.ptr[i] == '%') {
            int byte = hex(raw.ptr[i + 1]) * 16 + hex(raw.ptr[i + 2]);
            if (byte == '/' || byte == '\\') {
                return true;
            }
        }
    }
    return false;
}

/* Tell whether a decoded path is fit: no controls, backslashes or dot segments, and UTF-8. */
static bool is_fit_path(str_t path)
{
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        if (c < 0x20 || c == 0x7f || c == '\\') {
            return false;
        }
    }
    str_t rest = path;
    str_t segment;
    while (str_split(&rest, '/', &segment)) {
        if (str_eq(segment, STR(".")) || str_eq(segment, STR(".."))) {
            return false;
        }
    }
    return str_is_utf8(path);
}

/* Take scheme and authority off an absolute form. out: false when it is not one of ours. */
static bool take_authority(str_t *target, str_t *authority)
{
    str_t rest = *target;
    size_t scheme = str_find(rest, ':');
    str_t name = str_n(rest.ptr, scheme);
    rest = str_skip(rest, scheme);
    bool is_ours = str_eq_nocase(name, STR("https")) || str_eq_nocase(name, STR("http"));
    if (!is_ours || !str_starts(rest, STR("://"))) {
        return false;
    }
    rest = str_skip(rest, 3);
    size_t end = 0;
    while (end < rest.len && rest.ptr[end] != '/' && rest.ptr[end] != '?') {
        end++;
    }
    *authority = str_n(rest.ptr, end);
    *target = str_skip(rest, end);
    return end > 0 && str_find(*authority, '@') == authority->len;
}

err_t uri_parse(arena_t *arena, str_t target, uri_t *uri)
{
    *uri = (uri_t){0};
    if (target.len > MAX_TARGET_BYTES) {
        return err_of(ERR_URI_TOO_LONG);
    }
    for (size_t i = 0; i < target.len; i++) {
        unsigned char c = (unsigned char)target.ptr[i];
        if (c <= 0x20 || c >= 0x7f || c == '#') {
            return (err_t){ERR_BAD_REQUEST, NULL, (int32_t)i};
        }
    }
    if (str_eq(target, STR("*"))) {
        *uri = (uri_t){.target = target, .path = target, .query = STR("")};
        return ERR_NONE;
    }
    bool is_absolute = target.len > 0 && target.ptr[0] != '/';
    if (target.len == 0 || (is_absolute && !take_authority(&target, &uri->authority))) {
        return err_of(ERR_BAD_REQUEST);
    }
    uri->target = target;
    size_t mark = str_find(uri->target, '?');
    str_t raw = str_n(uri->target.ptr, mark);
    uri->query = str_skip(uri->target, mark + 1);
    if (raw.len == 0) { /* absolute form without a path */
        raw = STR("/");
    }
    if (has_hidden_separator(raw) || !uri_decode(arena, raw, false, &uri->path) ||
        !is_fit_path(uri->path)) {
        return err_of(ERR_BAD_REQUEST);
    }
    return ERR_NONE;
}

/* Tell whether a decoded name or value may reach a function: no NUL, no controls but white space.
 */
static bool is_fit_text(str_t text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
            return false;
        }
    }
    return str_is_utf8(text);
}

err_t uri_query_next(arena_t *arena, str_t *rest, bool *has_pair, str_t *name, str_t *value)
{
    str_t pair = {"", 0};
    *has_pair = false;
    while (pair.len == 0) {
        if (!rest->ptr || rest->len == 0 || !str_split(rest, '&', &pair)) {
            return ERR_NONE;
        }
    }
    *has_pair = true;
    size_t at = str_find(pair, '=');
    bool is_fit = uri_decode(arena, str_n(pair.ptr, at), true, name) &&
                  uri_decode(arena, str_skip(pair, at + 1), true, value) && is_fit_text(*name) &&
                  is_fit_text(*value);
    return is_fit ? ERR_NONE : err_of(ERR_BAD_FIELD);
}
