/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "push.h"
#include "result.h"
#include "store.h"

#define SPOOL_KEEP_BYTES (64ull << 20) /* an answered spool above this is begun anew */

static void print_unused(const columns_t *columns)
{
    size_t at = 0;
    str_t name;
    const char *lead = "  columns not used: ";
    while ((name = columns_unused(columns, &at)).len > 0) {
        printf("%s%.*s", lead, (int)name.len, name.ptr);
        lead = ", ";
    }
    if (at > 0 && lead[0] == ',')
        putchar('\n');
}

/** Spool one file and say how many rows. */
static bool spool_one(const home_t *home, spool_t *spool, const char *path,
                      const options_t *options, stored_t *stored, fault_t *fault)
{
    columns_t *columns =
        columns_new(str_of(options->kind ? options->kind : "client"), options->map, fault);
    if (!columns)
        return false;
    bool is_done = store_file(home, spool, path, columns, options->is_again, stored, fault);
    printf("%s: %llu rows spooled%s\n", path, (unsigned long long)stored->added,
           stored->is_known ? " (the file is known; --again spools it anew)" : "");
    if (is_done && !stored->is_known)
        print_unused(columns);
    columns_free(columns);
    return is_done;
}

static void print_summary(const push_summary_t *summary, uint64_t waiting)
{
    printf("%llu rows answered", (unsigned long long)summary->sent);
    for (size_t i = 0; i < summary->verdict_count; i++)
        printf("%s%s %llu", i == 0 ? ": " : ", ", summary->verdicts[i].word,
               (unsigned long long)summary->verdicts[i].count);
    printf("; %llu wait", (unsigned long long)waiting);
    if (summary->quota_left >= 0)
        printf("; quota left today %lld", (long long)summary->quota_left);
    putchar('\n');
}

/** Write the result file of a pushed file and name it. */
static bool write_result(const home_t *home, spool_t *spool, verdicts_t *verdicts,
                         const stored_t *stored, const options_t *options, fault_t *fault)
{
    char path[HOME_PATH_BYTES], name[64];
    uint64_t waiting;
    snprintf(name, sizeof name, "result-%s.csv", stored->file_id);
    home_path(home, name, path);
    if (!result_write(spool, verdicts, stored->file_id, options->result ? options->result : path,
                      &waiting, fault))
        return false;
    printf("  verdicts of %llu rows in %s\n", (unsigned long long)stored->row_count,
           options->result ? options->result : path);
    return true;
}

/** Send what waits; a fault of the line is kept in *fault while the results are still written. */
static bool send_spooled(const home_t *home, spool_t *spool, verdicts_t *verdicts,
                         const options_t *options, push_summary_t *summary, fault_t *fault)
{
    link_t *link = command_line(home, fault);
    bool is_done = link && push_all(spool, verdicts, link, options->wait_s, options->is_stopping,
                                    summary, fault);
    link_close(link);
    return is_done;
}

static bool push_files(const home_t *home, spool_t *spool, verdicts_t *verdicts, char **files,
                       int count, const options_t *options, uint64_t *shared, fault_t *fault)
{
    stored_t *stored = calloc((size_t)count + 1, sizeof *stored);
    push_summary_t summary = {.quota_left = -1};
    uint64_t waiting = 0;
    bool is_done = stored || fault_set(fault, EXIT_DISK, "out of memory");
    for (int i = 0; is_done && i < count; i++)
        is_done = spool_one(home, spool, files[i], options, &stored[i], fault);
    bool is_spooled = is_done;
    if (is_spooled && !options->is_offline)
        is_done = send_spooled(home, spool, verdicts, options, &summary, fault);
    fault_t later = {0};
    for (int i = 0; is_spooled && i < count; i++)
        if (!write_result(home, spool, verdicts, &stored[i], options, &later) && is_done) {
            *fault = later;
            is_done = false;
        }
    if (is_spooled && command_waiting(spool, verdicts, &waiting, &later))
        print_summary(&summary, waiting);
    free(stored);
    *shared = is_done ? summary.shared : 0;
    if (is_done)
        is_done = spool_retire(spool, verdicts_last(verdicts), SPOOL_KEEP_BYTES, fault);
    if (is_done && summary.errors > 0)
        fault->status = EXIT_ROWS;
    return is_done;
}

/** Leave the source to the other program that uses it: the next spool has one of its own, its
 * numbers going on behind the last answer. The present one is answered whole. */
static bool leave_source(const home_t *home, uint64_t shared, fault_t *fault)
{
    char path[HOME_PATH_BYTES];
    home_path(home, "spool", path);
    fprintf(stderr,
            "clientele-dealer: %llu rows were not taken: another clientele-dealer, with a copy of "
            "this data folder, has used their numbers for other rows (R153). Give that machine a "
            "folder and an enrolment of its own. This folder goes on under a new source: push the "
            "file once more with --again.\n",
            (unsigned long long)shared);
    return (unlink(path) == 0 && home_sync_folder(path)) ||
           fault_set(fault, EXIT_DISK, "cannot remove %s: %s", path, strerror(errno));
}

bool command_push(const options_t *options, char **files, int count, fault_t *fault)
{
    home_t home;
    char path[HOME_PATH_BYTES];
    if (options->result && count != 1)
        return fault_set(fault, EXIT_USAGE, "--result goes with exactly one FILE");
    if (!home_open(&home, options->data, HOME_CHANGE, fault))
        return false;
    home_path(&home, "verdicts.jsonl", path);
    verdicts_t *verdicts = verdicts_open(path, false, fault);
    spool_t *spool = verdicts ? store_open(&home, verdicts_last(verdicts), false, fault) : NULL;
    if (spool && spool_torn_bytes(spool) > 0)
        printf("an interrupted write of %llu bytes was cut from the spool\n",
               (unsigned long long)spool_torn_bytes(spool));
    uint64_t shared = 0;
    bool is_done =
        spool && push_files(&home, spool, verdicts, files, count, options, &shared, fault);
    spool_close(spool);
    is_done = is_done && (shared == 0 || leave_source(&home, shared, fault));
    verdicts_close(verdicts);
    home_close(&home);
    return is_done;
}
