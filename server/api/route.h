/* SPDX-License-Identifier: Apache-2.0
 * The surface as data: routes.def as rows, and the matcher from (method, path) to a row.
 *
 * Rows are made once at start (contract.c completes them from the catalogue) and never change after
 * that. The matcher is a tree of path segments: a literal segment wins over a {parameter}. */
#ifndef CLIENTELE_API_ROUTE_H
#define CLIENTELE_API_ROUTE_H

#include "api/catalog.h"
#include "base/metric.h"
#include "db/pool.h"
#include "http/message.h"

enum {
    ROUTE_PARAMS_MAX = 4,
    ROUTE_SEGMENTS_MAX = 12,
    ROUTE_METHODS = METHOD_OPTIONS, /* methods a row can have are below this */
};

/** The bit of rows that need no credential, beside those of roles.def. */
enum { ROLE_PUBLIC = 1 << 30 };

/** Role classes: each is a login role of PostgreSQL with lanes of its own. */
typedef enum {
    CLASS_LOGIN,
    CLASS_DEALER,
    CLASS_HEAD_OFFICE,
    CLASS_AUDITOR,
    CLASS_SYSTEM,
    CLASS_COUNT
} class_t;

/** A class as the cookie, the database and the roles see it. */
typedef struct {
    const char *user; /* login role */
    char letter;      /* first character of the cookie; 0 for none */
    uint32_t role_bits;
} class_info_t;

extern const class_info_t class_infos[CLASS_COUNT];

/** Class of a cookie's letter; CLASS_COUNT when unknown. */
class_t class_of_letter(char letter);

enum {
    FLAG_AUDIT = 1,    /* the read is written to the ledger                 */
    FLAG_EXPORT = 2,   /* all rows as CSV                                   */
    FLAG_UPLOAD = 4,   /* the body is a file                                */
    FLAG_DOWNLOAD = 8, /* the result names a file                           */
    FLAG_LINK_U = 16,  /* {link} is an unsubscribe token                    */
    FLAG_LINK_P = 32,  /* {link} is a password token                        */
    FLAG_MTLS = 64,    /* only on the listener of dealers' systems          */
    FLAG_PAD = 128,    /* answers at fixed steps of time only               */
    FLAG_SIGN = 256,   /* the answer is a file signed by the installation   */
    FLAG_LINK_C = 512, /* {link} is the token of a page that offers options  */
    FLAG_ADF = 1024,   /* the body may be an ADF document instead of JSON   */
};

typedef enum {
    SHAPE_VOID,   /* 204                                                     */
    SHAPE_ROW,    /* one composite: an object                                */
    SHAPE_ROWS,   /* a set: {items, next, estimate}                          */
    SHAPE_SCALAR, /* one value; json passes through                          */
    SHAPE_STORED, /* json that session.remember stored for repeats           */
} shape_t;

/** Every NATIVE row's handler as a number. */
typedef enum {
#define ROUTE(...)
#define NATIVE(METHOD, PATH, HANDLER, ...) HANDLER_##HANDLER,
#include "routes.def"
#undef ROUTE
#undef NATIVE
    HANDLER_COUNT
} handler_t;

typedef struct route {
    /* --- from routes.def --- */
    method_t method;
    const char *path;
    const char *name; /* of the function or the handler: the name in logs, metrics and the ledger */
    bool is_native;
    handler_t handler;
    uint32_t roles;
    db_kind_t lane;
    uint32_t flags;
    int time_ms;
    int64_t body_bytes;
    /* --- derived --- */
    unsigned index;
    unsigned param_count; /* {parameters} of the path */
    str_t params[ROUTE_PARAMS_MAX];
    const function_t *function;    /* NULL for most natives */
    const db_statement_t *call;    /* NULL for natives */
    const db_statement_t *opening; /* of an export: counts its rows and lets the file go */
    const db_statement_t *plain;   /* a read's call when nothing optional is asked: PostgreSQL plans
                                    * without what stands there as null, and need not read it */
    shape_t shape;
    bool is_read;        /* runs in a read-only transaction */
    bool is_stored;      /* POST: needs an Idempotency-Key and keeps its answer */
    metric_t answers[6]; /* by first digit of the status */
} route_t;

typedef struct route_table route_table_t;

/** Make the table and its tree in the arena. */
route_table_t *route_table_new(arena_t *arena);

/** How many rows there are. */
unsigned route_count(const route_table_t *table);
/** A row; the contract check completes it at start. */
route_t *route_at(const route_table_t *table, unsigned index);

/** What a path led to. */
typedef struct {
    const route_t *route; /* NULL when the path is unknown or the method not allowed */
    bool is_path;         /* the path exists */
    const route_t *by_method[ROUTE_METHODS]; /* rows of this path */
    str_t params[ROUTE_PARAMS_MAX];          /* slices of path */
} route_match_t;

/** Match a decoded path. HEAD is served by the GET row.
 *  in:     path  begins with '/', decoded once; empty segments match nothing
 *  cost:   O(segments x children) */
route_match_t route_match(const route_table_t *table, method_t method, str_t path);

/** Write the value of Allow for the methods of a match. */
void route_allow(const route_match_t *match, buf_t *out);

/** Whether a session of this class may ever use the row. */
static inline bool route_admits(const route_t *route, class_t class)
{
    return (route->roles & class_infos[class].role_bits) != 0;
}

#endif
