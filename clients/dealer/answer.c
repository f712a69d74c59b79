/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "home.h"
#include "intake/markup.h"

#define HEAD_BYTES 65536 /* of a message; its header is below 2 KB */
#define TEXT_BYTES 200

enum { FORMAT, PLAN, TO, FROM, NUMBER, TEXTS };

static const char *const NAMES[TEXTS] = {"Format", "ExchangePlan", "To", "From", "MessageNo"};

typedef struct {
    str_t head;
    size_t used;
    markup_t *markup;
    int current; /* which text is being read; TEXTS for none */
    bool is_long;
    char texts[TEXTS][TEXT_BYTES + 1];
} header_t;

static long read_head(void *from, char *out, size_t size)
{
    header_t *header = from;
    size_t len = header->head.len - header->used;
    len = len < size ? len : size;
    memcpy(out, header->head.ptr + header->used, len);
    header->used += len;
    return (long)len;
}

static void on_open(void *own, str_t name, const char **attributes)
{
    header_t *header = own;
    (void)attributes;
    header->current = TEXTS;
    for (int i = 0; i < TEXTS; i++)
        if (str_eq(name, str_of(NAMES[i])))
            header->current = i;
    if (str_eq(name, STR("Body")))
        markup_stop(header->markup, "read");
}

static void on_close(void *own, str_t name)
{
    header_t *header = own;
    header->current = TEXTS;
    if (str_eq(name, STR("Header")))
        markup_stop(header->markup, "read");
}

static void on_text(void *own, str_t text)
{
    header_t *header = own;
    if (header->current == TEXTS)
        return;
    char *to = header->texts[header->current];
    size_t len = strlen(to);
    header->is_long = header->is_long || len + text.len > TEXT_BYTES;
    if (!header->is_long)
        memcpy(to + len, text.ptr, text.len);
}

/** Whether the file is a message that waits for an answer. */
static bool read_header(const char *path, header_t *header)
{
    static char bytes[HEAD_BYTES];
    static const markup_calls_t calls = {on_open, on_close, on_text};
    FILE *in = fopen(path, "re");
    if (!in)
        return false;
    header->head = str_n(bytes, fread(bytes, 1, sizeof bytes, in));
    fclose(in);
    header->current = TEXTS;
    header->markup = markup_new(read_head, header, header->head, &calls, header);
    while (markup_run(header->markup)) {
    }
    const char *flaw = markup_flaw(header->markup);
    bool is_read = flaw && strcmp(flaw, "read") == 0;
    markup_free(header->markup);
    const char *number = header->texts[NUMBER];
    return is_read && !header->is_long && strstr(header->texts[FORMAT], "/EnterpriseData/") &&
           *number && strlen(number) <= 18 && strspn(number, "0123456789") == strlen(number);
}

static void put_element(FILE *out, const char *indent, const char *name, const char *text)
{
    fprintf(out, "%s<msg:%s>", indent, name);
    for (; *text; text++)
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        default:
            fputc(*text, out);
        }
    fprintf(out, "</msg:%s>\r\n", name);
}

/** Its number is that of the message it answers: both only grow. */
static void put_answer(FILE *out, const header_t *header)
{
    char created[32];
    time_t now = time(NULL);
    struct tm local;
    const char *format = header->texts[FORMAT], *version = strrchr(format, '/') + 1;
    if (!localtime_r(&now, &local) ||
        !strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%S", &local))
        created[0] = '\0';
    fputs("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
          "<Message xmlns:msg=\"http://www.1c.ru/SSL/Exchange/Message\">\r\n\t<msg:Header>\r\n",
          out);
    put_element(out, "\t\t", "Format", format);
    put_element(out, "\t\t", "CreationDate", created);
    fputs("\t\t<msg:Confirmation>\r\n", out);
    put_element(out, "\t\t\t", "ExchangePlan", header->texts[PLAN]);
    put_element(out, "\t\t\t", "To", header->texts[FROM]);
    put_element(out, "\t\t\t", "From", header->texts[TO]);
    put_element(out, "\t\t\t", "MessageNo", header->texts[NUMBER]);
    put_element(out, "\t\t\t", "ReceivedNo", header->texts[NUMBER]);
    fputs("\t\t</msg:Confirmation>\r\n", out);
    put_element(out, "\t\t", "AvailableVersion", version);
    fputs("\t</msg:Header>\r\n\t<Body xmlns=\"http://v8.1c.ru/edi/edi_stnd/EnterpriseData/", out);
    fprintf(out, "%.*s\"/>\r\n</Message>\r\n", (int)strspn(version, "0123456789."), version);
}

bool answer_write(const char *from, const char *to, fault_t *fault)
{
    char fresh[HOME_PATH_BYTES + 8];
    header_t header = {0};
    if (!read_header(from, &header))
        return true;
    snprintf(fresh, sizeof fresh, "%s.new", to);
    FILE *out = fopen(fresh, "we");
    if (out) {
        put_answer(out, &header);
        bool is_safe = fflush(out) == 0 && !ferror(out) && fsync(fileno(out)) == 0;
        is_safe = fclose(out) == 0 && is_safe;
        if (is_safe && rename(fresh, to) == 0 && home_sync_folder(to))
            return true;
        unlink(fresh);
    }
    return fault_set(fault, EXIT_DISK, "cannot write %s: %s", to, strerror(errno));
}
