/* SPDX-License-Identifier: Apache-2.0
 * The parts of an XLSX workbook that rows are made of: its sheets, its shared texts, and which of
 * its cell styles are dates. */
#ifndef CLIENTELE_INTAKE_XLSX_H
#define CLIENTELE_INTAKE_XLSX_H

#include "intake/table.h"
#include "intake/unzip.h"

enum { XLSX_STYLES_MAX = 65536, XLSX_TEXTS_BYTES = 96 << 20, XLSX_TEXTS_MAX = 8 << 20 };

typedef struct {
    str_t name;
    char part[256]; /* member of the archive */
} xlsx_sheet_t;

typedef struct {
    unzip_t *zip;
    xlsx_sheet_t sheets[TABLE_SHEETS_MAX];
    unsigned sheet_count;
    bool is_1904; /* days are counted from 1904 */
    buf_t names;  /* of the sheets, and their relations while they are read */
    buf_t texts;  /* all shared texts, one after the other */
    uint32_t *ends;
    unsigned text_count;
    unsigned text_room;
    unsigned char *is_date; /* by cell style */
    unsigned style_count;
} xlsx_t;

/** Read what a workbook says about itself.
 *  in:     zip   the open archive, taken over     out: NULL with a static word in *flaw */
xlsx_t *xlsx_open(unzip_t *zip, const char **flaw);

/** Free it with its archive; NULL is accepted. */
void xlsx_close(xlsx_t *book);

/** A shared text by its number; empty when there is none such. */
str_t xlsx_text(const xlsx_t *book, unsigned number);

/** Whether a cell style shows a date. */
bool xlsx_is_date(const xlsx_t *book, unsigned style);

/** Write a number of a cell as people read it.
 *  in:     text   the number as stored: 45443, 8.9031234567E10, 0.1     is_date   of its style
 *  out:    in out[40]: whole numbers without an exponent, dates as 2024-06-01 or 2024-06-01 14:30;
 *          the text itself when it is no number */
str_t xlsx_number(const xlsx_t *book, str_t text, bool is_date, char out[40]);

/** Bytes of a member of the archive: a markup_read_t. */
long xlsx_read(void *member, char *out, size_t size);

#endif
