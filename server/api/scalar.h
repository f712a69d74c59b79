/* SPDX-License-Identifier: Apache-2.0
 * Binary scalars of PostgreSQL written as text, without quotes. Each writer returns false when the
 * bytes are not a value of its type, or the buffer is full; then nothing of the reply may be sent.
 */
#ifndef CLIENTELE_API_SCALAR_H
#define CLIENTELE_API_SCALAR_H

#include "base/str.h"

/** Read len bytes (at most 8), most significant first. */
uint64_t scalar_big_endian(const char *ptr, size_t len);
/** Read four bytes as a signed number. */
int32_t scalar_int32(const char *ptr);

/** int2, int4 or int8, by length. */
bool scalar_integer(buf_t *out, str_t value);
/** The shortest text that reads back as the same double; null for what JSON has no word for. */
bool scalar_double(buf_t *out, str_t value);
/** All digits of a numeric; null for NaN and infinities. */
bool scalar_numeric(buf_t *out, str_t value);
/** Canonical form of a UUID. */
bool scalar_uuid(buf_t *out, str_t value);
/** YYYY-MM-DD. */
bool scalar_date(buf_t *out, str_t value);
/** RFC 3339 in UTC, microseconds without trailing zeros. */
bool scalar_time(buf_t *out, str_t value);
/** An address, with its mask when it is a network. */
bool scalar_inet(buf_t *out, str_t value);

#endif
