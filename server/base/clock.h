/* SPDX-License-Identifier: Apache-2.0
 * Time through one seam: monotonic for deadlines, wall for people; replaceable in tests.
 *
 * Deadlines use clock_mono_us only. Business time is PostgreSQL's (core.now()); clock_wall_us
 * follows the same offset once clock_set_offset was told it. */
#ifndef CLIENTELE_BASE_CLOCK_H
#define CLIENTELE_BASE_CLOCK_H

#include <stdint.h>

/** Microseconds since an arbitrary start; never goes back. */
int64_t clock_mono_us(void);

/** Microseconds since 1970-01-01 UTC plus the offset. */
int64_t clock_wall_us(void);

/** Shift wall time by this many seconds (simulations; read from PostgreSQL at start). */
void clock_set_offset(int64_t offset_s);

/** Tests only: fix monotonic time at this value; a negative value returns to the system clock. */
void clock_fix_mono(int64_t mono_us);

/** Tests only: fix wall time (without offset); a negative value returns to the system clock. */
void clock_fix_wall(int64_t wall_us);

#endif
