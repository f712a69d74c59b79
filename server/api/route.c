/* SPDX-License-Identifier: Apache-2.0
 * routes.def -> rows -> a tree of segments. */
#include "api/route.h"

#include "base/check.h"

/* `system` is also a function of the C library: here it is a role */
#define system system_role

/* the words of routes.def */
enum {
#define ROLE(NAME, BIT, CLASS) NAME = BIT,
#include "roles.def"
#undef ROLE
    PUBLIC = ROLE_PUBLIC,
};

/* the bits of each class */
#define ROLE(NAME, BIT, CLASS) | (CLASS_##CLASS == OF ? (BIT) : 0)
enum {
#define OF CLASS_HEAD_OFFICE
    HQ = 0
#include "roles.def"
#undef OF
    ,
#define OF CLASS_DEALER
    DEALER = 0
#include "roles.def"
#undef OF
    ,
    STAFF = HQ | DEALER | auditor,
};
#undef ROLE

const class_info_t class_infos[CLASS_COUNT] = {
    [CLASS_LOGIN] = {"login", 0, PUBLIC},           [CLASS_DEALER] = {"dealer", 'D', DEALER},
    [CLASS_HEAD_OFFICE] = {"head_office", 'H', HQ}, [CLASS_AUDITOR] = {"auditor", 'A', auditor},
    [CLASS_SYSTEM] = {"system", 'S', system},
};

#define AUDIT    FLAG_AUDIT
#define EXPORT   FLAG_EXPORT
#define UPLOAD   FLAG_UPLOAD
#define DOWNLOAD FLAG_DOWNLOAD
#define LINK_U   FLAG_LINK_U
#define LINK_P   FLAG_LINK_P
#define LINK_C   FLAG_LINK_C
#define MTLS     FLAG_MTLS
#define PAD      FLAG_PAD
#define SIGN     FLAG_SIGN
#define ADF      FLAG_ADF

static const route_t rows[] = {
#define ROUTE(METHOD, PATH, FUNCTION, ROLES, LANE, FLAGS, TIME_MS, BODY_BYTES)                     \
    {.method = METHOD_##METHOD,                                                                    \
     .path = PATH,                                                                                 \
     .name = #FUNCTION,                                                                            \
     .roles = ROLES,                                                                               \
     .lane = DB_##LANE,                                                                            \
     .flags = FLAGS,                                                                               \
     .time_ms = TIME_MS,                                                                           \
     .body_bytes = BODY_BYTES},
#define NATIVE(METHOD, PATH, HANDLER, ROLES, FLAGS, BODY_BYTES)                                    \
    {.method = METHOD_##METHOD,                                                                    \
     .path = PATH,                                                                                 \
     .name = #HANDLER,                                                                             \
     .is_native = true,                                                                            \
     .handler = HANDLER_##HANDLER,                                                                 \
     .roles = ROLES,                                                                               \
     .flags = FLAGS,                                                                               \
     .time_ms = 5000,                                                                              \
     .body_bytes = BODY_BYTES},
#include "routes.def"
};

#undef system

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

typedef struct node node_t;
struct node {
    str_t segment; /* literal text; empty for the {parameter} child */
    node_t *children, *sibling, *parameter;
    const route_t *by_method[ROUTE_METHODS];
    bool is_end;
};

struct route_table {
    route_t rows[ROW_COUNT];
    node_t root;
};

class_t class_of_letter(char letter)
{
    for (int i = CLASS_DEALER; i < CLASS_COUNT; i++)
        if (class_infos[i].letter == letter)
            return (class_t)i;
    return CLASS_COUNT;
}

static node_t *child_of(arena_t *arena, node_t *node, str_t segment)
{
    if (segment.len > 2 && segment.ptr[0] == '{') {
        if (!node->parameter)
            node->parameter = ARENA_NEW(arena, node_t);
        return node->parameter;
    }
    node_t **at = &node->children; /* in the table's order: what is asked most stands first */
    while (*at && !str_eq((*at)->segment, segment))
        at = &(*at)->sibling;
    if (!*at) {
        *at = ARENA_NEW(arena, node_t);
        (*at)->segment = segment;
    }
    return *at;
}

static void add_row(arena_t *arena, route_table_t *table, route_t *row)
{
    node_t *node = &table->root;
    str_t rest = str_of(row->path + 1), segment;
    while (str_split(&rest, '/', &segment)) {
        if (segment.ptr[0] == '{') {
            CHECK(row->param_count < ROUTE_PARAMS_MAX);
            row->params[row->param_count++] = str_n(segment.ptr + 1, segment.len - 2);
        }
        node = child_of(arena, node, segment);
    }
    CHECK(!node->by_method[row->method]);
    node->by_method[row->method] = row;
    node->is_end = true;
}

route_table_t *route_table_new(arena_t *arena)
{
    route_table_t *table = ARENA_NEW(arena, route_table_t);
    for (unsigned i = 0; i < ROW_COUNT; i++) {
        table->rows[i] = rows[i];
        table->rows[i].index = i;
        add_row(arena, table, &table->rows[i]);
    }
    return table;
}

unsigned route_count(const route_table_t *table)
{
    (void)table;
    return ROW_COUNT;
}

route_t *route_at(const route_table_t *table, unsigned index)
{
    return (route_t *)(uintptr_t)&table->rows[index];
}

/* Walk down; a literal child is tried first, and the parameter when that way ends nowhere. Depth is
 * bounded by the table, so is the recursion. */
static const node_t *walk(const node_t *node, const str_t *segments, unsigned count,
                          route_match_t *match, unsigned params)
{
    if (count == 0)
        return node->is_end ? node : NULL;
    for (const node_t *child = node->children; child; child = child->sibling)
        if (str_eq(child->segment, segments[0])) {
            const node_t *end = walk(child, segments + 1, count - 1, match, params);
            if (end)
                return end;
            break;
        }
    if (!node->parameter || segments[0].len == 0 || params >= ROUTE_PARAMS_MAX)
        return NULL;
    match->params[params] = segments[0];
    return walk(node->parameter, segments + 1, count - 1, match, params + 1);
}

route_match_t route_match(const route_table_t *table, method_t method, str_t path)
{
    route_match_t match = {0};
    str_t segments[ROUTE_SEGMENTS_MAX], rest = str_skip(path, 1);
    unsigned count = 0;
    while (str_split(&rest, '/', &segments[count]))
        if (++count == ROUTE_SEGMENTS_MAX)
            return match;
    const node_t *end = walk(&table->root, segments, count, &match, 0);
    if (!end)
        return match;
    match.is_path = true;
    for (unsigned i = 0; i < ROUTE_METHODS; i++)
        match.by_method[i] = end->by_method[i];
    if (method == METHOD_HEAD)
        method = METHOD_GET;
    if ((unsigned)method < ROUTE_METHODS)
        match.route = end->by_method[method];
    return match;
}

void route_allow(const route_match_t *match, buf_t *out)
{
    for (unsigned i = 0; i < ROUTE_METHODS; i++) {
        if (!match->by_method[i])
            continue;
        if (out->len)
            BUF_ADD(out, ", ");
        buf_add_str(out, str_of(http_method_name((method_t)i)));
        if (i == METHOD_GET)
            BUF_ADD(out, ", HEAD");
    }
    if (out->len)
        BUF_ADD(out, ", OPTIONS");
}
