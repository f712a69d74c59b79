/* SPDX-License-Identifier: Apache-2.0
 * The growing buffer of str.h: every growth is checked against its maximum. */
#include "base/mem.h"
#include "base/str.h"

#include <assert.h>
#include <stdio.h>

#define FIRST_BYTES 512

char *buf_reserve(buf_t *buf, size_t len)
{
    assert(buf->max > 0);
    if (buf->is_full || len > buf->max - buf->len) {
        buf->is_full = true;
        return NULL;
    }
    size_t need = buf->len + len;
    if (need > buf->cap || !buf->ptr) { /* even no byte has a place: NULL means full */
        size_t cap = buf->cap ? buf->cap : FIRST_BYTES;
        while (cap < need) {
            cap *= 2;
        }
        buf->cap = cap > buf->max ? buf->max : cap;
        buf->ptr = mem_resize(buf->ptr, buf->cap);
    }
    return buf->ptr + buf->len;
}

bool buf_add_i64(buf_t *buf, int64_t value)
{
    char digits[20];
    return buf_add(buf, digits, str_put_i64(value, digits));
}

bool buf_addf(buf_t *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *to = len < 0 ? NULL : buf_reserve(buf, (size_t)len + 1);
    if (!to) {
        return false;
    }
    va_start(args, format);
    (void)vsnprintf(to, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
    return true;
}

static bool json_escape(buf_t *buf, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = {'\\', 0, '0', '0', digits[c >> 4], digits[c & 15]};
    switch (c) {
    case '"':
    case '\\':
        text[1] = (char)c;
        return buf_add(buf, text, 2);
    case '\n':
        text[1] = 'n';
        return buf_add(buf, text, 2);
    case '\r':
        text[1] = 'r';
        return buf_add(buf, text, 2);
    case '\t':
        text[1] = 't';
        return buf_add(buf, text, 2);
    default:
        text[1] = 'u';
        return buf_add(buf, text, 6);
    }
}

/* Whether one of eight bytes is a control, a quote, a backslash or DEL. The trick: taking 1 from
 * every byte borrows into the top bit of those that were 0.
 * source: Sean Anderson, Bit Twiddling Hacks, "hasless" and "haszero" */
static bool has_special(const char *eight)
{
    const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    uint64_t word;
    memcpy(&word, eight, sizeof word);
    uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\', del = word ^ ones * 0x7f;
    return ((((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) |
             ((backslash - ones) & ~backslash) | ((del - ones) & ~del)) &
            tops) != 0;
}

bool buf_add_json(buf_t *buf, str_t text)
{
    size_t begun = 0;
    for (size_t i = 0; i < text.len; i++) {
        while (text.len - i > 8 && !has_special(text.ptr + i)) {
            i += 8;
        }
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            continue;
        }
        if (!buf_add(buf, text.ptr + begun, i - begun) || !json_escape(buf, c)) {
            return false;
        }
        begun = i + 1;
    }
    return buf_add(buf, text.len ? text.ptr + begun : "", text.len - begun);
}

void buf_consume(buf_t *buf, size_t n)
{
    assert(n <= buf->len);
    buf->len -= n;
    if (buf->len > 0 && n > 0) {
        memmove(buf->ptr, buf->ptr + n, buf->len);
    }
}

void buf_free(buf_t *buf)
{
    mem_free(buf->ptr);
    *buf = buf_make(buf->max);
}
