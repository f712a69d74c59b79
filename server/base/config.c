/* SPDX-License-Identifier: Apache-2.0
 * Settings: rows of config.def, a file, arguments; checked whole before anything starts. */
#include "base/config.h"
#include "base/file.h"
#include "base/mem.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

typedef enum { TYPE_INT, TYPE_BOOL, TYPE_STR, TYPE_PATH, TYPE_SECRET } type_t;

typedef struct {
    const char *name;
    type_t type;
    size_t offset;
    const char *initial;
    int64_t min;
    int64_t max;
    bool is_reloadable;
    const char *sentence;
} row_t;

static const row_t rows[] = {
#define CONF(NAME, TYPE, DEFAULT, MIN, MAX, IS_RELOADABLE, SENTENCE)                               \
    {#NAME, TYPE_##TYPE, offsetof(config_t, NAME), DEFAULT, MIN, MAX, IS_RELOADABLE, SENTENCE},
#include "config.def"
#undef CONF
};
#define ROW_COUNT           (sizeof rows / sizeof rows[0])
#define FILE_MAX_BYTES      (256 * 1024)
#define WEAK_MAX_BYTES      (64 * 1024 * 1024)
#define SECRET_MAX_BYTES    (64 * 1024)
#define SECRET_MIN_BYTES    32
#define SECRET_MIN_DISTINCT 8

/* A config_t and what it owns; config_t is the first member, so the addresses are equal. */
typedef struct {
    config_t config;
    _Atomic int references;
    char *texts[ROW_COUNT];   /* raw value of each row as given */
    buf_t secrets[ROW_COUNT]; /* contents of SECRET rows */
} holder_t;

typedef struct {
    char *ptr;
    size_t len;
} reason_t;

__attribute__((format(printf, 2, 3))) static bool fail(reason_t reason, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason.ptr, reason.len, format, args);
    va_end(args);
    return false;
}

static bool set_text(holder_t *holder, str_t name, str_t value, reason_t reason)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (str_eq(str_of(rows[i].name), name)) {
            mem_free(holder->texts[i]);
            holder->texts[i] = mem_copy(value.ptr, value.len);
            return true;
        }
    }
    return fail(reason, "unknown setting: %.*s", (int)(name.len > 60 ? 60 : name.len), name.ptr);
}

/* Read one "name = value"; a value may stand in double quotes to keep its spaces. */
static bool set_pair(holder_t *holder, str_t pair, reason_t reason)
{
    size_t at = str_find(pair, '=');
    if (at == pair.len) {
        return fail(reason, "not name = value: %.*s", (int)(pair.len > 60 ? 60 : pair.len),
                    pair.ptr);
    }
    str_t value = str_trim(str_skip(pair, at + 1));
    if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"') {
        value = str_n(value.ptr + 1, value.len - 2);
    }
    if (str_find(value, '\0') != value.len) {
        return fail(reason, "NUL in a value");
    }
    return set_text(holder, str_trim(str_n(pair.ptr, at)), value, reason);
}

static bool set_from_file(holder_t *holder, const char *path, reason_t reason)
{
    buf_t file = buf_make(FILE_MAX_BYTES);
    bool is_done = file_read(path, &file);
    if (!is_done) {
        (void)fail(reason, "cannot read the settings file %s", path);
    }
    str_t rest = buf_str(&file);
    str_t line;
    while (is_done && str_split(&rest, '\n', &line)) {
        if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
            line.len--;
        }
        line = str_trim(line);
        if (line.len > 0 && line.ptr[0] != '#') {
            is_done = set_pair(holder, line, reason);
        }
    }
    buf_free(&file);
    return is_done;
}

static size_t distinct_bytes(str_t text)
{
    bool seen[256] = {false};
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool *is_seen = &seen[(unsigned char)text.ptr[i]];
        count += !*is_seen;
        *is_seen = true;
    }
    return count;
}

/* Tell whether the text repeats a unit shorter than 32 bytes, or mostly counts up or down. */
static bool is_patterned(str_t text)
{
    for (size_t unit = 1; unit < SECRET_MIN_BYTES && unit * 2 <= text.len; unit++) {
        if (memcmp(text.ptr, text.ptr + unit, text.len - unit) == 0) {
            return true;
        }
    }
    size_t steps[256] = {0};
    for (size_t i = 1; i < text.len; i++) {
        steps[(unsigned char)(text.ptr[i] - text.ptr[i - 1])]++;
    }
    return steps[1] * 2 > text.len || steps[255] * 2 > text.len;
}

const char *config_secret_flaw(str_t secret, str_t weak_list)
{
    if (secret.len < SECRET_MIN_BYTES) {
        return "shorter than 32 bytes";
    }
    if (distinct_bytes(secret) < SECRET_MIN_DISTINCT || is_patterned(secret)) {
        return "not random";
    }
    str_t rest = weak_list;
    str_t line;
    while (rest.len > 0 && str_split(&rest, '\n', &line)) {
        if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
            line.len--;
        }
        if (line.len >= SECRET_MIN_BYTES && str_eq_nocase(line, secret)) {
            return "one of the known secrets";
        }
    }
    return NULL;
}

static bool read_secret(holder_t *holder, size_t i, str_t weak_list, reason_t reason)
{
    const char *path = holder->texts[i];
    if (path[0] == '\0') {
        return true;
    }
    buf_t *secret = &holder->secrets[i];
    *secret = buf_make(SECRET_MAX_BYTES);
    if (!file_is_private(path)) {
        return fail(reason, "%s: the file is missing or others may read it (mode 0600 or stricter)",
                    rows[i].name);
    }
    if (!file_read(path, secret)) {
        return fail(reason, "%s: cannot read the file", rows[i].name);
    }
    while (secret->len > 0 &&
           (secret->ptr[secret->len - 1] == '\n' || secret->ptr[secret->len - 1] == '\r')) {
        secret->len--;
    }
    const char *flaw = config_secret_flaw(buf_str(secret), weak_list);
    return flaw ? fail(reason, "%s: the secret is %s", rows[i].name, flaw) : true;
}

static bool convert_int(holder_t *holder, size_t i, reason_t reason)
{
    char *end = NULL;
    long long value = strtoll(holder->texts[i], &end, 10);
    if (end == holder->texts[i] || *end != '\0' || value < rows[i].min || value > rows[i].max) {
        return fail(reason, "%s must be a number %lld..%lld", rows[i].name, (long long)rows[i].min,
                    (long long)rows[i].max);
    }
    memcpy((char *)&holder->config + rows[i].offset, &(conf_INT){value}, sizeof(conf_INT));
    return true;
}

static bool convert_bool(holder_t *holder, size_t i, reason_t reason)
{
    bool is_true = strcmp(holder->texts[i], "true") == 0;
    if (!is_true && strcmp(holder->texts[i], "false") != 0) {
        return fail(reason, "%s must be true or false", rows[i].name);
    }
    memcpy((char *)&holder->config + rows[i].offset, &is_true, sizeof is_true);
    return true;
}

/* Turn one row's text into its field. */
static bool convert(holder_t *holder, size_t i, str_t weak_list, reason_t reason)
{
    const row_t *row = &rows[i];
    size_t len = strlen(holder->texts[i]);
    if (row->type == TYPE_INT) {
        return convert_int(holder, i, reason);
    }
    if (row->type == TYPE_BOOL) {
        return convert_bool(holder, i, reason);
    }
    if ((int64_t)len < row->min || (int64_t)len > row->max) {
        return fail(reason, len == 0 ? "%s is required" : "%s has a wrong length", row->name);
    }
    if (row->type == TYPE_SECRET) {
        bool is_fit = read_secret(holder, i, weak_list, reason);
        str_t bytes = holder->secrets[i].max > 0 ? buf_str(&holder->secrets[i]) : STR("");
        memcpy((char *)&holder->config + row->offset, &bytes, sizeof bytes);
        return is_fit;
    }
    conf_STR text = holder->texts[i];
    memcpy((char *)&holder->config + row->offset, &text, sizeof text);
    return true;
}

static bool convert_all(holder_t *holder, reason_t reason)
{
    buf_t weak = buf_make(WEAK_MAX_BYTES);
    bool is_done = true;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const char *path = holder->texts[i];
        if (strcmp(rows[i].name, "weak_secrets") == 0 && path[0] != '\0' &&
            !file_read(path, &weak)) {
            is_done = fail(reason, "weak_secrets: cannot read the file");
        }
    }
    for (size_t i = 0; i < ROW_COUNT && is_done; i++) {
        is_done = convert(holder, i, buf_str(&weak), reason);
    }
    buf_free(&weak);
    return is_done;
}

static void holder_free(holder_t *holder)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        mem_free(holder->texts[i]);
        if (holder->secrets[i].cap > 0) {
            str_wipe(holder->secrets[i].ptr, holder->secrets[i].cap);
            buf_free(&holder->secrets[i]);
        }
    }
    mem_free(holder);
}

config_t *config_load(const char *path, char *const *arguments, size_t count, const config_t *old,
                      char *reason_text, size_t reason_bytes)
{
    reason_t reason = {reason_text, reason_bytes};
    holder_t *holder = MEM_NEW(holder_t);
    atomic_init(&holder->references, 1);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        holder->texts[i] = mem_copy(rows[i].initial, strlen(rows[i].initial));
    }
    bool is_done = !path || set_from_file(holder, path, reason);
    for (size_t i = 0; i < count && is_done; i++) {
        is_done = set_pair(holder, str_of(arguments[i]), reason);
    }
    for (size_t i = 0; i < ROW_COUNT && is_done && old; i++) {
        if (!rows[i].is_reloadable) {
            const char *kept = ((const holder_t *)(const void *)old)->texts[i];
            mem_free(holder->texts[i]);
            holder->texts[i] = mem_copy(kept, strlen(kept));
        }
    }
    if (!is_done || !convert_all(holder, reason)) {
        holder_free(holder);
        return NULL;
    }
    return &holder->config;
}

config_t *config_hold(const config_t *config)
{
    holder_t *holder = (holder_t *)(uintptr_t)config;
    atomic_fetch_add(&holder->references, 1);
    return &holder->config;
}

void config_drop(const config_t *config)
{
    holder_t *holder = (holder_t *)(uintptr_t)config;
    if (holder && atomic_fetch_sub(&holder->references, 1) == 1) {
        holder_free(holder);
    }
}

static const char *const type_names[] = {"number", "true|false", "text", "path",
                                         "path of a secret"};

void config_write_sample(buf_t *out)
{
    (void)BUF_ADD(out, "# Settings of clientele-server: name = value, one a line.\n");
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const row_t *row = &rows[i];
        bool is_required = row->min > 0 && row->initial[0] == '\0';
        (void)buf_addf(out, "\n# %s (%s%s)\n%s%s = %s\n", row->sentence, type_names[row->type],
                       row->is_reloadable ? ", reloaded by SIGHUP" : "", is_required ? "" : "#",
                       row->name, row->initial);
    }
}

void config_write_help(buf_t *out)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const row_t *row = &rows[i];
        (void)buf_addf(out, "  %-20s %s [%s]\n", row->name, row->sentence,
                       row->initial[0] != '\0' ? row->initial
                       : row->min > 0          ? "required"
                                               : "none");
    }
}
