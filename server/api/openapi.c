/* SPDX-License-Identifier: Apache-2.0
 * Routes and types as OpenAPI 3.1. Comments of functions are their descriptions. */
#include "api/openapi.h"

#include <stdio.h>

typedef struct {
    buf_t *out;
    const catalog_t *catalog;
    bool *is_used; /* by place of the type: a schema of components is referred to */
} doc_t;

static void quoted(doc_t *doc, str_t text)
{
    buf_add_c(doc->out, '"');
    buf_add_json(doc->out, text);
    buf_add_c(doc->out, '"');
}

static unsigned place_of(const doc_t *doc, const type_t *type)
{
    for (unsigned i = 0; i < doc->catalog->type_count; i++)
        if (doc->catalog->types[i] == type)
            return i;
    return 0;
}

static bool is_named(const type_t *type)
{
    return type->kind == TYPE_COMPOSITE || type->kind == TYPE_ENUM;
}

static void add_reference(doc_t *doc, const type_t *type)
{
    doc->is_used[place_of(doc, type)] = true;
    buf_addf(doc->out, "{\"$ref\":\"#/components/schemas/%s\"}", type->name);
}

static const char *scalar_schema(type_kind_t kind)
{
    switch (kind) {
    case TYPE_BOOL:
        return "\"type\":\"boolean\"";
    case TYPE_INT2:
    case TYPE_INT4:
        return "\"type\":\"integer\",\"format\":\"int32\"";
    case TYPE_INT8:
        return "\"type\":\"integer\",\"format\":\"int64\"";
    case TYPE_FLOAT8:
    case TYPE_NUMERIC:
        return "\"type\":\"number\"";
    case TYPE_UUID:
        return "\"type\":\"string\",\"format\":\"uuid\"";
    case TYPE_DATE:
        return "\"type\":\"string\",\"format\":\"date\"";
    case TYPE_TIMESTAMPTZ:
        return "\"type\":\"string\",\"format\":\"date-time\"";
    case TYPE_JSON:
    case TYPE_JSONB:
        return "\"description\":\"JSON document\"";
    default:
        return "\"type\":\"string\"";
    }
}

static void add_schema(doc_t *doc, const type_t *type)
{
    if (type && type->kind == TYPE_ARRAY) {
        BUF_ADD(doc->out, "{\"type\":\"array\",\"items\":");
        add_schema(doc, type->element);
        buf_add_c(doc->out, '}');
    } else if (type && is_named(type) && !type->is_domain) {
        add_reference(doc, type);
    } else {
        buf_addf(doc->out, "{%s", scalar_schema(type ? type->kind : TYPE_TEXT));
        if (type && type->is_domain && *type->check) {
            BUF_ADD(doc->out, ",\"description\":");
            quoted(doc, str_of(type->check));
        }
        buf_add_c(doc->out, '}');
    }
}

/* A column may be null unless its type says otherwise. */
static void add_nullable(doc_t *doc, const column_t *column)
{
    if (column->is_required) {
        add_schema(doc, column->type);
        return;
    }
    BUF_ADD(doc->out, "{\"anyOf\":[");
    add_schema(doc, column->type);
    BUF_ADD(doc->out, ",{\"type\":\"null\"}]}");
}

static bool is_hidden(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && name[len - 1] == '_';
}

static void add_object(doc_t *doc, const column_t *columns, unsigned count)
{
    BUF_ADD(doc->out, "{\"type\":\"object\",\"properties\":{");
    for (unsigned i = 0, shown = 0; i < count; i++) {
        if (is_hidden(columns[i].name))
            continue;
        buf_addf(doc->out, "%s\"%s\":", shown++ ? "," : "", columns[i].name);
        add_nullable(doc, &columns[i]);
    }
    BUF_ADD(doc->out, "},\"required\":[");
    for (unsigned i = 0, shown = 0; i < count; i++)
        if (!is_hidden(columns[i].name))
            buf_addf(doc->out, "%s\"%s\"", shown++ ? "," : "", columns[i].name);
    BUF_ADD(doc->out, "]}");
}

/* --- operations ------------------------------------------------------------------------------ */

static bool is_filled_by_server(const argument_t *argument)
{
    return strcmp(argument->name, "p_link") == 0 || strcmp(argument->name, "p_if_match") == 0 ||
           strncmp(argument->name, "p_upload_", 9) == 0;
}

static bool is_in_path(const route_t *route, const argument_t *argument)
{
    for (unsigned i = 0; i < route->param_count; i++)
        if (str_eq(route->params[i], str_of(argument->public_name)))
            return true;
    return false;
}

static bool has_body(const route_t *route)
{
    return route->method != METHOD_GET && route->method != METHOD_DELETE &&
           !(route->flags & FLAG_UPLOAD);
}

static void begin_parameter(doc_t *doc, unsigned *shown, const char *where, str_t name,
                            bool is_required)
{
    buf_addf(doc->out, "%s{\"name\":\"%.*s\",\"in\":\"%s\",\"required\":%s,\"schema\":",
             (*shown)++ ? "," : "", (int)name.len, name.ptr, where, is_required ? "true" : "false");
}

static void add_header_parameter(doc_t *doc, unsigned *shown, str_t name)
{
    begin_parameter(doc, shown, "header", name, true);
    BUF_ADD(doc->out, "{\"type\":\"string\"}}");
}

static void add_parameters(doc_t *doc, const route_t *route)
{
    const function_t *function = route->function;
    unsigned shown = 0;
    BUF_ADD(doc->out, ",\"parameters\":[");
    for (unsigned i = 0; i < route->param_count; i++) {
        const argument_t *argument =
            function ? function_argument(function, route->params[i]) : NULL;
        begin_parameter(doc, &shown, "path", route->params[i], true);
        add_schema(doc, argument ? argument->type : NULL);
        buf_add_c(doc->out, '}');
    }
    for (unsigned i = 0; function && !has_body(route) && i < function->argument_count; i++) {
        const argument_t *argument = &function->arguments[i];
        if (is_filled_by_server(argument) || is_in_path(route, argument))
            continue;
        begin_parameter(doc, &shown, "query", str_of(argument->public_name),
                        !argument->is_optional);
        add_schema(doc, argument->type);
        BUF_ADD(doc->out, "}");
    }
    if (route->is_stored)
        add_header_parameter(doc, &shown, STR("Idempotency-Key"));
    if (function && function_argument(function, STR("if_match")))
        add_header_parameter(doc, &shown, STR("If-Match"));
    buf_add_c(doc->out, ']');
}

static void add_request_body(doc_t *doc, const route_t *route)
{
    const function_t *function = route->function;
    if (route->flags & FLAG_UPLOAD) {
        BUF_ADD(doc->out, ",\"requestBody\":{\"required\":true,\"content\":{\"*/*\":{\"schema\":"
                          "{\"type\":\"string\",\"format\":\"binary\"}}}}");
        return;
    }
    if (!has_body(route))
        return;
    unsigned shown = 0, required = 0;
    BUF_ADD(doc->out, ",\"requestBody\":{\"content\":{\"application/json\":{\"schema\":"
                      "{\"type\":\"object\",\"properties\":{");
    for (unsigned i = 0; function && i < function->argument_count; i++) {
        const argument_t *argument = &function->arguments[i];
        if (is_filled_by_server(argument) || is_in_path(route, argument))
            continue;
        buf_addf(doc->out, "%s\"%s\":", shown++ ? "," : "", argument->public_name);
        add_schema(doc, argument->type);
    }
    BUF_ADD(doc->out, "},\"required\":[");
    for (unsigned i = 0; function && i < function->argument_count; i++) {
        const argument_t *argument = &function->arguments[i];
        if (!is_filled_by_server(argument) && !is_in_path(route, argument) &&
            !argument->is_optional)
            buf_addf(doc->out, "%s\"%s\"", required++ ? "," : "", argument->public_name);
    }
    buf_addf(doc->out, "],\"additionalProperties\":%s}}}}", function ? "false" : "true");
}

static void add_result_schema(doc_t *doc, const route_t *route)
{
    const function_t *function = route->function;
    const type_t *type = function->returns;
    bool is_rows = route->shape == SHAPE_ROWS;
    if (is_rows)
        BUF_ADD(doc->out, "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
                          "\"items\":");
    if (type->kind == TYPE_COMPOSITE)
        add_reference(doc, type);
    else if (function->column_count)
        add_object(doc, function->columns, function->column_count);
    else
        add_schema(doc, type);
    if (is_rows)
        BUF_ADD(doc->out, "},\"next\":{\"type\":[\"string\",\"null\"]},"
                          "\"estimate\":{\"type\":[\"integer\",\"null\"]}},"
                          "\"required\":[\"items\",\"next\",\"estimate\"]}");
}

static void add_responses(doc_t *doc, const route_t *route)
{
    bool is_empty = route->function && !route->is_native && route->shape == SHAPE_VOID;
    buf_addf(doc->out, ",\"responses\":{\"%d\":{\"description\":\"ok\"", is_empty ? 204 : 200);
    if (route->flags & FLAG_EXPORT)
        BUF_ADD(doc->out, ",\"content\":{\"text/csv\":{\"schema\":{\"type\":\"string\"}}}");
    else if (route->flags & FLAG_DOWNLOAD)
        BUF_ADD(doc->out, ",\"content\":{\"*/*\":{\"schema\":{\"type\":\"string\","
                          "\"format\":\"binary\"}}}");
    else if (route->flags & FLAG_SIGN)
        BUF_ADD(doc->out,
                ",\"content\":{\"application/x-ndjson\":{\"schema\":{\"type\":\"string\"}}}");
    else if (!is_empty && route->function && route->function->returns) {
        BUF_ADD(doc->out, ",\"content\":{\"application/json\":{\"schema\":");
        add_result_schema(doc, route);
        BUF_ADD(doc->out, "}}");
    }
    BUF_ADD(doc->out, "},\"default\":{\"$ref\":\"#/components/responses/Problem\"}}");
}

static void add_operation(doc_t *doc, const route_t *route)
{
    static const char *const methods[] = {"get", "head", "post", "put", "patch", "delete"};
    const function_t *function = route->function;
    buf_addf(doc->out, "\"%s\":{\"operationId\":\"%s\",\"summary\":", methods[route->method],
             route->name);
    str_t comment = str_trim(str_of(function ? function->comment : ""));
    while (comment.len && (comment.ptr[0] == '\n' || comment.ptr[0] == '\r'))
        comment = str_skip(comment, 1);
    quoted(doc, str_n(comment.ptr, str_find(comment, '\n')));
    if (comment.len) {
        BUF_ADD(doc->out, ",\"description\":");
        quoted(doc, comment);
    }
    add_parameters(doc, route);
    add_request_body(doc, route);
    add_responses(doc, route);
    if (route->roles & ROLE_PUBLIC)
        BUF_ADD(doc->out, ",\"security\":[]");
    else if (route->flags & FLAG_MTLS)
        BUF_ADD(doc->out, ",\"security\":[{\"token\":[]}]");
    buf_addf(doc->out, ",\"x-roles\":%u}", (unsigned)route->roles);
}

static void add_paths(doc_t *doc, const route_table_t *routes)
{
    unsigned count = route_count(routes), paths = 0;
    for (unsigned i = 0; i < count; i++) {
        const route_t *route = route_at(routes, i);
        bool is_first = true;
        for (unsigned j = 0; j < i && is_first; j++)
            is_first = strcmp(route_at(routes, j)->path, route->path) != 0;
        if (!is_first)
            continue;
        buf_addf(doc->out, "%s\"%s\":{", paths++ ? "," : "", route->path);
        for (unsigned j = i, operations = 0; j < count; j++)
            if (strcmp(route_at(routes, j)->path, route->path) == 0) {
                if (operations++)
                    buf_add_c(doc->out, ',');
                add_operation(doc, route_at(routes, j));
            }
        buf_add_c(doc->out, '}');
    }
}

/* --- components ------------------------------------------------------------------------------ */

static void add_component(doc_t *doc, const type_t *type)
{
    if (type->kind == TYPE_COMPOSITE) {
        add_object(doc, type->columns, type->column_count);
        return;
    }
    BUF_ADD(doc->out, "{\"type\":\"string\",\"enum\":[");
    for (unsigned i = 0; i < type->label_count; i++) {
        if (i)
            buf_add_c(doc->out, ',');
        quoted(doc, str_of(type->labels[i]));
    }
    BUF_ADD(doc->out, "]}");
}

static void add_problem(doc_t *doc)
{
    BUF_ADD(doc->out,
            "\"Problem\":{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\","
            "\"enum\":[");
    for (int code = ERR_OK + 1; code < ERR_COUNT; code++)
        buf_addf(doc->out, "%s\"/v1/errors#%s\"", code > 1 ? "," : "",
                 err_info((err_code_t)code)->slug);
    BUF_ADD(doc->out, "]},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
                      "\"detail\":{\"type\":\"string\"},\"rule\":{\"type\":\"string\"},"
                      "\"field\":{\"type\":\"string\"},\"next\":{\"type\":\"string\"},"
                      "\"request_id\":{\"type\":\"string\"},\"info\":{\"type\":\"object\","
                      "\"additionalProperties\":true}},"
                      "\"required\":[\"type\",\"title\",\"status\",\"request_id\"]}");
}

/* A schema may refer to others: repeat until no new one is used. */
static void add_components(doc_t *doc)
{
    bool is_new = true;
    unsigned count = doc->catalog->type_count;
    bool *is_written = doc->is_used + count;
    add_problem(doc);
    while (is_new) {
        is_new = false;
        for (unsigned i = 0; i < count; i++) {
            if (!doc->is_used[i] || is_written[i])
                continue;
            is_written[i] = is_new = true;
            buf_addf(doc->out, ",\"%s\":", doc->catalog->types[i]->name);
            add_component(doc, doc->catalog->types[i]);
        }
    }
}

bool openapi_write(buf_t *out, const catalog_t *catalog, const route_table_t *routes)
{
    arena_t *arena = arena_new((size_t)1 << 20);
    doc_t doc = {out, catalog, ARENA_ARRAY(arena, bool, 2 * (size_t)catalog->type_count + 1)};
    BUF_ADD(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Clientele\",\"version\":\"1\","
                 "\"description\":\"One client base for a dealer network.\"},"
                 "\"security\":[{\"session\":[]}],\"paths\":{");
    add_paths(&doc, routes);
    BUF_ADD(out, "},\"components\":{\"securitySchemes\":{\"session\":{\"type\":\"apiKey\","
                 "\"in\":\"cookie\",\"name\":\"__Host-s\"},\"token\":{\"type\":\"http\","
                 "\"scheme\":\"bearer\"}},\"responses\":{\"Problem\":{\"description\":"
                 "\"What went wrong and what to do next\",\"content\":{"
                 "\"application/problem+json\":{\"schema\":{\"$ref\":"
                 "\"#/components/schemas/Problem\"}}}}},\"schemas\":{");
    add_components(&doc);
    BUF_ADD(out, "}}}");
    arena_free(arena);
    return !out->is_full;
}
