/* SPDX-License-Identifier: Apache-2.0
 * Public data files for unit tests. See data.h. */
#include "data.h"

#include <stdlib.h>
#include <string.h>

FILE *data_open(const char *name)
{
    const char *folder = getenv("CLIENTELE_DATA");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s",
                   folder != NULL ? folder : CLIENTELE_SOURCE_DIR "/../shared/data", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        printf("# skipped: no %s\n", path);
    }
    return file;
}

int data_fields(char *line, char separator, char **fields, int cap)
{
    int count = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; count < cap; at++) {
        fields[count++] = at;
        at = strchr(at, separator);
        if (at == NULL) {
            break;
        }
        *at = '\0';
    }
    return count;
}
