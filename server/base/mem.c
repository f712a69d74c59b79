/* SPDX-License-Identifier: Apache-2.0
 * malloc and free, in one place; out of memory ends the process, the supervisor starts it again. */
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *mem_or_die(void *ptr)
{
    if (!ptr) {
        (void)fputs("{\"event\":\"out_of_memory\",\"level\":\"error\"}\n", stderr);
        abort();
    }
    return ptr;
}

void *mem_new(size_t bytes)
{
    return mem_or_die(calloc(1, bytes ? bytes : 1));
}

void *mem_resize(void *ptr, size_t bytes)
{
    return mem_or_die(realloc(ptr, bytes ? bytes : 1));
}

char *mem_copy(const char *ptr, size_t len)
{
    char *copy = mem_or_die(malloc(len + 1));
    if (len > 0) {
        memcpy(copy, ptr, len);
    }
    copy[len] = '\0';
    return copy;
}

void mem_free(void *ptr)
{
    free(ptr);
}
