/* SPDX-License-Identifier: Apache-2.0
 * The two clocks, with test overrides (relaxed atomics: set before threads, read anywhere). */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t offset_us;
static _Atomic int64_t fixed_mono_us = -1;
static _Atomic int64_t fixed_wall_us = -1;

static int64_t read_us(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_mono_us(void)
{
    int64_t fixed = atomic_load_explicit(&fixed_mono_us, memory_order_relaxed);
    return fixed >= 0 ? fixed : read_us(CLOCK_MONOTONIC);
}

int64_t clock_wall_us(void)
{
    int64_t fixed = atomic_load_explicit(&fixed_wall_us, memory_order_relaxed);
    int64_t offset = atomic_load_explicit(&offset_us, memory_order_relaxed);
    return (fixed >= 0 ? fixed : read_us(CLOCK_REALTIME)) + offset;
}

void clock_set_offset(int64_t offset_s)
{
    atomic_store_explicit(&offset_us, offset_s * 1000000, memory_order_relaxed);
}

void clock_fix_mono(int64_t mono_us)
{
    atomic_store_explicit(&fixed_mono_us, mono_us, memory_order_relaxed);
}

void clock_fix_wall(int64_t wall_us)
{
    atomic_store_explicit(&fixed_wall_us, wall_us, memory_order_relaxed);
}
