/* SPDX-License-Identifier: Apache-2.0
 * A file of rows in any form that a trade program writes, told by its content: CSV, an XLSX
 * workbook, JSON lines, and XML of 1C (EnterpriseData, CommerceML 2, a plain drop) and ADF.
 *
 *     table_t *table = table_open(path, NULL, &flaw);
 *     table_next(table, &row)     the first row is the header
 *     while (table_next(table, &row)) ...
 *
 * Whatever the form, a row is the line where it begins and cells as UTF-8 text under the header's
 * names; lines only grow, so that a reading can be resumed behind one. A row that breaks a rule of
 * its form carries a flaw and no cells that count. Memory does not grow with the file, but for the
 * shared texts of a workbook, which are bounded. Not for an event loop: it reads files. */
#ifndef CLIENTELE_INTAKE_TABLE_H
#define CLIENTELE_INTAKE_TABLE_H

#include "intake/form.h"

enum { TABLE_CELLS_MAX = 512, TABLE_SHEETS_MAX = 64, TABLE_CELL_BYTES = 65536 };

/** One row, borrowed until the next call. */
typedef struct {
    const str_t *cells;
    unsigned count;
    int line;         /* where it begins; of a workbook the number of the row */
    const char *flaw; /* static word; NULL for a sound row */
} table_row_t;

/** How a file is written. */
typedef struct {
    const char *format;   /* csv xlsx json-lines enterprise-data commerceml adf xml */
    const char *encoding; /* as people write it */
    char separator;       /* of CSV; 0 for the other forms */
    bool is_named;        /* the header already holds the names of table_fields.h */
    const str_t *sheets;  /* names of the sheets of a workbook */
    unsigned sheet_count;
    unsigned sheet; /* the one that is read */
} table_facts_t;

typedef struct table table_t;

/** Open a file and find out how it is written.
 *  in:     sheet   name of a workbook's sheet; NULL or unknown: the first one that holds rows
 *  out:    NULL with a static word in *flaw: "file" cannot be read, "empty", "not-text",
 *          "not-table", or what the form itself says ("zip-broken", "zip-bomb", "xml-broken", ...)
 */
table_t *table_open(const char *path, const char *sheet, const char **flaw);

/** Close; NULL is accepted. */
void table_close(table_t *table);

/** How it is written. */
const table_facts_t *table_facts(const table_t *table);

/** Read the next row, the header first. out: false at the end or when the file fails */
bool table_next(table_t *table, table_row_t *row);

/** Why the reading ended early; NULL when it did not. */
const char *table_flaw(const table_t *table);

/** Bytes read so far, and of the whole file. */
uint64_t table_done_bytes(const table_t *table);
uint64_t table_total_bytes(const table_t *table);

#endif
