/* SPDX-License-Identifier: Apache-2.0
 * Byte classes as bit tables: one bit for each of the 128 ASCII codes. */
#include "http/token.h"

#include <stdint.h>

/* "!#$%&'*+-.^_`|~" digits letters */
static const uint64_t tchar[2] = {0x03ff6cfa00000000ULL, 0x57ffffffc7fffffeULL};
/* "!$%&'()*+,-.:;=[]_~" digits letters */
static const uint64_t host[2] = {0x2fff7ff200000000ULL, 0x47fffffeaffffffeULL};

static bool is_in(const uint64_t table[2], unsigned char c)
{
    return c < 128 && ((table[c >> 6] >> (c & 63)) & 1U) != 0;
}

bool token_is_char(unsigned char c)
{
    return is_in(tchar, c);
}

bool token_is_host(unsigned char c)
{
    return is_in(host, c);
}
