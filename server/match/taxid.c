/* SPDX-License-Identifier: Apache-2.0
 * Russian tax numbers as match keys. See taxid.h. */
#include "taxid.h"

#include "text.h"

/* Copy at most `cap` look-alike capitals and digits; spaces and dashes are dropped.
 * out: count, or cap + 1 when anything else is met or there are more. */
static size_t collect(const char *raw, size_t raw_bytes, char *out, size_t cap)
{
    text_t t = text_of(raw, raw_bytes);
    uint32_t scalar = 0;
    size_t count = 0;
    while (text_next(&t, &scalar)) {
        scalar = text_narrow(scalar);
        if (text_is_space(scalar) || text_is_dash(scalar) || text_is_invisible(scalar)) {
            continue;
        }
        char c = text_look_alike(scalar);
        if (c == 0 || count == cap) {
            return cap + 1;
        }
        out[count++] = c;
    }
    return count;
}

/* The check digit over the first digits with the given weights: sum mod 11 mod 10. */
static char check_digit(const char *digits, const unsigned char *weights, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (unsigned)(digits[i] - '0') * weights[i];
    }
    return (char)('0' + sum % 11 % 10);
}

static int inn_is_valid(const char *d, size_t count)
{
    /* One row of weights serves all three check digits: each uses its own tail. */
    static const unsigned char weights[] = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
    for (size_t i = 0; i < count; i++) {
        if (d[i] < '0' || d[i] > '9') {
            return 0;
        }
    }
    if (d[0] == '0' && d[1] == '0') {
        return 0; /* no region 00; also refuses all zeros, which satisfies the sums */
    }
    if (count == 10) {
        return d[9] == check_digit(d, weights + 2, 9);
    }
    return d[10] == check_digit(d, weights + 1, 10) && d[11] == check_digit(d, weights, 11);
}

size_t taxid_inn(const char *raw, size_t raw_bytes, char out[TAXID_INN_BYTES])
{
    size_t count = collect(raw, raw_bytes, out, TAXID_INN_BYTES - 1);
    if ((count != 10 && count != 12) || !inn_is_valid(out, count)) {
        count = 0;
    }
    out[count] = '\0';
    return count;
}

size_t taxid_kpp(const char *raw, size_t raw_bytes, char out[TAXID_KPP_BYTES])
{
    size_t count = collect(raw, raw_bytes, out, TAXID_KPP_BYTES - 1);
    int is_valid = count == 9;
    for (size_t i = 0; is_valid && i < 9; i++) {
        int is_digit = out[i] >= '0' && out[i] <= '9';
        is_valid = is_digit || i == 4 || i == 5;
    }
    count = is_valid && !(out[0] == '0' && out[1] == '0') ? 9 : 0;
    out[count] = '\0';
    return count;
}
