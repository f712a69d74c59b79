/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a CSV file: detection and reading must end, stay inside their bounds, and give the
 * same rows in one piece as in pieces of any size. */
#include <stdlib.h>

#include "intake/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t mix(uint64_t hash, str_t text)
{
    hash = (hash ^ text.len) * 1099511628211u;
    for (size_t i = 0; i < text.len; i++) {
        hash = (hash ^ (unsigned char)text.ptr[i]) * 1099511628211u;
    }
    return hash;
}

/* Hash of all rows read in pieces of `piece` bytes. */
static uint64_t read_all(str_t text, form_t form, size_t piece)
{
    csv_t *csv = csv_new(form, (csv_limits_t){64, 256});
    csv_row_t row;
    csv_step_t step;
    uint64_t hash = 14695981039346656037u;
    int line = 0;
    do {
        size_t len = piece < text.len ? piece : text.len;
        csv_feed(csv, str_n(text.ptr, len), len == text.len);
        text = str_skip(text, len);
        while ((step = csv_next(csv, &row)) == CSV_ROW || step == CSV_BAD) {
            if (row.line < line || row.count > CSV_CELLS_MAX) {
                abort();
            }
            line = row.line;
            hash = (hash ^ (uint64_t)row.line ^ (uint64_t)row.flaw << 32) * 1099511628211u;
            for (unsigned i = 0; i < row.count; i++) {
                if (row.cells[i].len > 64 || !str_is_utf8(row.cells[i])) {
                    abort();
                }
                hash = mix(hash, row.cells[i]);
            }
        }
    } while (step == CSV_MORE);
    csv_free(csv);
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    form_t form;
    if (size < 1) {
        return 0;
    }
    str_t text = str_n((const char *)data + 1, size - 1);
    if (!form_detect(text, data[0] % 2 == 0, &form)) {
        form = (form_t){(encoding_t)(data[0] / 2 % ENCODING_UNKNOWN), 0, ';'};
    }
    uint64_t whole = read_all(text, form, size);
    if (read_all(text, form, 1) != whole || read_all(text, form, 1 + data[0] % 16u) != whole) {
        abort();
    }
    return 0;
}
