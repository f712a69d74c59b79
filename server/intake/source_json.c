/* SPDX-License-Identifier: Apache-2.0
 * JSON lines as a form of table.h: one object a line. The columns are the members that any line
 * has, so the file is read twice; members of an object inside become "address.city", lists of plain
 * values are joined by commas, lists of objects stay JSON. */
#include "intake/source.h"

#include <jansson.h>

#include "base/mem.h"
#include "intake/names.h"

enum { LINE_BYTES = 1 << 20, DEPTH_MAX = 4 };

typedef struct {
    source_t *source;
    names_t *names;
    bool is_header_given;
    const char *flaw;
    int line;
    buf_t text;  /* the line */
    bool is_cut; /* the line is longer than LINE_BYTES */
    buf_t room;  /* texts of the cells */
    size_t begins[TABLE_CELLS_MAX];
    size_t ends[TABLE_CELLS_MAX];
    str_t cells[TABLE_CELLS_MAX];
    const char *row_flaw;
} own_t;

/* Read the next line, whatever its length. out: false at the end or when the file fails */
static bool next_line(own_t *own)
{
    source_t *source = own->source;
    bool is_any = false;
    buf_reset(&own->text);
    own->is_cut = false;
    own->line++;
    for (;;) {
        if (source->used_bytes == source->chunk_bytes && !source_fill(source)) {
            own->flaw = "file";
            return false;
        }
        str_t rest = str_skip(source_chunk(source), source->used_bytes);
        if (rest.len == 0) {
            return is_any;
        }
        is_any = true;
        size_t end = str_find(rest, '\n');
        own->is_cut = !buf_add(&own->text, rest.ptr, end) || own->is_cut;
        source->used_bytes += end < rest.len ? end + 1 : end;
        if (end < rest.len) {
            return true;
        }
    }
}

static str_t line_of(const own_t *own)
{
    str_t text = buf_str(&own->text);
    text = str_skip(text, encoding_mark(text));
    while (text.len > 0 && strchr(" \t\r", text.ptr[text.len - 1]) != NULL) {
        text.len--;
    }
    return text;
}

static int on_dumped(const char *bytes, size_t len, void *room)
{
    return buf_add(room, bytes, len) ? 0 : -1;
}

static void add_value(own_t *own, const json_t *value)
{
    if (json_is_string(value)) {
        (void)buf_add(&own->room, json_string_value(value), json_string_length(value));
    } else if (!json_is_null(value)) {
        (void)json_dump_callback(value, on_dumped, &own->room, JSON_ENCODE_ANY | JSON_COMPACT);
    }
}

static bool is_plain_list(const json_t *list)
{
    size_t i = 0;
    json_t *item = NULL;
    json_array_foreach(list, i, item)
    {
        if (json_is_object(item) || json_is_array(item)) {
            return false;
        }
    }
    return true;
}

/* Put one member into its cell. */
static void put(own_t *own, str_t name, const json_t *value, bool is_new_fine)
{
    unsigned column = names_find(own->names, name, is_new_fine);
    if (column == NAMES_MAX) {
        own->row_flaw = "too-many-cells";
        return;
    }
    if (is_new_fine) {
        return; /* the first reading asks for names only */
    }
    own->begins[column] = own->room.len;
    if (json_is_array(value) && is_plain_list(value)) {
        size_t i = 0;
        json_t *item = NULL;
        json_array_foreach(value, i, item)
        {
            if (i > 0) {
                buf_add_c(&own->room, ',');
            }
            add_value(own, item);
        }
    } else {
        add_value(own, value);
    }
    own->ends[column] = own->room.len;
    if (own->room.is_full || own->ends[column] - own->begins[column] > TABLE_CELL_BYTES) {
        own->row_flaw = "cell-too-long";
    }
}

/* Walk an object and the objects in it; the depth is bounded. */
static void walk(own_t *own, str_t prefix, json_t *object, int depth, bool is_new_fine)
{
    const char *key = NULL;
    json_t *value = NULL;
    char name[NAME_BYTES + 1];
    json_object_foreach(object, key, value)
    {
        size_t len = strlen(key);
        if (prefix.len + len > NAME_BYTES) {
            own->row_flaw = "too-many-cells";
            continue;
        }
        memcpy(name, prefix.ptr == NULL ? "" : prefix.ptr, prefix.len);
        memcpy(name + prefix.len, key, len);
        if (json_is_object(value) && depth < DEPTH_MAX) {
            name[prefix.len + len] = '.';
            walk(own, str_n(name, prefix.len + len + 1), value, depth + 1, is_new_fine);
        } else {
            put(own, str_n(name, prefix.len + len), value, is_new_fine);
        }
    }
}

/* Take the present line. */
static void take(own_t *own, str_t text, bool is_new_fine)
{
    own->row_flaw = NULL;
    buf_reset(&own->room);
    if (own->is_cut) {
        own->row_flaw = "row-too-long";
        return;
    }
    json_t *object = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(object)) {
        walk(own, str_n(NULL, 0), object, 0, is_new_fine);
    } else {
        own->row_flaw = "json-broken";
    }
    json_decref(object);
}

static bool next_row(void *from, table_row_t *row)
{
    own_t *own = from;
    unsigned count = 0;
    const str_t *names = names_all(own->names, &count);
    if (!own->is_header_given) {
        own->is_header_given = true;
        *row = (table_row_t){names, count, 0, NULL};
        return true;
    }
    str_t text = str_n(NULL, 0);
    do {
        if (!next_line(own)) {
            return false;
        }
        text = line_of(own);
    } while (text.len == 0);
    memset(own->begins, 0, sizeof own->begins);
    memset(own->ends, 0, sizeof own->ends);
    take(own, text, false);
    for (unsigned i = 0; i < count; i++) {
        own->cells[i] = str_n(own->room.len == 0 ? "" : own->room.ptr + own->begins[i],
                              own->ends[i] - own->begins[i]);
    }
    *row = (table_row_t){own->cells, own->row_flaw == NULL ? count : 0, own->line, own->row_flaw};
    return true;
}

static void close_json(void *from)
{
    own_t *own = from;
    names_free(own->names);
    buf_free(&own->text);
    buf_free(&own->room);
    mem_free(own);
}

static void *open_json(source_t *source, const char *sheet, table_facts_t *facts, const char **flaw)
{
    own_t *own = MEM_NEW(own_t);
    unsigned count = 0;
    (void)sheet;
    own->source = source;
    own->names = names_new();
    own->text = buf_make(LINE_BYTES);
    own->room = buf_make(LINE_BYTES);
    facts->format = "json-lines";
    facts->encoding = "utf-8";
    while (next_line(own)) {
        take(own, line_of(own), true);
    }
    (void)names_all(own->names, &count);
    own->line = 0;
    if (own->flaw != NULL || !source_rewind(source)) {
        *flaw = "file";
    } else if (count == 0) {
        *flaw = "not-table";
    } else {
        return own;
    }
    close_json(own);
    return NULL;
}

static const char *flaw_of(const void *from)
{
    return ((const own_t *)from)->flaw;
}

const source_form_t source_json = {open_json, next_row, flaw_of, NULL, close_json};
