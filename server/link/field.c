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

/* The id of a normalised value, new or known. */
static uint32_t intern(field_t *field, const char *value, size_t bytes)
{
    uint32_t hash = field_hash(value, bytes, 0);
    for (uint32_t i = field->chains[hash & (field->chain_count - 1)]; i != 0;
         i = field->values[i].next) {
        const value_t *known = &field->values[i];
        if (known->bytes == bytes && memcmp(field->text + known->at, value, bytes) == 0) {
            return i;
        }
    }
    grow(field, bytes);
    uint32_t id = field->value_count++;
    uint32_t *chain = &field->chains[hash & (field->chain_count - 1)];
    value_t made = {.at = field->text_used, .bytes = (uint8_t)bytes, .next = *chain};
    aspect_make(field->kind, value, bytes, made.aspect);
    field->values[id] = made;
    *chain = id;
    memcpy(field->text + field->text_used, value, bytes);
    field->text_used += (uint32_t)bytes;
    return id;
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
    return id;
}

void field_free(field_t *field)
{
    mem_free(field->text);
    mem_free(field->values);
    mem_free(field->chains);
}
