/* SPDX-License-Identifier: Apache-2.0
 * The only callers of malloc and free: process-lifetime objects and the base containers.
 *
 * Other folders use these for objects of process or connection lifetime; anything of request
 * lifetime belongs in an arena. All end the process when memory is out: their sizes are the
 * program's own. */
#ifndef CLIENTELE_BASE_MEM_H
#define CLIENTELE_BASE_MEM_H

#include <stddef.h>

/** Allocate zeroed memory. out: never NULL; free with mem_free. */
void *mem_new(size_t bytes);

/** Resize, keeping the contents; new bytes are not cleared. out: never NULL. */
void *mem_resize(void *ptr, size_t bytes);

/** Copy len bytes and add a NUL. out: never NULL. */
char *mem_copy(const char *ptr, size_t len);

/** Free; NULL is accepted. */
void mem_free(void *ptr);

#define MEM_NEW(type)          ((type *)mem_new(sizeof(type)))
#define MEM_ARRAY(type, count) ((type *)mem_new(sizeof(type) * (count)))

#endif
