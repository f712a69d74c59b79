/* SPDX-License-Identifier: Apache-2.0 */
#include "archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

static void put(buf_t *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        assert_true(buf_add_c(to, (char)value));
        value >>= 8;
    }
}

void archive_set(char *at, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        at[i] = (char)(value >> (8 * i));
    }
}

char *archive_entry(archive_t *archive, unsigned member)
{
    return archive->directory.ptr + archive->entries[member];
}

char *archive_local(archive_t *archive, unsigned member)
{
    return archive->bytes.ptr + archive->locals[member];
}

void archive_add(archive_t *archive, const char *name, str_t plain, bool is_packed)
{
    z_stream stream = {0};
    uLong room = plain.len + plain.len / 8 + 1024;
    char *packed = malloc(room);
    uint32_t sum = (uint32_t)crc32(0, (const unsigned char *)plain.ptr, (unsigned)plain.len);
    size_t len = plain.len;
    assert_non_null(packed);
    if (is_packed) {
        assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY),
                         Z_OK);
        stream.next_in = (unsigned char *)plain.ptr;
        stream.avail_in = (unsigned)plain.len;
        stream.next_out = (unsigned char *)packed;
        stream.avail_out = (unsigned)room;
        assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
        len = stream.total_out;
        (void)deflateEnd(&stream);
    } else {
        memcpy(packed, plain.ptr, plain.len);
    }
    archive->locals[archive->count] = archive->bytes.len;
    archive->entries[archive->count] = archive->directory.len;
    for (int i = 0; i < 2; i++) { /* the same numbers stand in both */
        buf_t *to = i == 0 ? &archive->bytes : &archive->directory;
        put(to, i == 0 ? 0x04034b50 : 0x02014b50, 4);
        if (i == 1) {
            put(to, 20, 2); /* made by */
        }
        put(to, 20, 2);
        put(to, 0, 2);
        put(to, is_packed ? 8 : 0, 2);
        put(to, 0, 4);
        put(to, sum, 4);
        put(to, len, 4);
        put(to, plain.len, 4);
        put(to, strlen(name), 2);
        put(to, 0, 2);
        if (i == 1) {
            put(to, 0, 6 + 4); /* comment, disk, attributes */
            put(to, archive->locals[archive->count], 4);
        }
        assert_true(buf_add_str(to, str_of(name)));
    }
    assert_true(buf_add(&archive->bytes, packed, len));
    archive->count++;
    free(packed);
}

void archive_finish(archive_t *archive)
{
    size_t at = archive->bytes.len;
    assert_true(buf_add_str(&archive->bytes, buf_str(&archive->directory)));
    put(&archive->bytes, 0x06054b50, 4);
    put(&archive->bytes, 0, 4);
    put(&archive->bytes, archive->count, 2);
    put(&archive->bytes, archive->count, 2);
    put(&archive->bytes, archive->directory.len, 4);
    put(&archive->bytes, at, 4);
    put(&archive->bytes, 0, 2);
}

char *archive_end(archive_t *archive)
{
    return archive->bytes.ptr + archive->bytes.len - ARCHIVE_END_BYTES;
}
