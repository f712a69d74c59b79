/* SPDX-License-Identifier: Apache-2.0
 * XML read in portions. See markup.h. */
#include "intake/markup.h"

#include <expat.h>

#include "base/mem.h"

enum { CHUNK_BYTES = 65536, TOKEN_BYTES_MAX = 4 << 20 };

struct markup {
    XML_Parser parser;
    markup_read_t read;
    void *from;
    const markup_calls_t *calls;
    void *own;
    encoding_t encoding;
    bool is_paused;
    bool is_over;
    bool is_begun; /* past what stands before the document proper */
    int depth;
    long long fed_bytes;
    const char *flaw;
    char chunk[CHUNK_BYTES];
};

str_t markup_local(const char *name)
{
    const char *colon = strchr(name, ':');
    return str_of(colon == NULL ? name : colon + 1);
}

const char *markup_attribute(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2) {
        if (str_eq(markup_local(attributes[0]), str_of(name))) {
            return attributes[1];
        }
    }
    return NULL;
}

void markup_pause(markup_t *markup)
{
    if (!markup->is_paused) {
        markup->is_paused = true;
        (void)XML_StopParser(markup->parser, XML_TRUE);
    }
}

void markup_stop(markup_t *markup, const char *flaw)
{
    if (markup->flaw == NULL) {
        markup->flaw = flaw;
        (void)XML_StopParser(markup->parser, XML_FALSE);
    }
}

static void on_open(void *data, const char *name, const char **attributes)
{
    markup_t *markup = data;
    if (++markup->depth > MARKUP_DEPTH_MAX) {
        markup_stop(markup, "xml-deep");
    } else {
        markup->calls->open(markup->own, markup_local(name), attributes);
    }
}

static void on_close(void *data, const char *name)
{
    markup_t *markup = data;
    markup->depth--;
    markup->calls->close(markup->own, markup_local(name));
}

static void on_text(void *data, const char *text, int len)
{
    markup_t *markup = data;
    markup->calls->text(markup->own, str_n(text, (size_t)len));
}

static void on_doctype(void *data, const char *name, const char *system, const char *public_id,
                       int has_subset)
{
    (void)name;
    (void)system;
    (void)public_id;
    (void)has_subset;
    markup_stop(data, "xml-doctype");
}

/* Letters of a single-byte encoding that expat does not know by itself. */
static int on_encoding(void *data, const char *name, XML_Encoding *info)
{
    encoding_t encoding = encoding_of(str_of(name));
    (void)data;
    if (str_eq_nocase(str_of(name), STR("cp1251"))) {
        encoding = ENCODING_WINDOWS_1251;
    }
    if (encoding != ENCODING_WINDOWS_1251 && encoding != ENCODING_KOI8_R) {
        return XML_STATUS_ERROR;
    }
    for (int i = 0; i < 256; i++) {
        info->map[i] = (int)encoding_scalar(encoding, (unsigned char)i);
        info->map[i] = info->map[i] == 0xFFFD ? -1 : info->map[i];
    }
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    return XML_STATUS_OK;
}

/* The encoding that the beginning names; ENCODING_UNKNOWN when it names none that we know. */
static encoding_t declared_of(str_t sample)
{
    static const char word[] = "encoding=";
    str_t head = str_n(sample.ptr, str_find(sample, '>'));
    const char *at = memmem(head.ptr, head.len, word, sizeof word - 1);
    if (at == NULL || at + sizeof word >= head.ptr + head.len) {
        return ENCODING_UNKNOWN;
    }
    str_t name = str_skip(head, (size_t)(at - head.ptr) + sizeof word);
    name.len = str_find(name, at[sizeof word - 1]); /* up to the same quotation mark */
    return str_eq_nocase(name, STR("cp1251")) ? ENCODING_WINDOWS_1251 : encoding_of(name);
}

markup_t *markup_new(markup_read_t read, void *from, str_t sample, const markup_calls_t *calls,
                     void *own)
{
    size_t mark = 0;
    markup_t *markup = MEM_NEW(markup_t);
    const char *forced = NULL;
    encoding_t declared = declared_of(sample);
    markup->encoding = encoding_detect(sample, false, &mark);
    bool is_single =
        markup->encoding == ENCODING_WINDOWS_1251 || markup->encoding == ENCODING_KOI8_R;
    if (mark > 0 && markup->encoding == ENCODING_UTF8) {
        forced = "UTF-8"; /* the mark and the letters say so, whatever the head says */
    } else if (declared == ENCODING_WINDOWS_1251 || declared == ENCODING_KOI8_R) {
        markup->encoding = declared;
    } else if (is_single) {
        forced = encoding_name(markup->encoding); /* declared wrongly, or not at all */
    }
    markup->parser = XML_ParserCreate(forced);
    markup->read = read;
    markup->from = from;
    markup->calls = calls;
    markup->own = own;
    XML_SetUserData(markup->parser, markup);
    XML_SetElementHandler(markup->parser, on_open, on_close);
    XML_SetCharacterDataHandler(markup->parser, on_text);
    XML_SetStartDoctypeDeclHandler(markup->parser, on_doctype);
    XML_SetUnknownEncodingHandler(markup->parser, on_encoding, NULL);
    return markup;
}

void markup_free(markup_t *markup)
{
    if (markup != NULL) {
        XML_ParserFree(markup->parser);
        mem_free(markup);
    }
}

/* What stands before the document and is no XML: byte order marks, spaces, and instructions in the
 * old manner of ADF such as <?XML VERSION "1.0"?>. out: bytes to pass over */
static size_t prologue(str_t text)
{
    size_t used = encoding_mark(text);
    for (;;) {
        while (used < text.len && strchr(" \t\r\n", text.ptr[used]) != NULL && text.ptr[used]) {
            used++;
        }
        str_t rest = str_skip(text, used);
        if (!str_starts(rest, STR("<?")) || str_starts(rest, STR("<?xml "))) {
            return used;
        }
        size_t end = str_find(rest, '>');
        if (end == rest.len) {
            return used;
        }
        used += end + 1;
    }
}

/* Give the parser the next bytes. */
static enum XML_Status feed(markup_t *markup)
{
    long got = markup->read(markup->from, markup->chunk, CHUNK_BYTES);
    if (got < 0) {
        markup->flaw = "file";
        return XML_STATUS_ERROR;
    }
    str_t text = str_n(markup->chunk, (size_t)got);
    if (!markup->is_begun) {
        markup->is_begun = true;
        text = str_skip(text, prologue(text));
    }
    markup->is_over = got == 0;
    markup->fed_bytes += (long long)text.len;
    if (markup->fed_bytes - XML_GetCurrentByteIndex(markup->parser) > TOKEN_BYTES_MAX) {
        return XML_STATUS_ERROR; /* one tag of megabytes */
    }
    return XML_Parse(markup->parser, text.ptr, (int)text.len, got == 0);
}

bool markup_run(markup_t *markup)
{
    while (markup->flaw == NULL) {
        enum XML_Status status = XML_STATUS_OK;
        if (markup->is_paused) {
            markup->is_paused = false;
            status = XML_ResumeParser(markup->parser);
        } else if (markup->is_over) {
            return false;
        } else {
            status = feed(markup);
        }
        if (status == XML_STATUS_ERROR && markup->flaw == NULL) {
            markup->flaw = "xml-broken";
        }
        if (markup->is_paused && markup->flaw == NULL) {
            return true;
        }
    }
    return false;
}

const char *markup_flaw(const markup_t *markup)
{
    return markup->flaw;
}

int markup_line(const markup_t *markup)
{
    return (int)XML_GetCurrentLineNumber(markup->parser);
}

encoding_t markup_encoding(const markup_t *markup)
{
    return markup->encoding;
}
