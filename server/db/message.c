/* SPDX-License-Identifier: Apache-2.0
 * Heads, lengths and zero bytes. */
#include "db/message.h"

enum { HEAD_BYTES = 5 }; /* type and length; the length counts itself, not the type */

static uint32_t big_endian(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

size_t message_bytes(str_t input)
{
    return input.len < HEAD_BYTES ? 0 : (size_t)big_endian(input.ptr + 1) + 1;
}

int64_t message_read(str_t input, message_t *out)
{
    size_t bytes = message_bytes(input);
    if (bytes == 0)
        return 0;
    if (bytes < HEAD_BYTES || bytes > MESSAGE_MAX_BYTES)
        return -1;
    if (bytes > input.len)
        return 0;
    *out = (message_t){input.ptr[0], str_n(input.ptr + HEAD_BYTES, bytes - HEAD_BYTES)};
    return (int64_t)bytes;
}

const char *message_field(str_t body, int field)
{
    while (body.len > 1) {
        const char *text = body.ptr + 1, *end = memchr(text, 0, body.len - 1);
        if (!end)
            return NULL;
        if (body.ptr[0] == field)
            return text;
        body = str_skip(body, (size_t)(end - body.ptr) + 1);
    }
    return NULL;
}

/* --- writing --------------------------------------------------------------------------------- */

static char *put_16(char *at, unsigned value)
{
    at[0] = (char)(value >> 8);
    at[1] = (char)value;
    return at + 2;
}

static char *put_32(char *at, size_t value)
{
    at[0] = (char)(value >> 24);
    at[1] = (char)(value >> 16);
    at[2] = (char)(value >> 8);
    at[3] = (char)value;
    return at + 4;
}

static char *put_bytes(char *at, const void *bytes, size_t len)
{
    memcpy(at, bytes, len);
    return at + len;
}

void message_prepare(buf_t *out, const db_statement_t *statement)
{
    size_t name = strlen(statement->name) + 1, sql = strlen(statement->sql) + 1;
    size_t parse = 4 + name + sql + 2, describe = 4 + 1 + name;
    char *at = buf_reserve(out, parse + describe + 2);
    if (!at)
        return;
    *at++ = 'P';
    at = put_32(at, parse);
    at = put_bytes(at, statement->name, name);
    at = put_bytes(at, statement->sql, sql);
    at = put_16(at, 0); /* types of parameters: PostgreSQL infers them */
    *at++ = 'D';
    at = put_32(at, describe);
    *at++ = 'S';
    put_bytes(at, statement->name, name);
    out->len += parse + describe + 2;
}

void message_execute(buf_t *out, const db_statement_t *statement, const char *const *values,
                     const int *lengths, const int *formats)
{
    static const char execute[] = {'E', 0, 0, 0, 9, 0, 0, 0, 0, 0}; /* no portal name, all rows */
    unsigned count = statement->param_count;
    size_t name = strlen(statement->name) + 1;
    size_t bytes[DB_PARAMS_MAX], bind = 4 + 1 + name + 2 + 2 * (size_t)count + 2 + 4;
    for (unsigned i = 0; i < count; i++) {
        bool is_known = lengths && formats && formats[i] == 1;
        bytes[i] = !values[i] ? 0 : is_known ? (size_t)lengths[i] : strlen(values[i]);
        bind += 4 + bytes[i];
    }
    char *at = buf_reserve(out, 1 + bind + sizeof execute);
    if (!at)
        return;
    *at++ = 'B';
    at = put_32(at, bind);
    *at++ = 0; /* the portal without a name */
    at = put_bytes(at, statement->name, name);
    at = put_16(at, count);
    for (unsigned i = 0; i < count; i++)
        at = put_16(at, formats ? (unsigned)formats[i] : 0);
    at = put_16(at, count);
    for (unsigned i = 0; i < count; i++) {
        at = put_32(at, values[i] ? bytes[i] : UINT32_MAX);
        if (bytes[i])
            at = put_bytes(at, values[i], bytes[i]);
    }
    at = put_16(at, 1); /* one format for all columns: binary */
    at = put_16(at, 1);
    put_bytes(at, execute, sizeof execute);
    out->len += 1 + bind + sizeof execute;
}

void message_sync(buf_t *out)
{
    static const char sync[] = {'S', 0, 0, 0, 4};
    buf_add(out, sync, sizeof sync);
}
