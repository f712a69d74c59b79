/* SPDX-License-Identifier: Apache-2.0 */
#include "answer_trade.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "home.h"
#include "intake/markup.h"
#include "match/text.h"
#include "office.h"
#include "outcomes.h"

#define SAMPLE_BYTES 65536
#define TEXT_BYTES   65536
#define RECORD_BYTES (32u << 20)

/** Requisites that we write: an older answer's own are left out when it is answered again. */
static const char *const OURS[] = {"Вердикт",
                                   "Код вердикта",
                                   "Правило",
                                   "Что дальше",
                                   "Квитанция",
                                   "Вердикт по клиенту",
                                   "Правило по клиенту",
                                   "Что дальше по клиенту",
                                   "Квитанция по клиенту",
                                   "Строк в ошибке",
                                   NULL};

typedef struct {
    FILE *in, *out;
    markup_t *markup;
    outcomes_t *outcomes;
    bool is_1251;
    int depth, record_depth; /* 0: outside of a record */
    bool is_clients[MARKUP_DEPTH_MAX + 1];
    buf_t opens[MARKUP_DEPTH_MAX + 1]; /* tags around the records, written with the first one */
    bool is_written[MARKUP_DEPTH_MAX + 1];
    buf_t record, text;
    bool has_inside;
    size_t values_at; /* in the record: before the end of its requisites; 0 for none */
    size_t value_at;  /* in the record: before the present requisite */
    bool is_ours;
    bool is_client;
    char id[OUTCOME_ID_BYTES];
    uint64_t count;
} copy_t;

static long read_in(void *from, char *out, size_t size)
{
    copy_t *copy = from;
    size_t got = fread(out, 1, size, copy->in);
    return ferror(copy->in) ? -1 : (long)got;
}

static void put_escaped(buf_t *to, str_t text)
{
    for (size_t i = 0; i < text.len; i++)
        switch (text.ptr[i]) {
        case '&':
            (void)BUF_ADD(to, "&amp;");
            break;
        case '<':
            (void)BUF_ADD(to, "&lt;");
            break;
        case '>':
            (void)BUF_ADD(to, "&gt;");
            break;
        case '"':
            (void)BUF_ADD(to, "&quot;");
            break;
        case '\r':
            break;
        case '\n':
            (void)BUF_ADD(to, "\r\n");
            break;
        default:
            (void)buf_add_c(to, text.ptr[i]);
        }
}

static void put_line(buf_t *to, int depth)
{
    (void)BUF_ADD(to, "\r\n");
    for (int i = 1; i < depth; i++)
        (void)buf_add_c(to, '\t');
}

static void put_open(buf_t *to, int depth, str_t name, const char **attributes)
{
    char now[32];
    time_t at = time(NULL);
    struct tm local;
    put_line(to, depth);
    (void)buf_add_c(to, '<');
    (void)buf_add_str(to, name);
    for (; attributes[0]; attributes += 2) {
        bool is_date = depth == 1 && strcmp(attributes[0], "ДатаФормирования") == 0 &&
                       localtime_r(&at, &local) &&
                       strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%S", &local) > 0;
        (void)buf_addf(to, " %s=\"", attributes[0]);
        put_escaped(to, str_of(is_date ? now : attributes[1]));
        (void)buf_add_c(to, '"');
    }
    (void)buf_add_c(to, '>');
}

static void put_close(buf_t *to, str_t name)
{
    (void)BUF_ADD(to, "</");
    (void)buf_add_str(to, name);
    (void)buf_add_c(to, '>');
}

/** Write UTF-8 in the alphabet of the answer. */
static void put_out(const copy_t *copy, str_t text)
{
    text_t rest = text_of(text.ptr, text.len);
    uint32_t scalar;
    if (!copy->is_1251) {
        fwrite(text.ptr, 1, text.len, copy->out);
        return;
    }
    while (text_next(&rest, &scalar)) {
        int byte = office_byte(scalar);
        if (byte < 0)
            fprintf(copy->out, "&#%lu;", (unsigned long)scalar);
        else
            fputc(byte, copy->out);
    }
}

static void put_requisite(buf_t *to, int depth, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    put_line(to, depth);
    (void)BUF_ADD(to, "<ЗначениеРеквизита>");
    put_line(to, depth + 1);
    (void)buf_addf(to, "<Наименование>%s</Наименование>", name);
    put_line(to, depth + 1);
    (void)BUF_ADD(to, "<Значение>");
    put_escaped(to, str_of(value));
    (void)BUF_ADD(to, "</Значение>");
    put_line(to, depth);
    (void)BUF_ADD(to, "</ЗначениеРеквизита>");
}

/** What became of a record, as requisites. */
static buf_t requisites_of(const copy_t *copy, const outcome_t *main, const outcome_t *client,
                           uint64_t errors)
{
    buf_t made = buf_make(TEXT_BYTES);
    char count[24];
    int depth = copy->record_depth + 2;
    snprintf(count, sizeof count, "%llu", (unsigned long long)errors);
    put_requisite(&made, depth, "Вердикт", main->verdict);
    put_requisite(&made, depth, "Код вердикта", main->code);
    put_requisite(&made, depth, "Правило", main->rule);
    put_requisite(&made, depth, "Что дальше", main->next);
    put_requisite(&made, depth, "Квитанция", main->receipt);
    put_requisite(&made, depth, "Вердикт по клиенту", client->verdict);
    put_requisite(&made, depth, "Правило по клиенту", client->rule);
    put_requisite(&made, depth, "Что дальше по клиенту", client->next);
    put_requisite(&made, depth, "Квитанция по клиенту", client->receipt);
    put_requisite(&made, depth, "Строк в ошибке", errors > 0 ? count : "");
    return made;
}

/** The record is read whole: write it with its verdicts when it has any. */
static void end_record(copy_t *copy)
{
    outcome_t main = {0}, client = {0};
    uint64_t errors = 0;
    str_t record = buf_str(&copy->record);
    if (!outcomes_take(copy->outcomes, copy->id, copy->is_client, &main, &client, &errors) ||
        copy->record.is_full)
        return;
    for (int i = 1; i < copy->record_depth; i++) {
        if (!copy->is_written[i])
            put_out(copy, buf_str(&copy->opens[i]));
        copy->is_written[i] = true;
    }
    buf_t made = requisites_of(copy, &main, &client, errors);
    buf_t around = buf_make(1024);
    size_t at = copy->values_at;
    if (at == 0) { /* it has none: they stand before its end */
        at = record.len;
        while (record.ptr[at - 1] != '\r')
            at--;
        at--;
        put_line(&around, copy->record_depth + 1);
        (void)BUF_ADD(&around, "<ЗначенияРеквизитов>");
    }
    put_out(copy, str_n(record.ptr, at));
    put_out(copy, buf_str(&around));
    put_out(copy, buf_str(&made));
    if (copy->values_at == 0) {
        buf_reset(&around);
        put_line(&around, copy->record_depth + 1);
        (void)BUF_ADD(&around, "</ЗначенияРеквизитов>");
        put_out(copy, buf_str(&around));
    }
    put_out(copy, str_skip(record, at));
    buf_free(&around);
    buf_free(&made);
    copy->count++;
}

static void begin_record(copy_t *copy, bool is_client)
{
    copy->record_depth = copy->depth;
    copy->is_client = is_client;
    copy->id[0] = '\0';
    copy->values_at = copy->value_at = 0;
    copy->is_ours = false;
    buf_reset(&copy->record);
}

static void on_open(void *own, str_t name, const char **attributes)
{
    copy_t *copy = own;
    if (copy->depth == 0 && !str_eq(name, STR("КоммерческаяИнформация"))) {
        markup_stop(copy->markup, "other");
        return;
    }
    copy->depth++;
    bool is_client = str_eq(name, STR("Контрагент")) && copy->is_clients[copy->depth - 1];
    copy->is_clients[copy->depth] = str_eq(name, STR("Контрагенты"));
    if (copy->record_depth == 0 && (is_client || str_eq(name, STR("Документ"))))
        begin_record(copy, is_client);
    if (copy->depth == copy->record_depth + 2 && str_eq(name, STR("ЗначениеРеквизита")))
        copy->value_at = copy->record.len;
    copy->is_written[copy->depth] = false;
    buf_t *to = copy->record_depth > 0 ? &copy->record : &copy->opens[copy->depth];
    if (copy->record_depth == 0)
        buf_reset(to);
    put_open(to, copy->depth, name, attributes);
    copy->has_inside = false;
    buf_reset(&copy->text);
}

/** A text inside a record: its name, or the name of one of its requisites. */
static void take_text(copy_t *copy, str_t name, str_t text)
{
    put_escaped(&copy->record, text);
    if (copy->depth == copy->record_depth + 1 && str_eq(name, STR("Ид")))
        snprintf(copy->id, sizeof copy->id, "%.*s", (int)text.len, text.ptr);
    if (copy->depth == copy->record_depth + 3 && copy->value_at > 0 &&
        str_eq(name, STR("Наименование")))
        for (const char *const *ours = OURS; *ours; ours++)
            copy->is_ours = copy->is_ours || str_eq(text, str_of(*ours));
}

static void close_inside(copy_t *copy, str_t name)
{
    size_t before = copy->record.len;
    if (copy->has_inside)
        put_line(&copy->record, copy->depth);
    else
        take_text(copy, name, str_trim(buf_str(&copy->text)));
    if (copy->depth == copy->record_depth + 1 && str_eq(name, STR("ЗначенияРеквизитов")))
        copy->values_at = before;
    put_close(&copy->record, name);
    if (copy->depth == copy->record_depth + 2 && copy->value_at > 0) {
        if (copy->is_ours)
            copy->record.len = copy->value_at;
        copy->is_ours = false;
        copy->value_at = 0;
    }
    if (copy->depth == copy->record_depth) {
        end_record(copy);
        copy->record_depth = 0;
    }
}

static void on_close(void *own, str_t name)
{
    copy_t *copy = own;
    if (copy->record_depth > 0)
        close_inside(copy, name);
    else if (copy->is_written[copy->depth]) {
        buf_reset(&copy->text);
        put_line(&copy->text, copy->depth);
        put_close(&copy->text, name);
        put_out(copy, buf_str(&copy->text));
    }
    copy->depth--;
    copy->has_inside = true;
}

static void on_text(void *own, str_t text)
{
    copy_t *copy = own;
    if (copy->record_depth > 0)
        (void)buf_add_str(&copy->text, text);
}

/** Copy the message. out: whether there is an answer */
static bool copy_message(copy_t *copy)
{
    static const markup_calls_t calls = {on_open, on_close, on_text};
    static char sample[SAMPLE_BYTES];
    str_t head = str_n(sample, fread(sample, 1, sizeof sample, copy->in));
    rewind(copy->in);
    copy->record = buf_make(RECORD_BYTES);
    copy->text = buf_make(TEXT_BYTES);
    for (int i = 0; i <= MARKUP_DEPTH_MAX; i++)
        copy->opens[i] = buf_make(TEXT_BYTES);
    copy->markup = markup_new(read_in, copy, head, &calls, copy);
    copy->is_1251 = markup_encoding(copy->markup) == ENCODING_WINDOWS_1251;
    fprintf(copy->out, "%s<?xml version=\"1.0\" encoding=\"%s\"?>",
            copy->is_1251 ? "" : "\xEF\xBB\xBF", copy->is_1251 ? "windows-1251" : "UTF-8");
    while (markup_run(copy->markup)) {
    }
    fputs("\r\n", copy->out);
    bool is_whole = !markup_flaw(copy->markup);
    markup_free(copy->markup);
    buf_free(&copy->record);
    buf_free(&copy->text);
    for (int i = 0; i <= MARKUP_DEPTH_MAX; i++)
        buf_free(&copy->opens[i]);
    return is_whole && copy->count > 0;
}

bool answer_trade_write(const char *from, const char *result, const char *to, fault_t *fault)
{
    char fresh[HOME_PATH_BYTES + 8];
    copy_t *copy = MEM_NEW(copy_t);
    snprintf(fresh, sizeof fresh, "%s.new", to);
    copy->in = fopen(from, "re");
    copy->outcomes = outcomes_open(result);
    copy->out = copy->in && copy->outcomes ? fopen(fresh, "we") : NULL;
    int problem = errno;
    bool is_safe = copy->out != NULL;
    if (copy->out) {
        bool is_answer = copy_message(copy);
        is_safe = fflush(copy->out) == 0 && !ferror(copy->out) && fsync(fileno(copy->out)) == 0;
        is_safe = fclose(copy->out) == 0 && is_safe;
        if (is_answer && is_safe)
            is_safe = rename(fresh, to) == 0 && home_sync_folder(to);
        problem = errno;
        if (!is_answer || !is_safe)
            unlink(fresh);
    }
    outcomes_close(copy->outcomes);
    if (copy->in)
        fclose(copy->in);
    mem_free(copy);
    return is_safe || fault_set(fault, EXIT_DISK, "cannot write %s: %s", to, strerror(problem));
}
