/* SPDX-License-Identifier: Apache-2.0
 * The values of one field: each distinct one once, with how often it occurs. */
#include "link/own.h"

#include "base/mem.h"

uint32_t field_hash(const char *bytes, size_t count, uint32_t seed)
{
    uint64_t h = 0xcbf29ce484222325u ^ seed;
    for (size_t i = 0; i < count; i++) {
        h = (h ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    }
    h ^= h >> 29;
    h *= 0x9e3779b97f4a7c15u;
    uint32_t hash = (uint32_t)(h >> 32);
    return hash != 0 ? hash : 1;
}

/* Make the hash table anew with room for all values. */
static void spread(field_t *field)
{
    uint32_t count = 1024;
    while (count < field->value_cap) {
        count *= 2;
    }
    mem_free(field->chains);
    field->chains = MEM_ARRAY(uint32_t, count);
    field->chain_count = count;
    for (uint32_t i = 1; i < field->value_count; i++) {
        value_t *value = &field->values[i];
        uint32_t at = field_hash(field->text + value->at, value->bytes, 0) & (count - 1);
        value->next = field->chains[at];
        field->chains[at] = i;
    }
}

static void grow(field_t *field, size_t bytes)
{
    if (field->value_count == field->value_cap) {
        field->value_cap = field->value_cap == 0 ? 1024 : field->value_cap * 2;
        field->values = mem_resize(field->values, sizeof(value_t) * field->value_cap);
        if (field->value_count == 0) {
            field->values[field->value_count++] = (value_t){.at = 0};
        }
        spread(field);
    }
    if (field->text_used + bytes > field->text_cap) {
        field->text_cap = field->text_cap * 2 + 65536;
        field->text = mem_resize(field->text, field->text_cap);
    }
}

/* The id of a normalised value, VALUE_NONE when it is new. */
static uint32_t find(const field_t *field, const char *value, size_t bytes)
{
    uint32_t hash = field_hash(value, bytes, 0);
    for (uint32_t i = field->chains[hash & (field->chain_count - 1)]; i != 0;
         i = field->values[i].next) {
        const value_t *known = &field->values[i];
        if (known->bytes == bytes && memcmp(field->text + known->at, value, bytes) == 0) {
            return i;
        }
    }
    return VALUE_NONE;
}

/* The id of a normalised value, new or known. */
static uint32_t intern(field_t *field, const char *value, size_t bytes)
{
    uint32_t known = find(field, value, bytes);
    if (known != VALUE_NONE) {
        return known;
    }
    grow(field, bytes);
    uint32_t id = field->value_count++;
    uint32_t *chain = &field->chains[field_hash(value, bytes, 0) & (field->chain_count - 1)];
    value_t made = {.at = field->text_used, .bytes = (uint8_t)bytes, .next = *chain};
    aspect_make(field->kind, value, bytes, made.aspect);
    field->values[id] = made;
    *chain = id;
    memcpy(field->text + field->text_used, value, bytes);
    field->text_used += (uint32_t)bytes;
    return id;
}

/* Every number of a person counts as one that he has. */
static void count_parts(field_t *field, const char *value, size_t bytes)
{
    str_t rest = str_n(value, bytes);
    str_t part = {.ptr = NULL};
    while (str_split(&rest, ' ', &part)) {
        uint32_t id = intern(field, part.ptr, part.len);
        field->values[id].count++;
    }
}

uint32_t field_often(const field_t *field, const value_t *a, const value_t *b)
{
    uint32_t least = a->count;
    bool is_parted = memchr(field->text + a->at, ' ', a->bytes) != NULL ||
                     memchr(field->text + b->at, ' ', b->bytes) != NULL;
    if (field->kind != COMPARE_PHONE || !is_parted) {
        return least;
    }
    least = 0;
    str_t rest = str_n(field->text + a->at, a->bytes);
    str_t part = {.ptr = NULL};
    while (str_split(&rest, ' ', &part)) {
        bool is_shared = compare_values(field->kind, part.ptr, part.len, field->text + b->at,
                                        b->bytes) == LEVEL_SAME;
        const value_t *known = &field->values[find(field, part.ptr, part.len)];
        least = is_shared && (least == 0 || known->count < least) ? known->count : least;
    }
    return least == 0 ? a->count : least;
}

uint32_t field_add(field_t *field, str_t raw)
{
    char value[COMPARE_BYTES];
    if (field->value_count == 0) {
        grow(field, 0);
    }
    size_t bytes = raw.len == 0 ? 0 : compare_norm(field->kind, raw.ptr, raw.len, value);
    uint32_t id = bytes == 0 ? VALUE_NONE : intern(field, value, bytes);
    field->values[id].count++;
    field->known += id != VALUE_NONE;
    if (field->kind == COMPARE_PHONE && memchr(value, ' ', bytes) != NULL) {
        count_parts(field, value, bytes);
    }
    return id;
}

void field_free(field_t *field)
{
    mem_free(field->text);
    mem_free(field->values);
    mem_free(field->chains);
}
