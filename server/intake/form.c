/* SPDX-License-Identifier: Apache-2.0
 * How a CSV file is written. See form.h. */
#include "intake/form.h"

#include "intake/csv.h"

enum { ROWS_LOOKED_AT = 50 };

/* How well a separator explains the sample: rows of the same width as the first, which has at least
 * two cells; a broken row counts against. */
static long score(str_t sample, bool is_whole, form_t form)
{
    csv_t *csv = csv_new(form, CSV_LIMITS);
    csv_row_t row;
    long rows = 0;
    long alike = 0;
    unsigned width = 0;
    csv_feed(csv, sample, is_whole);
    while (rows < ROWS_LOOKED_AT) {
        csv_step_t step = csv_next(csv, &row);
        if (step != CSV_ROW && step != CSV_BAD) {
            break;
        }
        width = rows == 0 ? row.count : width;
        alike += step == CSV_ROW && row.count == width;
        alike -= step == CSV_BAD;
        rows++;
    }
    csv_free(csv);
    if (width < 2) {
        return rows == 0 ? 0 : -1000000;
    }
    return alike * 1000000 / (rows == 0 ? 1 : rows) + (long)width;
}

/* The separator that Excel's own first line names, in any encoding; 0 when there is none. */
static char named_separator(str_t sample, form_t form)
{
    static const char mark[] = "sep=";
    size_t step = form.encoding == ENCODING_UTF16LE || form.encoding == ENCODING_UTF16BE ? 2 : 1;
    size_t at = form.mark_bytes + (form.encoding == ENCODING_UTF16BE ? 1 : 0);
    if (sample.len < at + 5 * step) {
        return 0;
    }
    for (size_t i = 0; i < 4; i++) {
        if ((sample.ptr[at + i * step] | 0x20) != (mark[i] | 0x20)) {
            return 0;
        }
    }
    char c = sample.ptr[at + 4 * step];
    return c == ',' || c == ';' || c == '|' || c == '\t' ? c : 0;
}

bool form_detect(str_t sample, bool is_whole, form_t *form)
{
    static const char separators[] = {',', ';', '\t', '|'};
    long best = -1000000;
    form->separator = ',';
    form->encoding = encoding_detect(sample, is_whole, &form->mark_bytes);
    if (form->encoding == ENCODING_UNKNOWN) {
        return false;
    }
    char named = named_separator(sample, *form);
    if (named != 0) {
        form->separator = named;
        return true;
    }
    for (size_t i = 0; i < sizeof separators; i++) {
        form_t tried = *form;
        tried.separator = separators[i];
        long reached = score(sample, is_whole, tried);
        if (reached > best) {
            best = reached;
            form->separator = separators[i];
        }
    }
    return true;
}
