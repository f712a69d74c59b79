/* SPDX-License-Identifier: Apache-2.0
 * Reading a message for the demo mailbox: headers with RFC 2047 words, the first text/plain part in
 * its transfer encoding. Enough for what our own gateway sends; foreign charsets stay as they are.
 */
#include "api/mailbox.h"

static bool next_line(str_t *rest, str_t *line)
{
    if (rest->len == 0)
        return false;
    size_t end = str_find(*rest, '\n');
    *line = str_n(rest->ptr, end);
    if (line->len > 0 && line->ptr[line->len - 1] == '\r')
        line->len--;
    *rest = end < rest->len ? str_skip(*rest, end + 1) : str_n(rest->ptr + rest->len, 0);
    return true;
}

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* in: is_word - '_' is a space (RFC 2047). Soft line breaks vanish. */
static str_t decode_quoted(arena_t *arena, str_t text, bool is_word)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '=' && i + 1 < text.len && (text.ptr[i + 1] == '\n' || text.ptr[i + 1] == '\r')) {
            i += text.ptr[i + 1] == '\r' && i + 2 < text.len && text.ptr[i + 2] == '\n' ? 2 : 1;
            continue;
        }
        if (c == '=' && i + 2 < text.len && hex_of(text.ptr[i + 1]) >= 0 &&
            hex_of(text.ptr[i + 2]) >= 0) {
            c = (char)(hex_of(text.ptr[i + 1]) * 16 + hex_of(text.ptr[i + 2]));
            i += 2;
        } else if (is_word && c == '_') {
            c = ' ';
        }
        out[len++] = c;
    }
    return str_n(out, len);
}

static int base64_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static str_t decode_base64(arena_t *arena, str_t text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = base64_of(text.ptr[i]);
        if (value < 0)
            continue;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[len++] = (char)(bits >> held & 255);
        }
    }
    return str_n(out, len);
}

/* One encoded word at the front of text. out: bytes used, 0 when there is none */
static size_t decode_word(arena_t *arena, str_t text, str_t *word)
{
    if (text.len < 8 || text.ptr[0] != '=' || text.ptr[1] != '?')
        return 0;
    str_t rest = str_skip(text, 2);
    size_t charset = str_find(rest, '?');
    if (charset + 2 >= rest.len || rest.ptr[charset + 2] != '?')
        return 0;
    char coding = rest.ptr[charset + 1];
    str_t body = str_skip(rest, charset + 3);
    size_t end = str_find(body, '?');
    if (end + 1 >= body.len || body.ptr[end + 1] != '=')
        return 0;
    body = str_n(body.ptr, end);
    *word = coding == 'B' || coding == 'b' ? decode_base64(arena, body)
                                           : decode_quoted(arena, body, true);
    return 2 + charset + 3 + end + 2;
}

static str_t decode_header(arena_t *arena, str_t value)
{
    char *out = arena_alloc(arena, value.len + 1);
    size_t len = 0;
    bool was_word = false;
    for (size_t i = 0; i < value.len;) {
        str_t word;
        size_t gap = i;
        while (was_word && gap < value.len && (value.ptr[gap] == ' ' || value.ptr[gap] == '\t'))
            gap++;
        size_t used = decode_word(arena, str_skip(value, gap), &word);
        if (used) { /* white space between encoded words is not text */
            memcpy(out + len, word.ptr, word.len);
            len += word.len;
            i = gap + used;
            was_word = true;
        } else {
            out[len++] = value.ptr[i++];
            was_word = false;
        }
    }
    return str_n(out, len);
}

typedef struct {
    str_t name, value;
} field_t;

/* The next header field, unfolded. out: false at the empty line or the end */
static bool next_field(arena_t *arena, str_t *rest, field_t *field)
{
    str_t line;
    if (!next_line(rest, &line) || line.len == 0)
        return false;
    size_t colon = str_find(line, ':');
    field->name = str_n(line.ptr, colon);
    field->value = str_trim(str_skip(line, colon + 1));
    while (rest->len > 0 && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t')) {
        next_line(rest, &line);
        str_t more = str_trim(line);
        field->value = arena_printf(arena, "%.*s %.*s", (int)field->value.len, field->value.ptr,
                                    (int)more.len, more.ptr ? more.ptr : "");
    }
    return true;
}

static str_t decode_body(arena_t *arena, str_t body, str_t coding)
{
    if (str_eq_nocase(coding, STR("base64")))
        return decode_base64(arena, body);
    if (str_eq_nocase(coding, STR("quoted-printable")))
        return decode_quoted(arena, body, false);
    return body;
}

static str_t boundary_of(str_t type)
{
    static const char key[] = "boundary=";
    const char *at = memmem(type.ptr, type.len, key, sizeof key - 1);
    if (!at)
        return STR("");
    str_t value = str_skip(type, (size_t)(at - type.ptr) + sizeof key - 1);
    if (value.len && value.ptr[0] == '"') {
        value = str_skip(value, 1);
        return str_n(value.ptr, str_find(value, '"'));
    }
    return str_trim(str_n(value.ptr, str_find(value, ';')));
}

/* The first text/plain part of a multipart body, decoded; the whole body when there is none. */
static str_t find_text(arena_t *arena, str_t body, str_t boundary)
{
    str_t mark = arena_printf(arena, "--%.*s", (int)boundary.len, boundary.ptr);
    str_t rest = body;
    for (unsigned part = 0; part < 20; part++) {
        const char *at = rest.len ? memmem(rest.ptr, rest.len, mark.ptr, mark.len) : NULL;
        if (!at)
            break;
        rest = str_skip(rest, (size_t)(at - rest.ptr) + mark.len);
        str_t line, type = STR("text/plain"), coding = STR("");
        if (!next_line(&rest, &line))
            break;
        field_t field;
        while (next_field(arena, &rest, &field)) {
            if (str_eq_nocase(field.name, STR("content-type")))
                type = field.value;
            else if (str_eq_nocase(field.name, STR("content-transfer-encoding")))
                coding = field.value;
        }
        const char *end = rest.len ? memmem(rest.ptr, rest.len, mark.ptr, mark.len) : NULL;
        str_t content = str_n(rest.ptr, end ? (size_t)(end - rest.ptr) : rest.len);
        if (type.len >= 10 && str_eq_nocase(str_n(type.ptr, 10), STR("text/plain")))
            return decode_body(arena, content, coding);
    }
    return body;
}

mail_t mailbox_parse(arena_t *arena, str_t file)
{
    mail_t mail = {STR(""), STR(""), STR(""), STR(""), STR(""), STR("")};
    str_t rest = file, type = STR(""), coding = STR("");
    field_t field;
    while (next_field(arena, &rest, &field)) {
        const struct {
            str_t name;
            str_t *to;
        } wanted[] = {{STR("from"), &mail.from},
                      {STR("to"), &mail.to},
                      {STR("subject"), &mail.subject},
                      {STR("date"), &mail.date},
                      {STR("list-unsubscribe"), &mail.list_unsubscribe}};
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
            if (str_eq_nocase(field.name, wanted[i].name))
                *wanted[i].to = decode_header(arena, field.value);
        if (str_eq_nocase(field.name, STR("content-type")))
            type = field.value;
        else if (str_eq_nocase(field.name, STR("content-transfer-encoding")))
            coding = field.value;
    }
    bool is_multipart = type.len > 10 && str_eq_nocase(str_n(type.ptr, 10), STR("multipart/"));
    str_t boundary = is_multipart ? boundary_of(type) : STR("");
    mail.text = boundary.len ? find_text(arena, rest, boundary) : decode_body(arena, rest, coding);
    return mail;
}
