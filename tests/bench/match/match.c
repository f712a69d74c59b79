/* SPDX-License-Identifier: Apache-2.0
 * clientele-match: find the records of one person in CSV files, by the matcher of server/link.
 *
 *     clientele-match [--weights] ID COLUMN=KIND[,COLUMN=KIND...] FILE [FILE]
 *
 * ID names the column that is printed for a record; KINDs are those of match/compare. Two files:
 * only pairs across them. Columns that are not named are not read. Pairs go to stdout, best first:
 * "id,id,bits,class"; what was learned goes to stderr with --weights, and times always. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/mem.h"
#include "intake/csv.h"
#include "link/link.h"

enum { FIRST_BYTES = 65536, CHUNK_BYTES = 1 << 20, WORD_BYTES = 200 };

typedef struct {
    const char *id;
    char columns[LINK_FIELDS_MAX][WORD_BYTES];
    compare_kind_t kinds[LINK_FIELDS_MAX];
    unsigned count;
    link_t *link;
    char **ids;
    size_t id_count;
    size_t id_cap;
} match_t;

static void stop(const char *what, const char *which)
{
    fprintf(stderr, "clientele-match: %s %s\n", what, which);
    exit(2);
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void read_columns(match_t *m, const char *text)
{
    str_t rest = str_of(text);
    str_t piece;
    while (str_split(&rest, ',', &piece)) {
        char word[WORD_BYTES];
        size_t eq = 0;
        for (size_t i = 0; i < piece.len; i++) {
            eq = piece.ptr[i] == '=' ? i : eq;
        }
        if (m->count == LINK_FIELDS_MAX || eq == 0 || piece.len >= WORD_BYTES) {
            stop("columns are NAME=KIND, at most 16:", text);
        }
        memcpy(m->columns[m->count], piece.ptr, eq);
        m->columns[m->count][eq] = '\0';
        memcpy(word, piece.ptr + eq + 1, piece.len - eq - 1);
        word[piece.len - eq - 1] = '\0';
        m->kinds[m->count] = compare_kind_of(word);
        if (m->kinds[m->count] == COMPARE_KINDS) {
            stop("no such kind:", word);
        }
        m->count++;
    }
}

/* A header cell names a column by itself or by its end after '#'. */
static bool is_column(str_t cell, const char *name)
{
    size_t hash = str_find(cell, '#');
    return str_eq(cell, str_of(name)) ||
           (hash < cell.len && str_eq(str_skip(cell, hash + 1), str_of(name)));
}

static unsigned column_of(const csv_row_t *header, const char *name)
{
    for (unsigned i = 0; i < header->count; i++) {
        if (is_column(header->cells[i], name)) {
            return i;
        }
    }
    stop("no column", name);
    return 0;
}

static void add_row(match_t *m, const csv_row_t *row, const unsigned *at, unsigned source)
{
    str_t values[LINK_FIELDS_MAX];
    for (unsigned f = 0; f < m->count; f++) {
        values[f] = at[f + 1] < row->count ? row->cells[at[f + 1]] : (str_t){"", 0};
    }
    if (m->id_count == m->id_cap) {
        m->id_cap = m->id_cap == 0 ? 1024 : m->id_cap * 2;
        m->ids = mem_resize(m->ids, sizeof(char *) * m->id_cap);
    }
    str_t id = at[0] < row->count ? row->cells[at[0]] : (str_t){"", 0};
    m->ids[m->id_count++] = mem_copy(id.ptr, id.len);
    link_add(m->link, values, source);
}

static void read_file(match_t *m, const char *path, unsigned source)
{
    FILE *file = fopen(path, "rb");
    char *chunk = mem_new(CHUNK_BYTES);
    unsigned at[LINK_FIELDS_MAX + 1];
    bool is_header = true;
    form_t form;
    if (file == NULL) {
        stop("cannot read", path);
    }
    size_t bytes = fread(chunk, 1, FIRST_BYTES, file);
    if (!form_detect(str_n(chunk, bytes), bytes < FIRST_BYTES, &form)) {
        stop("no text in", path);
    }
    csv_t *csv = csv_new(form, CSV_LIMITS);
    csv_feed(csv, str_n(chunk + form.mark_bytes, bytes - form.mark_bytes), bytes < FIRST_BYTES);
    csv_row_t row;
    csv_step_t step;
    while ((step = csv_next(csv, &row)) != CSV_END) {
        if (step == CSV_MORE) {
            bytes = fread(chunk, 1, CHUNK_BYTES, file);
            csv_feed(csv, str_n(chunk, bytes), bytes == 0);
        } else if (step == CSV_ROW && is_header) {
            at[0] = column_of(&row, m->id);
            for (unsigned f = 0; f < m->count; f++) {
                at[f + 1] = column_of(&row, m->columns[f]);
            }
            is_header = false;
        } else if (step == CSV_ROW) {
            add_row(m, &row, at, source);
        }
    }
    csv_free(csv);
    mem_free(chunk);
    fclose(file);
}

static void print_weights(const match_t *m)
{
    fprintf(stderr, "prior %.1f bits\n", link_prior(m->link));
    for (unsigned f = 0; f < m->count; f++) {
        fprintf(stderr, "%-16s", m->columns[f]);
        for (int level = LEVEL_NONE; level < LEVELS; level++) {
            fprintf(stderr, " %s %.1f", compare_level_name((compare_level_t)level),
                    link_weight(m->link, f, (compare_level_t)level));
        }
        fputc('\n', stderr);
    }
}

static void print_pairs(const match_t *m)
{
    static const char *const classes[] = {"possible", "strong", "certain"};
    for (uint32_t i = 0; i < link_pairs(m->link); i++) {
        link_pair_t pair = link_pair(m->link, i);
        printf("%s,%s,%.1f,%s\n", m->ids[pair.low], m->ids[pair.high], (double)pair.bits,
               classes[pair.class]);
    }
}

int main(int argc, char **argv)
{
    match_t m = {.count = 0};
    bool is_told = argc > 1 && strcmp(argv[1], "--weights") == 0;
    char **arg = argv + 1 + is_told;
    int args = argc - 1 - is_told;
    if (args < 3 || args > 4) {
        stop("usage:", "[--weights] ID COLUMN=KIND,... FILE [FILE]");
    }
    double begun = now_s();
    m.id = arg[0];
    read_columns(&m, arg[1]);
    m.link = link_new(m.kinds, m.count);
    for (int i = 2; i < args; i++) {
        read_file(&m, arg[i], (unsigned)i - 2);
    }
    if (args == 4) {
        link_two_sided(m.link);
    }
    double read = now_s();
    link_run(m.link);
    double linked = now_s();
    print_pairs(&m);
    if (is_told) {
        print_weights(&m);
    }
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    uint64_t done = 0;
    uint64_t total = 0;
    link_done(m.link, &done, &total);
    fprintf(stderr,
            "records %zu, pairs %u, blocked %.1f million, read %.1f s, link %.1f s, %ld MB, CPU "
            "%.1f s\n",
            m.id_count, link_pairs(m.link), (double)done / 1e6, read - begun, linked - read,
            used.ru_maxrss / 1024,
            (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6);
    return 0;
}
