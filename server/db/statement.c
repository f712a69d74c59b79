/* SPDX-License-Identifier: Apache-2.0
 * The closed list of statements: an array that only grows, before the first worker starts. */
#include "db/statement.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct db_statements {
    uint16_t count;
    db_statement_t items[DB_STATEMENTS_MAX];
};

db_statements_t *db_statements_new(void)
{
    return mem_new(sizeof(db_statements_t));
}

void db_statements_free(db_statements_t *list)
{
    if (!list)
        return;
    for (uint16_t i = 0; i < list->count; i++)
        mem_free((void *)(uintptr_t)list->items[i].sql);
    mem_free(list);
}

const db_statement_t *db_statements_add(db_statements_t *list, const char *sql,
                                        unsigned param_count)
{
    size_t bytes = strlen(sql) + 1;
    if (bytes > DB_STATEMENT_SQL_BYTES || param_count > DB_PARAMS_MAX)
        return NULL;
    for (uint16_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].sql, sql) == 0)
            return &list->items[i];
    if (list->count >= DB_STATEMENTS_MAX)
        return NULL;
    db_statement_t *statement = &list->items[list->count];
    char *copy = mem_new(bytes);
    memcpy(copy, sql, bytes);
    statement->sql = copy;
    statement->index = list->count;
    statement->param_count = (uint16_t)param_count;
    snprintf(statement->name, sizeof statement->name, "s%u", (unsigned)list->count);
    list->count++;
    return statement;
}
