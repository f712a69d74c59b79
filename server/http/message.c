/* SPDX-License-Identifier: Apache-2.0
 * Look-ups in a request head. */
#include "http/message.h"

str_t http_header(const http_request_t *request, str_t name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (str_eq(request->headers[i].name, name)) {
            return request->headers[i].value;
        }
    }
    return (str_t){NULL, 0};
}

size_t http_header_count(const http_request_t *request, str_t name)
{
    size_t count = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        count += str_eq(request->headers[i].name, name);
    }
    return count;
}

/* Tell whether the parameters after a list element say q=0. */
static bool is_refused(str_t parameters)
{
    str_t rest = parameters;
    str_t piece;
    while (str_split(&rest, ';', &piece)) {
        piece = str_trim(piece);
        if (str_starts(piece, STR("q=0")) || str_starts(piece, STR("Q=0"))) {
            str_t digits = str_skip(piece, 3);
            bool is_zero = true;
            for (size_t i = 0; i < digits.len; i++) {
                is_zero &= digits.ptr[i] == '0' || digits.ptr[i] == '.';
            }
            return is_zero;
        }
    }
    return false;
}

bool http_header_has(str_t value, str_t token)
{
    str_t rest = value;
    str_t element;
    while (str_split(&rest, ',', &element)) {
        size_t end = str_find(element, ';');
        if (str_eq_nocase(str_trim(str_n(element.ptr, end)), token)) {
            return !is_refused(str_skip(element, end + 1));
        }
    }
    return false;
}

str_t http_cookie(const http_request_t *request, str_t name)
{
    str_t found = {NULL, 0};
    for (size_t i = 0; i < request->header_count; i++) {
        if (!str_eq(request->headers[i].name, STR("cookie"))) {
            continue;
        }
        str_t rest = request->headers[i].value;
        str_t pair;
        while (str_split(&rest, ';', &pair)) {
            pair = str_trim(pair);
            size_t at = str_find(pair, '=');
            if (at == pair.len || !str_eq(str_n(pair.ptr, at), name)) {
                continue;
            }
            if (found.ptr) {
                return (str_t){NULL, 0};
            }
            found = str_skip(pair, at + 1);
        }
    }
    return found;
}

lang_t http_language(const http_request_t *request)
{
    str_t rest = http_header(request, STR("accept-language"));
    str_t element;
    while (str_split(&rest, ',', &element)) {
        element = str_trim(element);
        str_t primary = str_n(element.ptr, element.len < 2 ? element.len : 2);
        bool is_whole = element.len <= 2 || element.ptr[2] == '-' || element.ptr[2] == ';';
        if (is_whole && str_eq_nocase(primary, STR("ru"))) {
            return LANG_RU;
        }
        if (is_whole && str_eq_nocase(primary, STR("en"))) {
            return LANG_EN;
        }
    }
    return LANG_RU;
}

static const struct {
    str_t name;
    method_t method;
} methods[] = {
    {{"GET", 3}, METHOD_GET},
    {{"HEAD", 4}, METHOD_HEAD},
    {{"POST", 4}, METHOD_POST},
    {{"PUT", 3}, METHOD_PUT},
    {{"PATCH", 5}, METHOD_PATCH},
    {{"DELETE", 6}, METHOD_DELETE},
    {{"OPTIONS", 7}, METHOD_OPTIONS},
    /* Registered methods that no route has; CONNECT is a proxy's and is refused as unknown. */
    {{"TRACE", 5}, METHOD_OTHER},
    {{"ACL", 3}, METHOD_OTHER},
    {{"BIND", 4}, METHOD_OTHER},
    {{"CHECKIN", 7}, METHOD_OTHER},
    {{"CHECKOUT", 8}, METHOD_OTHER},
    {{"COPY", 4}, METHOD_OTHER},
    {{"LINK", 4}, METHOD_OTHER},
    {{"LOCK", 4}, METHOD_OTHER},
    {{"MERGE", 5}, METHOD_OTHER},
    {{"MKACTIVITY", 10}, METHOD_OTHER},
    {{"MKCALENDAR", 10}, METHOD_OTHER},
    {{"MKCOL", 5}, METHOD_OTHER},
    {{"MOVE", 4}, METHOD_OTHER},
    {{"M-SEARCH", 8}, METHOD_OTHER},
    {{"NOTIFY", 6}, METHOD_OTHER},
    {{"PROPFIND", 8}, METHOD_OTHER},
    {{"PROPPATCH", 9}, METHOD_OTHER},
    {{"PURGE", 5}, METHOD_OTHER},
    {{"QUERY", 5}, METHOD_OTHER},
    {{"REBIND", 6}, METHOD_OTHER},
    {{"REPORT", 6}, METHOD_OTHER},
    {{"SEARCH", 6}, METHOD_OTHER},
    {{"SOURCE", 6}, METHOD_OTHER},
    {{"SUBSCRIBE", 9}, METHOD_OTHER},
    {{"UNBIND", 6}, METHOD_OTHER},
    {{"UNLINK", 6}, METHOD_OTHER},
    {{"UNLOCK", 6}, METHOD_OTHER},
    {{"UNSUBSCRIBE", 11}, METHOD_OTHER},
};

bool http_method(str_t text, method_t *method)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (str_eq(text, methods[i].name)) {
            *method = methods[i].method;
            return true;
        }
    }
    return false;
}

const char *http_method_name(method_t method)
{
    return method < METHOD_OTHER ? methods[method].name.ptr : "OTHER";
}

const char *http_status_text(int status)
{
    switch (status) {
#define STATUS(code, text)                                                                         \
    case code:                                                                                     \
        return text;
        STATUS(100, "Continue")
        STATUS(200, "OK")
        STATUS(201, "Created")
        STATUS(202, "Accepted")
        STATUS(204, "No Content")
        STATUS(206, "Partial Content")
        STATUS(301, "Moved Permanently")
        STATUS(302, "Found")
        STATUS(303, "See Other")
        STATUS(304, "Not Modified")
        STATUS(307, "Temporary Redirect")
        STATUS(308, "Permanent Redirect")
        STATUS(400, "Bad Request")
        STATUS(401, "Unauthorized")
        STATUS(403, "Forbidden")
        STATUS(404, "Not Found")
        STATUS(405, "Method Not Allowed")
        STATUS(406, "Not Acceptable")
        STATUS(408, "Request Timeout")
        STATUS(409, "Conflict")
        STATUS(410, "Gone")
        STATUS(411, "Length Required")
        STATUS(412, "Precondition Failed")
        STATUS(413, "Content Too Large")
        STATUS(414, "URI Too Long")
        STATUS(415, "Unsupported Media Type")
        STATUS(416, "Range Not Satisfiable")
        STATUS(421, "Misdirected Request")
        STATUS(422, "Unprocessable Content")
        STATUS(423, "Locked")
        STATUS(428, "Precondition Required")
        STATUS(429, "Too Many Requests")
        STATUS(431, "Request Header Fields Too Large")
        STATUS(500, "Internal Server Error")
        STATUS(503, "Service Unavailable")
        STATUS(504, "Gateway Timeout")
#undef STATUS
    default:
        return "Unknown";
    }
}

/* traceparent: 00-<32 hex>-<16 hex>-<2 hex>, lower case, ids not all zero. source: W3C Trace
 * Context */
static bool is_trace(str_t text)
{
    if (text.len != 55 || !str_starts(text, STR("00-"))) {
        return false;
    }
    bool has_digit = false;
    for (size_t i = 3; i < 55; i++) {
        char c = text.ptr[i];
        bool is_dash = i == 35 || i == 52;
        bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (is_dash ? c != '-' : !is_hex) {
            return false;
        }
        has_digit |= i < 35 && c != '0';
    }
    return has_digit;
}

void http_request_id(str_t traceparent, const unsigned char random[16], char out[33])
{
    if (is_trace(traceparent)) {
        memcpy(out, traceparent.ptr + 3, 32);
    } else {
        str_to_hex(random, 16, out);
    }
    out[32] = '\0';
}
