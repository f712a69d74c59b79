/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as what PostgreSQL says: messages end inside the input, a shape and its rows either fit
 * or are refused, and every value that can be asked for lies inside what was sent. */
#include <stdlib.h>

#include "db/message.h"
#include "db/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static uint64_t sum; /* read, so that a value outside is seen */

static void touch(str_t text)
{
    for (size_t i = 0; i < text.len; i++)
        sum += (unsigned char)text.ptr[i];
}

static void read_values(const db_rows_t *rows)
{
    for (int row = 0; row <= db_row_count(rows); row++)
        for (int column = 0; column <= db_column_count(rows); column++) {
            if (db_is_null(rows, row, column) != !db_text(rows, row, column).ptr)
                abort();
            touch(db_text(rows, row, column));
            sum += (uint64_t)db_int(rows, row, column) + db_bool(rows, row, column);
        }
}

static db_rows_t *begin(db_rows_t *before, str_t body)
{
    db_shape_t *shape = db_shape_read(body);
    if (!shape)
        return before;
    db_rows_free(before);
    db_rows_t *rows = db_rows_new(shape);
    db_shape_drop(shape);
    for (int i = 0; i < db_column_count(rows); i++)
        touch(db_column(rows, i)->name);
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    str_t rest = str_n((const char *)bytes, len);
    db_rows_t *rows = NULL;
    message_t message;
    for (int64_t used; (used = message_read(rest, &message)) > 0;) {
        if ((size_t)used > rest.len || message.body.len >= (size_t)used)
            abort();
        if (message.type == MESSAGE_COLUMNS)
            rows = begin(rows, message.body);
        else if (message.type == MESSAGE_ROW && rows && db_rows_add(rows, message.body))
            read_values(rows);
        else if (message.type == MESSAGE_ERROR && message_field(message.body, 'C'))
            touch(str_of(message_field(message.body, 'C')));
        rest = str_skip(rest, (size_t)used);
    }
    db_rows_free(rows);
    return 0;
}
