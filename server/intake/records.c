/* SPDX-License-Identifier: Apache-2.0
 * Records of an exchange format. See records.h. */
#include "intake/records.h"

#include "base/arena.h"
#include "base/mem.h"
#include "intake/markup.h"
#include "intake/source.h"

enum { PATH_BYTES = 4096, SLOTS = 5 };

struct records {
    const record_format_t *format;
    source_t *source;
    markup_t *markup;
    const char *flaw;
    bool is_header_given;
    str_t header[FIELD_COUNT];
    int last_line; /* of the rows given out: lines only grow */
    /* where the reader stands */
    char path[PATH_BYTES];
    size_t path_len;
    size_t record_at; /* where the path inside the record begins; 0 outside */
    bool has_inside;  /* the present element has held another */
    buf_t text;
    /* the record */
    arena_t *arena;
    const record_place_t *place;
    const char *record_flaw;
    record_t main, client;
    record_t *items;
    unsigned item_count;
    buf_t slots[SLOTS];
    /* what is given out: client, main, items */
    unsigned given;
    bool is_ready;
};

static const record_format_t *const formats[] = {&record_enterprise_data, &record_commerceml,
                                                 &record_adf};

static const record_format_t *format_of(str_t sample)
{
    char plain[8192];
    size_t len = 0;
    /* UTF-16: without its zeros. Single-byte encodings: marks are compared in both alphabets */
    for (size_t i = 0; i < sample.len && len < sizeof plain; i++) {
        if (sample.ptr[i] != '\0') {
            plain[len++] = sample.ptr[i];
        }
    }
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        str_t marks = str_of(formats[i]->mark);
        str_t mark;
        while (str_split(&marks, '|', &mark)) {
            if (memmem(plain, len, mark.ptr, mark.len) != NULL) {
                return formats[i];
            }
        }
    }
    return NULL;
}

bool records_know(str_t sample)
{
    return format_of(sample) != NULL;
}

bool record_path_is(str_t path, const char *end)
{
    str_t tail = str_of(end);
    if (path.len < tail.len) {
        return false;
    }
    size_t at = path.len - tail.len;
    return memcmp(path.ptr + at, tail.ptr, tail.len) == 0 && (at == 0 || path.ptr[at - 1] == '/');
}

/* --- what formats do --- */

record_t *records_main(records_t *records)
{
    return &records->main;
}

record_t *records_client(records_t *records)
{
    records->client.is_used = true;
    return &records->client;
}

record_t *records_item(records_t *records)
{
    return records->item_count == 0 ? NULL : &records->items[records->item_count - 1];
}

static str_t copy(records_t *records, str_t text)
{
    if (text.len > TABLE_CELL_BYTES || arena_used(records->arena) + text.len > RECORDS_BYTES_MAX) {
        records->record_flaw = text.len > TABLE_CELL_BYTES ? "cell-too-long" : "row-too-long";
        return str_n("", 0);
    }
    return arena_copy(records->arena, text);
}

void records_set(records_t *records, record_t *record, table_field_t field, str_t text)
{
    text = str_trim(text);
    if (record != NULL && record->values[field].len == 0 && text.len > 0) {
        record->values[field] = copy(records, text);
    }
}

void records_add(records_t *records, record_t *record, table_field_t field, str_t text)
{
    text = str_trim(text);
    if (record == NULL || record->values[field].len == 0 || text.len == 0) {
        records_set(records, record, field, text);
        return;
    }
    buf_t both = buf_make(TABLE_CELL_BYTES + 1);
    (void)buf_add_str(&both, record->values[field]);
    (void)buf_add_c(&both, ' ');
    (void)buf_add_str(&both, text);
    record->values[field] = copy(records, buf_str(&both));
    buf_free(&both);
}

str_t records_slot(const records_t *records, unsigned slot)
{
    return str_trim(buf_str(&records->slots[slot]));
}

void records_slot_set(records_t *records, unsigned slot, str_t text)
{
    buf_reset(&records->slots[slot]);
    (void)buf_add_str(&records->slots[slot], text);
}

void records_slot_reset(records_t *records)
{
    for (unsigned i = 0; i < SLOTS; i++) {
        buf_reset(&records->slots[i]);
    }
}

const char *records_place(const records_t *records)
{
    return records->place->record == NULL ? "" : records->place->record;
}

/* --- the walk --- */

static str_t inside_of(const records_t *records)
{
    return str_skip(str_n(records->path, records->path_len), records->record_at);
}

static void begin_record(records_t *records, const record_place_t *place)
{
    arena_reset(records->arena);
    records->place = place;
    records->record_at = records->path_len;
    records->record_flaw = NULL;
    records->main = (record_t){.line = markup_line(records->markup), .is_used = true};
    records->client = (record_t){.line = records->main.line};
    records->item_count = 0;
    records_slot_reset(records);
}

static void begin_item(records_t *records, bool is_work)
{
    if (records->item_count == RECORDS_LINES_MAX) {
        records->record_flaw = "too-many-lines";
        return;
    }
    record_t *item = &records->items[records->item_count++];
    *item = (record_t){.line = markup_line(records->markup), .is_used = true};
    records_set(records, item, FIELD_IS_WORK, is_work ? STR("1") : STR(""));
}

static void on_open(void *own, str_t name, const char **attributes)
{
    records_t *records = own;
    if (records->path_len + name.len + 1 >= PATH_BYTES) {
        markup_stop(records->markup, "xml-deep");
        return;
    }
    if (records->path_len > 0) {
        records->path[records->path_len++] = '/';
    }
    memcpy(records->path + records->path_len, name.ptr, name.len);
    records->path_len += name.len;
    records->has_inside = false;
    buf_reset(&records->text);
    for (const record_place_t *p = records->format->places; !records->record_at && p->element;
         p++) {
        if (record_path_is(str_n(records->path, records->path_len), p->element)) {
            begin_record(records, p);
            break;
        }
    }
    for (const char *const *i = records->format->items; records->record_at && *i; i++) {
        if (record_path_is(inside_of(records), *i + (**i == '!'))) {
            begin_item(records, **i == '!');
            break;
        }
    }
    if (records->record_at && records->format->attribute != NULL) {
        records->format->attribute(records, inside_of(records), attributes);
    }
}

/* A text: by the rules, else by the format. */
static void take_text(records_t *records, str_t path, str_t text)
{
    for (const record_rule_t *r = records->format->rules; r->path != NULL; r++) {
        if (!record_path_is(path, r->path)) {
            continue;
        }
        switch (r->into) {
        case INTO_MAIN:
            records_set(records, &records->main, r->field, text);
            break;
        case INTO_CLIENT:
            records_set(records, records_client(records), r->field, text);
            break;
        case INTO_ITEM:
            records_set(records, records_item(records), r->field, text);
            break;
        case ADD_MAIN:
            records_add(records, &records->main, r->field, text);
            break;
        }
        return;
    }
    if (records->format->text != NULL) {
        records->format->text(records, path, text);
    }
}

/* The record is whole: let the format finish it and give it out. */
static void end_record(records_t *records)
{
    record_t *main = &records->main;
    if (records->place->record != NULL) {
        records_set(records, main, FIELD_RECORD, str_of(records->place->record));
    }
    if (records->format->end != NULL) {
        records->format->end(records);
    }
    records->record_flaw = main->is_passed ? "passed-over" : records->record_flaw;
    if (records->client.is_used) {
        records->client.values[FIELD_RECORD_ID] = main->values[FIELD_RECORD_ID];
        records->client.line = main->line;
        records_set(records, &records->client, FIELD_RECORD, STR("client"));
        if (main->values[FIELD_EXTERNAL_ID].len == 0) {
            main->values[FIELD_EXTERNAL_ID] = records->client.values[FIELD_EXTERNAL_ID];
        }
    }
    for (unsigned i = 0; i < records->item_count; i++) {
        char number[20];
        size_t len = str_put_i64(i + 1, number);
        records_set(records, &records->items[i], FIELD_RECORD, STR("order_line"));
        records_set(records, &records->items[i], FIELD_POSITION, str_n(number, len));
        records_set(records, &records->items[i], FIELD_IS_WORK, STR("0"));
        records->items[i].values[FIELD_NUMBER] = main->values[FIELD_NUMBER];
        records->items[i].values[FIELD_RECORD_ID] = main->values[FIELD_RECORD_ID];
    }
    if (!str_eq(main->values[FIELD_RECORD], STR("repair_order"))) {
        records->item_count = 0; /* only work orders keep their lines */
    }
    records->record_at = 0;
    records->given = 0;
    records->is_ready = true;
    markup_pause(records->markup);
}

static void on_close(void *own, str_t name)
{
    records_t *records = own;
    if (records->record_at != 0) {
        if (records->path_len == records->record_at) {
            end_record(records);
        } else if (!records->has_inside) {
            take_text(records, inside_of(records), str_trim(buf_str(&records->text)));
        } else if (records->format->close != NULL) {
            records->format->close(records, inside_of(records));
        }
    }
    records->has_inside = true;
    records->path_len -= name.len;
    records->path_len -= records->path_len > 0;
}

static void on_text(void *own, str_t text)
{
    records_t *records = own;
    if (records->record_at != 0 && !buf_add_str(&records->text, text)) {
        records->record_flaw = "cell-too-long";
    }
}

static const markup_calls_t calls = {on_open, on_close, on_text};

/* The next row of the record that is ready. out: NULL when all are given */
static record_t *next_record(records_t *records)
{
    if (records->given == 0) {
        records->given = 1;
        if (records->client.is_used && records->record_flaw == NULL) {
            return &records->client;
        }
    }
    if (records->given == 1) {
        records->given = 2;
        if (records->main.is_used) {
            return &records->main;
        }
    }
    unsigned item = records->given++ - 2;
    return records->main.is_used && item < records->item_count && records->record_flaw == NULL
               ? &records->items[item]
               : NULL;
}

static bool next_row(void *own, table_row_t *row)
{
    records_t *records = own;
    if (!records->is_header_given) {
        records->is_header_given = true;
        *row = (table_row_t){records->header, FIELD_COUNT, 0, NULL};
        return true;
    }
    while (records->flaw == NULL) {
        record_t *record = records->is_ready ? next_record(records) : NULL;
        if (record != NULL) {
            int line = record->line > records->last_line ? record->line : records->last_line + 1;
            records->last_line = line;
            *row = (table_row_t){record->values, records->record_flaw == NULL ? FIELD_COUNT : 0,
                                 line, records->record_flaw};
            return true;
        }
        records->is_ready = false;
        if (!markup_run(records->markup)) {
            records->flaw = markup_flaw(records->markup);
            return false;
        }
    }
    return false;
}

static void close_records(void *own)
{
    records_t *records = own;
    markup_free(records->markup);
    arena_free(records->arena);
    buf_free(&records->text);
    for (unsigned i = 0; i < SLOTS; i++) {
        buf_free(&records->slots[i]);
    }
    mem_free(records->items);
    mem_free(records);
}

static void *open_records(source_t *source, const char *sheet, table_facts_t *facts,
                          const char **flaw)
{
    static const char *const names[] = {
#define TABLE_FIELD(id, name) name,
        TABLE_FIELDS(TABLE_FIELD)
#undef TABLE_FIELD
    };
    records_t *records = MEM_NEW(records_t);
    (void)sheet;
    (void)flaw;
    records->format = format_of(source_chunk(source));
    records->source = source;
    records->text = buf_make(TABLE_CELL_BYTES + 1);
    records->arena = arena_new(2 * RECORDS_BYTES_MAX);
    records->items = MEM_ARRAY(record_t, RECORDS_LINES_MAX);
    for (unsigned i = 0; i < SLOTS; i++) {
        records->slots[i] = buf_make(TABLE_CELL_BYTES);
    }
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        records->header[i] = str_of(names[i]);
    }
    records->markup = markup_new(source_read, source, source_chunk(source), &calls, records);
    facts->format = records->format->name;
    facts->encoding = encoding_name(markup_encoding(records->markup));
    facts->is_named = true;
    return records;
}

static const char *flaw_of(const void *own)
{
    return ((const records_t *)own)->flaw;
}

const source_form_t source_records = {open_records, next_row, flaw_of, NULL, close_records};
