/* SPDX-License-Identifier: Apache-2.0
 * A letter as bytes for the wire. See mime.h. */
#include "deliver/mime.h"

#include <stdio.h>
#include <time.h>

enum {
    LINE_MAX_BYTES = 76,
    WORD_BYTES_MAX = 42, /* of text in one encoded word: 56 of base64 and 12 around them */
};

void mime_id(const unsigned char uuid[16], char out[MIME_ID_BYTES + 1])
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned bits = 0;
    unsigned held = 0;
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        held = (held << 8 | uuid[i]) & 0xFFFF;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            out[at++] = digits[held >> bits & 31u];
        }
    }
    out[at++] = digits[held << (5 - bits) & 31u];
    out[at] = '\0';
}

/* --- bodies --------------------------------------------------------------------------------- */

static void add_hex(buf_t *out, unsigned char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    char code[3] = {'=', digits[byte >> 4], digits[byte & 15]};
    buf_add(out, code, sizeof code);
}

static size_t sequence_bytes(unsigned char first)
{
    if (first < 0xC0) {
        return 1;
    }
    return first < 0xE0 ? 2 : (first < 0xF0 ? 3 : 4);
}

/* True when the byte stands for itself at this place of the line. */
static bool is_literal(str_t text, size_t i, size_t column)
{
    unsigned char c = (unsigned char)text.ptr[i];
    bool is_line_last = i + 1 == text.len || text.ptr[i + 1] == '\n' || text.ptr[i + 1] == '\r';
    if (c == ' ' || c == '\t') {
        return !is_line_last;
    }
    return c > 0x20 && c < 0x7F && c != '=' && !(c == '.' && column == 0);
}

void mime_quoted_printable(str_t text, buf_t *out)
{
    size_t column = 0;
    for (size_t i = 0; i < text.len;) {
        char c = text.ptr[i];
        if (c == '\r' || c == '\n') {
            i += c == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n' ? 2 : 1;
            BUF_ADD(out, "\r\n");
            column = 0;
            continue;
        }
        size_t bytes = is_literal(text, i, column) ? 1 : sequence_bytes((unsigned char)c);
        bytes = bytes > text.len - i ? text.len - i : bytes;
        size_t width = is_literal(text, i, column) ? 1 : 3 * bytes;
        if (column + width > LINE_MAX_BYTES - 1) {
            BUF_ADD(out, "=\r\n");
            column = 0;
            continue; /* the dot rule looks at the column */
        }
        for (size_t k = 0; k < bytes; k++) {
            if (width == 1) {
                buf_add_c(out, c);
            } else {
                add_hex(out, (unsigned char)text.ptr[i + k]);
            }
        }
        column += width;
        i += bytes;
    }
    if (column > 0) {
        BUF_ADD(out, "\r\n");
    }
}

/* --- headers -------------------------------------------------------------------------------- */

static void add_base64(buf_t *out, str_t bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        unsigned left = (unsigned)(bytes.len - i);
        unsigned b0 = (unsigned char)bytes.ptr[i];
        unsigned b1 = left > 1 ? (unsigned char)bytes.ptr[i + 1] : 0;
        unsigned b2 = left > 2 ? (unsigned char)bytes.ptr[i + 2] : 0;
        buf_add_c(out, digits[b0 >> 2]);
        buf_add_c(out, digits[(b0 << 4 | b1 >> 4) & 63u]);
        buf_add_c(out, left > 1 ? digits[(b1 << 2 | b2 >> 6) & 63u] : '=');
        buf_add_c(out, left > 2 ? digits[b2 & 63u] : '=');
    }
}

/* Printable ASCII without what has a meaning in headers or encoded words. */
static bool is_plain(str_t value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_letter && (c == '\0' || strchr(" .-,!?:;/()'&%+#@", c) == NULL)) {
            return false;
        }
    }
    return true;
}

void mime_header_text(str_t value, size_t name_bytes, buf_t *out)
{
    if (is_plain(value) && value.len + name_bytes + 2 <= LINE_MAX_BYTES) {
        buf_add_str(out, str_trim(value));
        return;
    }
    for (size_t at = 0; at < value.len;) {
        size_t len = 0;
        size_t first_room = (LINE_MAX_BYTES - name_bytes - 12) / 4 * 3;
        size_t room = at == 0 && first_room < WORD_BYTES_MAX ? first_room : WORD_BYTES_MAX;
        while (at + len < value.len) {
            size_t bytes = sequence_bytes((unsigned char)value.ptr[at + len]);
            bytes = bytes > value.len - at - len ? value.len - at - len : bytes;
            if (len + bytes > room) {
                break;
            }
            len += bytes;
        }
        if (at > 0) {
            BUF_ADD(out, "\r\n ");
        }
        BUF_ADD(out, "=?UTF-8?B?");
        add_base64(out, str_n(value.ptr + at, len));
        BUF_ADD(out, "?=");
        at += len;
    }
}

/* An address that may stand in angle brackets as it is. */
static bool is_address(str_t address)
{
    size_t at = str_find(address, '@');
    if (at == 0 || at + 1 >= address.len || address.len > 254) {
        return false;
    }
    for (size_t i = 0; i < address.len; i++) {
        char c = address.ptr[i];
        if (c <= ' ' || c >= 0x7F || strchr("<>()[]\\,;:\"", c) != NULL) {
            return false;
        }
    }
    return str_find(str_skip(address, at + 1), '@') == address.len - at - 1;
}

static void add_date(int64_t date_s, buf_t *out)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm tm;
    time_t date = (time_t)date_s;
    if (gmtime_r(&date, &tm) == NULL) {
        return;
    }
    buf_addf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday,
             months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* From: a name as a quoted string or encoded words, then the address on a line of its own if long.
 */
static void add_from(const mime_letter_t *letter, buf_t *out)
{
    BUF_ADD(out, "From: ");
    if (letter->sender_name.len > 0) {
        bool is_quotable = is_plain(letter->sender_name) && letter->sender_name.len < 60;
        if (is_quotable) {
            buf_add_c(out, '"');
            buf_add_str(out, letter->sender_name);
            buf_add_c(out, '"');
        } else {
            mime_header_text(letter->sender_name, sizeof "From: ", out);
        }
        BUF_ADD(out, "\r\n ");
    }
    buf_addf(out, "<%.*s>\r\n", (int)letter->sender_address.len, letter->sender_address.ptr);
}

/* List-Id: letters, digits and dashes of the name, under the sender's domain. */
static void add_list_id(str_t name, str_t domain, buf_t *out)
{
    BUF_ADD(out, "List-Id: <");
    for (size_t i = 0; i < name.len && i < 60; i++) {
        char c = name.ptr[i];
        bool is_fit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        buf_add_c(out, is_fit ? c : '-');
    }
    buf_add_c(out, '.');
    buf_add_str(out, domain);
    BUF_ADD(out, ">\r\n");
}

/* A URL of ours: printable ASCII without angle brackets. */
static bool is_url(str_t url)
{
    for (size_t i = 0; i < url.len; i++) {
        if (url.ptr[i] <= ' ' || url.ptr[i] >= 0x7F || url.ptr[i] == '<' || url.ptr[i] == '>') {
            return false;
        }
    }
    return url.len > 0 && url.len < 900;
}

static void add_headers(const mime_letter_t *letter, const char *id, buf_t *out)
{
    str_t domain = str_skip(letter->sender_address, str_find(letter->sender_address, '@') + 1);
    add_date(letter->date_s, out);
    add_from(letter, out);
    buf_addf(out, "To: <%.*s>\r\n", (int)letter->to_address.len, letter->to_address.ptr);
    BUF_ADD(out, "Subject: ");
    mime_header_text(letter->subject, sizeof "Subject: ", out);
    buf_addf(out, "\r\nMessage-ID: <%s@%.*s>\r\n", id, (int)domain.len, domain.ptr);
    if (letter->list_name.len > 0) {
        add_list_id(letter->list_name, domain, out);
    }
    if (is_url(letter->unsubscribe_url)) {
        buf_addf(out, "List-Unsubscribe: <%.*s>\r\n", (int)letter->unsubscribe_url.len,
                 letter->unsubscribe_url.ptr);
        BUF_ADD(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }
    if (letter->is_automatic) {
        BUF_ADD(out, "Auto-Submitted: auto-generated\r\n");
    }
    BUF_ADD(out, "MIME-Version: 1.0\r\n");
}

static void add_part(const char *type, str_t text, buf_t *out)
{
    buf_addf(out,
             "Content-Type: text/%s; charset=utf-8\r\n"
             "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
             type);
    mime_quoted_printable(text, out);
}

bool mime_write(const mime_letter_t *letter, buf_t *out)
{
    char id[MIME_ID_BYTES + 1];
    mime_id(letter->uuid, id);
    if (!is_address(letter->sender_address) || !is_address(letter->to_address)) {
        return false;
    }
    add_headers(letter, id, out);
    if (letter->html.len == 0) {
        add_part("plain", letter->text, out);
        return !out->is_full;
    }
    /* "=_" occurs in no quoted-printable text, so the boundary is safe without looking. */
    buf_addf(out, "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n--=_%s\r\n",
             id, id);
    add_part("plain", letter->text, out);
    buf_addf(out, "\r\n--=_%s\r\n", id);
    add_part("html", letter->html, out);
    buf_addf(out, "\r\n--=_%s--\r\n", id);
    return !out->is_full;
}
