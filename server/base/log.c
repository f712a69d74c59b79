/* SPDX-License-Identifier: Apache-2.0
 * JSON lines: each thread appends to its own buffer, the main thread writes them out. */
#include "base/log.h"
#include "base/clock.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define SHARD_MAX_BYTES (1024 * 1024)
#define TAIL_BYTES      3 /* room kept for "}\n" */

/* One thread's lines; shards live until the process ends, threads are few. */
typedef struct shard {
    struct shard *next;
    pthread_mutex_t lock;
    buf_t lines;
} shard_t;

static pthread_mutex_t shards_lock = PTHREAD_MUTEX_INITIALIZER;
static shard_t *shards;
static _Thread_local shard_t *own_shard;
static _Atomic int out_fd = -1; /* -1: write directly */
static _Atomic int threshold = LEVEL_INFO;
static _Atomic int64_t dropped;

static const char *const level_names[] = {"debug", "info", "warn", "error"};

static void put(log_t *line, const char *ptr, size_t len)
{
    if (!line->is_silent && line->len + len + TAIL_BYTES <= sizeof line->text) {
        memcpy(line->text + line->len, ptr, len);
        line->len += len;
    }
}

/* Tell whether a field of about this size still fits, so that a line is never cut inside one. */
static bool has_room(const log_t *line, const char *key, size_t value_bytes)
{
    return !line->is_silent &&
           line->len + strlen(key) + value_bytes + 6 + TAIL_BYTES <= sizeof line->text;
}

static void put_key(log_t *line, const char *key)
{
    put(line, ",\"", 2);
    put(line, key, strlen(key));
    put(line, "\":", 2);
}

/* A fraction of three digits, from thousandths. */
static void put_fraction(log_t *line, int64_t thousandths)
{
    char digits[4] = {'.', (char)('0' + thousandths / 100), (char)('0' + thousandths / 10 % 10),
                      (char)('0' + thousandths % 10)};
    put(line, digits, sizeof digits);
}

/* Begin with the time; its text is made once a second. */
static void put_time(log_t *line, int64_t now_us)
{
    static _Thread_local time_t shown = -1;
    static _Thread_local char text[32];
    time_t seconds = (time_t)(now_us / 1000000);
    if (seconds != shown) {
        struct tm utc;
        (void)gmtime_r(&seconds, &utc);
        (void)strftime(text, sizeof text, "{\"at\":\"%Y-%m-%dT%H:%M:%S", &utc);
        shown = seconds;
    }
    put(line, text, strlen(text));
    put_fraction(line, now_us % 1000000 / 1000);
    put(line, "Z\"", 2);
}

void log_open(log_t *line, level_t level, const char *event)
{
    line->level = level;
    line->len = 0;
    line->is_silent = (int)level < atomic_load_explicit(&threshold, memory_order_relaxed);
    if (line->is_silent) {
        return;
    }
    put_time(line, clock_wall_us());
    log_word(line, "level", level_names[level]);
    log_word(line, "event", event);
}

void log_word(log_t *line, const char *key, const char *word)
{
    size_t len = word ? strlen(word) : 0;
    if (!word || !has_room(line, key, len + 2)) {
        return;
    }
    put_key(line, key);
    put(line, "\"", 1);
    put(line, word, len);
    put(line, "\"", 1);
}

void log_int(log_t *line, const char *key, int64_t value)
{
    char digits[20];
    size_t len = str_put_i64(value, digits);
    if (has_room(line, key, len)) {
        put_key(line, key);
        put(line, digits, len);
    }
}

void log_ms(log_t *line, const char *key, int64_t duration_us)
{
    char digits[20];
    int64_t us = duration_us < 0 ? 0 : duration_us;
    size_t len = str_put_i64(us / 1000, digits);
    if (has_room(line, key, len + 4)) {
        put_key(line, key);
        put(line, digits, len);
        put_fraction(line, us % 1000);
    }
}

void log_id(log_t *line, const char *key, str_t id)
{
    char safe[64];
    size_t len = id.len > sizeof safe ? sizeof safe : id.len;
    for (size_t i = 0; i < len; i++) {
        char c = id.ptr[i];
        bool is_allowed = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == ':' || c == '-';
        safe[i] = is_allowed ? c : '?';
    }
    if (has_room(line, key, len + 2)) {
        put_key(line, key);
        put(line, "\"", 1);
        put(line, safe, len);
        put(line, "\"", 1);
    }
}

void log_reason(log_t *line, const char *key, const char *text)
{
    char safe[200];
    size_t len = 0;
    for (; text && text[len] != '\0' && len < sizeof safe; len++) {
        unsigned char c = (unsigned char)text[len];
        safe[len] = c < 0x20 || c >= 0x7f ? ' ' : c == '"' || c == '\\' ? '\'' : (char)c;
    }
    while (len > 0 && safe[len - 1] == ' ') {
        len--;
    }
    if (text && has_room(line, key, len + 2)) {
        put_key(line, key);
        put(line, "\"", 1);
        put(line, safe, len);
        put(line, "\"", 1);
    }
}

static void write_all(int fd, const char *ptr, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, ptr, len);
        if (n <= 0) {
            return;
        }
        ptr += n;
        len -= (size_t)n;
    }
}

static shard_t *shard_get(void)
{
    if (!own_shard) {
        shard_t *shard = MEM_NEW(shard_t);
        pthread_mutex_init(&shard->lock, NULL);
        shard->lines = buf_make(SHARD_MAX_BYTES);
        pthread_mutex_lock(&shards_lock);
        shard->next = shards;
        shards = shard;
        pthread_mutex_unlock(&shards_lock);
        own_shard = shard;
    }
    return own_shard;
}

void log_close(log_t *line)
{
    if (line->is_silent) {
        return;
    }
    memcpy(line->text + line->len, "}\n", 2);
    line->len += 2;
    if (atomic_load_explicit(&out_fd, memory_order_relaxed) < 0) {
        write_all(STDERR_FILENO, line->text, line->len);
        return;
    }
    shard_t *shard = shard_get();
    pthread_mutex_lock(&shard->lock);
    if (!buf_add(&shard->lines, line->text, line->len)) {
        shard->lines.is_full = false;
        atomic_fetch_add_explicit(&dropped, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&shard->lock);
}

void log_event(level_t level, const char *event, const char *reason)
{
    log_t line;
    log_open(&line, level, event);
    log_reason(&line, "reason", reason);
    log_close(&line);
}

void log_set_level(level_t level)
{
    atomic_store_explicit(&threshold, (int)level, memory_order_relaxed);
}

void log_start(int fd)
{
    atomic_store(&out_fd, fd);
}

void log_flush(void)
{
    int fd = atomic_load(&out_fd);
    pthread_mutex_lock(&shards_lock);
    shard_t *first = shards;
    pthread_mutex_unlock(&shards_lock);
    for (shard_t *shard = first; shard; shard = shard->next) {
        pthread_mutex_lock(&shard->lock);
        buf_t lines = shard->lines;
        shard->lines = buf_make(SHARD_MAX_BYTES);
        pthread_mutex_unlock(&shard->lock);
        if (lines.len > 0) {
            write_all(fd < 0 ? STDERR_FILENO : fd, lines.ptr, lines.len);
        }
        buf_free(&lines);
    }
    int64_t lost = atomic_exchange_explicit(&dropped, 0, memory_order_relaxed);
    if (lost > 0) {
        log_t line;
        log_open(&line, LEVEL_WARN, "log_dropped");
        log_int(&line, "lines", lost);
        log_close(&line);
    }
}

void log_stop(void)
{
    log_flush();
    atomic_store(&out_fd, -1);
}
