/* SPDX-License-Identifier: Apache-2.0
 * Response heads. The table below is the one place for headers that every answer carries. */
#include "http/write.h"
#include "http/token.h"

#include <stdio.h>
#include <time.h>

/* Sent with every answer unless the application set the same name. Assets replace the policy. */
static const struct {
    http_header_t header;
    bool is_tls_only;
} defaults[] = {
    {{{"strict-transport-security", 25}, {"max-age=31536000", 16}}, true},
    {{{"x-content-type-options", 22}, {"nosniff", 7}}, false},
    {{{"content-security-policy", 23},
      {"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'", 79}},
     false},
    {{{"x-frame-options", 15}, {"DENY", 4}}, false},
    {{{"referrer-policy", 15}, {"no-referrer", 11}}, false},
    {{{"cross-origin-opener-policy", 26}, {"same-origin", 11}}, false},
    {{{"cross-origin-resource-policy", 28}, {"same-origin", 11}}, false},
    {{{"permissions-policy", 18},
      {"camera=(), geolocation=(), microphone=(), payment=(), usb=()", 60}},
     false},
    {{{"cache-control", 13}, {"no-store", 8}}, false},
};

void write_date(int64_t wall_us, char out[30])
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static _Thread_local time_t shown = -1; /* the text is made once a second */
    static _Thread_local char text[64];
    time_t seconds = (time_t)(wall_us / 1000000);
    if (seconds != shown) {
        struct tm utc;
        (void)gmtime_r(&seconds, &utc);
        (void)snprintf(text, sizeof text, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                       days + 3 * utc.tm_wday, utc.tm_mday, months + 3 * utc.tm_mon,
                       utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
        shown = seconds;
    }
    memcpy(out, text, 29);
    out[29] = '\0';
}

/* Tell whether name and value can stand on one header line. */
static bool is_fit(const http_header_t *header)
{
    for (size_t i = 0; i < header->name.len; i++) {
        if (!token_is_char((unsigned char)header->name.ptr[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < header->value.len; i++) {
        if (!token_is_value((unsigned char)header->value.ptr[i])) {
            return false;
        }
    }
    return header->name.len > 0;
}

static bool is_set(const write_head_t *head, str_t name)
{
    for (size_t i = 0; i < head->header_count; i++) {
        if (str_eq(head->headers[i].name, name)) {
            return true;
        }
    }
    return false;
}

size_t write_headers(const write_head_t *head, char scratch[64], http_header_t *list)
{
    size_t n = 0;
    size_t reserved = sizeof defaults / sizeof defaults[0] + 3;
    for (size_t i = 0; i < head->header_count && n + reserved < WRITE_MAX_HEADERS; i++) {
        if (is_fit(&head->headers[i])) {
            list[n++] = head->headers[i];
        }
    }
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        bool is_due = head->is_secure || !defaults[i].is_tls_only;
        if (is_due && !is_set(head, defaults[i].header.name)) {
            list[n++] = defaults[i].header;
        }
    }
    write_date(head->wall_us, scratch);
    list[n++] = (http_header_t){STR("date"), {scratch, 29}};
    if (head->request_id) {
        list[n++] = (http_header_t){STR("x-request-id"), {head->request_id, 32}};
    }
    if (head->body_bytes >= 0 && head->status >= 200 && head->status != 204) {
        size_t len = str_put_i64(head->body_bytes, scratch + 30);
        list[n++] = (http_header_t){STR("content-length"), {scratch + 30, len}};
    }
    return n;
}

bool write_head(buf_t *out, const write_head_t *head)
{
    http_header_t list[WRITE_MAX_HEADERS];
    char scratch[64];
    size_t count = write_headers(head, scratch, list);
    const char *reason = http_status_text(head->status);
    bool is_chunked = head->body_bytes < 0 && !head->is_http10;
    (void)BUF_ADD(out, "HTTP/1.1 ");
    (void)buf_add_i64(out, head->status);
    (void)buf_add_c(out, ' ');
    (void)buf_add(out, reason, strlen(reason));
    (void)BUF_ADD(out, "\r\n");
    for (size_t i = 0; i < count; i++) {
        (void)buf_add_str(out, list[i].name);
        (void)BUF_ADD(out, ": ");
        (void)buf_add_str(out, list[i].value);
        (void)BUF_ADD(out, "\r\n");
    }
    if (is_chunked) {
        (void)BUF_ADD(out, "transfer-encoding: chunked\r\n");
    }
    if (head->is_close) {
        (void)BUF_ADD(out, "connection: close\r\n");
    }
    return BUF_ADD(out, "\r\n");
}

bool write_chunk(buf_t *out, const void *ptr, size_t len)
{
    if (len == 0) {
        return BUF_ADD(out, "0\r\n\r\n");
    }
    char size[20];
    int digits = snprintf(size, sizeof size, "%zx\r\n", len);
    return buf_add(out, size, (size_t)digits) && buf_add(out, ptr, len) && BUF_ADD(out, "\r\n");
}
