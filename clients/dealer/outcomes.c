/* SPDX-License-Identifier: Apache-2.0 */
#include "outcomes.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "intake/csv.h"

enum { VERDICT = 2, CODE, RECEIPT, RULE, FIELD, NEXT, AREA, KIND, ID, COLUMNS };

struct outcomes {
    FILE *file;
    csv_t *csv;
    bool has_next;
    outcome_t next;
    char chunk[65536];
};

static void take(const csv_row_t *row, unsigned column, char *out, size_t size)
{
    str_t cell = row->cells[column];
    snprintf(out, size, "%.*s", (int)cell.len, cell.ptr);
}

/** Read the next row that has a name; what could not be read at all has none. */
static void read_next(outcomes_t *outcomes)
{
    csv_row_t row;
    csv_step_t step;
    outcomes->has_next = false;
    while (!outcomes->has_next && (step = csv_next(outcomes->csv, &row)) != CSV_END) {
        if (step == CSV_MORE) {
            size_t got = fread(outcomes->chunk, 1, sizeof outcomes->chunk, outcomes->file);
            csv_feed(outcomes->csv, str_n(outcomes->chunk, got), got < sizeof outcomes->chunk);
        } else if (step == CSV_ROW && row.count == COLUMNS && row.cells[ID].len > 0) {
            outcome_t *next = &outcomes->next;
            take(&row, VERDICT, next->verdict, sizeof next->verdict);
            take(&row, CODE, next->code, sizeof next->code);
            take(&row, RECEIPT, next->receipt, sizeof next->receipt);
            take(&row, RULE, next->rule, sizeof next->rule);
            take(&row, NEXT, next->next, sizeof next->next);
            take(&row, KIND, next->kind, sizeof next->kind);
            take(&row, ID, next->id, sizeof next->id);
            outcomes->has_next = true;
        }
    }
}

outcomes_t *outcomes_open(const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return NULL;
    outcomes_t *outcomes = MEM_NEW(outcomes_t);
    outcomes->file = file;
    outcomes->csv = csv_new((form_t){ENCODING_UTF8, 0, ','}, CSV_LIMITS);
    read_next(outcomes); /* the heading */
    read_next(outcomes);
    return outcomes;
}

static bool is_next(const outcomes_t *outcomes, const char *id)
{
    return outcomes->has_next && strcmp(outcomes->next.id, id) == 0;
}

static bool is_kind(const outcomes_t *outcomes, const char *kind)
{
    return strcmp(outcomes->next.kind, kind) == 0;
}

bool outcomes_take(outcomes_t *outcomes, const char *id, bool is_client, outcome_t *main,
                   outcome_t *client, uint64_t *errors)
{
    *errors = 0;
    if (!is_next(outcomes, id))
        return false;
    if (!is_client && is_kind(outcomes, "client")) {
        *client = outcomes->next;
        read_next(outcomes);
    }
    if (is_next(outcomes, id) && !is_kind(outcomes, "order_line") &&
        is_client == is_kind(outcomes, "client")) {
        *main = outcomes->next;
        read_next(outcomes);
    }
    for (; is_next(outcomes, id) && is_kind(outcomes, "order_line"); read_next(outcomes))
        *errors += strcmp(outcomes->next.verdict, "error") == 0;
    return true;
}

void outcomes_close(outcomes_t *outcomes)
{
    if (!outcomes)
        return;
    csv_free(outcomes->csv);
    fclose(outcomes->file);
    mem_free(outcomes);
}
