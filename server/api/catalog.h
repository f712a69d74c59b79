/* SPDX-License-Identifier: Apache-2.0
 * What PostgreSQL says about itself, read once at start: functions of schema api, their arguments
 * and results, the types they use, and the public sentences of constraints. The schema of every
 * request and reply is derived from it; nothing is written twice.
 *
 * Read-only after catalog_load, so every thread may use it. */
#ifndef CLIENTELE_API_CATALOG_H
#define CLIENTELE_API_CATALOG_H

#include <libpq-fe.h>

#include "base/arena.h"
#include "base/err.h"
#include "db/params.h"

typedef enum {
    TYPE_OTHER, /* not fit for an interface: the contract check refuses it in a signature */
    TYPE_VOID,
    TYPE_BOOL,
    TYPE_INT2,
    TYPE_INT4,
    TYPE_INT8,
    TYPE_FLOAT8,
    TYPE_NUMERIC,
    TYPE_TEXT,
    TYPE_UUID,
    TYPE_DATE,
    TYPE_TIMESTAMPTZ,
    TYPE_JSON,
    TYPE_JSONB,
    TYPE_INET,
    TYPE_BYTEA,
    TYPE_ENUM,
    TYPE_ARRAY,
    TYPE_COMPOSITE
} type_kind_t;

typedef struct type type_t;

typedef struct {
    const char *name;
    const type_t *type;
    const char *comment;
    bool is_required; /* not null */
} column_t;

struct type {
    Oid oid;
    const char *name; /* without schema */
    const char *schema;
    type_kind_t kind; /* of a domain: the kind of its base type */
    bool is_domain;
    Oid base_oid;              /* domain: base type; array: element; 0 otherwise */
    const type_t *element;     /* array */
    const char *comment;       /* "" when none */
    const char *check;         /* domain: its constraints as SQL, for the interface's description */
    const char *const *labels; /* enum */
    unsigned label_count;
    const column_t *columns; /* composite */
    unsigned column_count;
};

typedef struct {
    const char *name;        /* as in the function, with p_ */
    const char *public_name; /* without p_ */
    const type_t *type;
    bool is_optional; /* has a default */
} argument_t;

/** Whether the plain call of a read gives it a value: what must be given, and the page's size. */
static inline bool argument_is_plain(const argument_t *argument)
{
    return !argument->is_optional || strcmp(argument->name, "p_limit") == 0;
}

typedef struct {
    Oid oid;
    const char *name;
    const char *comment;
    const char *config;   /* "search_path=" ... */
    const char *grantees; /* who may execute, comma-separated in order, owner left out */
    char volatility;      /* i s v */
    bool is_definer;
    bool is_set;
    bool is_duplicate; /* overloaded */
    const type_t *returns;
    argument_t *arguments;
    unsigned argument_count;
    column_t *columns; /* of the result, composite or table; none for scalars */
    unsigned column_count;
} function_t;

/** A constraint with a public sentence: 'slug | field | ru | en'. */
typedef struct {
    const char *name;
    str_t slug, field, sentence[LANG_COUNT];
} constraint_t;

typedef struct {
    const type_t **types; /* sorted by oid */
    unsigned type_count;
    const function_t **functions; /* sorted by name */
    unsigned function_count;
    const constraint_t *constraints; /* sorted by name */
    unsigned constraint_count;
    int64_t clock_offset_s;
} catalog_t;

/** Asks PostgreSQL and waits; start-up only.
 *  out:    the result, NULL on failure with *reason set */
typedef struct catalog_source {
    db_rows_t *(*query)(struct catalog_source *source, const char *sql);
    char *reason;
    size_t reason_bytes;
} catalog_source_t;

/** Read the catalogue.
 *  in:     arena  of the process; source  answers queries as role login
 *  out:    NULL when a query failed; source->reason says which */
catalog_t *catalog_load(arena_t *arena, catalog_source_t *source);

/** Find things; NULL when absent. cost: O(log n) */
const type_t *catalog_type(const catalog_t *catalog, Oid oid);
const function_t *catalog_function(const catalog_t *catalog, const char *name);
const constraint_t *catalog_constraint(const catalog_t *catalog, const char *name);

/** Find an argument by its public name; NULL when the function has none. */
const argument_t *function_argument(const function_t *function, str_t public_name);

#endif
