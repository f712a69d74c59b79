/* SPDX-License-Identifier: Apache-2.0
 * Rows out of a CSV file of any usual form. See csv.h. */
#include "intake/csv.h"

#include "base/mem.h"
#include "match/text.h"

/* Where in a row the reader stands. */
typedef enum {
    AT_CELL,     /* at the beginning of a cell */
    IN_PLAIN,    /* inside a cell without quotes */
    IN_QUOTES,   /* inside quotes */
    AFTER_QUOTE, /* after a quote inside quotes: the end of the cell or half of a doubled quote */
    IN_BROKEN    /* after a flaw: the rest of the row is passed over */
} state_t;

struct csv {
    form_t form;
    csv_limits_t limits;
    /* the input */
    str_t input;
    size_t mark_left;
    bool is_last;
    unsigned char held[4]; /* first bytes of a UTF-16 unit or pair that the chunk cuts */
    size_t held_bytes;
    /* the row */
    state_t state;
    bool is_after_cr;
    bool has_quotes; /* the row has a quoted cell, so it is not blank */
    bool is_row_given;
    bool is_first_row;
    bool is_broken_quoted; /* a quote is open while the rest of a broken row is passed over */
    int line;
    int row_line;
    csv_flaw_t flaw;
    buf_t text;
    size_t ends[CSV_CELLS_MAX];
    unsigned count;
    size_t cell_begin;
    str_t cells[CSV_CELLS_MAX];
};

static const char *const flaws[CSV_FLAWS] = {"fine",          "quote-open",   "quote-broken",
                                             "cell-too-long", "row-too-long", "too-many-cells",
                                             "bad-bytes",     "zero-byte"};

const char *csv_flaw_name(csv_flaw_t flaw)
{
    return flaw < CSV_FLAWS ? flaws[flaw] : flaws[0];
}

csv_t *csv_new(form_t form, csv_limits_t limits)
{
    csv_t *csv = MEM_NEW(csv_t);
    csv->form = form;
    csv->limits = limits;
    csv->mark_left = form.mark_bytes;
    csv->text = buf_make(limits.row_bytes);
    csv->line = 1;
    csv->row_line = 1;
    csv->is_first_row = true;
    return csv;
}

void csv_free(csv_t *csv)
{
    if (csv != NULL) {
        buf_free(&csv->text);
        mem_free(csv);
    }
}

void csv_feed(csv_t *csv, str_t bytes, bool is_last)
{
    size_t mark = bytes.len < csv->mark_left ? bytes.len : csv->mark_left;
    csv->mark_left -= mark;
    csv->input = str_skip(bytes, mark);
    csv->is_last = is_last;
}

static uint32_t unit_of(const csv_t *csv, const unsigned char *at)
{
    return csv->form.encoding == ENCODING_UTF16LE ? (uint32_t)at[0] | (uint32_t)at[1] << 8
                                                  : (uint32_t)at[0] << 8 | (uint32_t)at[1];
}

/* Take the scalar that the held bytes make. out: false when they make none yet */
static bool held_scalar(csv_t *csv, uint32_t *scalar)
{
    uint32_t first = unit_of(csv, csv->held);
    bool is_high = first >= 0xD800 && first <= 0xDBFF;
    if (csv->held_bytes == 2 && !is_high) {
        csv->held_bytes = 0;
        *scalar = first >= 0xDC00 && first <= 0xDFFF ? TEXT_BAD : first;
        return true;
    }
    if (csv->held_bytes < 4) {
        return false;
    }
    uint32_t second = unit_of(csv, csv->held + 2);
    if (second >= 0xDC00 && second <= 0xDFFF) {
        csv->held_bytes = 0;
        *scalar = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return true;
    }
    csv->held[0] = csv->held[2]; /* a high half alone; what follows it is read again */
    csv->held[1] = csv->held[3];
    csv->held_bytes = 2;
    *scalar = TEXT_BAD;
    return true;
}

/* Read a scalar of UTF-16. out: false when the input ends before one is whole */
static bool next_wide(csv_t *csv, uint32_t *scalar)
{
    while (!held_scalar(csv, scalar)) {
        if (csv->input.len == 0) {
            bool is_cut = csv->is_last && csv->held_bytes > 0;
            csv->held_bytes = is_cut ? 0 : csv->held_bytes;
            *scalar = TEXT_BAD;
            return is_cut;
        }
        csv->held[csv->held_bytes++] = (unsigned char)csv->input.ptr[0];
        csv->input = str_skip(csv->input, 1);
    }
    return true;
}

/* Read the next character: a byte of UTF-8, or a scalar of the other encodings. */
static bool next_character(csv_t *csv, uint32_t *c)
{
    if (csv->form.encoding == ENCODING_UTF16LE || csv->form.encoding == ENCODING_UTF16BE) {
        return next_wide(csv, c);
    }
    if (csv->input.len == 0) {
        return false;
    }
    unsigned char byte = (unsigned char)csv->input.ptr[0];
    csv->input = str_skip(csv->input, 1);
    *c = csv->form.encoding == ENCODING_UTF8 ? byte : encoding_scalar(csv->form.encoding, byte);
    return true;
}

/* Note the first flaw of the row; the rest of the row is read without being kept. */
static void flaw_set(csv_t *csv, csv_flaw_t flaw, bool is_inside_quotes)
{
    if (csv->flaw == CSV_FINE) {
        csv->flaw = flaw;
    }
    csv->is_broken_quoted = is_inside_quotes;
    csv->state = IN_BROKEN;
}

static void keep(csv_t *csv, uint32_t c)
{
    char bytes[TEXT_UTF8_MAX];
    size_t count = 1;
    bool is_inside_quotes = csv->state == IN_QUOTES;
    if (csv->form.encoding == ENCODING_UTF8) {
        bytes[0] = (char)c; /* checked as a whole at the end of the row */
    } else {
        count = text_put(c, bytes);
    }
    if (c == 0) {
        flaw_set(csv, CSV_ZERO, is_inside_quotes);
    } else if (c == TEXT_BAD && csv->form.encoding != ENCODING_UTF8) {
        flaw_set(csv, CSV_BAD_BYTES, is_inside_quotes);
    } else if (csv->text.len - csv->cell_begin + count > csv->limits.cell_bytes) {
        flaw_set(csv, CSV_CELL_TOO_LONG, is_inside_quotes);
    } else if (!buf_add(&csv->text, bytes, count)) {
        flaw_set(csv, CSV_ROW_TOO_LONG, is_inside_quotes);
    }
}

static void end_cell(csv_t *csv)
{
    csv->state = AT_CELL;
    if (csv->count == CSV_CELLS_MAX) {
        flaw_set(csv, CSV_TOO_MANY, false);
        return;
    }
    csv->ends[csv->count++] = csv->text.len;
    csv->cell_begin = csv->text.len;
}

/* Append the run of ordinary bytes of UTF-8 at once; the state machine sees the special ones. */
static void keep_run(csv_t *csv)
{
    const char *at = csv->input.ptr;
    size_t len = 0;
    if (csv->form.encoding != ENCODING_UTF8 || csv->state == AT_CELL) {
        return;
    }
    bool is_plain = csv->state == IN_PLAIN;
    size_t cell_room = csv->limits.cell_bytes - (csv->text.len - csv->cell_begin);
    size_t row_room = csv->limits.row_bytes - csv->text.len;
    size_t room = cell_room < row_room ? cell_room : row_room;
    room = room < csv->input.len ? room : csv->input.len;
    while (len < room && (unsigned char)at[len] >= 0x20 && at[len] != '"' &&
           !(is_plain && at[len] == csv->form.separator)) {
        len++;
    }
    if (buf_add(&csv->text, at, len)) {
        csv->input = str_skip(csv->input, len);
    }
}

/* Take one character that does not end the row. */
static void take(csv_t *csv, uint32_t c)
{
    bool is_separator = c == (uint32_t)(unsigned char)csv->form.separator;
    switch (csv->state) {
    case AT_CELL:
        if (c == '"') {
            csv->state = IN_QUOTES;
            csv->has_quotes = true;
        } else if (is_separator) {
            end_cell(csv);
        } else {
            csv->state = IN_PLAIN;
            keep(csv, c);
        }
        break;
    case IN_PLAIN:
        if (is_separator) {
            end_cell(csv);
        } else {
            keep(csv, c);
        }
        break;
    case IN_QUOTES:
        if (c == '"') {
            csv->state = AFTER_QUOTE;
        } else {
            keep(csv, c);
        }
        break;
    case AFTER_QUOTE:
        if (c == '"') {
            csv->state = IN_QUOTES;
            keep(csv, c);
        } else if (is_separator) {
            end_cell(csv);
        } else if (c != ' ') {
            flaw_set(csv, CSV_QUOTE_BROKEN, false);
        }
        break;
    case IN_BROKEN:
        if (c == '"' && csv->flaw != CSV_QUOTE_BROKEN) {
            csv->is_broken_quoted = !csv->is_broken_quoted;
        }
        break;
    }
}

/* Forget the row that was given and begin the next one. */
static void begin_row(csv_t *csv)
{
    buf_reset(&csv->text);
    csv->count = 0;
    csv->cell_begin = 0;
    csv->state = AT_CELL;
    csv->flaw = CSV_FINE;
    csv->has_quotes = false;
    csv->is_broken_quoted = false;
    csv->is_row_given = false;
    csv->row_line = csv->line;
}

/* The row is over: close its last cell and check what is checked as a whole.
 * out: false for a row that is passed over: a blank line, or "sep=;" in front */
static bool end_row(csv_t *csv, csv_row_t *row)
{
    bool is_first = csv->is_first_row;
    if (csv->count == 0 && csv->state == AT_CELL && !csv->has_quotes) {
        return false;
    }
    if (csv->state != IN_BROKEN) {
        end_cell(csv);
    }
    csv->is_first_row = false;
    size_t begin = 0;
    for (unsigned i = 0; i < csv->count; i++) {
        csv->cells[i] =
            str_n(csv->text.len == 0 ? "" : csv->text.ptr + begin, csv->ends[i] - begin);
        begin = csv->ends[i];
        bool is_sound = csv->form.encoding != ENCODING_UTF8 || str_is_utf8(csv->cells[i]);
        if (!is_sound && csv->flaw == CSV_FINE) {
            csv->flaw = CSV_BAD_BYTES;
        }
        if (!is_sound) {
            csv->cells[i].len = 0;
        }
    }
    if (is_first && csv->count == 2 && str_eq_nocase(csv->cells[0], STR("sep=")) &&
        csv->cells[1].len == 0) {
        return false;
    }
    *row = (csv_row_t){csv->cells, csv->count, csv->row_line, csv->flaw};
    csv->is_row_given = true;
    return true;
}

/* Tell whether a line end ends the row here, and count lines. */
static bool is_row_end(csv_t *csv, uint32_t c)
{
    bool is_line_end = c == '\n' || c == '\r';
    bool is_inside = csv->state == IN_QUOTES || (csv->state == IN_BROKEN && csv->is_broken_quoted);
    if (is_line_end && !(c == '\n' && csv->is_after_cr)) {
        csv->line++;
    }
    csv->is_after_cr = c == '\r';
    return is_line_end && !is_inside;
}

csv_step_t csv_next(csv_t *csv, csv_row_t *row)
{
    uint32_t c = 0;
    if (csv->is_row_given) {
        begin_row(csv);
    }
    for (;;) {
        if (csv->state == IN_PLAIN || csv->state == IN_QUOTES) {
            size_t before = csv->input.len;
            keep_run(csv);
            csv->is_after_cr = csv->is_after_cr && csv->input.len == before;
        }
        bool was_cr = csv->is_after_cr;
        if (!next_character(csv, &c)) {
            break;
        }
        bool is_end = is_row_end(csv, c);
        bool is_second_half = c == '\n' && was_cr && csv->count == 0 && csv->state == AT_CELL;
        if (is_second_half) {
            csv->row_line = csv->line;
            continue; /* LF of the CR LF that ended the row before */
        }
        if (!is_end) {
            take(csv, c);
            continue;
        }
        if (end_row(csv, row)) {
            return csv->flaw == CSV_FINE ? CSV_ROW : CSV_BAD;
        }
        begin_row(csv);
    }
    if (!csv->is_last) {
        return CSV_MORE;
    }
    if (csv->state == IN_QUOTES) {
        flaw_set(csv, CSV_QUOTE_OPEN, true);
    }
    if (csv->state == IN_BROKEN && csv->is_broken_quoted) {
        csv->flaw = csv->flaw == CSV_FINE ? CSV_QUOTE_OPEN : csv->flaw;
    }
    if (end_row(csv, row)) {
        return csv->flaw == CSV_FINE ? CSV_ROW : CSV_BAD;
    }
    return CSV_END;
}
