/* SPDX-License-Identifier: Apache-2.0
 * Where the shared data lies: $CLIENTELE_TEST_DATA, else ../shared/data beside the checkout. */
#include "data.h"

#include <stdio.h>
#include <stdlib.h>

static str_t path_of(arena_t *arena, const char *name)
{
    const char *folder = getenv("CLIENTELE_TEST_DATA");
    return folder ? arena_printf(arena, "%s/%s", folder, name)
                  : arena_printf(arena, "%s/../shared/data/%s", CLIENTELE_SOURCE_DIR, name);
}

str_t data_read_path(arena_t *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return (str_t){NULL, 0};
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = arena_alloc(arena, (size_t)size + 1);
    size_t got = fread(bytes, 1, (size_t)size, file);
    fclose(file);
    bytes[got] = 0;
    return str_n(bytes, got);
}

str_t data_read(arena_t *arena, const char *name)
{
    str_t bytes = data_read_path(arena, path_of(arena, name).ptr);
    if (!bytes.ptr)
        printf("skipped: no data %s\n", name);
    return bytes;
}

const char *data_unpack(arena_t *arena, const char *name)
{
    char folder[] = "/tmp/clientele-data-XXXXXX";
    if (!mkdtemp(folder))
        return NULL;
    str_t command =
        arena_printf(arena, "tar -xzf '%s' -C %s 2>/dev/null", path_of(arena, name).ptr, folder);
    if (system(command.ptr) == 0)
        return arena_copy(arena, str_of(folder)).ptr;
    printf("skipped: no data %s\n", name);
    data_remove(folder);
    return NULL;
}

void data_remove(const char *folder)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        printf("%s stays\n", folder);
}
