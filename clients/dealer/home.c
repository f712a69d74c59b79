/* SPDX-License-Identifier: Apache-2.0 */
#include "home.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTINGS_MAX_BYTES 65536

void home_path(const home_t *home, const char *name, char *out)
{
    snprintf(out, HOME_PATH_BYTES, "%s/%s", home->dir, name);
}

bool home_sync_folder(const char *path)
{
    char copy[HOME_PATH_BYTES];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool is_done = fsync(fd) == 0;
    close(fd);
    return is_done;
}

bool file_read(const char *path, size_t max_bytes, buf_t *out, fault_t *fault)
{
    *out = buf_make(max_bytes);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, EXIT_USAGE, "cannot read %s: %s", path, strerror(errno));
    ssize_t got = 0;
    char *room = NULL;
    while ((room = buf_reserve(out, 4096)) && (got = read(fd, room, 4096)) > 0)
        out->len += (size_t)got;
    int problem = errno;
    close(fd);
    if (room && got == 0)
        return true;
    buf_free(out);
    return room ? fault_set(fault, EXIT_USAGE, "cannot read %s: %s", path, strerror(problem))
                : fault_set(fault, EXIT_USAGE, "%s is larger than %zu bytes", path, max_bytes);
}

/** Write all bytes. out: false with errno set. */
static bool write_all(int fd, str_t content)
{
    while (content.len > 0) {
        ssize_t put = write(fd, content.ptr, content.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        content = str_skip(content, (size_t)put);
    }
    return true;
}

bool home_replace(const home_t *home, const char *name, str_t content, unsigned mode,
                  fault_t *fault)
{
    char path[HOME_PATH_BYTES], fresh[HOME_PATH_BYTES + 8];
    home_path(home, name, path);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (fd < 0)
        return fault_set(fault, EXIT_DISK, "cannot write %s: %s", fresh, strerror(errno));
    bool is_done = fchmod(fd, (mode_t)mode) == 0 && write_all(fd, content) && fsync(fd) == 0;
    int problem = errno;
    close(fd);
    if (is_done && (rename(fresh, path) != 0 || !home_sync_folder(path))) {
        problem = errno;
        is_done = false;
    }
    if (is_done)
        return true;
    unlink(fresh);
    return fault_set(fault, EXIT_DISK, "cannot write %s: %s", path, strerror(problem));
}

/** Copy a member of the settings into a field of fixed size. */
static void take(const json_t *settings, const char *key, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(settings, key));
    snprintf(out, size, "%s", text ? text : "");
}

static bool read_settings(home_t *home, fault_t *fault)
{
    char path[HOME_PATH_BYTES];
    home_path(home, "settings.json", path);
    if (access(path, F_OK) != 0)
        return true;
    buf_t text;
    if (!file_read(path, SETTINGS_MAX_BYTES, &text, fault))
        return false;
    json_error_t where;
    json_t *settings = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &where);
    buf_free(&text);
    if (!json_is_object(settings)) {
        json_decref(settings);
        return fault_set(fault, EXIT_USAGE, "%s: line %d: %s", path, where.line, where.text);
    }
    take(settings, "server", home->server, sizeof home->server);
    take(settings, "exchange", home->exchange, sizeof home->exchange);
    take(settings, "dealer_id", home->dealer_id, sizeof home->dealer_id);
    take(settings, "dealer_name", home->dealer_name, sizeof home->dealer_name);
    json_decref(settings);
    return true;
}

static bool take_lock(home_t *home, fault_t *fault)
{
    char path[HOME_PATH_BYTES];
    home_path(home, "lock", path);
    home->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (home->lock_fd < 0)
        return fault_set(fault, EXIT_DISK, "cannot open %s: %s", path, strerror(errno));
    if (flock(home->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    home_close(home);
    return fault_set(fault, EXIT_USAGE, "%s is in use by another clientele-dealer", home->dir);
}

bool home_open(home_t *home, const char *dir, home_mode_t mode, fault_t *fault)
{
    memset(home, 0, sizeof *home);
    home->lock_fd = -1;
    if (strlen(dir) >= sizeof home->dir)
        return fault_set(fault, EXIT_USAGE, "the name of the data folder is too long");
    snprintf(home->dir, sizeof home->dir, "%s", dir);
    if (mode == HOME_CHANGE && mkdir(dir, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, EXIT_USAGE, "cannot make %s: %s", dir, strerror(errno));
    struct stat info;
    if (stat(dir, &info) != 0 || !S_ISDIR(info.st_mode))
        return fault_set(fault, EXIT_USAGE, "%s is not a folder", dir);
    if (mode == HOME_CHANGE && !take_lock(home, fault))
        return false;
    if (read_settings(home, fault))
        return true;
    home_close(home);
    return false;
}

bool home_is_enrolled(const home_t *home)
{
    char path[HOME_PATH_BYTES];
    home_path(home, "identity.pem", path);
    return home->exchange[0] != 0 && access(path, R_OK) == 0;
}

bool home_save(const home_t *home, fault_t *fault)
{
    json_t *settings =
        json_pack("{s:s, s:s, s:s, s:s}", "server", home->server, "exchange", home->exchange,
                  "dealer_id", home->dealer_id, "dealer_name", home->dealer_name);
    char *text = settings ? json_dumps(settings, JSON_INDENT(2)) : NULL;
    json_decref(settings);
    if (!text)
        return fault_set(fault, EXIT_USAGE, "the settings are not valid UTF-8");
    bool is_done = home_replace(home, "settings.json", str_of(text), 0600, fault);
    free(text);
    return is_done;
}

void home_close(home_t *home)
{
    if (home->lock_fd >= 0)
        close(home->lock_fd);
    home->lock_fd = -1;
}
