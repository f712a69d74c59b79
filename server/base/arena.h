/* SPDX-License-Identifier: Apache-2.0
 * Memory of one lifetime: bump allocation, foreign objects tied to its end, one reset.
 *
 * An arena belongs to one thread. Nothing is freed singly; arena_reset runs the clean-ups in
 * reverse order and keeps the first block for the next use, arena_free gives everything back. Sizes
 * that a peer chooses go through arena_try, which knows the maximum and may refuse; arena_alloc is
 * for sizes bounded by the program and ends the process when memory is out. */
#ifndef CLIENTELE_BASE_ARENA_H
#define CLIENTELE_BASE_ARENA_H

#include "base/str.h"

typedef struct arena arena_t;

/** Make an arena. in: max_bytes - ceiling for arena_try (> 0). out: never NULL (ends the process
 * instead). */
arena_t *arena_new(size_t max_bytes);

/** Allocate len bytes aligned to 16, not cleared. out: never NULL. */
void *arena_alloc(arena_t *arena, size_t len);

/** Allocate len bytes set to zero. out: never NULL. */
void *arena_zero(arena_t *arena, size_t len);

/** Allocate len bytes unless the arena would pass its maximum. out: NULL when refused. */
MUST_CHECK void *arena_try(arena_t *arena, size_t len);

/** Copy a slice, adding a NUL after it (not counted). out: never NULL ptr. */
str_t arena_copy(arena_t *arena, str_t text);

/** Format into the arena; NUL-terminated. */
__attribute__((format(printf, 2, 3))) str_t arena_printf(arena_t *arena, const char *format, ...);

/** Give a foreign object to the arena: destroy(object) runs at reset or free, last given first.
 *  Write it at the line that creates the object. out: object, so that it can wrap the creation. */
void *arena_own(arena_t *arena, void *object, void (*destroy)(void *object));

/** Wipe these bytes when the arena ends (secrets). */
void arena_own_secret(arena_t *arena, void *bytes, size_t len);

/** Bytes handed out since the last reset. */
size_t arena_used(const arena_t *arena);

/** Run the clean-ups and forget all allocations; keep one block. */
void arena_reset(arena_t *arena);

/** Run the clean-ups and free the arena; NULL is accepted. */
void arena_free(arena_t *arena);

#define ARENA_NEW(arena, type)          ((type *)arena_zero((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_zero((arena), sizeof(type) * (count)))

#endif
