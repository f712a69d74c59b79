/* SPDX-License-Identifier: Apache-2.0
 * The command `exchange`: a folder where a trade program drops its files, and one where it finds
 * answers, tasks and appointments. The kind of a file stands in its name; a file that is answered
 * goes to IN/done. Killed anywhere, the next run goes on: what is spooled is not spooled again. */
#include "commands.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "answer_trade.h"
#include "office.h"

#define FILES_MAX      1000
#define NAME_BYTES     256
#define SETTLE_SECONDS 2 /* a file younger than this may still be written */

/** Kinds by the beginning of a file's name, in the order in which they must go. */
static const struct {
    const char *names; /* Russian and English, separated by | */
    const char *kind;
} KINDS[] = {{"exchange|обмен|1c|message", "client"}, /* names its kinds in each record */
             {"client|клиент|контрагент", "client"},
             {"vehicle|car|авто", "vehicle"},
             {"sale|продаж|реализац", "sale"},
             {"order-line|order_line|строк", "order_line"},
             {"order|заказ|наряд", "repair_order"},
             {"odometer|пробег", "odometer"},
             {"lead|заявк|лид", "lead"}};
#define KIND_COUNT (sizeof KINDS / sizeof *KINDS)

/** The order of work: orders before their lines. */
static const int RANKS[KIND_COUNT] = {0, 1, 2, 3, 5, 4, 6, 7};

typedef struct {
    char name[NAME_BYTES];
    bool is_ahead; /* written by a clock that is ahead of ours: its age says nothing */
    struct timespec written;
    off_t bytes;
    int rank;
    const char *kind;
} drop_t;

static bool name_tells(const char *name, const char *names)
{
    str_t rest = str_of(names), one;
    while (str_split(&rest, '|', &one))
        if (str_starts(str_of(name), one))
            return true;
    return false;
}

/** Whether a file of the folder is one to be sent now. */
static bool is_due(const char *dir, const char *name, drop_t *drop)
{
    char path[HOME_PATH_BYTES];
    struct stat stat_;
    size_t len = strlen(name);
    if (name[0] == '.' || len >= NAME_BYTES || (len > 4 && strcmp(name + len - 4, ".tmp") == 0))
        return false;
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path ||
        lstat(path, &stat_) != 0 || !S_ISREG(stat_.st_mode))
        return false;
    time_t age = time(NULL) - stat_.st_mtime;
    drop->is_ahead = age < -SETTLE_SECONDS;
    drop->written = stat_.st_mtim;
    drop->bytes = stat_.st_size;
    if (age < SETTLE_SECONDS && !drop->is_ahead)
        return false;
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (name_tells(name, KINDS[i].names)) {
            snprintf(drop->name, sizeof drop->name, "%s", name);
            drop->rank = RANKS[i];
            drop->kind = KINDS[i].kind;
            return true;
        }
    return false;
}

/** Leave out the files that change while one looks, of those whose age says nothing. */
static int leave_growing(const char *dir, drop_t *drops, int count)
{
    int kept = 0;
    bool is_any = false;
    drop_t again;
    for (int i = 0; i < count; i++)
        is_any = is_any || drops[i].is_ahead;
    if (is_any)
        sleep(SETTLE_SECONDS);
    for (int i = 0; i < count; i++)
        if (!drops[i].is_ahead ||
            (is_due(dir, drops[i].name, &again) && again.bytes == drops[i].bytes &&
             again.written.tv_sec == drops[i].written.tv_sec &&
             again.written.tv_nsec == drops[i].written.tv_nsec))
            drops[kept++] = drops[i];
    return kept;
}

static int compare(const void *a, const void *b)
{
    const drop_t *one = a, *other = b;
    return one->rank != other->rank ? one->rank - other->rank : strcmp(one->name, other->name);
}

static int find_drops(const char *dir, drop_t *drops, fault_t *fault)
{
    int count = 0;
    struct dirent *entry;
    DIR *folder = opendir(dir);
    if (!folder) {
        (void)!fault_set(fault, EXIT_USAGE, "cannot read %s: %s", dir, strerror(errno));
        return -1;
    }
    while (count < FILES_MAX && (entry = readdir(folder)))
        count += is_due(dir, entry->d_name, &drops[count]);
    closedir(folder);
    count = leave_growing(dir, drops, count);
    qsort(drops, (size_t)count, sizeof *drops, compare);
    return count;
}

/** Put a file away that cannot be read, and say why. */
static bool put_aside(const options_t *options, const drop_t *drop, const char *path,
                      fault_t *fault)
{
    char aside[HOME_PATH_BYTES];
    fprintf(stderr, "clientele-dealer: %s\n", fault->text);
    if (snprintf(aside, sizeof aside, "%s/failed/%s", options->in, drop->name) >=
            (int)sizeof aside ||
        rename(path, aside) != 0)
        return false;
    fault->status = EXIT_FINE;
    return true;
}

/** Send one file, write its answers, put it away. A row in error is an answer too. */
static bool take_drop(const options_t *options, const drop_t *drop, fault_t *fault)
{
    char path[HOME_PATH_BYTES], done[HOME_PATH_BYTES], result[HOME_PATH_BYTES],
        map[HOME_PATH_BYTES], answer[HOME_PATH_BYTES];
    options_t own = *options;
    bool is_short =
        snprintf(path, sizeof path, "%s/%s", options->in, drop->name) < (int)sizeof path &&
        snprintf(done, sizeof done, "%s/done/%s", options->in, drop->name) < (int)sizeof done &&
        snprintf(result, sizeof result, "%s/%s.verdicts.csv", options->out, drop->name) <
            (int)sizeof result &&
        snprintf(answer, sizeof answer, "%s/%s.answer.xml", options->out, drop->name) <
            (int)sizeof answer &&
        snprintf(map, sizeof map, "%s/%s.map", options->map ? options->map : ".", drop->kind) <
            (int)sizeof map;
    if (!is_short)
        return fault_set(fault, EXIT_USAGE, "the name of %s is too long", drop->name);
    own.kind = drop->kind;
    own.result = result;
    own.map = options->map && access(map, R_OK) == 0 ? map : NULL;
    char *files[] = {path};
    bool is_done = command_push(&own, files, 1, fault);
    if (!is_done && fault->status == EXIT_USAGE)
        return put_aside(options, drop, path, fault); /* no such file may stop the others */
    if (is_done && fault->status == EXIT_ROWS)
        fault->status = EXIT_FINE;
    return is_done && answer_trade_write(path, result, answer, fault) &&
           office_turn(result, fault) && answer_write(path, answer, fault) &&
           (rename(path, done) == 0 ||
            fault_set(fault, EXIT_DISK, "cannot put %s away: %s", drop->name, strerror(errno)));
}

/** Fetch tasks, appointments and calls, and write them as 1C reads them. */
static bool bring_out(const options_t *options, fault_t *fault)
{
    static const office_column_t tasks[] = {{"Задача", "id"},
                                            {"Вид", "kind"},
                                            {"Содержание", "title"},
                                            {"Срок", "due_at"},
                                            {"Сотрудник", "seat_name"},
                                            {"КодКлиента", "external_id"},
                                            {NULL, NULL}};
    static const office_column_t calls[] = {{"Кампания", "campaign"},
                                            {"Звонок", "call_id"},
                                            {"Клиент", "name"},
                                            {"КодКлиента", "external_id"},
                                            {"Попыток", "attempts"},
                                            {"Следующий", "next_at"},
                                            {NULL, NULL}};
    static const struct {
        const char *from, *to, *kind;
        const office_column_t *columns;
    } lists[] = {{"tasks.jsonl", "tasks.csv", NULL, tasks},
                 {"tasks.jsonl", "appointments.csv", "visit", tasks},
                 {"calls.jsonl", "calls.csv", NULL, calls}};
    char from[HOME_PATH_BYTES], to[HOME_PATH_BYTES];
    if (!command_pull(options, fault))
        return false;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        snprintf(from, sizeof from, "%s/%s", options->out, lists[i].from);
        snprintf(to, sizeof to, "%s/%s", options->out, lists[i].to);
        if (!office_write(from, to, lists[i].columns, lists[i].kind, fault))
            return false;
    }
    return true;
}

static bool make_folder(const char *dir, const char *name, fault_t *fault)
{
    char path[HOME_PATH_BYTES];
    if (snprintf(path, sizeof path, "%s/%s", dir, name) < (int)sizeof path &&
        (mkdir(path, 0700) == 0 || errno == EEXIST))
        return true;
    return fault_set(fault, EXIT_USAGE, "cannot make %s/%s: %s", dir, name, strerror(errno));
}

bool command_exchange(const options_t *options, fault_t *fault)
{
    if (!options->in || !options->out)
        return fault_set(fault, EXIT_USAGE, "exchange needs --in DIR and --out DIR");
    if (!make_folder(options->in, "done", fault) || !make_folder(options->in, "failed", fault) ||
        !make_folder(options->out, "", fault))
        return false;
    drop_t *drops = calloc(FILES_MAX, sizeof *drops);
    bool is_done = drops || fault_set(fault, EXIT_DISK, "out of memory");
    do {
        fault->status = EXIT_FINE;
        int count = is_done ? find_drops(options->in, drops, fault) : -1;
        is_done = count >= 0;
        for (int i = 0; is_done && i < count && !options->is_stopping(); i++)
            is_done = take_drop(options, &drops[i], fault);
        is_done = is_done && bring_out(options, fault);
        /* a server that is away is met again in the next round */
        bool is_away = !is_done && fault->status == EXIT_AWAY && options->every_s > 0;
        is_done = is_done || is_away;
        for (long s = 0; is_done && s < options->every_s && !options->is_stopping(); s++)
            sleep(1);
    } while (is_done && options->every_s > 0 && !options->is_stopping());
    free(drops);
    return is_done;
}
