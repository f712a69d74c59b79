/* SPDX-License-Identifier: Apache-2.0
 * The narrow door to Jansson. */
#include "api/json.h"

/* Depth and NUL bytes, before Jansson sees the text: it would recurse 2048 deep and take a NUL for
 * the end. out: offset of the offence, or -1 */
static int32_t scan(str_t text)
{
    unsigned depth = 0;
    bool is_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == 0)
            return (int32_t)i;
        if (is_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                is_string = false;
            continue;
        }
        if (c == '"')
            is_string = true;
        else if (c == '[' || c == '{') {
            if (++depth > JSON_DEPTH_MAX)
                return (int32_t)i;
        } else if ((c == ']' || c == '}') && depth > 0)
            depth--;
    }
    return -1;
}

static void drop(void *value)
{
    json_decref(value);
}

err_t json_parse(arena_t *arena, str_t text, json_t **value)
{
    int32_t at = scan(text);
    if (at >= 0 || text.len == 0 || memchr(text.ptr, 0, text.len))
        return (err_t){ERR_BAD_JSON, NULL, at < 0 ? 0 : at};
    json_error_t error;
    json_t *parsed =
        json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!parsed)
        return (err_t){ERR_BAD_JSON, NULL, error.position};
    arena_own(arena, parsed, drop);
    *value = parsed;
    return ERR_NONE;
}

str_t json_text(const json_t *object, const char *name)
{
    const json_t *member = json_object_get(object, name);
    if (!json_is_string(member))
        return (str_t){NULL, 0};
    return str_n(json_string_value(member), json_string_length(member));
}

const char *json_dump(arena_t *arena, const json_t *value)
{
    size_t bytes = json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
    if (bytes == 0)
        return NULL;
    char *text = arena_alloc(arena, bytes + 1);
    json_dumpb(value, text, bytes, JSON_COMPACT | JSON_ENCODE_ANY);
    text[bytes] = 0;
    return text;
}
