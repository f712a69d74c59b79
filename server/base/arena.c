/* SPDX-License-Identifier: Apache-2.0
 * Bump allocation in blocks; clean-ups are a list threaded through the arena itself. */
#include "base/arena.h"
#include "base/mem.h"

#include <assert.h>
#include <stdio.h>

#define BLOCK_BYTES 4096
#define ALIGN_BYTES 16

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#endif
#ifdef ARENA_POISON
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(ptr, len)   ((void)(ptr), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(ptr, len) ((void)(ptr), (void)(len))
#endif

typedef struct block {
    struct block *older;
    size_t cap;
    size_t used;
    size_t pad; /* keeps bytes aligned to 16 */
    unsigned char bytes[];
} block_t;

typedef struct cleanup {
    struct cleanup *older;
    void (*destroy)(void *object);
    void *object;
    size_t wipe_bytes; /* > 0: wipe instead of destroy */
} cleanup_t;

struct arena {
    block_t *newest; /* the oldest block is kept over a reset */
    cleanup_t *cleanups;
    size_t used;
    size_t max;
};

static block_t *block_new(size_t bytes, block_t *older)
{
    size_t cap = bytes > BLOCK_BYTES - sizeof(block_t) ? bytes : BLOCK_BYTES - sizeof(block_t);
    block_t *block = mem_resize(NULL, sizeof(block_t) + cap);
    block->older = older;
    block->cap = cap;
    block->used = 0;
    ASAN_POISON_MEMORY_REGION(block->bytes, cap);
    return block;
}

static void block_free(block_t *block)
{
    ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->cap);
    mem_free(block);
}

arena_t *arena_new(size_t max_bytes)
{
    assert(max_bytes > 0);
    arena_t *arena = MEM_NEW(arena_t);
    arena->max = max_bytes;
    return arena;
}

void *arena_alloc(arena_t *arena, size_t len)
{
    assert(len < SIZE_MAX / 2);
    size_t bytes = (len + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    block_t *block = arena->newest;
    if (!block || block->cap - block->used < bytes) {
        block = block_new(bytes, block);
        arena->newest = block;
    }
    void *ptr = block->bytes + block->used;
    ASAN_UNPOISON_MEMORY_REGION(ptr, len);
    block->used += bytes;
    arena->used += bytes;
    return ptr;
}

void *arena_zero(arena_t *arena, size_t len)
{
    return memset(arena_alloc(arena, len), 0, len);
}

void *arena_try(arena_t *arena, size_t len)
{
    if (arena->used > arena->max || len > arena->max - arena->used) {
        return NULL;
    }
    return arena_alloc(arena, len);
}

str_t arena_copy(arena_t *arena, str_t text)
{
    char *copy = arena_alloc(arena, text.len + 1);
    if (text.len > 0) {
        memcpy(copy, text.ptr, text.len);
    }
    copy[text.len] = '\0';
    return (str_t){copy, text.len};
}

str_t arena_printf(arena_t *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(len >= 0);
    char *text = arena_alloc(arena, (size_t)len + 1);
    va_start(args, format);
    (void)vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return (str_t){text, (size_t)len};
}

static void own(arena_t *arena, void *object, void (*destroy)(void *), size_t wipe_bytes)
{
    cleanup_t *cleanup = arena_alloc(arena, sizeof *cleanup);
    *cleanup = (cleanup_t){arena->cleanups, destroy, object, wipe_bytes};
    arena->cleanups = cleanup;
}

void *arena_own(arena_t *arena, void *object, void (*destroy)(void *object))
{
    if (object) {
        own(arena, object, destroy, 0);
    }
    return object;
}

void arena_own_secret(arena_t *arena, void *bytes, size_t len)
{
    if (len > 0) {
        own(arena, bytes, NULL, len);
    }
}

size_t arena_used(const arena_t *arena)
{
    return arena->used;
}

void arena_reset(arena_t *arena)
{
    for (cleanup_t *c = arena->cleanups; c; c = c->older) {
        if (c->wipe_bytes > 0) {
            str_wipe(c->object, c->wipe_bytes);
        } else {
            c->destroy(c->object);
        }
    }
    arena->cleanups = NULL;
    arena->used = 0;
    while (arena->newest && arena->newest->older) {
        block_t *block = arena->newest;
        arena->newest = block->older;
        block_free(block);
    }
    if (arena->newest && arena->newest->cap > BLOCK_BYTES) {
        block_free(arena->newest);
        arena->newest = NULL;
    } else if (arena->newest) {
        arena->newest->used = 0;
        ASAN_POISON_MEMORY_REGION(arena->newest->bytes, arena->newest->cap);
    }
}

void arena_free(arena_t *arena)
{
    if (!arena) {
        return;
    }
    arena_reset(arena);
    if (arena->newest) {
        block_free(arena->newest);
    }
    mem_free(arena);
}
