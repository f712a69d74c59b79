/* SPDX-License-Identifier: Apache-2.0
 * Path, query and body to parameters. First line: path value; second: query; rest: body. Whatever
 * is accepted must be text that PostgreSQL's input functions can be given: NUL-terminated UTF-8. */
#include <stdlib.h>

#include "api/args.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char *const labels[] = {"NEW", "USED", "\"q\\"};
static const type_t scalars[] = {
    {.kind = TYPE_TEXT},
    {.kind = TYPE_INT4},
    {.kind = TYPE_INT8},
    {.kind = TYPE_BOOL},
    {.kind = TYPE_UUID},
    {.kind = TYPE_DATE},
    {.kind = TYPE_JSON},
    {.kind = TYPE_TIMESTAMPTZ},
    {.kind = TYPE_INT2},
    {.kind = TYPE_NUMERIC},
    {.kind = TYPE_ENUM, .labels = labels, .label_count = 3},
};
static const type_t arrays[] = {{.kind = TYPE_ARRAY, .element = &scalars[0]},
                                {.kind = TYPE_ARRAY, .element = &scalars[1]},
                                {.kind = TYPE_ARRAY, .element = &scalars[10]}};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    argument_t arguments[] = {
        {"p_id", "id", &scalars[0], false}, {"p_a", "a", &scalars[0], true},
        {"p_b", "b", &scalars[1], true},    {"p_c", "c", &scalars[2], true},
        {"p_d", "d", &scalars[3], true},    {"p_e", "e", &scalars[4], true},
        {"p_f", "f", &scalars[5], true},    {"p_g", "g", &scalars[6], true},
        {"p_h", "h", &scalars[7], true},    {"p_i", "i", &scalars[8], true},
        {"p_j", "j", &scalars[9], true},    {"p_k", "k", &scalars[10], true},
        {"p_l", "l", &arrays[0], true},     {"p_m", "m", &arrays[1], true},
        {"p_n", "n", &arrays[2], true},     {"p_limit", "limit", &scalars[1], true},
    };
    function_t function = {.name = "f",
                           .arguments = arguments,
                           .argument_count = sizeof arguments / sizeof arguments[0]};
    route_t route = {.function = &function, .param_count = 1, .params = {STR("id")}};
    str_t text = str_n((const char *)bytes, len), path, query;
    if (!str_split(&text, '\n', &path) || !str_split(&text, '\n', &query) || !str_is_utf8(path) ||
        (path.len && memchr(path.ptr, 0, path.len)))
        return 0;
    arena_t *arena = arena_new((size_t)64 << 20);
    args_t args;
    args_input_t input = {.route = &route, .path_values = &path, .query = query, .body = text};
    if (args_build(arena, &input, &args).code == ERR_OK)
        for (unsigned i = 0; i < args.params->count; i++)
            if (args.params->values[i] && !str_is_utf8(str_of(args.params->values[i])))
                abort();
    arena_free(arena);
    return 0;
}
