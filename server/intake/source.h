/* SPDX-License-Identifier: Apache-2.0
 * A form of table.h from inside: a file being read, and what each form does with it. Private to
 * server/intake. */
#ifndef CLIENTELE_INTAKE_SOURCE_H
#define CLIENTELE_INTAKE_SOURCE_H

#include "intake/table.h"

enum { SOURCE_CHUNK_BYTES = 65536 };

/** A file from its beginning to its end, in whole chunks. */
typedef struct {
    int fd;
    uint64_t done_bytes;
    uint64_t total_bytes;
    size_t chunk_bytes;
    size_t used_bytes; /* of the chunk, by source_read */
    char chunk[SOURCE_CHUNK_BYTES];
} source_t;

/** Read the next chunk whole, so that a short one is the end of the file. out: false on error */
bool source_fill(source_t *source);

/** Read on, beginning with what is left of the present chunk: a markup_read_t. */
long source_read(void *source, char *out, size_t size);

/** Go back to the beginning and fill the first chunk. out: false on error */
bool source_rewind(source_t *source);

/** The present chunk. */
static inline str_t source_chunk(const source_t *source)
{
    return str_n(source->chunk, source->chunk_bytes);
}

/** What a form does. Each begins with its own struct and is given the source, filled once. */
typedef struct {
    /** Make the reader of this form. out: NULL with a word in *flaw; *facts filled */
    void *(*open)(source_t *source, const char *sheet, table_facts_t *facts, const char **flaw);
    bool (*next)(void *own, table_row_t *row);
    const char *(*flaw)(const void *own);
    uint64_t (*done)(const void *own); /* NULL: what the source says */
    void (*close)(void *own);
} source_form_t;

extern const source_form_t source_csv, source_xlsx, source_json, source_records, source_drop;

#endif
