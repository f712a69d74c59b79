/* SPDX-License-Identifier: Apache-2.0
 * An uploaded list, read in batches. See list.h. */
#include "intake/list.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { CHUNK_BYTES = 65536 };

struct list {
    int fd;
    uint64_t done_bytes;
    uint64_t total_bytes;
    form_t form;
    csv_t *csv;
    bool is_failed;
    size_t chunk_bytes;
    char chunk[CHUNK_BYTES];
};

/* Read the next chunk whole, so that a short read is the end of the file. out: false on error */
static bool read_chunk(list_t *list)
{
    list->chunk_bytes = 0;
    while (list->chunk_bytes < CHUNK_BYTES) {
        ssize_t got =
            read(list->fd, list->chunk + list->chunk_bytes, CHUNK_BYTES - list->chunk_bytes);
        if (got < 0) {
            return false;
        }
        if (got == 0) {
            break;
        }
        list->chunk_bytes += (size_t)got;
    }
    list->done_bytes += list->chunk_bytes;
    return true;
}

static void feed(list_t *list)
{
    csv_feed(list->csv, str_n(list->chunk, list->chunk_bytes),
             list->done_bytes >= list->total_bytes || list->chunk_bytes < CHUNK_BYTES);
}

list_t *list_open(const char *path, const char **flaw)
{
    struct stat stat;
    list_t *list = MEM_NEW(list_t);
    *flaw = NULL;
    list->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (list->fd < 0 || fstat(list->fd, &stat) != 0 || !S_ISREG(stat.st_mode)) {
        *flaw = "file";
    } else {
        list->total_bytes = (uint64_t)stat.st_size;
        if (!read_chunk(list)) {
            *flaw = "file";
        } else if (list->chunk_bytes == 0) {
            *flaw = "empty";
        } else if (!form_detect(str_n(list->chunk, list->chunk_bytes),
                                list->done_bytes >= list->total_bytes, &list->form)) {
            *flaw = "not-text";
        }
    }
    if (*flaw != NULL) {
        list_close(list);
        return NULL;
    }
    list->csv = csv_new(list->form, CSV_LIMITS);
    feed(list);
    return list;
}

void list_close(list_t *list)
{
    if (list != NULL) {
        if (list->fd >= 0) {
            (void)close(list->fd);
        }
        csv_free(list->csv);
        mem_free(list);
    }
}

form_t list_form(const list_t *list)
{
    return list->form;
}

/* The next row, good or broken. out: false at the end or when the file fails */
static bool next_row(list_t *list, csv_row_t *row)
{
    for (;;) {
        csv_step_t step = csv_next(list->csv, row);
        if (step == CSV_ROW || step == CSV_BAD) {
            return true;
        }
        if (step == CSV_END) {
            return false;
        }
        if (!read_chunk(list)) {
            list->is_failed = true;
            return false;
        }
        feed(list);
    }
}

static void add_cells(buf_t *json, const csv_row_t *row)
{
    buf_add_c(json, '[');
    for (unsigned i = 0; i < row->count; i++) {
        buf_add_str(json, i == 0 ? STR("\"") : STR(",\""));
        buf_add_json(json, row->cells[i]);
        buf_add_c(json, '"');
    }
    buf_add_c(json, ']');
}

const char *list_header(list_t *list, buf_t *json)
{
    csv_row_t row;
    buf_reset(json);
    if (!next_row(list, &row)) {
        return "empty";
    }
    if (row.flaw != CSV_FINE) {
        return "header";
    }
    add_cells(json, &row);
    return json->is_full ? "header" : NULL;
}

static void add_row(buf_t *json, const csv_row_t *row)
{
    buf_addf(json, "%s{\"line\":%d,\"cells\":", json->len <= 1 ? "" : ",", row->line);
    add_cells(json, row);
    if (row->flaw != CSV_FINE) {
        buf_addf(json, ",\"flaw\":\"%s\"", csv_flaw_name(row->flaw));
    }
    buf_add_c(json, '}');
}

int list_rows(list_t *list, int after_line, buf_t *json, int *first_line)
{
    csv_row_t row;
    int rows = 0;
    buf_reset(json);
    buf_add_c(json, '[');
    while (rows < LIST_BATCH_ROWS && json->len < LIST_BATCH_BYTES && next_row(list, &row)) {
        if (row.line <= after_line) {
            continue;
        }
        *first_line = rows == 0 ? row.line : *first_line;
        size_t before = json->len;
        add_row(json, &row);
        if (json->is_full) { /* escaping made it longer than any batch: name it, keep the rest */
            csv_row_t empty = {NULL, 0, row.line, CSV_ROW_TOO_LONG};
            json->len = before;
            json->is_full = false;
            add_row(json, &empty);
        }
        rows++;
    }
    buf_add_c(json, ']');
    return list->is_failed ? -1 : rows;
}

uint64_t list_done_bytes(const list_t *list)
{
    return list->done_bytes;
}

uint64_t list_total_bytes(const list_t *list)
{
    return list->total_bytes;
}
