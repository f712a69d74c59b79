/* SPDX-License-Identifier: Apache-2.0
 * RowDescription and DataRow, written from a result of libpq. */
#include "answer.h"

#include "test.h"

static void put(buf_t *out, size_t value, unsigned bytes)
{
    while (bytes-- > 0)
        buf_add_c(out, (char)(value >> 8 * bytes));
}

db_rows_t *answer(PGconn *pg, const char *select)
{
    PGresult *result = PQexecParams(pg, select, 0, NULL, NULL, NULL, NULL, 1);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", select, PQerrorMessage(pg));
    buf_t body = buf_make((size_t)1 << 20);
    int columns = PQnfields(result);
    put(&body, (size_t)columns, 2);
    for (int i = 0; i < columns; i++) {
        buf_add(&body, PQfname(result, i), strlen(PQfname(result, i)) + 1);
        put(&body, 0, 6);
        put(&body, PQftype(result, i), 4);
        put(&body, 0, 8);
    }
    db_shape_t *shape = db_shape_read(buf_str(&body));
    assert_non_null(shape);
    db_rows_t *rows = db_rows_new(shape);
    db_shape_drop(shape);
    for (int row = 0; row < PQntuples(result); row++) {
        buf_reset(&body);
        put(&body, (size_t)columns, 2);
        for (int i = 0; i < columns; i++) {
            bool is_null = PQgetisnull(result, row, i);
            size_t len = (size_t)PQgetlength(result, row, i);
            put(&body, is_null ? UINT32_MAX : len, 4);
            buf_add(&body, PQgetvalue(result, row, i), len);
        }
        assert_true(db_rows_add(rows, buf_str(&body)));
    }
    buf_free(&body);
    PQclear(result);
    return rows;
}
