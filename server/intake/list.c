/* SPDX-License-Identifier: Apache-2.0
 * An uploaded list, read in batches. See list.h. */
#include "intake/list.h"

#include "base/mem.h"

struct list {
    table_t *table;
};

list_t *list_open(const char *path, const char *sheet, const char **flaw)
{
    table_t *table = table_open(path, sheet, flaw);
    if (table == NULL) {
        return NULL;
    }
    list_t *list = MEM_NEW(list_t);
    list->table = table;
    return list;
}

void list_close(list_t *list)
{
    if (list != NULL) {
        table_close(list->table);
        mem_free(list);
    }
}

const table_facts_t *list_facts(const list_t *list)
{
    return table_facts(list->table);
}

static void add_texts(buf_t *json, const str_t *texts, unsigned count)
{
    buf_add_c(json, '[');
    for (unsigned i = 0; i < count; i++) {
        buf_add_str(json, i == 0 ? STR("\"") : STR(",\""));
        buf_add_json(json, texts[i]);
        buf_add_c(json, '"');
    }
    buf_add_c(json, ']');
}

static void add_cells(buf_t *json, const table_row_t *row)
{
    unsigned count = row->count;
    while (count > 1 && row->cells[count - 1].len == 0) {
        count--; /* empty cells at the end say nothing */
    }
    add_texts(json, row->cells, count);
}

void list_sheets(const list_t *list, buf_t *json)
{
    const table_facts_t *facts = list_facts(list);
    buf_reset(json);
    add_texts(json, facts->sheets, facts->sheet_count);
}

const char *list_header(list_t *list, buf_t *json)
{
    table_row_t row;
    buf_reset(json);
    if (!table_next(list->table, &row)) {
        return table_flaw(list->table) != NULL ? table_flaw(list->table) : "empty";
    }
    if (row.flaw != NULL) {
        return "header";
    }
    add_texts(json, row.cells, row.count);
    return json->is_full ? "header" : NULL;
}

static void add_row(buf_t *json, const table_row_t *row)
{
    buf_addf(json, "%s{\"line\":%d,\"cells\":", json->len <= 1 ? "" : ",", row->line);
    add_cells(json, row);
    if (row->flaw != NULL) {
        buf_addf(json, ",\"flaw\":\"%s\"", row->flaw);
    }
    buf_add_c(json, '}');
}

int list_rows(list_t *list, int after_line, buf_t *json, int *first_line)
{
    table_row_t row;
    int rows = 0;
    buf_reset(json);
    buf_add_c(json, '[');
    while (rows < LIST_BATCH_ROWS && json->len < LIST_BATCH_BYTES &&
           table_next(list->table, &row)) {
        if (row.line <= after_line) {
            continue;
        }
        *first_line = rows == 0 ? row.line : *first_line;
        size_t before = json->len;
        add_row(json, &row);
        if (json->is_full) { /* escaping made it longer than any batch: name it, keep the rest */
            table_row_t empty = {NULL, 0, row.line, "row-too-long"};
            json->len = before;
            json->is_full = false;
            add_row(json, &empty);
        }
        rows++;
    }
    buf_add_c(json, ']');
    return table_flaw(list->table) != NULL ? -1 : rows;
}

const char *list_flaw(const list_t *list)
{
    return table_flaw(list->table);
}

uint64_t list_done_bytes(const list_t *list)
{
    return table_done_bytes(list->table);
}

uint64_t list_total_bytes(const list_t *list)
{
    return table_total_bytes(list->table);
}
