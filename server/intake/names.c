/* SPDX-License-Identifier: Apache-2.0
 * Names of columns. See names.h. */
#include "intake/names.h"

#include "base/arena.h"
#include "base/mem.h"

enum { SLOTS = 2048 };

struct names {
    arena_t *arena;
    unsigned count;
    str_t all[NAMES_MAX];
    uint16_t slots[SLOTS]; /* number + 1 */
};

names_t *names_new(void)
{
    names_t *names = MEM_NEW(names_t);
    names->arena = arena_new(1 << 20);
    return names;
}

void names_free(names_t *names)
{
    if (names != NULL) {
        arena_free(names->arena);
        mem_free(names);
    }
}

static uint32_t hash_of(str_t name)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.len; i++) {
        hash = (hash ^ (unsigned char)name.ptr[i]) * 16777619u;
    }
    return hash;
}

unsigned names_find(names_t *names, str_t name, bool is_new_fine)
{
    uint32_t slot = hash_of(name) % SLOTS;
    while (names->slots[slot] != 0) {
        unsigned number = names->slots[slot] - 1u;
        if (str_eq(names->all[number], name)) {
            return number;
        }
        slot = (slot + 1) % SLOTS;
    }
    if (!is_new_fine || names->count == NAMES_MAX || name.len == 0 || name.len > NAME_BYTES) {
        return NAMES_MAX;
    }
    names->all[names->count] = arena_copy(names->arena, name);
    names->slots[slot] = (uint16_t)(names->count + 1);
    return names->count++;
}

const str_t *names_all(const names_t *names, unsigned *count)
{
    *count = names->count;
    return names->all;
}
