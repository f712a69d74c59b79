/* SPDX-License-Identifier: Apache-2.0
 * Binary scalars of PostgreSQL to text. The forms equal those of its own to_json. */
#include "api/scalar.h"

#include <math.h>
#include <stdio.h>

uint64_t scalar_big_endian(const char *ptr, size_t len)
{
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++)
        value = value << 8 | (unsigned char)ptr[i];
    return value;
}

int32_t scalar_int32(const char *ptr)
{
    return (int32_t)(uint32_t)scalar_big_endian(ptr, 4);
}

static char *put_digits(char *out, unsigned value, unsigned width)
{
    for (unsigned i = width; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + width;
}

/* Days since 2000-01-01 to YYYY-MM-DD. source: Howard Hinnant, days_from_civil, the inverse */
static char *put_date(char *out, int64_t days)
{
    int64_t z = days + 10957 + 719468; /* 1970 is 10957 days before 2000 */
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    unsigned day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
    int64_t year = (int64_t)yoe + era * 400 + (month <= 2);
    out = put_digits(out, (unsigned)(year < 0 ? 0 : year > 9999 ? 9999 : year), 4);
    *out++ = '-';
    out = put_digits(out, month, 2);
    *out++ = '-';
    return put_digits(out, day, 2);
}

bool scalar_date(buf_t *out, str_t value)
{
    char text[16];
    if (value.len != 4)
        return false;
    int32_t days = scalar_int32(value.ptr);
    if (days == INT32_MAX || days == INT32_MIN)
        return BUF_ADD(out, "infinity");
    return buf_add(out, text, (size_t)(put_date(text, days) - text));
}

bool scalar_time(buf_t *out, str_t value)
{
    char text[48], *end = text;
    if (value.len != 8)
        return false;
    int64_t us = (int64_t)scalar_big_endian(value.ptr, 8);
    if (us == INT64_MAX || us == INT64_MIN)
        return BUF_ADD(out, "infinity");
    int64_t day_us = 86400000000, days = us / day_us, rest = us % day_us;
    if (rest < 0) {
        rest += day_us;
        days--;
    }
    unsigned seconds = (unsigned)(rest / 1000000), fraction = (unsigned)(rest % 1000000);
    end = put_date(end, days);
    *end++ = 'T';
    end = put_digits(end, seconds / 3600, 2);
    *end++ = ':';
    end = put_digits(end, seconds / 60 % 60, 2);
    *end++ = ':';
    end = put_digits(end, seconds % 60, 2);
    if (fraction) {
        *end++ = '.';
        end = put_digits(end, fraction, 6);
        while (end[-1] == '0')
            end--;
    }
    memcpy(end, "+00:00", 6);
    return buf_add(out, text, (size_t)(end + 6 - text));
}

bool scalar_uuid(buf_t *out, str_t value)
{
    static const char hex[] = "0123456789abcdef";
    char text[36];
    if (value.len != 16)
        return false;
    for (unsigned i = 0, at = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[at++] = '-';
        text[at++] = hex[(unsigned char)value.ptr[i] >> 4];
        text[at++] = hex[value.ptr[i] & 15];
    }
    return buf_add(out, text, sizeof text);
}

/* The shortest text that reads back as the same double; null for what JSON has no word for. */
bool scalar_double(buf_t *out, str_t value)
{
    if (value.len != 8)
        return false;
    uint64_t bits = scalar_big_endian(value.ptr, 8);
    double number;
    memcpy(&number, &bits, 8);
    if (!isfinite(number))
        return BUF_ADD(out, "null");
    char text[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*g", precision, number);
        double back = 0;
        if (sscanf(text, "%lf", &back) == 1 && memcmp(&back, &number, 8) == 0)
            break;
    }
    return buf_add_str(out, str_of(text));
}

/* numeric: groups of four decimal digits. source: numeric_send in PostgreSQL 15 */
bool scalar_numeric(buf_t *out, str_t value)
{
    if (value.len < 8)
        return false;
    int groups = (int)scalar_big_endian(value.ptr, 2),
        scale = (int)scalar_big_endian(value.ptr + 6, 2);
    int weight = (int16_t)scalar_big_endian(value.ptr + 2, 2);
    unsigned sign = (unsigned)scalar_big_endian(value.ptr + 4, 2);
    if (sign == 0xC000 || sign == 0xD000 || sign == 0xF000)
        return BUF_ADD(out, "null");
    if (value.len != 8 + 2 * (size_t)groups || scale > 1000 || weight > 100)
        return false;
    if (sign == 0x4000)
        buf_add_c(out, '-');
    if (weight < 0)
        buf_add_c(out, '0');
    for (int i = 0; i <= weight; i++) {
        char text[4];
        unsigned group = i < groups ? (unsigned)scalar_big_endian(value.ptr + 8 + 2 * i, 2) : 0;
        put_digits(text, group, 4);
        size_t skip = 0;
        while (i == 0 && skip < 3 && text[skip] == '0')
            skip++;
        buf_add(out, text + skip, 4 - skip);
    }
    if (scale > 0)
        buf_add_c(out, '.');
    for (int i = 0; i < scale; i++) {
        int place = weight + 1 + i / 4;
        char text[4];
        unsigned group = place >= 0 && place < groups
                             ? (unsigned)scalar_big_endian(value.ptr + 8 + 2 * place, 2)
                             : 0;
        put_digits(text, group, 4);
        buf_add_c(out, text[i % 4]);
    }
    return !out->is_full;
}

/* inet: family, bits, is_cidr, length, address. Only the address is shown, without a host mask. */
bool scalar_inet(buf_t *out, str_t value)
{
    if (value.len < 4)
        return false;
    const unsigned char *at = (const unsigned char *)value.ptr + 4;
    unsigned bits = (unsigned char)value.ptr[1];
    if (value.ptr[3] == 4 && value.len == 8)
        return buf_addf(out, "%u.%u.%u.%u", at[0], at[1], at[2], at[3]) &&
               (bits == 32 || buf_addf(out, "/%u", bits));
    if (value.ptr[3] != 16 || value.len != 20)
        return false;
    for (unsigned i = 0; i < 8; i++)
        buf_addf(out, "%s%x", i ? ":" : "", (unsigned)at[2 * i] << 8 | at[2 * i + 1]);
    return bits == 128 || buf_addf(out, "/%u", bits);
}

bool scalar_integer(buf_t *out, str_t value)
{
    if (value.len == 8)
        return buf_add_i64(out, (int64_t)scalar_big_endian(value.ptr, 8));
    if (value.len == 4)
        return buf_add_i64(out, scalar_int32(value.ptr));
    if (value.len == 2)
        return buf_add_i64(out, (int16_t)scalar_big_endian(value.ptr, 2));
    return false;
}
