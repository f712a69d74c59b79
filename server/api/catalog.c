/* SPDX-License-Identifier: Apache-2.0
 * Reading pg_proc, pg_type, pg_enum and the comments on constraints into sorted arrays. */
#include "api/catalog.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"

#define OURS "('core', 'session', 'api')"

static const char types_sql[] =
    "select t.oid::int8, n.nspname::text, t.typname::text, t.typtype::text, t.typbasetype::int8,"
    " t.typelem::int8, t.typcategory::text, coalesce(obj_description(t.oid, 'pg_type'), ''),"
    " coalesce((select string_agg(pg_get_constraintdef(c.oid), ' and ' order by c.conname)"
    "   from pg_constraint c where c.contypid = t.oid), ''), t.typrelid::int8"
    " from pg_type t join pg_namespace n on n.oid = t.typnamespace"
    " where n.nspname in " OURS
    " or (n.nspname = 'pg_catalog' and t.typtype in ('b', 'p') and t.oid < 10000)"
    " order by t.oid";

static const char labels_sql[] =
    "select e.enumtypid::int8, e.enumlabel::text from pg_enum e"
    " join pg_type t on t.oid = e.enumtypid join pg_namespace n on n.oid = t.typnamespace"
    " where n.nspname in " OURS " order by e.enumtypid, e.enumsortorder";

static const char columns_sql[] =
    "select c.reltype::int8, a.attname::text, a.atttypid::int8, a.attnotnull,"
    " coalesce(col_description(c.oid, a.attnum), '')"
    " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
    " where n.nspname in " OURS " and c.relkind in ('c', 'r', 'v', 'p')"
    " order by c.reltype, a.attnum";

static const char functions_sql[] =
    "select p.oid::int8, p.proname::text, p.provolatile::text, p.prosecdef, p.proretset,"
    " p.prorettype::int8, coalesce(array_to_string(p.proconfig, ';'), ''),"
    " coalesce(obj_description(p.oid, 'pg_proc'), ''), p.pronargs::int8, p.pronargdefaults::int8,"
    " coalesce((select string_agg(g.who, ',' order by g.who) from (select distinct"
    "   case when a.grantee = 0 then 'PUBLIC' else pg_get_userbyid(a.grantee)::text end as who"
    "   from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
    "   where a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner"
    "   and a.grantee not in (select r.oid from pg_roles r"
    "     where r.rolname in ('engine', 'binder', 'clientele_owner'))) g), '')"
    " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
    " where n.nspname = 'api' order by p.proname collate \"C\", p.oid";

static const char arguments_sql[] =
    "select p.oid::int8, coalesce(p.proargnames[u.place], ''),"
    " coalesce(p.proargmodes[u.place]::text, 'i'), u.type::int8"
    " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
    " cross join lateral unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]))"
    "   with ordinality as u(type, place)"
    " where n.nspname = 'api' order by p.proname collate \"C\", p.oid, u.place";

static const char constraints_sql[] =
    "select distinct on (c.conname::text collate \"C\") c.conname::text,"
    " obj_description(c.oid, 'pg_constraint')"
    " from pg_constraint c join pg_namespace n on n.oid = c.connamespace"
    " where n.nspname in " OURS " and obj_description(c.oid, 'pg_constraint') is not null"
    " order by c.conname::text collate \"C\"";

static const char clock_sql[] =
    "select coalesce(nullif(current_setting('clientele.clock_offset_s', true), ''), '0')::int8";

static const char *text(arena_t *arena, const db_rows_t *rows, int row, int column)
{
    return arena_copy(arena, db_text(rows, row, column)).ptr;
}

static type_kind_t builtin_kind(Oid oid)
{
    switch (oid) {
    case 16:
        return TYPE_BOOL;
    case 17:
        return TYPE_BYTEA;
    case 20:
        return TYPE_INT8;
    case 21:
        return TYPE_INT2;
    case 23:
        return TYPE_INT4;
    case 25:
    case 1043:
        return TYPE_TEXT;
    case 114:
        return TYPE_JSON;
    case 701:
        return TYPE_FLOAT8;
    case 869:
        return TYPE_INET;
    case 1082:
        return TYPE_DATE;
    case 1184:
        return TYPE_TIMESTAMPTZ;
    case 1700:
        return TYPE_NUMERIC;
    case 2278:
        return TYPE_VOID;
    case 2950:
        return TYPE_UUID;
    case 3802:
        return TYPE_JSONB;
    default:
        return TYPE_OTHER;
    }
}

static type_t *find_type(const catalog_t *catalog, Oid oid)
{
    unsigned low = 0, high = catalog->type_count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (catalog->types[middle]->oid < oid)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < catalog->type_count && catalog->types[low]->oid == oid)
        return (type_t *)(uintptr_t)catalog->types[low];
    return NULL;
}

const type_t *catalog_type(const catalog_t *catalog, Oid oid)
{
    return find_type(catalog, oid);
}

/* Domains take the kind of their base, arrays learn their element. */
static void link_types(catalog_t *catalog)
{
    for (unsigned i = 0; i < catalog->type_count; i++) {
        type_t *type = (type_t *)(uintptr_t)catalog->types[i];
        if (type->is_domain) {
            const type_t *base = find_type(catalog, type->base_oid);
            while (base && base->is_domain)
                base = find_type(catalog, base->base_oid);
            type->kind = base ? base->kind : TYPE_OTHER;
            if (base)
                type->element = base->element;
        } else if (type->kind == TYPE_ARRAY) {
            type->element = find_type(catalog, type->base_oid);
            if (!type->element)
                type->kind = TYPE_OTHER;
        }
    }
}

static bool load_types(catalog_t *catalog, arena_t *arena, catalog_source_t *source)
{
    db_rows_t *rows = source->query(source, types_sql);
    if (!rows)
        return false;
    int count = db_row_count(rows);
    catalog->types = ARENA_ARRAY(arena, const type_t *, (size_t)count);
    type_t *types = ARENA_ARRAY(arena, type_t, (size_t)count);
    for (int i = 0; i < count; i++) {
        type_t *type = &types[i];
        char what = db_text(rows, i, 3).ptr[0], category = db_text(rows, i, 6).ptr[0];
        *type = (type_t){.oid = (Oid)db_int(rows, i, 0),
                         .schema = text(arena, rows, i, 1),
                         .name = text(arena, rows, i, 2),
                         .comment = text(arena, rows, i, 7),
                         .check = text(arena, rows, i, 8)};
        type->kind = builtin_kind(type->oid);
        if (what == 'd') {
            type->is_domain = true;
            type->base_oid = (Oid)db_int(rows, i, 4);
        } else if (what == 'e') {
            type->kind = TYPE_ENUM;
        } else if (what == 'c') {
            type->kind = TYPE_COMPOSITE;
        } else if (category == 'A') {
            type->kind = TYPE_ARRAY;
            type->base_oid = (Oid)db_int(rows, i, 5);
        }
        catalog->types[i] = type;
    }
    catalog->type_count = (unsigned)count;
    db_rows_free(rows);
    link_types(catalog);
    return true;
}

static bool load_labels(catalog_t *catalog, arena_t *arena, catalog_source_t *source)
{
    db_rows_t *rows = source->query(source, labels_sql);
    if (!rows)
        return false;
    int count = db_row_count(rows);
    const char **labels = ARENA_ARRAY(arena, const char *, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        type_t *type = find_type(catalog, (Oid)db_int(rows, i, 0));
        labels[i] = text(arena, rows, i, 1);
        if (!type)
            continue;
        if (!type->label_count)
            type->labels = &labels[i];
        type->label_count++;
    }
    db_rows_free(rows);
    return true;
}

static bool load_columns(catalog_t *catalog, arena_t *arena, catalog_source_t *source)
{
    db_rows_t *rows = source->query(source, columns_sql);
    if (!rows)
        return false;
    int count = db_row_count(rows);
    column_t *columns = ARENA_ARRAY(arena, column_t, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        type_t *type = find_type(catalog, (Oid)db_int(rows, i, 0));
        columns[i] =
            (column_t){text(arena, rows, i, 1), find_type(catalog, (Oid)db_int(rows, i, 2)),
                       text(arena, rows, i, 4), db_bool(rows, i, 3)};
        if (!type)
            continue;
        if (!type->column_count)
            type->columns = &columns[i];
        type->column_count++;
    }
    db_rows_free(rows);
    return true;
}

static function_t *find_function_oid(const catalog_t *catalog, Oid oid)
{
    for (unsigned i = 0; i < catalog->function_count; i++)
        if (catalog->functions[i]->oid == oid)
            return (function_t *)(uintptr_t)catalog->functions[i];
    return NULL;
}

static void add_argument(catalog_t *catalog, arena_t *arena, function_t *function,
                         const db_rows_t *rows, int row)
{
    const char *name = text(arena, rows, row, 1);
    char mode = db_text(rows, row, 2).ptr[0];
    const type_t *type = find_type(catalog, (Oid)db_int(rows, row, 3));
    if (mode == 't' || mode == 'o') {
        function->columns[function->column_count++] = (column_t){name, type, "", false};
        return;
    }
    function->arguments[function->argument_count++] =
        (argument_t){name, strncmp(name, "p_", 2) == 0 ? name + 2 : name, type, false};
}

static bool load_functions(catalog_t *catalog, arena_t *arena, catalog_source_t *source)
{
    enum { SLOTS = 64 };
    db_rows_t *rows = source->query(source, functions_sql);
    db_rows_t *args = rows ? source->query(source, arguments_sql) : NULL;
    if (!args) {
        db_rows_free(rows);
        return false;
    }
    int count = db_row_count(rows);
    catalog->functions = ARENA_ARRAY(arena, const function_t *, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        function_t *function = ARENA_NEW(arena, function_t);
        *function = (function_t){.oid = (Oid)db_int(rows, i, 0),
                                 .name = text(arena, rows, i, 1),
                                 .volatility = db_text(rows, i, 2).ptr[0],
                                 .is_definer = db_bool(rows, i, 3),
                                 .is_set = db_bool(rows, i, 4),
                                 .returns = find_type(catalog, (Oid)db_int(rows, i, 5)),
                                 .config = text(arena, rows, i, 6),
                                 .comment = text(arena, rows, i, 7),
                                 .grantees = text(arena, rows, i, 10)};
        function->arguments = ARENA_ARRAY(arena, argument_t, SLOTS);
        function->columns = ARENA_ARRAY(arena, column_t, 2 * SLOTS);
        if (i > 0 && strcmp(catalog->functions[i - 1]->name, function->name) == 0)
            function->is_duplicate =
                ((function_t *)(uintptr_t)catalog->functions[i - 1])->is_duplicate = true;
        catalog->functions[i] = function;
    }
    catalog->function_count = (unsigned)count;
    for (int i = 0; i < db_row_count(args); i++) {
        function_t *function = find_function_oid(catalog, (Oid)db_int(args, i, 0));
        if (function && function->argument_count < SLOTS && function->column_count < 2 * SLOTS)
            add_argument(catalog, arena, function, args, i);
    }
    for (int i = 0; i < count; i++) {
        function_t *function = (function_t *)(uintptr_t)catalog->functions[i];
        unsigned defaults = (unsigned)db_int(rows, i, 9), n = function->argument_count;
        for (unsigned a = n - (defaults < n ? defaults : n); a < n; a++)
            function->arguments[a].is_optional = true;
        const type_t *type = function->returns;
        if (type && type->kind == TYPE_COMPOSITE && !function->column_count) {
            function->columns = (column_t *)(uintptr_t)type->columns;
            function->column_count = type->column_count;
        }
    }
    db_rows_free(rows);
    db_rows_free(args);
    return true;
}

static bool load_constraints(catalog_t *catalog, arena_t *arena, catalog_source_t *source)
{
    db_rows_t *rows = source->query(source, constraints_sql);
    if (!rows)
        return false;
    int count = db_row_count(rows);
    constraint_t *constraints = ARENA_ARRAY(arena, constraint_t, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        constraint_t *constraint = &constraints[catalog->constraint_count];
        str_t rest = arena_copy(arena, db_text(rows, i, 1)), parts[4];
        unsigned n = 0;
        while (n < 4 && str_split(&rest, '|', &parts[n])) {
            parts[n] = str_trim(parts[n]);
            n++;
        }
        if (n < 4)
            continue; /* an ordinary comment, not a public sentence */
        *constraint =
            (constraint_t){text(arena, rows, i, 0), parts[0], parts[1], {parts[2], parts[3]}};
        catalog->constraint_count++;
    }
    catalog->constraints = constraints;
    db_rows_free(rows);
    return true;
}

catalog_t *catalog_load(arena_t *arena, catalog_source_t *source)
{
    catalog_t *catalog = ARENA_NEW(arena, catalog_t);
    db_rows_t *clock = source->query(source, clock_sql);
    if (!clock)
        return NULL;
    catalog->clock_offset_s = db_int(clock, 0, 0);
    db_rows_free(clock);
    if (!load_types(catalog, arena, source) || !load_labels(catalog, arena, source) ||
        !load_columns(catalog, arena, source) || !load_functions(catalog, arena, source) ||
        !load_constraints(catalog, arena, source))
        return NULL;
    return catalog;
}

const function_t *catalog_function(const catalog_t *catalog, const char *name)
{
    unsigned low = 0, high = catalog->function_count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (strcmp(catalog->functions[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_found =
        low < catalog->function_count && strcmp(catalog->functions[low]->name, name) == 0;
    return is_found ? catalog->functions[low] : NULL;
}

const constraint_t *catalog_constraint(const catalog_t *catalog, const char *name)
{
    for (unsigned i = 0; i < catalog->constraint_count; i++)
        if (strcmp(catalog->constraints[i].name, name) == 0)
            return &catalog->constraints[i];
    return NULL;
}

const argument_t *function_argument(const function_t *function, str_t public_name)
{
    for (unsigned i = 0; i < function->argument_count; i++)
        if (str_eq(str_of(function->arguments[i].public_name), public_name))
            return &function->arguments[i];
    return NULL;
}
