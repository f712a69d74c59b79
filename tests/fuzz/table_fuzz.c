/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a file of rows of any form: archives, XML, JSON lines, text. Opening and reading
 * must end, stay inside their bounds, and give lines that only grow. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "intake/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];

static void remove_path(void)
{
    (void)unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    const char *flaw = NULL;
    table_row_t row;
    int line = -1;
    if (fd < 0) {
        (void)snprintf(path, sizeof path, "/dev/shm/table_fuzz_%d", (int)getpid());
        fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
        (void)atexit(remove_path);
    }
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size) {
        abort();
    }
    table_t *table = table_open(path, NULL, &flaw);
    if ((table == NULL) != (flaw != NULL)) {
        abort();
    }
    for (int rows = 0; table != NULL && rows < 10000 && table_next(table, &row); rows++) {
        if (row.line < line || row.count > TABLE_CELLS_MAX) {
            abort();
        }
        line = row.line;
        for (unsigned i = 0; i < row.count; i++) {
            if (row.cells[i].len > TABLE_CELL_BYTES || !str_is_utf8(row.cells[i])) {
                abort();
            }
        }
    }
    table_close(table);
    return 0;
}
