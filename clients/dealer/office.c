/* SPDX-License-Identifier: Apache-2.0 */
#include "office.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "home.h"
#include "intake/csv.h"
#include "match/text.h"

int office_byte(uint32_t scalar)
{
    if (scalar < 0x80)
        return (int)scalar;
    for (int byte = 0x80; byte < 0x100; byte++)
        if (encoding_scalar(ENCODING_WINDOWS_1251, (unsigned char)byte) == scalar)
            return byte;
    return -1;
}

static void put_cell(FILE *out, str_t cell, bool is_last)
{
    text_t rest = text_of(cell.ptr, cell.len);
    uint32_t scalar;
    fputc('"', out);
    while (text_next(&rest, &scalar)) {
        if (scalar == '"')
            fputc('"', out);
        int byte = office_byte(scalar);
        fputc(scalar < 0x20 ? ' ' : byte < 0 ? '?' : byte, out);
    }
    fputs(is_last ? "\"\r\n" : "\";", out);
}

static void put_line(FILE *out, const json_t *item, const office_column_t *columns)
{
    for (; columns->heading; columns++) {
        const json_t *value = json_object_get(item, columns->member);
        char number[32];
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        put_cell(out, str_of(json_is_integer(value) ? number : json_string_value(value)),
                 !columns[1].heading);
    }
}

/** Close the new file and let it take the place of the old one. */
static bool replace(FILE *out, const char *fresh, const char *to, fault_t *fault)
{
    bool is_safe = fflush(out) == 0 && !ferror(out) && fsync(fileno(out)) == 0;
    is_safe = fclose(out) == 0 && is_safe;
    if (is_safe && rename(fresh, to) == 0 && home_sync_folder(to))
        return true;
    unlink(fresh);
    return fault_set(fault, EXIT_DISK, "cannot write %s: %s", to, strerror(errno));
}

bool office_write(const char *from, const char *to, const office_column_t *columns,
                  const char *kind, fault_t *fault)
{
    char fresh[HOME_PATH_BYTES + 8];
    char *line = NULL;
    size_t room = 0;
    snprintf(fresh, sizeof fresh, "%s.new", to);
    FILE *in = fopen(from, "re");
    FILE *out = in ? fopen(fresh, "we") : NULL;
    if (!out) {
        if (in)
            fclose(in);
        return fault_set(fault, EXIT_DISK, "cannot write %s: %s", fresh, strerror(errno));
    }
    for (const office_column_t *c = columns; c->heading; c++)
        put_cell(out, str_of(c->heading), !c[1].heading);
    while (getline(&line, &room, in) > 0) {
        json_t *item = json_loads(line, 0, NULL);
        const char *own = json_string_value(json_object_get(item, "kind"));
        if (item && (!kind || (own && strcmp(own, kind) == 0)))
            put_line(out, item, columns);
        json_decref(item);
    }
    free(line);
    fclose(in);
    return replace(out, fresh, to, fault);
}

bool office_turn(const char *path, fault_t *fault)
{
    char fresh[HOME_PATH_BYTES + 8], chunk[65536];
    csv_row_t row;
    csv_step_t step = CSV_MORE;
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *in = fopen(path, "re");
    FILE *out = in ? fopen(fresh, "we") : NULL;
    if (!out) {
        if (in)
            fclose(in);
        return fault_set(fault, EXIT_DISK, "cannot write %s: %s", fresh, strerror(errno));
    }
    csv_t *csv = csv_new((form_t){ENCODING_UTF8, 0, ','}, CSV_LIMITS);
    while (step != CSV_END) {
        if (step == CSV_MORE) {
            size_t got = fread(chunk, 1, sizeof chunk, in);
            csv_feed(csv, str_n(chunk, got), got < sizeof chunk);
        }
        while ((step = csv_next(csv, &row)) == CSV_ROW)
            for (unsigned i = 0; i < row.count; i++)
                put_cell(out, row.cells[i], i + 1 == row.count);
    }
    csv_free(csv);
    fclose(in);
    return replace(out, fresh, path, fault);
}
