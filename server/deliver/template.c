/* SPDX-License-Identifier: Apache-2.0
 * Text with {{variables}}. See template.h. */
#include "deliver/template.h"

#include "base/mem.h"

typedef enum { OP_TEXT, OP_VALUE, OP_WHEN, OP_UNLESS, OP_END } op_kind_t;

typedef struct {
    op_kind_t kind;
    str_t text;    /* the text, or the name */
    unsigned jump; /* of WHEN and UNLESS: index of their END */
} op_t;

struct template
{
    char *source;
    size_t source_bytes;
    op_t *ops;
    unsigned count;
    unsigned open[TEMPLATE_DEPTH_MAX];
    unsigned depth;
};

static bool add(template_t *t, op_kind_t kind, str_t text)
{
    if (t->count == TEMPLATE_OPS_MAX) {
        return false;
    }
    t->ops[t->count++] = (op_t){kind, text, 0};
    return true;
}

static bool is_name(str_t name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        bool is_digit = c >= '0' && c <= '9';
        if (!is_letter && !is_digit && c != '.' && c != '-') {
            return false;
        }
    }
    return name.len > 0 && name.len <= TEMPLATE_NAME_MAX;
}

static bool close_section(template_t *t, str_t name)
{
    if (t->depth == 0) {
        return false;
    }
    op_t *begin = &t->ops[t->open[--t->depth]];
    begin->jump = t->count;
    return str_eq(begin->text, name) && add(t, OP_END, name);
}

/* Compile the inside of one pair of braces.
 * out: false when the template is broken; *is_tag false when the braces are plain text */
static bool compile_tag(template_t *t, str_t inside, bool *is_tag)
{
    inside = str_trim(inside);
    char mark = inside.len > 0 ? inside.ptr[0] : '\0';
    bool has_mark = mark == '#' || mark == '^' || mark == '/' || mark == '!' || mark == '&';
    str_t name = has_mark ? str_trim(str_skip(inside, 1)) : inside;
    *is_tag = true;
    if (mark == '!') {
        return true;
    }
    if (!is_name(name)) {
        *is_tag = false;
        return true;
    }
    if (mark == '/') {
        return close_section(t, name);
    }
    if (mark == '#' || mark == '^') {
        if (t->depth == TEMPLATE_DEPTH_MAX) {
            return false;
        }
        t->open[t->depth++] = t->count;
        return add(t, mark == '#' ? OP_WHEN : OP_UNLESS, name);
    }
    return add(t, OP_VALUE, name);
}

/* Index of the next two equal braces from `from` on; len when there are none. */
static size_t find_pair(str_t text, size_t from, char brace)
{
    for (size_t i = from; i + 1 < text.len; i++) {
        if (text.ptr[i] == brace && text.ptr[i + 1] == brace) {
            return i;
        }
    }
    return text.len;
}

static bool compile(template_t *t, str_t source)
{
    size_t text_at = 0;
    size_t look_at = 0;
    for (;;) {
        size_t open = find_pair(source, look_at, '{');
        size_t close = open < source.len ? find_pair(source, open + 2, '}') : source.len;
        if (close == source.len) {
            break;
        }
        /* {{{name}}} is read as {{name}}: there is no unescaped form */
        bool is_triple = open + 2 < close && source.ptr[open + 2] == '{' &&
                         close + 2 < source.len && source.ptr[close + 2] == '}';
        size_t begin = open + (is_triple ? 3 : 2);
        unsigned before = t->count;
        bool is_tag = false;
        if (open > text_at && !add(t, OP_TEXT, str_n(source.ptr + text_at, open - text_at))) {
            return false;
        }
        if (!compile_tag(t, str_n(source.ptr + begin, close - begin), &is_tag)) {
            return false;
        }
        if (is_tag) {
            text_at = look_at = close + (is_triple ? 3 : 2);
        } else {
            t->count = before; /* the text goes on over these braces */
            look_at = open + 2;
        }
    }
    if (text_at < source.len &&
        !add(t, OP_TEXT, str_n(source.ptr + text_at, source.len - text_at))) {
        return false;
    }
    return t->depth == 0;
}

template_t *template_new(str_t source)
{
    template_t *t = MEM_NEW(template_t);
    t->source = mem_copy(source.len == 0 ? "" : source.ptr, source.len);
    t->source_bytes = source.len;
    t->ops = MEM_ARRAY(op_t, TEMPLATE_OPS_MAX);
    if (!compile(t, template_source(t))) {
        template_free(t);
        return NULL;
    }
    t->ops = mem_resize(t->ops, sizeof(op_t) * (t->count + 1));
    return t;
}

void template_free(template_t *t)
{
    if (t != NULL) {
        mem_free(t->ops);
        mem_free(t->source);
        mem_free(t);
    }
}

str_t template_source(const template_t *t)
{
    return str_n(t->source, t->source_bytes);
}

bool template_uses(const template_t *t, str_t name)
{
    for (unsigned i = 0; i < t->count; i++) {
        if (t->ops[i].kind == OP_VALUE && str_eq(t->ops[i].text, name)) {
            return true;
        }
    }
    return false;
}

static void add_escaped(buf_t *out, str_t text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.ptr[i]) {
        case '&':
            BUF_ADD(out, "&amp;");
            break;
        case '<':
            BUF_ADD(out, "&lt;");
            break;
        case '>':
            BUF_ADD(out, "&gt;");
            break;
        case '"':
            BUF_ADD(out, "&quot;");
            break;
        case '\'':
            BUF_ADD(out, "&#39;");
            break;
        default:
            buf_add_c(out, text.ptr[i]);
        }
    }
}

static bool is_there(str_t value)
{
    return value.len > 0 && !str_eq(value, STR("false")) && !str_eq(value, STR("0"));
}

bool template_render(const template_t *t, template_value_t value, void *ctx, bool is_html,
                     buf_t *out, unsigned *missing)
{
    for (unsigned i = 0; i < t->count; i++) {
        const op_t *op = &t->ops[i];
        str_t text = STR("");
        if (op->kind == OP_TEXT) {
            buf_add_str(out, op->text);
            continue;
        }
        if (op->kind == OP_END) {
            continue;
        }
        bool is_known = value(ctx, op->text, &text);
        if (op->kind == OP_VALUE) {
            *missing += !is_known;
            if (is_html) {
                add_escaped(out, text);
            } else {
                buf_add_str(out, text);
            }
            continue;
        }
        bool is_shown = (is_known && is_there(text)) == (op->kind == OP_WHEN);
        if (!is_shown) {
            i = op->jump;
        }
    }
    return !out->is_full;
}
