/* SPDX-License-Identifier: Apache-2.0 */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <openssl/rand.h>

#include "base/mem.h"
#include "bytes.h"
#include "home.h"

#define HEAD_BYTES   36u
#define RECORD_BYTES 16u
#define MARK_EVERY   256u /* one offset is remembered for so many records */

static const char MAGIC[8] = {'C', 'L', 'S', 'P', 'O', 'O', 'L', '1'};

/** Where a record begins, so that a seek need not read from the start. */
typedef struct {
    uint64_t seq;
    uint64_t offset;
} mark_t;

struct spool {
    int fd;
    bool is_read_only;
    char path[HOME_PATH_BYTES];
    unsigned char source_bytes[16];
    char source[SPOOL_SOURCE_CHARS];
    uint64_t last;       /* highest number given */
    uint64_t safe_last;  /* highest number synced */
    uint64_t safe_bytes; /* length of the synced part of the file */
    uint64_t torn_bytes;
    uint64_t count;
    uint64_t read_at; /* offset of the reader */
    buf_t pending;    /* added, not yet written */
    buf_t body;       /* of the record read last */
    mark_t *marks;
    size_t mark_count, mark_room;
};

/** CRC over the eight bytes of the number and the body. */
static uint32_t record_crc(const unsigned char *seq_bytes, str_t body)
{
    uLong crc = crc32(0L, seq_bytes, 8);
    return (uint32_t)crc32(crc, (const Bytef *)body.ptr, (uInt)body.len);
}

static bool disk_fault(const spool_t *spool, const char *what, fault_t *fault)
{
    int problem = errno;
    if (problem == ENOSPC || problem == EDQUOT)
        return fault_set(fault, EXIT_DISK,
                         "disk full: %s cannot grow; everything up to number %llu is safe. Free "
                         "some space and run the same command again",
                         spool->path, (unsigned long long)spool->safe_last);
    return fault_set(fault, EXIT_DISK, "cannot %s %s: %s", what, spool->path, strerror(problem));
}

/** Read exactly len bytes at offset. out: false at the end of the file or on an error. */
static bool read_at(int fd, uint64_t offset, void *to, size_t len)
{
    char *at = to;
    while (len > 0) {
        ssize_t got = pread(fd, at, len, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        offset += (uint64_t)got;
        len -= (size_t)got;
    }
    return true;
}

static bool write_at(int fd, uint64_t offset, str_t bytes)
{
    while (bytes.len > 0) {
        ssize_t put = pwrite(fd, bytes.ptr, bytes.len, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        offset += (uint64_t)put;
        bytes = str_skip(bytes, (size_t)put);
    }
    return true;
}

static void name_source(const unsigned char *bytes, char source[SPOOL_SOURCE_CHARS])
{
    char hex[32];
    str_to_hex(bytes, 16, hex);
    snprintf(source, SPOOL_SOURCE_CHARS, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
             hex + 16, hex + 20);
}

static void make_head(const spool_t *spool, uint64_t first, unsigned char *head)
{
    memcpy(head, MAGIC, 8);
    memcpy(head + 8, spool->source_bytes, 16);
    put_u64(head + 24, first);
    put_u32(head + 32, (uint32_t)crc32(0L, head, 32));
}

/** Put a fresh, empty spool file in the place of path: write beside it, fsync, rename. */
static bool replace_file(spool_t *spool, uint64_t first, fault_t *fault)
{
    unsigned char head[HEAD_BYTES];
    char fresh[HOME_PATH_BYTES + 8];
    make_head(spool, first, head);
    snprintf(fresh, sizeof fresh, "%s.new", spool->path);
    int fd = open(fresh, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return disk_fault(spool, "make", fault);
    if (!write_at(fd, 0, str_n((char *)head, HEAD_BYTES)) || fsync(fd) != 0 ||
        rename(fresh, spool->path) != 0 || !home_sync_folder(spool->path)) {
        disk_fault(spool, "make", fault);
        close(fd);
        unlink(fresh);
        return false;
    }
    if (spool->fd >= 0)
        close(spool->fd);
    spool->fd = fd;
    spool->safe_bytes = HEAD_BYTES;
    spool->read_at = HEAD_BYTES;
    spool->count = 0;
    spool->mark_count = 0;
    spool->last = spool->safe_last = first - 1;
    return true;
}

static bool make_file(spool_t *spool, uint64_t acked, fault_t *fault)
{
    if (spool->is_read_only)
        return true;
    if (RAND_bytes(spool->source_bytes, sizeof spool->source_bytes) != 1)
        return fault_set(fault, EXIT_DISK, "no randomness for a new spool");
    spool->source_bytes[6] = (unsigned char)((spool->source_bytes[6] & 0x0f) | 0x40);
    spool->source_bytes[8] = (unsigned char)((spool->source_bytes[8] & 0x3f) | 0x80);
    name_source(spool->source_bytes, spool->source);
    return replace_file(spool, acked + 1, fault);
}

static void add_mark(spool_t *spool, uint64_t seq, uint64_t offset)
{
    if (spool->count++ % MARK_EVERY != 0)
        return;
    if (spool->mark_count == spool->mark_room) {
        spool->mark_room = spool->mark_room ? spool->mark_room * 2 : 64;
        spool->marks = mem_resize(spool->marks, spool->mark_room * sizeof(mark_t));
    }
    spool->marks[spool->mark_count++] = (mark_t){seq, offset};
}

/** Read the record at the reader. out: false when the bytes there are not a whole, sound record. */
static bool read_record(spool_t *spool, uint64_t above, spool_record_t *record)
{
    unsigned char head[RECORD_BYTES];
    if (!read_at(spool->fd, spool->read_at, head, RECORD_BYTES))
        return false;
    uint32_t len = get_u32(head);
    uint64_t seq = get_u64(head + 8);
    if (len == 0 || len > SPOOL_BODY_BYTES || seq <= above)
        return false;
    buf_reset(&spool->body);
    char *to = buf_reserve(&spool->body, len);
    if (!to || !read_at(spool->fd, spool->read_at + RECORD_BYTES, to, len) ||
        record_crc(head + 8, str_n(to, len)) != get_u32(head + 4))
        return false;
    spool->body.len = len;
    *record = (spool_record_t){seq, buf_str(&spool->body)};
    spool->read_at += RECORD_BYTES + len;
    return true;
}

/** Keep the torn bytes beside the spool, then cut them off. */
static bool cut_tail(spool_t *spool, uint64_t from, uint64_t size, fault_t *fault)
{
    buf_t tail = buf_make(SPOOL_SYNC_BYTES);
    char *room = buf_reserve(&tail, (size_t)(size - from));
    char name[HOME_PATH_BYTES + 32];
    snprintf(name, sizeof name, "%s.torn-%llu", spool->path, (unsigned long long)from);
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0 && room && read_at(spool->fd, from, room, (size_t)(size - from)))
        (void)!write(fd, room, (size_t)(size - from)); /* a copy for the curious, not a promise */
    if (fd >= 0)
        close(fd);
    buf_free(&tail);
    if (ftruncate(spool->fd, (off_t)from) != 0 || fdatasync(spool->fd) != 0)
        return disk_fault(spool, "repair", fault);
    spool->torn_bytes = size - from;
    return true;
}

/** Walk all records, find the end of the sound part and treat what follows it.
 *  in: acked, kept - as spool_open */
static bool scan(spool_t *spool, uint64_t size, uint64_t acked, uint64_t kept, fault_t *fault)
{
    spool_record_t record;
    uint64_t at = HEAD_BYTES;
    spool->read_at = at;
    while (at < size && read_record(spool, spool->last, &record)) {
        add_mark(spool, record.seq, at);
        spool->last = record.seq;
        at = spool->read_at;
    }
    spool->safe_last = spool->last;
    spool->safe_bytes = at;
    spool->read_at = HEAD_BYTES;
    bool is_whole = at == size;
    bool is_lost = spool->last < kept || (!is_whole && spool->last < acked);
    if (is_whole && !is_lost)
        return true;
    if (is_lost || size - at > SPOOL_SYNC_BYTES)
        return fault_set(fault, EXIT_DISK,
                         "%s is damaged at byte %llu, after number %llu; nothing was changed. "
                         "Restore the file from a copy, or move it away and push the files again "
                         "with --again",
                         spool->path, (unsigned long long)at, (unsigned long long)spool->last);
    return spool->is_read_only || cut_tail(spool, at, size, fault);
}

static bool read_head(int fd, unsigned char head[HEAD_BYTES])
{
    return read_at(fd, 0, head, HEAD_BYTES) && memcmp(head, MAGIC, 8) == 0 &&
           get_u32(head + 32) == (uint32_t)crc32(0L, head, 32);
}

static bool read_file(spool_t *spool, uint64_t size, uint64_t acked, uint64_t kept, fault_t *fault)
{
    unsigned char head[HEAD_BYTES] = {0};
    bool is_read = read_head(spool->fd, head);
    if (memcmp(head, MAGIC, 7) == 0 && head[7] != (unsigned char)MAGIC[7])
        return fault_set(fault, EXIT_DISK,
                         "%s is of form %c and this clientele-dealer keeps form %c; nothing was "
                         "changed: send its rows with the version that wrote it, then run again",
                         spool->path, head[7] >= '0' && head[7] <= '9' ? head[7] : '?', MAGIC[7]);
    if (!is_read)
        return fault_set(fault, EXIT_DISK, "%s is not a spool, or its head is damaged",
                         spool->path);
    memcpy(spool->source_bytes, head + 8, 16);
    name_source(spool->source_bytes, spool->source);
    spool->last = get_u64(head + 24) - 1;
    return scan(spool, size, acked, kept, fault);
}

bool spool_source_of(const char *path, char source[SPOOL_SOURCE_CHARS])
{
    unsigned char head[HEAD_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_read = fd >= 0 && read_head(fd, head);
    if (fd >= 0)
        close(fd);
    if (is_read)
        name_source(head + 8, source);
    return is_read;
}

spool_t *spool_open(const char *path, uint64_t acked, uint64_t kept, bool is_read_only,
                    fault_t *fault)
{
    spool_t *spool = MEM_NEW(spool_t);
    spool->is_read_only = is_read_only;
    spool->pending = buf_make(SPOOL_SYNC_BYTES);
    spool->body = buf_make(SPOOL_BODY_BYTES);
    snprintf(spool->path, sizeof spool->path, "%s", path);
    spool->fd = open(path, (is_read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
    struct stat info;
    bool is_open;
    if (spool->fd < 0)
        is_open =
            errno == ENOENT ? make_file(spool, acked, fault) : disk_fault(spool, "open", fault);
    else
        is_open = fstat(spool->fd, &info) == 0
                      ? read_file(spool, (uint64_t)info.st_size, acked, kept, fault)
                      : disk_fault(spool, "read", fault);
    if (!is_open) {
        spool_close(spool);
        return NULL;
    }
    if (spool->last < acked)
        spool->last = acked;
    return spool;
}

uint64_t spool_torn_bytes(const spool_t *spool)
{
    return spool->torn_bytes;
}

const char *spool_source(const spool_t *spool)
{
    return spool->source;
}

uint64_t spool_last(const spool_t *spool)
{
    return spool->last;
}

bool spool_append(spool_t *spool, str_t body, uint64_t *seq, fault_t *fault)
{
    if (body.len == 0 || body.len > SPOOL_BODY_BYTES)
        return fault_set(fault, EXIT_USAGE, "a row of %zu bytes is too long (at most %u)", body.len,
                         SPOOL_BODY_BYTES);
    if (spool->pending.len + RECORD_BYTES + body.len > SPOOL_SYNC_BYTES &&
        !spool_sync(spool, fault))
        return false;
    if (spool->safe_bytes + spool->pending.len + RECORD_BYTES + body.len > SPOOL_MAX_BYTES)
        return fault_set(fault, EXIT_DISK, "%s has reached its largest size; send it first",
                         spool->path);
    unsigned char head[RECORD_BYTES];
    put_u64(head + 8, spool->last + 1);
    put_u32(head, (uint32_t)body.len);
    put_u32(head + 4, record_crc(head + 8, body));
    add_mark(spool, spool->last + 1, spool->safe_bytes + spool->pending.len);
    buf_add(&spool->pending, head, RECORD_BYTES);
    buf_add_str(&spool->pending, body);
    *seq = ++spool->last;
    return true;
}

bool spool_sync(spool_t *spool, fault_t *fault)
{
    if (spool->pending.len == 0)
        return true;
    if (write_at(spool->fd, spool->safe_bytes, buf_str(&spool->pending)) &&
        fdatasync(spool->fd) == 0) {
        spool->safe_bytes += spool->pending.len;
        spool->safe_last = spool->last;
        buf_reset(&spool->pending);
        return true;
    }
    disk_fault(spool, "write", fault);
    while (spool->mark_count > 0 && spool->marks[spool->mark_count - 1].offset >= spool->safe_bytes)
        spool->mark_count--;
    if (ftruncate(spool->fd, (off_t)spool->safe_bytes) != 0)
        fault->status = EXIT_DISK; /* the next opening cuts the tail */
    buf_reset(&spool->pending);
    spool->last = spool->safe_last;
    return false;
}

void spool_seek(spool_t *spool, uint64_t after)
{
    size_t low = 0, high = spool->mark_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (spool->marks[middle].seq <= after + 1)
            low = middle + 1;
        else
            high = middle;
    }
    spool->read_at = low > 0 ? spool->marks[low - 1].offset : HEAD_BYTES;
    spool_record_t record;
    uint64_t here = spool->read_at;
    while (here < spool->safe_bytes && read_record(spool, 0, &record) && record.seq <= after)
        here = spool->read_at;
    spool->read_at = here;
}

bool spool_next(spool_t *spool, spool_record_t *record, fault_t *fault)
{
    if (spool->read_at >= spool->safe_bytes)
        return false;
    if (read_record(spool, 0, record))
        return true;
    return fault_set(fault, EXIT_DISK, "%s cannot be read at byte %llu", spool->path,
                     (unsigned long long)spool->read_at);
}

bool spool_retire(spool_t *spool, uint64_t acked, uint64_t limit_bytes, fault_t *fault)
{
    if (spool->safe_bytes <= limit_bytes || spool->last > acked || spool->pending.len > 0)
        return true;
    return replace_file(spool, acked + 1, fault);
}

void spool_close(spool_t *spool)
{
    if (!spool)
        return;
    if (spool->fd >= 0)
        close(spool->fd);
    buf_free(&spool->pending);
    buf_free(&spool->body);
    mem_free(spool->marks);
    mem_free(spool);
}
