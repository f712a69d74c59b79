/* SPDX-License-Identifier: Apache-2.0
 * An e-mail address as a match key. See email.h. */
#include "email.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "text.h"

#define LOCAL_MAX   64
#define LABEL_MAX   63
#define ADDRESS_MAX (EMAIL_BYTES - 1)

/* A bounded output; once full it stays full and the address is refused. */
typedef struct {
    char *out;
    size_t used;
    bool is_full;
} sink_t;

static void sink_put(sink_t *s, uint32_t c)
{
    if (s->used == ADDRESS_MAX) {
        s->is_full = true;
        return;
    }
    s->out[s->used++] = (char)c;
}

static bool is_atext(uint32_t c)
{
    return text_is_ascii_letter(c) || text_is_digit(c) ||
           (c < 0x80 && c != 0 && strchr("!#$%&'*+-/=?^_`{|}~", (int)c) != NULL);
}

/* Bias adaptation of Punycode, RFC 3492 6.1. */
static uint32_t adapt(uint32_t delta, uint32_t points, bool is_first)
{
    uint32_t k = 0;
    delta = is_first ? delta / 700 : delta / 2;
    delta += delta / points;
    while (delta > 455) {
        delta /= 35;
        k += 36;
    }
    return k + 36 * delta / (delta + 38);
}

/* Write one delta as a generalised variable-length integer, RFC 3492 6.3. */
static void put_delta(sink_t *s, uint32_t delta, uint32_t bias)
{
    uint32_t q = delta;
    for (uint32_t k = 36;; k += 36) {
        uint32_t threshold = k <= bias ? 1 : (k >= bias + 26 ? 26 : k - bias);
        if (q < threshold) {
            break;
        }
        uint32_t digit = threshold + (q - threshold) % (36 - threshold);
        sink_put(s, digit < 26 ? 'a' + digit : '0' + digit - 26);
        q = (q - threshold) / (36 - threshold);
    }
    sink_put(s, q < 26 ? 'a' + q : '0' + q - 26);
}

/* Write a label that has scalars beyond ASCII in its "xn--" form.
 * in: 1..63 scalars in lower case, so no product below can overflow 32 bits */
static void put_punycode(sink_t *s, const uint32_t *label, size_t count)
{
    uint32_t next = 0x80;
    uint32_t delta = 0;
    uint32_t bias = 72;
    uint32_t basic = 0;
    for (const char *prefix = "xn--"; *prefix != '\0'; prefix++) {
        sink_put(s, (unsigned char)*prefix);
    }
    for (size_t i = 0; i < count; i++) {
        if (label[i] < 0x80) {
            sink_put(s, label[i]);
            basic++;
        }
    }
    if (basic > 0) {
        sink_put(s, '-');
    }
    for (uint32_t done = basic; done < count;) {
        uint32_t least = UINT32_MAX;
        for (size_t i = 0; i < count; i++) {
            least = label[i] >= next && label[i] < least ? label[i] : least;
        }
        delta += (least - next) * (done + 1);
        next = least;
        for (size_t i = 0; i < count; i++) {
            delta += label[i] < next;
            if (label[i] == next) {
                put_delta(s, delta, bias);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done++;
            }
        }
        delta++;
        next++;
    }
}

/* A scalar beyond ASCII that may stand in a domain label: a letter or mark, not a sign or space. */
static bool is_label_letter(uint32_t c)
{
    bool is_sign = (c < 0xC0) || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x2BFF) ||
                   (c >= 0x3000 && c <= 0x3004) || (c >= 0x3008 && c <= 0x303F) ||
                   (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFE00 && c <= 0xFE6F) || c >= 0xFF00;
    return !is_sign && !text_is_space(c) && !text_is_invisible(c);
}

/* Check and write one label. */
static bool put_label(sink_t *s, const uint32_t *label, size_t count)
{
    bool is_ascii = true;
    if (count == 0 || count > LABEL_MAX || label[0] == '-' || label[count - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_ldh = text_is_ascii_letter(label[i]) || text_is_digit(label[i]) || label[i] == '-';
        if (!is_ldh && !is_label_letter(label[i])) {
            return false;
        }
        is_ascii = is_ascii && is_ldh;
    }
    size_t begin = s->used;
    if (is_ascii) {
        for (size_t i = 0; i < count; i++) {
            sink_put(s, label[i]);
        }
    } else {
        put_punycode(s, label, count);
    }
    return s->used - begin <= LABEL_MAX && !s->is_full;
}

static bool read_local(text_t *t, sink_t *s)
{
    uint32_t c = 0;
    uint32_t before = '.';
    while (text_next(t, &c)) {
        if (c == '@') {
            return s->used > 0 && s->used <= LOCAL_MAX && before != '.';
        }
        bool is_dot = c == '.' && before != '.';
        if (!is_dot && !is_atext(c)) {
            return false;
        }
        sink_put(s, text_lower(c));
        before = c;
    }
    return false;
}

static bool read_domain(text_t *t, sink_t *s)
{
    uint32_t label[LABEL_MAX];
    size_t count = 0;
    uint32_t c = 0;
    size_t last_label = s->used;
    while (text_next(t, &c)) {
        if (c == '.' || c == 0x3002) {
            if (!put_label(s, label, count)) {
                return false;
            }
            sink_put(s, '.');
            last_label = s->used;
            count = 0;
        } else if (count == LABEL_MAX) {
            return false;
        } else {
            label[count++] = text_lower(c);
        }
    }
    if (!put_label(s, label, count)) {
        return false;
    }
    for (size_t i = last_label; i < s->used; i++) {
        if (!text_is_digit((unsigned char)s->out[i])) {
            return true;
        }
    }
    return false; /* an all-numeric last label is an address written without brackets */
}

/* Drop blanks around; line ends are left and refuse the address. */
static text_t trim(const char *raw, size_t raw_bytes)
{
    text_t t = text_of(raw, raw_bytes);
    while (t.at < t.end && (*t.at == ' ' || *t.at == '\t')) {
        t.at++;
    }
    while (t.at < t.end && (t.end[-1] == ' ' || t.end[-1] == '\t')) {
        t.end--;
    }
    return t;
}

size_t email_norm(const char *raw, size_t raw_bytes, char out[EMAIL_BYTES])
{
    text_t t = trim(raw, raw_bytes);
    sink_t s = {.out = out};
    if (!read_local(&t, &s)) {
        s.is_full = true;
    }
    sink_put(&s, '@');
    if (s.is_full || !read_domain(&t, &s)) {
        out[0] = '\0';
        return 0;
    }
    out[s.used] = '\0';
    return s.used;
}

size_t email_mask(const char *address, size_t address_bytes, char out[EMAIL_MASK_BYTES])
{
    const char *at = address_bytes == 0 ? NULL : memchr(address, '@', address_bytes);
    size_t used = 0;
    out[0] = '\0';
    if (at == NULL || at == address || at + 1 == address + address_bytes) {
        return 0;
    }
    const char *dot = NULL;
    for (const char *c = at + 1; c < address + address_bytes; c++) {
        dot = *c == '.' ? c : dot;
    }
    out[used++] = address[0];
    memcpy(out + used, "***@", 4);
    used += 4;
    out[used++] = at[1];
    memcpy(out + used, "***", 3);
    used += 3;
    size_t tail = dot == NULL ? 0 : (size_t)(address + address_bytes - dot);
    if (tail > 0 && tail < EMAIL_MASK_BYTES - used) {
        memcpy(out + used, dot, tail);
        used += tail;
    }
    out[used] = '\0';
    return used;
}
