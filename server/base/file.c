/* SPDX-License-Identifier: Apache-2.0
 * Whole files at start. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP_BYTES (64 * 1024)

bool file_read(const char *path, buf_t *into)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    struct stat info;
    bool is_good = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    while (is_good) {
        size_t room = into->max - into->len;
        char probe;
        char *to = room > 0 ? buf_reserve(into, room < STEP_BYTES ? room : STEP_BYTES) : &probe;
        ssize_t n = read(fd, to, room == 0 ? 1 : room < STEP_BYTES ? room : STEP_BYTES);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n == 0) {
            break;
        }
        is_good = n > 0 && room > 0; /* room == 0 and a byte came: too large */
        into->len += is_good ? (size_t)n : 0;
    }
    (void)close(fd);
    return is_good;
}

bool file_is_private(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && (info.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}
