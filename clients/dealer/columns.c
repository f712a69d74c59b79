/* SPDX-License-Identifier: Apache-2.0 */
#include "columns.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "fields.h"
#include "home.h"

#define MAP_BYTES   65536u
#define RULES_MAX   64
#define VALUE_BYTES 4096u

/** One rule of the map file. */
typedef struct {
    int field;
    bool is_constant;
    str_t text; /* column name, or the constant with its {Column} parts; empty = leave out */
} rule_t;

struct columns {
    arena_t *arena;  /* kind and rules */
    arena_t *header; /* names of the bound header */
    str_t kind;
    rule_t rules[RULES_MAX];
    size_t rule_count;
    str_t names[COLUMNS_MAX];
    size_t name_count;
    int fields[COLUMNS_MAX]; /* field each column feeds, FIELD_NONE */
    bool is_used[COLUMNS_MAX];
};

static bool parse_rule(columns_t *columns, str_t line, const char *path, int number, fault_t *fault)
{
    size_t sign = str_find(line, '=');
    if (sign == line.len || columns->rule_count == RULES_MAX)
        return fault_set(fault, EXIT_USAGE, "%s: line %d: expected field = column", path, number);
    rule_t rule = {.text = str_trim(str_skip(line, sign + 1))};
    rule.is_constant = sign > 0 && line.ptr[sign - 1] == ':';
    str_t name = str_trim(str_n(line.ptr, rule.is_constant ? sign - 1 : sign));
    rule.field = field_find(columns->kind, name);
    if (rule.field == FIELD_NONE)
        return fault_set(fault, EXIT_USAGE, "%s: line %d: rows of kind %.*s have no field %.*s",
                         path, number, (int)columns->kind.len, columns->kind.ptr, (int)name.len,
                         name.ptr);
    rule.text = arena_copy(columns->arena, rule.text);
    columns->rules[columns->rule_count++] = rule;
    return true;
}

static bool read_map(columns_t *columns, const char *path, fault_t *fault)
{
    buf_t text;
    if (!file_read(path, MAP_BYTES, &text, fault))
        return false;
    str_t rest = buf_str(&text), line;
    bool is_read = true;
    for (int number = 1; is_read && str_split(&rest, '\n', &line); number++) {
        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        line = str_trim(line);
        if (line.len > 0 && line.ptr[0] != '#')
            is_read = parse_rule(columns, line, path, number, fault);
    }
    buf_free(&text);
    return is_read;
}

columns_t *columns_new(str_t kind, const char *map_path, fault_t *fault)
{
    if (!kind_is_known(kind)) {
        fault_set(fault, EXIT_USAGE, "the kind of rows is client, vehicle, repair_order or sale");
        return NULL;
    }
    columns_t *columns = MEM_NEW(columns_t);
    columns->arena = arena_new(1u << 20);
    columns->header = arena_new(1u << 20);
    columns->kind = arena_copy(columns->arena, kind);
    if (!map_path || read_map(columns, map_path, fault))
        return columns;
    columns_free(columns);
    return NULL;
}

str_t columns_kind(const columns_t *columns)
{
    return columns->kind;
}

static size_t column_of(const columns_t *columns, str_t name)
{
    size_t i = 0;
    while (i < columns->name_count && !str_eq(columns->names[i], name))
        i++;
    return i;
}

/** Tell whether a rule decides a field. */
static bool is_ruled(const columns_t *columns, int field)
{
    for (size_t i = 0; i < columns->rule_count; i++)
        if (columns->rules[i].field == field)
            return true;
    return false;
}

/** Mark the columns that a constant mentions. out: false when one is missing in the header. */
static bool use_parts(columns_t *columns, str_t text, fault_t *fault)
{
    size_t open;
    while ((open = str_find(text, '{')) < text.len) {
        text = str_skip(text, open + 1);
        size_t end = str_find(text, '}');
        size_t column = column_of(columns, str_n(text.ptr, end));
        if (column == columns->name_count)
            return fault_set(fault, EXIT_USAGE, "the file has no column %.*s", (int)end, text.ptr);
        columns->is_used[column] = true;
        text = str_skip(text, end + 1);
    }
    return true;
}

static bool bind_rule(columns_t *columns, const rule_t *rule, fault_t *fault)
{
    if (rule->is_constant)
        return use_parts(columns, rule->text, fault);
    if (rule->text.len == 0)
        return true;
    size_t column = column_of(columns, rule->text);
    if (column == columns->name_count)
        return fault_set(fault, EXIT_USAGE, "the file has no column %.*s", (int)rule->text.len,
                         rule->text.ptr);
    columns->fields[column] = rule->field;
    columns->is_used[column] = true;
    return true;
}

bool columns_bind(columns_t *columns, const str_t *names, size_t count, fault_t *fault)
{
    if (count > COLUMNS_MAX)
        return fault_set(fault, EXIT_USAGE, "more than %d columns", COLUMNS_MAX);
    arena_reset(columns->header);
    columns->name_count = count;
    size_t fed = columns->rule_count;
    for (size_t i = 0; i < count; i++) {
        columns->names[i] = arena_copy(columns->header, str_trim(names[i]));
        int field = field_find(columns->kind, names[i]);
        bool is_free = field != FIELD_NONE && !is_ruled(columns, field);
        for (size_t k = 0; is_free && k < i; k++)
            is_free = columns->fields[k] != field;
        columns->fields[i] = is_free ? field : FIELD_NONE;
        columns->is_used[i] = is_free;
        fed += is_free;
    }
    for (size_t i = 0; i < columns->rule_count; i++)
        if (!bind_rule(columns, &columns->rules[i], fault))
            return false;
    return fed > 0 || fault_set(fault, EXIT_USAGE, "no column has a known name; use --map FILE");
}

str_t columns_unused(const columns_t *columns, size_t *at)
{
    while (*at < columns->name_count && columns->is_used[*at])
        (*at)++;
    return *at < columns->name_count ? columns->names[(*at)++] : str_n("", 0);
}

/** Write a constant with its {Column} parts replaced. */
static str_t expand(const columns_t *columns, str_t text, const str_t *cells, size_t count,
                    buf_t *out)
{
    buf_reset(out);
    while (text.len > 0) {
        size_t open = str_find(text, '{');
        buf_add(out, text.ptr, open);
        if (open == text.len)
            break;
        text = str_skip(text, open + 1);
        size_t end = str_find(text, '}');
        size_t column = column_of(columns, str_n(text.ptr, end));
        if (column < count)
            buf_add_str(out, str_trim(cells[column]));
        text = str_skip(text, end + 1);
    }
    return buf_str(out);
}

json_t *columns_row(const columns_t *columns, const str_t *cells, size_t count)
{
    json_t *data = json_object();
    for (size_t i = 0; i < count && i < columns->name_count; i++)
        if (columns->fields[i] != FIELD_NONE)
            field_put(data, columns->fields[i], cells[i]);
    buf_t text = buf_make(VALUE_BYTES);
    for (size_t i = 0; i < columns->rule_count; i++)
        if (columns->rules[i].is_constant)
            field_put(data, columns->rules[i].field,
                      expand(columns, columns->rules[i].text, cells, count, &text));
    buf_free(&text);
    return data;
}

void columns_free(columns_t *columns)
{
    if (!columns)
        return;
    arena_free(columns->arena);
    arena_free(columns->header);
    mem_free(columns);
}
