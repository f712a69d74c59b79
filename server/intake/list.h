/* SPDX-License-Identifier: Apache-2.0
 * An uploaded list, read from its file in batches of rows as JSON, for a thread that may block.
 *
 *     list_t *list = list_open(path, &flaw);
 *     list_header(list, &json);
 *     while (list_rows(list, after_line, &json, &first_line) > 0) ...
 *
 * The first row is the header. A batch is [{"line":2,"cells":["a","b"]}, ...], broken rows carry
 * "flaw". Not for an event loop: it reads files. */
#ifndef CLIENTELE_INTAKE_LIST_H
#define CLIENTELE_INTAKE_LIST_H

#include "intake/table.h"

enum { LIST_BATCH_ROWS = 2000, LIST_BATCH_BYTES = 4 << 20 };

typedef struct list list_t;

/** Open a file and find out how it is written.
 *  in:     sheet   of a workbook; NULL: the first that holds rows
 *  out:    NULL with a static word in *flaw: what table_open says */
list_t *list_open(const char *path, const char *sheet, const char **flaw);

/** Close; NULL is accepted. */
void list_close(list_t *list);

/** How it is written. */
const table_facts_t *list_facts(const list_t *list);

/** Names of a workbook's sheets as a JSON array. in: json   emptied first */
void list_sheets(const list_t *list, buf_t *json);

/** Read the header row. out: NULL with a JSON array of its cells in json, else "empty" or "header"
 */
const char *list_header(list_t *list, buf_t *json);

/** Read the next rows.
 *  in:     after_line   rows that begin at or before this line are passed over (resume)
 *          json         emptied first; its maximum should be twice LIST_BATCH_BYTES
 *  out:    rows in the batch, 0 at the end, -1 when the file cannot be read any more */
int list_rows(list_t *list, int after_line, buf_t *json, int *first_line);

/** Why list_rows said -1. */
const char *list_flaw(const list_t *list);

/** Bytes read so far, and of the whole file. */
uint64_t list_done_bytes(const list_t *list);
uint64_t list_total_bytes(const list_t *list);

#endif
