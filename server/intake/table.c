/* SPDX-License-Identifier: Apache-2.0
 * A file of rows in any form. See table.h. */
#include "intake/table.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "intake/encoding.h"
#include "intake/records.h"
#include "intake/source.h"

struct table {
    source_t source;
    table_facts_t facts;
    const source_form_t *form;
    void *own;
    str_t cells[TABLE_CELLS_MAX]; /* of a row that had marks in it */
};

bool source_fill(source_t *source)
{
    source->chunk_bytes = 0;
    source->used_bytes = 0;
    while (source->chunk_bytes < SOURCE_CHUNK_BYTES) {
        ssize_t got = read(source->fd, source->chunk + source->chunk_bytes,
                           SOURCE_CHUNK_BYTES - source->chunk_bytes);
        if (got < 0) {
            return false;
        }
        if (got == 0) {
            break;
        }
        source->chunk_bytes += (size_t)got;
    }
    source->done_bytes += source->chunk_bytes;
    return true;
}

long source_read(void *from, char *out, size_t size)
{
    source_t *source = from;
    if (source->used_bytes == source->chunk_bytes && !source_fill(source)) {
        return -1;
    }
    size_t len = source->chunk_bytes - source->used_bytes;
    len = len < size ? len : size;
    memcpy(out, source->chunk + source->used_bytes, len);
    source->used_bytes += len;
    return (long)len;
}

bool source_rewind(source_t *source)
{
    source->done_bytes = 0;
    return lseek(source->fd, 0, SEEK_SET) == 0 && source_fill(source);
}

/* The first letter that says something: past a byte order mark, spaces, the zeros of UTF-16, and
 * the bracket of a JSON array, which is no lines and is refused as such, not read as text. */
static char first_letter(str_t sample)
{
    size_t at = encoding_mark(sample);
    at = str_starts(sample, STR("\xFF\xFE")) || str_starts(sample, STR("\xFE\xFF")) ? 2 : at;
    while (at < sample.len && (sample.ptr[at] == '\0' || strchr(" \t\r\n", sample.ptr[at]))) {
        at++;
    }
    if (at < sample.len && sample.ptr[at] == '[') {
        size_t next = at + 1;
        while (next < sample.len &&
               (sample.ptr[next] == '\0' || strchr(" \t\r\n", sample.ptr[next]))) {
            next++;
        }
        at = next < sample.len && sample.ptr[next] == '{' ? next : at;
    }
    return at < sample.len ? sample.ptr[at] : '\0';
}

static const source_form_t *form_of(const source_t *source)
{
    str_t sample = source_chunk(source);
    if (str_starts(sample, STR("PK\x03\x04"))) {
        return &source_xlsx;
    }
    char letter = first_letter(sample);
    if (letter == '{') {
        return &source_json;
    }
    if (letter == '<') {
        return records_know(sample) ? &source_records : &source_drop;
    }
    return &source_csv;
}

table_t *table_open(const char *path, const char *sheet, const char **flaw)
{
    struct stat stat;
    table_t *table = MEM_NEW(table_t);
    source_t *source = &table->source;
    *flaw = NULL;
    source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (source->fd < 0 || fstat(source->fd, &stat) != 0 || !S_ISREG(stat.st_mode)) {
        *flaw = "file";
    } else {
        source->total_bytes = (uint64_t)stat.st_size;
        if (!source_fill(source)) {
            *flaw = "file";
        } else if (source->chunk_bytes == 0) {
            *flaw = "empty";
        } else {
            table->form = form_of(source);
            table->own = table->form->open(source, sheet, &table->facts, flaw);
        }
    }
    if (*flaw != NULL) {
        table_close(table);
        return NULL;
    }
    return table;
}

void table_close(table_t *table)
{
    if (table != NULL) {
        if (table->own != NULL) {
            table->form->close(table->own);
        }
        if (table->source.fd >= 0) {
            (void)close(table->source.fd);
        }
        mem_free(table);
    }
}

const table_facts_t *table_facts(const table_t *table)
{
    return &table->facts;
}

/* Take byte order marks off the beginnings of cells: files put together have them inside, where
 * nobody sees them and no name or number is read behind them. */
static void drop_marks(table_t *table, table_row_t *row)
{
    bool is_any = false;
    for (unsigned i = 0; i < row->count && i < TABLE_CELLS_MAX; i++) {
        size_t mark = encoding_mark(row->cells[i]);
        table->cells[i] = str_skip(row->cells[i], mark);
        is_any = is_any || mark > 0;
    }
    if (is_any) {
        row->cells = table->cells;
    }
}

bool table_next(table_t *table, table_row_t *row)
{
    if (!table->form->next(table->own, row)) {
        return false;
    }
    drop_marks(table, row);
    return true;
}

const char *table_flaw(const table_t *table)
{
    return table->form->flaw(table->own);
}

uint64_t table_done_bytes(const table_t *table)
{
    uint64_t done =
        table->form->done == NULL ? table->source.done_bytes : table->form->done(table->own);
    return done < table->source.total_bytes ? done : table->source.total_bytes;
}

uint64_t table_total_bytes(const table_t *table)
{
    return table->source.total_bytes;
}
