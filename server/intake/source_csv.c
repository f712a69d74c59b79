/* SPDX-License-Identifier: Apache-2.0
 * CSV as a form of table.h: see csv.h and form.h. */
#include "intake/source.h"

#include "base/mem.h"
#include "intake/csv.h"

typedef struct {
    source_t *source;
    csv_t *csv;
    const char *flaw;
} own_t;

static bool is_last(const source_t *source)
{
    return source->done_bytes >= source->total_bytes || source->chunk_bytes < SOURCE_CHUNK_BYTES;
}

static void *open_csv(source_t *source, const char *sheet, table_facts_t *facts, const char **flaw)
{
    form_t form;
    (void)sheet;
    if (!form_detect(source_chunk(source), is_last(source), &form)) {
        *flaw = "not-text";
        return NULL;
    }
    own_t *own = MEM_NEW(own_t);
    facts->format = "csv";
    facts->encoding = encoding_name(form.encoding);
    facts->separator = form.separator;
    own->source = source;
    own->csv = csv_new(form, CSV_LIMITS);
    csv_feed(own->csv, source_chunk(source), is_last(source));
    return own;
}

static bool next_row(void *from, table_row_t *row)
{
    own_t *own = from;
    csv_row_t read;
    while (own->flaw == NULL) {
        csv_step_t step = csv_next(own->csv, &read);
        if (step == CSV_ROW || step == CSV_BAD) {
            *row = (table_row_t){read.cells, read.count, read.line,
                                 step == CSV_BAD ? csv_flaw_name(read.flaw) : NULL};
            return true;
        }
        if (step == CSV_END) {
            return false;
        }
        if (!source_fill(own->source)) {
            own->flaw = "file";
            return false;
        }
        csv_feed(own->csv, source_chunk(own->source), is_last(own->source));
    }
    return false;
}

static const char *flaw_of(const void *from)
{
    return ((const own_t *)from)->flaw;
}

static void close_csv(void *from)
{
    own_t *own = from;
    csv_free(own->csv);
    mem_free(own);
}

const source_form_t source_csv = {open_csv, next_row, flaw_of, NULL, close_csv};
