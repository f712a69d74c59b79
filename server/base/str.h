/* SPDX-License-Identifier: Apache-2.0
 * Byte strings: a borrowed slice (str_t) and a growing buffer that must be given a maximum (buf_t).
 *
 * A str_t never owns and need not end in NUL. A buf_t owns its bytes; an append that would pass the
 * maximum changes nothing, sets is_full for good and returns false, so a writer may append many
 * pieces and test once at the end.
 * Does not: know encodings beyond UTF-8 validity. */
#ifndef CLIENTELE_BASE_STR_H
#define CLIENTELE_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUST_CHECK __attribute__((warn_unused_result))

/** A borrowed slice of bytes; ptr may be NULL only when len is 0. */
typedef struct {
    const char *ptr;
    size_t len;
} str_t;

/** Slice of a string literal. */
#define STR(literal) ((str_t){"" literal, sizeof(literal) - 1})

/** Slice of a NUL-terminated string; NULL gives the empty slice. */
static inline str_t str_of(const char *text)
{
    return (str_t){text, text ? strlen(text) : 0};
}

/** Slice of len bytes at ptr. */
static inline str_t str_n(const char *ptr, size_t len)
{
    return (str_t){ptr, len};
}

/** Compare bytes for equality. */
static inline bool str_eq(str_t a, str_t b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/** Compare for equality without regard to ASCII case. */
bool str_eq_nocase(str_t a, str_t b);

/** Tell whether text begins with prefix. */
static inline bool str_starts(str_t text, str_t prefix)
{
    return text.len >= prefix.len &&
           (prefix.len == 0 || memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

/** Give the part after the first n bytes; empty when n >= len. */
static inline str_t str_skip(str_t text, size_t n)
{
    return n >= text.len ? (str_t){"", 0} : (str_t){text.ptr + n, text.len - n};
}

/** Find a byte. out: its index, or text.len when absent. */
size_t str_find(str_t text, char c);

/** Cut spaces and tabs from both ends. */
str_t str_trim(str_t text);

/** Take the piece before the next separator off the front of *rest.
 *  in:  rest  what is left; advanced past the separator     separator  one byte
 *  out: true and *piece (may be empty); false when *rest was exhausted (its ptr is NULL then) */
bool str_split(str_t *rest, char separator, str_t *piece);

/** Parse an unsigned decimal: digits only, no sign, no space, at most max.
 *  out: true and *value; false when empty, not digits or above max (value untouched) */
MUST_CHECK bool str_to_u64(str_t text, uint64_t max, uint64_t *value);

/** Write a decimal number. out: characters written, at most 20 (no NUL) */
size_t str_put_i64(int64_t value, char out[20]);

/** Tell whether the bytes are well-formed UTF-8 (no surrogates, no overlongs, <= U+10FFFF). */
bool str_is_utf8(str_t text);

/** Compare two equally long secrets in time independent of their contents; false when lengths
 * differ. */
bool str_eq_secret(str_t a, str_t b);

/** Wipe memory so that the compiler may not leave it out. */
void str_wipe(void *ptr, size_t len);

/** Decode hex (even length, either case). in: out has room for text.len / 2. out: false on any
 * other byte. */
MUST_CHECK bool str_from_hex(str_t text, unsigned char *out);

/** Write 2 * len lower-case hex digits to out (no NUL). */
void str_to_hex(const unsigned char *bytes, size_t len, char *out);

/** Write base64url without padding. in: out has room for (len * 4 + 2) / 3. out: characters written
 * (no NUL). */
size_t str_to_base64url(const unsigned char *bytes, size_t len, char *out);

/** Decode base64url without padding, canonical form only (unused bits zero).
 *  in: out has room for text.len * 3 / 4.   out: true and *len bytes; false on any other text */
MUST_CHECK bool str_from_base64url(str_t text, unsigned char *out, size_t *len);

/** A growing byte buffer with a mandatory maximum. All zero with max set is a valid empty buffer.
 */
typedef struct {
    char *ptr;
    size_t len;
    size_t cap;
    size_t max;   /* bytes it may ever hold */
    bool is_full; /* an append was refused; sticky until buf_reset or buf_free */
} buf_t;

/** Make an empty buffer that may grow to max bytes (> 0). Nothing is allocated yet. */
static inline buf_t buf_make(size_t max)
{
    return (buf_t){NULL, 0, 0, max, false};
}

/** Make room for len bytes and return where to write them; the caller then adds the written count
 * to buf->len. out: NULL (and is_full set) when the maximum would be passed */
char *buf_reserve(buf_t *buf, size_t len);

/** Append bytes. out: false, nothing appended and is_full set when the maximum would be passed. */
static inline bool buf_add(buf_t *buf, const void *ptr, size_t len)
{
    bool has_place = len < buf->cap - buf->len && !buf->is_full;
    char *to = has_place ? buf->ptr + buf->len : buf_reserve(buf, len);
    if (!to) {
        return false;
    }
    if (len > 0) {
        memcpy(to, ptr, len);
    }
    buf->len += len;
    return true;
}

/** Append a slice. */
static inline bool buf_add_str(buf_t *buf, str_t text)
{
    return buf_add(buf, text.ptr, text.len);
}

#define BUF_ADD(buf, literal) buf_add((buf), "" literal, sizeof(literal) - 1)

/** Append one byte. */
static inline bool buf_add_c(buf_t *buf, char c)
{
    if (buf->len < buf->cap) {
        buf->ptr[buf->len++] = c;
        return true;
    }
    return buf_add(buf, &c, 1);
}

/** Append a decimal number. */
bool buf_add_i64(buf_t *buf, int64_t value);

/** Append by format (printf rules). Not for hot paths. */
__attribute__((format(printf, 2, 3))) bool buf_addf(buf_t *buf, const char *format, ...);

/** Append text as the inside of a JSON string (no quotes): escapes quote, backslash and controls.
 */
bool buf_add_json(buf_t *buf, str_t text);

/** Drop the first n bytes (n <= len), moving the rest to the front. */
void buf_consume(buf_t *buf, size_t n);

/** Empty the buffer, keep its memory. */
static inline void buf_reset(buf_t *buf)
{
    buf->len = 0;
    buf->is_full = false;
}

/** Free the memory; the buffer is empty and usable again. */
void buf_free(buf_t *buf);

/** Borrow the contents. */
static inline str_t buf_str(const buf_t *buf)
{
    return (str_t){buf->ptr, buf->len};
}

#endif
