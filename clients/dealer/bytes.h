/* SPDX-License-Identifier: Apache-2.0
 * Numbers as the spool file writes them: little-endian. */
#ifndef CLIENTELE_DEALER_BYTES_H
#define CLIENTELE_DEALER_BYTES_H

#include <stdint.h>

/** Write four bytes. */
static inline void put_u32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

/** Write eight bytes. */
static inline void put_u64(unsigned char *to, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

/** Read four bytes. */
static inline uint32_t get_u32(const unsigned char *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

/** Read eight bytes. */
static inline uint64_t get_u64(const unsigned char *from)
{
    return (uint64_t)get_u32(from) | (uint64_t)get_u32(from + 4) << 32;
}

#endif
