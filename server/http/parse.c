/* SPDX-License-Identifier: Apache-2.0
 * The head parser: a byte machine, with each header judged as soon as its line ends. */
#include "http/parse.h"
#include "http/token.h"
#include "http/uri.h"

#include <assert.h>

/* Where the machine stands; each state names the byte it expects next. */
enum {
    AT_START,       /* CRLF to skip, or the method's first byte */
    AT_START_LF,    /* LF of a CRLF before the request line */
    AT_METHOD,      /* rest of the method, or the space after it */
    AT_TARGET,      /* rest of the target, or the space after it */
    AT_VERSION,     /* "HTTP/1." then 0 or 1 */
    AT_VERSION_CR,  /* CR after the version */
    AT_LINE_LF,     /* LF of the request line or of a header line */
    AT_LINE,        /* a header name's first byte, or CR of the empty line */
    AT_NAME,        /* rest of a header name, or the colon */
    AT_VALUE_START, /* white space after the colon, or the value's first byte */
    AT_VALUE,       /* rest of the value, or CR */
    AT_END_LF       /* LF of the empty line */
};

static err_t bad(size_t at)
{
    return (err_t){ERR_BAD_REQUEST, NULL, (int32_t)at};
}

/* Content-Length: digits only, once, not with a transfer coding. */
static bool take_length(parse_t *p, str_t value)
{
    uint64_t length;
    if (p->has_length || p->is_chunked || !str_to_u64(value, INT64_MAX, &length)) {
        return false;
    }
    p->has_length = true;
    p->length = (int64_t)length;
    return true;
}

/* Transfer-Encoding: exactly "chunked", once, on HTTP/1.1, not with a length. */
static bool take_coding(parse_t *p, str_t value)
{
    if (p->has_length || p->is_chunked || p->is_http10 || !str_eq_nocase(value, STR("chunked"))) {
        return false;
    }
    p->is_chunked = true;
    return true;
}

static bool take_host(parse_t *p, str_t value)
{
    if (p->has_host || value.len == 0) {
        return false;
    }
    for (size_t i = 0; i < value.len; i++) {
        if (!token_is_host((unsigned char)value.ptr[i])) {
            return false;
        }
    }
    p->has_host = true;
    return true;
}

static bool take_connection(parse_t *p, str_t value)
{
    str_t rest = value;
    str_t option;
    while (str_split(&rest, ',', &option)) {
        option = str_trim(option);
        p->is_close |= str_eq_nocase(option, STR("close"));
        p->wants_upgrade |= str_eq_nocase(option, STR("upgrade"));
    }
    return true;
}

/* Judge the header line that has just ended. out: false when the message must be refused. */
static bool take_field(parse_t *p, const char *bytes, const parse_field_t *field)
{
    str_t name = str_n(bytes + field->name_at, field->name_len);
    str_t value = str_n(bytes + field->value_at, field->value_len);
    switch (name.len) {
    case 4:
        return !str_eq_nocase(name, STR("host")) || take_host(p, value);
    case 6:
        if (str_eq_nocase(name, STR("expect"))) {
            p->expects_continue = str_eq_nocase(value, STR("100-continue"));
        }
        return true;
    case 7:
        p->has_upgrade |= str_eq_nocase(name, STR("upgrade"));
        return true;
    case 10:
        return !str_eq_nocase(name, STR("connection")) || take_connection(p, value);
    case 14:
        return !str_eq_nocase(name, STR("content-length")) || take_length(p, value);
    case 17:
        return !str_eq_nocase(name, STR("transfer-encoding")) || take_coding(p, value);
    default:
        return true;
    }
}

/* End of a header line: fix its slices, then judge it. */
static bool end_field(parse_t *p, const char *bytes, size_t at)
{
    parse_field_t *field = &p->fields[p->field_count];
    str_t value = str_trim(str_n(bytes + field->value_at, at - field->value_at));
    field->value_at = (uint16_t)(value.len > 0 ? value.ptr - bytes : (ptrdiff_t)at);
    field->value_len = (uint16_t)value.len;
    p->field_count++;
    return take_field(p, bytes, field);
}

static bool end_method(parse_t *p, const char *bytes, size_t at)
{
    method_t method;
    p->method_len = (uint16_t)(at - p->method_at);
    p->target_at = (uint16_t)(at + 1);
    return http_method(str_n(bytes + p->method_at, p->method_len), &method);
}

/* Walk the request line. out: false when this byte may not stand here. */
static bool step_line(parse_t *p, const char *bytes, size_t at)
{
    unsigned char c = (unsigned char)bytes[at];
    switch (p->state) {
    case AT_START:
        p->method_at = (uint16_t)at;
        p->state = c == '\r' ? AT_START_LF : AT_METHOD;
        return c == '\r' || token_is_char(c);
    case AT_START_LF:
        p->state = AT_START;
        return c == '\n' && at < 8;
    case AT_METHOD:
        if (c == ' ') {
            p->state = AT_TARGET;
            return end_method(p, bytes, at);
        }
        return token_is_char(c) && at - p->method_at < PARSE_METHOD_BYTES;
    case AT_TARGET:
        if (c == ' ') {
            p->target_len = (uint16_t)(at - p->target_at);
            p->state = AT_VERSION;
            return p->target_len > 0;
        }
        return c > 0x20 && c < 0x7f;
    case AT_VERSION:
        if (p->matched < 7) {
            return c == (unsigned char)"HTTP/1."[p->matched++];
        }
        p->is_http10 = c == '0';
        p->state = AT_VERSION_CR;
        return c == '0' || c == '1';
    default: /* AT_VERSION_CR */
        p->state = AT_LINE_LF;
        return c == '\r';
    }
}

/* Walk the header lines. out: false when this byte may not stand here. */
static bool step_fields(parse_t *p, const char *bytes, size_t at)
{
    unsigned char c = (unsigned char)bytes[at];
    parse_field_t *field = &p->fields[p->field_count < PARSE_HEADERS ? p->field_count : 0];
    switch (p->state) {
    case AT_LINE_LF:
        p->state = AT_LINE;
        return c == '\n';
    case AT_LINE:
        if (c == '\r') {
            p->state = AT_END_LF;
            return true;
        }
        field->name_at = (uint16_t)at;
        p->state = AT_NAME;
        return token_is_char(c);
    case AT_NAME:
        if (c == ':') {
            field->name_len = (uint16_t)(at - field->name_at);
            field->value_at = (uint16_t)(at + 1);
            p->state = AT_VALUE_START;
            return true;
        }
        return token_is_char(c);
    case AT_VALUE_START:
    case AT_VALUE:
        if (c == '\r') {
            p->state = AT_LINE_LF;
            return end_field(p, bytes, at);
        }
        return token_is_value(c);
    default: /* AT_END_LF */
        return c == '\n';
    }
}

/* Lower-case a header name in the request's own copy. */
static void lower(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] >= 'A' && text[i] <= 'Z') {
            text[i] = (char)(text[i] | 0x20);
        }
    }
}

static void copy_fields(const parse_t *p, arena_t *arena, char *copy, http_request_t *request)
{
    http_header_t *headers = ARENA_ARRAY(arena, http_header_t, (size_t)p->field_count + 1);
    for (size_t i = 0; i < p->field_count; i++) {
        const parse_field_t *field = &p->fields[i];
        lower(copy + field->name_at, field->name_len);
        headers[i].name = str_n(copy + field->name_at, field->name_len);
        headers[i].value = str_n(copy + field->value_at, field->value_len);
        if (str_eq(headers[i].name, STR("host"))) {
            lower(copy + field->value_at, field->value_len);
            request->host = headers[i].value;
        }
    }
    request->headers = headers;
    request->header_count = p->field_count;
}

/* The head is complete: copy it once, split the target, check what needs the whole. */
static err_t finish(const parse_t *p, arena_t *arena, str_t head, http_request_t *request,
                    parse_framing_t *framing)
{
    if (!p->has_host || (p->has_upgrade && p->wants_upgrade)) {
        return bad(head.len);
    }
    char *copy = (char *)(uintptr_t)arena_copy(arena, head).ptr;
    *request = (http_request_t){.method_text = {copy + p->method_at, p->method_len}};
    (void)http_method(request->method_text, &request->method);
    copy_fields(p, arena, copy, request);
    uri_t uri;
    err_t error = uri_parse(arena, str_n(copy + p->target_at, p->target_len), &uri);
    if (error.code != ERR_OK) {
        return error;
    }
    bool is_other_host = uri.authority.ptr && !str_eq_nocase(uri.authority, request->host);
    bool is_star = str_eq(uri.path, STR("*"));
    if (is_other_host || (is_star && request->method != METHOD_OPTIONS)) {
        return bad(p->target_at);
    }
    request->target = uri.target;
    request->path = uri.path;
    request->query = uri.query;
    request->content_length = p->is_chunked ? -1 : p->length;
    request->expects_continue = p->expects_continue && !p->is_http10;
    *framing = (parse_framing_t){p->is_chunked, p->is_close || p->is_http10, p->is_http10};
    return ERR_NONE;
}

/* Most of a head is values: step over their bytes, but one. out: where the machine goes on */
static size_t skip_value(const char *bytes, size_t at, size_t end)
{
    while (at + 1 < end && token_is_value((unsigned char)bytes[at])) {
        at++;
    }
    return at;
}

err_t parse_head(parse_t *p, arena_t *arena, str_t bytes, http_request_t *request,
                 parse_framing_t *framing, size_t *used)
{
    *used = 0;
    size_t end = bytes.len < PARSE_HEAD_BYTES ? bytes.len : PARSE_HEAD_BYTES;
    for (size_t at = p->at; at < end; at++) {
        if (p->state == AT_VALUE_START) {
            at = skip_value(bytes.ptr, at, end);
        }
        bool is_end = p->state == AT_END_LF;
        bool is_fit =
            p->state <= AT_VERSION_CR ? step_line(p, bytes.ptr, at) : step_fields(p, bytes.ptr, at);
        if (!is_fit) {
            return bad(at);
        }
        if (p->state == AT_NAME && p->field_count == PARSE_HEADERS) {
            return err_of(ERR_HEAD_TOO_LARGE);
        }
        if (p->state == AT_TARGET && at + 1 - p->target_at > PARSE_TARGET_BYTES &&
            at >= p->target_at) {
            return err_of(ERR_URI_TOO_LONG);
        }
        if (is_end) {
            *used = at + 1;
            return finish(p, arena, str_n(bytes.ptr, at + 1), request, framing);
        }
    }
    p->at = (uint16_t)end;
    return bytes.len >= PARSE_HEAD_BYTES ? err_of(ERR_HEAD_TOO_LARGE) : ERR_NONE;
}
