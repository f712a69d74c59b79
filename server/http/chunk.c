/* SPDX-License-Identifier: Apache-2.0
 * The chunked coding: size line, payload, CRLF, ... , zero size, trailers, empty line. */
#include "http/chunk.h"
#include "http/token.h"

enum {
    AT_SIZE,      /* hex digits */
    AT_EXT_NAME,  /* first byte of an extension's name */
    AT_EXT_NAMES, /* rest of the name */
    AT_EXT_VALUE, /* first byte of its value */
    AT_EXT_TOKEN, /* rest of a token value */
    AT_QUOTED,    /* inside a quoted value */
    AT_ESCAPE,    /* after a backslash in one */
    AT_UNQUOTED,  /* after the closing quote */
    AT_SIZE_LF,   /* LF of the size line */
    AT_DATA,      /* payload */
    AT_DATA_CR,   /* CR after the payload */
    AT_DATA_LF,
    AT_TRAILER, /* a trailer's name, or CR of the empty line */
    AT_TRAILER_NAME,
    AT_TRAILER_VALUE,
    AT_TRAILER_LF,
    AT_END_LF
};

#define MAX_DIGITS 15

static int hex(unsigned char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* After a complete extension: CR, or ';' and the next one. */
static bool end_extension(chunk_t *chunk, unsigned char c)
{
    chunk->state = c == ';' ? AT_EXT_NAME : AT_SIZE_LF;
    return c == ';' || c == '\r';
}

static bool step_size(chunk_t *chunk, unsigned char c)
{
    int digit = hex(c);
    if (digit < 0) {
        return chunk->digits > 0 && end_extension(chunk, c);
    }
    chunk->left = chunk->left * 16 + (uint64_t)digit;
    return ++chunk->digits <= MAX_DIGITS;
}

static bool step_extension(chunk_t *chunk, unsigned char c)
{
    switch (chunk->state) {
    case AT_EXT_NAME:
        chunk->state = AT_EXT_NAMES;
        return token_is_char(c);
    case AT_EXT_NAMES:
        if (c == '=') {
            chunk->state = AT_EXT_VALUE;
            return true;
        }
        return token_is_char(c) || end_extension(chunk, c);
    case AT_EXT_VALUE:
        chunk->state = c == '"' ? AT_QUOTED : AT_EXT_TOKEN;
        return c == '"' || token_is_char(c);
    case AT_EXT_TOKEN:
        return token_is_char(c) || end_extension(chunk, c);
    case AT_QUOTED:
        if (c == '"' || c == '\\') {
            chunk->state = c == '"' ? AT_UNQUOTED : AT_ESCAPE;
        }
        return token_is_value(c);
    case AT_ESCAPE:
        chunk->state = AT_QUOTED;
        return token_is_value(c);
    default: /* AT_UNQUOTED */
        return end_extension(chunk, c);
    }
}

static bool step_trailer(chunk_t *chunk, unsigned char c)
{
    switch (chunk->state) {
    case AT_TRAILER:
        chunk->state = c == '\r' ? AT_END_LF : AT_TRAILER_NAME;
        return c == '\r' || token_is_char(c);
    case AT_TRAILER_NAME:
        if (c == ':') {
            chunk->state = AT_TRAILER_VALUE;
            return true;
        }
        return token_is_char(c);
    case AT_TRAILER_VALUE:
        if (c == '\r') {
            chunk->state = AT_TRAILER_LF;
            return true;
        }
        return token_is_value(c);
    default: /* AT_TRAILER_LF */
        chunk->state = AT_TRAILER;
        return c == '\n';
    }
}

/* Walk one byte of framing. out: false when it may not stand here. */
static bool step(chunk_t *chunk, unsigned char c)
{
    switch (chunk->state) {
    case AT_SIZE:
        return step_size(chunk, c);
    case AT_SIZE_LF:
        chunk->is_last = chunk->left == 0;
        chunk->state = chunk->is_last ? AT_TRAILER : AT_DATA;
        return c == '\n';
    case AT_DATA_CR:
        chunk->state = AT_DATA_LF;
        return c == '\r';
    case AT_DATA_LF:
        chunk->state = AT_SIZE;
        chunk->digits = 0;
        return c == '\n';
    default:
        chunk->overhead++;
        return chunk->overhead <= CHUNK_OVERHEAD_BYTES &&
               (chunk->state < AT_SIZE_LF ? step_extension(chunk, c) : step_trailer(chunk, c));
    }
}

err_t chunk_next(chunk_t *chunk, str_t bytes, size_t *used, str_t *data, bool *is_done)
{
    *data = (str_t){"", 0};
    *is_done = false;
    for (size_t at = 0; at < bytes.len; at++) {
        if (chunk->state == AT_DATA) {
            size_t rest = bytes.len - at;
            size_t take = chunk->left < rest ? (size_t)chunk->left : rest;
            *data = str_n(bytes.ptr + at, take);
            *used = at + take;
            chunk->left -= take;
            chunk->state = chunk->left == 0 ? AT_DATA_CR : AT_DATA;
            return ERR_NONE;
        }
        bool is_end = chunk->state == AT_END_LF;
        if (is_end ? bytes.ptr[at] != '\n' : !step(chunk, (unsigned char)bytes.ptr[at])) {
            *used = at;
            return (err_t){ERR_BAD_REQUEST, NULL, (int32_t)at};
        }
        if (is_end) {
            *used = at + 1;
            *is_done = true;
            return ERR_NONE;
        }
    }
    *used = bytes.len;
    return ERR_NONE;
}
