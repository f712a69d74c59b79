/* SPDX-License-Identifier: Apache-2.0
 * A dealer's file read row by row: CSV of any usual encoding and separator, JSON lines, an XLSX
 * workbook, XML of 1C and ADF (server/intake/table.h).
 *
 * A row that cannot be read is not lost: it comes out with `error` set, so that it gets a verdict
 * like every other row. Does not: keep the file in memory whole. */
#ifndef CLIENTELE_DEALER_READER_H
#define CLIENTELE_DEALER_READER_H

#include <jansson.h>
#include <stdint.h>

#include "columns.h"
#include "fault.h"

typedef struct reader reader_t;

/** One row. data is the caller's to decref; NULL when error is set. */
typedef struct {
    uint64_t line; /* line of the file on which the row begins, from 1 */
    str_t kind;    /* borrowed until the next row */
    str_t id;      /* by which the file names the record, borrowed likewise; empty for none */
    json_t *data;
    const char *error; /* sentence, static; NULL = sound */
} row_t;

/** Open a file. in: columns - borrowed for the reader's life. errors: EXIT_USAGE */
MUST_CHECK reader_t *reader_open(const char *path, columns_t *columns, fault_t *fault);

/** Read the next row. out: false at the end, or with fault->status set when the file cannot be read
 * on */
MUST_CHECK bool reader_next(reader_t *reader, row_t *row, fault_t *fault);

/** Close; NULL is accepted. */
void reader_close(reader_t *reader);

/** Name a file by its content: first 16 hex digits of its SHA-256. in: out - 17 bytes. errors:
 * EXIT_USAGE */
MUST_CHECK bool reader_file_id(const char *path, char *out, fault_t *fault);

#endif
