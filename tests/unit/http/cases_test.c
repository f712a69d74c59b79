/* SPDX-License-Identifier: Apache-2.0
 * The parser against the public llhttp cases, over every split. */
#include "data.h"
#include "walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define CASE_BYTES 65536

typedef struct {
    char name[200];
    char type[64];
    char text[CASE_BYTES]; /* the block as written */
    char bytes[CASE_BYTES];
    size_t len;
    bool is_error; /* the log ends in an error */
    bool is_ours;  /* not RTSP or ICE, not a test of the library's own pause function */
} case_t;

static struct {
    int refused_rightly;
    int accepted_rightly;
    int stricter;
    int not_ours;
    int wrong;
} counts;

/* Turn a block into bytes: the last line end is dropped, line ends become CRLF, then escapes. */
static void unescape(case_t *c)
{
    size_t len = strlen(c->text);
    len -= len > 0 && c->text[len - 1] == '\n';
    c->len = 0;
    for (size_t i = 0; i < len; i++) {
        char at = c->text[i];
        char next = i + 1 < len ? c->text[i + 1] : '\0';
        if (at == '\n') {
            c->bytes[c->len++] = '\r';
            c->bytes[c->len++] = '\n';
        } else if (at == '\\' && next == '\n') {
            i++;
        } else if (at == '\\' && next != '\0' && strchr("rntf", next)) {
            c->bytes[c->len++] = next == 'r'   ? '\r'
                                 : next == 'n' ? '\n'
                                 : next == 't' ? '\t'
                                               : '\f';
            i++;
        } else if (at == '\\' && next == 'x') {
            c->bytes[c->len++] =
                (char)strtol((char[]){c->text[i + 2], c->text[i + 3], 0}, NULL, 16);
            i += 3;
        } else {
            c->bytes[c->len++] = at;
        }
    }
}

/* Give a message that has no Host one, after each request line: the cases predate that duty. */
static size_t add_host(const case_t *c, char *out)
{
    const char *end = memmem(c->bytes, c->len, "\r\n", 2);
    size_t begun = 0;
    if (end == c->bytes) {
        end = memmem(c->bytes + 2, c->len - 2, "\r\n", 2);
    }
    if (!end || memmem(c->bytes, c->len, "Host:", 5) || memmem(c->bytes, c->len, "HOST:", 5)) {
        memcpy(out, c->bytes, c->len);
        return c->len;
    }
    const char *host = "example.com";
    const char *absolute = memmem(c->bytes, c->len, "http://", 7);
    char authority[100] = "";
    if (absolute && absolute < end) {
        size_t n = strcspn(absolute + 7, "/? ");
        memcpy(authority, absolute + 7, n);
        host = authority;
    }
    size_t n = (size_t)(end - c->bytes) + 2;
    memcpy(out, c->bytes, n);
    begun = n;
    n += (size_t)sprintf(out + n, "Host: %s\r\n", host);
    memcpy(out + n, c->bytes + begun, c->len - begun);
    return n + c->len - begun;
}

/* Each further request of a pipeline gets a Host too. */
static size_t add_hosts(case_t *c, char *out)
{
    size_t len = add_host(c, out);
    static const char *const second[] = {"PUT /url HTTP/1.1\r\n", "GET / HTTP/1.1\r\n",
                                         "PUT /bbb HTTP/1.1\r\n", "PATCH /ccc HTTP/1.1\r\n"};
    for (size_t i = 0; i < sizeof second / sizeof second[0]; i++) {
        char *hit = memmem(out + 5, len - 5, second[i], strlen(second[i]));
        size_t at = hit ? (size_t)(hit - out) + strlen(second[i]) : len;
        if (hit && at < len && !memmem(out + at, len - at, "Host:", 5)) {
            memmove(out + at + 9, out + at, len - at);
            memcpy(out + at, "Host: a\r\n", 9);
            len += 9;
        }
    }
    return len;
}

static void assert_same(const walk_t *a, const walk_t *b, const case_t *c, size_t split)
{
    if (a->messages != b->messages || a->is_refused != b->is_refused || a->is_open != b->is_open ||
        a->body_hash != b->body_hash || a->head_hash != b->head_hash || a->code != b->code) {
        print_error("%s: split at %zu gives another result\n", c->name, split);
        fail();
    }
}

static void check_splits(const case_t *c, const char *bytes, size_t len)
{
    walk_t whole = walk(bytes, len, len, len);
    walk_t single = walk(bytes, len, 1, 1);
    assert_same(&whole, &single, c, 0);
    for (size_t split = 1; split < len; split++) {
        walk_t two = walk(bytes, len, split, len);
        assert_same(&whole, &two, c, split);
    }
}

static void judge(case_t *c)
{
    static char bytes[CASE_BYTES * 2];
    unescape(c);
    size_t len = add_hosts(c, bytes);
    walk_t result = walk(bytes, len, len, len);
    if (!c->is_ours) {
        counts.not_ours++;
    } else if (c->is_error) {
        counts.refused_rightly += result.is_refused;
        counts.wrong += !result.is_refused;
        if (!result.is_refused) {
            print_error("must be refused: %s (%s)\n", c->name, c->type);
        }
    } else if (result.is_refused) {
        counts.stricter++;
        print_message("# stricter than the case: %s\n", c->name);
    } else {
        counts.accepted_rightly++;
    }
    check_splits(c, bytes, len);
    check_splits(c, c->bytes, c->len);
}

static void read_block(FILE *file, char *into)
{
    char line[8192];
    size_t len = 0;
    into[0] = '\0';
    while (fgets(line, sizeof line, file) && strncmp(line, "```", 3) != 0) {
        assert_true(len + strlen(line) < CASE_BYTES);
        memcpy(into + len, line, strlen(line) + 1);
        len += strlen(line);
    }
}

static void read_cases(const char *name)
{
    static case_t c;
    static char log[CASE_BYTES];
    char path[200];
    char line[8192];
    (void)snprintf(path, sizeof path, "http-requests/%s.md", name);
    FILE *file = data_open(path);
    if (!file) {
        skip();
    }
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#') {
            line[strcspn(line, "\n")] = '\0';
            (void)snprintf(c.name, sizeof c.name, "%.150s", line);
        } else if (strstr(line, "meta={")) {
            char *type = strstr(line, "\"type\"");
            assert_non_null(type);
            type = strchr(type + 6, '"') + 1;
            (void)snprintf(c.type, sizeof c.type, "%.*s", (int)strcspn(type, "\""), type);
            c.is_ours = !strstr(line, "\"pause\"") && !strstr(line, "skipBody");
        } else if (strncmp(line, "```http", 7) == 0) {
            read_block(file, c.text);
        } else if (strncmp(line, "```log", 6) == 0) {
            read_block(file, log);
            bool is_lenient = strncmp(c.type, "request-lenient", 15) == 0;
            c.is_error = is_lenient || strstr(log, "error code=") != NULL;
            c.is_ours = c.is_ours && !strstr(c.text, "RTSP/1.0") && !strstr(c.text, "ICE/1.0") &&
                        strncmp(c.type, "request", 7) == 0;
            judge(&c);
        }
    }
    (void)fclose(file);
}

static void the_public_cases_are_met_over_every_split(void **state)
{
    (void)state;
    static const char *const names[] = {
        "connection",      "content-length",    "finish", "invalid", "lenient-header-value-relaxed",
        "lenient-headers", "lenient-version",   "method", "pausing", "pipelining",
        "sample",          "transfer-encoding", "uri"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        read_cases(names[i]);
    }
    print_message("# refused as they must be %d, accepted %d, stricter %d, not ours %d, wrong %d\n",
                  counts.refused_rightly, counts.accepted_rightly, counts.stricter, counts.not_ours,
                  counts.wrong);
    assert_int_equal(counts.wrong, 0);
    assert_true(counts.refused_rightly + counts.accepted_rightly > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_public_cases_are_met_over_every_split),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
