/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "reader.h"

#define FILES_MAX_BYTES (16u << 20)

/** Show every entry of the journal of whole files; there is none before the first. */
static bool each_whole(const home_t *home, void (*see)(void *context, const json_t *entry),
                       void *context, fault_t *fault)
{
    char path[HOME_PATH_BYTES];
    buf_t text;
    home_path(home, "files.jsonl", path);
    if (access(path, F_OK) != 0)
        return true;
    if (!file_read(path, FILES_MAX_BYTES, &text, fault))
        return false;
    str_t rest = buf_str(&text), line;
    while (str_split(&rest, '\n', &line)) {
        json_t *entry = json_loadb(line.ptr, line.len, 0, NULL);
        see(context, entry);
        json_decref(entry);
    }
    buf_free(&text);
    return true;
}

typedef struct {
    const char *id;
    int count;
} known_t;

static void see_known(void *context, const json_t *entry)
{
    known_t *known = context;
    const char *file = json_string_value(json_object_get(entry, "file"));
    known->count += file && strncmp(file, known->id, 16) == 0;
}

/** Count how often the journal of whole files names this content. */
static bool count_known(const home_t *home, const char *id, int *count, fault_t *fault)
{
    known_t known = {.id = id};
    bool is_read = each_whole(home, see_known, &known, fault);
    *count = known.count;
    return is_read;
}

typedef struct {
    const char *source;
    uint64_t last;
} kept_t;

static void see_kept(void *context, const json_t *entry)
{
    kept_t *kept = context;
    const char *source = json_string_value(json_object_get(entry, "source"));
    uint64_t last = (uint64_t)json_integer_value(json_object_get(entry, "last"));
    if (source && strcmp(source, kept->source) == 0 && last > kept->last)
        kept->last = last;
}

/** Find the highest number that the journal of whole files knows to be safe in a spool. */
static bool find_kept(const home_t *home, const char *source, uint64_t *kept, fault_t *fault)
{
    kept_t found = {.source = source};
    bool is_read = each_whole(home, see_kept, &found, fault);
    *kept = found.last;
    return is_read;
}

spool_t *store_open(const home_t *home, uint64_t acked, bool is_read_only, fault_t *fault)
{
    char path[HOME_PATH_BYTES], source[SPOOL_SOURCE_CHARS];
    uint64_t kept = 0;
    home_path(home, "spool", path);
    if (spool_source_of(path, source) && !find_kept(home, source, &kept, fault))
        return NULL;
    return spool_open(path, acked, kept, is_read_only, fault);
}

/** Write down that a file is in the spool whole, and how far the spool was safe then. */
static bool note_whole(const home_t *home, const spool_t *spool, const stored_t *stored,
                       const char *path, fault_t *fault)
{
    char journal[HOME_PATH_BYTES], name[HOME_PATH_BYTES];
    home_path(home, "files.jsonl", journal);
    snprintf(name, sizeof name, "%s", path);
    json_t *entry = json_pack("{s:s, s:s, s:I, s:s, s:I}", "file", stored->file_id, "name",
                              basename(name), "rows", (json_int_t)stored->row_count, "source",
                              spool_source(spool), "last", (json_int_t)spool_last(spool));
    char *text = entry ? json_dumps(entry, JSON_COMPACT) : NULL;
    json_decref(entry);
    if (!text)
        return fault_set(fault, EXIT_USAGE, "the name of %s is not UTF-8", path);
    buf_t line = buf_make(HOME_PATH_BYTES * 8);
    buf_addf(&line, "\n%s\n", text);
    free(text);
    int fd = open(journal, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    bool is_done = fd >= 0 && write(fd, line.ptr, line.len) == (ssize_t)line.len &&
                   fsync(fd) == 0 && home_sync_folder(journal);
    if (!is_done)
        fault_set(fault, EXIT_DISK, "cannot write %s: %s", journal, strerror(errno));
    if (fd >= 0)
        close(fd);
    buf_free(&line);
    return is_done;
}

/** Find how far an interrupted push of this file came. out: true and its last line, row count */
static bool find_progress(spool_t *spool, stored_t *stored, uint64_t *last_line, fault_t *fault)
{
    spool_record_t record;
    *last_line = 0;
    fault->status = EXIT_FINE;
    spool_seek(spool, 0);
    while (spool_next(spool, &record, fault)) {
        json_t *body = json_loadb(record.body.ptr, record.body.len, 0, NULL);
        const char *file = json_string_value(json_object_get(body, "file"));
        if (file && strcmp(file, stored->file_id) == 0) {
            *last_line = (uint64_t)json_integer_value(json_object_get(body, "line"));
            stored->row_count++;
        }
        json_decref(body);
    }
    return fault->status == EXIT_FINE;
}

/** Make the body of a row. out: text to free */
static char *body_of(const stored_t *stored, const row_t *row, const char *error)
{
    char at[24];
    time_t now = time(NULL); /* the local time: evidence when the line was down (R156) */
    struct tm utc;
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    json_t *body = error ? json_pack("{s:s, s:I, s:s}", "file", stored->file_id, "line",
                                     (json_int_t)row->line, "error", error)
                         : json_pack("{s:s, s:I, s:s%, s:s, s:O}", "file", stored->file_id, "line",
                                     (json_int_t)row->line, "kind", row->kind.ptr, row->kind.len,
                                     "at", at, "data", row->data);
    if (row->id.len > 0)
        json_object_set_new(body, "id", json_stringn(row->id.ptr, row->id.len));
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return text;
}

static bool store_row(spool_t *spool, stored_t *stored, row_t *row, fault_t *fault)
{
    uint64_t seq;
    char *text = body_of(stored, row, row->error);
    if (!text || strlen(text) > SPOOL_BODY_BYTES) {
        free(text);
        text = body_of(stored, row, text ? "row-too-long" : "not-utf8");
    }
    json_decref(row->data);
    if (!text)
        return fault_set(fault, EXIT_USAGE, "row %llu cannot be written",
                         (unsigned long long)row->line);
    bool is_stored = spool_append(spool, str_of(text), &seq, fault);
    free(text);
    if (!is_stored)
        return false;
    stored->row_count++;
    stored->added++;
    return true;
}

bool store_file(const home_t *home, spool_t *spool, const char *path, columns_t *columns,
                bool is_again, stored_t *stored, fault_t *fault)
{
    int known;
    uint64_t last_line;
    row_t row;
    *stored = (stored_t){0};
    if (!reader_file_id(path, stored->file_id, fault) ||
        !count_known(home, stored->file_id, &known, fault))
        return false;
    if (known > 0 && is_again)
        snprintf(stored->file_id + 16, sizeof stored->file_id - 16, "-%d", known + 1);
    else
        stored->is_known = known > 0;
    if (!find_progress(spool, stored, &last_line, fault))
        return false;
    if (stored->is_known)
        return true;
    reader_t *reader = reader_open(path, columns, fault);
    if (!reader)
        return false;
    fault->status = EXIT_FINE;
    while (fault->status == EXIT_FINE && reader_next(reader, &row, fault)) {
        if (row.line > last_line)
            (void)!store_row(spool, stored, &row, fault);
        else
            json_decref(row.data);
    }
    reader_close(reader);
    return fault->status == EXIT_FINE && spool_sync(spool, fault) &&
           note_whole(home, spool, stored, path, fault);
}
