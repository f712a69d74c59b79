/* SPDX-License-Identifier: Apache-2.0
 * The demo mailbox: what the local gateway delivered into demo_mail_dir, for the administrator of a
 * demonstration. Without that setting the addresses do not exist. */
#include "api/native.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/mailbox.h"
#include "api/reply.h"
#include "base/mem.h"

enum { LIST_MAX = 100, SCAN_MAX = 200000, NAME_BYTES = 200, HEAD_BYTES = 16 * 1024 };

typedef struct {
    char name[NAME_BYTES];
    int64_t at_us;
} entry_t;

typedef struct {
    work_t work;
    char folder[4096];
    char name[NAME_BYTES]; /* "" lists */
    buf_t json;            /* the answer; empty: not found */
} box_t;

static bool is_name(str_t name)
{
    if (name.len == 0 || name.len >= NAME_BYTES || name.ptr[0] == '.')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              c == '.' || c == '-' || c == '_' || c == ':'))
            return false;
    }
    return true;
}

static void add(buf_t *out, const char *name, str_t value)
{
    buf_addf(out, ",\"%s\":\"", name);
    if (str_is_utf8(value))
        buf_add_json(out, value);
    buf_add_c(out, '"');
}

static void add_time(buf_t *out, int64_t at_us)
{
    time_t at_s = (time_t)(at_us / 1000000);
    struct tm parts;
    char text[40];
    gmtime_r(&at_s, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+00:00", &parts);
    add(out, "received_at", str_of(text));
}

/* out: bytes read, -1 when the file is not there */
static ssize_t read_mail(const box_t *box, const char *name, char *bytes, size_t max,
                         int64_t *at_us)
{
    char path[4096 + NAME_BYTES + 2];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", box->folder, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return -1;
    ssize_t got = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? read(fd, bytes, max) : -1;
    *at_us = (int64_t)status.st_mtim.tv_sec * 1000000;
    close(fd);
    return got;
}

static void add_mail(buf_t *out, const char *name, const mail_t *mail, int64_t at_us)
{
    buf_addf(out, "{\"id\":\"%s\"", name);
    add(out, "from", mail->from);
    add(out, "to", mail->to);
    add(out, "subject", mail->subject);
    add_time(out, at_us);
}

static int newest_first(const void *a, const void *b)
{
    const entry_t *left = a, *right = b;
    if (left->at_us != right->at_us)
        return left->at_us < right->at_us ? 1 : -1;
    return strcmp(right->name, left->name);
}

/* The newest LIST_MAX entries of the folder. */
static unsigned scan(const box_t *box, entry_t *entries)
{
    DIR *folder = opendir(box->folder);
    unsigned count = 0, seen = 0;
    if (!folder)
        return 0;
    for (struct dirent *file; (file = readdir(folder)) && seen < SCAN_MAX; seen++) {
        struct stat status;
        if (!is_name(str_of(file->d_name)) ||
            fstatat(dirfd(folder), file->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(status.st_mode))
            continue;
        entry_t entry = {.at_us = (int64_t)status.st_mtim.tv_sec * 1000000 +
                                  status.st_mtim.tv_nsec / 1000};
        snprintf(entry.name, sizeof entry.name, "%.*s", NAME_BYTES - 1, file->d_name);
        if (count == 2 * LIST_MAX) {
            qsort(entries, count, sizeof *entries, newest_first);
            count = LIST_MAX;
        }
        entries[count++] = entry;
    }
    closedir(folder);
    qsort(entries, count, sizeof *entries, newest_first);
    return count < LIST_MAX ? count : LIST_MAX;
}

static void run_list(work_t *work)
{
    box_t *box = (box_t *)work;
    entry_t *entries = MEM_ARRAY(entry_t, 2 * LIST_MAX);
    char *bytes = mem_new(HEAD_BYTES);
    arena_t *arena = arena_new((size_t)1 << 20);
    unsigned count = scan(box, entries);
    BUF_ADD(&box->json, "{\"items\":[");
    for (unsigned i = 0, shown = 0; i < count; i++) {
        int64_t at_us = 0;
        ssize_t got = read_mail(box, entries[i].name, bytes, HEAD_BYTES, &at_us);
        if (got < 0)
            continue;
        mail_t mail = mailbox_parse(arena, str_n(bytes, (size_t)got));
        if (shown++)
            buf_add_c(&box->json, ',');
        add_mail(&box->json, entries[i].name, &mail, at_us);
        buf_add_c(&box->json, '}');
        arena_reset(arena);
    }
    BUF_ADD(&box->json, "],\"next\":null,\"estimate\":null}");
    arena_free(arena);
    mem_free(bytes);
    mem_free(entries);
}

static void run_get(work_t *work)
{
    box_t *box = (box_t *)work;
    char *bytes = mem_new(MAILBOX_FILE_BYTES_MAX);
    arena_t *arena = arena_new((size_t)16 << 20);
    int64_t at_us = 0;
    ssize_t got = read_mail(box, box->name, bytes, MAILBOX_FILE_BYTES_MAX, &at_us);
    if (got >= 0) {
        mail_t mail = mailbox_parse(arena, str_n(bytes, (size_t)got));
        add_mail(&box->json, box->name, &mail, at_us);
        add(&box->json, "list_unsubscribe", mail.list_unsubscribe);
        add(&box->json, "text", mail.text);
        buf_add_c(&box->json, '}');
    }
    arena_free(arena);
    mem_free(bytes);
}

static void drop(work_t *work)
{
    buf_free(&((box_t *)work)->json);
}

enum { CHECK_ROLE, READ, ANSWER };

static step_t start(request_t *rq, void (*run)(work_t *work), str_t name)
{
    box_t *box = MEM_NEW(box_t);
    box->work.run = run;
    box->work.drop = drop;
    box->json = buf_make((size_t)4 << 20);
    snprintf(box->folder, sizeof box->folder, "%s", worker_config(rq->app->worker)->demo_mail_dir);
    snprintf(box->name, sizeof box->name, "%.*s", (int)name.len, name.ptr ? name.ptr : "");
    return request_work(rq, &box->work);
}

static step_t answer(request_t *rq)
{
    const box_t *box = (const box_t *)rq->work;
    if (box->json.len == 0 || box->json.is_full) {
        request_work_end(rq);
        return request_fail(rq, ERR_NOT_FOUND);
    }
    reply_json(rq, 200, buf_str(&box->json));
    request_work_end(rq);
    return STEP_DONE;
}

static step_t mail(request_t *rq, void (*run)(work_t *work), str_t name)
{
    switch (rq->stage++) {
    case CHECK_ROLE:
        if (!*worker_config(rq->app->worker)->demo_mail_dir)
            return request_fail(rq, ERR_NOT_FOUND);
        return request_call_bound(rq, 'r', rq->app->shared->sql.staff, db_params_new(rq->arena));
    case READ:
        return request_succeeded(rq) ? start(rq, run, name) : STEP_FAIL;
    default:
        return answer(rq);
    }
}

step_t native_demo_mail_list(request_t *rq)
{
    return mail(rq, run_list, (str_t){NULL, 0});
}

step_t native_demo_mail_get(request_t *rq)
{
    if (!is_name(rq->match.params[0]))
        return request_fail(rq, ERR_NOT_FOUND);
    return mail(rq, run_get, rq->match.params[0]);
}
