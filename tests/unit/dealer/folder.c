/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int folder_make(void **state)
{
    char name[] = "/tmp/dealer-test-XXXXXX";
    *state = strdup(mkdtemp(name));
    return 0;
}

int folder_remove(void **state)
{
    char path[1024];
    const struct dirent *entry;
    DIR *dir = opendir(*state);
    while (dir && (entry = readdir(dir))) {
        snprintf(path, sizeof path, "%s/%s", (char *)*state, entry->d_name);
        unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(*state);
    free(*state);
    return 0;
}

const char *folder_path(void **state, const char *name)
{
    static char paths[4][1024];
    static int turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", (char *)*state, name);
    return path;
}

void folder_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}
