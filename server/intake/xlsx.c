/* SPDX-License-Identifier: Apache-2.0
 * The parts of a workbook. See xlsx.h.  source: ECMA-376 part 1, 18.2, 18.4, 18.8 */
#include "intake/xlsx.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "intake/markup.h"

enum { SAMPLE_BYTES = 512, FORMATS_MAX = 4096, DATE_LAST = 2958465 /* 9999-12-31 */ };

/* What is being read of one part. */
typedef struct {
    xlsx_t *book;
    markup_t *markup;
    buf_t relations; /* id NUL target NUL ... */
    buf_t ids;       /* relation id of each sheet, NUL after each */
    bool is_in_text;
    bool is_in_sound; /* how a text is read aloud: not part of it */
    bool is_in_styles;
    uint16_t formats[FORMATS_MAX]; /* numbers of formats of the workbook's own that show dates */
    unsigned format_count;
} reading_t;

long xlsx_read(void *member, char *out, size_t size)
{
    return unzip_read(member, out, size);
}

static void no_text(void *own, str_t text)
{
    (void)own;
    (void)text;
}

static void no_close(void *own, str_t name)
{
    (void)own;
    (void)name;
}

/* Read one part from end to end. out: false with a flaw when it is broken; a part that is not there
 * is an empty one */
static bool read_part(reading_t *reading, str_t part, const markup_calls_t *calls,
                      const char **flaw)
{
    unzip_member_t *member = unzip_begin(reading->book->zip, part);
    if (member == NULL) {
        return true;
    }
    /* parts of a workbook are UTF-8 or UTF-16 with a mark: no guess is needed */
    reading->markup = markup_new(xlsx_read, member, STR("<?xml "), calls, reading);
    while (markup_run(reading->markup)) {
    }
    *flaw = markup_flaw(reading->markup);
    if (*flaw != NULL && unzip_flaw(member) != NULL) {
        *flaw = unzip_flaw(member);
    }
    markup_free(reading->markup);
    unzip_end(member);
    return *flaw == NULL;
}

/* --- xl/workbook.xml and its relations -----------------------------------------------------------
 */

static void on_workbook(void *own, str_t name, const char **attributes)
{
    reading_t *reading = own;
    xlsx_t *book = reading->book;
    const char *is_1904 = markup_attribute(attributes, "date1904");
    if (str_eq(name, STR("workbookPr")) && is_1904 != NULL) {
        book->is_1904 = strcmp(is_1904, "1") == 0 || strcmp(is_1904, "true") == 0;
    }
    const char *title = markup_attribute(attributes, "name");
    const char *id = markup_attribute(attributes, "id");
    if (!str_eq(name, STR("sheet")) || title == NULL || id == NULL ||
        book->sheet_count == TABLE_SHEETS_MAX || strlen(title) > 400 || strlen(id) > 100) {
        return;
    }
    /* where the name stands is known once all are there: the buffer may move */
    book->sheets[book->sheet_count++].name = str_n(NULL, book->names.len);
    (void)buf_add(&book->names, title, strlen(title) + 1);
    (void)buf_add(&reading->ids, id, strlen(id) + 1);
}

static void on_relation(void *own, str_t name, const char **attributes)
{
    reading_t *reading = own;
    const char *id = markup_attribute(attributes, "Id");
    const char *target = markup_attribute(attributes, "Target");
    if (str_eq(name, STR("Relationship")) && id != NULL && target != NULL &&
        strlen(target) < sizeof reading->book->sheets[0].part - 4) {
        (void)buf_add(&reading->relations, id, strlen(id) + 1);
        (void)buf_add(&reading->relations, target, strlen(target) + 1);
    }
}

/* The target of a relation. out: NULL when it has none */
static const char *target_of(const reading_t *reading, const char *id)
{
    if (reading->relations.len == 0) {
        return NULL; // no memory yet: nothing may be added to its pointer
    }
    const char *at = reading->relations.ptr;
    const char *end = at + reading->relations.len;
    while (at < end) {
        const char *target = at + strlen(at) + 1;
        if (strcmp(at, id) == 0) {
            return target;
        }
        at = target + strlen(target) + 1;
    }
    return NULL;
}

static void name_sheets(reading_t *reading)
{
    xlsx_t *book = reading->book;
    const char *id = reading->ids.ptr;
    unsigned kept = 0;
    for (unsigned i = 0; i < book->sheet_count; i++) {
        const char *target = target_of(reading, id);
        id += strlen(id) + 1;
        if (target == NULL) {
            continue;
        }
        xlsx_sheet_t *sheet = &book->sheets[kept++];
        sheet->name = str_of(book->names.ptr + book->sheets[i].name.len);
        (void)snprintf(sheet->part, sizeof sheet->part, "%s%s", target[0] == '/' ? "" : "xl/",
                       target[0] == '/' ? target + 1 : target);
    }
    book->sheet_count = kept;
}

/* --- xl/styles.xml
 * --------------------------------------------------------------------------------- */

/* Whether a format code shows a day: d, m or y outside quotes, brackets and escapes. */
static bool is_date_code(const char *code)
{
    for (const char *at = code; *at != '\0'; at++) {
        if (*at == '"' || *at == '[') {
            at = strchr(at + 1, *at == '"' ? '"' : ']');
            if (at == NULL) {
                return false;
            }
        } else if (*at == '\\' && at[1] != '\0') {
            at++;
        } else if (strchr("dDmMyY", *at) != NULL) {
            return true;
        }
    }
    return false;
}

static unsigned number_of(const char *text)
{
    uint64_t value = 0;
    return text != NULL && str_to_u64(str_of(text), UINT32_MAX, &value) ? (unsigned)value
                                                                        : UINT32_MAX;
}

static bool is_date_format(const reading_t *reading, unsigned format)
{
    for (unsigned i = 0; i < reading->format_count; i++) {
        if (reading->formats[i] == format) {
            return true;
        }
    }
    return (format >= 14 && format <= 17) || format == 22 || (format >= 27 && format <= 36) ||
           (format >= 50 && format <= 58);
}

static void on_style(void *own, str_t name, const char **attributes)
{
    reading_t *reading = own;
    xlsx_t *book = reading->book;
    unsigned format = number_of(markup_attribute(attributes, "numFmtId"));
    if (str_eq(name, STR("numFmt"))) {
        const char *code = markup_attribute(attributes, "formatCode");
        if (code != NULL && format <= UINT16_MAX && is_date_code(code) &&
            reading->format_count < FORMATS_MAX) {
            reading->formats[reading->format_count++] = (uint16_t)format;
        }
    } else if (str_eq(name, STR("cellXfs"))) {
        reading->is_in_styles = true;
    } else if (str_eq(name, STR("xf")) && reading->is_in_styles &&
               book->style_count < XLSX_STYLES_MAX) {
        book->is_date[book->style_count++] = is_date_format(reading, format);
    }
}

static void on_style_end(void *own, str_t name)
{
    reading_t *reading = own;
    if (str_eq(name, STR("cellXfs"))) {
        reading->is_in_styles = false;
    }
}

/* --- xl/sharedStrings.xml
 * -------------------------------------------------------------------------- */

static void on_shared(void *own, str_t name, const char **attributes)
{
    reading_t *reading = own;
    (void)attributes;
    reading->is_in_sound = reading->is_in_sound || str_eq(name, STR("rPh"));
    reading->is_in_text = str_eq(name, STR("t")) && !reading->is_in_sound;
}

static void on_shared_end(void *own, str_t name)
{
    reading_t *reading = own;
    xlsx_t *book = reading->book;
    reading->is_in_text = false;
    if (str_eq(name, STR("rPh"))) {
        reading->is_in_sound = false;
    }
    if (!str_eq(name, STR("si"))) {
        return;
    }
    if (book->text_count == book->text_room) {
        book->text_room = book->text_room == 0 ? 1024 : 2 * book->text_room;
        book->ends = mem_resize(book->ends, book->text_room * sizeof *book->ends);
    }
    book->ends[book->text_count++] = (uint32_t)book->texts.len;
    if (book->texts.is_full || book->text_count == XLSX_TEXTS_MAX) {
        markup_stop(reading->markup, "xlsx-texts");
    }
}

static void on_shared_text(void *own, str_t text)
{
    reading_t *reading = own;
    if (reading->is_in_text) {
        (void)buf_add_str(&reading->book->texts, text);
    }
}

/* ---------------------------------------------------------------------------------------------------
 */

static bool read_parts(reading_t *reading, const char **flaw)
{
    static const markup_calls_t workbook = {on_workbook, no_close, no_text};
    static const markup_calls_t relations = {on_relation, no_close, no_text};
    static const markup_calls_t styles = {on_style, on_style_end, no_text};
    static const markup_calls_t shared = {on_shared, on_shared_end, on_shared_text};
    if (!read_part(reading, STR("xl/workbook.xml"), &workbook, flaw) ||
        !read_part(reading, STR("xl/_rels/workbook.xml.rels"), &relations, flaw)) {
        return false;
    }
    name_sheets(reading);
    if (reading->book->sheet_count == 0) {
        *flaw = "not-table";
        return false;
    }
    return read_part(reading, STR("xl/styles.xml"), &styles, flaw) &&
           read_part(reading, STR("xl/sharedStrings.xml"), &shared, flaw);
}

xlsx_t *xlsx_open(unzip_t *zip, const char **flaw)
{
    xlsx_t *book = MEM_NEW(xlsx_t);
    reading_t *reading = MEM_NEW(reading_t);
    book->zip = zip;
    book->names = buf_make(65536);
    book->texts = buf_make(XLSX_TEXTS_BYTES);
    book->is_date = mem_new(XLSX_STYLES_MAX);
    reading->book = book;
    reading->relations = buf_make(1 << 20);
    reading->ids = buf_make(65536);
    bool is_read = read_parts(reading, flaw);
    buf_free(&reading->relations);
    buf_free(&reading->ids);
    mem_free(reading);
    if (!is_read) {
        xlsx_close(book);
        return NULL;
    }
    return book;
}

void xlsx_close(xlsx_t *book)
{
    if (book != NULL) {
        unzip_close(book->zip);
        buf_free(&book->names);
        buf_free(&book->texts);
        mem_free(book->ends);
        mem_free(book->is_date);
        mem_free(book);
    }
}

str_t xlsx_text(const xlsx_t *book, unsigned number)
{
    if (number >= book->text_count) {
        return str_n("", 0);
    }
    uint32_t begin = number == 0 ? 0 : book->ends[number - 1];
    return str_n(book->texts.len == 0 ? "" : book->texts.ptr + begin, book->ends[number] - begin);
}

bool xlsx_is_date(const xlsx_t *book, unsigned style)
{
    return style < book->style_count && book->is_date[style];
}

/* A day of a workbook as year, month and day.  source: H. Hinnant, civil_from_days */
static void civil(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = z / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2 ? 1 : 0));
}

str_t xlsx_number(const xlsx_t *book, str_t text, bool is_date, char out[40])
{
    char copy[40];
    char *end = NULL;
    int len = 0;
    if (text.len == 0 || text.len >= sizeof copy) {
        return text;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    double value = strtod(copy, &end);
    if (*end != '\0' || !isfinite(value)) {
        return text;
    }
    if (is_date && value >= 1 && value <= DATE_LAST) {
        int year = 0;
        int month = 0;
        int day = 0;
        int64_t seconds = llround(value * 86400);
        int64_t days = seconds / 86400;
        int minute = (int)(seconds % 86400 / 60);
        /* 1970-01-01 is day 25569; before March 1900 the count has a day that never was */
        civil(days - 25569 + (book->is_1904 ? 1462 : days < 60 ? 1 : 0), &year, &month, &day);
        len = snprintf(out, 40, minute == 0 ? "%04d-%02d-%02d" : "%04d-%02d-%02d %02d:%02d", year,
                       month, day, minute / 60, minute % 60);
        return str_n(out, (size_t)len);
    }
    bool is_plain = text.len <= 15 && strpbrk(copy, "eE") == NULL;
    if (is_plain) {
        return text;
    }
    len = fabs(value) < 1e15 && value == floor(value) ? snprintf(out, 40, "%.0f", value)
                                                      : snprintf(out, 40, "%.15g", value);
    return str_n(out, (size_t)len);
}
