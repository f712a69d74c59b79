/* SPDX-License-Identifier: Apache-2.0
 * Rows out of a CSV file of any usual form: pure, resumable at every byte, bounded.
 *
 *     form_t form;
 *     if (!form_detect(first_64_kb, is_whole, &form)) ... not text
 *     csv_t *csv = csv_new(form, CSV_LIMITS);
 *     csv_feed(csv, chunk, is_last);
 *     while ((step = csv_next(csv, &row)) == CSV_ROW || step == CSV_BAD) ...
 *     CSV_MORE: feed the next chunk     CSV_END: done
 *
 * Cells come as UTF-8 whatever the file is written in. RFC 4180 quoting, line ends CR LF, LF or CR,
 * line ends inside quotes kept as they are; a quote inside an unquoted cell is a letter; blank
 * lines and a leading "sep=;" line are passed over. A row that breaks a rule is reported with its
 * line and the reading goes on with the next one. It does not know headers, numbers or dates. */
#ifndef CLIENTELE_INTAKE_CSV_H
#define CLIENTELE_INTAKE_CSV_H

#include "intake/form.h"

enum { CSV_CELLS_MAX = 512 }; /* cells of one row */

typedef struct {
    size_t cell_bytes; /* UTF-8 bytes of one cell */
    size_t row_bytes;  /* UTF-8 bytes of one row */
} csv_limits_t;

/** 64 KB a cell, 1 MB a row. */
#define CSV_LIMITS ((csv_limits_t){65536, 1048576})

/** What is wrong with a row. */
typedef enum {
    CSV_FINE,
    CSV_QUOTE_OPEN,    /* the file ends inside quotes */
    CSV_QUOTE_BROKEN,  /* letters between a closing quote and the separator */
    CSV_CELL_TOO_LONG, /* more than cell_bytes */
    CSV_ROW_TOO_LONG,  /* more than row_bytes */
    CSV_TOO_MANY,      /* more than CSV_CELLS_MAX cells */
    CSV_BAD_BYTES,     /* bytes that the encoding does not know */
    CSV_ZERO,          /* a NUL character, which no database text holds */
    CSV_FLAWS
} csv_flaw_t;

/** One row, borrowed until the next call. */
typedef struct {
    const str_t *cells; /* count of them; what was read of them when flaw is set */
    unsigned count;
    int line; /* of the file, where the row begins; from 1 */
    csv_flaw_t flaw;
} csv_row_t;

typedef enum {
    CSV_ROW,  /* a good row */
    CSV_BAD,  /* a row with a flaw */
    CSV_MORE, /* all that was fed is used up */
    CSV_END   /* after the last row */
} csv_step_t;

typedef struct csv csv_t;

/** Make a reader. out: never NULL; csv_free */
csv_t *csv_new(form_t form, csv_limits_t limits);

/** Free it; NULL is accepted. */
void csv_free(csv_t *csv);

/** Give it the next bytes of the file, from the mark on; only after CSV_MORE or at the beginning.
 *  in:     bytes   borrowed until csv_next says CSV_MORE or CSV_END    is_last   no more will come
 */
void csv_feed(csv_t *csv, str_t bytes, bool is_last);

/** Read the next row.
 *  out:    what happened; *row for CSV_ROW and CSV_BAD        cost: O(bytes of the row), no rescans
 */
csv_step_t csv_next(csv_t *csv, csv_row_t *row);

/** Identifier of a flaw for messages and logs: "quote-open". */
const char *csv_flaw_name(csv_flaw_t flaw);

#endif
