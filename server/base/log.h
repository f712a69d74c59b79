/* SPDX-License-Identifier: Apache-2.0
 * One JSON line per event, typed fields only. Personal data has no field type.
 *
 *     log_t line;
 *     log_open(&line, LEVEL_INFO, "request");
 *     log_word(&line, "route", route->name);
 *     log_int(&line, "status", 200);
 *     log_close(&line);
 *
 * Each thread fills its own buffer; the writer (main thread) empties all of them every 50 ms, so a
 * request costs no system call. Before log_start and after log_stop lines go straight to stderr.
 * A buffer that is full drops lines; the next flush says how many (event log_dropped). */
#ifndef CLIENTELE_BASE_LOG_H
#define CLIENTELE_BASE_LOG_H

#include "base/err.h"

/** A line being built, on the caller's stack; at most 1 KB, longer lines lose their last fields. */
typedef struct {
    level_t level;
    size_t len;
    bool is_silent; /* below the threshold: all calls do nothing */
    char text[1024];
} log_t;

/** Begin a line: time, level, event. in: event - static identifier, snake_case. */
void log_open(log_t *line, level_t level, const char *event);

/** Add a word known to the program (route name, error slug, enum); static text, NULL adds nothing.
 */
void log_word(log_t *line, const char *key, const char *word);

/** Add a number; units are in the key (bytes, ms). */
void log_int(log_t *line, const char *key, int64_t value);

/** Add a duration given in microseconds as milliseconds with three decimals. */
void log_ms(log_t *line, const char *key, int64_t duration_us);

/** Add an identifier: at most 64 of [A-Za-z0-9_.:-]; other bytes become '?'. */
void log_id(log_t *line, const char *key, str_t id);

/** Add a library's or the system's message about our own machinery (never peer input, never SQL
 *  values); control bytes escaped, cut at 200 bytes. */
void log_reason(log_t *line, const char *key, const char *text);

/** End the line and hand it over. */
void log_close(log_t *line);

/** Log an event with one reason; for start, stop and failures of our own machinery. */
void log_event(level_t level, const char *event, const char *reason);

/** Lines below this level are not written (default LEVEL_INFO). */
void log_set_level(level_t level);

/** Start buffering: lines are written to fd by log_flush. Call before threads are started. */
void log_start(int fd);

/** Write what all threads have buffered; the main thread's timer calls it. May block on fd. */
void log_flush(void);

/** Flush and go back to direct writing. */
void log_stop(void);

#endif
