/* SPDX-License-Identifier: Apache-2.0
 * How alike two short strings are. See edit.h. */
#include "edit.h"

#include <stdint.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The next row of the table; two rows above are kept for swaps.
 * out: the smallest number in the row */
static unsigned next_row(unsigned char row[3][EDIT_BYTES_MAX + 1], size_t i, const char *a,
                         const char *b, size_t b_bytes)
{
    unsigned char *now = row[i % 3];
    const unsigned char *above = row[(i + 2) % 3];
    const unsigned char *twice = row[(i + 1) % 3];
    unsigned best = (unsigned)i;
    now[0] = (unsigned char)i;
    for (size_t j = 1; j <= b_bytes; j++) {
        unsigned cost = a[i - 1] != b[j - 1];
        unsigned value = above[j - 1] + cost;
        unsigned other = (above[j] < now[j - 1] ? above[j] : now[j - 1]) + 1u;
        value = other < value ? other : value;
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
            other = twice[j - 2] + 1u;
            value = other < value ? other : value;
        }
        now[j] = (unsigned char)value;
        best = value < best ? value : best;
    }
    return best;
}

unsigned edit_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes, unsigned limit)
{
    unsigned char row[3][EDIT_BYTES_MAX + 1];
    unsigned before = 0;
    a_bytes = least(a_bytes, EDIT_BYTES_MAX);
    b_bytes = least(b_bytes, EDIT_BYTES_MAX);
    while (a_bytes > 0 && b_bytes > 0 && a[a_bytes - 1] == b[b_bytes - 1]) {
        a_bytes--;
        b_bytes--;
    }
    while (a_bytes > 0 && b_bytes > 0 && *a == *b) {
        a++;
        b++;
        a_bytes--;
        b_bytes--;
    }
    size_t gap = a_bytes > b_bytes ? a_bytes - b_bytes : b_bytes - a_bytes;
    if (gap > limit) {
        return limit + 1;
    }
    for (size_t j = 0; j <= b_bytes; j++) {
        row[0][j] = (unsigned char)j;
    }
    for (size_t i = 1; i <= a_bytes; i++) {
        unsigned best = next_row(row, i, a, b, b_bytes);
        if (best > limit && before > limit) {
            return limit + 1; /* a swap reaches two rows back, no further */
        }
        before = best;
    }
    unsigned distance = row[a_bytes % 3][b_bytes];
    return distance > limit ? limit + 1 : distance;
}

/* Pair letters that are equal and near. out: how many; the bits say which */
static unsigned pair_letters(const char *a, size_t a_bytes, const char *b, size_t b_bytes,
                             uint64_t *a_bits, uint64_t *b_bits)
{
    size_t longer = a_bytes > b_bytes ? a_bytes : b_bytes;
    size_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
    unsigned common = 0;
    for (size_t i = 0; i < a_bytes; i++) {
        size_t from = i > reach ? i - reach : 0;
        size_t to = least(b_bytes, i + reach + 1);
        for (size_t j = from; j < to; j++) {
            if (a[i] == b[j] && (*b_bits >> j & 1u) == 0) {
                *a_bits |= (uint64_t)1 << i;
                *b_bits |= (uint64_t)1 << j;
                common++;
                break;
            }
        }
    }
    return common;
}

unsigned edit_winkler(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    uint64_t a_bits = 0;
    uint64_t b_bits = 0;
    a_bytes = least(a_bytes, EDIT_BYTES_MAX);
    b_bytes = least(b_bytes, EDIT_BYTES_MAX);
    unsigned common = pair_letters(a, a_bytes, b, b_bytes, &a_bits, &b_bits);
    if (common == 0) {
        return 0;
    }
    unsigned moved = 0;
    for (size_t i = 0, j = 0; i < a_bytes; i++) {
        if ((a_bits >> i & 1u) == 0) {
            continue;
        }
        while ((b_bits >> j & 1u) == 0) {
            j++;
        }
        moved += a[i] != b[j];
        j++;
    }
    uint64_t fit = common - moved / 2;
    uint64_t million = 1000000;
    uint64_t jaro =
        (million * common / a_bytes + million * common / b_bytes + million * fit / common) / 3;
    size_t first = 0;
    while (first < 4 && first < a_bytes && first < b_bytes && a[first] == b[first]) {
        first++;
    }
    return (unsigned)((jaro + first * (million - jaro) / 10 + 500) / 1000);
}
