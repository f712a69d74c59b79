/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/mem.h"
#include "fields.h"
#include "intake/csv.h"
#include "intake/table.h"

#define CHUNK_BYTES 65536u
#define LINE_BYTES  1048576u /* one JSON line */

struct reader {
    FILE *file;
    const char *path;
    columns_t *columns;
    csv_t *csv;               /* NULL for the other forms */
    table_t *table;           /* workbooks and XML; NULL for CSV and JSON lines */
    str_t names[COLUMNS_MAX]; /* of a table that names our own fields; their kind stands in each row
                               */
    size_t name_count;        /* 0: the columns decide */
    arena_t *header;
    char chunk[CHUNK_BYTES];
    uint64_t line;
    char *text; /* the JSON line */
    size_t text_room;
    json_t *object; /* the JSON line parsed; its strings are the cells */
    char kind[32];
    char *numbers[COLUMNS_MAX]; /* texts of values that were no strings */
    size_t number_count;
};

bool reader_file_id(const char *path, char *out, fault_t *fault)
{
    unsigned char bytes[CHUNK_BYTES], digest[EVP_MAX_MD_SIZE];
    size_t got;
    FILE *file = fopen(path, "rbe");
    if (!file)
        return fault_set(fault, EXIT_USAGE, "cannot read %s: %s", path, strerror(errno));
    EVP_MD_CTX *sum = EVP_MD_CTX_new();
    bool is_done = sum && EVP_DigestInit_ex(sum, EVP_sha256(), NULL) == 1;
    while (is_done && (got = fread(bytes, 1, sizeof bytes, file)) > 0)
        is_done = EVP_DigestUpdate(sum, bytes, got) == 1;
    is_done = is_done && !ferror(file) && EVP_DigestFinal_ex(sum, digest, NULL) == 1;
    EVP_MD_CTX_free(sum);
    fclose(file);
    if (!is_done)
        return fault_set(fault, EXIT_USAGE, "cannot read %s", path);
    str_to_hex(digest, 8, out);
    out[16] = 0;
    return true;
}

/** Feed the CSV reader with the next bytes of the file. */
static bool feed(reader_t *reader, fault_t *fault)
{
    size_t got = fread(reader->chunk, 1, sizeof reader->chunk, reader->file);
    if (ferror(reader->file))
        return fault_set(fault, EXIT_USAGE, "cannot read %s", reader->path);
    csv_feed(reader->csv, str_n(reader->chunk, got), feof(reader->file) != 0);
    return true;
}

static csv_step_t next_cells(reader_t *reader, csv_row_t *cells, fault_t *fault)
{
    csv_step_t step;
    while ((step = csv_next(reader->csv, cells)) == CSV_MORE)
        if (!feed(reader, fault))
            return CSV_END;
    return step;
}

static bool open_csv(reader_t *reader, str_t sample, fault_t *fault)
{
    form_t form;
    csv_row_t header;
    if (!form_detect(sample, feof(reader->file) != 0, &form))
        return fault_set(fault, EXIT_USAGE, "%s is not text", reader->path);
    reader->csv = csv_new(form, CSV_LIMITS);
    csv_feed(reader->csv, sample, feof(reader->file) != 0);
    csv_step_t step = next_cells(reader, &header, fault);
    if (step == CSV_ROW)
        return columns_bind(reader->columns, header.cells, header.count, fault);
    return fault_set(fault, EXIT_USAGE, "%s has no header row", reader->path);
}

/** Tell JSON lines by the first letter that is no space. */
static bool is_json(str_t sample)
{
    size_t i = sample.len >= 3 && memcmp(sample.ptr, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < sample.len && strchr(" \t\r\n", sample.ptr[i]))
        i++;
    return i < sample.len && sample.ptr[i] == '{';
}

/** Open a workbook or XML: a header row, then rows as of a CSV file. */
static bool open_table(reader_t *reader, fault_t *fault)
{
    const char *flaw = NULL;
    table_row_t header;
    reader->table = table_open(reader->path, NULL, &flaw);
    if (!reader->table)
        return fault_set(fault, EXIT_USAGE, "%s cannot be read: %s", reader->path, flaw);
    if (!table_next(reader->table, &header) || header.flaw || header.count > COLUMNS_MAX)
        return fault_set(fault, EXIT_USAGE, "%s has no header row", reader->path);
    if (!table_facts(reader->table)->is_named)
        return columns_bind(reader->columns, header.cells, header.count, fault);
    reader->header = arena_new(65536);
    for (; reader->name_count < header.count; reader->name_count++)
        reader->names[reader->name_count] =
            arena_copy(reader->header, header.cells[reader->name_count]);
    return true;
}

/** Tell workbooks and XML by their first letters. */
static bool is_table(str_t sample)
{
    size_t i = str_starts(sample, STR("\xEF\xBB\xBF")) ? 3 : 0;
    while (i < sample.len && memchr(" \t\r\n", sample.ptr[i], 4))
        i++;
    str_t rest = str_skip(sample, i);
    return str_starts(rest, STR("<")) || str_starts(rest, STR("PK\x03\x04")) ||
           str_starts(rest, STR("\xFF\xFE<"));
}

reader_t *reader_open(const char *path, columns_t *columns, fault_t *fault)
{
    reader_t *reader = MEM_NEW(reader_t);
    reader->path = path;
    reader->columns = columns;
    reader->file = fopen(path, "rbe");
    bool is_open = reader->file != NULL;
    if (!is_open)
        fault_set(fault, EXIT_USAGE, "cannot read %s: %s", path, strerror(errno));
    else {
        size_t got = fread(reader->chunk, 1, sizeof reader->chunk, reader->file);
        str_t sample = str_n(reader->chunk, got);
        if (is_table(sample))
            is_open = open_table(reader, fault);
        else if (is_json(sample))
            rewind(reader->file);
        else
            is_open = open_csv(reader, sample, fault);
    }
    if (is_open)
        return reader;
    reader_close(reader);
    return NULL;
}

static bool next_csv_row(reader_t *reader, row_t *row, fault_t *fault)
{
    csv_row_t cells;
    csv_step_t step = next_cells(reader, &cells, fault);
    if (step == CSV_END)
        return false;
    *row = (row_t){.line = (uint64_t)cells.line, .kind = columns_kind(reader->columns)};
    if (step == CSV_BAD)
        row->error = csv_flaw_name(cells.flaw);
    else
        row->data = columns_row(reader->columns, cells.cells, cells.count);
    return true;
}

/** Give a JSON value as a cell; texts of numbers live until the next row. */
static str_t cell_of(reader_t *reader, const json_t *value)
{
    if (json_is_string(value))
        return str_n(json_string_value(value), json_string_length(value));
    if (json_is_null(value) || reader->number_count == COLUMNS_MAX)
        return str_n("", 0);
    if (json_is_array(value)) {
        buf_t list = buf_make(4096);
        size_t i;
        json_t *item;
        json_array_foreach(value, i, item)
        {
            if (i > 0)
                BUF_ADD(&list, ",");
            buf_add_str(&list, str_of(json_string_value(item)));
        }
        reader->numbers[reader->number_count] = mem_copy(list.ptr, list.len);
        buf_free(&list);
    } else {
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        reader->numbers[reader->number_count] = mem_copy(text ? text : "", text ? strlen(text) : 0);
        free(text);
    }
    return str_of(reader->numbers[reader->number_count++]);
}

static void forget_line(reader_t *reader)
{
    while (reader->number_count > 0)
        mem_free(reader->numbers[--reader->number_count]);
    json_decref(reader->object);
    reader->object = NULL;
}

/** Turn the members of a flat object into cells and let the columns make the data. */
static void flat_row(reader_t *reader, row_t *row)
{
    str_t names[COLUMNS_MAX], cells[COLUMNS_MAX];
    size_t count = 0;
    const char *key;
    json_t *value;
    fault_t ignored = {0};
    json_object_foreach(reader->object, key, value)
    {
        if (count == COLUMNS_MAX || json_is_object(value))
            continue;
        names[count] = str_of(key);
        cells[count++] = cell_of(reader, value);
    }
    if (!columns_bind(reader->columns, names, count, &ignored)) {
        row->error = "columns-missing";
        return;
    }
    row->data = columns_row(reader->columns, cells, count);
    json_t *document = json_object_get(reader->object, "document");
    if (json_is_object(document))
        json_object_set(row->data, "document", document);
}

static void json_row(reader_t *reader, str_t text, row_t *row)
{
    reader->object = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(reader->object)) {
        row->error = "json-broken";
        return;
    }
    json_t *kind = json_object_get(reader->object, "kind");
    json_t *data = json_object_get(reader->object, "data");
    if (json_is_object(data) && json_is_string(kind)) {
        snprintf(reader->kind, sizeof reader->kind, "%s", json_string_value(kind));
        row->kind = str_of(reader->kind);
        if (kind_is_known(row->kind))
            row->data = json_incref(data);
        else
            row->error = "kind-unknown";
        return;
    }
    flat_row(reader, row);
}

static bool next_json_row(reader_t *reader, row_t *row, fault_t *fault)
{
    str_t text = {NULL, 0};
    forget_line(reader);
    while (text.len == 0) {
        ssize_t got = getline(&reader->text, &reader->text_room, reader->file);
        if (got < 0)
            return ferror(reader->file) &&
                   fault_set(fault, EXIT_USAGE, "cannot read %s", reader->path);
        reader->line++;
        text = str_n(reader->text, (size_t)got);
        while (text.len > 0 && strchr(" \t\r\n", text.ptr[text.len - 1]))
            text.len--;
        if (reader->line == 1 && str_starts(text, STR("\xEF\xBB\xBF")))
            text = str_skip(text, 3);
    }
    *row = (row_t){.line = reader->line, .kind = columns_kind(reader->columns)};
    if (text.len > LINE_BYTES)
        row->error = "row-too-long";
    else
        json_row(reader, text, row);
    return true;
}

/** Make the data of a row that names its own kind in the column "record". */
static void named_row(reader_t *reader, const table_row_t *read, row_t *row)
{
    snprintf(reader->kind, sizeof reader->kind, "%.*s", (int)read->cells[0].len,
             read->cells[0].ptr);
    row->kind = str_of(reader->kind);
    if (!kind_is_known(row->kind)) {
        row->error = "kind-unknown";
        return;
    }
    row->data = json_object();
    for (size_t i = 1; i < read->count && i < reader->name_count; i++) {
        if (str_eq(reader->names[i], STR("record_id")))
            row->id = read->cells[i];
        int field = read->cells[i].len == 0 ? FIELD_NONE : field_find(row->kind, reader->names[i]);
        if (field != FIELD_NONE)
            field_put(row->data, field, read->cells[i]);
    }
}

static bool next_table_row(reader_t *reader, row_t *row, fault_t *fault)
{
    table_row_t read;
    if (!table_next(reader->table, &read))
        return table_flaw(reader->table) && fault_set(fault, EXIT_USAGE, "cannot read %s: %s",
                                                      reader->path, table_flaw(reader->table));
    *row = (row_t){.line = (uint64_t)read.line, .kind = columns_kind(reader->columns)};
    if (read.flaw)
        row->error = read.flaw;
    else if (reader->name_count > 0)
        named_row(reader, &read, row);
    else
        row->data = columns_row(reader->columns, read.cells, read.count);
    return true;
}

bool reader_next(reader_t *reader, row_t *row, fault_t *fault)
{
    if (reader->table)
        return next_table_row(reader, row, fault);
    return reader->csv ? next_csv_row(reader, row, fault) : next_json_row(reader, row, fault);
}

void reader_close(reader_t *reader)
{
    if (!reader)
        return;
    forget_line(reader);
    free(reader->text);
    csv_free(reader->csv);
    table_close(reader->table);
    arena_free(reader->header);
    if (reader->file)
        fclose(reader->file);
    mem_free(reader);
}
