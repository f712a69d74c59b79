/* SPDX-License-Identifier: Apache-2.0
 * The data folder of one dealer's system: key, certificate, settings, spool, verdicts.
 *
 * One process at a time changes it (flock on the file `lock`); `status` reads without the lock.
 * Files are replaced by write, fsync, rename, so a kill leaves the old file or the new one. */
#ifndef CLIENTELE_DEALER_HOME_H
#define CLIENTELE_DEALER_HOME_H

#include "base/str.h"
#include "fault.h"

#define HOME_PATH_BYTES 1024

typedef struct {
    char dir[HOME_PATH_BYTES - 64];
    int lock_fd;        /* -1 when opened for reading only */
    char server[512];   /* https://host:8443 ; empty before enrolment */
    char exchange[512]; /* https://host:8444 */
    char dealer_id[64]; /* public id of the dealer */
    char dealer_name[256];
} home_t;

typedef enum { HOME_READ, HOME_CHANGE } home_mode_t;

/** Open the folder, making it (0700) when it is missing and mode is HOME_CHANGE, and read its
 * settings. errors: EXIT_USAGE - not a folder, locked by another process, settings unreadable */
MUST_CHECK bool home_open(home_t *home, const char *dir, home_mode_t mode, fault_t *fault);

/** Tell whether enrolment has been done. */
bool home_is_enrolled(const home_t *home);

/** Write settings.json. errors: EXIT_DISK */
MUST_CHECK bool home_save(const home_t *home, fault_t *fault);

/** Give the path of a file of the folder in out (HOME_PATH_BYTES). */
void home_path(const home_t *home, const char *name, char *out);

/** Replace a file of the folder durably. in: mode - permission bits. errors: EXIT_DISK */
MUST_CHECK bool home_replace(const home_t *home, const char *name, str_t content, unsigned mode,
                             fault_t *fault);

/** Release the lock. */
void home_close(home_t *home);

/** Make the names in the folder of path durable (fsync of the directory). out: false with errno set
 */
bool home_sync_folder(const char *path);

/** Read a whole file. in: max_bytes. out: buffer to buf_free. errors: EXIT_USAGE with the file's
 * name */
MUST_CHECK bool file_read(const char *path, size_t max_bytes, buf_t *out, fault_t *fault);

#endif
