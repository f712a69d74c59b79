/* SPDX-License-Identifier: Apache-2.0
 * Byte strings: comparison, numbers, encodings. */
#include "base/str.h"

static unsigned char lower(char c)
{
    unsigned char u = (unsigned char)c;
    return (u >= 'A' && u <= 'Z') ? (unsigned char)(u | 0x20) : u;
}

bool str_eq_nocase(str_t a, str_t b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

size_t str_find(str_t text, char c)
{
    const char *hit = text.len > 0 ? memchr(text.ptr, c, text.len) : NULL;
    return hit ? (size_t)(hit - text.ptr) : text.len;
}

str_t str_trim(str_t text)
{
    while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) {
        text.len--;
    }
    return text;
}

bool str_split(str_t *rest, char separator, str_t *piece)
{
    if (!rest->ptr) {
        return false;
    }
    size_t at = str_find(*rest, separator);
    *piece = (str_t){rest->ptr, at};
    if (at < rest->len) {
        rest->ptr += at + 1;
        rest->len -= at + 1;
    } else {
        *rest = (str_t){NULL, 0};
    }
    return true;
}

bool str_to_u64(str_t text, uint64_t max, uint64_t *value)
{
    if (text.len == 0) {
        return false;
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(text.ptr[i] - '0');
        if (sum > (max - (digit > max ? max : digit)) / 10 || digit > max) {
            return false;
        }
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

size_t str_put_i64(int64_t value, char out[20])
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        digits[--at] = '-';
    }
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at;
}

/* Length of the well-formed sequence at p, 0 when malformed. source: RFC 3629 section 4 */
static size_t utf8_step(const unsigned char *p, size_t len)
{
    unsigned char c = p[0];
    if (c < 0x80) {
        return 1;
    }
    size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || len < need) {
        return 0;
    }
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (c == 0xE0) {
        low = 0xA0;
    } else if (c == 0xED) {
        high = 0x9F;
    } else if (c == 0xF0) {
        low = 0x90;
    } else if (c == 0xF4) {
        high = 0x8F;
    }
    if (p[1] < low || p[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < need; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return need;
}

bool str_is_utf8(str_t text)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    size_t at = 0;
    while (at < text.len) {
        size_t step = utf8_step(p + at, text.len - at);
        if (step == 0) {
            return false;
        }
        at += step;
    }
    return true;
}

bool str_eq_secret(str_t a, str_t b)
{
    if (a.len != b.len) {
        return false;
    }
    volatile unsigned char difference = 0;
    for (size_t i = 0; i < a.len; i++) {
        difference |= (unsigned char)((unsigned char)a.ptr[i] ^ (unsigned char)b.ptr[i]);
    }
    return difference == 0;
}

void str_wipe(void *ptr, size_t len)
{
    volatile unsigned char *p = ptr;
    while (len-- > 0) {
        *p++ = 0;
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    unsigned char l = lower(c);
    return (l >= 'a' && l <= 'f') ? l - 'a' + 10 : -1;
}

bool str_from_hex(str_t text, unsigned char *out)
{
    if (text.len % 2 != 0) {
        return false;
    }
    for (size_t i = 0; i < text.len; i += 2) {
        int high = hex_value(text.ptr[i]);
        int low = hex_value(text.ptr[i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i / 2] = (unsigned char)(high * 16 + low);
    }
    return true;
}

void str_to_hex(const unsigned char *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
}

size_t str_to_base64url(const unsigned char *bytes, size_t len, char *out)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t n = 0;
    uint32_t bits = 0;
    int count = 0;
    for (size_t i = 0; i < len; i++) {
        bits = (bits << 8) | bytes[i];
        count += 8;
        while (count >= 6) {
            count -= 6;
            out[n++] = alphabet[(bits >> count) & 63];
        }
    }
    if (count > 0) {
        out[n++] = alphabet[(bits << (6 - count)) & 63];
    }
    return n;
}

static int base64url_value(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool str_from_base64url(str_t text, unsigned char *out, size_t *len)
{
    if (text.len % 4 == 1) {
        return false;
    }
    uint32_t bits = 0;
    int count = 0;
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = base64url_value(text.ptr[i]);
        if (value < 0) {
            return false;
        }
        bits = (bits << 6) | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[n++] = (unsigned char)(bits >> count);
        }
    }
    *len = n;
    return (bits & ((1U << count) - 1U)) == 0;
}
