/* SPDX-License-Identifier: Apache-2.0
 * From a row of the outbox to a letter for the wire. See letter.h. */
#include "deliver/letter.h"

#include <jansson.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "deliver/link.h"
#include "deliver/template.h"

enum { CACHED = 12, URL_BYTES = 400, VALUES_MAX = 64 };

struct letter_maker {
    const letter_options_t *options;
    template_t *cached[CACHED];
    unsigned next;
    buf_t subject;
    buf_t text;
    buf_t html;
};

/* What a template may ask for while one row is rendered. */
typedef struct {
    json_t *vars;
    str_t unsubscribe_url; /* empty when the letter has none */
    str_t password_url;
    str_t choice_url;
    char numbers[VALUES_MAX][32]; /* text of numbers, while the render lasts */
    unsigned number_count;
} values_t;

letter_maker_t *letter_maker_new(const letter_options_t *options)
{
    letter_maker_t *maker = MEM_NEW(letter_maker_t);
    maker->options = options;
    maker->subject = buf_make(4096);
    maker->text = buf_make(LETTER_BYTES_MAX);
    maker->html = buf_make(LETTER_BYTES_MAX);
    return maker;
}

void letter_maker_free(letter_maker_t *maker)
{
    if (maker == NULL) {
        return;
    }
    for (unsigned i = 0; i < CACHED; i++) {
        template_free(maker->cached[i]);
    }
    buf_free(&maker->subject);
    buf_free(&maker->text);
    buf_free(&maker->html);
    mem_free(maker);
}

/* The compiled form of a text. out: NULL when it is no template */
static const template_t *compiled(letter_maker_t *maker, str_t source)
{
    for (unsigned i = 0; i < CACHED; i++) {
        if (maker->cached[i] != NULL && str_eq(template_source(maker->cached[i]), source)) {
            return maker->cached[i];
        }
    }
    template_t *t = template_new(source);
    if (t != NULL) {
        template_free(maker->cached[maker->next]);
        maker->cached[maker->next] = t;
        maker->next = (maker->next + 1) % CACHED;
    }
    return t;
}

static bool value_of(void *ctx, str_t name, str_t *value)
{
    values_t *values = ctx;
    char key[TEMPLATE_NAME_MAX + 1];
    if (str_eq(name, STR("unsubscribe_url")) || str_eq(name, STR("password_url")) ||
        str_eq(name, STR("choice_url"))) {
        *value = name.ptr[0] == 'u'   ? values->unsubscribe_url
                 : name.ptr[0] == 'c' ? values->choice_url
                                      : values->password_url;
        return value->len > 0;
    }
    memcpy(key, name.ptr, name.len);
    key[name.len] = '\0';
    const json_t *found = json_object_get(values->vars, key);
    if (json_is_string(found)) {
        *value = str_n(json_string_value(found), json_string_length(found));
        return true;
    }
    if (json_is_boolean(found)) {
        *value = json_is_true(found) ? STR("true") : STR("false");
        return true;
    }
    if (!json_is_number(found) || values->number_count == VALUES_MAX) {
        return false;
    }
    char *text = values->numbers[values->number_count++];
    int length = json_is_integer(found)
                     ? snprintf(text, 32, "%lld", (long long)json_integer_value(found))
                     : snprintf(text, 32, "%.15g", json_real_value(found));
    *value = str_n(text, (size_t)length);
    return true;
}

/* Without line ends, which a header must not have. */
static void flatten(buf_t *text)
{
    for (size_t i = 0; i < text->len; i++) {
        if ((unsigned char)text->ptr[i] < 0x20 || text->ptr[i] == 0x7F) {
            text->ptr[i] = ' ';
        }
    }
}

/* Render one text; a marketing text that does not show the way out gets it as its last line.
 * out: NULL, or a static word */
static const char *render(letter_maker_t *maker, str_t source, values_t *values, bool is_html,
                          bool needs_link, buf_t *out, unsigned *missing)
{
    const template_t *t = compiled(maker, source);
    buf_reset(out);
    values->number_count = 0;
    if (t == NULL) {
        return "template";
    }
    if (!template_render(t, value_of, values, is_html, out, missing)) {
        return "size";
    }
    if (needs_link && !template_uses(t, STR("unsubscribe_url"))) {
        str_t url = values->unsubscribe_url;
        buf_addf(out,
                 is_html ? "<p><a href=\"%.*s\">Отписаться / Unsubscribe</a></p>\n"
                         : "\n\nОтписаться / Unsubscribe: %.*s\n",
                 (int)url.len, url.ptr);
    }
    return out->is_full ? "size" : NULL;
}

static void url_of(const letter_options_t *options, const char *path, char tag,
                   const unsigned char uuid[16], char out[URL_BYTES], str_t *url)
{
    char token[LINK_TOKEN_BYTES + 1];
    link_token(options->link_key, tag, uuid, token);
    int length = snprintf(out, URL_BYTES, "%.*s/%s%s", (int)options->public_url.len,
                          options->public_url.ptr, path, token);
    *url = length > 0 && length < URL_BYTES ? str_n(out, (size_t)length) : STR("");
}

static bool copy_address(str_t address, char out[LETTER_ADDRESS_BYTES])
{
    if (address.len == 0 || address.len >= LETTER_ADDRESS_BYTES) {
        return false;
    }
    memcpy(out, address.ptr, address.len);
    out[address.len] = '\0';
    return true;
}

static const char *make(letter_maker_t *maker, const letter_row_t *row, values_t *values,
                        mime_letter_t *letter, buf_t *content, unsigned *missing)
{
    const char *flaw = render(maker, row->subject, values, false, false, &maker->subject, missing);
    if (flaw == NULL) {
        flatten(&maker->subject);
        flaw = render(maker, row->text, values, false, row->is_marketing, &maker->text, missing);
    }
    if (flaw == NULL && row->html.len > 0) {
        flaw = render(maker, row->html, values, true, row->is_marketing, &maker->html, missing);
        letter->html = buf_str(&maker->html);
    }
    if (flaw != NULL) {
        return flaw;
    }
    letter->subject = buf_str(&maker->subject);
    letter->text = buf_str(&maker->text);
    if (!mime_write(letter, content)) {
        return content->is_full ? "size" : "address";
    }
    return NULL;
}

const char *letter_make(letter_maker_t *maker, const letter_row_t *row, buf_t *content, char *from,
                        char *to, unsigned *missing)
{
    char unsubscribe[URL_BYTES];
    char password[URL_BYTES];
    char choice[URL_BYTES];
    unsigned char link[16];
    values_t values = {.number_count = 0};
    str_t sender =
        row->sender_address.len > 0 ? row->sender_address : maker->options->default_sender;
    mime_letter_t letter = {
        .date_s = clock_wall_us() / 1000000,
        .sender_name = row->sender_name,
        .sender_address = sender,
        .to_address = row->address,
        .list_name = row->list_name,
        .is_automatic = !row->is_marketing,
    };
    buf_reset(content);
    if (!copy_address(sender, from) || !copy_address(row->address, to)) {
        return "address";
    }
    values.vars = json_loadb(row->vars.ptr == NULL ? "{}" : row->vars.ptr,
                             row->vars.ptr == NULL ? 2 : row->vars.len, 0, NULL);
    if (!json_is_object(values.vars)) {
        json_decref(values.vars);
        return "vars";
    }
    memcpy(letter.uuid, row->uuid, sizeof letter.uuid);
    if (row->is_marketing) {
        url_of(maker->options, "u/", 'u', row->uuid, unsubscribe, &values.unsubscribe_url);
        letter.unsubscribe_url = values.unsubscribe_url;
    }
    const char *id = json_string_value(json_object_get(values.vars, "password_link"));
    if (link_uuid(str_of(id), link)) {
        url_of(maker->options, "set-password?link=", 'p', link, password, &values.password_url);
    }
    const char *choice_id = json_string_value(json_object_get(values.vars, "choice_link"));
    if (link_uuid(str_of(choice_id), link)) {
        url_of(maker->options, "c/", 'c', link, choice, &values.choice_url);
    }
    const char *flaw = make(maker, row, &values, &letter, content, missing);
    json_decref(values.vars);
    return flaw;
}
