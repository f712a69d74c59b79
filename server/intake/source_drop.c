/* SPDX-License-Identifier: Apache-2.0
 * Any XML whose root holds rows, as 1C 7.7 and home-made exports write it, as a form of table.h:
 *
 *     <clients><row code="1"><ФИО>...</ФИО><phones><mobile>...</mobile></phones></row> ...
 *
 * A row is an element below the root (or below a single element in it that holds nothing but rows);
 * its attributes and texts are cells under their names, "phones.mobile" for what lies deeper; of a
 * name that comes twice in a row the texts are joined by commas. The columns are the names that any
 * row has, so the file is read twice. */
#include "intake/source.h"

#include "base/mem.h"
#include "intake/markup.h"
#include "intake/names.h"

enum { ROW_BYTES = 1 << 20, PATH_BYTES = NAME_BYTES + 1 };

typedef struct {
    source_t *source;
    markup_t *markup;
    names_t *names;
    const char *flaw;
    bool is_counting; /* the first reading: names, and how deep the rows lie */
    bool is_header_given;
    int row_depth;         /* 2: below the root; 3: below its only child */
    unsigned second_count; /* elements below the root */
    bool has_second_text;
    bool is_deep; /* what lies two below the root holds something itself */
    /* where the reader stands */
    int depth;
    size_t lens[MARKUP_DEPTH_MAX + 2]; /* of the path before each element */
    char path[PATH_BYTES];
    size_t path_len;
    bool has_inside;
    buf_t text;
    /* the row */
    int line;
    int last_line;
    bool is_ready;
    const char *row_flaw;
    buf_t values[TABLE_CELLS_MAX];
    str_t cells[TABLE_CELLS_MAX];
} own_t;

static void put(own_t *own, str_t name, str_t text)
{
    text = str_trim(text);
    unsigned column = names_find(own->names, name, own->is_counting);
    if (column == NAMES_MAX) {
        own->row_flaw = "too-many-cells";
        return;
    }
    if (own->is_counting || text.len == 0) {
        return;
    }
    buf_t *value = &own->values[column];
    if (value->max == 0) {
        *value = buf_make(TABLE_CELL_BYTES);
    }
    if ((value->len > 0 && !buf_add_c(value, ',')) || !buf_add_str(value, text)) {
        own->row_flaw = "cell-too-long";
    }
}

/* The name of a cell: the path inside the row, and an attribute. */
static void put_attribute(own_t *own, const char *name, const char *value)
{
    char both[2 * PATH_BYTES];
    str_t local = markup_local(name);
    if (local.len > NAME_BYTES || str_eq(local, STR("xmlns"))) {
        return;
    }
    size_t len = own->path_len;
    memcpy(both, own->path, len);
    if (len > 0) {
        both[len++] = '.';
    }
    memcpy(both + len, local.ptr, local.len);
    put(own, str_n(both, len + local.len), str_of(value));
}

static void begin_row(own_t *own)
{
    int line = markup_line(own->markup);
    own->line = line > own->last_line ? line : own->last_line + 1;
    own->row_flaw = NULL;
    for (unsigned i = 0; i < TABLE_CELLS_MAX; i++) {
        buf_reset(&own->values[i]);
    }
}

static void on_open(void *from, str_t name, const char **attributes)
{
    own_t *own = from;
    own->depth++;
    own->has_inside = false;
    buf_reset(&own->text);
    if (own->depth == 2) {
        own->second_count++;
    }
    own->is_deep = own->is_deep || own->depth > 3 || (own->depth == 3 && attributes[0] != NULL);
    if (own->depth < own->row_depth) {
        return;
    }
    if (own->depth == own->row_depth) {
        begin_row(own);
    } else {
        own->lens[own->depth] = own->path_len;
        if (own->path_len + name.len + 1 > NAME_BYTES) {
            own->row_flaw = "too-many-cells";
            name.len = 0;
        }
        if (own->path_len > 0 && name.len > 0) {
            own->path[own->path_len++] = '.';
        }
        memcpy(own->path + own->path_len, name.ptr, name.len);
        own->path_len += name.len;
    }
    for (; attributes[0] != NULL; attributes += 2) {
        put_attribute(own, attributes[0], attributes[1]);
    }
}

static void on_close(void *from, str_t name)
{
    own_t *own = from;
    str_t text = str_trim(buf_str(&own->text));
    (void)name;
    if (own->depth == 2 && !own->has_inside && text.len > 0) {
        own->has_second_text = true;
    }
    if (own->depth == own->row_depth) {
        own->is_ready = true;
        if (!own->is_counting) {
            markup_pause(own->markup);
        }
    } else if (own->depth > own->row_depth) {
        if (!own->has_inside) {
            put(own, str_n(own->path, own->path_len), text);
        }
        own->path_len = own->lens[own->depth];
    }
    own->has_inside = true;
    own->depth--;
    buf_reset(&own->text);
}

static void on_text(void *from, str_t text)
{
    own_t *own = from;
    if (own->depth >= 2 && !buf_add_str(&own->text, text)) {
        own->row_flaw = "cell-too-long";
    }
}

static const markup_calls_t calls = {on_open, on_close, on_text};

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
    own->is_ready = false;
    if (!markup_run(own->markup) || !own->is_ready) {
        own->flaw = markup_flaw(own->markup);
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        own->cells[i] = own->values[i].len == 0 ? str_n("", 0) : buf_str(&own->values[i]);
    }
    own->last_line = own->line;
    *row = (table_row_t){own->cells, own->row_flaw == NULL ? count : 0, own->line, own->row_flaw};
    return true;
}

static void close_drop(void *from)
{
    own_t *own = from;
    markup_free(own->markup);
    names_free(own->names);
    for (unsigned i = 0; i < TABLE_CELLS_MAX; i++) {
        buf_free(&own->values[i]);
    }
    buf_free(&own->text);
    mem_free(own);
}

/* Read the whole document with these rules. out: NULL, or why it is broken */
static const char *count_names(own_t *own, int row_depth)
{
    names_free(own->names);
    markup_free(own->markup);
    own->names = names_new();
    own->markup = markup_new(source_read, own->source, source_chunk(own->source), &calls, own);
    own->row_depth = row_depth;
    own->depth = 0;
    own->path_len = 0;
    own->is_counting = true;
    while (markup_run(own->markup)) {
    }
    const char *flaw = markup_flaw(own->markup);
    return flaw != NULL ? flaw : source_rewind(own->source) ? NULL : "file";
}

static void *open_drop(source_t *source, const char *sheet, table_facts_t *facts, const char **flaw)
{
    own_t *own = MEM_NEW(own_t);
    unsigned count = 0;
    (void)sheet;
    own->source = source;
    own->text = buf_make(TABLE_CELL_BYTES);
    *flaw = count_names(own, 2);
    if (*flaw == NULL && own->second_count == 1 && own->is_deep && !own->has_second_text) {
        *flaw = count_names(own, 3); /* <table><rows><row>...: the rows lie one deeper */
    }
    (void)names_all(own->names, &count);
    if (*flaw == NULL && count == 0) {
        *flaw = "not-table";
    }
    if (*flaw != NULL) {
        close_drop(own);
        return NULL;
    }
    markup_free(own->markup);
    own->markup = markup_new(source_read, source, source_chunk(source), &calls, own);
    own->is_counting = false;
    own->depth = 0;
    own->path_len = 0;
    facts->format = "xml";
    facts->encoding = encoding_name(markup_encoding(own->markup));
    return own;
}

static const char *flaw_of(const void *from)
{
    return ((const own_t *)from)->flaw;
}

const source_form_t source_drop = {open_drop, next_row, flaw_of, NULL, close_drop};
