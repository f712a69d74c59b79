/* SPDX-License-Identifier: Apache-2.0
 * Token buckets in sets of eight. */
#include "api/limit.h"

#include "base/check.h"
#include "base/mem.h"

enum { WAYS = 8 };

typedef struct {
    uint64_t hash;
    int64_t tokens_us; /* saved-up time: per_second tokens are worth a second */
    int64_t seen_us;
} bucket_t;

struct limit {
    uint64_t seed[2];
    unsigned mask; /* sets - 1 */
    bucket_t *buckets;
};

limit_t *limit_new(unsigned slots, const unsigned char seed[16])
{
    CHECK(slots >= WAYS && (slots & (slots - 1)) == 0);
    limit_t *limit = MEM_NEW(limit_t);
    memcpy(limit->seed, seed, 16);
    limit->mask = slots / WAYS - 1;
    limit->buckets = MEM_ARRAY(bucket_t, slots);
    return limit;
}

void limit_free(limit_t *limit)
{
    if (!limit)
        return;
    mem_free(limit->buckets);
    mem_free(limit);
}

static uint64_t rotate(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

/* SipHash-1-3 over kind and key: keyed, so nobody can aim at another's set. */
static uint64_t hash(const limit_t *limit, char kind, str_t key)
{
    uint64_t v[4] = {limit->seed[0] ^ 0x736f6d6570736575u, limit->seed[1] ^ 0x646f72616e646f6du,
                     limit->seed[0] ^ 0x6c7967656e657261u, limit->seed[1] ^ 0x7465646279746573u};
    size_t blocks = key.len / 8 + 1;
    for (size_t b = 0; b < blocks + 3; b++) {
        uint64_t m = 0;
        if (b < blocks) {
            size_t rest = key.len - b * 8;
            memcpy(&m, key.ptr + b * 8, rest < 8 ? rest : 8);
            if (b == blocks - 1)
                m |= (uint64_t)(unsigned char)kind << 56 ^ (uint64_t)key.len << 48;
        } else if (b == blocks) {
            v[2] ^= 0xff;
        }
        v[3] ^= m;
        v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
        v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
        v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
        v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
        v[0] ^= m;
    }
    return (v[0] ^ v[1] ^ v[2] ^ v[3]) | 1; /* 0 marks an empty slot */
}

int limit_take(limit_t *limit, char kind, str_t key, int64_t per_second, int64_t burst,
               int64_t now_us)
{
    if (per_second <= 0)
        return 0;
    uint64_t h = hash(limit, kind, key);
    bucket_t *set = &limit->buckets[(h >> 8 & limit->mask) * WAYS], *bucket = &set[0];
    int64_t full_us = burst * 1000000 / per_second, cost_us = 1000000 / per_second;
    for (unsigned i = 0; i < WAYS; i++) {
        if (set[i].hash == h) {
            bucket = &set[i];
            break;
        }
        if (set[i].seen_us < bucket->seen_us)
            bucket = &set[i];
    }
    if (bucket->hash != h)
        *bucket = (bucket_t){h, full_us, now_us};
    bucket->tokens_us += now_us - bucket->seen_us;
    bucket->seen_us = now_us;
    if (bucket->tokens_us > full_us)
        bucket->tokens_us = full_us;
    if (bucket->tokens_us < cost_us)
        return (int)((cost_us - bucket->tokens_us) / 1000000) + 1;
    bucket->tokens_us -= cost_us;
    return 0;
}
