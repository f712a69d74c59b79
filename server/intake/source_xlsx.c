/* SPDX-License-Identifier: Apache-2.0
 * A sheet of an XLSX workbook as a form of table.h: row by row, never whole in memory.
 * source: ECMA-376 part 1, 18.3 */
#include "intake/source.h"

#include "base/mem.h"
#include "intake/markup.h"
#include "intake/xlsx.h"

enum { ROW_BYTES = 1 << 20 };

typedef enum { CELL_NUMBER, CELL_SHARED, CELL_INLINE, CELL_PLAIN, CELL_ERROR } cell_kind_t;

typedef struct {
    xlsx_t *book;
    unzip_member_t *member;
    markup_t *markup;
    str_t names[TABLE_SHEETS_MAX];
    const char *flaw;
    /* the row */
    int line;
    unsigned count; /* cells so far, gaps filled */
    buf_t text;
    size_t ends[TABLE_CELLS_MAX];
    str_t cells[TABLE_CELLS_MAX];
    const char *row_flaw;
    bool is_row; /* a row is ready */
    /* the cell */
    cell_kind_t kind;
    unsigned style;
    unsigned column;
    bool is_value;
    buf_t value;
} own_t;

/* Column of a reference such as "AB12". out: TABLE_CELLS_MAX or more when it is beyond all bounds
 */
static unsigned column_of(const char *reference)
{
    unsigned column = 0;
    for (; *reference >= 'A' && *reference <= 'Z' && column < 100000; reference++) {
        column = column * 26 + (unsigned)(*reference - 'A') + 1;
    }
    return column == 0 ? TABLE_CELLS_MAX : column - 1;
}

static cell_kind_t kind_of(const char *type)
{
    if (type == NULL || strcmp(type, "n") == 0) {
        return CELL_NUMBER;
    }
    if (strcmp(type, "s") == 0) {
        return CELL_SHARED;
    }
    if (strcmp(type, "inlineStr") == 0) {
        return CELL_INLINE;
    }
    return strcmp(type, "e") == 0 ? CELL_ERROR : CELL_PLAIN; /* str, b, d */
}

static unsigned number_of(str_t text, unsigned otherwise)
{
    uint64_t value = 0;
    return str_to_u64(text, INT32_MAX, &value) ? (unsigned)value : otherwise;
}

static void begin_row(own_t *own, const char **attributes)
{
    const char *number = markup_attribute(attributes, "r");
    int line = number == NULL ? own->line + 1 : (int)number_of(str_of(number), 0);
    own->line = line > own->line ? line : own->line + 1; /* lines only grow */
    own->count = 0;
    own->row_flaw = NULL;
    buf_reset(&own->text);
}

static void begin_cell(own_t *own, const char **attributes)
{
    const char *reference = markup_attribute(attributes, "r");
    own->kind = kind_of(markup_attribute(attributes, "t"));
    own->style = number_of(str_of(markup_attribute(attributes, "s")), 0);
    own->column = reference == NULL ? own->count : column_of(reference);
    buf_reset(&own->value);
}

static void on_open(void *from, str_t name, const char **attributes)
{
    own_t *own = from;
    if (str_eq(name, STR("row"))) {
        begin_row(own, attributes);
    } else if (str_eq(name, STR("c"))) {
        begin_cell(own, attributes);
    } else if (str_eq(name, STR("v")) || str_eq(name, STR("t"))) {
        own->is_value = str_eq(name, STR("v")) != (own->kind == CELL_INLINE);
    } else if (str_eq(name, STR("rPh"))) {
        own->column = TABLE_CELLS_MAX + 1; /* how a text is read aloud follows the text */
    }
}

static void put_cell(own_t *own, str_t text)
{
    if (own->column < own->count || own->row_flaw != NULL) {
        return; /* a cell told twice */
    }
    if (own->column >= TABLE_CELLS_MAX) {
        own->row_flaw = text.len == 0 ? NULL : "too-many-cells";
        return;
    }
    if (text.len > TABLE_CELL_BYTES) {
        own->row_flaw = "cell-too-long";
        return;
    }
    while (own->count < own->column) {
        own->ends[own->count++] = own->text.len;
    }
    if (!buf_add_str(&own->text, text)) {
        own->row_flaw = "row-too-long";
    }
    own->ends[own->count++] = own->text.len;
}

/* Undo _x000D_: a control character as a workbook writes it. */
static str_t unescaped(buf_t *value)
{
    size_t to = 0;
    for (size_t i = 0; i < value->len; i++) {
        unsigned char byte[2];
        bool is_escape = i + 7 <= value->len && value->ptr[i] == '_' && value->ptr[i + 1] == 'x' &&
                         value->ptr[i + 6] == '_' &&
                         str_from_hex(str_n(value->ptr + i + 2, 4), byte) && byte[0] == 0 &&
                         byte[1] > 0 && byte[1] < 0x80;
        value->ptr[to++] = is_escape ? (char)byte[1] : value->ptr[i];
        i += is_escape ? 6 : 0;
    }
    return str_n(value->ptr, to);
}

static void end_cell(own_t *own)
{
    char number[40];
    str_t text = buf_str(&own->value);
    if (own->value.is_full) {
        own->row_flaw = "cell-too-long";
        return;
    }
    switch (own->kind) {
    case CELL_SHARED:
        text = xlsx_text(own->book, number_of(text, UINT32_MAX));
        break;
    case CELL_NUMBER:
        text = xlsx_number(own->book, text, xlsx_is_date(own->book, own->style), number);
        break;
    case CELL_ERROR:
        text = str_n("", 0);
        break;
    case CELL_INLINE:
    case CELL_PLAIN:
        text = unescaped(&own->value);
        break;
    }
    put_cell(own, text);
}

static void on_close(void *from, str_t name)
{
    own_t *own = from;
    if (str_eq(name, STR("c"))) {
        end_cell(own);
    } else if (str_eq(name, STR("v")) || str_eq(name, STR("t"))) {
        own->is_value = false;
    } else if (str_eq(name, STR("row")) && (own->text.len > 0 || own->row_flaw != NULL)) {
        own->is_row = true;
        markup_pause(own->markup);
    }
}

static void on_text(void *from, str_t text)
{
    own_t *own = from;
    if (own->is_value) {
        (void)buf_add_str(&own->value, text);
    }
}

static const markup_calls_t calls = {on_open, on_close, on_text};

static void close_xlsx(void *from)
{
    own_t *own = from;
    markup_free(own->markup);
    unzip_end(own->member);
    xlsx_close(own->book);
    buf_free(&own->text);
    buf_free(&own->value);
    mem_free(own);
}

static bool next_row(void *from, table_row_t *row)
{
    own_t *own = from;
    own->is_row = false;
    if (own->flaw != NULL) {
        return false;
    }
    if (!markup_run(own->markup) || !own->is_row) {
        own->flaw = markup_flaw(own->markup);
        if (own->flaw != NULL && unzip_flaw(own->member) != NULL) {
            own->flaw = unzip_flaw(own->member);
        }
        return false;
    }
    size_t begin = 0;
    for (unsigned i = 0; i < own->count; i++) {
        own->cells[i] =
            str_n(own->text.len == 0 ? "" : own->text.ptr + begin, own->ends[i] - begin);
        begin = own->ends[i];
    }
    *row = (table_row_t){own->cells, own->count, own->line, own->row_flaw};
    return true;
}

/* Begin to read a sheet. out: false when it is not in the archive */
static bool begin_sheet(own_t *own, unsigned sheet)
{
    markup_free(own->markup);
    unzip_end(own->member);
    own->markup = NULL;
    own->line = 0;
    own->member = unzip_begin(own->book->zip, str_of(own->book->sheets[sheet].part));
    if (own->member != NULL) {
        own->markup = markup_new(xlsx_read, own->member, STR("<?xml "), &calls, own);
    }
    return own->member != NULL;
}

/* The sheet asked for by name, else the first that holds a row. */
static const char *choose_sheet(own_t *own, const char *asked, table_facts_t *facts)
{
    table_row_t row;
    for (unsigned i = 0; i < own->book->sheet_count; i++) {
        if (asked != NULL && str_eq(own->book->sheets[i].name, str_of(asked))) {
            facts->sheet = i;
            return begin_sheet(own, i) ? NULL : "zip-broken";
        }
    }
    bool is_any = false;
    for (unsigned i = 0; i < own->book->sheet_count; i++) {
        bool is_begun = begin_sheet(own, i);
        bool is_there = is_begun && next_row(own, &row);
        is_any = is_any || is_begun;
        if (own->flaw != NULL) {
            return own->flaw;
        }
        if (is_there) {
            facts->sheet = i;
            return begin_sheet(own, i) ? NULL : "zip-broken";
        }
    }
    return is_any ? "empty" : "not-table";
}

static void *open_xlsx(source_t *source, const char *sheet, table_facts_t *facts, const char **flaw)
{
    unzip_t *zip = unzip_open(source->fd, source->total_bytes, flaw);
    xlsx_t *book = zip == NULL ? NULL : xlsx_open(zip, flaw);
    if (book == NULL) {
        return NULL;
    }
    own_t *own = MEM_NEW(own_t);
    own->book = book;
    own->text = buf_make(ROW_BYTES);
    own->value = buf_make(TABLE_CELL_BYTES);
    for (unsigned i = 0; i < book->sheet_count; i++) {
        own->names[i] = book->sheets[i].name;
    }
    facts->format = "xlsx";
    facts->encoding = "utf-8";
    facts->sheets = own->names;
    facts->sheet_count = book->sheet_count;
    *flaw = choose_sheet(own, sheet, facts);
    if (*flaw != NULL) {
        close_xlsx(own);
        return NULL;
    }
    return own;
}

static const char *flaw_of(const void *from)
{
    return ((const own_t *)from)->flaw;
}

static uint64_t done_bytes(const void *from)
{
    return unzip_done_bytes(((const own_t *)from)->member);
}

const source_form_t source_xlsx = {open_xlsx, next_row, flaw_of, done_bytes, close_xlsx};
