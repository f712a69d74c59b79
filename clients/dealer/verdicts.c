/* SPDX-License-Identifier: Apache-2.0 */
#include "verdicts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "home.h"

#define LINE_BYTES  8192u
#define BATCH_BYTES (200u * LINE_BYTES)

struct verdicts {
    int fd;
    char path[HOME_PATH_BYTES];
    uint64_t last, safe_last;
    uint64_t safe_bytes;
    buf_t pending;
    FILE *reader;
    char line[LINE_BYTES];
};

static const char *const MEMBERS[] = {"seq",   "verdict", "code", "receipt", "rule",
                                      "field", "error",   "next", "area"};

static bool disk_fault(const verdicts_t *verdicts, const char *what, fault_t *fault)
{
    return fault_set(fault, EXIT_DISK, "cannot %s %s: %s; the rows will be asked for again", what,
                     verdicts->path, strerror(errno));
}

/** Number of the answer in one line without its newline; 0 when the line is not an answer. */
static uint64_t line_seq(str_t line)
{
    json_t *item = json_loadb(line.ptr, line.len, 0, NULL);
    json_int_t seq = json_integer_value(json_object_get(item, "seq"));
    json_decref(item);
    return seq > 0 ? (uint64_t)seq : 0;
}

/** Find the last sound line in the last bytes of the file and cut what follows it. */
static bool find_end(verdicts_t *verdicts, uint64_t size, bool is_read_only, fault_t *fault)
{
    size_t len = size < 4 * LINE_BYTES ? (size_t)size : 4 * LINE_BYTES;
    buf_t tail = buf_make(4 * LINE_BYTES);
    char *room = buf_reserve(&tail, len > 0 ? len : 1);
    uint64_t from = size - len;
    if (len > 0 && (!room || pread(verdicts->fd, room, len, (off_t)from) != (ssize_t)len)) {
        buf_free(&tail);
        return disk_fault(verdicts, "read", fault);
    }
    while (len > 0) {
        size_t end = len;
        while (end > 0 && room[end - 1] != '\n')
            end--;
        size_t begin = end > 0 ? end - 1 : 0;
        while (begin > 0 && room[begin - 1] != '\n')
            begin--;
        verdicts->last = end > 0 ? line_seq(str_n(room + begin, end - 1 - begin)) : 0;
        len = verdicts->last > 0 ? end : begin;
        if (verdicts->last > 0)
            break;
    }
    verdicts->safe_last = verdicts->last;
    verdicts->safe_bytes = from + len;
    buf_free(&tail);
    if (verdicts->last == 0 && from > 0)
        return fault_set(fault, EXIT_DISK, "%s is damaged near its end", verdicts->path);
    if (verdicts->safe_bytes == size || is_read_only)
        return true;
    return ftruncate(verdicts->fd, (off_t)verdicts->safe_bytes) == 0 ||
           disk_fault(verdicts, "repair", fault);
}

verdicts_t *verdicts_open(const char *path, bool is_read_only, fault_t *fault)
{
    verdicts_t *verdicts = MEM_NEW(verdicts_t);
    verdicts->pending = buf_make(BATCH_BYTES);
    snprintf(verdicts->path, sizeof verdicts->path, "%s", path);
    verdicts->fd =
        open(path, is_read_only ? O_RDONLY | O_CLOEXEC : O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct stat info;
    if (verdicts->fd < 0 && is_read_only && errno == ENOENT)
        return verdicts;
    bool is_open = verdicts->fd >= 0 && fstat(verdicts->fd, &info) == 0;
    if (!is_open)
        disk_fault(verdicts, "open", fault);
    else
        is_open = (is_read_only || home_sync_folder(path) || disk_fault(verdicts, "make", fault)) &&
                  find_end(verdicts, (uint64_t)info.st_size, is_read_only, fault);
    if (is_open)
        return verdicts;
    verdicts_close(verdicts);
    return NULL;
}

uint64_t verdicts_last(const verdicts_t *verdicts)
{
    return verdicts->last;
}

bool verdicts_add(verdicts_t *verdicts, const json_t *item, fault_t *fault)
{
    json_int_t seq = json_integer_value(json_object_get(item, "seq"));
    if (seq <= 0 || (uint64_t)seq <= verdicts->last ||
        !json_is_string(json_object_get(item, "verdict")))
        return fault_set(fault, EXIT_REFUSED, "the server's answer lacks a number or a verdict");
    json_t *line = json_object();
    for (size_t i = 0; i < sizeof MEMBERS / sizeof *MEMBERS; i++) {
        json_t *value = json_object_get(item, MEMBERS[i]);
        if (value && !json_is_null(value))
            json_object_set(line, MEMBERS[i], value);
    }
    char *text = json_dumps(line, JSON_COMPACT);
    json_decref(line);
    bool is_added = text && strlen(text) < LINE_BYTES - 1 &&
                    buf_add_str(&verdicts->pending, str_of(text)) &&
                    buf_add_c(&verdicts->pending, '\n');
    free(text);
    if (!is_added)
        return fault_set(fault, EXIT_REFUSED, "the server's answer to row %lld is too long",
                         (long long)seq);
    verdicts->last = (uint64_t)seq;
    return true;
}

bool verdicts_sync(verdicts_t *verdicts, fault_t *fault)
{
    if (verdicts->pending.len == 0)
        return true;
    ssize_t put = pwrite(verdicts->fd, verdicts->pending.ptr, verdicts->pending.len,
                         (off_t)verdicts->safe_bytes);
    bool is_done = put == (ssize_t)verdicts->pending.len && fdatasync(verdicts->fd) == 0;
    if (is_done) {
        verdicts->safe_bytes += verdicts->pending.len;
        verdicts->safe_last = verdicts->last;
    } else {
        if (put >= 0 && (size_t)put < verdicts->pending.len)
            errno = ENOSPC;
        disk_fault(verdicts, "write", fault);
        if (ftruncate(verdicts->fd, (off_t)verdicts->safe_bytes) != 0)
            fault->status = EXIT_DISK; /* the next opening cuts the tail */
        verdicts->last = verdicts->safe_last;
    }
    buf_reset(&verdicts->pending);
    return is_done;
}

void verdicts_rewind(verdicts_t *verdicts)
{
    if (verdicts->reader)
        fclose(verdicts->reader);
    verdicts->reader = fopen(verdicts->path, "re");
}

json_t *verdicts_next(verdicts_t *verdicts)
{
    if (!verdicts->reader || !fgets(verdicts->line, sizeof verdicts->line, verdicts->reader))
        return NULL;
    return json_loads(verdicts->line, 0, NULL);
}

void verdicts_close(verdicts_t *verdicts)
{
    if (!verdicts)
        return;
    if (verdicts->reader)
        fclose(verdicts->reader);
    if (verdicts->fd >= 0)
        close(verdicts->fd);
    buf_free(&verdicts->pending);
    mem_free(verdicts);
}
