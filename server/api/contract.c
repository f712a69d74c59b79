/* SPDX-License-Identifier: Apache-2.0
 * Differences between what routes.def promises and what PostgreSQL holds. */
#include "api/contract.h"

#include <stdio.h>

typedef struct {
    arena_t *arena;
    const catalog_t *catalog;
    route_table_t *routes;
    db_statements_t *statements;
    buf_t *out;
} check_t;

__attribute__((format(printf, 2, 3))) static void differ(check_t *check, const char *format, ...)
{
    char line[400];
    va_list list;
    va_start(list, format);
    int len = vsnprintf(line, sizeof line, format, list);
    va_end(list);
    if (len < 0)
        return;
    buf_add(check->out, line, (size_t)len < sizeof line ? (size_t)len : sizeof line - 1);
    buf_add_c(check->out, '\n');
}

/* --- one route ------------------------------------------------------------------------------- */

static bool is_element(const type_t *type)
{
    return type && type->kind != TYPE_OTHER && type->kind != TYPE_VOID &&
           type->kind != TYPE_ARRAY && type->kind != TYPE_COMPOSITE && type->kind != TYPE_BYTEA;
}

static bool is_argument_type(const type_t *type)
{
    return is_element(type) || (type && type->kind == TYPE_ARRAY && is_element(type->element));
}

static bool is_result_type(const type_t *type)
{
    if (type && type->kind == TYPE_ARRAY)
        type = type->element;
    return type && type->kind != TYPE_OTHER && type->kind != TYPE_VOID && type->kind != TYPE_ARRAY;
}

static void check_arguments(check_t *check, const route_t *route, const function_t *function)
{
    for (unsigned i = 0; i < function->argument_count; i++) {
        const argument_t *argument = &function->arguments[i];
        if (strncmp(argument->name, "p_", 2) != 0)
            differ(check, "api.%s: argument %u has no name p_...", function->name, i + 1);
        if (!is_argument_type(argument->type))
            differ(check, "api.%s: argument %s has a type requests cannot carry (%s)",
                   function->name, argument->name, argument->type ? argument->type->name : "?");
    }
    for (unsigned i = 0; i < route->param_count; i++)
        if (!function_argument(function, route->params[i]))
            differ(check, "%s: {%.*s} is not an argument of api.%s", route->path,
                   (int)route->params[i].len, route->params[i].ptr, function->name);
    if (function->argument_count > DB_PARAMS_MAX)
        differ(check, "api.%s: more than %d arguments", function->name, DB_PARAMS_MAX);
}

static void check_result(check_t *check, const function_t *function)
{
    const type_t *type = function->returns;
    if (!type || type->kind == TYPE_VOID)
        return;
    if (!function->column_count && !is_result_type(type))
        differ(check, "api.%s: returns %s, which replies cannot carry", function->name, type->name);
    for (unsigned i = 0; i < function->column_count; i++)
        if (!is_result_type(function->columns[i].type))
            differ(check, "api.%s: column %s has a type replies cannot carry", function->name,
                   function->columns[i].name);
}

static void check_function(check_t *check, const route_t *route, const function_t *function)
{
    bool is_read = route->is_read;
    if (function->is_duplicate)
        differ(check, "api.%s: overloaded", function->name);
    if (is_read && function->volatility != 's')
        differ(check, "api.%s: a read must be STABLE", function->name);
    if (!is_read && function->volatility != 'v')
        differ(check, "api.%s: a %s must be VOLATILE", function->name,
               http_method_name(route->method));
    if (!*function->comment)
        differ(check, "api.%s: has no comment", function->name);
    if (function->is_definer && !strstr(function->config, "search_path="))
        differ(check, "api.%s: SECURITY DEFINER without a pinned search_path", function->name);
}

/* The logins that must hold EXECUTE, in the order in which the catalogue lists them. */
static void expected_grantees(uint32_t roles, buf_t *out)
{
    static const class_t order[] = {CLASS_AUDITOR, CLASS_DEALER, CLASS_HEAD_OFFICE, CLASS_LOGIN,
                                    CLASS_SYSTEM};
    for (unsigned i = 0; i < CLASS_COUNT; i++)
        if (roles & class_infos[order[i]].role_bits) {
            if (out->len)
                buf_add_c(out, ',');
            buf_add_str(out, str_of(class_infos[order[i]].user));
        }
}

static void check_grants(check_t *check, const function_t *function, uint32_t roles)
{
    buf_t expected = buf_make(256);
    expected_grantees(roles, &expected);
    if (!str_eq(buf_str(&expected), str_of(function->grantees)))
        differ(check, "api.%s: EXECUTE is held by [%s], routes.def says [%.*s]", function->name,
               function->grantees, (int)expected.len, expected.len ? expected.ptr : "");
    buf_free(&expected);
}

static shape_t shape_of(const function_t *function)
{
    const type_t *type = function->returns;
    if (function->column_count)
        return function->is_set ? SHAPE_ROWS : SHAPE_ROW;
    if (type && type->kind == TYPE_VOID)
        return SHAPE_VOID;
    return function->is_set ? SHAPE_ROWS : SHAPE_SCALAR;
}

/* The call of a route, plain or with everything that may be asked. A POST keeps its answer for
 * repeats, whatever shape it has. */
static const db_statement_t *make_call(check_t *check, const route_t *route,
                                       const function_t *function, bool is_plain)
{
    unsigned given = 0;
    buf_t sql = buf_make(DB_STATEMENT_SQL_BYTES - 1);
    if (!route->is_stored)
        BUF_ADD(&sql, "select * from ");
    else if (route->shape == SHAPE_VOID)
        BUF_ADD(&sql, "select session.remember('null'::json) from ");
    else if (route->shape == SHAPE_ROWS)
        BUF_ADD(&sql, "select session.remember(json_build_object('items',"
                      " coalesce(json_agg(r), '[]'::json), 'next', null, 'estimate', null)) from ");
    else
        BUF_ADD(&sql, "select session.remember(to_json(r)) from ");
    buf_addf(&sql, "api.%s(", function->name);
    for (unsigned i = 0; i < function->argument_count; i++) {
        const argument_t *argument = &function->arguments[i];
        buf_addf(&sql, "%s%s => ", i ? ", " : "", argument->name);
        if (is_plain && !argument_is_plain(argument))
            BUF_ADD(&sql, "null");
        else
            buf_addf(&sql, "$%u", ++given);
    }
    BUF_ADD(&sql, ") r");
    buf_add_c(&sql, 0);
    const db_statement_t *statement =
        sql.is_full ? NULL : db_statements_add(check->statements, sql.ptr, given);
    buf_free(&sql);
    if (!statement)
        differ(check, "api.%s: its call cannot be made", function->name);
    return statement;
}

/* The step before an export's call: the same rows counted, and the file opened. One parameter more
 * than the call has: what the bind calls the subject. */
static const db_statement_t *make_opening(check_t *check, const function_t *function)
{
    buf_t sql = buf_make(DB_STATEMENT_SQL_BYTES - 1);
    buf_addf(&sql, "select * from session.export_open($%u::text, (select count(*) from api.%s(",
             function->argument_count + 1, function->name);
    for (unsigned i = 0; i < function->argument_count; i++)
        buf_addf(&sql, "%s%s => $%u", i ? ", " : "", function->arguments[i].name, i + 1);
    BUF_ADD(&sql, ") r)) x");
    buf_add_c(&sql, 0);
    const db_statement_t *statement =
        sql.is_full ? NULL
                    : db_statements_add(check->statements, sql.ptr, function->argument_count + 1);
    buf_free(&sql);
    if (!statement)
        differ(check, "api.%s: its opening cannot be made", function->name);
    return statement;
}

static uint32_t roles_of_function(const check_t *check, const char *name)
{
    uint32_t roles = 0;
    for (unsigned i = 0; i < route_count(check->routes); i++)
        if (strcmp(route_at(check->routes, i)->name, name) == 0)
            roles |= route_at(check->routes, i)->roles;
    return roles;
}

static void complete_route(check_t *check, route_t *route)
{
    const function_t *function = catalog_function(check->catalog, route->name);
    if (!function) {
        if (!route->is_native)
            differ(check, "%s %s: function api.%s does not exist", http_method_name(route->method),
                   route->path, route->name);
        return;
    }
    route->function = function;
    /* a POST on the slow lane is a question too long for an address */
    route->is_read = route->method == METHOD_GET || (!route->is_native && route->lane == DB_SLOW);
    check_function(check, route, function);
    check_grants(check, function, roles_of_function(check, route->name));
    if (route->is_native)
        return;
    check_arguments(check, route, function);
    check_result(check, function);
    route->shape = shape_of(function);
    route->is_stored =
        route->method == METHOD_POST && !route->is_read && !(route->roles & ROLE_PUBLIC);
    if (route->flags & FLAG_DOWNLOAD && function->column_count < 3)
        differ(check, "api.%s: a download returns (sha256, name, type)", function->name);
    if (function->argument_count <= DB_PARAMS_MAX)
        route->call = make_call(check, route, function, false);
    if (route->flags & FLAG_EXPORT) {
        if (function->argument_count < DB_PARAMS_MAX)
            route->opening = make_opening(check, function);
        return;
    }
    if (route->is_read && route->call)
        route->plain = make_call(check, route, function, true);
}

/* --- the whole ------------------------------------------------------------------------------- */

static void check_functions(check_t *check)
{
    for (unsigned i = 0; i < check->catalog->function_count; i++) {
        const function_t *function = check->catalog->functions[i];
        if (roles_of_function(check, function->name) == 0)
            differ(check, "api.%s: no route leads to it", function->name);
    }
}

static const struct {
    const char *sql; /* one text column: each row is a difference */
} fences[] = {
    {"select 'table ' || n.nspname || '.' || c.relname || ': row security is not enabled and "
     "forced'"
     " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
     " where n.nspname in ('core', 'session', 'api') and c.relkind in ('r', 'p')"
     " and not (c.relrowsecurity and c.relforcerowsecurity) order by 1"},
    {"select 'view ' || n.nspname || '.' || c.relname || ': not security_invoker'"
     " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
     " where n.nspname in ('core', 'session', 'api') and (c.relkind = 'm' or c.relkind = 'v'"
     " and not coalesce('security_invoker=true' = any (c.reloptions), false)) order by 1"},
    {"select 'function ' || p.oid::regprocedure::text || ': SECURITY DEFINER without search_path'"
     " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
     " where n.nspname in ('core', 'session', 'api') and p.prosecdef and not exists ("
     "  select from unnest(p.proconfig) s where s like 'search_path=%') order by 1"},
    {"select 'function ' || p.oid::regprocedure::text || ': PUBLIC may execute it'"
     " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
     " where n.nspname in ('core', 'session', 'api') and exists ("
     "  select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
     "  where a.grantee = 0) order by 1"},
    {"select 'the identity library is not preloaded (session_preload_libraries)'"
     " where current_setting('clientele.clock_offset_s', true) is null"},
    {"select 'function ' || f || ' does not exist or is not the library''s'"
     " from unnest(array['session.identity()', 'session.staff()', 'session.dealer()',"
     "  'session.role_bit()', 'session.session_id()']) f where not exists ("
     "  select from pg_proc p join pg_language l on l.oid = p.prolang"
     "  where p.oid = to_regprocedure(f) and l.lanname = 'c')"},
    {"select 'role ' || r || ' may set clientele.identity' from unnest(array['login', 'dealer',"
     " 'head_office', 'auditor', 'system', 'engine', 'clientele_owner']) r"
     " where to_regrole(r) is not null and has_parameter_privilege(r, 'clientele.identity', "
     "'set')"},
    {"select 'role ' || r.rolname || ': ' || concat_ws(', ',"
     "  case when r.rolsuper then 'superuser' end, case when r.rolbypassrls then 'bypasses row "
     "security' end,"
     "  case when r.rolcreaterole then 'creates roles' end, case when r.rolcreatedb then 'creates "
     "databases' end)"
     " from pg_roles r where r.rolname in ('login', 'dealer', 'head_office', 'auditor', 'system',"
     "  'engine', 'binder', 'clientele_owner')"
     " and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb)"},
    {"select 'role ' || r || ' does not exist' from unnest(array['login', 'dealer', 'head_office',"
     " 'auditor', 'system']) r where to_regrole(r) is null"},
    {"select 'PUBLIC may create in schema ' || n.nspname from pg_namespace n"
     " where n.nspname in ('core', 'session', 'api', 'public') and exists ("
     "  select from aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a"
     "  where a.grantee = 0 and a.privilege_type = 'CREATE')"},
    {"select 'PostgreSQL ' || current_setting('server_version') || ': 15.14 or later of 15 is "
     "needed'"
     " where current_setting('server_version_num')::int not between 150014 and 159999"},
};

bool contract_check(arena_t *arena, const catalog_t *catalog, route_table_t *routes,
                    db_statements_t *statements, catalog_source_t *source, buf_t *differences)
{
    check_t check = {arena, catalog, routes, statements, differences};
    for (unsigned i = 0; i < route_count(routes); i++)
        complete_route(&check, route_at(routes, i));
    check_functions(&check);
    for (size_t i = 0; i < sizeof fences / sizeof fences[0]; i++) {
        db_rows_t *rows = source->query(source, fences[i].sql);
        if (!rows)
            return false;
        for (int row = 0; row < db_row_count(rows); row++) {
            str_t line = db_text(rows, row, 0);
            differ(&check, "%.*s", (int)line.len, line.ptr ? line.ptr : "");
        }
        db_rows_free(rows);
    }
    return true;
}
