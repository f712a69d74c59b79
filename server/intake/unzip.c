/* SPDX-License-Identifier: Apache-2.0
 * The members of a ZIP archive. See unzip.h.  source: APPNOTE.TXT 4.3 */
#include "intake/unzip.h"

#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"

enum { TAIL_BYTES = 65557, ENTRY_BYTES = 46, LOCAL_BYTES = 30, CHUNK_BYTES = 65536 };
enum { DIRECTORY_BYTES_MAX = 1 << 20 };

typedef struct {
    str_t name; /* in the directory */
    uint64_t at;
    uint64_t packed_bytes;
    uint64_t plain_bytes;
    uint32_t sum;
    uint16_t method;
} entry_t;

struct unzip {
    int fd;
    uint64_t bytes;
    char *directory;
    unsigned count;
    uint64_t plain_bytes; /* what all members together have become */
    entry_t entries[UNZIP_MEMBERS_MAX];
};

struct unzip_member {
    unzip_t *zip;
    const entry_t *entry;
    uint64_t at;
    uint64_t packed_left;
    uint64_t made_bytes;
    uint32_t sum;
    bool is_over;
    const char *flaw;
    z_stream stream;
    char chunk[CHUNK_BYTES];
};

static uint32_t word(const char *at, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned i = bytes; i > 0; i--) {
        value = value << 8 | (unsigned char)at[i - 1];
    }
    return value;
}

/* Read exactly so many bytes at a place. */
static bool read_at(int fd, uint64_t at, char *out, size_t bytes)
{
    while (bytes > 0) {
        ssize_t got = pread(fd, out, bytes, (off_t)at);
        if (got <= 0) {
            return false;
        }
        out += got;
        at += (uint64_t)got;
        bytes -= (size_t)got;
    }
    return true;
}

/* Find the record that ends the directory. out: false when there is none */
static bool find_end(const unzip_t *zip, char *tail, size_t *found)
{
    size_t len = zip->bytes < TAIL_BYTES ? (size_t)zip->bytes : TAIL_BYTES;
    if (len < 22 || !read_at(zip->fd, zip->bytes - len, tail, len)) {
        return false;
    }
    for (size_t i = len - 22 + 1; i > 0; i--) {
        if (memcmp(tail + i - 1, "PK\x05\x06", 4) == 0) {
            *found = i - 1;
            return true;
        }
    }
    return false;
}

/* A name as members are asked for: programs differ in whether it begins with a slash. */
static str_t asked_name(str_t name)
{
    return str_starts(name, STR("/")) ? str_skip(name, 1) : name;
}

/* Whether the directory holds a member of this name already: which of two is read differs from
 * program to program, so that what one shows is not what another takes. */
static bool is_taken(const unzip_t *zip, str_t name)
{
    for (unsigned i = 0; i < zip->count; i++) {
        if (str_eq_nocase(asked_name(zip->entries[i].name), asked_name(name))) {
            return true;
        }
    }
    return false;
}

/* Take one entry of the directory. out: bytes it uses, 0 when it is broken */
static size_t take_entry(unzip_t *zip, size_t at, size_t len, const char **flaw)
{
    const char *from = zip->directory + at;
    if (len - at < ENTRY_BYTES || memcmp(from, "PK\x01\x02", 4) != 0) {
        return 0;
    }
    size_t name = word(from + 28, 2);
    size_t used = ENTRY_BYTES + name + word(from + 30, 2) + word(from + 32, 2);
    if (used > len - at || is_taken(zip, str_n(from + ENTRY_BYTES, name))) {
        return 0;
    }
    if ((word(from + 8, 2) & 1) != 0) {
        *flaw = "zip-encrypted";
        return 0;
    }
    zip->entries[zip->count++] = (entry_t){
        .name = str_n(from + ENTRY_BYTES, name),
        .at = word(from + 42, 4),
        .packed_bytes = word(from + 20, 4),
        .plain_bytes = word(from + 24, 4),
        .sum = word(from + 16, 4),
        .method = (uint16_t)word(from + 10, 2),
    };
    return used;
}

static bool read_directory(unzip_t *zip, const char **flaw)
{
    size_t found = 0;
    char *tail = mem_new(TAIL_BYTES);
    bool is_found = find_end(zip, tail, &found);
    size_t count = word(tail + found + 10, 2);
    size_t len = word(tail + found + 12, 4);
    uint64_t at = word(tail + found + 16, 4);
    mem_free(tail);
    if (is_found && (count == UINT16_MAX || len == UINT32_MAX || at == UINT32_MAX)) {
        *flaw = "zip-64"; /* the numbers stand in another record, which we do not read */
        return false;
    }
    *flaw = "zip-broken";
    if (!is_found || at + len > zip->bytes) {
        return false;
    }
    if (count > UNZIP_MEMBERS_MAX || len > DIRECTORY_BYTES_MAX) {
        *flaw = "zip-too-many";
        return false;
    }
    zip->directory = mem_new(len + 1);
    if (!read_at(zip->fd, at, zip->directory, len)) {
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        size_t one = take_entry(zip, used, len, flaw);
        if (one == 0) {
            return false;
        }
        used += one;
    }
    *flaw = NULL;
    return true;
}

unzip_t *unzip_open(int fd, uint64_t bytes, const char **flaw)
{
    unzip_t *zip = MEM_NEW(unzip_t);
    zip->fd = fd;
    zip->bytes = bytes;
    if (!read_directory(zip, flaw)) {
        unzip_close(zip);
        return NULL;
    }
    return zip;
}

void unzip_close(unzip_t *zip)
{
    if (zip != NULL) {
        mem_free(zip->directory);
        mem_free(zip);
    }
}

/* Whether a member says of itself what the directory says of it. out: *skip - bytes before its data
 */
static bool is_agreed(const unzip_t *zip, const entry_t *entry, size_t *skip)
{
    char local[LOCAL_BYTES];
    char own[256];
    if (entry->name.len > sizeof own || entry->at + LOCAL_BYTES + entry->name.len > zip->bytes ||
        !read_at(zip->fd, entry->at, local, LOCAL_BYTES) ||
        !read_at(zip->fd, entry->at + LOCAL_BYTES, own, entry->name.len)) {
        return false;
    }
    *skip = LOCAL_BYTES + word(local + 26, 2) + word(local + 28, 2);
    bool is_open = (word(local + 6, 2) & 1) == 0;
    return memcmp(local, "PK\x03\x04", 4) == 0 && is_open &&
           word(local + 26, 2) == entry->name.len &&
           str_eq(str_n(own, entry->name.len), entry->name);
}

unzip_member_t *unzip_begin(unzip_t *zip, str_t name)
{
    name = asked_name(name);
    for (unsigned i = 0; i < zip->count; i++) {
        const entry_t *entry = &zip->entries[i];
        if (!str_eq_nocase(entry->name, name)) {
            continue;
        }
        unzip_member_t *member = MEM_NEW(unzip_member_t);
        member->zip = zip;
        member->entry = entry;
        member->packed_left = entry->packed_bytes;
        size_t skip = LOCAL_BYTES;
        bool is_local = is_agreed(zip, entry, &skip);
        member->at = entry->at + skip;
        bool is_known = entry->method == 0 || entry->method == Z_DEFLATED;
        if (!is_local || !is_known || member->at + entry->packed_bytes > zip->bytes ||
            inflateInit2(&member->stream, -MAX_WBITS) != Z_OK) {
            member->flaw = "zip-broken";
        }
        return member;
    }
    return NULL;
}

/* Fetch the next packed bytes. out: false when they cannot be read */
static bool fetch(unzip_member_t *member)
{
    size_t want = member->packed_left < CHUNK_BYTES ? (size_t)member->packed_left : CHUNK_BYTES;
    if (!read_at(member->zip->fd, member->at, member->chunk, want)) {
        return false;
    }
    member->at += want;
    member->packed_left -= want;
    member->stream.next_in = (unsigned char *)member->chunk;
    member->stream.avail_in = (unsigned)want;
    return true;
}

/* Unpack into out. out: bytes made; member->flaw when the data are broken */
static size_t unpack(unzip_member_t *member, char *out, size_t size)
{
    z_stream *stream = &member->stream;
    stream->next_out = (unsigned char *)out;
    stream->avail_out = (unsigned)size;
    while (stream->avail_out > 0 && !member->is_over) {
        if (stream->avail_in == 0 && member->packed_left > 0 && !fetch(member)) {
            member->flaw = "zip-broken";
            break;
        }
        if (member->entry->method == 0) {
            size_t len =
                stream->avail_in < stream->avail_out ? stream->avail_in : stream->avail_out;
            memcpy(stream->next_out, stream->next_in, len);
            stream->next_in += len;
            stream->next_out += len;
            stream->avail_in -= (unsigned)len;
            stream->avail_out -= (unsigned)len;
            member->is_over = stream->avail_in == 0 && member->packed_left == 0;
            continue;
        }
        int state = inflate(stream, Z_NO_FLUSH);
        member->is_over = state == Z_STREAM_END;
        bool is_starved = stream->avail_in == 0 && member->packed_left == 0;
        if (state != Z_STREAM_END && (state != Z_OK || (is_starved && stream->avail_out > 0))) {
            member->flaw = "zip-broken";
            break;
        }
    }
    return size - stream->avail_out;
}

/* Whether a member, or all of them, have become larger than an honest archive makes them. */
static bool is_bomb(const unzip_member_t *member)
{
    return member->zip->plain_bytes > UNZIP_BYTES_MAX ||
           (member->made_bytes > UNZIP_FREE_BYTES &&
            member->made_bytes / UNZIP_RATIO_MAX > member->entry->packed_bytes);
}

long unzip_read(unzip_member_t *member, char *out, size_t size)
{
    if (member->flaw != NULL) {
        return -1;
    }
    size_t made = unpack(member, out, size);
    member->made_bytes += made;
    member->zip->plain_bytes += made;
    member->sum = (uint32_t)crc32(member->sum, (unsigned char *)out, (unsigned)made);
    if (member->flaw == NULL && is_bomb(member)) {
        member->flaw = "zip-bomb";
    }
    bool is_wrong = member->sum != member->entry->sum ||
                    (uint32_t)member->made_bytes != (uint32_t)member->entry->plain_bytes;
    if (member->flaw == NULL && member->is_over && is_wrong) {
        member->flaw = "zip-broken";
    }
    return member->flaw == NULL ? (long)made : -1;
}

const char *unzip_flaw(const unzip_member_t *member)
{
    return member->flaw;
}

uint64_t unzip_done_bytes(const unzip_member_t *member)
{
    return member->entry->packed_bytes - member->packed_left;
}

void unzip_end(unzip_member_t *member)
{
    if (member != NULL) {
        (void)inflateEnd(&member->stream);
        mem_free(member);
    }
}
