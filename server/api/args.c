/* SPDX-License-Identifier: Apache-2.0
 * The request's schema is the function's signature. */
#include "api/args.h"

#include "api/value.h"
#include "http/uri.h"

typedef struct {
    arena_t *arena;
    const args_input_t *input;
    const function_t *function;
    const char *values[DB_PARAMS_MAX];
    bool is_given[DB_PARAMS_MAX];
} filling_t;

static bool name_is(const argument_t *argument, const char *name)
{
    return strcmp(argument->name, name) == 0;
}

/* Arguments that the server fills; a client may not name them. */
static bool is_special(const argument_t *argument)
{
    return name_is(argument, "p_if_match") || name_is(argument, "p_upload_sha256") ||
           name_is(argument, "p_upload_bytes") || name_is(argument, "p_upload_type") ||
           name_is(argument, "p_link");
}

static err_t find(const filling_t *filling, str_t name, unsigned *place)
{
    const argument_t *argument = function_argument(filling->function, name);
    if (!argument || is_special(argument))
        return err_field(ERR_UNKNOWN_FIELD, arena_copy(filling->arena, name).ptr);
    *place = (unsigned)(argument - filling->function->arguments);
    if (filling->is_given[*place])
        return err_field(ERR_BAD_FIELD, argument->public_name);
    return ERR_NONE;
}

static err_t fill_path(filling_t *filling)
{
    const route_t *route = filling->input->route;
    for (unsigned i = 0; i < route->param_count; i++) {
        unsigned place;
        if (filling->input->link && str_eq(route->params[i], STR("link")))
            continue;
        err_t error = find(filling, route->params[i], &place);
        if (error.code != ERR_OK)
            return error;
        error = value_from_text(filling->arena, filling->function->arguments[place].type,
                                filling->input->path_values[i], &filling->values[place]);
        if (error.code != ERR_OK)
            return err_of(ERR_NOT_FOUND); /* an id that cannot be one names nothing */
        filling->is_given[place] = true;
    }
    return ERR_NONE;
}

static err_t fill_query(filling_t *filling)
{
    str_t rest = filling->input->query, name, value;
    bool has_pair = rest.len > 0;
    while (has_pair) {
        err_t error = uri_query_next(filling->arena, &rest, &has_pair, &name, &value);
        if (error.code != ERR_OK || !has_pair)
            return error;
        unsigned place;
        error = find(filling, name, &place);
        if (error.code != ERR_OK)
            return error;
        const argument_t *argument = &filling->function->arguments[place];
        error = value_from_text(filling->arena, argument->type, value, &filling->values[place]);
        if (error.code != ERR_OK)
            return err_field(error.code, argument->public_name);
        filling->is_given[place] = true;
    }
    return ERR_NONE;
}

static err_t fill_body(filling_t *filling)
{
    if (filling->input->body.len == 0)
        return ERR_NONE;
    json_t *body;
    err_t error = json_parse(filling->arena, filling->input->body, &body);
    if (error.code != ERR_OK)
        return error;
    if (!json_is_object(body))
        return err_of(ERR_BAD_JSON);
    for (void *i = json_object_iter(body); i; i = json_object_iter_next(body, i)) {
        unsigned place;
        error = find(filling, str_of(json_object_iter_key(i)), &place);
        if (error.code != ERR_OK)
            return error;
        const argument_t *argument = &filling->function->arguments[place];
        error = value_from_json(filling->arena, argument->type, json_object_iter_value(i),
                                &filling->values[place]);
        if (error.code != ERR_OK)
            return err_field(error.code, argument->public_name);
        filling->is_given[place] = true;
    }
    return ERR_NONE;
}

/* If-Match: exactly one of our own tags, "v<number>". */
static err_t fill_if_match(filling_t *filling, unsigned place, args_t *args)
{
    str_t tag = filling->input->if_match;
    uint64_t version;
    if (!tag.ptr)
        return err_of(ERR_IF_MATCH);
    tag = str_trim(tag);
    if (tag.len < 4 || tag.ptr[0] != '"' || tag.ptr[1] != 'v' || tag.ptr[tag.len - 1] != '"' ||
        !str_to_u64(str_n(tag.ptr + 2, tag.len - 3), INT32_MAX, &version))
        return err_of(ERR_CHANGED);
    args->version = (int64_t)version;
    filling->values[place] = arena_copy(filling->arena, str_n(tag.ptr + 2, tag.len - 3)).ptr;
    return ERR_NONE;
}

static err_t fill_special(filling_t *filling, unsigned place, args_t *args)
{
    const argument_t *argument = &filling->function->arguments[place];
    const args_input_t *input = filling->input;
    if (name_is(argument, "p_if_match"))
        return fill_if_match(filling, place, args);
    if (name_is(argument, "p_upload_sha256"))
        filling->values[place] = input->upload_sha256;
    else if (name_is(argument, "p_upload_type"))
        filling->values[place] = input->upload_type;
    else if (name_is(argument, "p_upload_bytes"))
        filling->values[place] =
            arena_printf(filling->arena, "%lld", (long long)input->upload_bytes).ptr;
    else
        filling->values[place] = input->link;
    return ERR_NONE;
}

static err_t fill_limit(filling_t *filling, unsigned place, args_t *args)
{
    uint64_t limit = ARGS_LIMIT_DEFAULT;
    if (filling->values[place] &&
        (!str_to_u64(str_of(filling->values[place]), ARGS_LIMIT_MAX, &limit) || limit == 0))
        return err_field(ERR_BAD_FIELD, "limit");
    args->limit = (int64_t)limit;
    filling->values[place] = arena_printf(filling->arena, "%u", (unsigned)limit).ptr;
    return ERR_NONE;
}

/* A position comes back as reply_rows gave it out: the list's own text, sealed, in hex. */
static err_t fill_after(filling_t *filling, unsigned place)
{
    str_t hex = str_of(filling->values[place]);
    char *sealed = arena_alloc(filling->arena, hex.len / 2 + 1);
    char *text = arena_alloc(filling->arena, hex.len / 2 + 1);
    size_t len = 0;
    filling->values[place] = NULL;
    if (hex.len == 0)
        return ERR_NONE;
    if (!str_from_hex(hex, (unsigned char *)sealed) ||
        !keys_position_open(filling->input->keys, str_n(sealed, hex.len / 2), text, &len) ||
        memchr(text, 0, len) || !str_is_utf8(str_n(text, len)))
        return err_field(ERR_BAD_FIELD, "after");
    text[len] = 0;
    filling->values[place] = text;
    return ERR_NONE;
}

static err_t fill_rest(filling_t *filling, args_t *args)
{
    const function_t *function = filling->function;
    bool is_export = filling->input->route->flags & FLAG_EXPORT;
    for (unsigned i = 0; i < function->argument_count; i++) {
        const argument_t *argument = &function->arguments[i];
        err_t error = ERR_NONE;
        if (is_special(argument))
            error = fill_special(filling, i, args);
        else if (name_is(argument, "p_limit") && !is_export)
            error = fill_limit(filling, i, args);
        else if (filling->values[i] && name_is(argument, "p_after"))
            error = fill_after(filling, i);
        else if (!filling->values[i] && !argument->is_optional)
            error = err_field(ERR_MISSING_FIELD, argument->public_name);
        if (error.code != ERR_OK)
            return error;
    }
    return ERR_NONE;
}

/* Whether nothing is asked but what the plain call has. */
static bool is_plain(const filling_t *filling)
{
    for (unsigned i = 0; i < filling->function->argument_count; i++)
        if (filling->values[i] && !argument_is_plain(&filling->function->arguments[i]))
            return false;
    return filling->input->route->plain != NULL;
}

err_t args_build(arena_t *arena, const args_input_t *input, args_t *args)
{
    *args = (args_t){0};
    filling_t *filling = ARENA_NEW(arena, filling_t);
    filling->arena = arena;
    filling->input = input;
    filling->function = input->route->function;
    err_t error = fill_path(filling);
    if (error.code == ERR_OK)
        error = fill_query(filling);
    if (error.code == ERR_OK)
        error = fill_body(filling);
    if (error.code == ERR_OK)
        error = fill_rest(filling, args);
    if (error.code != ERR_OK)
        return error;
    args->is_plain = is_plain(filling);
    db_params_t *params = db_params_new(arena);
    for (unsigned i = 0; i < filling->function->argument_count; i++)
        if (!args->is_plain || argument_is_plain(&filling->function->arguments[i]))
            db_params_word(params, filling->values[i]);
    args->params = params;
    return ERR_NONE;
}
